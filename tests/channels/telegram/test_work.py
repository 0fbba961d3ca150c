"""Slow work: how far it is, and what came of it."""

import asyncio
import logging
from dataclasses import replace

import pytest
from markupsafe import Markup

from bot.channels.telegram import TelegramChannel
from bot.messages import Answer, Attachment, Reply, Screen
from tests.channels.telegram.conftest import QUICK, Bench, screen
from tests.fakes.telegram_api import FakeTelegram


async def tells(channel: TelegramChannel, job: int, *texts: str, chat: str = "42") -> None:
    for text in texts:
        await channel.progress(chat, job, screen(text, "不做了"))


async def test_an_outcome_comes_in_new_messages(bench: Bench, server: FakeTelegram) -> None:
    channel = await bench.started()
    li = server.person(42)
    await li.says("给我")
    asked = await li.sees("给我")
    replies = (
        Reply(screen("打包好了", "返回"), edit=True, file=Attachment("全部.zip", "application/zip", b"PK")),
        Reply(screen("问题单3"), edit=True),
    )
    await channel.answer("42", Answer(replies=replies))
    shown = await li.sees("问题单3")
    assert [one.text for one in li.chat] == ["收到：给我", "打包好了", "问题单3"]
    assert (asked.edited, shown.edited) == (0, 0)


async def test_an_outcome_goes_before_reminders(bench: Bench, server: FakeTelegram) -> None:
    channel = await bench.started(rate=2)
    late = [server.person(1000 + number) for number in range(4)]
    server.person(42)
    sending = asyncio.gather(*(channel.send(str(one.number), screen("提醒")) for one in late))
    await server.called("sendMessage", 2)
    await channel.answer("42", Answer(replies=(Reply(screen("打包好了")),)))
    await sending
    assert [call.chat for call in server.calls_of("sendMessage")].index(42) == 2


async def test_an_outcome_without_a_screen_and_one_for_nobody(bench: Bench, server: FakeTelegram) -> None:
    channel = await bench.started()
    li = server.person(42)
    await channel.answer("42", Answer(toast="好"))
    await channel.answer("小李", Answer(replies=(Reply(screen("好")),)))
    await channel.progress("小李", 1, screen("1/2"))
    await channel.answer("42", Answer(replies=(Reply(screen("后面的")),)))
    await li.sees("后面的")
    assert [call.method for call in server.calls if call.chat is not None] == ["sendMessage"]


async def test_progress_is_one_message(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    li = server.person(42)
    for text in ("正在打包：1/3", "正在打包：2/3", "正在打包：3/3"):
        await tells(channel, 7, text)
        await li.sees(text)
    assert [(one.text, one.buttons, one.edited) for one in li.chat] == [("正在打包：3/3", ["不做了"], 2)]


async def test_what_was_overtaken_is_not_drawn_and_the_last_always_is(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel(timing=replace(QUICK, progress=0.3))
    li = server.person(42)
    await tells(channel, 7, "1/9")
    await li.sees("1/9")
    await tells(channel, 7, *(f"{done}/9" for done in range(2, 10)))
    await li.sees("9/9")
    (first,), (second,) = server.calls_of("sendMessage"), server.calls_of("editMessageText")
    assert second.at - first.at >= 0.29
    assert second.params["text"] == "9/9"


async def test_two_jobs_side_by_side_have_a_message_each(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    li = server.person(42)
    await tells(channel, 7, "打包 1/2")
    await tells(channel, 8, "认字 1/2")
    await li.sees("认字 1/2")
    await tells(channel, 7, "打包 2/2")
    await tells(channel, 8, "认字 2/2")
    await li.sees("认字 2/2")
    assert [(one.text, one.edited) for one in li.chat] == [("打包 2/2", 1), ("认字 2/2", 1)]


async def test_two_jobs_share_the_pace_of_their_chat_and_two_chats_do_not(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel(timing=replace(QUICK, progress=0.3))
    li, wang = server.person(42), server.person(43)
    await tells(channel, 7, "打包 1/2")
    await tells(channel, 8, "认字 1/2")
    await tells(channel, 9, "王的 1/2", chat="43")
    await wang.sees("王的")
    await li.sees("认字")
    packing, wangs, reading = server.calls_of("sendMessage")
    assert (packing.chat, wangs.chat, reading.chat) == (42, 43, 42)
    assert reading.at - packing.at >= 0.29
    assert wangs.at - packing.at < 0.29


async def test_the_same_again_is_no_error(bench: Bench, server: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    channel = bench.channel()
    li = server.person(42)
    for _ in range(2):
        await tells(channel, 7, "1/3")
        await li.sees("1/3", since=0)
    await server.called("editMessageText")
    await tells(channel, 7, "2/3")
    await li.sees("2/3")
    assert [call.status for call in server.calls_of("editMessageText")] == [400, 200]
    assert ([record for record in caplog.records if record.levelno >= logging.WARNING], len(li.chat)) == ([], 1)


async def test_a_deleted_progress_goes_on_in_a_new_message(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    li = server.person(42)
    await tells(channel, 7, "1/3")
    await li.deletes(await li.sees("1/3"))
    for text in ("2/3", "3/3"):
        await tells(channel, 7, text)
        await li.sees(text)
    assert [(one.text, one.edited) for one in li.chat] == [("3/3", 1)]


async def test_progress_survives_the_weather(bench: Bench, server: FakeTelegram) -> None:
    server.faults.html("sendMessage")
    server.faults.drop("sendMessage")
    server.faults.next("editMessageText", 429, retry_after=0.05)
    server.faults.next("editMessageText", 500)
    channel = bench.channel()
    li = server.person(42)
    await tells(channel, 7, "1/2")
    await li.sees("1/2")
    await tells(channel, 7, "2/2")
    await li.sees("2/2")
    assert [(one.text, one.edited) for one in li.chat] == [("2/2", 1)]


async def test_progress_that_cannot_be_shown_raises_nothing(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel()
    li, wang = server.person(42), server.person(43)
    li.blocked = True
    await tells(channel, 7, "1/2")
    await channel.progress("43", 8, Screen(Markup("<b>没关上")))
    await server.called("sendMessage", 2)
    server.faults.next("sendMessage", 500, times=5)
    await tells(channel, 9, "1/2", chat="43")
    await server.called("sendMessage", 7)
    await tells(channel, 9, "2/2", chat="43")
    await wang.sees("2/2")
    assert [one.text for one in wang.chat] == ["2/2"]


def drawing() -> list[asyncio.Task[object]]:
    return [task for task in asyncio.all_tasks() if task.get_name() == "telegram progress"]


async def test_stopping_leaves_nothing_behind(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel(timing=replace(QUICK, progress=30))
    li = server.person(42)
    await tells(channel, 7, "1/2")
    await li.sees("1/2")
    await tells(channel, 7, "2/2")
    assert len(drawing()) == 1
    await channel.stop()
    await tells(channel, 7, "2/2")
    await channel.answer("42", Answer(replies=(Reply(screen("好")),)))
    assert [one.text for one in li.chat] == ["1/2"]
    assert drawing() == []
