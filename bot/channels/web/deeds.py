"""One deed of a person: handed to the conversation, confirmed once it is committed."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.channels.web.errors import RefusedError
from bot.channels.web.hub import Hub
from bot.channels.web.metrics import WebMetrics
from bot.channels.web.sessions import Session, Sessions
from bot.domain.model import Json
from bot.messages import Attached, Incoming, Kind
from bot.ports import Handle, Store

OPENED = "start"
"""The id of the deed that opens the page: the same in all tabs, so it is done once."""
RECENT = 200
"""Rows that are searched for a deed that seems to have left no trace."""
ID = re.compile(r"[A-Za-z0-9-]{8,64}")
"""What the page calls a deed; sent twice it is the same deed."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Deeds:
    """What comes back holds the toast and the number to read up to; ``reset`` if everything was deleted by it."""

    def __init__(
        self,
        handle: Handle,
        store: Store,
        sessions: Sessions,
        hub: Hub,
        metrics: WebMetrics,
        clock: Callable[[], datetime],
        ticks: Callable[[], float],
    ) -> None:
        self._handle, self._store, self._sessions, self._hub = handle, store, sessions, hub
        self._metrics, self._clock, self._ticks = metrics, clock, ticks

    async def do(
        self,
        session: Session,
        name: str,
        kind: Kind,
        *,
        text: str = "",
        press: str = "",
        message: str = "",
        attached: Attached | None = None,
        album: str = "",
    ) -> Mapping[str, Json]:
        """Raises RefusedError (503) if nothing was committed; the same id may then be sent again."""
        person = session.person
        incoming = Incoming(
            f"web:{person}:{name}",
            person,
            self._clock(),
            kind,
            text=text,
            press=press,
            message=message,
            attached=attached,
            album=album,
        )
        before = await self._store.last_seq(person)
        began = self._ticks()
        answer = await self._handle(incoming)
        self._metrics.handled.labels(kind).observe(self._ticks() - began)
        if not await self._sessions.alive(session):
            return self.over(person, answer.toast)
        last = await self._store.last_seq(person)
        if last == before and not await self.was_done(person, name):
            raise RefusedError(503, "failed", {"Retry-After": "1"})
        self._hub.wake(person)
        return {"toast": answer.toast, "last": last}

    def over(self, person: str, toast: str = "") -> Mapping[str, Json]:
        """Everything of the person was deleted: their pages begin anew."""
        self._hub.reset(person)
        return {"toast": toast, "last": 0, "reset": True}

    async def was_done(self, person: str, name: str) -> bool:
        """Whether the deed of that id is in the transcript."""
        last = await self._store.last_seq(person)
        if name == OPENED:
            return last > 0
        recent = await self._store.transcript(person, max(0, last - RECENT), RECENT)
        return any(row["op"] == "said" and row["id"] == name for _, _, row in recent)


def storable(text: str) -> str:
    """The text without what no database takes."""
    return _UNSTORABLE.sub("\ufffd", text)
