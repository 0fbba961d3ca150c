"""Updates of one chat one after another, of different chats side by side."""

import asyncio


class ChatOrder:
    """``at_once`` bounds how many updates are worked on. Updates that wait for their chat do not count, so that one
    person who writes a lot does not use up the places of all others."""

    def __init__(self, at_once: int = 32) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._turns: dict[int, Turn] = {}

    def turn(self, chat: int) -> "Turn":
        """To be entered: the update's turn in its chat, and a place. Turns come in the order of entering."""
        turn = self._turns.get(chat)
        if turn is None:
            turn = self._turns[chat] = Turn(self._turns, chat, self._places)
        return turn


class Turn:
    """A chat's lock, which leaves its registry with its last holder."""

    def __init__(self, registry: "dict[int, Turn]", chat: int, places: asyncio.Semaphore) -> None:
        self._registry, self._chat, self._places = registry, chat, places
        self._lock = asyncio.Lock()
        self._wanted = 0

    async def __aenter__(self) -> None:
        self._wanted += 1
        try:
            await self._lock.acquire()
            try:
                await self._places.acquire()
            except BaseException:
                self._lock.release()
                raise
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._places.release()
        self._lock.release()
        self._leave()

    def _leave(self) -> None:
        self._wanted -= 1
        if not self._wanted:
            del self._registry[self._chat]
