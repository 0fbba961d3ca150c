"""Attacks that have a name, as far as no test of the attacked part has them (``tests/bench/README.md`` lists all)."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram.parsing import parse
from bot.channels.telegram.received import Received, read_update
from bot.channels.web import Timing
from bot.domain.model import Dossier
from tests.abuse.beings import Being
from tests.abuse.bombs import BOMBS, NO_PICTURES
from tests.abuse.crowd import Crowd
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Visits
from tests.channels.web.pictures import png
from tests.channels.web.world import WebWorld, channel
from tests.harness import Message, World


def on_disk(folder: Path) -> list[str]:
    return [path.name for path in (folder / "evidence").rglob("*") if path.is_file() and path.name != ".jieru"]


# --- somebody else's case --------------------------------------------------------------------------------------------


async def with_work(folder: Path) -> tuple[World, Dossier]:
    """Li has a case with reminders and a download under way; what is returned knows all the numbers of it."""
    world = await World.open(folder)
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.say("刚刚")
    await world.photo("one")
    dossier = await world.dossier()
    assert dossier.reminders
    assert dossier.jobs
    return world, dossier


async def test_a_guessed_number_of_a_reminder_of_work_or_of_a_case_leads_nowhere(tmp_path: Path) -> None:
    world, before = await with_work(tmp_path)
    world.person = "telegram:666"
    await world.say("/start")
    guesses = [f"j{job.id}.stop" for job in before.jobs]
    verbs = ("stop", "words", "done", "snooze", "card", "mute", "refunded")
    guesses += [f"r{row.id}.{verb}" for row in before.reminders for verb in verbs]
    places = ("card:1", "proof:1", "history:1", "words:1:service", "words:1:merchant", "delete:1", "results:1:all:0")
    guesses += [f"{head}.{place}" for head in ("s0", "s1", "s2", "k1") for place in places]
    for guess in guesses:
        shown = await world.press_data(guess)
        assert "草莓坏果" not in shown.text
    for case in before.cases:
        assert "草莓坏果" not in (await world.say(f"/start c_{case.id}")).text
        assert "草莓坏果" not in (await world.say(f"/start c_{case.number}")).text
    world.person = "telegram:42"
    assert await world.dossier() == before
    await world.close()


async def test_nobody_stops_the_reminders_of_others(tmp_path: Path) -> None:
    world, before = await with_work(tmp_path)
    world.person = "telegram:666"
    for row in before.reminders:
        await world.press_data(f"r{row.id}.stop")
    world.person = "telegram:42"
    reminders = [each for each in await world.later(days=3) if each.reminder]
    assert reminders
    await world.close()


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*BOMBS, *NO_PICTURES])
async def test_what_is_made_to_hurt_is_refused_with_a_sentence(world: WebWorld, name: str) -> None:
    content = {**BOMBS, **NO_PICTURES}[name]()
    response = await world.browser.upload(content, "图.png")
    assert response.status == 200
    rows = [each["row"] for each in await world.browser.rows()]
    assert "我没存" in str(rows[-1]["screen"]["text"])
    assert "href" not in rows[0]["file"]
    assert on_disk(world.folder) == []


@pytest.mark.parametrize("name", ["a hundred thousand wide", "docx", "svg"])
async def test_on_telegram_it_is_refused_as_well(tmp_path: Path, name: str) -> None:
    world = await World.open(tmp_path)
    world.chat.uploads["bomb"] = {**BOMBS, **NO_PICTURES}[name]()
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.photo("bomb")
    (told,) = await world.work()
    assert "证据1" in told.text
    assert "没存" in told.text
    assert on_disk(tmp_path) == []
    await world.close()


async def test_a_picture_that_is_also_a_page_is_served_as_a_picture_and_nothing_else(world: WebWorld) -> None:
    content = png(1, 8, 8) + b"<html><script>alert(document.cookie)</script>"
    await world.browser.upload(content, "x.html")
    response = await world.browser.get("/file/1", headers={"Accept": "text/html"})
    assert (response.status, await response.read()) == (200, content)
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].endswith("sandbox")
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


# --- requests --------------------------------------------------------------------------------------------------------


async def begun(url: str, *sent: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write("\r\n".join(sent).encode("utf-8", "surrogateescape"))
    await writer.drain()
    return reader, writer


def head(browser: Browser, path: str, *more: str, length: int = 100) -> list[str]:
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.http.cookie_jar)
    url = browser.url
    own = [f"Host: {url[7:]}", f"Origin: {url}", f"Cookie: {cookies}", f"Content-Length: {length}"]
    token = [f"X-Token: {browser.token}"]
    form = ["Content-Type: application/x-www-form-urlencoded"]
    return [f"POST {path} HTTP/1.1", *own, *token, *form, *more, "", ""]


async def status(reader: asyncio.StreamReader) -> int:
    async with asyncio.timeout(60):
        return int((await reader.readline()).split()[1])


@pytest.fixture
async def hurried(world: WebWorld, visits: Visits) -> AsyncIterator[Browser]:
    """A second door to the same world that waits for nobody."""
    web = channel(world, world.store, world.engine.handle, timing=Timing(body=0.1, idle=0.2))
    await web.start()
    yield await visits(web.url)
    await web.stop()


@pytest.mark.parametrize("sent", [[], ["GET / HTTP/1.1", "Host: x"], ["GET / HTTP/1.1", "X-A: b", "X-B"]])
async def test_a_head_that_never_ends_is_ended(hurried: Browser, sent: list[str]) -> None:
    reader, writer = await begun(hurried.url, *sent)
    async with asyncio.timeout(60):
        assert await reader.read() == b""
    writer.close()
    assert (await hurried.get("/session")).status == 200


@pytest.mark.parametrize("path", ["/say", "/press", "/join", "/login"])
async def test_a_body_that_trickles_is_ended(hurried: Browser, path: str) -> None:
    reader, writer = await begun(hurried.url, *head(hurried, path))
    writer.write(b"{")
    assert await status(reader) == 408
    writer.close()
    assert (await hurried.get("/session")).status == 200


@pytest.mark.parametrize("path", ["/say", "/press", "/join", "/login"])
async def test_a_packed_body_is_not_unpacked(world: WebWorld, path: str) -> None:
    packed = zlib.compress(b'{"id":"deed-0001","text":"' + b"a" * 50 * 2**20 + b'"}')
    reader, writer = await begun(
        world.web.url, *head(world.browser, path, "Content-Encoding: deflate", length=len(packed))
    )
    writer.write(packed)
    assert await status(reader) == 415
    writer.close()


@pytest.mark.parametrize("path", ["/join", "/login"])
@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("multipart/form-data; boundary=b", b"a" * 500, 415),
        ("multipart/form-data", b"--x\r\n\r\n", 415),
        ("text/plain", b"token=1", 415),
        ("application/x-www-form-urlencoded; charset=klingon", b"token=%ff%00", None),
        ("application/x-www-form-urlencoded", b"&".join(b"a=%d" % number for number in range(2000)), 400),
    ],
)
async def test_a_form_of_another_make_is_refused(
    world: WebWorld, path: str, kind: str, body: bytes, expected: int | None
) -> None:
    headers = {"Origin": world.web.url, "Content-Type": kind}
    url = world.web.url + path
    async with world.browser.http.post(url, data=body, headers=headers, allow_redirects=False) as response:
        assert response.status == (expected or {"/join": 410, "/login": 303}[path])


@pytest.mark.parametrize("line", ["X-Token: \udcff\udc80", "Cookie: jieru=\udcff", "Cookie: jieru_door=\udcff.\udcff"])
async def test_bytes_that_are_no_text_are_no_failure(world: WebWorld, line: str) -> None:
    sent = [each for each in head(world.browser, "/say", length=0) if not each.startswith(line.partition(" ")[0])]
    reader, writer = await begun(world.web.url, *sent[:-2], line, "", "")
    assert await status(reader) in (400, 403)
    writer.close()


# --- updates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"message_id": [1]},
        {"message_id": True},
        {"text": 7},
        {"text": {"a": 1}},
        {"caption": []},
        {"date": 10**30},
        {"date": 1e18},
        {"date": "gestern"},
        {"date": None},
        {"chat": None},
        {"chat": {"id": "42", "type": "private"}},
        {"text": None, "document": {"file_id": "f", "file_unique_id": "u", "file_size": "20"}},
        {"text": None, "photo": [{"file_id": "f", "file_unique_id": "u", "width": "9", "height": 9}]},
    ],
)
def test_an_update_with_a_value_of_another_type_is_emptied_and_keeps_its_number(wrong: dict[str, Any]) -> None:
    message: dict[str, Any] = {"message_id": 5, "date": 1795312799, "chat": {"id": 42, "type": "private"}, "text": "好"}
    sent = [{"update_id": 9, "message": each} for each in (message, message | wrong)]
    whole, emptied = (read_update(Received(9, each)) for each in sent)
    assert isinstance(whole, Update)
    assert isinstance(emptied, Update)
    assert whole.effective_message is not None
    assert (emptied.update_id, emptied.effective_message) == (9, None)


async def test_half_a_character_is_answered_like_any_other(tmp_path: Path) -> None:
    async with Crowd(tmp_path) as crowd:
        me = crowd.beings[0]
        for text in ("a\ud83d", "\x00", "\udfff\ud800", "\u202e反"):
            assert await said(crowd, me, text)
        assert crowd.findings == []


async def said(crowd: Crowd, being: Being, text: str) -> list[Message]:
    """Through Telegram's parsing; what came back."""
    chat = {"id": being.number, "type": "private", "first_name": "x"}
    message = {"message_id": 5, "date": 1795312799, "chat": chat, "from": chat | {"is_bot": False}, "text": text}
    number = 5000 + ord(text[0])
    update = read_update(Received(number, {"update_id": number, "message": message}))
    assert isinstance(update, Update)
    incoming = parse(update, crowd.now)
    assert incoming is not None
    answer = await crowd.handle(being, incoming)
    return [Message(reply.screen) for reply in answer.replies]
