"""What a page reads: who it is, its history, its stream, QR codes, one's cases as plain pages; and one-time links."""

import re
from collections.abc import Mapping

from aiohttp import web

from bot.channels.web import hand_out, qr, stream
from bot.channels.web.bodies import read_form
from bot.channels.web.errors import RefusedError, too_fast
from bot.channels.web.hub import Hub
from bot.channels.web.limits import Buckets
from bot.channels.web.metrics import WebMetrics
from bot.channels.web.pages import Pages
from bot.channels.web.security import Origins, from_elsewhere
from bot.channels.web.sessions import Session, Sessions
from bot.channels.web.settings import Limits, ReadCases, Timing
from bot.channels.web.static_files import INDEX, File, respond
from bot.ports import Files, Store

MOST = 500
"""Rows of one /history."""
_NUMBER = re.compile(r"[0-9]{1,12}")


class ReadingRoutes:
    """Everything that changes nothing but sessions and links."""

    def __init__(
        self,
        store: Store,
        sessions: Sessions,
        hub: Hub,
        reads: Buckets,
        metrics: WebMetrics,
        pages: Pages,
        read_cases: ReadCases,
        texts: Mapping[str, str],
        limits: Limits,
        timing: Timing,
        kept: Files,
    ) -> None:
        self._store, self._sessions, self._hub, self._reads = store, sessions, hub, reads
        self._metrics, self._pages, self._read_cases = metrics, pages, read_cases
        self._limits, self._timing, self._kept = limits, timing, kept
        self._texts = {key.removeprefix("page."): text for key, text in texts.items() if key.startswith("page.")}
        self.files: Mapping[str, File] = {}
        self.origins: Origins

    async def home(self, request: web.Request) -> web.Response:
        """The page. Opened from another site the Strict cookie does not come along, so none is set over it: the page
        asks /session, as one of ours, and gets its own."""
        file = self.files.get(INDEX)
        if file is None:
            raise RefusedError(404, "not_found")
        response = respond(request, file)
        if not from_elsewhere(request):
            self._sessions.keep(response, await self._found_or_new(request))
        return response

    async def static(self, request: web.Request) -> web.Response:
        file = self.files.get(request.match_info["name"])
        if file is None:
            raise RefusedError(404, "not_found")
        return respond(request, file)

    async def session(self, request: web.Request) -> web.Response:
        if from_elsewhere(request):
            raise RefusedError(403, "origin")
        session = await self._found_or_new(request)
        last = await self._store.last_seq(session.person)
        response = web.json_response(
            {"token": session.csrf, "of": session.of, "last": last, "first_time": not last, "texts": self._texts}
        )
        self._sessions.keep(response, session)
        return response

    async def history(self, request: web.Request) -> web.Response:
        """``after=N``: the next rows. ``before=N``: the newest rows before N. ``more``: in that direction."""
        session = await self._reader(request)
        limit = min(_number(request, "limit", 100) or 1, MOST)
        last = await self._store.last_seq(session.person)
        if "before" in request.query:
            before = min(_number(request, "before", 0), last + 1)
            after = max(0, before - 1 - limit)
            rows = await self._store.transcript(session.person, after, before - 1 - after) if before > 1 else ()
            more = after > 0 and bool(rows)
        else:
            rows = await self._store.transcript(session.person, _number(request, "after", 0), limit)
            more = bool(rows) and rows[-1][0] < last
        return web.json_response({"rows": stream.shown(rows), "more": more})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """``after``, beaten by Last-Event-ID. ``of``, if given, is whose rows the page has (GET /session)."""
        session = await self._reader(request)
        if self._hub.count(session.person) >= self._limits.streams or len(self._hub) >= self._limits.all_streams:
            raise RefusedError(429, "too_many_tabs", {"Retry-After": "5"})
        told = request.headers.get("Last-Event-ID", "")
        after = int(told) if _NUMBER.fullmatch(told) else _number(request, "after", 0)
        other = request.query.get("of", session.of) != session.of
        beat = self._timing.beat
        return await stream.serve(request, self._store, self._hub, session.person, after, reset=other, beat=beat)

    async def qr(self, request: web.Request) -> web.Response:
        """The words of one copy button, for a phone's camera."""
        session = await self._reader(request)
        seq, row, col = (_number(request, name, 0) for name in ("seq", "row", "col"))
        found = await self._store.transcript(session.person, seq - 1, 1) if seq else ()
        rows = found[0][2].get("screen", {}).get("rows", ()) if found and found[0][0] == seq else ()
        piece = rows[row][col].get("copy", "") if row < len(rows) and col < len(rows[row]) else ""
        if not piece:
            raise RefusedError(404, "not_found")
        svg = await qr.draw(piece)
        if svg is None:
            raise RefusedError(413, "qr_long")
        return web.Response(text=svg, content_type="image/svg+xml", charset="utf-8")

    async def file(self, request: web.Request) -> web.StreamResponse:
        """What a row of one's own transcript carries."""
        session = await self._reader(request)
        seq = int(request.match_info["seq"])
        found = await self._store.transcript(session.person, seq - 1, 1) if seq else ()
        file = found[0][2].get("file") if found and found[0][0] == seq else None
        if file is None:
            raise RefusedError(404, "no_file")
        return await hand_out.respond(self._kept, file)

    async def link(self, request: web.Request) -> web.Response:
        session = await self._sessions.require_writer(request)
        self._spend(session)
        token, expires = await self._sessions.new_link(session)
        url = f"{self.origins.of(request)}/join/{token}"
        return web.json_response({"url": url, "expires": expires.isoformat(), "qr": await qr.draw(url)})

    async def ask_join(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        if not await self._sessions.has_link(token):
            raise RefusedError(410, "link")
        return self._pages.join(token)

    async def join(self, request: web.Request) -> web.Response:
        self.origins.check_origin(request)
        form = await read_form(request, self._timing.body)
        session = await self._sessions.follow_link(form.get("token", ""))
        if session is None:
            raise RefusedError(410, "link")
        response = web.Response(status=303, headers={"Location": "/"})
        self._sessions.keep(response, session)
        return response

    async def cases(self, request: web.Request) -> web.Response:
        session = await self._sessions.find(request)
        if session is None:
            return self._pages.stranger()
        self._spend(session)
        return self._pages.cases(await self._read_cases(session.person))

    async def case(self, request: web.Request) -> web.Response:
        session = await self._sessions.find(request)
        if session is None:
            return self._pages.stranger()
        self._spend(session)
        wanted = int(request.match_info["number"])
        for case in await self._read_cases(session.person):
            if case.number == wanted:
                return self._pages.case(case)
        raise RefusedError(404, "not_found")

    async def _found_or_new(self, request: web.Request) -> Session:
        session = await self._sessions.find(request)
        if session is None:
            session = await self._sessions.create(request)
            self._metrics.sessions.inc()
        return session

    async def _reader(self, request: web.Request) -> Session:
        session = await self._sessions.require(request)
        self._spend(session)
        return session

    def _spend(self, session: Session) -> None:
        wait = self._reads.take(session.person)
        if wait:
            raise too_fast("too_fast", wait)


def _number(request: web.Request, name: str, default: int) -> int:
    """A number of the query. Raises RefusedError (400) for anything else."""
    given = request.query.get(name)
    if given is None:
        return default
    if not _NUMBER.fullmatch(given):
        raise RefusedError(400, "bad_request")
    return int(given)
