"""The few Bot API methods that every step needs, as plain values: what PTB's objects would add costs more than to send.

They go the same way as all others: PTB's request with its errors, and our pacing. Everything rarer is called on PTB's
bot.
"""

from collections.abc import Sequence
from typing import Any, Final

from telegram.constants import ParseMode
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # PTB has no public way around its objects

from bot.channels.telegram.limiter import PacedRequests
from bot.channels.telegram.pacing import Priority
from bot.channels.telegram.received import Received
from bot.channels.telegram.render import keyboard
from bot.json_text import to_json
from bot.messages import Screen

KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""Kinds of updates that are asked for."""

_HTML: Final = {"parse_mode": ParseMode.HTML.value, "link_preview_options": {"is_disabled": True}}


class Api:
    """``address``: up to and with the token. Every method raises TelegramError."""

    def __init__(self, address: str, request: BaseRequest, polling: BaseRequest, limiter: PacedRequests) -> None:
        self._address, self._request, self._polling, self._limiter = address, request, polling, limiter

    async def updates(self, offset: int, timeout: int) -> Sequence[Received]:  # noqa: ASYNC109 - Telegram's name
        """Updates from ``offset`` on, which confirms those before it; held open for ``timeout`` seconds. What has no
        number cannot be confirmed, so it is left out."""
        data = _data({"offset": offset, "timeout": timeout, "allowed_updates": KINDS})
        patience = None if self._polling.read_timeout is None else timeout + self._polling.read_timeout
        found = await self._polling.post(f"{self._address}/getUpdates", data, read_timeout=patience)
        if not isinstance(found, list):
            return ()
        return [
            Received(sent["update_id"], sent)
            for sent in found
            if isinstance(sent, dict) and type(sent.get("update_id")) is int
        ]

    async def answer(self, query: str, text: str) -> None:
        """Answer a press; an empty text shows nothing."""
        await self._call("answerCallbackQuery", {"callback_query_id": query} | ({"text": text} if text else {}))

    async def send(self, chat: int, screen: Screen, priority: Priority) -> int:
        """One new message. Returns its number."""
        message = await self._call("sendMessage", {"chat_id": chat, **_shown(screen)}, priority)
        return int(message["message_id"])

    async def edit(self, chat: int, message: int, screen: Screen) -> None:
        """Put the screen into a message that is there."""
        await self._call("editMessageText", {"chat_id": chat, "message_id": message, **_shown(screen)})

    async def _call(self, method: str, values: dict[str, Any], priority: Priority = Priority.REPLY) -> Any:
        return await self._limiter.process_request(self._post, (method, values), {}, method, values, priority)

    async def _post(self, method: str, values: dict[str, Any]) -> Any:
        return await self._request.post(f"{self._address}/{method}", _data(values))


def _data(values: dict[str, Any]) -> RequestData:
    # A text goes as it is, so PTB has nothing left to encode.
    return RequestData(
        [
            RequestParameter(name, value if isinstance(value, str) else to_json(value), None)
            for name, value in values.items()
        ]
    )


def _shown(screen: Screen) -> dict[str, Any]:
    buttons = keyboard(screen)
    return {"text": str(screen.text), **_HTML, **({"reply_markup": buttons} if buttons else {})}
