"""A fresh world for every journey: the bare engine, and Telegram."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.harness import World
from tests.telegram_world import TelegramWorld


@pytest.fixture(params=[World, TelegramWorld], ids=["engine", "telegram"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    kind: type[World] = request.param
    world = await kind.open(tmp_path)
    yield world
    await world.close()
