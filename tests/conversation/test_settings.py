"""Time zone, quiet hours and phone: typed or pressed, read back, and followed by every reminder."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.model import Preferences, Reminder
from tests.harness import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path)
    yield world
    await world.close()


async def preferences(world: World) -> Preferences:
    return (await world.dossier()).person.preferences


async def waiting(world: World) -> list[Reminder]:
    rows = (await world.dossier()).reminders
    return sorted((row for row in rows if row.state == "planned"), key=lambda row: row.due)


async def test_a_zone_is_picked_from_two_pages_and_its_clock_is_shown(world: World) -> None:
    await world.say("/settings")
    assert "现在是 11月22日 周日 10:00（中国时间）" in world.text
    await world.press("改时区")
    assert world.labels == ["中国时间", "香港", "日本", "新加坡", "下一页", "返回"]
    await world.press("下一页")
    assert world.labels == ["悉尼", "伦敦", "纽约", "洛杉矶", "第一页", "返回"]
    await world.press("纽约")
    assert world.text.startswith("改好了：纽约，现在是 11月21日 周六 21:00。")
    assert (await preferences(world)).zone == "America/New_York"


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("东京", "Asia/Tokyo"), ("上海市", "Asia/Shanghai"), ("北京时间", "Asia/Shanghai"), ("香港", "Asia/Hong_Kong"),
        ("asia/tokyo", "Asia/Tokyo"), ("America/Sao_Paulo", "America/Sao_Paulo"),
        ("los angeles", "America/Los_Angeles"),
        ("ＳＹＤＮＥＹ", "Australia/Sydney"), ("加州", "America/Los_Angeles"), ("英国", "Europe/London"),
    ],
)  # fmt: skip
async def test_a_city_or_a_zone_may_be_typed(world: World, typed: str, zone: str) -> None:
    await world.say("/settings")
    await world.press("改时区")
    await world.say(typed)
    assert (await preferences(world)).zone == zone


@pytest.mark.parametrize("typed", ["火星", "GMT+8", "../etc/passwd", "Asia"])
async def test_an_unknown_place_changes_nothing_and_gets_an_example(world: World, typed: str) -> None:
    await world.say("/settings")
    await world.press("改时区")
    await world.say(typed)
    assert f"“{typed}”我对不上时区。写城市名，比如：东京" in world.text
    assert (await preferences(world)).zone == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("22-8", (22, 8)), ("23:00-7:00", (23, 7)), ("晚上10点到早上8点", (22, 8)), ("１０点到８点", (22, 8)),
        ("11点至7点", (23, 7)), ("0点到6点", (0, 6)), ("22点~8点", (22, 8)), ("1-6", (1, 6)), ("24:00-8:00", (0, 8)),
        ("12点到8点", (0, 8)), ("8-8", (20, 8)), ("23点到7点", (23, 7)), ("13:00-14:00", (13, 14)),
        ("半夜12点到早上7点", (0, 7)),
    ],
)  # fmt: skip
async def test_quiet_hours_as_people_write_them(world: World, typed: str, hours: tuple[int, int]) -> None:
    await world.say("/settings")
    await world.press("改免打扰")
    await world.say(typed)
    kept = await preferences(world)
    assert (kept.quiet, kept.quiet_from, kept.quiet_to) == (True, time(hours[0]), time(hours[1]))
    assert world.text.startswith(f"改好了：{hours[0]:02d}:00 到 {hours[1]:02d}:00 不打扰。")


@pytest.mark.parametrize("typed", ["25-8", "晚上", "22", "22:22-22:22", "22:70-8:00", "22-8-9", "明天到后天"])
async def test_unreadable_quiet_hours_change_nothing_and_get_an_example(world: World, typed: str) -> None:
    await world.say("/settings")
    await world.press("改免打扰")
    await world.say(typed)
    assert f"“{typed}”我没看懂。写成这样：22-8，或：晚上10点到早上8点。" in world.text
    assert await preferences(world) == Preferences()


async def test_a_night_that_would_swallow_the_day_is_refused(world: World) -> None:
    await world.say("/settings")
    await world.press("改免打扰")
    await world.say("10:00-9:00")
    assert "10:00 到 09:00 太长了" in world.text
    assert await preferences(world) == Preferences()


async def test_a_problem_told_among_the_settings_is_still_heard(world: World) -> None:
    await world.say("/settings")
    await world.press("改手机")
    await world.say("买的苹果烂了一大半，商家说不给退，怎么办")
    assert "坏果烂果" in world.text
    assert (await preferences(world)).phone == ""


@pytest.mark.parametrize(
    ("typed", "phone"),
    [("苹果", "iphone"), ("我用的是华为Mate60", "android"), ("iPhone 15 Pro", "iphone"), ("安卓", "android")],
)
async def test_the_phone_is_kept(world: World, typed: str, phone: str) -> None:
    await world.say("/settings")
    await world.press("改手机")
    await world.say(typed)
    assert (await preferences(world)).phone == phone


async def test_rotten_apples_are_no_phone(world: World) -> None:
    await world.say("/settings")
    await world.press("改手机")
    await world.say("苹果烂了")
    assert (await preferences(world)).phone == ""


async def asked_in_the_night(world: World) -> None:
    """Fifteen days that end at two at night in Shanghai."""
    await world.say("我是商家")
    await world.press("申请超过15天")
    await world.say("11月10日 凌晨2点")
    await world.press("对，没错")


async def test_switching_quiet_hours_off_moves_a_reminder_into_the_night(world: World) -> None:
    await asked_in_the_night(world)
    due = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    assert (await waiting(world))[0].due == due + timedelta(hours=6)
    await world.say("/settings")
    await world.press("改免打扰")
    await world.press("夜里也提醒")
    assert world.text.startswith("改好了：夜里也提醒。")
    assert (await waiting(world))[0].due == due
    await world.restart()
    assert (await waiting(world))[0].due == due


async def test_another_zone_has_another_night(world: World) -> None:
    await asked_in_the_night(world)
    await world.say("/settings")
    await world.press("改时区")
    await world.say("伦敦")
    # 18:00 in London: awake.
    assert (await waiting(world))[0].due == datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
