"""POST /upload: a picture or file is streamed to where files are kept, then told to the conversation."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote

from aiohttp import web

from bot.channels.web.deeds import ID, Deeds, storable
from bot.channels.web.errors import RefusedError, too_fast
from bot.channels.web.limits import Buckets, Slots
from bot.channels.web.names import shown_name
from bot.channels.web.sessions import Session, Sessions
from bot.channels.web.settings import Timing
from bot.messages import FILE_LIMIT, TEXT_LIMIT, Attached, Kind
from bot.ports import Files, Store

PART = 64 * 1024
"""Bytes that are read at a time."""
BUSY = {"Retry-After": "2"}

_SIZE = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says about a file, in headers: the body is the file and nothing else."""

    id: str
    name: str
    caption: str
    album: str
    size: int
    """Bytes of the whole file. A page does not send a body that it knows to be too large."""

    @classmethod
    def of(cls, request: web.Request) -> Self:
        """Raises RefusedError (400, 415) for what no page of ours sends."""
        # An encoded body would be unpacked on the way in, so that few bytes become many.
        if request.content_type != "application/octet-stream" or "Content-Encoding" in request.headers:
            raise RefusedError(415, "bad_request")
        name, album, size = (request.headers.get(header, "") for header in ("X-Id", "X-Album", "X-Size"))
        if not ID.fullmatch(name) or not (ID.fullmatch(album) or not album) or not (_SIZE.fullmatch(size) or not size):
            raise RefusedError(400, "bad_request")
        return cls(
            name,
            shown_name(_text(request, "X-Name")),
            storable(_text(request, "X-Caption"))[:TEXT_LIMIT],
            album,
            max(int(size or 0), request.content_length or 0),
        )


class UploadRoutes:
    """Few at a time, and none that stands still."""

    def __init__(
        self,
        deeds: Deeds,
        store: Store,
        sessions: Sessions,
        files: Files,
        rate: Buckets,
        slots: Slots,
        timing: Timing,
        quota: int,
    ) -> None:
        self._deeds, self._store, self._sessions, self._files = deeds, store, sessions, files
        self._rate, self._slots, self._timing, self._quota = rate, slots, timing, quota

    async def upload(self, request: web.Request) -> web.Response:
        """Everything that can be refused by its headers is, before a byte of the file is read."""
        session = await self._sessions.require_writer(request)
        told = Told.of(request)
        wait = self._rate.take(session.person)
        if wait:
            raise too_fast("too_many_uploads", wait)
        if await self._deeds.was_done(session.person, told.id):
            return web.json_response({"toast": "", "last": await self._store.last_seq(session.person)})
        if told.size > FILE_LIMIT:
            return await self._do(session, told, Attached(name=told.name, size=told.size, refused="too_large"))
        if self._quota and await self._store.bytes_of(session.person) >= self._quota:
            return await self._do(session, told, Attached(name=told.name, size=told.size, refused="quota"))
        with self._slots.take(session.person) as free:
            if not free:
                raise RefusedError(429, "too_many_uploads", BUSY, seconds=BUSY["Retry-After"])
            attached = await self._kept(request, told)
        if not await self._sessions.alive(session):
            # Told to the conversation it would bring somebody back who has just deleted everything.
            return web.json_response(self._deeds.over(session.person))
        return await self._do(session, told, attached)

    async def _kept(self, request: web.Request, told: Told) -> Attached:
        try:
            async with asyncio.timeout(self._timing.upload):
                found = await self._files.keep(self._parts(request))
        except TimeoutError:
            raise RefusedError(408, "stalled", {"Retry-After": "1"}) from None
        if isinstance(found, str):
            return Attached(name=told.name, size=told.size, refused=found)
        return Attached(name=told.name, size=found.size, type=found.type, kept=found.sha256)

    async def _parts(self, request: web.Request) -> AsyncIterator[bytes]:
        while True:
            async with asyncio.timeout(self._timing.upload_silence):
                part = await request.content.read(PART)
            if not part:
                return
            yield part

    async def _do(self, session: Session, told: Told, attached: Attached) -> web.Response:
        done = await self._deeds.do(
            session,
            told.id,
            _kind(attached.type),
            text=told.caption,
            message=told.id,
            attached=attached,
            album=told.album,
        )
        if attached.refused == "too_large":
            raise RefusedError(413, "file_too_large", told=done)
        return web.json_response(done)


def _kind(media_type: str) -> Kind:
    if media_type.startswith("image/"):
        return "photo"
    return "video" if media_type.startswith("video/") else "document"


def _text(request: web.Request, header: str) -> str:
    """A header that is percent-encoded UTF-8; what is not is replaced."""
    return unquote(request.headers.get(header, ""), errors="replace")
