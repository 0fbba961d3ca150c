"""How far slow work is: one message per job, drawn anew at most every few seconds."""

import asyncio
from collections import OrderedDict
from typing import Final

from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import describe, guarded, is_gone, reason
from bot.channels.telegram.pacing import Priority
from bot.channels.telegram.sending import replace_screen
from bot.messages import Screen
from bot.telemetry import get_logger

log = get_logger(__name__)

_REMEMBERED: Final = 500
"""Jobs whose message is known; one that was forgotten goes on in a new message."""
_ATTEMPTS: Final = 5
"""Failures one after another in a chat, until a drawing is given up."""


class Progress:
    """In each chat one drawing after another, ``pause`` seconds apart. What a newer screen of the same job has
    replaced is never drawn; the last one always is, if Telegram can be reached."""

    def __init__(self, api: Api, token: str, pause: float) -> None:
        self._api, self._token, self._pause = api, token, pause
        self._waiting: dict[int, dict[int, Screen]] = {}
        self._messages: OrderedDict[tuple[int, int], int] = OrderedDict()
        self._tasks: set[asyncio.Task[bool]] = set()

    def show(self, chat: int, job: int, screen: Screen) -> None:
        """Draw the screen when the chat's pause is over; returns at once."""
        waiting = self._waiting.get(chat)
        if waiting is not None:
            waiting[job] = screen
            return
        self._waiting[chat] = {job: screen}
        task = asyncio.create_task(guarded(self._run(chat), "progress_failed"), name="telegram progress")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Draw nothing more: work that is not done begins anew with the next start."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _run(self, chat: int) -> None:
        waiting = self._waiting[chat]
        failures = 0
        try:
            while waiting:
                job = next(iter(waiting))
                screen = waiting.pop(job)
                if await self._draw(chat, job, screen) or failures + 1 == _ATTEMPTS:
                    failures = 0
                else:
                    failures += 1
                    waiting.setdefault(job, screen)
                await asyncio.sleep(self._pause)
        finally:
            del self._waiting[chat]

    async def _draw(self, chat: int, job: int, screen: Screen) -> bool:
        """Returns False if it is worth another attempt."""
        known = self._messages.get((chat, job))
        try:
            if known is None:
                shown = await self._api.send(chat, screen, Priority.REPLY)
            else:
                shown = await replace_screen(self._api, chat, known, screen)
        except BadRequest as error:
            if not is_gone(error):
                log.error("progress_rejected", reason=reason(error))
            return True
        except (Forbidden, InvalidToken) as error:
            log.info("progress_not_shown", error=describe(error, self._token))
            return True
        except TelegramError as error:
            log.info("progress_not_shown", error=describe(error, self._token))
            return False
        self._messages[chat, job] = shown
        self._messages.move_to_end((chat, job))
        if len(self._messages) > _REMEMBERED:
            self._messages.popitem(last=False)
        return True
