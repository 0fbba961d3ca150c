"""Updates of one chat one after another, of different chats side by side."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any

from telegram.ext import BaseUpdateProcessor

from bot.channels.telegram.received import place_of


class ChatOrder(BaseUpdateProcessor):
    """PTB's hook around the handling of each update.

    ``at_once`` bounds how many updates are worked on. Updates that wait for their chat do not count, so that one
    person who writes a lot does not use up the places of all others; ``waiting`` bounds those.
    """

    def __init__(self, at_once: int = 32, waiting: int = 1024) -> None:
        super().__init__(waiting)
        self._places = asyncio.Semaphore(at_once)
        self._turns: dict[int, _Turn] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the coroutine when it is this update's turn."""
        started = False
        try:
            async with self._turn(update), self._places:
                started = True
                await coroutine
        finally:
            if not started and isinstance(coroutine, Coroutine):
                coroutine.close()

    def _turn(self, update: object) -> "_Turn":
        place = place_of(update)
        key = place.chat if place else 0
        turn = self._turns.get(key)
        if turn is None:
            turn = self._turns[key] = _Turn(self._turns, key)
        return turn


class _Turn:
    """A lock that leaves its registry with its last holder."""

    def __init__(self, registry: "dict[int, _Turn]", key: int) -> None:
        self._registry, self._key = registry, key
        self._lock = asyncio.Lock()
        self._wanted = 0

    async def __aenter__(self) -> None:
        self._wanted += 1
        try:
            await self._lock.acquire()
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()
        self._leave()

    def _leave(self) -> None:
        self._wanted -= 1
        if not self._wanted:
            del self._registry[self._key]
