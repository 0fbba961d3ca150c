"""What a person does on the page: parsed to an Incoming, handed to the conversation, confirmed after its commit."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.channels.web.errors import RefusedError, too_fast
from bot.channels.web.hub import Hub
from bot.channels.web.limits import Buckets
from bot.channels.web.metrics import WebMetrics
from bot.channels.web.sessions import Session, Sessions
from bot.domain.model import Json
from bot.messages import PRESS_LIMIT, Incoming, Kind
from bot.ports import Handle, Store

LONGEST_LABEL = 64
OPENED = "start"
"""The id of the deed that opens the page: the same in all tabs, so it is done once."""
RECENT = 200
"""Rows that are searched for a deed that seems to have left no trace."""

_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class ChatRoutes:
    """POST /say, /press, /start. The answer holds the toast and the number to read up to, nothing else."""

    def __init__(
        self,
        handle: Handle,
        store: Store,
        sessions: Sessions,
        hub: Hub,
        deeds: Buckets,
        metrics: WebMetrics,
        clock: Callable[[], datetime],
        ticks: Callable[[], float],
    ) -> None:
        self._handle, self._store, self._sessions = handle, store, sessions
        self._hub, self._deeds, self._metrics = hub, deeds, metrics
        self._clock, self._ticks = clock, ticks

    async def say(self, request: web.Request) -> web.Response:
        session, body = await self._deed(request)
        text = _UNSTORABLE.sub("\ufffd", _text(body, "text"))
        if not text.strip():
            raise RefusedError(400, "bad_request")
        name = _id(body)
        kind: Kind = "command" if text.startswith("/") else "text"
        return await self._do(session, name, kind, text=text, message=name)

    async def press(self, request: web.Request) -> web.Response:
        session, body = await self._deed(request)
        press, label = _text(body, "press"), _UNSTORABLE.sub("\ufffd", _text(body, "label"))[:LONGEST_LABEL]
        if not press or not label or len(press.encode("utf-8", "replace")) > PRESS_LIMIT:
            raise RefusedError(400, "bad_request")
        message = await self._bubble(session.person, _text(body, "message"))
        return await self._do(session, _id(body), "press", text=label, press=press, message=message)

    async def start(self, request: web.Request) -> web.Response:
        session, _ = await self._deed(request)
        last = await self._store.last_seq(session.person)
        if last:
            return web.json_response({"toast": "", "last": last})
        return await self._do(session, OPENED, "command", text="/start")

    async def _deed(self, request: web.Request) -> tuple[Session, Mapping[str, Json]]:
        session = await self._sessions.require_writer(request)
        wait = self._deeds.take(session.person)
        if wait:
            raise too_fast("too_fast", wait)
        return session, await read_json(request)

    async def _do(
        self, session: Session, name: str, kind: Kind, text: str, *, press: str = "", message: str = ""
    ) -> web.Response:
        person = session.person
        incoming = Incoming(
            f"web:{person}:{name}", person, self._clock(), kind, text=text, press=press, message=message
        )
        before = await self._store.last_seq(person)
        began = self._ticks()
        answer = await self._handle(incoming)
        self._metrics.handled.labels(kind).observe(self._ticks() - began)
        if not await self._sessions.alive(session):
            self._hub.reset(person)
            return web.json_response({"toast": answer.toast, "last": 0, "reset": True})
        last = await self._store.last_seq(person)
        if last == before and not await self._was_done(person, name, last):
            # Nothing was committed; the same id may be sent again.
            raise RefusedError(503, "failed", {"Retry-After": "1"})
        self._hub.wake(person)
        return web.json_response({"toast": answer.toast, "last": last})

    async def _was_done(self, person: str, name: str, last: int) -> bool:
        if name == OPENED:
            return last > 0
        recent = await self._store.transcript(person, max(0, last - RECENT), RECENT)
        return any(row["op"] == "said" and row["id"] == name for _, _, row in recent)

    async def _bubble(self, person: str, message: str) -> str:
        """The name of the bubble that was pressed on; empty if there is none, then the answer stands below."""
        if message.isascii() and message.isdecimal() and len(message) < 12:
            found = await self._store.transcript(person, int(message) - 1, 1)
            if found and found[0][0] == int(message) and found[0][2]["op"] == "new":
                return str(int(message))
        return ""


async def read_json(request: web.Request) -> Mapping[str, Json]:
    """The body, an object. Raises RefusedError (400), or aiohttp's 413."""
    try:
        body: Any = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise RefusedError(400, "bad_request") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "bad_request")
    return body


def _id(body: Mapping[str, Json]) -> str:
    name = _text(body, "id")
    if not _ID.fullmatch(name):
        raise RefusedError(400, "bad_request")
    return name


def _text(body: Mapping[str, Json], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise RefusedError(400, "bad_request")
    return value
