"""Presses: answered in time, and never a dead end."""

import asyncio
import logging
from dataclasses import replace

import pytest

from bot.messages import Answer, Incoming, Reply
from tests.channels.telegram.conftest import QUICK, Bench, screen
from tests.fakes.telegram_api import FakeTelegram
from tests.fakes.telegram_person import Person


@pytest.fixture
async def li(bench: Bench, server: FakeTelegram) -> Person:
    """Somebody with a screen with the buttons 下一步 and 返回 before them."""
    await bench.started()
    li = server.person(42)
    await li.says("在吗")
    await li.sees("在吗")
    return li


async def test_a_slow_decision_is_answered_empty_first_and_drawn_later(bench: Bench, li: Person) -> None:
    go_on = bench.talk.pauses()
    press = await li.presses("下一步")
    await li.answered(press)
    assert press.toast == ""
    assert QUICK.toast <= press.after < 1
    go_on.set()
    assert (await li.sees("收到：下一步")).edited == 1


async def test_a_press_that_waits_behind_another_is_answered_in_time_too(bench: Bench, li: Person) -> None:
    go_on = bench.talk.pauses()
    await li.presses("下一步")
    second = await li.presses("返回")
    await li.answered(second)
    assert second.after < 1
    assert bench.talk.seen[1:] == []
    go_on.set()
    await li.sees("收到：返回")
    assert [one.press for one in bench.talk.seen] == ["", "下一步", "返回"]


async def test_an_expired_press_still_draws(bench: Bench, server: FakeTelegram, li: Person) -> None:
    server.query_lifetime = 0
    press = await li.presses("下一步")
    await li.sees("收到：下一步")
    call = (await server.called("answerCallbackQuery"))[0]
    assert (call.status, press.answered) == (400, False)


@pytest.mark.parametrize("method", ["drop", "html"])
async def test_a_press_whose_answer_is_lost_on_the_way_is_answered_again(
    server: FakeTelegram, li: Person, method: str
) -> None:
    getattr(server.faults, method)("answerCallbackQuery")
    press = await li.presses("下一步")
    await li.answered(press)
    assert press.toast == "好，下一步"


async def test_an_answer_that_never_gets_through_ends_nothing(server: FakeTelegram, li: Person) -> None:
    server.faults.always("answerCallbackQuery", 500)
    await li.presses("下一步")
    await li.sees("收到：下一步")
    await li.presses("返回")
    await li.sees("收到：返回")


async def test_the_same_screen_again_is_no_error(
    server: FakeTelegram, li: Person, caplog: pytest.LogCaptureFixture
) -> None:
    first = await li.presses("下一步")
    await li.sees("收到：下一步")
    second = await li.presses("下一步")
    await li.answered(first)
    await li.answered(second)
    await server.called("editMessageText", 2)
    await li.presses("返回")
    await li.sees("收到：返回")
    assert [call.status for call in server.calls_of("editMessageText")] == [200, 400, 200]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert len(li.chat) == 1


async def test_a_deleted_message_is_replaced_by_a_new_one(li: Person) -> None:
    screen_of_before = li.chat[0]
    await li.deletes(screen_of_before)
    await li.presses("下一步", screen_of_before)
    shown = await li.sees("收到：下一步")
    assert shown.id > screen_of_before.id


async def test_a_message_too_old_for_telegram_is_replaced_by_a_new_one(
    bench: Bench, server: FakeTelegram, li: Person
) -> None:
    server.faults.next("editMessageText", 400, description="Bad Request: message can't be edited")
    old = li.chat[0]
    await li.forges("下一步", old, inaccessible=True)
    shown = await li.sees("收到：下一步")
    assert shown.id > old.id
    assert bench.talk.seen[-1].message == str(old.id)


async def test_forged_data_comes_through_as_it_is(bench: Bench, li: Person) -> None:
    await li.forges("x' OR 1=1 --")
    await li.sees("OR 1=1")
    assert bench.talk.seen[-1].press == "x' OR 1=1 --"


async def test_a_toast_alone_draws_nothing(bench: Bench, server: FakeTelegram, li: Person) -> None:
    bench.talk.answers["下一步"] = Answer(toast="这个按钮过期了" * 100)
    press = await li.answered(await li.presses("下一步"))
    assert len(press.toast) == 200
    assert server.calls_of("editMessageText") == []


async def test_the_answer_to_a_press_waits_for_no_limiter(bench: Bench, server: FakeTelegram) -> None:
    await bench.started(rate=0.01, rate_chat=0.01, timing=replace(QUICK, stop_sending=0))
    li, wang = server.person(42), server.person(43)
    await li.says("在吗")
    shown = await li.sees("在吗")
    await wang.says("在吗")  # the bot's only message of the next 100 s is used up: this answer waits
    bench.talk.answers["下一步"] = Answer(toast="好", replies=(Reply(screen("新的一条")),))
    press = await li.answered(await li.presses("下一步", shown))
    assert press.toast == "好"
    assert len(li.chat) + len(wang.chat) == 1


async def test_two_presses_of_one_chat_do_not_interleave_and_two_chats_do(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li, wang = server.person(42), server.person(43)
    li_in, go_on = asyncio.Event(), asyncio.Event()
    log: list[str] = []

    async def slow_for_li(incoming: Incoming) -> None:
        log.append(f"{incoming.text} begins")
        if incoming.text == "李一":
            li_in.set()
            await go_on.wait()
        log.append(f"{incoming.text} ends")

    bench.talk.before = slow_for_li
    await li.says("李一")
    await asyncio.wait_for(li_in.wait(), 5)
    await li.says("李二")
    await wang.says("王一")
    await wang.sees("王一")
    go_on.set()
    await li.sees("李二")
    assert log == ["李一 begins", "王一 begins", "王一 ends", "李一 ends", "李二 begins", "李二 ends"]
