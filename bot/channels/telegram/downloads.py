"""Fetches what people sent: getFile says where it is, then it comes in parts."""

from collections.abc import AsyncIterator
from functools import partial
from http import HTTPStatus
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final
from urllib.parse import quote

import httpx
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.errors import describe, is_too_large
from bot.channels.telegram.http import tls
from bot.messages import FILE_LIMIT
from bot.ports import FetchError
from bot.telemetry import get_logger

log = get_logger(__name__)

PART: Final = 64 * 1024
"""Bytes of one part."""
AT_ONCE: Final = 4
"""Downloads side by side; further ones wait for their turn."""
_GONE = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class Downloads:
    """Has an HTTP client of its own, because PTB's requests hold a whole answer in memory; made when the first file is
    fetched, for what it brings along takes longer than everything else at the start of a channel. ``wait``: seconds for
    the connection and for each part; a time limit for the whole is the caller's."""

    def __init__(self, bot: Bot, token: str, *, proxy: str | None, wait: float) -> None:
        self._bot, self._token = bot, token
        self._make = partial(
            httpx.AsyncClient,
            proxy=proxy,
            verify=tls(),
            timeout=httpx.Timeout(wait, pool=None),
            limits=httpx.Limits(max_connections=AT_ONCE, keepalive_expiry=30),
            headers={"Accept-Encoding": "identity"},
            trust_env=False,
        )
        self._client: httpx.AsyncClient | None = None
        self._ended = False

    async def shutdown(self) -> None:
        """Break off what is under way."""
        self._ended = True
        if self._client is not None:
            await self._client.aclose()

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """The file in parts. Raises FetchError, which names neither the file nor its address."""
        url = await self._address(ref)
        if self._ended:
            raise FetchError(None)
        if self._client is None:
            self._client = self._make()
        try:
            async with self._client.stream("GET", url) as response:
                if response.status_code != HTTPStatus.OK:
                    log.info("file_refused", status=response.status_code)
                    raise FetchError("gone" if response.status_code in _GONE else None)
                size = 0
                async for part in response.aiter_raw(PART):
                    size += len(part)
                    if size > FILE_LIMIT:
                        raise FetchError("too_large")
                    yield part
        except httpx.HTTPError as error:
            log.info("file_away", error=describe(error, self._token))
            raise FetchError(None) from None

    async def _address(self, ref: str) -> str:
        try:
            file = await self._bot.get_file(ref)
        except BadRequest as error:
            raise FetchError("too_large" if is_too_large(error) else "gone") from None
        except TelegramError as error:
            log.info("file_away", error=describe(error, self._token))
            raise FetchError(None) from None
        base = f"{self._bot.base_file_url}/"
        # PTB puts its address before the path, but not if there happens to be a file of that name on this machine.
        path = (file.file_path or "").removeprefix(base)
        if PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute():
            # It names a file on the server's disk. To read what a server names would be to read any file of ours.
            log.error("telegram_server_is_local", advice="run telegram-bot-api without --local")
            raise FetchError("gone")
        if not path:
            raise FetchError("gone")
        return base + quote(path)
