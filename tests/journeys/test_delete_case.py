"""删掉这一单: asked once, naming what goes; then its words, files, reminders and work are gone, the others stay."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from tests.channels.web.world import WebWorld
from tests.harness import World

ASKED = ("对，没错", "48小时内", "待商家处理", "刚刚")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path)
    yield world
    await world.close()


def picture(shade: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, 40, 40)).save(made, "JPEG")
    return made.getvalue()


async def kettle(world: World) -> None:
    await world.say("水壶一直不发货")
    for answer in ASKED:
        await world.press(answer)


async def open_settings(world: World) -> None:
    for typed in ("更多", "下一页", "下一页"):
        await world.press(typed)
    await world.press("设置这一单")


def contents(world: World) -> list[Path]:
    return [path for path in (world.folder / "evidence").rglob("*") if path.is_file() and len(path.name) == 64]


async def test_what_goes_is_named_and_the_first_button_deletes_nothing(world: World) -> None:
    await kettle(world)
    world.chat.uploads["one"] = picture(1)
    await world.photo("one")
    await world.work()
    await world.say("/next")
    await open_settings(world)
    await world.press("删掉这一单")
    assert world.text.splitlines()[1:] == [
        "要删掉这一单吗？",
        "会删掉：处理经过、写好的话、1份图片和文件、2条提醒。",
        "删了找不回来，也不再提醒。别的问题单不动。",
        "你手机上的聊天记录不归我管，要自己删。",
    ]
    assert world.labels == ["不删了", "删掉这一单", "先导出一份"]
    await world.press("不删了")
    assert (await world.case()).number == 1


async def deleted(world: World) -> None:
    await open_settings(world)
    await world.press("删掉这一单")
    await world.press("删掉这一单")


async def test_it_is_gone_with_its_files_words_and_reminders(world: World) -> None:
    await kettle(world)
    await world.say("发给客服的话")
    await world.say("订单号 261118-123456789012345")
    await world.say("59元")
    while "没有，先这样" in world.labels:
        await world.press("没有，先这样")
    assert len(await world.store.letters(world.person)) == 1
    await world.press("回问题单")
    await deleted(world)
    assert world.text.startswith("问题单1删掉了：字、图、提醒都没有了。")
    dossier = await world.dossier()
    assert (dossier.cases, dossier.reminders, dossier.jobs) == ((), (), ())
    assert await world.store.letters(world.person) == []
    assert await world.later(days=5) == []


async def test_the_contents_of_its_files_leave_the_disk(world: World) -> None:
    await kettle(world)
    world.chat.uploads |= {"one": picture(1), "two": picture(2)}
    await world.photo("one")
    await world.work()
    await world.photo("two")
    await world.say("/next")
    assert [len(contents(world)), len((await world.dossier()).jobs)] == [1, 1]
    await deleted(world)
    assert (await world.dossier()).jobs == ()
    world.ticks += 3600
    await world.work()
    assert contents(world) == []


async def test_its_number_is_not_given_again_and_old_buttons_change_nothing(world: World) -> None:
    await kettle(world)
    await open_settings(world)
    asked = await world.press("删掉这一单")
    old = world.button("删掉这一单", asked)
    await world.press_data(old.press, asked)
    await kettle(world)
    assert [case.number for case in (await world.dossier()).cases] == [2]
    await world.press_data(old.press, asked)
    await world.press_data(old.press.replace(":1", ":2"), asked)
    assert [case.number for case in (await world.dossier()).cases] == [2]
    await world.say("/start c_1")
    assert "问题单1" not in world.text


async def test_another_case_stays_with_its_reminders(world: World) -> None:
    await kettle(world)
    await world.say("/new")
    await world.say("草莓烂了一半，商家不给退，昨天下午三点拒的")
    await world.press("对，没错")
    await world.press("对，没错")
    mine = [row for row in (await world.dossier()).reminders if row.case == (await world.case(2)).id]
    await world.say("/start c_1")
    await deleted(world)
    dossier = await world.dossier()
    assert [case.number for case in dossier.cases] == [2]
    assert list(dossier.reminders) == mine


async def test_an_export_that_is_being_made_is_waited_for(world: World) -> None:
    await kettle(world)
    await world.say("/export")
    await world.press("全部打包")
    await world.say("/next")
    await deleted(world)
    assert world.text.startswith("还在导出，做好了再删。")
    await world.work()
    await world.say("/next")
    await deleted(world)
    assert (await world.dossier()).cases == ()


async def test_pictures_of_a_web_page_are_gone_too(tmp_path: Path) -> None:
    world = await WebWorld.open(tmp_path)
    await kettle(world)
    world.chat.uploads["one"] = picture(7)
    await world.photo("one")
    rows = await world.store.transcript(world.person, 0)
    (seq,) = [seq for seq, _, row in rows if "file" in row]
    assert (await world.browser.get(f"/file/{seq}")).status == 200
    await world.say("/next")
    await deleted(world)
    assert "删掉了" in world.text
    world.ticks += 3600
    await world.work()
    assert (await world.browser.get(f"/file/{seq}")).status == 404
    await world.close()
