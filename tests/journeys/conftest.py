"""A fresh world for every journey: the bare engine, Telegram's protocol, and the web chat over HTTP and SSE."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.channels.web.world import WebWorld
from tests.harness import World
from tests.telegram_world import TelegramWorld


@pytest.fixture(params=[World, TelegramWorld, WebWorld], ids=["engine", "telegram", "web"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    kind: type[World] = request.param
    world = await kind.open(tmp_path)
    yield world
    await world.close()
