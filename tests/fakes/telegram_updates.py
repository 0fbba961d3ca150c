"""The updates that wait for a bot, exactly as getUpdates hands them out, and waiting for what the bot does."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.fakes.telegram_html import ApiError


class Updates:
    """What is confirmed is gone; what is not comes again."""

    def __init__(self) -> None:
        self.patience = 30.0
        """Seconds until a wait fails; more for a bot that starts as a process of its own."""
        self.confirmed = 0
        """Every update below this number is confirmed."""
        self.waiting: list[dict[str, Any]] = []
        """Updates that are not confirmed."""
        self.kinds: list[str] | None = None
        """The kinds that the bot asked for; None until it did."""
        self._updates = 8_000
        self._polls = 0
        self._polling = 0
        self._changed = asyncio.Event()
        self._closing = asyncio.Event()

    async def until(
        self,
        met: Callable[[], object],
        otherwise: Callable[[], str],
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> None:
        """Wait for a change that meets the condition, or fail with a sentence. Nothing is polled."""
        try:
            async with asyncio.timeout(self.patience if timeout is None else timeout):
                while not met():
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(otherwise()) from None

    async def polled(self) -> None:
        """Wait until the bot waits for updates."""
        await self.until(lambda: self._polling, lambda: "the bot does not poll")

    async def all_confirmed(self) -> None:
        """Wait until the bot has confirmed every update."""
        await self.until(lambda: not self.waiting, lambda: f"not confirmed: {self.waiting}")

    def push(self, kind: str, payload: dict[str, Any]) -> int | None:
        """Queue an update of any kind for the bot. Returns its number, or None if the bot does not want that kind."""
        if self.kinds is not None and kind not in self.kinds:
            return None
        self._updates += 1
        self.waiting.append({"update_id": self._updates, kind: payload})
        self._note_change()
        return self._updates

    def restart_numbers(self, number: int) -> None:
        """Count updates from another number, as Telegram does after a week without any. An offset beyond the new
        numbers confirms nothing."""
        self._updates, self.confirmed = number, 0

    async def poll(self, offset: int, limit: int, timeout: float, kinds: list[str] | None) -> list[dict[str, Any]]:  # noqa: ASYNC109
        """getUpdates: confirms what is below ``offset``, ends a poll that is still open with a conflict."""
        self._polls += 1
        mine = self._polls
        if kinds is not None:
            self.kinds = kinds or None
        if offset < 0:
            offset = self.waiting[offset]["update_id"] if len(self.waiting) >= -offset else 0
        if offset > self._updates + 1:
            offset = 0
        self.confirmed = max(self.confirmed, offset)
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        self._polling += 1
        self._note_change()
        try:
            async with asyncio.timeout(timeout):
                while not self.waiting and not self._closing.is_set():
                    await self._changed.wait()
                    if self._polls != mine:
                        raise ApiError(
                            409,
                            "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
                            "is running",
                        )
        except TimeoutError:
            pass
        finally:
            self._polling -= 1
        return self.waiting[:limit]

    def _note_change(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
