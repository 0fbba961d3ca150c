"""A reminder whose outcome cannot be written down is not sent again, as long as the process lives."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.reminders import LEASE, Reminders
from storage.errors import UnwritableError
from tests.harness import World
from tests.journeys.test_stale_buttons import rejected


class Full:
    """The world's store, on a disk that is full from the first send on."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.full = False

    def __getattr__(self, name: str) -> object:
        if self.full and name in ("settle", "claim"):
            raise UnwritableError(self._world.store.path, "database or disk is full")
        if name == "settle":
            self.full = True
            return self.__getattr__(name)
        return getattr(self._world.store, name)


async def test_an_outcome_that_could_not_be_written_is_written_before_anything_is_claimed(tmp_path: Path) -> None:
    world = await World.open(tmp_path)
    await rejected(world)
    store = Full(world)
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
