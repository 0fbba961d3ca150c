"""What a person does arrives as a value, and the answer stands in the chat."""

from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from bot.messages import Answer, Choice, Incoming, Reply, Screen
from tests.channels.telegram.conftest import NOW, Bench, screen
from tests.fakes.telegram_api import FakeTelegram


async def test_a_first_conversation(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)

    await li.says("/start")
    first = await li.sees("收到：/start")
    assert first.buttons == ["下一步", "返回"]

    press = await li.presses("下一步")
    shown = await li.sees("收到：下一步")
    await li.answered(press)
    assert (shown.id, shown.edited, press.toast) == (first.id, 1, "好，下一步")
    assert len(li.chat) == 1
    assert [call.params["link_preview_options"] for call in server.calls_of("sendMessage")] == ['{"is_disabled":true}']


async def test_what_is_typed_is_dated_by_telegram_and_what_is_pressed_by_our_clock(bench: Bench) -> None:
    said = datetime(2026, 11, 22, 9, 59, 58, tzinfo=UTC)
    async with FakeTelegram(clock=lambda: said) as server:
        await bench.started(api_url=server.url)
        li = server.person(42)
        typed = await li.says("草莓烂了一半")
        await li.sees("草莓")
        press = await li.presses("返回")
        await li.sees("收到：返回")
        first, second = bench.talk.seen
        assert first == Incoming("telegram:8001", "telegram:42", said, "text", "草莓烂了一半", message=str(typed.id))
        assert second == Incoming(
            "telegram:8002", "telegram:42", NOW, "press", press="返回", message=str(press.message.id)
        )
        await bench.channels[0].stop()


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("/start", "command", "/start"),
        ("/start@jieru_test_bot c_3", "command", "/start c_3"),
        ("/start new_spoiled", "command", "/start new_spoiled"),
        ("我要/退款", "text", "我要/退款"),
        ("商家@我", "text", "商家@我"),
        ("好" * 4096, "text", "好" * 4096),
    ],
)
async def test_words_and_commands(bench: Bench, server: FakeTelegram, typed: str, kind: str, text: str) -> None:
    bench.talk.answers[text] = Answer(replies=(Reply(screen("好")),))
    await bench.started()
    li = server.person(42)
    await li.says(typed)
    await li.sees("好")
    assert [(one.kind, one.text) for one in bench.talk.seen] == [(kind, text)]


async def test_an_edited_message_names_the_message_that_it_corrects(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    typed = await li.says("三天前申请的")
    await li.sees("三天前")
    await li.edits(typed, "四天前申请的")
    await li.sees("四天前")
    assert [(one.text, one.message, one.edited) for one in bench.talk.seen] == [
        ("三天前申请的", str(typed.id), False),
        ("四天前申请的", str(typed.id), True),
    ]


async def test_what_telegram_itself_notes_and_what_is_unknown_passes_by(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    await li.says("在吗")
    await li.sees("在吗")
    described = server.describe(li, li.chat[0])
    await li.sends("pinned_message", **described)
    server.kinds = None  # Telegram sends kinds that were asked for before for a while
    server.push("something_new", {"chat": li.place, "deep": [1, 2]})
    server.push("edited_message", described | {"text": None, "location": {"latitude": 1.0, "longitude": 2.0}})
    server.push("message", {"message_id": "not a number", "chat": 7})  # PTB cannot read it
    await li.says("还在")
    await li.sees("还在")
    await server.all_confirmed()
    assert [one.text for one in bench.talk.seen] == ["在吗", "还在"]


async def test_rich_text_copy_buttons_and_several_screens(bench: Bench, server: FakeTelegram) -> None:
    letter = "订单261118，<b>不是</b>标签 & 符号"
    bench.talk.answers["/start"] = Answer(
        replies=(
            Reply(Screen(Markup("<b>发给客服</b>\n<pre>{}</pre>").format(letter), ((Choice("复制", copy=letter),),))),
            Reply(screen("第二条")),
        )
    )
    await bench.started()
    li = server.person(42)
    await li.says("/start")
    await li.sees("第二条")
    assert [one.text for one in li.chat] == [f"发给客服\n{letter}", "第二条"]
    assert [entity["type"] for entity in li.chat[0].entities] == ["bold", "pre"]
    assert li.copies("复制") == letter
    assert [call.params.get("reply_markup") for call in server.calls_of("sendMessage")][1] is None


async def test_a_screen_without_choices_takes_the_buttons_away(bench: Bench, server: FakeTelegram) -> None:
    bench.talk.answers["返回"] = Answer(replies=(Reply(screen("完了"), edit=True),))
    await bench.started()
    li = server.person(42)
    await li.says("在吗")
    await li.presses("返回")
    shown = await li.sees("完了")
    assert (shown.buttons, len(li.chat)) == ([], 1)


async def test_commands_and_descriptions_are_set(bench: Bench, server: FakeTelegram) -> None:
    server.faults.next("setMyCommands", 502)
    server.faults.next("setMyDescription", 429, retry_after=0.05)
    await bench.started()
    await server.called("setMyShortDescription")
    assert server.commands == [
        {"command": "start", "description": "开始"},
        {"command": "cases", "description": "我的问题单"},
    ]
    assert server.descriptions == {
        "description": "从申请退款到平台介入，一步一步带你走。",
        "short_description": "退款和平台介入助手",
    }
