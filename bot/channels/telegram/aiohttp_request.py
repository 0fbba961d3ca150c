"""PTB's HTTP on aiohttp: the same promises as its stock backend on httpx for about a third of the CPU time.

Held to the stock one by ``tests/channels/telegram/test_http_contract.py``. Two things differ on purpose: parameters
without files travel as JSON, which the Bot API takes as well (core.telegram.org/bots/api#making-requests), and the
text of an error never holds an address, because an address holds the token.
"""

import asyncio
import ssl
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.multipart import Form
from bot.json_text import to_json

KEPT = 30
"""Seconds that an idle connection is kept: a new one to Telegram costs a press its 300 ms."""

_POOL = "Pool timeout: all connections are in use. The request was not sent to Telegram."


class AiohttpRequest(BaseRequest):
    """At most ``connections`` at a time. All other numbers are seconds, None for no limit: ``read`` between two pieces
    of an answer, ``write`` for each piece of an upload to leave, ``connect`` for a connection with its name and TLS,
    ``pool`` until one of the connections is free. No cookies, no redirects, nothing from the environment.
    """

    def __init__(
        self,
        *,
        connections: int,
        read: float | None,
        write: float | None,
        connect: float | None,
        pool: float | None,
        proxy: str | None,
        tls: ssl.SSLContext,
    ) -> None:
        self._connections, self._proxy, self._tls = connections, proxy, tls
        self._read, self._write, self._connect, self._pool = read, write, connect, pool
        self._timeout = _timeout(read, connect)
        self._places = asyncio.Semaphore(connections)
        self._session: aiohttp.ClientSession | None = None
        self._shut_down = False

    @property
    def read_timeout(self) -> float | None:
        """Seconds that hold if a request does not say otherwise."""
        return self._read

    async def initialize(self) -> None:
        """Be ready, also after ``shutdown``. Harmless if it is."""
        self._shut_down = False

    async def shutdown(self) -> None:
        """Close all connections; what is under way fails with a NetworkError. Harmless if nothing is open."""
        self._shut_down = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One HTTP request: status and body. Raises TimedOut or NetworkError."""
        if self._shut_down:
            raise RuntimeError("this request is shut down")
        default = BaseRequest.DEFAULT_NONE
        timeout = self._timeout
        if read_timeout is not default or connect_timeout is not default:
            timeout = _timeout(
                self._read if read_timeout is default else read_timeout,
                self._connect if connect_timeout is default else connect_timeout,
            )
        if self._places.locked():
            await self._wait_for_place(self._pool if pool_timeout is default else pool_timeout)
        else:
            await self._places.acquire()
        try:
            return await self._exchange(
                url, method, request_data, timeout, self._write if write_timeout is default else write_timeout
            )
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise _network_error(error) from None
        finally:
            self._places.release()

    async def _exchange(
        self,
        url: str,
        method: str,
        request_data: RequestData | None,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's name
        write: float | None,
    ) -> tuple[int, bytes]:
        body: bytes | Form | None = None
        headers = None
        if request_data is not None and request_data.contains_files:
            body = Form(request_data.json_parameters, request_data.multipart_data, write)
        elif request_data is not None:
            body, headers = to_json(request_data.json_parameters).encode(), _JSON
        async with self._open().request(
            method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
        ) as response:
            return response.status, await response.read()

    def _open(self) -> aiohttp.ClientSession:
        # Made here, because aiohttp wants a running loop and PTB uses a bot that nobody has initialized.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT, ssl=self._tls),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
                proxy=self._proxy,
                trust_env=False,
            )
        return self._session

    async def _wait_for_place(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._places.acquire()
        except TimeoutError:
            raise TimedOut(_POOL) from None


_JSON = {"Content-Type": "application/json"}


def _timeout(read: float | None, connect: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=connect, sock_read=read)


def _network_error(error: Exception) -> TelegramError:
    """Without the text of the error, in which the address may stand; the system's own words are harmless."""
    words = getattr(error, "strerror", None)
    name = f"aiohttp.{type(error).__name__}"
    return NetworkError(f"{name}: {words}" if isinstance(words, str) else name)
