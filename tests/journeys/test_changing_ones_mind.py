"""News while something else is being asked, and words where a button is expected."""

import pytest

from tests.harness import World

pytestmark = pytest.mark.parametrize("world", [World], ids=["engine"], indirect=True)


async def test_money_that_came_back_ends_the_case_whatever_is_being_asked(world: World) -> None:
    for said in ("草莓烂了商家拒绝了", "1", "钱退给我了"):
        await world.say(said)
    assert "问题单1结束了" in world.text


async def test_an_agreement_told_during_the_questions_becomes_a_promise_and_finishes_them(world: World) -> None:
    for said in ("收到的杯子碎了", "1", "和商家谈妥了", "刚刚", "商家答应三天内退20元"):
        await world.say(said)
    assert "还剩 3天，到 11月25日 周三 10:00（按对方说的）" in world.text
    await world.say("/start")
    assert "🔧 1 杯子质量问题：等商家，还剩 3天" in world.text


async def test_a_promise_for_today_is_not_asked_for_its_day_again(world: World) -> None:
    for said in ("手机壳有划痕", "1", "待商家处理", "刚刚", "没有倒计时", "商家同意了", "商家同意退部分", "刚刚"):
        await world.say(said)
    await world.say("退12元，今天到账")
    assert "11月22日 周日 24:00（当天夜里12点）（按对方说的）" in world.text


async def test_an_order_pasted_during_a_question_is_read_and_the_question_comes_back(world: World) -> None:
    for said in ("草莓烂了", "1", "订单编号：261118-123456789012345 实付：39.90元"):
        await world.say(said)
    assert "实付 ¥39.90" in world.text
    await world.say("嗯那个")
    assert "实付 ¥39.90" in world.text
    await world.press("对，没错")
    assert "退款页最上面写的是什么？" in world.text


async def test_nobody_whose_parcel_is_on_its_way_is_asked_when_it_was_signed_for(world: World) -> None:
    for said in ("衣服不喜欢想退", "1", "在路上"):
        await world.say(said)
    assert "准备中（轮到你）" in world.text


async def test_the_reason_of_a_refusal_is_kept_when_it_comes_with_the_answer(world: World) -> None:
    for said in ("买三盒只收到两盒", "1", "被拒了 理由是已全部发出", "昨天下午三点", "1"):
        await world.say(said)
    assert "理由：“已全部发出”" in world.text


async def test_a_sentence_at_the_agent_screen_needs_no_case(world: World) -> None:
    await world.say("人工客服")
    await world.say("水壶不发货")
    assert "你用的是哪种手机？" in world.text
    await world.say("/cases")
    assert world.text.startswith("还没有问题单。")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("改倒计时", "倒计时还剩多少？"),
        ("证据清单", "证据清单，有了0样"),
        ("处理经过", "开了问题单"),
        ("后续流程", "一步不行走下一步"),
        ("发给家人", "转给家人的话"),
        ("设置这一单", "这一单要怎么改？"),
    ],
)
async def test_what_stands_behind_more_is_understood_by_name(world: World, typed: str, shown: str) -> None:
    for said in ("草莓烂了商家拒绝了", "1", "刚刚", "嗯那个", typed):
        await world.say(said)
    assert shown in world.text


async def test_a_reminder_that_quiet_hours_move_is_announced_for_the_morning(world: World) -> None:
    for said in ("电饭煲假货，平台处理中", "1", "昨天"):
        await world.say(said)
    assert "08:00 我提醒你问进度" in world.text


async def _reminded(world: World) -> None:
    for said in ("草莓烂了商家拒绝了", "1", "刚刚"):
        await world.say(said)
    await world.later(hours=24)


async def test_taking_the_words_from_a_reminder_leaves_its_other_buttons_alive(world: World) -> None:
    await _reminded(world)
    reminder = world.last
    await world.press("拿要发的话", reminder)
    await world.press("我做完了", reminder)
    assert "已申请介入" in world.labels


@pytest.mark.parametrize("first", ["1小时后", "我做完了"])
async def test_reminders_can_be_stopped_from_one_that_was_answered(world: World, first: str) -> None:
    await _reminded(world)
    reminder = world.last
    await world.press(first, reminder)
    await world.press("停止提醒", reminder)
    assert "这一单的提醒停了" in world.text
    assert await world.later(days=3) == []


async def test_what_a_typed_undo_did_is_said(world: World) -> None:
    for said in ("草莓烂了商家拒绝了", "1", "刚刚", "/undo"):
        await world.say(said)
    assert world.text.startswith("改回了：记下拒绝时间 11月22日 周日 10:00")


async def test_dates_and_countdowns_of_the_first_sentence_are_shown_back_not_asked_for(world: World) -> None:
    await world.say("草莓烂了，商家今天早上9点拒绝的，倒计时还有1天20小时")
    await world.press("对，没错")
    assert world.text == "我读到：还剩 1天20小时，到 11月24日 周二 06:00。"
    await world.say("/new")
    await world.say("桃子烂了商家昨天下午三点拒绝了")
    await world.press("对，没错")
    assert world.text == "哪天几点拒的？\n\n我读到：11月21日 周六 15:00。"


SOMEWHERE = {
    "the words": ["发给客服的话", "没有，先这样"],
    "a walk": ["教我怎么点"],
    "the pages behind it": ["更多"],
    "a question that was not understood": ["嗯那个啥"],
    "home": ["/start"],
}


@pytest.mark.parametrize("way", SOMEWHERE.values(), ids=SOMEWHERE)
async def test_a_countdown_is_understood_on_every_screen_of_the_case(world: World, way: list[str]) -> None:
    for said in ("草莓烂了一半商家不给退", "1", "昨天下午三点", "1", *way):
        await world.say(said)
    while "没有，先这样" in world.labels:
        await world.press("没有，先这样")
    await world.say("倒计时还剩5小时20分")
    assert world.text == "我读到：还剩 5小时20分，到今天 11月22日 周日 15:20。"
    await world.press("对，没错")
    assert "（按 App 倒计时）" in world.text


async def test_what_is_no_countdown_is_still_asked_about(world: World) -> None:
    for said in ("草莓烂了一半商家不给退", "1", "昨天下午三点", "1", "更多", "还剩三个苹果"):
        await world.say(said)
    assert "“还剩三个苹果”是指？" in world.text
