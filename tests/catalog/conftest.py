"""The shipped data in a folder of its own, to be broken on purpose."""

import shutil
from pathlib import Path

import pytest

from bot.catalog.content import DATA


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return shutil.copytree(DATA, tmp_path / "data")
