"""Reading the operator's counts while the bot runs: without its lock, and without writing."""

from asyncio import to_thread
from pathlib import Path

import aiosqlite

from storage.errors import typed_errors


async def read_misses(path: Path) -> dict[str, int]:
    """Step -> how often it was not found; nothing if there is no database yet. Raises StorageError."""
    if not await to_thread(path.exists):
        return {}
    with typed_errors(path):
        async with aiosqlite.connect(f"{path.as_uri()}?mode=ro", uri=True) as connection:
            rows = await connection.execute_fetchall("SELECT step, count FROM misses ORDER BY count DESC, step")
            return {str(step): int(count) for step, count in rows}
