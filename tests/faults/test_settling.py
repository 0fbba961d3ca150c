"""A reminder whose outcome cannot be written down is not sent again, as long as the process lives."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.reminders import LEASE, Reminders
from storage.errors import UnwritableError
from tests.harness import World
from tests.journeys.test_stale_buttons import rejected


class Full:
    """The world's store, on a disk that is full from the first send on."""

    def __init__(self, world: World, *, slow: bool) -> None:
        """``slow``: the next row is only looked up after the outcome of the one before could not be written."""
        self._world = world
        self.full = False
        self._claimed = False
        self._failed = asyncio.Event()
        self._slow = slow

    async def next_due(self) -> datetime | None:
        if self._slow and self._claimed:
            await self._failed.wait()
        return await self._world.store.next_due()

    def __getattr__(self, name: str) -> object:
        if self.full and name in ("settle", "claim"):
            raise UnwritableError(self._world.store.path, "database or disk is full")
        if name == "settle":
            self.full = True
            self._failed.set()
            return self.__getattr__(name)
        self._claimed = self._claimed or name == "claim"
        return getattr(self._world.store, name)


@pytest.mark.parametrize("slow", [False, True])
async def test_an_outcome_that_could_not_be_written_is_written_before_anything_is_claimed(
    tmp_path: Path, slow: bool
) -> None:
    world = await World.open(tmp_path)
    await rejected(world)
    store = Full(world, slow=slow)
    reminders = Reminders(store, world.knowledge, {"telegram": world.chat}, lambda: world.now)  # type: ignore[arg-type]
    world.now = min(row.due for row in (await world.dossier()).reminders)
    before = len(world.chat.messages)
    for _ in range(3):
        with pytest.raises(UnwritableError):
            await reminders.tick(world.now)
        world.now += LEASE
    assert len(world.chat.messages) == before + 1
    store.full = False
    world.now += timedelta(seconds=1)
    store._world = world
    reminders._store = world.store
    await reminders.tick(world.now)
    assert len(world.chat.messages) == before + 1
    assert [row.state for row in (await world.dossier()).reminders].count("sent") == 1
    await world.close()
