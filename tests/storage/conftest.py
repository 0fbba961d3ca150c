from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.ports import Store
from storage.store import SqliteStore, open_store

OPENERS: dict[str, Callable[[Path], Awaitable[Store]]] = {"sqlite": open_store}
"""Every store that has to keep the contract of ``bot.ports``; a second one is added here."""


@pytest.fixture(params=OPENERS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    opened = await OPENERS[request.param](tmp_path / "jieru.db")
    yield opened
    await opened.close()


Open = Callable[[Path], Awaitable[SqliteStore]]


@pytest.fixture
async def opens() -> AsyncIterator[Open]:
    """``open_store``, closed at the end whatever happens: one left open keeps the test run from ending."""
    opened: list[SqliteStore] = []

    async def remembered(path: Path) -> SqliteStore:
        opened.append(await open_store(path))
        return opened[-1]

    yield remembered
    for one in opened:
        await one.close()
