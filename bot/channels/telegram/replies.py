"""Shows an answer: edits the pressed message or sends new ones, and maps what Telegram says to that."""

import asyncio
from collections.abc import Awaitable, Callable

from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import describe, guarded, is_gone, reason
from bot.channels.telegram.outbox import Outbox
from bot.channels.telegram.pacing import Priority
from bot.channels.telegram.parsing import person_of
from bot.channels.telegram.sending import replace_screen
from bot.channels.telegram.uploads import Uploads, parts
from bot.messages import Reply
from bot.telemetry import get_logger

log = get_logger(__name__)

PersonCall = Callable[[str], Awaitable[None]]


class Replies:
    """A crash or a dead network loses only a drawing here: whatever is pressed or typed next draws the present
    screen. So a reply is tried again for about half a minute and then given up. After a lost answer of Telegram a
    message may come twice; that is preferred to one that does not come."""

    def __init__(
        self,
        api: Api,
        token: str,
        outbox: Outbox,
        uploads: Uploads,
        *,
        pauses: tuple[float, ...],
        on_unreachable: PersonCall,
    ) -> None:
        self._api, self._token, self._outbox, self._uploads = api, token, outbox, uploads
        self._pauses, self._on_unreachable = pauses, on_unreachable

    def show(self, chat: int, replies: tuple[Reply, ...], pressed: int | None = None) -> None:
        """Put the replies on their way; ``pressed`` is the message that an edit goes into."""
        if replies:
            self._outbox.put(chat, lambda: self._show(chat, replies, pressed))

    async def _show(self, chat: int, replies: tuple[Reply, ...], pressed: int | None) -> None:
        for reply in replies:
            for part in parts(reply):
                if not await self._persist(chat, part, pressed):
                    return

    async def _persist(self, chat: int, reply: Reply, pressed: int | None) -> bool:
        """Try until it is shown or given up. Returns whether to go on with the next reply."""
        for pause in (*self._pauses, None):
            try:
                await self._once(chat, reply, pressed)
                return True
            except TelegramError as error:
                if is_gone(error):
                    if chat > 0:
                        await guarded(self._on_unreachable(person_of(chat)), "unreachable_not_noted")
                    return False
                if isinstance(error, BadRequest):
                    log.error("reply_rejected", reason=reason(error))
                    return True
                if isinstance(error, InvalidToken | Forbidden) or pause is None:
                    log.warning("reply_given_up", error=describe(error, self._token))
                    return False
            await asyncio.sleep(pause)
        return False

    async def _once(self, chat: int, reply: Reply, pressed: int | None) -> None:
        if reply.file is not None:
            await self._uploads.send(chat, reply.screen, reply.file)
        elif reply.edit and pressed is not None:
            await replace_screen(self._api, chat, pressed, reply.screen)
        else:
            await self._api.send(chat, reply.screen, Priority.REPLY)
