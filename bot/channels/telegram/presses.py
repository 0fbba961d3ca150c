"""Every press is answered in time, whatever else happens to it."""

import asyncio

from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import FloodError, describe
from bot.messages import TOAST_LIMIT
from bot.telemetry import get_logger

log = get_logger(__name__)


class Presses:
    """Answers each callback query once: with the toast if it is known within ``wait`` seconds of the arrival of the
    update, else empty. The time runs from the arrival, also for a press that waits behind others of its chat."""

    def __init__(self, api: Api, token: str, wait: float) -> None:
        self._api, self._token, self._wait = api, token, wait
        self._open: dict[int, tuple[str, asyncio.TimerHandle]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def received(self, update_id: int, query: str) -> None:
        """Start the time of a press."""
        late = asyncio.get_running_loop().call_later(self._wait, self.decided, update_id)
        self._open[update_id] = query, late

    def decided(self, update_id: int, toast: str = "") -> None:
        """The notice for a press is known. Harmless if it was answered before, or was no press."""
        waiting = self._open.pop(update_id, None)
        if waiting is None:
            return
        query, late = waiting
        late.cancel()
        task = asyncio.create_task(self._answer(query, toast[:TOAST_LIMIT]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, within: float) -> None:
        """Answer all presses, and wait up to ``within`` seconds for that."""
        for update_id in list(self._open):
            self.decided(update_id)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within)
            for task in late:
                task.cancel()

    async def _answer(self, query: str, text: str) -> None:
        for _ in range(2):
            try:
                await self._api.answer(query, text)
                return
            except (BadRequest, FloodError, InvalidToken) as error:
                # "query is too old": the client has long stopped waiting. The flow goes on with the redraw.
                log.debug("press_not_answered", error=describe(error, self._token))
                return
            except NetworkError as error:
                log.debug("press_answer_lost", error=describe(error, self._token))
            except TelegramError as error:
                log.warning("press_not_answered", error=describe(error, self._token))
                return
