"""Files that are sent: kept once, told to the conversation once, and nothing of what did not arrive stays."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.web import Limits, Rate, Timing
from bot.inspection import inspect
from bot.messages import FILE_LIMIT, Attached, FileFault, Incoming
from bot.ports import Kept
from storage.files import DiskFiles
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Visits
from tests.channels.web.pictures import PDF, mp4, png
from tests.channels.web.world import UNHURRIED, WebWorld, channel

ID = "11111111-2222-4333-8444-555555555555"


def on_disk(world: WebWorld) -> list[str]:
    """Everything in the folder of kept files, half written or whole."""
    return sorted(path.name for path in (world.folder / "evidence").rglob("*") if path.is_file())


async def head(browser: Browser, size: int, *lines: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The head of an upload of that many bytes; the body is up to the story."""
    host, _, port = browser.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.http.cookie_jar)
    told = [
        "POST /upload HTTP/1.1",
        f"Host: {host}:{port}",
        f"Content-Length: {size}",
        "Content-Type: application/octet-stream",
        f"X-Id: {ID}",
        *(lines or (f"Origin: {browser.url}", f"Cookie: {cookies}", f"X-Token: {browser.token}")),
    ]
    writer.write("\r\n".join([*told, "", ""]).encode())
    await writer.drain()
    return reader, writer


async def status(reader: asyncio.StreamReader) -> int:
    async with asyncio.timeout(20):
        return int((await reader.readline()).split()[1])


