"""Slow work on the page: one bubble that says how far it is, and an answer that the open pages are told of."""

import asyncio
from typing import Any

import pytest
from markupsafe import Markup

from bot.channels.web.hub import Hub
from bot.channels.web.progress import REMEMBERED, ProgressBubbles
from bot.messages import Answer, Choice, Screen
from bot.ports import FetchError
from tests.channels.web.conftest import Visits
from tests.channels.web.world import WebWorld, channel

JOB = 7


def screen(done: int) -> Screen:
    return Screen(Markup("第{}张，共9张").format(done), ((Choice("不做了", f"j{JOB}.stop"),),))


async def shown(world: WebWorld) -> list[tuple[str, str]]:
    """Kind and first words of the rows that are about work."""
    rows = [each["row"] for each in await world.browser.rows()]
    return [(row["op"], row["screen"]["text"][0]) for row in rows if row.get("job")]


def bubbles(world: WebWorld, ticks: Any, every: float = 1) -> ProgressBubbles:
    return ProgressBubbles(world.store, Hub(), lambda: world.now, ticks, every)


async def test_progress_is_one_bubble_that_changes(world: WebWorld) -> None:
    await world.say("草莓烂了一半商家不给退")
    address = world.person.partition(":")[2]
    async with world.browser.stream(world.seen) as stream:
        for done in (1, 2, 3):
            await world.web.progress(address, JOB, screen(done))
        rows = [each["row"] for each in await stream.rows(world.seen + 3)]
    assert [row["op"] for row in rows] == ["new", "edit", "edit"]
    assert [row.get("target") for row in rows] == [None, world.seen + 1, world.seen + 1]
    assert rows[2]["screen"] == {"text": ["第3张，共9张"], "rows": [[{"label": "不做了", "press": "j7.stop"}]]}
    await world.web.progress(address, JOB + 1, screen(1))
    assert [each["row"]["op"] for each in await world.browser.rows(world.seen + 3)] == ["new"]


async def test_it_changes_at_most_once_a_second_and_the_last_state_always_comes(world: WebWorld) -> None:
    await world.say("草莓烂了一半商家不给退")
    now = [0.0]
    progress = bubbles(world, lambda: now[0], every=0.01)
    for done in (1, 2, 3):
        await progress.show(world.person, JOB, screen(done))
    assert await shown(world) == [("new", "第1张，共9张")]
    waiting = progress._bubbles[world.person, JOB].task
    assert waiting is not None
    await waiting
    assert await shown(world) == [("new", "第1张，共9张"), ("edit", "第3张，共9张")]
    now[0] += 1
    await progress.show(world.person, JOB, screen(4))
    await progress.show(world.person, JOB, screen(5))
    await progress.stop()
    assert [words for _, words in await shown(world)][2:] == ["第4张，共9张", "第5张，共9张"]


async def test_after_a_restart_it_is_still_the_same_bubble(world: WebWorld) -> None:
    await world.say("草莓烂了一半商家不给退")
    for done in (1, 2):
        await bubbles(world, lambda: 0.0).show(world.person, JOB, screen(done))
    assert await shown(world) == [("new", "第1张，共9张"), ("edit", "第2张，共9张")]


async def test_what_was_stopped_does_not_turn_into_progress_again(world: WebWorld) -> None:
    await world.say("草莓烂了一半商家不给退")
    now = [0.0]
    progress = bubbles(world, lambda: now[0])
    await progress.show(world.person, JOB, screen(1))
    seq = await world.store.last_seq(world.person)
    async with world.store.transaction() as transaction:
        stopped = {"op": "edit", "target": seq, "screen": {"html": "不做了", "rows": []}}
        await transaction.append(world.person, [stopped], world.now)
    now[0] += 5
    await progress.show(world.person, JOB, screen(2))
    assert await world.store.last_seq(world.person) == seq + 1


async def test_nobody_who_was_forgotten_is_told(world: WebWorld) -> None:
    await world.web.progress("0123456789abcdef", JOB, screen(1))
    assert await world.store.last_seq("web:0123456789abcdef") == 0


async def test_only_so_many_jobs_are_remembered(world: WebWorld) -> None:
    progress = bubbles(world, lambda: 0.0)
    for job in range(REMEMBERED + 20):
        await progress.show("web:0123456789abcdef", job, screen(1))
    assert len(progress) == REMEMBERED


async def test_work_goes_on_when_its_progress_cannot_be_told(world: WebWorld, visits: Visits) -> None:
    class Broken:
        async def last_seq(self, person: str) -> int:
            raise OSError(person)

    web = channel(world, Broken(), world.handle)  # type: ignore[arg-type]
    await web.progress("0123456789abcdef", JOB, screen(1))
    assert not web.connected


async def test_the_answer_to_work_reaches_the_open_page(world: WebWorld) -> None:
    await world.say("草莓烂了一半商家不给退")
    async with world.browser.stream(world.seen) as stream:
        coming = asyncio.create_task(stream.next())
        row = {"op": "new", "screen": {"html": "好了", "rows": []}, "reminder": False, "due": None}
        async with world.store.transaction() as transaction:
            await transaction.append(world.person, [row], world.now)
        await world.web.answer(world.person.partition(":")[2], Answer())
        event = await coming
    assert event is not None
    assert event.data["row"]["screen"]["text"] == ["好了"]


async def test_nothing_is_left_to_fetch(world: WebWorld) -> None:
    with pytest.raises(FetchError) as raised:
        await anext(world.web.fetch("ref"))
    assert raised.value.fault == "gone"
