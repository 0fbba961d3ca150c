"""HTTP to the Bot API as PTB asks for it, where PTB would warn, write too much, or stop for ever."""

import json
import ssl
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Literal

import httpx
from telegram import CallbackQuery, Chat, InaccessibleMessage, Update, User
from telegram.error import BadRequest, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.channels.telegram.aiohttp_request import KEPT, AiohttpRequest
from bot.channels.telegram.errors import FloodError
from bot.channels.telegram.parsing import is_sound
from bot.telemetry import get_logger

log = get_logger(__name__)

Backend = Literal["aiohttp", "httpx"]
"""``httpx`` is PTB's stock one."""


class ApiRequest(BaseRequest):
    """A backend whose 429 is a FloodError, and which does not log bodies that are no JSON (error pages of gateways)."""

    def __init__(self, backend: BaseRequest) -> None:
        self._backend = backend

    @property
    def read_timeout(self) -> float | None:
        """Seconds for the answer to begin."""
        return self._backend.read_timeout

    async def initialize(self) -> None:
        """Be ready."""
        await self._backend.initialize()

    async def shutdown(self) -> None:
        """Close all connections."""
        await self._backend.shutdown()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """One HTTP request: status and body. Raises TelegramError."""
        code, payload = await self._backend.do_request(*args, **kwargs)
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodError(_retry_after(payload))
        if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise BadRequest("Request Entity Too Large")  # for PTB it would be a matter of the network: try again
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The body as an object. Of a message that was sent only its number is read, and of an edited one nothing, so
        the rest is left out: to build it would cost more than to send it. Raises TelegramError."""
        body = _parsed(payload)
        result = body.get("result")
        if isinstance(result, dict) and "message_id" in result:
            # True is what the Bot API itself answers to an edit in some cases.
            body["result"] = True if "edit_date" in result else _place(result) | {"date": result.get("date")}
        return body


class PollRequest(ApiRequest):
    """For getUpdates. PTB gets the numbers of the updates only, and ``read`` makes objects of those that are wanted.

    PTB would make objects of all, also of those that come again because others before them are not done. And one that
    it cannot read would fail its whole batch at every attempt; here its number stays, and it is confirmed like any
    other of an unknown kind.
    """

    def __init__(self, backend: BaseRequest) -> None:
        super().__init__(backend)
        self._updates: dict[int, dict[str, Any]] = {}

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Status, and a body with the numbers in place of the updates. Raises TelegramError."""
        code, payload = await super().do_request(*args, **kwargs)
        if code != HTTPStatus.OK:
            return code, payload
        updates = _parsed(payload).get("result")
        if not isinstance(updates, list):
            return code, payload
        self._updates = {update["update_id"]: update for update in updates if _has_number(update)}
        return code, json.dumps({"ok": True, "result": [{"update_id": number} for number in self._updates]}).encode()

    def read(self, number: int) -> Update:
        """An update of the last answer; see ``read_update``."""
        return read_update(self._updates.pop(number))


def read_update(sent: dict[str, Any]) -> Update:
    """An update as Telegram sends it; an empty one with its number if PTB or we could not read it."""
    query = sent.get("callback_query")
    try:
        update = Update.de_json(sent, None) if query is None else _press(sent["update_id"], query)
        if is_sound(update):
            return update
        why = "a value of another type"
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        # The last two come of dates out of any calendar.
        why = type(error).__name__
    log.error("update_unreadable", update=sent["update_id"], error=why)
    return Update(sent["update_id"])


def _press(number: int, query: dict[str, Any]) -> Update:
    """Built by hand, because where it was pressed is all that is read of the message: for the whole message PTB needs
    longer than for everything else of a press."""
    message = query.get("message")
    place = None if message is None else InaccessibleMessage(Chat.de_json(message["chat"]), message["message_id"])
    person = User.de_json(query["from"])
    pressed = CallbackQuery(query["id"], person, query["chat_instance"], message=place, data=query.get("data"))
    return Update(number, callback_query=pressed)


def make_requests(
    kind: Backend, *, read: float, poll_slack: float, wait: float, proxy: str | None
) -> tuple[ApiRequest, PollRequest]:
    """For everything, and for getUpdates. Times in seconds: ``read`` and ``poll_slack`` for the answer to begin (the
    latter on top of how long getUpdates may be held), ``wait`` for everything else.
    """
    make = _aiohttp if backend_for(kind, proxy) == "aiohttp" else _httpx
    return ApiRequest(make(256, read, wait, proxy)), PollRequest(make(4, poll_slack, wait, proxy))


def backend_for(kind: Backend, proxy: str | None) -> Backend:
    """aiohttp knows no SOCKS, so a proxy of that kind is reached with httpx whatever was asked for."""
    if kind == "aiohttp" and proxy is not None and proxy.startswith("socks"):
        log.info("telegram_http", backend="httpx", why="the proxy speaks SOCKS")
        return "httpx"
    return kind


def _aiohttp(connections: int, read: float, wait: float, proxy: str | None) -> BaseRequest:
    return AiohttpRequest(
        connections=connections, read=read, write=wait, connect=wait, pool=wait, proxy=proxy, tls=tls()
    )


def _httpx(connections: int, read: float, wait: float, proxy: str | None) -> BaseRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=read,
        write_timeout=wait,
        media_write_timeout=wait,
        connect_timeout=wait,
        pool_timeout=wait,
        proxy=proxy,
        httpx_kwargs={
            "verify": tls(),
            # TELEGRAM_PROXY decides; httpx would also take HTTPS_PROXY from the environment.
            "trust_env": False,
            "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=())),
            # httpx closes an idle connection after 5 s.
            "limits": httpx.Limits(max_connections=connections, keepalive_expiry=KEPT),
        },
    )


@cache
def tls() -> ssl.SSLContext:
    """One for all clients: reading the certificates takes longer than everything else at the start of a channel."""
    return httpx.create_ssl_context()


def _parsed(payload: bytes) -> dict[str, Any]:
    try:
        body = json.loads(payload.decode("utf-8", "replace"))
    except ValueError:
        raise TelegramError("the answer is not JSON") from None
    if not isinstance(body, dict):
        raise TelegramError("the answer is not an object")
    return body


def _has_number(update: object) -> bool:
    return isinstance(update, dict) and type(update.get("update_id")) is int


def _place(message: dict[str, Any]) -> dict[str, Any]:
    return {key: message[key] for key in ("message_id", "chat") if key in message}


def _retry_after(payload: bytes) -> float:
    try:
        parameters = _parsed(payload).get("parameters")
    except TelegramError:
        return 1.0
    seconds = parameters.get("retry_after") if isinstance(parameters, Mapping) else None
    return float(seconds) if isinstance(seconds, int | float) else 1.0
