"""Telegram cannot be reached, refuses the token, is used by somebody else, or the bot is stopped."""

import asyncio
import logging
from dataclasses import replace

import pytest

from bot.channels.telegram import TelegramChannel
from bot.messages import Incoming, Sent
from tests.channels.telegram.conftest import QUICK, Bench, screen
from tests.fakes.telegram_api import FakeTelegram


async def test_telegram_comes_up_after_the_bot(bench: Bench, server: FakeTelegram) -> None:
    await server.stop()
    await bench.started()
    li = server.person(42)
    await li.says("在吗")
    await server.start()
    await li.sees("在吗")


async def test_telegram_goes_and_comes_back_and_nothing_is_lost(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    await li.says("一")
    await li.sees("一")
    await server.stop()
    await li.says("二")
    await li.says("三")
    await server.start()
    await li.sees("三")
    await server.all_confirmed()
    assert [one.text for one in bench.talk.seen] == ["一", "二", "三"]


@pytest.mark.parametrize("fault", ["html", "hang", "drop"])
async def test_polling_goes_on_after(bench: Bench, server: FakeTelegram, fault: str) -> None:
    await bench.started(timing=replace(QUICK, poll=0, poll_slack=0.3, request=0.3))
    getattr(server.faults, fault)("getUpdates", 2)
    server.faults.next("getUpdates", 429, retry_after=0.05)
    server.faults.next("getUpdates", 500)
    li = server.person(42)
    await li.says("在吗")
    await li.sees("在吗")


@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_is_told_once_and_stops_this_channel(
    bench: Bench, server: FakeTelegram, status: int
) -> None:
    server.faults.always("getMe", status)
    channel = await bench.started()
    await bench.told()
    await asyncio.wait(channel._tasks, timeout=1)
    assert [task.done() for task in channel._tasks] == [True]
    assert (bench.fatal, [call.method for call in server.calls]) == (["refused_token"], ["getMe"])


async def test_a_wrong_token(bench: Bench, server: FakeTelegram) -> None:
    await bench.started(token="7000000001:AAanother_token_0123456789")
    await bench.told()
    assert bench.fatal == ["refused_token"]


async def test_a_token_that_is_revoked_while_it_runs(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    await server.polled()
    server.token = "7000000001:AAanother_token_0123456789"
    await server.person(42).says("在吗")
    await bench.told()
    assert bench.fatal == ["refused_token"]


async def test_a_token_in_use_elsewhere_is_told_once(bench: Bench, server: FakeTelegram) -> None:
    server.faults.next("getUpdates", 409, times=3)
    await bench.started()
    li = server.person(42)
    await li.says("在吗")
    await li.sees("在吗")
    assert bench.fatal == ["conflict"]


async def test_two_bots_with_one_token(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    await server.polled()
    other = Bench(server, bench.files)
    await other.started()
    await bench.told()
    assert bench.fatal == ["conflict"]
    await other.channels[0].stop()


async def test_through_a_proxy(bench: Bench, server: FakeTelegram) -> None:
    # The fake also takes the absolute form of a request, as a proxy does; the name behind it exists nowhere.
    channel = await bench.started(api_url="http://telegram.invalid", proxy=server.url)
    li = server.person(42)
    await li.says("在吗")
    await li.sees("在吗")
    assert await channel.send("42", screen("提醒")) == Sent()


async def _seconds_to_stop(channel: TelegramChannel) -> float:
    clock = asyncio.get_running_loop().time
    begun = clock()
    await channel.stop()
    return clock() - begun


async def test_stopping_confirms_what_was_handled(bench: Bench, server: FakeTelegram) -> None:
    channel = await bench.started(timing=replace(QUICK, poll=25))
    li = server.person(42)
    await li.says("在吗")
    await li.sees("在吗")
    assert await _seconds_to_stop(channel) < 4
    assert (server.waiting, server.confirmed) == ([], 8002)


async def test_stopping_finishes_what_is_being_handled(bench: Bench, server: FakeTelegram) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(incoming: Incoming) -> None:
        begun.set()
        await go_on.wait()

    bench.talk.before = slow
    channel = await bench.started()
    li = server.person(42)
    await li.says("在吗")
    await asyncio.wait_for(begun.wait(), 5)
    asyncio.get_running_loop().call_later(0.1, go_on.set)
    await channel.stop()
    assert [one.text for one in li.chat] == ["收到：在吗"]
    assert server.waiting == []


async def test_stopping_takes_less_than_4_s_whatever_hangs(bench: Bench, server: FakeTelegram) -> None:
    bench.talk.pauses()
    limits = ("stop_handling", "stop_confirming", "stop_sending")
    real = type(QUICK)()
    assert sum(getattr(real, name) for name in limits) < 3.5
    quick = replace(QUICK, stop_handling=0.2, stop_confirming=0.1, stop_sending=0.1)
    channel = await bench.started(timing=quick)
    await server.person(42).says("在吗")
    await server.called("getUpdates", 2)
    server.faults.hang("getUpdates", 9)
    assert await _seconds_to_stop(channel) < sum(getattr(quick, name) for name in limits) + 0.3
    assert len(server.waiting) == 1
    assert channel._working == set()


async def test_stopping_while_telegram_is_away(bench: Bench, server: FakeTelegram) -> None:
    await server.stop()
    channel = await bench.started(timing=replace(QUICK, backoff=(30,)))
    assert await _seconds_to_stop(channel) < 4
    assert await _seconds_to_stop(channel) < 4
    assert await _seconds_to_stop(bench.channel()) < 4


async def test_the_token_is_in_no_record(bench: Bench, server: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    ours = logging.getLogger("jieru")
    ours.setLevel(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="jieru")
    await server.stop()
    channel = await bench.started()
    await channel.send("42", screen("提醒"))
    await server.start()
    li = server.person(42)
    for fault in (server.faults.html, server.faults.drop):
        for method in ("getUpdates", "sendMessage", "answerCallbackQuery", "setMyCommands"):
            fault(method)
    server.faults.next("sendMessage", 400, description=f"Bad Request: /bot{server.token}/x")
    await li.says("一")
    await li.says("二")
    await li.sees("二")
    await li.presses("下一步")
    await li.sees("下一步")
    server.token = "7000000001:AAanother_token_0123456789"
    await li.says("三")
    await bench.told()
    records = [record for record in caplog.records if record.name.startswith("jieru")]
    said = "\n".join(f"{record.getMessage()} {record.exc_info} {record.__dict__}" for record in records)
    assert "telegram_away" in said
    assert "telegram_token_refused" in said
    assert channel._token.partition(":")[2] not in said
