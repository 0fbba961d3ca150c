"""RETENTION_DAYS: what lies idle is announced a week before, kept at a tap or a word, then gone with a last message."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.messages import Retry, Unreachable
from tests.channels.web.world import WebWorld
from tests.harness import Message, World

DAYS = 30
AWAY = 8
"""Days after which the person looks at the case that ended."""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path)
    world.retention_days = DAYS
    await world.restart()
    yield world
    await world.close()


async def kettle(world: World) -> None:
    await world.say("水壶一直不发货")
    for answer in ("对，没错", "48小时内", "待商家处理", "刚刚"):
        await world.press(answer)


async def closed(world: World) -> None:
    """A case that ended, and the person comes back a week later to look at it."""
    await kettle(world)
    await world.say("退款到账了")
    await world.press("刚刚")
    await world.later(days=AWAY)
    await world.say("/cases")


async def rows_of(world: World) -> dict[str, int]:
    return dict(await world.store.held(world.person))


def told(messages: list[Message]) -> list[str]:
    return [each.text.splitlines()[0] for each in messages]


async def test_nothing_is_deleted_unless_it_is_wanted(tmp_path: Path) -> None:
    world = await World.open(tmp_path)
    await closed(world)
    assert await world.later(days=3000) == []
    assert (await rows_of(world))["cases"] == 1
    await world.close()


async def test_a_closed_case_is_announced_a_week_before_and_then_gone(world: World) -> None:
    await closed(world)
    (warned,) = await world.later(days=DAYS - AWAY - 7, hours=13)
    assert warned.text.splitlines() == [
        "介入助手 · 提前一周说一声",
        "问题单1 水壶未发货早就结束了。从12月22日 周二 起，它的字、图和提醒都会删掉。",
        "要留一份，先导出；还要用，就多留90天。",
    ]
    assert warned.labels == ["先导出一份", "多留90天"]
    await world.restart()
    assert await world.later(days=6) == []
    last, after = await world.later(days=1, hours=12)
    assert after.text.splitlines()[1].startswith("你很久没来了。从12月30日 周三 起")
    assert last.text == "那张问题单已经删了：结束很久了，它的字、图和提醒都不在了。"
    held = await rows_of(world)
    assert (held["cases"], held["reminders"], held["letters"], held["files"]) == (0, 0, 0, 0)
    await world.press("说说新问题", last)
    assert world.text.startswith("哪里不对？")


async def test_its_files_leave_the_disk(world: World) -> None:
    await kettle(world)
    made = io.BytesIO()
    Image.new("RGB", (8, 8), (9, 9, 9)).save(made, "JPEG")
    world.chat.uploads["one"] = made.getvalue()
    await world.photo("one")
    await world.work()
    await world.say("退款到账了")
    await world.press("刚刚")
    world.ticks += 3600
    assert len([path for path in (world.folder / "evidence").rglob("*") if len(path.name) == 64]) == 1
    await world.later(days=DAYS + 2)
    assert [path for path in (world.folder / "evidence").rglob("*") if len(path.name) == 64] == []


async def test_ninety_days_longer(world: World) -> None:
    await closed(world)
    (warned,) = await world.later(days=DAYS - AWAY - 6)
    await world.press("多留90天", warned)
    assert world.text.splitlines()[0] == "好，2027年3月22日 周一 以前都不删。"
    await world.press("多留90天", warned)
    await world.restart()
    assert await world.later(days=80) == []
    assert (await rows_of(world))["cases"] == 1
    came = await world.later(days=60)
    assert told(came)[0] == "介入助手 · 提前一周说一声"
    assert (await rows_of(world))["cases"] == 0


async def test_export_first(world: World) -> None:
    await closed(world)
    (warned,) = await world.later(days=DAYS - AWAY - 6)
    await world.press("先导出一份", warned)
    assert world.text.startswith("导出会打成一个 ZIP")
    await world.press("全部打包")
    (file,) = await world.work()
    assert file.file is not None


async def test_an_open_case_is_never_deleted_nor_its_person(world: World) -> None:
    await kettle(world)
    await world.later(days=DAYS * 5)
    assert [each.text for each in world.chat.messages if "删" in each.text] == []
    assert (await rows_of(world))["cases"] == 1


async def test_a_case_that_is_opened_again_stays(world: World) -> None:
    await closed(world)
    await world.later(days=DAYS - AWAY - 6)
    await world.say("/start c_1")
    await world.press("改回上一步")
    await world.later(days=20)
    assert (await rows_of(world))["cases"] == 1


async def test_somebody_who_does_not_come_any_more_is_forgotten_with_everything(world: World) -> None:
    await kettle(world)
    await world.say("退款到账了")
    await world.press("刚刚")
    (warned,) = await world.later(days=DAYS - 6)
    assert warned.text.splitlines()[1] == (
        "你很久没来了。从12月22日 周二 起，这里存的都会删掉：1张问题单、写好的话、你的设置和说过的内容。"
    )
    (last,) = await world.later(days=7)
    assert last.text.startswith("很久没见你来，这里存的你的内容都删了。")
    assert set((await rows_of(world)).values()) == {0}


async def test_writing_again_cancels_it(world: World) -> None:
    await world.say("你好")
    (warned,) = await world.later(days=DAYS - 6)
    assert warned.text.startswith("介入助手 · 提前一周说一声")
    await world.say("谢谢")
    assert await world.later(days=DAYS - 8) == []
    assert (await rows_of(world))["person"] == 1
    assert len(await world.later(days=10)) == 2
    assert (await rows_of(world))["person"] == 0


async def test_nothing_comes_in_the_night(world: World) -> None:
    await world.later(hours=15)
    await world.say("你好")
    by_day, by_night = [], []
    for _ in range(DAYS + 2):
        by_night += await world.later(hours=6, minutes=59)
        by_day += await world.later(hours=17, minutes=1)
    assert (len(by_day), by_night) == (2, [])


async def test_who_has_blocked_the_bot_is_not_written_to_and_goes_all_the_same(world: World) -> None:
    await closed(world)
    world.chat.refuses.append(Unreachable())
    assert await world.later(days=DAYS - AWAY - 5) == []
    assert not (await world.dossier()).person.reachable
    assert await world.later(days=30) == []
    assert set((await rows_of(world)).values()) <= {0}


async def test_a_warning_that_cannot_be_sent_now_is_sent_later(world: World) -> None:
    await closed(world)
    world.chat.refuses += [Retry(timedelta(seconds=30))] * 3
    came = await world.later(days=DAYS - AWAY - 5)
    assert told(came) == ["介入助手 · 提前一周说一声"]
    assert (await rows_of(world))["cases"] == 1


async def test_after_a_standstill_the_week_still_runs(world: World) -> None:
    await closed(world)
    world.now += timedelta(days=400)
    await world.restart()
    assert told(await world.work()) == ["介入助手 · 提前一周说一声"]
    assert await world.later(days=6) == []
    assert len(await world.later(days=2)) == 1


async def test_a_forged_day_and_a_stranger_change_nothing(world: World) -> None:
    await closed(world)
    for data in ("e.longer:2999-01-01", "e.longer:x", "e.", "e.forget_all"):
        await world.press_data(data)
    assert (await world.dossier()).person.session["keep_until"] == ""
    world.person = "telegram:77"
    await world.press_data("e.longer:2026-12-01")
    assert (await world.dossier()).person.session["keep_until"] == ""


async def test_old_messages_of_the_page_go_too(tmp_path: Path) -> None:
    world = await WebWorld.open(tmp_path)
    world.retention_days = DAYS
    await world.restart()
    await kettle(world)
    first = await world.store.transcript(world.person, 0)
    await world.later(days=DAYS - 10)
    await world.say("/cases")
    await world.later(days=11)
    left = await world.store.transcript(world.person, 0)
    assert left[0][0] > first[-1][0]
    assert world.now - left[0][1] <= timedelta(days=DAYS, hours=3)
    await world.close()
