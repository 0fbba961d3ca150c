"""A cancelled transaction leaves nothing behind, wherever the cancellation hits it."""

import asyncio
from pathlib import Path

import pytest

from bot.ports import Step, Store
from storage.errors import AlreadyRunningError
from storage.store import open_store
from tests.storage.samples import ALI, BO, NOW, as_stored, find, planned, put, rich, without_ids


async def turns(count: int) -> None:
    """Let the event loop go round so often."""
    loop = asyncio.get_running_loop()
    for _ in range(count):
        turned = loop.create_future()
        loop.call_soon(turned.set_result, None)
        await turned


async def test_cancelled_between_two_statements(store: Store) -> None:
    inside = asyncio.Event()

    async def waits_for_ever() -> None:
        async with store.transaction() as transaction:
            await transaction.save(None, rich(ALI, "甲"))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(waits_for_ever())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await find(store, ALI) is None
    await put(store, planned(BO, NOW))


async def test_cancelled_after_any_number_of_turns(store: Store) -> None:
    rolled_back = 0
    for count in range(0, 150, 3):
        person = f"t:{count}"
        saved = rich(person, "乙")

        async def saves(person: str = person) -> None:
            await store.commit(Step(person, NOW, None, rich(person, "乙"), person))

        task = asyncio.create_task(saves())
        await turns(count)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        recalled = await store.recall(person, person)
        found = recalled.dossier
        rolled_back += found is None
        assert recalled.seen is (found is not None)
        if found is not None:
            assert without_ids(found) == as_stored(saved)
    assert rolled_back > 0


async def test_cancelled_while_waiting_for_the_writer(store: Store) -> None:
    async with store.transaction() as transaction:
        waiting = asyncio.create_task(find(store, ALI))
        await turns(3)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await transaction.save(None, planned(ALI, NOW))
    assert await find(store, ALI) is not None


async def test_an_opening_that_is_cancelled_leaves_the_database_free(tmp_path: Path) -> None:
    for count in range(0, 60, 4):
        opening = asyncio.create_task(open_store(tmp_path / "jieru.db"))
        await turns(count)
        opening.cancel()
        (opened,) = await asyncio.gather(opening, return_exceptions=True)
        assert not isinstance(opened, AlreadyRunningError)
        if not isinstance(opened, BaseException):
            await opened.close()
    await (await open_store(tmp_path / "jieru.db")).close()
