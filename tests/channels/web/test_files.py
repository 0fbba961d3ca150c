"""Files that are handed out: to the person whose transcript names them, as what they are, and to nobody else."""

import asyncio
from collections.abc import Sequence

import pytest
from markupsafe import Markup

from bot.channels.web.names import disposition, shown_name
from bot.channels.web.security import HEADERS
from bot.messages import Answer, Attachment, Incoming, Reply, Screen
from storage.files import DiskFiles
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Visits
from tests.channels.web.pictures import PDF, mp4, png
from tests.channels.web.test_requests import keep
from tests.channels.web.world import WebWorld, channel

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"


async def handed(world: WebWorld, visits: Visits, files: Sequence[Attachment]) -> Browser:
    """A browser whose transcript holds these files, from row 2 on."""

    async def answers(incoming: Incoming) -> Answer:
        replies = tuple(Reply(Screen(Markup("拿好")), file=file) for file in files)
        return await keep(world, incoming, Answer(replies=replies))

    world.other = channel(world, world.store, answers)
    await world.other.start()
    browser = await visits(world.other.url)
    await browser.say("导出")
    return browser


async def kept(world: WebWorld, content: bytes) -> str:
    """The SHA-256 of something that we made."""
    made = world.folder / "made"
    made.write_bytes(content)
    return (await evidence(world).keep_made(made, "text/html")).sha256


def evidence(world: WebWorld) -> DiskFiles:
    files = world.web._reading._kept
    assert isinstance(files, DiskFiles)
    return files


