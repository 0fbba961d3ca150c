"""How far slow work is: one bubble for each job, replaced at most so often; the last state always comes."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

from bot.channels.web.hub import Hub
from bot.domain.model import Json
from bot.messages import Screen, screen_row
from bot.ports import Store
from bot.telemetry import get_logger

log = get_logger(__name__)

REMEMBERED = 500
"""Jobs whose bubble is known without a look into the transcript."""
RECENT = 500
"""Rows that are looked through for it otherwise."""


class _Bubble:
    """``seq`` is its number, 0 before it is there; ``wrote`` the number of the last row that we gave it."""

    __slots__ = ("at", "lock", "seq", "task", "waiting", "wrote")

    def __init__(self, at: float) -> None:
        self.seq = self.wrote = 0
        self.at = at
        self.waiting: Screen | None = None
        self.lock = asyncio.Lock()
        self.task: asyncio.Task[None] | None = None


class ProgressBubbles:
    """Each is an ordinary row of the transcript, with the number of its job, so that it is found after a restart."""

    def __init__(
        self, store: Store, hub: Hub, clock: Callable[[], datetime], ticks: Callable[[], float], every: float
    ) -> None:
        self._store, self._hub, self._clock = store, hub, clock
        self._ticks, self._every = ticks, every
        self._bubbles: OrderedDict[tuple[str, int], _Bubble] = OrderedDict()

    def __len__(self) -> int:
        return len(self._bubbles)

    async def show(self, person: str, job: int, screen: Screen) -> None:
        """Show it now, or a little later if another was shown just before. Never raises."""
        bubble = self._bubbles.get((person, job))
        if bubble is None:
            bubble = self._bubbles[person, job] = _Bubble(self._ticks() - self._every)
            if len(self._bubbles) > REMEMBERED:
                self._bubbles.popitem(last=False)
        self._bubbles.move_to_end((person, job))
        bubble.waiting = screen
        wait = bubble.at + self._every - self._ticks()
        if wait <= 0:
            await self._write(person, job, bubble)
        elif bubble.task is None or bubble.task.done():
            bubble.task = asyncio.create_task(self._later(person, job, bubble, wait))

    async def stop(self) -> None:
        """Show what waits, at once."""
        for (person, job), bubble in tuple(self._bubbles.items()):
            if bubble.task is not None and bubble.waiting is not None:
                bubble.task.cancel()
            await self._write(person, job, bubble)

    async def _later(self, person: str, job: int, bubble: _Bubble, wait: float) -> None:
        await asyncio.sleep(wait)
        await self._write(person, job, bubble)

    async def _write(self, person: str, job: int, bubble: _Bubble) -> None:
        async with bubble.lock:
            screen, bubble.waiting = bubble.waiting, None
            if screen is None:
                return
            bubble.at = self._ticks()
            try:
                await self._append(person, job, bubble, screen)
            except Exception:
                # Work does not fail because its progress cannot be told.
                log.exception("web_progress_failed")

    async def _append(self, person: str, job: int, bubble: _Bubble, screen: Screen) -> None:
        if not bubble.seq:
            bubble.seq = bubble.wrote = await self._find(person, job)
        if bubble.seq and await self._was_replaced(person, bubble):
            return
        row: Json = {"op": "edit", "target": bubble.seq, "screen": screen_row(screen), "job": job}
        if not bubble.seq:
            row = {"op": "new", "screen": screen_row(screen), "reminder": False, "due": None, "job": job}
        async with self._store.transaction() as transaction:
            seq = await transaction.append(person, [row], self._clock())
        bubble.wrote, bubble.seq = seq, bubble.seq or seq
        self._hub.wake(person)

    async def _find(self, person: str, job: int) -> int:
        last = await self._store.last_seq(person)
        rows = await self._store.transcript(person, max(0, last - RECENT), RECENT)
        return next((seq for seq, _, row in rows if row["op"] == "new" and row.get("job") == job), 0)

    async def _was_replaced(self, person: str, bubble: _Bubble) -> bool:
        """Whether the person has stopped it meanwhile: what they see then must not turn into progress again."""
        rows = await self._store.transcript(person, bubble.wrote, RECENT)
        return any(row.get("target") == bubble.seq and "job" not in row for _, _, row in rows)
