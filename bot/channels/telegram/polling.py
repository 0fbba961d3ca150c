"""Fetches updates, and confirms one to Telegram only after it was committed.

Telegram forgets an update when a later getUpdates names a higher offset. The offset rises here only over updates whose
handling has ended, so that after a crash everything unfinished comes again (the conversation knows an update by its
number and counts it once).
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import Protocol

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.telegram.errors import FloodError, describe
from bot.channels.telegram.received import Received
from bot.channels.telegram.settings import Timing
from bot.telemetry import get_logger

log = get_logger(__name__)


FEW = 2
"""While more than one in two of a batch is being handled, and goes on, nothing more is fetched."""


class Fetch(Protocol):
    """getUpdates."""

    def __call__(self, offset: int, timeout: int) -> Awaitable[Sequence[Received]]:
        """Updates from ``offset`` on, which confirms those before it. Raises TelegramError."""
        ...


class Poller:
    """One per token; a second getUpdates at the same time is a conflict for Telegram."""

    def __init__(
        self,
        fetch: Fetch,
        dispatch: Callable[[Received], "asyncio.Future[None]"],
        *,
        token: str,
        timing: Timing,
        on_conflict: Callable[[], None],
    ) -> None:
        self._fetch, self._dispatch = fetch, dispatch
        self._token, self._timing, self._on_conflict = token, timing, on_conflict
        self._open: dict[int, asyncio.Future[None]] = {}
        self._ended: set[int] = set()
        self._next = 0
        self._failures = 0

    @property
    def failing(self) -> bool:
        """Whether the last attempt to fetch failed."""
        return self._failures > 0

    async def run(self) -> None:
        """Fetch for ever. Raises InvalidToken if Telegram refuses the token."""
        while True:
            try:
                offset = self._offset()
                updates = await self._fetch(offset, 0 if self._open else self._timing.poll)
            except InvalidToken:
                raise
            except TelegramError as error:
                await asyncio.sleep(self._pause(error))
                continue
            if self._failures:
                self._failures = 0
                log.info("telegram_back")
            if updates and all(update.update_id < offset for update in updates):
                # After a week without updates Telegram counts from a random number, which may be lower.
                self._next = 0
            fresh = [update for update in updates if self._is_fresh(update.update_id)]
            if fresh:
                await self._handled([self._take(update) for update in fresh])
            elif self._open:
                # A slow update holds the others up for a while only. Then those behind it are fetched, always
                # together with it, since the offset cannot rise above it.
                await asyncio.wait(self._open.values(), timeout=self._timing.behind)

    async def _handled(self, batch: Collection["asyncio.Future[None]"]) -> None:
        """Wait until few of a batch are left, or for a while in which none of them ends. What is fetched while many are
        open comes once more together with them, for nothing; but while the next ones are on their way, these few keep
        us busy."""
        few, left, reached = len(batch) // FEW, len(batch), asyncio.Event()

        def one_less(_: object) -> None:
            nonlocal left
            left -= 1
            if left <= few:
                reached.set()

        for each in batch:
            each.add_done_callback(one_less)
        while not reached.is_set():
            before = left
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timing.batch):
                    await reached.wait()
            if left == before:
                return

    async def settle(self, within: float) -> None:
        """Wait up to ``within`` seconds for the updates that are being handled."""
        if self._open:
            await asyncio.wait(self._open.values(), timeout=within)

    async def confirm(self) -> None:
        """Tell Telegram what has been handled, without fetching more. Raises TelegramError."""
        if self._next:
            await self._fetch(self._offset(), 0)

    def _is_fresh(self, number: int) -> bool:
        return number not in self._open and number not in self._ended

    def _take(self, update: Received) -> "asyncio.Future[None]":
        number = update.update_id
        self._next = max(self._next, number + 1)
        self._open[number] = ended = self._dispatch(update)
        ended.add_done_callback(lambda future: self._end(number, future))
        return ended

    def _end(self, number: int, ended: "asyncio.Future[None]") -> None:
        # Cancelled means: not handled (the channel is stopping), so it stays open and is not confirmed.
        if not ended.cancelled():
            del self._open[number]
            self._ended.add(number)

    def _offset(self) -> int:
        offset = min(self._open, default=self._next)
        self._ended = {number for number in self._ended if number >= offset}
        return offset

    def _pause(self, error: TelegramError) -> float:
        if isinstance(error, Conflict):
            self._on_conflict()
            return self._timing.conflict
        if not self._failures:
            log.warning("telegram_away", error=describe(error, self._token))
        pauses = self._timing.backoff
        pause = pauses[min(self._failures, len(pauses) - 1)]
        self._failures += 1
        return max(pause, error.seconds) if isinstance(error, FloodError) else pause
