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


async def test_it_interrupts_a_question_and_gives_it_back(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.say("客服说加我微信退给我")
    assert world.text.startswith("🔴")
    await world.press("是我误会了")
    assert "哪天几点拒的？" in world.text


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
