"""The clock jumps, and the machine sleeps: what is due comes, once, and says that it is late."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from bot.domain.history import fold
from bot.messages import Retry
from bot.reminders import LONGEST_SLEEP, Reminders
from tests.bench.elastic import ElasticLoop
from tests.harness import World
from tests.journeys.test_stale_buttons import rejected
from tests.test_reminder_loop import Announcing


class Sleeping(Reminders):
    """Says when its loop has gone to sleep."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.asleep = asyncio.Event()

    async def _sleep(self, due: datetime | None) -> None:
        self.asleep.set()
        await super()._sleep(due)


def slept(folder: Path, story: Callable[[World, Announcing, ElasticLoop], Awaitable[None]]) -> None:
    """Run a story in which the loop of reminders runs and sleeps as it does in the program."""

    async def told() -> None:
        loop = cast("ElasticLoop", asyncio.get_running_loop())
        world, channel = await World.open(folder), Announcing()
        try:
            await rejected(world)
            reminders = Sleeping(world.store, world.knowledge, {"telegram": channel}, lambda: world.now)
            running = asyncio.create_task(reminders.run())
            await reminders.asleep.wait()
            await story(world, channel, loop)
            reminders.stop()
            await running
        finally:
            await world.close()

    with asyncio.Runner(loop_factory=ElasticLoop) as runner:
        runner.run(told())


async def came(channel: Announcing) -> str:
    async with asyncio.timeout(30):
        return (await channel.sent.get()).text


def test_a_machine_that_slept_over_a_deadline_says_so_when_it_wakes(tmp_path: Path) -> None:
    async def story(world: World, channel: Announcing, loop: ElasticLoop) -> None:
        world.now += timedelta(hours=6)
        loop.leap(LONGEST_SLEEP.total_seconds())
        assert "（这条晚了" in await came(channel)
        world.now += timedelta(hours=30)
        loop.leap(LONGEST_SLEEP.total_seconds())
        text = await came(channel)
        assert "问题单1" in text
        assert "（这条晚了" in text

    slept(tmp_path, story)


def test_a_clock_that_jumps_a_day_forward_is_noticed_within_a_minute(tmp_path: Path) -> None:
    async def story(world: World, channel: Announcing, loop: ElasticLoop) -> None:
        jumped: datetime = world.now + timedelta(days=1, minutes=10)
        world.now = jumped
        loop.leap(LONGEST_SLEEP.total_seconds())
        assert "（这条晚了" in await came(channel)
        await world.say("/next")
        assert "商家已拒绝" in world.text

    slept(tmp_path, story)


def test_a_clock_that_goes_back_an_hour_sends_nothing_twice_and_loses_nothing(tmp_path: Path) -> None:
    async def story(world: World, channel: Announcing, loop: ElasticLoop) -> None:
        first = min(row.due for row in (await world.dossier()).reminders if row.state == "planned")
        world.now = first
        loop.leap(LONGEST_SLEEP.total_seconds())
        await came(channel)
        world.now -= timedelta(hours=1)
        await world.say("/next")
        assert "商家已拒绝" in world.text
        await world.press("已经介入了")
        await world.press("刚刚")
        case = await world.case()
        assert [entry.seq for entry in case.entries] == list(range(1, len(case.entries) + 1))
        assert fold(case).open
        for _ in range(3):
            loop.leap(LONGEST_SLEEP.total_seconds())
            await asyncio.sleep(0)
        assert channel.sent.empty()
        due = min(row.due for row in (await world.dossier()).reminders if row.state == "planned")
        world.now = due
        loop.leap(LONGEST_SLEEP.total_seconds())
        assert "该问进度了" in await came(channel)

    slept(tmp_path, story)


async def test_a_reminder_that_failed_for_an_hour_says_how_late_it_is(tmp_path: Path) -> None:
    world = await World.open(tmp_path)
    await rejected(world)
    world.chat.refuses = [Retry(timedelta(seconds=15))] * 8
    came = await world.later(hours=24, minutes=50)
    assert world.chat.refuses == []
    assert "（这条晚了" in came[0].text
    assert "本该 15:00 发" in came[0].text
    await world.close()


async def test_a_reminder_that_fails_for_days_is_shown_instead(tmp_path: Path) -> None:
    world = await World.open(tmp_path)
    await rejected(world)
    world.chat.refuses = [Retry(timedelta(hours=20))] * 50
    await world.later(days=6)
    states = {row.state for row in (await world.dossier()).reminders}
    assert "missed" in states
    assert "sending" not in states
    await world.close()
