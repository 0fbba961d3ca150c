"""How a case ended: asked where that is left open, counted for 本机同类, shown from ten on, and naming nobody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation.alike import FEWEST
from tests.conversation.desk import Desk, knowledge, told
from tests.harness import World

LINE = "本机同类："


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path)
    yield world
    await world.close()


async def spoiled(world: World) -> None:
    """A case of its own, on its card."""
    await world.say("/new")
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.press("刚刚")
    assert "商家已拒绝" in world.text


async def close(world: World, *typed: str) -> None:
    await spoiled(world)
    for text in typed:
        await world.say(text)
    assert "结束了，提醒都停了" in world.text


@pytest.mark.parametrize(
    ("choice", "outcome"),
    [
        ("全额退款了", "refunded"), ("退了一部分", "refunded_partly"), ("换货或补发了", "settled"),
        ("没退，不追了", "gave_up"), ("跳过这个", "unknown"), ("不知道", "unknown"), ("1", "refunded"),
    ],
)  # fmt: skip
def test_how_it_ended_is_asked_once_where_the_closing_leaves_it_open(choice: str, outcome: str) -> None:
    desk = Desk()
    desk.open("spoiled", "rejected", rejected_at=told(21, 15))
    desk.say("都解决了")
    assert desk.lines[-2:] == ["怎么结束的？", "同类里只多记一个数，不记是谁。"]
    assert not desk.state().open
    desk.say(choice)
    assert (desk.place, desk.state().outcome) == ("card:1", outcome)
    assert "怎么结束的" not in desk.text


def test_what_was_told_of_the_end_is_taken_back_like_anything_else() -> None:
    desk = Desk()
    desk.open("spoiled", "rejected", rejected_at=told(21, 15))
    desk.say("都解决了")
    desk.say("没退，不追了")
    desk.go("history:1")
    assert desk.lines[-1].endswith("记下结果 不追了")
    desk.say("改回上一步")
    assert (desk.state().open, desk.state().outcome) == (False, "settled")
    desk.say("改回上一步")
    assert desk.state().open


def test_a_merchant_is_not_asked() -> None:
    desk = Desk()
    desk.open("merchant", "waiting_merchant", side="merchant")
    desk.say("都解决了")
    assert (desk.place, desk.state().outcome) == ("card:1", "settled")
    assert "下次当天处理，不要只是回答。" in desk.lines


@pytest.mark.parametrize("problem", sorted(knowledge().catalog.problems))
def test_every_problem_closes_with_what_would_have_prevented_it(problem: str) -> None:
    found, catalog = knowledge().catalog.problems[problem], knowledge().catalog
    if found.door:
        return
    desk = Desk()
    desk.open(problem, "rejected", side="merchant" if found.side == "merchant" else None)
    desk.say("都解决了" if found.side == "merchant" else "不追了")
    advice = catalog.merchant_advice if found.side == "merchant" else catalog.advice
    assert f"{advice[found.closing].closing}。" in desk.lines


async def test_nothing_is_said_below_ten_and_the_tenth_counts_itself(world: World) -> None:
    for _ in range(FEWEST - 2):
        await close(world, "退款到账了")
        assert LINE not in world.text
    await close(world, "不追了")
    assert LINE not in world.text
    await close(world, "都解决了", "换货或补发了")
    line = next(line for line in world.text.splitlines() if line.startswith(LINE))
    assert line == "本机同类：10单里8单全额退款，1单换货补发或谈妥，1单没再追。"
    await spoiled(world)
    await world.say("后续流程")
    assert line in world.text
    await world.restart()
    await world.say("/start c_1")
    assert line in world.text


async def test_a_case_that_opens_again_is_counted_no_more(world: World) -> None:
    for _ in range(FEWEST):
        await close(world, "退款到账了")
    assert "本机同类：10单里10单全额退款。" in world.text
    await world.say("改回上一步")
    assert await world.store.outcomes() == {("spoiled", "refunded"): 9}
    await world.say("后续流程")
    assert LINE not in world.text


async def test_a_corrected_end_and_a_corrected_problem_move_the_count(world: World) -> None:
    await close(world, "都解决了", "没退，不追了")
    assert await world.store.outcomes() == {("spoiled", "gave_up"): 1}
    await world.say("改回上一步")
    assert await world.store.outcomes() == {("spoiled", "settled"): 1}


async def test_other_problems_are_counted_apart(world: World) -> None:
    for _ in range(FEWEST):
        await close(world, "退款到账了")
    await world.say("/new")
    await world.say("少发了一件")
    await world.press("对，没错")
    assert LINE not in world.text


async def test_the_count_outlives_a_person_who_is_forgotten_and_names_nobody(world: World) -> None:
    await close(world, "退款到账了")
    await world.say("全部删除")
    await world.say("全部删除")
    assert "都删了" in world.text
    assert await world.store.outcomes() == {("spoiled", "refunded"): 1}
