"""Every press is answered in time, whatever else happens to it."""

import asyncio
from contextlib import suppress

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
        self._open: dict[int, asyncio.Future[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def received(self, update_id: int, query: str) -> None:
        """Start the time of a press."""
        toast: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._open[update_id] = toast
        task = asyncio.create_task(self._answer(query, toast))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def decided(self, update_id: int, toast: str = "") -> None:
        """The notice for a press is known. Harmless if it was answered before, or was no press."""
        waiting = self._open.pop(update_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(toast)

    async def drain(self, within: float) -> None:
        """Wait up to ``within`` seconds for the answers under way."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within)
            for task in late:
                task.cancel()

    async def _answer(self, query: str, toast: asyncio.Future[str]) -> None:
        text = ""
        with suppress(TimeoutError):
            text = await asyncio.wait_for(toast, self._wait)
        for _ in range(2):
            try:
                await self._api.answer(query, text[:TOAST_LIMIT])
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
