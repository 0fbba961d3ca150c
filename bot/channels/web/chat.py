"""What a person says and presses on the page, parsed from its JSON."""

from collections.abc import Mapping

from aiohttp import web

from bot.channels.web.bodies import read_json
from bot.channels.web.deeds import ID, OPENED, Deeds, storable
from bot.channels.web.errors import RefusedError, too_fast
from bot.channels.web.limits import Buckets
from bot.channels.web.sessions import Session, Sessions
from bot.channels.web.settings import Timing
from bot.domain.model import Json
from bot.messages import PRESS_LIMIT, Kind
from bot.ports import Store

LONGEST_LABEL = 64


class ChatRoutes:
    """POST /say, /press, /start."""

    def __init__(self, deeds: Deeds, store: Store, sessions: Sessions, rate: Buckets, timing: Timing) -> None:
        self._deeds, self._store, self._sessions, self._rate = deeds, store, sessions, rate
        self._timing = timing

    async def say(self, request: web.Request) -> web.Response:
        session, body = await self._asked(request)
        text = storable(_text(body, "text"))
        if not text.strip():
            raise RefusedError(400, "bad_request")
        name = _id(body)
        kind: Kind = "command" if text.startswith("/") else "text"
        return web.json_response(await self._deeds.do(session, name, kind, text=text, message=name))

    async def press(self, request: web.Request) -> web.Response:
        session, body = await self._asked(request)
        press, label = _text(body, "press"), storable(_text(body, "label"))[:LONGEST_LABEL]
        if not press or not label or len(press.encode("utf-8", "replace")) > PRESS_LIMIT:
            raise RefusedError(400, "bad_request")
        message = await self._bubble(session.person, _text(body, "message"))
        done = await self._deeds.do(session, _id(body), "press", text=label, press=press, message=message)
        return web.json_response(done)

    async def start(self, request: web.Request) -> web.Response:
        session, _ = await self._asked(request)
        last = await self._store.last_seq(session.person)
        if last:
            return web.json_response({"toast": "", "last": last})
        return web.json_response(await self._deeds.do(session, OPENED, "command", text="/start"))

    async def _asked(self, request: web.Request) -> tuple[Session, Mapping[str, Json]]:
        session = await self._sessions.require_writer(request)
        wait = self._rate.take(session.person)
        if wait:
            raise too_fast("too_fast", wait)
        return session, await read_json(request, self._timing.body)

    async def _bubble(self, person: str, message: str) -> str:
        """The name of the bubble that was pressed on; empty if there is none, then the answer stands below."""
        if message.isascii() and message.isdecimal() and len(message) < 12:
            found = await self._store.transcript(person, int(message) - 1, 1)
            if found and found[0][0] == int(message) and found[0][2]["op"] == "new":
                return str(int(message))
        return ""


def _id(body: Mapping[str, Json]) -> str:
    name = _text(body, "id")
    if not ID.fullmatch(name):
        raise RefusedError(400, "bad_request")
    return name


def _text(body: Mapping[str, Json], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise RefusedError(400, "bad_request")
    return value
