from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.ports import Store
from storage.files import open_files
from storage.store import SqliteStore, open_store
from tests.storage.fresh import fresh_store
from tests.storage.home import Home

OPENERS: dict[str, Callable[[Path], Awaitable[Store]]] = {"sqlite": fresh_store}
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


@pytest.fixture
async def home(opens: Open, tmp_path: Path) -> Home:
    store = await opens(tmp_path / "data" / "jieru.db")
    files = await open_files(tmp_path / "data" / "evidence", lambda path: "image/png", await store.identity())
    home = Home(tmp_path, store, files)
    await home.fill()
    return home


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "new" / "jieru.db", tmp_path / "new" / "evidence"
