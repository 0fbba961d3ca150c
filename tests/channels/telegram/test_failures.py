"""Telegram refuses, hangs, is away; people block the bot."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from markupsafe import Markup

from bot.messages import Answer, Choice, Rejected, Reply, Retry, Screen, Sent, Unreachable
from tests.channels.telegram.conftest import QUICK, Bench, screen
from tests.fakes.telegram_api import FakeTelegram


async def test_an_answer_survives_the_weather(bench: Bench, server: FakeTelegram) -> None:
    server.faults.html("sendMessage", 502)
    server.faults.next("sendMessage", 500)
    server.faults.drop("sendMessage")
    await bench.started()
    li = server.person(42)
    await li.says("在吗")
    await li.sees("在吗")
    assert [call.status for call in server.calls_of("sendMessage")] == [502, 500, 0, 200]


async def test_a_hanging_send_is_tried_again(bench: Bench, server: FakeTelegram) -> None:
    server.faults.hang("sendMessage")
    await bench.started(timing=replace(QUICK, request=0.3))
    li = server.person(42)
    await li.says("在吗")
    await li.sees("在吗")
    assert len(li.chat) == 1


async def test_an_edit_whose_answer_was_lost_is_not_drawn_twice(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    await li.says("在吗")
    await li.sees("在吗")
    server.faults.lose_answer("editMessageText")
    await li.presses("下一步")
    await li.sees("收到：下一步")
    await server.called("editMessageText", 2)
    assert [(one.text, one.edited) for one in li.chat] == [("收到：下一步", 1)]


async def test_a_drawing_is_given_up_and_the_next_one_comes(bench: Bench, server: FakeTelegram) -> None:
    server.faults.next("sendMessage", 500, times=5)
    await bench.started()
    li = server.person(42)
    await li.says("一")
    await server.called("sendMessage", 5)
    await li.says("二")
    await li.sees("二")
    assert [one.text for one in li.chat] == ["收到：二"]


async def test_a_429_holds_back_only_its_chat(bench: Bench, server: FakeTelegram) -> None:
    server.faults.next("sendMessage", 429, retry_after=0.3, chat=42)
    await bench.started()
    li, wang = server.person(42), server.person(43)
    await li.says("李")
    await server.called("sendMessage")
    await wang.says("王")
    await wang.sees("王")
    assert li.chat == []
    await li.sees("李")
    refused, others, after = server.calls_of("sendMessage")
    assert (refused.status, others.chat, after.chat) == (429, 43, 42)
    assert after.at - refused.at >= 0.2


async def test_429s_of_three_chats_hold_the_bot_back(bench: Bench, server: FakeTelegram) -> None:
    for chat in (41, 42, 43):
        server.faults.next("sendMessage", 429, retry_after=0.3, chat=chat)
    await bench.started()
    persons = [server.person(number) for number in (41, 42, 43, 44)]
    for person in persons[:3]:
        await person.says("在吗")
    await server.called("sendMessage", 3)
    held_at = server.calls_of("sendMessage")[2].at
    await persons[3].says("在吗")
    for person in persons:
        await person.sees("在吗")
    assert min(call.at for call in server.calls_of("sendMessage")[3:]) - held_at >= 0.2


async def test_who_has_blocked_the_bot_is_noted_and_comes_back(bench: Bench, server: FakeTelegram) -> None:
    channel = await bench.started()
    li = server.person(42)
    await li.says("在吗")
    await li.sees("在吗")
    await li.blocks()
    await server.all_confirmed()
    assert (bench.unreachable, bench.reachable) == (["telegram:42"], [])
    assert await channel.send("42", screen("提醒")) == Unreachable()
    await li.unblocks()
    await server.all_confirmed()
    assert bench.reachable == ["telegram:42"]
    assert await channel.send("42", screen("提醒")) == Sent()
    assert [one.text for one in li.chat] == ["收到：在吗", "提醒"]


async def test_a_reply_that_meets_a_block_is_noted(bench: Bench, server: FakeTelegram) -> None:
    bench.talk.answers["在吗"] = Answer(replies=(Reply(screen("一")), Reply(screen("二"))))
    await bench.started()
    li = server.person(42)
    li.blocked = True
    await li.says("在吗")
    await bench.told()
    assert bench.unreachable == ["telegram:42"]
    assert len(server.calls_of("sendMessage")) == 1


async def test_a_reply_of_ours_that_telegram_refuses_stops_nothing(bench: Bench, server: FakeTelegram) -> None:
    bench.talk.answers["坏"] = Answer(replies=(Reply(Screen(Markup("<b>没关上"))), Reply(screen("后面的"))))
    await bench.started()
    li = server.person(42)
    await li.says("坏")
    await li.sees("后面的")


@pytest.mark.parametrize(
    ("status", "options", "delivery"),
    [
        (429, {"retry_after": 7}, Retry(timedelta(seconds=7))),
        (500, {}, Retry(timedelta(seconds=15))),
        (502, {}, Retry(timedelta(seconds=15))),
        (403, {}, Unreachable()),
        (403, {"description": "Forbidden: user is deactivated"}, Unreachable()),
        (400, {"description": "Bad Request: chat not found"}, Unreachable()),
        (400, {"description": "Bad Request: can't parse entities: 小李的订单"}, Rejected("can't parse entities")),
        (400, {"description": "Bad Request: 小李"}, Rejected("bad request")),
        (401, {}, Retry(timedelta(minutes=10))),
    ],
)
async def test_what_becomes_of_a_reminder(
    bench: Bench, server: FakeTelegram, status: int, options: dict[str, object], delivery: object
) -> None:
    channel = await bench.started()
    server.person(42)
    server.faults.next("sendMessage", status, **options)  # type: ignore[arg-type]
    assert await channel.send("42", screen("提醒")) == delivery
    assert len(server.calls_of("sendMessage")) == 1


async def test_what_becomes_of_a_reminder_in_bad_weather(bench: Bench, server: FakeTelegram) -> None:
    channel = await bench.started(timing=replace(QUICK, request=0.3))
    server.person(42)
    soon = Retry(timedelta(seconds=15))
    server.faults.html("sendMessage")
    assert await channel.send("42", screen("提醒")) == soon
    server.faults.drop("sendMessage")
    assert await channel.send("42", screen("提醒")) == soon
    server.faults.hang("sendMessage")
    assert await channel.send("42", screen("提醒")) == soon
    await server.stop()
    assert await channel.send("42", screen("提醒")) == soon
    await server.start()
    assert await channel.send("42", screen("提醒")) == Sent()
    assert await channel.send("99", screen("提醒")) == Unreachable()
    assert await channel.send("小李", screen("提醒")) == Rejected("not the number of a chat")
    assert await channel.send("42", screen("长" * 4097)) == Rejected("message is too long")
    much = Screen(Markup("x"), ((Choice("x", press="长" * 22),),))
    assert await channel.send("42", much) == Rejected("button_data_invalid")


async def test_a_reminder_to_a_held_chat_comes_back_at_once(bench: Bench, server: FakeTelegram) -> None:
    channel = await bench.started()
    server.person(42), server.person(43)
    server.faults.next("sendMessage", 429, retry_after=60, chat=42)
    await channel.send("42", screen("提醒"))
    again = await channel.send("42", screen("提醒"))
    assert isinstance(again, Retry)
    assert timedelta(seconds=58) < again.after <= timedelta(seconds=60)
    assert await channel.send("43", screen("提醒")) == Sent()
    assert len(server.calls_of("sendMessage")) == 2


async def test_answers_go_before_a_backlog_of_reminders(bench: Bench, server: FakeTelegram) -> None:
    channel = await bench.started(rate=20)
    late = [server.person(1000 + number) for number in range(60)]
    li = server.person(42)
    sending = asyncio.gather(*(channel.send(str(one.number), screen("提醒")) for one in late))
    await server.called("sendMessage", 20)
    await li.says("在吗")
    assert await sending == [Sent()] * 60
    (index,) = [index for index, call in enumerate(server.calls_of("sendMessage")) if call.chat == 42]
    # Reminders leave one after another; those that left while the answer was on its way do not count.
    assert 20 <= index < 60


async def test_in_a_group_it_says_so_once_and_listens_to_nothing(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li, group = server.person(42), server.group(-100)
    await group.hears(li, "/start@jieru_test_bot")
    await group.hears(li, "在吗")
    press = await group.presses(li, "下一步")
    await li.answered(press)
    await server.all_confirmed()
    await li.says("私聊")
    await li.sees("私聊")
    assert [one.text for one in group.chat] == ["我只在私聊里用，点我头像再点发消息。"]
    assert [one.text for one in bench.talk.seen] == ["私聊"]
