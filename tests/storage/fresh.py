"""A new database without what it costs to make one: a copy of one that ``open_store`` made."""

import tempfile
from contextlib import suppress
from pathlib import Path

from storage.disk import create_private
from storage.store import SqliteStore, open_store

_made: list[bytes] = []
"""The file, once there is one: nothing but the schema and its records, and an identity that all copies share."""


async def fresh_store(path: Path) -> SqliteStore:
    """The store at ``path``; where nothing is there yet, as if it had been made and migrated just now."""
    if not _made:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "jieru.db"
            await (await open_store(made)).close()
            _made.append(_content(made))
    _put(path)
    return await open_store(path)


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _put(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError), open(create_private(path), "wb") as file:  # noqa: PTH123 - a handle
        file.write(_made[0])
