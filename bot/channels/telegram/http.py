"""HTTP to the Bot API as PTB asks for it, where PTB would warn, write too much, or stop for ever."""

import ssl
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Literal

import httpx
from telegram.error import BadRequest, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.channels.telegram.aiohttp_request import KEPT, AiohttpRequest
from bot.channels.telegram.errors import FloodError
from bot.json_text import from_json
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


def make_requests(
    kind: Backend, *, read: float, poll_slack: float, wait: float, proxy: str | None
) -> tuple[ApiRequest, ApiRequest]:
    """For everything, and for getUpdates. Times in seconds: ``read`` and ``poll_slack`` for the answer to begin (the
    latter on top of how long getUpdates may be held), ``wait`` for everything else.
    """
    make = _aiohttp if backend_for(kind, proxy) == "aiohttp" else _httpx
    return ApiRequest(make(256, read, wait, proxy)), ApiRequest(make(4, poll_slack, wait, proxy))


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
        body = from_json(payload.decode("utf-8", "replace"))
    except ValueError:
        raise TelegramError("the answer is not JSON") from None
    if not isinstance(body, dict):
        raise TelegramError("the answer is not an object")
    return body


def _place(message: dict[str, Any]) -> dict[str, Any]:
    return {key: message[key] for key in ("message_id", "chat") if key in message}


def _retry_after(payload: bytes) -> float:
    try:
        parameters = _parsed(payload).get("parameters")
    except TelegramError:
        return 1.0
    seconds = parameters.get("retry_after") if isinstance(parameters, Mapping) else None
    return float(seconds) if isinstance(seconds, int | float) else 1.0
