"""Files that nobody needs any more leave the disk."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.ports import Files, Store


def tidy(store: Store, files: Files) -> Callable[[datetime], Awaitable[None]]:
    """Deletes what is an orphan by then; a crash in between leaves it an orphan. What was kept again a moment ago
    waits for the next round."""

    async def run(now: datetime) -> None:
        while orphans := await store.orphans(now):
            gone = await files.remove(orphans)
            if not gone:
                return
            await store.forget_orphans(gone)

    return run
