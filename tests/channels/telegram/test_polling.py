"""An update is confirmed to Telegram only when it was handled."""

import asyncio
from dataclasses import replace

from bot.messages import Incoming
from tests.channels.telegram.conftest import QUICK, Bench
from tests.fakes.telegram_api import FakeTelegram


async def test_nothing_is_confirmed_before_it_is_handled(bench: Bench, server: FakeTelegram) -> None:
    handling, go_on = asyncio.Event(), asyncio.Event()

    async def slow(incoming: Incoming) -> None:
        handling.set()
        await go_on.wait()

    bench.talk.before = slow
    await bench.started()
    li = server.person(42)
    await li.says("三天前申请的")
    await asyncio.wait_for(handling.wait(), 5)
    polls = len(server.calls_of("getUpdates"))
    await server.called("getUpdates", polls + 2)  # it polls again meanwhile
    assert [update["update_id"] for update in server.waiting] == [8001]
    go_on.set()
    await server.all_confirmed()
    assert server.confirmed == 8002


async def test_what_a_killed_process_did_not_finish_comes_again(bench: Bench, server: FakeTelegram) -> None:
    bench.talk.pauses()
    first = await bench.started(timing=replace(QUICK, stop_handling=0.1))
    li = server.person(42)
    await li.says("三天前申请的")
    await server.until(lambda: len(server.calls_of("getUpdates")) >= 2, lambda: "it does not poll")
    await first.stop()
    assert (len(server.waiting), bench.talk.seen) == (1, [])

    bench.talk.before = None
    await bench.started()
    await li.sees("三天前")
    await server.all_confirmed()
    assert [one.id for one in bench.talk.seen] == ["telegram:8001"]


async def test_one_slow_chat_does_not_keep_the_others_waiting(bench: Bench, server: FakeTelegram) -> None:
    go_on = asyncio.Event()

    async def slow_for_li(incoming: Incoming) -> None:
        if incoming.person == "telegram:42":
            await go_on.wait()

    bench.talk.before = slow_for_li
    await bench.started()
    li, wang = server.person(42), server.person(43)
    await li.says("李一")
    for text in ("王一", "王二", "王三"):
        await wang.says(text)
        await wang.sees(text)
    assert server.confirmed <= 8001
    go_on.set()
    await li.sees("李一")
    await server.all_confirmed()
    assert sorted(one.text for one in bench.talk.seen) == ["李一", "王一", "王三", "王二"]


async def test_a_backlog_of_many_is_handled_in_order_per_chat(bench: Bench, server: FakeTelegram) -> None:
    for number in range(250):
        await server.person(100 + number % 5).says(f"第{number}句")
    await bench.started(rate_chat=1000)
    await server.all_confirmed()
    for person in range(5):
        texts = [one.text for one in bench.talk.seen if one.person == f"telegram:{100 + person}"]
        assert texts == [f"第{number}句" for number in range(person, 250, 5)]


async def test_a_failure_is_tried_again_and_the_third_lets_go(bench: Bench, server: FakeTelegram) -> None:
    tries: list[str] = []

    async def fail(incoming: Incoming) -> None:
        tries.append(incoming.text)
        if incoming.text == "坏的" or len(tries) == 1:
            raise ValueError("a mistake of ours")

    bench.talk.before = fail
    await bench.started()
    li = server.person(42)
    await li.says("一次不行")
    await li.sees("一次不行")
    await li.says("坏的")
    await li.says("好的")
    await li.sees("好的")
    await server.all_confirmed()
    assert tries == ["一次不行", "一次不行", "坏的", "坏的", "坏的", "好的"]
    assert [one.text for one in li.chat] == ["收到：一次不行", "刚才没存上，请再发一次。", "收到：好的"]


async def test_a_press_that_fails_is_answered_nevertheless(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    await li.says("在吗")
    await li.sees("在吗")

    async def fail(incoming: Incoming) -> None:
        raise ValueError("a mistake of ours")

    bench.talk.before = fail
    press = await li.answered(await li.presses("下一步"))
    assert press.toast == ""
    await li.sees("刚才没存上")


async def test_only_the_wanted_kinds_are_asked_for(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    await server.polled()
    assert server.kinds == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_nobody_is_remembered_who_has_been_served(bench: Bench, server: FakeTelegram) -> None:
    channel = await bench.started(rate_chat=1000)
    for number in range(120):
        await server.person(1000 + number).says("在吗")
    await server.called("sendMessage", 120)
    await server.all_confirmed()
    await channel._outbox.drain(1)
    assert (channel._order._turns, channel._outbox.chats, channel._working, channel._poller._open) == ({}, 0, set(), {})
    assert len(channel._poller._ended) <= 1


async def test_telegram_counts_from_a_lower_number_after_a_quiet_week(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    await li.says("一")
    await li.sees("一")
    await server.all_confirmed()
    server.restart_numbers(100)
    await li.says("二")
    await li.sees("二")
    await server.all_confirmed()
    await li.says("三")
    await li.sees("三")
    await server.all_confirmed()
    assert [one.id for one in bench.talk.seen] == ["telegram:8001", "telegram:101", "telegram:102"]
