"""Words of swindlers come before everything else; harmless words do not."""

import pytest

from tests.harness import World

pytestmark = pytest.mark.parametrize("world", [World], ids=["engine"], indirect=True)


@pytest.mark.parametrize(
    "text",
    [
        "商家让我加微信转账退款",
        "客服要我共享屏幕操作",
        "他问我要验证码",
        "说要下载腾讯会议帮我退",
        "让我把钱转到安全账户",
    ],
)
async def test_it_stops_and_names_the_words(world: World, text: str) -> None:
    await world.say(text)
    assert world.text.startswith("🔴 先停一下，这段话像诈骗")
    await world.press("已经转钱了")
    assert "马上打110" in world.text


async def test_the_kind_adds_one_line_within_six(world: World) -> None:
    await world.say("客服说打开屏幕共享，加我微信，再把验证码发过去")
    assert world.text.splitlines() == [
        "🔴 先停一下，这段话像诈骗：“打开屏幕共享”“加我微信”“把验证码发”",
        "官方客服不会让你转钱、共享屏幕、报验证码。",
        "① 别加、别点、别转 ② 挂断，关掉共享 ③ 回拼多多 App 找「官方客服」核实",
        "验证码、密码谁问都别报。",
    ]
    assert world.labels == ["已经转钱了", "是我误会了", "回问题单"]


async def test_if_money_is_gone_the_police_come_first_then_the_bank(world: World) -> None:
    await world.say("让我把钱转到安全账户")
    await world.say("已经转了")
    assert world.text == "第1步/共4步 · 钱已经转了\n马上打110，再打银行卡背面的电话。聊天记录别删。"
    await world.press("下一步")
    assert "打银行卡背面的电话" in world.text
    await world.restart()
    await world.press("下一步")
    assert world.text.splitlines()[1:] == [
        "回拼多多 App，找「官方客服」，把这件事告诉平台。",
        "一般是：官方客服不会让你转钱、共享屏幕、报验证码；遇到就挂断，回 App 核实，以 App 显示为准。",
    ]
    await world.press("下一步")
    assert "都别删" in world.text
    await world.press("回问题单")
    assert "哪里不对" in world.text


async def test_it_interrupts_a_question_and_the_answer_in_it_is_not_lost(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    assert "哪天几点拒的？" in world.text
    await world.say("昨天下午三点拒的，让我加微信退")
    assert world.text.startswith("🔴")
    await world.restart()
    await world.press("是我误会了")
    assert "我读到：11月21日 周六 15:00" in world.text
    await world.press("对，没错")
    await world.say("昨天下午三点拒的，让我加微信退")
    assert "🔴" not in world.text


async def test_what_was_no_fraud_is_understood_as_if_typed_now(world: World) -> None:
    await world.say("草莓烂了一半，商家让我加微信退款")
    assert world.text.startswith("🔴")
    await world.press("是我误会了")
    assert "草莓" in world.text or "坏" in world.text
    assert "没看懂" not in world.text


async def test_another_text_of_a_swindler_is_warned_of_again(world: World) -> None:
    await world.say("商家让我加微信转账退款")
    await world.press("是我误会了")
    await world.say("他又让我打开屏幕共享退款")
    assert world.text.startswith("🔴")
    await world.say("还问我要验证码，说发给他")
    assert world.text.startswith("🔴")
    await world.press("回问题单")
    assert "🔴" not in world.text


async def test_a_caption_is_read_before_the_picture_is_named(world: World) -> None:
    await world.say("水壶一直不发货")
    for answer in ("对，没错", "48小时内", "待商家处理", "刚刚"):
        await world.press(answer)
    await world.photo("chat", text="加微信给你退款")
    assert world.text.startswith("🔴 先停一下，这段话像诈骗：“加微信”")
    await world.press("回问题单")
    await world.say("证据清单")
    assert "证据1" in world.text


async def test_correcting_a_message_is_read_too(world: World) -> None:
    await world.say("水壶一直不发货")
    await world.edit("typed1", "加我微信，转账退款")
    assert world.text.startswith("🔴")


async def test_the_end_of_a_very_long_text_is_read_too(world: World) -> None:
    await world.say("水壶一直不发货。" * 420 + "加我微信，转账退款")
    assert world.text.startswith("🔴")


@pytest.mark.parametrize("text", ["用微信付的钱", "退款退到微信零钱了吗", "商家微信客服不理我", "我在银行上班"])
async def test_harmless_words_pass(world: World, text: str) -> None:
    await world.say(text)
    assert "🔴" not in world.text


async def test_asked_to_withdraw_is_warned_of(world: World) -> None:
    await world.say("水壶一直不发货")
    for answer in ("对，没错", "48小时内", "待商家处理", "刚刚"):
        await world.press(answer)
    await world.say("商家让我先撤销申请")
    assert "先别撤" in world.text


async def test_everyday_questions_lead_on(world: World) -> None:
    await world.say("退款")
    assert "哪里不对？" in world.text
    await world.say("嘎嘎嘎")
    assert "没看懂" in world.text
    assert "没发货" in world.labels
    await world.say("水壶一直不发货")
    for answer in ("对，没错", "48小时内", "待商家处理", "刚刚"):
        await world.press(answer)
    for text in ("怎么办", "钱呢", "好的"):
        await world.say(text)
        assert "待商家处理" in world.text, text
