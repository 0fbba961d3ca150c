"""The pacing bound to PTB: every request of the bot passes here, except getUpdates."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.ext import BaseRateLimiter

from bot.channels.telegram.errors import FloodError
from bot.channels.telegram.pacing import Pacer, Priority

_ATTEMPTS = 4
_Result = bool | dict[str, Any] | list[dict[str, Any]]


class PacedRequests(BaseRateLimiter[Priority]):
    """Holds messages and edits back as the Pacer says and repeats replies after a 429.

    A reminder is not repeated here: its row in the store is, so its 429 (or one that its chat is still held for)
    goes back to the caller at once. What belongs to no chat, answerCallbackQuery above all, never waits.
    """

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer
        self._turns: dict[int, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Stop the timer; requests that still wait are the caller's to cancel."""
        if self._timer is not None:
            self._timer.cancel()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, _Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Priority | None,
    ) -> _Result:
        """Wait for the turn, then make the request. ``rate_limit_args`` is its priority, REPLY if not given."""
        chat = data.get("chat_id")
        if not isinstance(chat, int):
            return await callback(*args, **kwargs)
        priority = Priority.REPLY if rate_limit_args is None else rate_limit_args
        clock = asyncio.get_running_loop().time
        for attempt in range(_ATTEMPTS):
            held = self._pacer.held(chat, clock())
            if priority is Priority.REMINDER and held:
                raise FloodError(held)
            await self._turn(chat, priority, edit=endpoint.startswith("editMessage"))
            try:
                return await callback(*args, **kwargs)
            except FloodError as error:
                self._pacer.hold(chat, error.seconds, clock())
                if priority is Priority.REMINDER or attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _turn(self, chat: int, priority: Priority, *, edit: bool) -> None:
        ticket = self._pacer.submit(chat, priority, edit=edit)
        self._pump()
        if ticket.released:
            return
        turn = self._turns[ticket.number] = asyncio.get_running_loop().create_future()
        try:
            await turn
        finally:
            ticket.abandoned = True
            del self._turns[ticket.number]

    def _pump(self) -> None:
        loop = asyncio.get_running_loop()
        for ticket in self._pacer.release(loop.time()):
            turn = self._turns.get(ticket.number)
            if turn is not None and not turn.done():
                turn.set_result(None)
        if self._timer is not None:
            self._timer.cancel()
        when = self._pacer.next_time(loop.time())
        self._timer = None if when is None else loop.call_at(when, self._pump)
