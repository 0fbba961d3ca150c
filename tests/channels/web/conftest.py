"""A fresh world for every story, reached over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.channels.web.browser import Browser
from tests.channels.web.world import WebWorld


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[WebWorld]:
    world = await WebWorld.open(tmp_path)
    yield world
    await world.close()


Visits = Callable[[str], Awaitable[Browser]]


@pytest.fixture
async def visits() -> AsyncIterator[Visits]:
    """One more browser at that address, its page open."""
    opened: list[Browser] = []

    async def visit(url: str) -> Browser:
        opened.append(Browser.at(url))
        return await opened[-1].open()

    yield visit
    for browser in opened:
        await browser.close()
