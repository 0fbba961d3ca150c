"""HTTP to the Bot API as PTB asks for it, where its own backend would warn, write too much, or stop for ever."""

import json
import ssl
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx
from telegram import Update
from telegram.error import BadRequest, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.errors import FloodError
from bot.telemetry import get_logger

log = get_logger(__name__)


class ApiRequest(HTTPXRequest):
    """Raises FloodError for a 429, and does not log bodies that are no JSON (error pages of gateways).

    Times in seconds: ``read`` for the answer to begin, ``wait`` for everything else.
    """

    def __init__(self, *, connections: int, read: float, wait: float, proxy: str | None) -> None:
        super().__init__(
            connection_pool_size=connections,
            read_timeout=read,
            write_timeout=wait,
            connect_timeout=wait,
            pool_timeout=wait,
            proxy=proxy,
            httpx_kwargs={
                "verify": tls(),
                # httpx closes an idle connection after 5 s; a new one to Telegram costs a press its 300 ms.
                "limits": httpx.Limits(max_connections=connections, keepalive_expiry=30),
            },
        )

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """One HTTP request: status and body. Raises TelegramError."""
        code, payload = await super().do_request(*args, **kwargs)
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodError(_retry_after(payload))
        if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise BadRequest("Request Entity Too Large")  # for PTB it would be a matter of the network: try again
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The body as an object. Raises TelegramError."""
        try:
            body = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("the answer is not JSON") from None
        if not isinstance(body, dict):
            raise TelegramError("the answer is not an object")
        return body


class PollRequest(ApiRequest):
    """For getUpdates. One update that PTB cannot read would fail its whole batch at every attempt, so such an update
    is emptied here: its number stays, and it is confirmed like any other of an unknown kind."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The body with every update readable. Raises TelegramError."""
        body = ApiRequest.parse_json_payload(payload)
        if isinstance(body.get("result"), list):
            body["result"] = [_readable(update) for update in body["result"]]
        return body


@cache
def tls() -> ssl.SSLContext:
    """One for all clients: reading the certificates takes longer than everything else at the start of a channel."""
    return httpx.create_ssl_context()


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(update, None)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.error("update_unreadable", update=update["update_id"], error=type(error).__name__)
        return {"update_id": update["update_id"]}
    return update


def _retry_after(payload: bytes) -> float:
    try:
        parameters = ApiRequest.parse_json_payload(payload).get("parameters")
    except TelegramError:
        return 1.0
    seconds = parameters.get("retry_after") if isinstance(parameters, Mapping) else None
    return float(seconds) if isinstance(seconds, int | float) else 1.0