class Watched(DiskFiles):
    """Tells when a file begins to come and when that is over, and may hold it up in between."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, inspect)
        self.begun, self.over, self.go = asyncio.Semaphore(0), asyncio.Event(), asyncio.Event()
        self.go.set()

    async def keep(self, parts: AsyncIterable[bytes]) -> Kept | FileFault:
        self.begun.release()
        try:
            await self.go.wait()
            return await super().keep(parts)
        finally:
            self.over.set()


@pytest.mark.parametrize(
    ("content", "name", "kind", "media_type"),
    [
        (png(1), "图.png", "photo", "image/png"),
        (png(1), "其实是图.exe", "photo", "image/png"),
        (mp4(), "开箱.mp4", "video", "video/mp4"),
        (PDF, "面单.pdf", "document", "application/pdf"),
    ],
)
async def test_the_conversation_hears_of_what_was_kept(
    world: WebWorld, visits: Visits, content: bytes, name: str, kind: str, media_type: str
) -> None:
    heard: list[Incoming] = []

    async def handle(incoming: Incoming) -> Any:
        heard.append(incoming)
        return await world.engine.handle(incoming)

    web = channel(world, world.store, handle)
    await web.start()
    browser = await visits(web.url)
    response = await browser.upload(content, name, X_Id=ID, X_Caption="%E5%9D%8F%E6%9E%9C", X_Album="album-0001")
    assert (response.status, (await response.json())["last"] > 0) == (200, True)
    sha256 = on_disk(world)[0]
    (incoming,) = heard
    assert incoming == Incoming(
        f"web:{incoming.person}:{ID}",
        incoming.person,
        world.now,
        kind,  # type: ignore[arg-type]
        text="坏果",
        message=ID,
        attached=Attached(name=name, size=len(content), type=media_type, kept=sha256),
        album="album-0001",
    )
    assert (await browser.rows())[0]["row"]["text"] == "坏果"
    await web.stop()


async def test_the_same_file_sent_again_under_its_id_is_one(world: WebWorld) -> None:
    first = await (await world.browser.upload(png(1), X_Id=ID)).json()
    again = await asyncio.gather(*(world.browser.upload(png(1), X_Id=ID) for _ in range(2)))
    assert [await each.json() for each in again] == [{"toast": "", "last": first["last"]}] * 2
    # It is known by its head alone.
    reader, writer = await head(world.browser, 5000)
    assert await status(reader) == 200
    writer.close()
    assert len(await world.browser.rows()) == first["last"]
    assert len(on_disk(world)) == 1


async def test_the_same_content_twice_is_kept_once(world: WebWorld) -> None:
    for _ in range(2):
        assert (await world.browser.upload(png(1))).status == 200
    assert len(on_disk(world)) == 1
    assert [row["row"]["file"]["name"] for row in await world.browser.rows() if "file" in row["row"]] == ["图.png"] * 2


async def test_too_large_is_said_at_once_and_in_the_conversation(world: WebWorld) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(FILE_LIMIT // 2**20 + 1):
            yield bytes(2**20)

    said = {"error": "这个文件超过20MB，收不下。", "toast": ""}
    refused = [
        await world.browser.upload(b"", "长.mp4", X_Size=str(FILE_LIMIT + 1)),
        await world.browser.upload(endless(), "长.mp4"),
    ]
    assert [each.status for each in refused] == [413, 413]
    last = [(await each.json()).pop("last") for each in refused]
    assert [await each.json() for each in refused] == [{**said, "last": each} for each in last]
    reader, writer = await head(world.browser, FILE_LIMIT + 1)
    assert await status(reader) == 413
    writer.close()
    rows = [each["row"] for each in await world.browser.rows()]
    files = [row["file"] for row in rows if "file" in row]
    assert [file.get("href") for file in files] == [None] * 3
    assert files[0] == {"name": "长.mp4", "type": "", "size": FILE_LIMIT + 1}
    assert "20MB" in str(rows[1]["screen"]["text"])
    assert on_disk(world) == []


@pytest.mark.parametrize(
    ("content", "name"), [(b"MZ\x90\0" * 50, "图.png"), (b"", "空.png"), (png(1, 64, 64)[:-40], "断.png")]
)
async def test_what_is_not_what_it_claims_is_told_and_not_kept(world: WebWorld, content: bytes, name: str) -> None:
    response = await world.browser.upload(content, name)
    assert response.status == 200
    said, answer = (each["row"] for each in (await world.browser.rows())[:2])
    assert said["file"] == {"name": name, "type": "", "size": len(content)}
    assert "没存" in str(answer["screen"]["text"])
    assert (await world.browser.get("/file/1")).status == 404
    assert on_disk(world) == []


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X_Id": ""}, 400),
        ({"X_Id": "short"}, 400),
        ({"X_Id": "../../../etc/passwd"}, 400),
        ({"X_Album": "a b"}, 400),
        ({"X_Size": "-1"}, 400),
        ({"X_Size": "9" * 30}, 400),
        ({"Content_Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content_Type": "image/png"}, 415),
        ({"Content_Encoding": "gzip"}, 415),
        ({"Origin": "https://evil.example"}, 403),
        ({"X_Token": "A" * 43}, 403),
        ({"Host": "evil.example"}, 421),
    ],
)
async def test_what_no_page_of_ours_sends_leaves_nothing(
    world: WebWorld, headers: dict[str, str], expected: int
) -> None:
    response = await world.browser.upload(png(1), **headers)
    assert (response.status, "error" in await response.json()) == (expected, True)
    assert await world.browser.rows() == []
    assert on_disk(world) == []


async def test_who_may_not_send_is_refused_before_a_byte_is_read(world: WebWorld) -> None:
    origin, token = f"Origin: {world.web.url}", f"X-Token: {world.browser.token}"
    for lines in ((token,), (origin, token), ("Origin: https://evil.example", token)):
        reader, writer = await head(world.browser, 10_000, *lines)
        assert await status(reader) == 403
        writer.close()


async def test_names_of_files_end_no_header_and_lead_nowhere(world: WebWorld) -> None:
    name = "..\\..\\a\r\nX-Evil: 1\r\n\r\n<script>\u202e.png"
    await world.browser.upload(png(1), name)
    file = (await world.browser.rows())[0]["row"]["file"]
    assert file["name"] == "aX-Evil: 1<script>.png"
    response = await world.browser.get(file["href"])
    assert (response.status, "X-Evil" in response.headers) == (200, False)


async def test_an_upload_that_stands_still_is_ended_and_may_come_again(world: WebWorld, visits: Visits) -> None:
    web = channel(world, world.store, world.engine.handle, timing=Timing(upload_silence=0.05))
    await web.start()
    browser = await visits(web.url)
    reader, writer = await head(browser, 1000)
    writer.write(png(1)[:50])
    assert await status(reader) == 408
    writer.close()
    assert (await browser.rows(), on_disk(world)) == ([], [])
    browser.url = world.web.url  # where nothing is in a hurry
    assert (await browser.upload(png(1), X_Id=ID)).status == 200
    assert len(on_disk(world)) == 1
    await web.stop()


async def test_one_that_only_trickles_is_ended_too(world: WebWorld, visits: Visits) -> None:
    web = channel(world, world.store, world.engine.handle, timing=Timing(upload=0.05))
    await web.start()
    browser = await visits(web.url)
    reader, writer = await head(browser, 1000)
    answered = asyncio.create_task(status(reader))
    while not answered.done():
        writer.write(b"x")
        await asyncio.wait({answered}, timeout=0.01)
    assert (await answered, on_disk(world)) == (408, [])
    writer.close()
    await web.stop()


async def test_one_that_is_broken_off_leaves_nothing(world: WebWorld, visits: Visits) -> None:
    files = Watched(world.folder / "evidence")
    web = channel(world, world.store, world.engine.handle, files=files)
    await web.start()
    browser = await visits(web.url)
    _, writer = await head(browser, 5000)
    writer.write(png(1))
    await files.begun.acquire()
    writer.close()
    async with asyncio.timeout(30):
        await files.over.wait()
    assert (await browser.rows(), on_disk(world)) == ([], [])
    assert len(web._uploads._slots) == 0
    await web.stop()


async def test_stopping_breaks_uploads_off(world: WebWorld, visits: Visits) -> None:
    files = Watched(world.folder / "evidence")
    web = channel(world, world.store, world.engine.handle, files=files)
    await web.start()
    browser = await visits(web.url)
    _, writer = await head(browser, 5000)
    writer.write(png(1))
    await files.begun.acquire()
    async with asyncio.timeout(30):
        await web.stop()
        await files.over.wait()
    assert (await world.store.last_seq(await world.person_of(browser)), on_disk(world)) == (0, [])
    writer.close()


async def test_two_at_a_time_and_nobody_is_held_up_by_others(world: WebWorld, visits: Visits) -> None:
    files = Watched(world.folder / "evidence")
    limits = Limits(uploads=Rate(1e6, 1e6), people=Rate(1e6, 1e6), all_uploading=3)
    web = channel(world, world.store, world.engine.handle, files=files, limits=limits)
    await web.start()
    mine, yours = await visits(web.url), await visits(web.url)
    files.go.clear()
    under_way: list[asyncio.Task[Any]] = []
    for each, fills in ((mine, False), (mine, True), (yours, True)):
        under_way.append(asyncio.create_task(each.upload(png(len(under_way)))))
        await files.begun.acquire()
        if fills:  # two of my own; three altogether
            refused = await each.upload(png(9))
            assert refused.status == 429
            assert await refused.json() == {"error": "正在收别的文件，2秒后再发。"}
    files.go.set()
    assert [each.status for each in await asyncio.gather(*under_way)] == [200, 200, 200]
    assert (await mine.upload(png(9))).status == 200
    await web.stop()


async def test_files_do_not_come_faster_than_they_may(world: WebWorld, visits: Visits) -> None:
    now = [0.0]
    limits = Limits(uploads=Rate(2, 0.5))
    web = channel(world, world.store, world.engine.handle, limits=limits, ticks=lambda: now[0])
    await web.start()
    browser = await visits(web.url)
    assert [(await browser.upload(png(number))).status for number in range(3)] == [200, 200, 429]
    now[0] += 2
    assert (await browser.upload(png(3))).status == 200
    await web.stop()


async def test_who_deletes_everything_meanwhile_does_not_come_back(world: WebWorld, visits: Visits) -> None:
    files = Watched(world.folder / "evidence")
    web = channel(world, world.store, world.engine.handle, files=files, limits=UNHURRIED)
    await web.start()
    browser = await visits(web.url)
    await browser.say("草莓烂了一半商家不给退")
    person = await world.person_of(browser)
    files.go.clear()
    sending = asyncio.create_task(browser.upload(png(1)))
    await files.begun.acquire()
    async with world.store.transaction() as transaction:
        await transaction.forget(person)
    files.go.set()
    assert await (await sending).json() == {"toast": "", "last": 0, "reset": True}
    async with world.store.transaction() as transaction:
        assert await transaction.load(person) is None
    await web.stop()


def test_the_page_spares_the_bytes_that_the_server_would_refuse() -> None:
    script = Path(__file__).parents[3] / "bot/channels/web/static/uploads.js"
    assert f"const LARGEST = {FILE_LIMIT // 2**20} * 1024 * 1024;" in script.read_text(encoding="utf-8")