async def test_a_picture_that_was_sent_is_shown_to_its_sender(world: WebWorld) -> None:
    content = png(1, 40, 30)
    assert (await world.browser.upload(content, "坏果 近照.png")).status == 200
    row = (await world.browser.rows())[0]["row"]
    assert row["file"] == {"name": "坏果 近照.png", "type": "image/png", "size": len(content), "href": "/file/1"}
    response = await world.browser.get("/file/1")
    assert (response.status, await response.read()) == (200, content)
    headers = response.headers
    assert headers["Content-Type"] == "image/png"
    assert headers["Content-Disposition"] == ("inline; filename*=UTF-8''%E5%9D%8F%E6%9E%9C%20%E8%BF%91%E7%85%A7.png")
    assert headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert headers["Cache-Control"] == "private, no-cache"
    assert [headers[name] for name in HEADERS if name not in ("Content-Security-Policy", "Cache-Control")] == [
        value for name, value in HEADERS.items() if name not in ("Content-Security-Policy", "Cache-Control")
    ]
    again = await world.browser.get("/file/1", headers={"If-None-Match": headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")


async def test_a_part_of_a_film_is_enough_to_start_with(world: WebWorld) -> None:
    content = mp4(5000)
    await world.browser.upload(content, "开箱.mp4")
    response = await world.browser.get("/file/1", headers={"Range": "bytes=100-199"})
    assert (response.status, await response.read()) == (206, content[100:200])
    assert response.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("file", "media_type", "how"),
    [
        (Attachment("草莓.ics", "text/calendar", CALENDAR), "text/calendar", "attachment"),
        (Attachment("问题单.html", "text/html", PAGE), "text/html", "attachment"),
        (Attachment("a.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"), "image/svg+xml", "attachment"),
        (Attachment("a.pdf", "application/pdf", PDF), "application/pdf", "attachment"),
        (Attachment("a.png", "image/png", png()), "image/png", "inline"),
        (Attachment("a", "text/html\r\nX-Evil: 1", b"x"), "application/octet-stream", "attachment"),
        (Attachment("a", "", b"x"), "application/octet-stream", "attachment"),
    ],
)
async def test_only_pictures_are_opened_by_the_browser_itself(
    world: WebWorld, visits: Visits, file: Attachment, media_type: str, how: str
) -> None:
    browser = await handed(world, visits, [file])
    response = await browser.get("/file/2")
    assert (response.status, await response.read()) == (200, file.content)
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"] == f"{how}; filename*=UTF-8''{disposition('', file.name)[19:]}"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "X-Evil" not in response.headers
    await world.other.stop()


async def test_an_export_is_gone_with_its_content(world: WebWorld, visits: Visits) -> None:
    sha256 = await kept(world, PAGE)
    browser = await handed(world, visits, [Attachment("全部.html", "text/html", kept=sha256, size=len(PAGE))])
    row = (await browser.rows())[1]["row"]
    assert row["file"] == {"name": "全部.html", "type": "text/html", "size": len(PAGE), "href": "/file/2"}
    assert await (await browser.get("/file/2")).read() == PAGE
    made = evidence(world).path(sha256)
    await asyncio.to_thread(made.unlink)
    response = await browser.get("/file/2")
    assert (response.status, response.content_type) == (404, "text/html")
    assert "这个文件不在了，可能已经删了，或者过期了。" in await response.text()
    await world.other.stop()


@pytest.mark.parametrize("name", ["../../jieru.db", "/etc/passwd", "a" * 64, "0" * 63])
async def test_a_row_that_names_no_content_hands_nothing_out(world: WebWorld, visits: Visits, name: str) -> None:
    browser = await handed(world, visits, [Attachment("x", "image/png", kept=name)])
    response = await browser.get("/file/2")
    assert response.status == 404
    await world.other.stop()


async def test_nobody_else_gets_it(world: WebWorld, visits: Visits) -> None:
    await world.browser.upload(png(1))
    other = await visits(world.web.url)
    assert (await other.get("/file/1")).status == 404
    await other.upload(png(2))
    assert await (await other.get("/file/1")).read() == png(2)
    assert await (await world.browser.get("/file/1")).read() == png(1)
    stranger = Browser.at(world.web.url)
    assert (await stranger.get("/file/1")).status == 403
    assert (await other.get("/file/1", headers={"Host": "evil.example"})).status == 421
    await stranger.close()


@pytest.mark.parametrize(
    "path",
    ["0", "2", "999999999999", "-1", "1.png", "1/", "../file", "%2e%2e%2fjieru.db", "1%00", "a" * 64, "٣", "1/../2"],
)
async def test_there_is_no_way_to_anything_else(world: WebWorld, path: str) -> None:
    await world.browser.upload(png(1))
    assert (await world.browser.get(f"/file/{path}")).status == 404


async def test_what_is_kept_and_where_is_not_told(world: WebWorld) -> None:
    await world.browser.upload(png(1))
    async with world.browser.stream() as stream:
        row = (await stream.rows(1))[0]["row"]
    assert set(row["file"]) == {"name", "type", "size", "href"}


async def test_after_everything_was_deleted_nothing_is_handed_out(world: WebWorld) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.browser.upload(png(1))
    href = next(each["row"]["file"]["href"] for each in await world.browser.rows() if "file" in each["row"])
    assert (await world.browser.get(href)).status == 200
    await world.say("全部删除")
    await world.press("全部删除吧")
    assert (await world.browser.get(href)).status == 403
    await world.browser.open()
    assert (await world.browser.get(href)).status == 404


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("图.png", "图.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\图.png", "图.png"),
        ("a\r\nSet-Cookie: jieru=x", "aSet-Cookie: jieru=x"),
        ('a"; filename="b.exe', 'a"; filename="b.exe'),
        ("图\u202egnp.exe", "图gnp.exe"),
        ("\0a\ud800", "\ufffda\ufffd"),
        ("..", ""),
        (".htaccess", "htaccess"),
        ("", ""),
        ("图" * 300 + ".png", "图" * 99 + "…" + "图" * 16 + ".png"),
    ],
)
def test_a_name_is_a_name_and_nothing_more(given: str, shown: str) -> None:
    assert shown_name(given) == shown
    assert shown_name(shown) == shown
    header = disposition("attachment", given)
    assert header.isascii()
    assert [mark for mark in '\r\n"\\' if mark in header] == []
    assert header.count(";") == (1 if shown else 0)
