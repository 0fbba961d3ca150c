"""存到日历, 整份带走, 导出: what is asked for comes as a file, also after a restart, not after it was called off."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from PIL import Image

from bot.ports import FetchError
from tests.harness import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    opened = await World.open(tmp_path)
    yield opened
    await opened.close()


def jpeg(shade: int = 0) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (90, 120), (200, shade, 60)).save(made, "JPEG")
    return made.getvalue()


async def rejected(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.say("昨天下午三点")
    await world.press("对，没错")


async def with_pictures(world: World) -> None:
    await rejected(world)
    for number in range(1, 3):
        world.chat.uploads[f"file{number}"] = jpeg(number)
        await world.photo(f"file{number}")
        await world.work()


def dates(content: bytes) -> dict[str, tuple[datetime, str]]:
    events = Calendar.from_ical(content).walk("VEVENT")
    return {str(event["UID"]): (event.decoded("DTEND"), str(event["STATUS"])) for event in events}


async def handed(world: World) -> bytes:
    """The file that came with the newest message."""
    (message,) = await world.work()
    assert message.file is not None
    return message.file.content or world.files.path(message.file.kept).read_bytes()


async def test_the_date_goes_into_the_phones_calendar_and_a_later_one_replaces_it(world: World) -> None:
    await rejected(world)
    assert world.labels[-2:] == ["存到日历", "更多"]
    await world.press("存到日历")
    first = await handed(world)
    (uid, (end, status)), *_ = dates(first).items()
    assert (end.isoformat(), status) == ("2026-11-23T07:00:00+00:00", "CONFIRMED")
    await world.press("回问题单")
    assert "存到日历" not in world.labels
    await world.say("还剩5小时")
    await world.press("对，没错")
    assert world.labels[-2:] == ["更新日历", "更多"]
    await world.press("更新日历")
    second = dates(await handed(world))
    assert datetime.fromisoformat("2026-11-22T07:00:00+00:00") in {end for end, _ in second.values()}
    # What does not hold any more is called off under the name that it had.
    assert second[uid][1] == "CANCELLED" or second[uid][0] != end


async def test_what_is_over_leaves_nothing_to_put_there(world: World) -> None:
    await rejected(world)
    await world.later(days=40)
    await world.say("/cases")
    await world.press("看问题单1")
    assert "存到日历" not in world.labels


async def test_one_case_as_a_page_with_its_pictures(world: World) -> None:
    await with_pictures(world)
    await world.say("/start")
    await world.say("导出")
    await world.press("只要这一单")
    await world.press("要网页")
    page = (await handed(world)).decode()
    assert page.count("data:image/jpeg;base64,") == 2
    assert "商家已拒绝（轮到你）" in page
    assert "http://" not in page


async def test_one_case_as_pdf(world: World) -> None:
    await with_pictures(world)
    await world.say("/export")
    await world.press("只要这一单")
    await world.press("要PDF")
    assert (await handed(world)).startswith(b"%PDF-")


async def test_everything_in_one_archive(world: World) -> None:
    await with_pictures(world)
    await world.say("导出")
    await world.press("全部打包")
    archive = zipfile.ZipFile(io.BytesIO(await handed(world)))
    assert archive.testzip() is None
    names = archive.namelist()
    assert {"打开这个.html", "问题单1.html", "data.json"} <= set(names)
    assert [archive.read(name) for name in names if name.endswith(".jpg")] == [jpeg(1), jpeg(2)]
    data = json.loads(archive.read("data.json"))
    assert [case["number"] for case in data["cases"]] == [1]
    assert data["person"]["id"] == world.person


async def test_an_export_survives_a_restart(world: World) -> None:
    await rejected(world)
    await world.say("导出")
    await world.press("全部打包")
    await world.restart()
    assert zipfile.ZipFile(io.BytesIO(await handed(world))).testzip() is None


async def test_an_export_is_called_off(world: World) -> None:
    await rejected(world)
    await world.say("导出")
    await world.press("全部打包")
    await world.press("不做了")
    assert (await world.work(), world.labels) == ([], ["全部打包", "只要这一单", "回首页"])


async def test_asked_for_twice_it_is_made_once(world: World) -> None:
    await rejected(world)
    await world.say("导出")
    await world.press("全部打包")
    await world.press("全部打包")
    assert len(await world.work()) == 1


async def test_a_question_that_is_being_asked_is_asked_again_below_the_file(world: World) -> None:
    await rejected(world)
    await world.say("导出")
    await world.press("全部打包")
    await world.say("水壶三天没发货")
    question = world.text
    file, again = await world.work()
    assert (file.file is not None, again.text) == (True, question)


async def test_a_made_file_leaves_the_disk_after_a_day(world: World) -> None:
    await rejected(world)
    await world.say("导出")
    await world.press("全部打包")
    (message,) = await world.work()
    assert message.file is not None
    path = world.files.path(message.file.kept)
    assert path.exists()
    world.ticks += 3600
    await world.later(hours=25)
    assert not path.exists()


async def test_after_deleting_everything_no_file_is_left(world: World) -> None:
    await with_pictures(world)
    await world.say("导出")
    await world.press("全部打包")
    await world.work()
    assert len([path for path in (world.folder / "evidence").rglob("*") if len(path.name) == 64]) == 3
    world.ticks += 3600
    await world.say("全部删除")
    await world.press("全部删除吧")
    await world.work()
    assert [path for path in (world.folder / "evidence").rglob("*") if len(path.name) == 64] == []


async def test_work_for_somebody_who_deleted_everything_leaves_no_trace(world: World) -> None:
    world.chat.uploads["file1"] = jpeg()
    await rejected(world)
    await world.photo("file1")
    await world.say("全部删除")
    await world.press("全部删除吧")
    before = len(world.chat.messages)
    await world.work()
    assert len(world.chat.messages) == before


async def test_a_picture_that_cannot_be_had_is_told_with_its_number(world: World) -> None:
    await rejected(world)
    await world.photo("gone")
    (told,) = await world.work()
    assert told.text.startswith("证据1取不回来了，没存成。再发一次。")


async def test_a_channel_that_is_away_for_a_minute_costs_nothing(world: World) -> None:
    await rejected(world)
    world.chat.uploads["file1"] = FetchError(None)
    await world.photo("file1")
    assert await world.work() == []
    world.chat.uploads["file1"] = jpeg()
    await world.later(seconds=6)
    await world.say("导出")
    await world.press("全部打包")
    archive = zipfile.ZipFile(io.BytesIO(await handed(world)))
    assert [archive.read(name) for name in archive.namelist() if name.endswith(".jpg")] == [jpeg()]


async def test_dates_of_an_ended_case_are_called_off_in_the_calendar(world: World) -> None:
    """The reminders stop; what was put into the phone would go on ringing."""
    await rejected(world)
    await world.press("存到日历")
    put = dates(await handed(world))
    await world.say("退款到账了")
    assert "手机日历里还有这一单的日子，点“更新日历”就取消。" in world.text
    await world.press("更新日历")
    called_off = dates(await handed(world))
    assert (called_off.keys(), {status for _, status in called_off.values()}) == (put.keys(), {"CANCELLED"})
    await world.press("回问题单")
    assert "更新日历" not in world.labels
