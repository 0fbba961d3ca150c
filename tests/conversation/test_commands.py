"""Slash commands, links, and words that are understood on every screen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation.commands import BY_MEANING, MENU, menu
from bot.conversation.places import PLACES
from tests.harness import World, knowledge


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path)
    yield world
    await world.close()


async def place(world: World) -> str:
    return str((await world.dossier()).person.session["place"])


async def kettle(world: World) -> None:
    """A case whose merchant refused an hour ago."""
    await world.say("买的水壶漏水，商家拒绝退款")
    await world.say("对")
    await world.say("刚刚")


async def merchants_case(world: World) -> None:
    await world.say("我是商家")
    await world.press("申请超过15天")
    await world.say("11月18日")
    await world.press("对，没错")


def test_every_command_has_a_description_that_telegram_takes() -> None:
    listed = menu(knowledge().catalog.texts)
    assert [name for name, _ in listed] == list(MENU)
    assert all(1 <= len(description) <= 256 for _, description in listed)
    assert all(name.isascii() and name.islower() and len(name) <= 32 for name, _ in listed)


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("/start", "home"), ("/new", "what"), ("/cases", "cases"), ("/settings", "settings"), ("/help", "help"),
        ("/privacy", "privacy"), ("/forget", "forget"), ("/cancel", "home"), ("/next", "home"), ("/undo", "home"),
        ("/export", "export"), ("/HELP@JieruBot", "help"), ("/help  me", "help"),
    ],
)  # fmt: skip
async def test_a_command_leads_to_its_screen(world: World, command: str, shown: str) -> None:
    await world.say(command)
    assert await place(world) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("设置", "settings"), ("帮助", "help"), ("隐私", "privacy"), ("导出", "export"), ("全部删除", "forget"),
        ("回首页", "home"), ("我的问题单", "cases"), ("买前提醒", "advice"), ("我是商家", "merchant"),
        ("说说新问题", "what"),
        ("人工客服", "service"), ("催发货", "service_for:urge_shipping"), ("查物流", "service_for:track"),
        ("申请运费", "service_for:freight"),
        ("处罚商家", "walk:punish:0:0"), ("申请平台介入", "what"), ("先停下", "home"), ("改回上一步", "home"),
    ],
)  # fmt: skip
async def test_words_lead_somewhere_without_any_case(world: World, words: str, shown: str) -> None:
    await world.say("/help")
    await world.say(words)
    assert await place(world) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("平台介入", "check:1"), ("处罚商家", "walk:punish:0:1"), ("催发货", "service:1"), ("人工客服", "service:1"),
        ("下一步", "card:1"),
    ],
)  # fmt: skip
async def test_words_mean_the_only_open_case(world: World, words: str, shown: str) -> None:
    await kettle(world)
    await world.say("/help")
    await world.say(words)
    assert await place(world) == shown


async def test_with_two_cases_the_one_on_the_screen_is_meant_else_it_is_asked(world: World) -> None:
    await kettle(world)
    await merchants_case(world)
    await world.say("/help")
    await world.say("申请介入")
    assert world.text.startswith("是哪一张问题单？")
    assert world.labels == ["问题单2", "问题单1", "返回"]
    await world.press("问题单1")
    assert await place(world) == "check:1"
    await world.say("处罚商家")
    assert await place(world) == "walk:punish:0:1"


async def test_next_shows_the_case_that_waits_for_the_person(world: World) -> None:
    await merchants_case(world)
    await kettle(world)
    await world.say("/next")
    assert await place(world) == "card:2"


async def test_a_link_opens_ones_own_case_by_number_or_id(world: World) -> None:
    await merchants_case(world)
    case = await world.case()
    for link in ("c_1", f"c_{case.id}"):
        await world.say(f"/start {link}")
        assert await place(world) == "card:1"


async def test_a_link_to_somebody_elses_case_says_so_and_shows_home(world: World) -> None:
    await merchants_case(world)
    case = await world.case()
    world.person = "telegram:43"
    await world.say(f"/start c_{case.id}")
    assert world.text.startswith("这里没有这张问题单")
    assert await place(world) == "home"
    assert (await world.dossier()).cases == ()


async def test_a_link_begins_a_new_case_of_that_problem(world: World) -> None:
    await world.say("/start new_lost")
    assert await place(world) == "ask:1"
    await world.say("/start new_rejected")
    assert await place(world) == "behind"
    await world.say("/start new_merchant")
    assert await place(world) == "merchant"
    await world.say("/start new_nonsense")
    assert world.text.startswith("这个链接我认不出。")
    assert await place(world) == "what"


async def test_a_guess_about_another_order_does_not_slip_into_a_linked_one(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.say("/start new_lost")
    assert "草莓" not in world.text


async def test_an_unknown_command_is_answered_kindly(world: World) -> None:
    await world.say("/refund")
    assert world.text.startswith("没有“/refund”这个命令。不用命令也行，直接写一句。")


async def test_cancel_leaves_the_question_and_keeps_everything(world: World) -> None:
    await world.say("/start new_lost")
    asked = world.text
    await world.say("/cancel")
    assert world.text.startswith("好，先停下。说过的都存着。")
    await world.say("/next")
    assert world.text == asked


async def test_undo_takes_back_what_was_changed_last(world: World) -> None:
    await merchants_case(world)
    await world.say("/help")
    await world.say("/undo")
    case = await world.case()
    assert case.entries[-1].kind == "undo"


def test_every_word_leads_to_a_place_that_exists() -> None:
    places = {"help", "settings", "privacy", "forget", "export", "advice", "merchant", "service", "check", "what"}
    assert places <= PLACES.keys()
    assert set(BY_MEANING) <= set(knowledge().lexicon.words.values())


async def test_advice_before_buying_is_paged_and_each_item_can_be_read(world: World) -> None:
    seen: list[str] = []
    await world.say("买前提醒")
    for _ in range(3):
        seen += [label for label in world.labels if label not in ("下一页", "第一页", "返回")]
        assert len(world.labels) <= 6
        await world.press("下一页" if "下一页" in world.labels else "第一页")
    assert seen == [item.name for item in knowledge().catalog.advice.values()]
    await world.press("看清拼团")
    assert "拼团成功才有低价" in world.text


async def test_help_has_three_short_pages(world: World) -> None:
    await world.say("/help")
    for label in ("怎么打字", "有哪些命令", "帮助"):
        assert len(world.text.splitlines()) <= 6
        await world.press(label)
