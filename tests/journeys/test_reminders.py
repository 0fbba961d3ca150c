"""Reminders arrive, say what they must, and can be moved, stopped and answered."""

from datetime import timedelta

from bot.messages import Rejected, Retry, Unreachable
from tests.harness import World
from tests.journeys.test_stale_buttons import rejected


async def test_an_own_deadline_is_told_in_time_and_repeated(world: World) -> None:
    await rejected(world)
    came = await world.later(hours=29)
    assert len(came) >= 2
    first = came[0].text.split("\n")
    assert first[0] == "⏰ 介入助手 · 问题单1 草莓坏果"
    assert "商家已拒绝" in first[1]
    assert "11月23日 周一 15:00（估计，不是平台规定）" in first[1]
    assert first[2] == "不处理：这次申请可能被关闭。"
    assert first[3].startswith("现在花2分钟：① ")
    assert first[-1] == "不想再收到这一单的，点“停止提醒”。"
    assert came[0].labels == ["我做完了", "拿要发的话", "1小时后", "停止提醒"]
    assert all(len(each.labels) <= 4 for each in came)


async def test_nothing_comes_at_night(world: World) -> None:
    await rejected(world)
    await world.later(hours=60)
    times = [each for each in world.chat.messages if each.reminder]
    assert times


async def test_the_next_rung_opens_when_the_merchants_time_is_over(world: World) -> None:
    await world.say("水壶一直不发货")
    await world.press("对，没错")
    await world.press("不知道")
    await world.press("待商家处理")
    await world.press("刚刚")
    assert "到时间没处理" in world.text
    (came,) = await world.later(hours=48, seconds=1)
    assert "商家的时间到了：今天 11月24日 周二 10:00（估计，不是平台规定）" in came.text
    assert came.labels == ["退款到账了", "还没处理", "明早9点", "停止提醒"]
    await world.press("还没处理")
    assert "待商家处理" in world.text


async def test_snoozing_again_and_again_but_never_past_the_end(world: World) -> None:
    await rejected(world)
    await world.later(hours=24)
    reminder = world.last
    await world.press("1小时后", reminder)
    assert "今天 11月23日 周一" in world.text
    (again,) = [each for each in await world.later(hours=1, minutes=1) if "1小时后" in each.labels]
    await world.press("1小时后", again)
    await world.press("改个时间")
    assert "今晚8点" not in world.labels
    await world.say("今晚9点半")
    assert "那时截止已经过了" in world.text
    await world.say("1小时前")
    await world.later(hours=10)


async def test_a_double_tap_on_a_reminder_counts_once(world: World) -> None:
    await rejected(world)
    await world.later(hours=24)
    reminder = world.last
    await world.press("1小时后", reminder)
    rows = (await world.dossier()).reminders
    await world.press("1小时后", reminder)
    assert (await world.dossier()).reminders == rows


async def test_stop_stops_and_the_card_says_so(world: World) -> None:
    await rejected(world)
    await world.later(hours=24)
    await world.press("停止提醒", world.last)
    assert "这一单的提醒停了" in world.text
    assert await world.later(days=9) == []


async def test_late_is_said_to_be_late(world: World) -> None:
    await rejected(world)
    world.now += timedelta(hours=23)
    await world.restart()
    came = await world.later(minutes=1)
    assert "（这条晚了" in came[0].text
    assert "对不起" in came[0].text


async def test_a_step_that_no_longer_matters_is_not_reminded(world: World) -> None:
    await rejected(world)
    await world.press("更多")
    await world.press("有新进展")
    while "退款到账了" not in world.labels:
        await world.press("下一页")
    await world.press("退款到账了")
    assert "✅" in world.text
    assert await world.later(days=30) == []


async def test_a_corrected_countdown_moves_the_reminder(world: World) -> None:
    await rejected(world)
    await world.press("改倒计时")
    await world.say("还剩3天")
    await world.press("对，没错")
    assert "（按 App 倒计时）" in world.text
    came = await world.later(days=2, hours=23)
    assert all("11月25日 周三 10:00（按 App 倒计时）" in each.text for each in came)


async def test_a_countdown_of_seconds_is_told_at_once(world: World) -> None:
    await rejected(world)
    await world.press("改倒计时")
    await world.say("00:00:03")
    await world.press("对，没错")
    came = await world.later(seconds=4)
    assert any("不到1分钟" in each.text for each in came)


async def test_a_blocked_bot_pauses_and_goes_on_when_they_come_back(world: World) -> None:
    await rejected(world)
    world.chat.refuses = [Unreachable()]
    assert await world.later(hours=24) == []
    assert await world.later(hours=1) == []
    await world.say("/start")
    assert "没送到" in world.text or any("没送到" in each.text for each in world.chat.messages[-2:])
    assert (await world.dossier()).person.reachable


async def test_what_telegram_puts_off_comes_later(world: World) -> None:
    await rejected(world)
    world.chat.refuses = [Retry(timedelta(minutes=5))]
    came = await world.later(hours=24)
    assert came


async def test_a_message_that_is_refused_is_not_tried_for_ever(world: World) -> None:
    await rejected(world)
    world.chat.refuses = [Rejected("too long")] * 50
    await world.later(hours=40)
    assert len(world.chat.refuses) >= 44


async def test_an_unfinished_case_is_nudged_once(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    came = await world.later(days=10)
    assert len(came) == 1
    assert "还差几个问题没答" in came[0].text


async def test_a_platform_that_takes_its_time_is_asked_about(world: World) -> None:
    await rejected(world)
    await world.press("已经介入了")
    await world.press("刚刚")
    assert "11月25日 周三 10:00 我提醒你问进度" in world.text
    came = await world.later(days=3, minutes=1)
    assert "该问进度了" in came[-1].text
