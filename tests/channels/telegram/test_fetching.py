"""Downloads of what people sent."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.downloads import AT_ONCE
from bot.messages import FILE_LIMIT, FileFault
from bot.ports import FetchError
from tests.channels.telegram.conftest import QUICK, Bench
from tests.fakes.telegram_api import FakeTelegram

PICTURE = bytes(range(256)) * 2000


async def whole(channel: TelegramChannel, ref: str) -> bytes:
    return b"".join([part async for part in channel.fetch(ref)])


async def fault(channel: TelegramChannel, ref: str) -> FileFault | None:
    with pytest.raises(FetchError) as caught:
        await whole(channel, ref)
    assert caught.value.__cause__ is None
    return caught.value.fault


async def test_what_was_sent_comes_back_byte_for_byte(bench: Bench, server: FakeTelegram) -> None:
    channel = await bench.started(api_url=server.url + "/")
    li = server.person(42)
    await li.album([PICTURE, b"2", b"3", b"4", b"5"])
    await server.all_confirmed()
    refs = [one.attached.ref for one in bench.talk.seen if one.attached]
    fetched = await asyncio.gather(*(whole(channel, ref) for ref in refs))
    assert fetched == [PICTURE, b"2", b"3", b"4", b"5"]


async def test_it_comes_in_parts_while_the_rest_is_on_its_way(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    file = server.files.add("document", PICTURE)
    server.faults.stall()
    parts = channel.fetch(file.id)
    first = await anext(parts)
    assert (len(first) > 0, PICTURE.startswith(first)) == (True, True)
    server.files.go_on.set()
    rest = [part async for part in parts]
    assert b"".join([first, *rest]) == PICTURE
    assert max(len(part) for part in [first, *rest]) <= 64 * 1024


async def test_through_a_proxy(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel(api_url="http://telegram.invalid", proxy=server.url)
    file = server.files.add("photo", PICTURE)
    assert await whole(channel, file.id) == PICTURE


async def test_21_megabytes(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    large = server.files.add("video", b"x", size=21 << 20)
    assert await fault(channel, large.id) == "too_large"
    assert server.calls_of("download") == []


async def test_a_server_without_a_limit_does_not_fill_the_disk(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    large = server.files.add("video", bytes(FILE_LIMIT + 1), size=1)
    assert await fault(channel, large.id) == "too_large"


@pytest.mark.parametrize(
    ("method", "status", "becomes"),
    [
        ("getFile", 400, "gone"),
        ("getFile", 401, None),
        ("getFile", 404, None),
        ("getFile", 429, None),
        ("getFile", 500, None),
        ("download", 400, "gone"),
        ("download", 401, None),
        ("download", 404, "gone"),
        ("download", 429, None),
        ("download", 502, None),
    ],
)
async def test_what_a_refusal_means(
    bench: Bench, server: FakeTelegram, method: str, status: int, becomes: str | None
) -> None:
    channel = bench.channel()
    file = server.files.add("photo", PICTURE)
    server.faults.next(method, status)
    assert await fault(channel, file.id) == becomes
    assert await whole(channel, file.id) == PICTURE


async def test_what_is_not_there(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    assert await fault(channel, "never-heard-of") == "gone"
    file = server.files.add("photo", PICTURE)
    file.expired = True
    assert await fault(channel, file.id) == "gone"


@pytest.mark.parametrize("method", ["getFile", "download"])
@pytest.mark.parametrize("weather", ["drop", "html", "hang"])
async def test_bad_weather(bench: Bench, server: FakeTelegram, method: str, weather: str) -> None:
    channel = bench.channel(timing=replace(QUICK, request=0.3))
    file = server.files.add("photo", PICTURE)
    getattr(server.faults, weather)(method)
    assert await fault(channel, file.id) is None


@pytest.mark.parametrize("weather", ["cut", "stall"])
async def test_half_a_file_is_no_file(bench: Bench, server: FakeTelegram, weather: str) -> None:
    channel = bench.channel(timing=replace(QUICK, request=0.3))
    file = server.files.add("photo", PICTURE)
    getattr(server.faults, weather)()
    assert await fault(channel, file.id) is None
    server.files.go_on.set()


async def test_telegram_is_away_or_the_channel_has_stopped(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    file = server.files.add("photo", PICTURE)
    await server.stop()
    assert await fault(channel, file.id) is None
    await server.start()
    await channel.stop()
    assert await fault(channel, file.id) is None


async def test_stopping_breaks_a_download_off(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    file = server.files.add("photo", PICTURE)
    server.faults.stall()
    parts = channel.fetch(file.id)
    await anext(parts)
    await channel.stop()
    with pytest.raises(FetchError) as caught:
        [part async for part in parts]
    assert caught.value.fault is None
    server.files.go_on.set()


async def test_who_breaks_off_makes_room_for_others(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    file = server.files.add("photo", PICTURE)
    server.faults.stall(AT_ONCE)
    begun = [channel.fetch(file.id) for _ in range(AT_ONCE)]
    for parts in begun:
        await anext(parts)
    waiting = asyncio.create_task(whole(channel, file.id))
    for parts in begun:
        assert isinstance(parts, AsyncGenerator)
        await parts.aclose()
    assert await waiting == PICTURE
    server.files.go_on.set()


async def test_no_file_of_this_machine_is_read_for_a_server_of_ones_own(
    bench: Bench, server: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    channel = bench.channel()
    file = server.files.add("photo", PICTURE)
    server.files.local = True
    assert await fault(channel, file.id) == "gone"
    assert server.calls_of("download") == []
    for path in (__file__, "C:\\Windows\\win.ini"):
        file.path, server.files.local = path, False
        assert await fault(channel, file.id) == "gone"
    assert [record.levelno for record in caplog.records if "telegram_server_is_local" in record.getMessage()] == [
        logging.ERROR
    ] * 3


async def test_an_address_with_signs_that_mean_something_in_urls(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    file = server.files.add("document", PICTURE)
    file.path = "documents/面单 #1 50%?.pdf"
    assert await whole(channel, file.id) == PICTURE


async def test_the_token_is_in_no_record(bench: Bench, server: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("jieru").setLevel(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="jieru")
    channel = bench.channel()
    file = server.files.add("photo", PICTURE)
    for weather in (server.faults.drop, server.faults.html):
        for method in ("getFile", "download"):
            weather(method)
            assert await fault(channel, file.id) is None
    server.faults.cut()
    assert await fault(channel, file.id) is None
    said = "\n".join(f"{record.getMessage()} {record.exc_info} {record.__dict__}" for record in caplog.records)
    assert said.count("file_away") >= 4
    assert server.token.partition(":")[2] not in said
