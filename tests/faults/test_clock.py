"""The clock jumps, and the machine sleeps: what is due comes, once, and says that it is late."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from bot.__main__ import TELL
from bot.app import telling_of_jumps
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

    async def looks_again(self) -> None:
        """Until a whole round is over that began now, and it sleeps."""
        for _ in range(2):
            self.asleep.clear()
            cast("ElasticLoop", asyncio.get_running_loop()).leap(LONGEST_SLEEP.total_seconds())
            await self.asleep.wait()


def slept(folder: Path, story: Callable[[World, Announcing, Sleeping], Awaitable[None]]) -> list[str]:
    """Run a story in which the loop of reminders runs and sleeps as it does in the program. Returns what the operator
    read of it."""
    read: list[str] = []

    on_jump = telling_of_jumps(lambda key, **values: read.append(TELL[key].format(**values)))

    async def told() -> None:
        world, channel = await World.open(folder), Announcing()
        try:
            await rejected(world)
            reminders = Sleeping(world.store, world.knowledge, {"telegram": channel}, lambda: world.now, on_jump)
            running = asyncio.create_task(reminders.run())
            await reminders.asleep.wait()
            await story(world, channel, reminders)
            await reminders.looks_again()
            reminders.stop()
            await running
        finally:
            await world.close()

    with asyncio.Runner(loop_factory=ElasticLoop) as runner:
        runner.run(told())
    return read


async def came(channel: Announcing) -> str:
    async with asyncio.timeout(30):
        return (await channel.sent.get()).text


def test_a_machine_that_slept_over_a_deadline_says_so_when_it_wakes(tmp_path: Path) -> None:
    async def story(world: World, channel: Announcing, reminders: Sleeping) -> None:
        world.now += timedelta(hours=6)
        await reminders.looks_again()
        assert "（这条晚了" in await came(channel)
        world.now += timedelta(hours=30)
        await reminders.looks_again()
        text = await came(channel)
        assert "问题单1" in text
        assert "（这条晚了" in text

    first, second = slept(tmp_path, story)
    assert first.startswith("时钟一下子往前走了5小时59分（这台机器睡过，或改过时间）。")
    assert second.startswith("时钟一下子往前走了29小时59分")


def test_a_clock_that_jumps_a_day_forward_is_noticed_within_a_minute(tmp_path: Path) -> None:
    async def story(world: World, channel: Announcing, reminders: Sleeping) -> None:
        jumped: datetime = world.now + timedelta(days=1, minutes=10)
        world.now = jumped
        await reminders.looks_again()
        assert "（这条晚了" in await came(channel)
        await world.say("/next")
        assert "商家已拒绝" in world.text

    (read,) = slept(tmp_path, story)
    assert read.startswith("时钟一下子往前走了24小时9分")


def test_a_clock_that_goes_back_an_hour_sends_nothing_twice_and_loses_nothing(tmp_path: Path) -> None:
    async def story(world: World, channel: Announcing, reminders: Sleeping) -> None:
        first = min(row.due for row in (await world.dossier()).reminders if row.state == "planned")
        world.now = first
        await reminders.looks_again()
        await came(channel)
        world.now -= timedelta(hours=1)
        await world.say("/next")
        assert "商家已拒绝" in world.text
        await world.press("已经介入了")
        await world.press("刚刚")
        case = await world.case()
        assert [entry.seq for entry in case.entries] == list(range(1, len(case.entries) + 1))
        assert fold(case).open
        await reminders.looks_again()
        assert channel.sent.empty()
        due = min(row.due for row in (await world.dossier()).reminders if row.state == "planned")
        world.now = due
        await reminders.looks_again()
        assert "该问进度了" in await came(channel)

    read = slept(tmp_path, story)
    assert any(one.startswith("时钟往回拨了1小时") for one in read)


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
