"""Part offers and promises: shown, answered, followed up on the minute, quoted when broken."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conversation.desk import at
from tests.conversation.test_answers import waiting
from tests.conversation.test_words import copies
from tests.harness import World
from tests.journeys.steps import check_screen


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path)
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.say("昨天下午三点")
    await world.press("对，没错")
    yield world
    await world.close()


# --- part offers ----------------------------------------------------------------------------------------------------


def test_a_part_offer_is_shown_as_a_share_and_what_is_given_up() -> None:
    desk = waiting()
    desk.say("商家：给您补偿12元可以吗")
    assert desk.lines[3:] == [
        "商家给 ¥12.00，是实付 ¥39.90 的三成。",
        "如果答应就此了结，剩下的 ¥27.90 就算放弃。收不收你定。",
    ]
    desk.press("我收下")
    assert copies(desk) == [
        "您好，订单261118-123456789012345。退12.00元可以。请在11月23日18:00前退到账，到账以前申请先不撤。谢谢。"
    ]
    desk.press("我已经发了")
    state = desk.state()
    assert (state.stage, state.facts["promised_amount"]) == ("remedy_promised", 1200)
    assert [(each.what, each.about) for each in state.ledger.open] == [("退12.00元", "part")]


def test_refused_and_countered() -> None:
    desk = waiting()
    desk.say("商家：给您补偿12元可以吗")
    desk.press("我不收")
    assert "退12.00元不接受。" in copies(desk)[0]
    desk.go("reply:1")
    desk.press("还个价")
    for wrong, note in (("10元", "已经给 ¥12.00 了"), ("50元", "退款不会超过实付"), ("很多", "比如：")):
        desk.say(wrong)
        assert note in desk.lines[0]
    desk.say("30")
    assert "退12.00元不够。" in copies(desk)[0]
    assert "请退款30.00元" in copies(desk)[0]
    desk.press("我已经发了")
    assert desk.state().stage == "waiting_merchant"


ABOVE = "商家给 ¥100.00，比实付 ¥39.90 还多。退款不会超过实付，先在 App 里核对，别急着答应。"
TAKE = ["我收下", "我不收", "还个价"]


@pytest.mark.parametrize(
    ("text", "line", "labels"),
    [
        ("补偿您0元", "商家给的是 0 元，等于不退。", ["我不收", "还个价"]),
        ("给您退100元", ABOVE, ["问清退多少"]),
        ("给您退一部分可以吗", "商家只说退一部分，没说多少。知道就打给我，比如：12元", ["问清退多少", *TAKE[1:]]),
        ("给您退三分之一", "商家给大约三分之一，合 ¥13.16，实付是 ¥39.90。", TAKE),
        ("给您退一半", "商家给一半，合 ¥19.95，实付是 ¥39.90。", TAKE),
        ("退您5元，最多给您退10元", "里面有几个数，我看的是 ¥10.00。不对就把数打给我，比如：12元", TAKE),
    ],
)  # fmt: skip
def test_odd_offers(text: str, line: str, labels: list[str]) -> None:
    desk = waiting()
    desk.go("merchant_answer:1")
    desk.say(text)
    assert desk.lines[3] == line
    assert desk.labels == [*labels, "不是这个意思", "回问题单"]


def test_a_missing_price_is_asked_for_and_a_missing_sum_can_be_typed() -> None:
    desk = waiting(amount=None)
    desk.say("商家：给您补偿12元可以吗")
    assert desk.lines[3] == "商家给 ¥12.00。实付没记，算不出是几成。把实付打给我，比如：39.90元"
    desk.say("39.90元")
    assert "商家给 ¥12.00，是实付 ¥39.90 的三成。" in desk.text
    desk.say("商家：给您退一部分可以吗")
    desk.say("20元")
    assert "商家给 ¥20.00，是实付 ¥39.90 的一半。" in desk.text


# --- promises -------------------------------------------------------------------------------------------------------


def test_a_promise_is_read_back_shown_on_the_card_and_in_its_list() -> None:
    desk = waiting()
    desk.say("客服：已反馈，24小时内给您答复")
    assert "客服说的时间，我读成：明天 11月23日 周一 10:00 前。到时我提醒你看。" in desk.lines
    desk.press("对，没错")
    assert "客服说“已反馈，24小时内给您答复”，到明天 11月23日 周一 10:00 前。" in desk.lines
    desk.say("说好的事")
    assert desk.place == "ledger:1"
    assert desk.lines[2] == "1. 客服说“已反馈，24小时内给您答复”，到明天 11月23日 周一 10:00 前"
    assert desk.labels == ["第1件", "返回"]


def test_a_time_that_was_read_wrongly_is_typed_again() -> None:
    desk = waiting()
    desk.say("商家：明天下午三点给您答复")
    desk.press("时间不对")
    desk.say("后天中午12点")
    assert "好，11月24日 周二 12:00 前。到时我提醒你。" in desk.text
    (promise,) = desk.state().ledger.open
    assert promise.until is not None
    assert promise.until.at == at(24, 12)


def test_several_promises_run_side_by_side_and_a_new_answer_keeps_the_one_to_answer() -> None:
    desk = waiting()
    desk.say("客服：24小时内给您答复")
    desk.say("商家：明天下午三点给您补发")
    assert [each.who for each in desk.state().ledger.open] == ["service", "merchant"]
    desk.say("客服：商家的说法属实，无法处理")
    assert [(each.who, each.status) for each in desk.state().ledger.promises] == [
        ("service", "kept"),
        ("merchant", "open"),
    ]


def test_an_agents_new_time_takes_the_place_of_the_old_one() -> None:
    desk = waiting()
    desk.say("客服：24小时内给您答复")
    desk.later(hours=20)
    desk.say("客服：还在核实，48小时内给您答复")
    (promise,) = desk.state().ledger.promises
    assert promise.until is not None
    assert promise.until.at == at(25, 6)


async def test_it_is_followed_up_on_the_minute_and_quoted_when_broken(world: World) -> None:
    await world.say("客服：已反馈，24小时内给您答复")
    await world.restart()
    came = await world.later(hours=24)
    (reminder,) = [each for each in came if "客服说的时间到了" in each.text]
    assert "说的是“已反馈，24小时内给您答复”" in reminder.text
    assert reminder.labels == ["做到了", "没做到", "明早9点", "停止提醒"]
    check_screen(reminder)
    await world.press("没做到", reminder)
    (piece,) = [choice.copy for choice in world.last.buttons if choice.copy]
    assert (
        "11月22日10:00客服说“已反馈，24小时内给您答复”，就是11月23日10:00前。到11月23日10:00，没有收到答复。" in piece
    )
    await world.say("说好的事")
    assert "没做到" in world.text


async def test_kept_it_is_dropped(world: World) -> None:
    await world.say("客服：已反馈，24小时内给您答复")
    await world.say("说好的事")
    await world.press("第1件")
    await world.press("做到了")
    assert world.text.startswith("好，记下做到了。")
    assert [each for each in await world.later(hours=30) if "说的时间到了" in each.text] == []


async def test_moved_it_is_followed_up_at_the_new_time_and_at_night_in_the_morning(world: World) -> None:
    await world.say("客服：已反馈，24小时内给您答复")
    await world.say("说好的事")
    await world.press("第1件")
    await world.say("明天晚上11点")
    assert "好，新的时间：明天 11月23日 周一 23:00 前。到时我提醒你。" in world.text
    came = await world.later(hours=24)
    assert [each for each in came if "客服说的时间到了" in each.text] == []
    came = await world.later(hours=22)
    assert world.now == at(24, 8)
    assert len([each for each in came if "客服说的时间到了" in each.text]) == 1


async def test_what_was_sent_back_is_followed_up_until_they_answer(world: World) -> None:
    await world.say("商家：影响二次销售，不退")
    await world.press("拿回的话")
    await world.press("我已经发了")
    assert "记下了。明天 11月23日 周一 18:00 前没答复，我提醒你。" in world.text
    came = await world.later(hours=33)
    (reminder,) = [each for each in came if "你要的答复时间到了" in each.text]
    assert reminder.labels == ["有答复了", "拿要发的话", "明早9点", "停止提醒"]
    await world.press("有答复了", reminder)
    assert "商家怎么说的？" in world.text


async def test_undo_takes_the_answer_and_its_promise_back(world: World) -> None:
    await world.say("客服：已反馈，24小时内给您答复")
    await world.say("改回上一步")
    assert (await world.case()).entries[-1].kind == "undo"
    assert [each for each in await world.later(hours=30) if "说的时间到了" in each.text] == []


async def test_the_time_of_what_was_sent_back_does_not_move_by_looking(world: World) -> None:
    await world.say("商家：影响二次销售，不退")
    await world.press("拿回的话")
    await world.press("我已经发了")
    await world.later(hours=3)
    await world.say("谢谢")
    assert [entry.kind for entry in (await world.case()).entries].count("asked") == 1


async def test_an_offer_taken_survives_a_restart_and_is_followed_up(world: World) -> None:
    await world.say("商家：给您补偿12元可以吗")
    await world.restart()
    assert "¥12.00" in world.text
