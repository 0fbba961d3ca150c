"""Whose page it is: a random cookie is the person; of the cookie only its SHA-256 is stored."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.channels.web.errors import RefusedError, too_fast
from bot.channels.web.limits import Buckets
from bot.channels.web.security import Origins
from bot.channels.web.settings import Limits
from bot.ports import Store

COOKIE = "jieru"
MAX_AGE = 400 * 24 * 3600
"""Seconds; browsers keep no cookie longer."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser of one person."""

    token: str
    person: str

    @property
    def csrf(self) -> str:
        """What a page of this session sends along with everything that changes something."""
        return _text(hmac.digest(self.token.encode(), b"csrf", "sha256"))

    @property
    def of(self) -> str:
        """The same in all browsers of the person, another one for everybody else; tells nothing."""
        return _text(hashlib.sha256(self.person.encode()).digest()[:9])


class Sessions:
    """Finds, opens and hands over sessions."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        origins: Callable[[], Origins],
        people: Buckets,
        limits: Limits,
        *,
        secure: bool,
    ) -> None:
        self._store, self._clock, self._origins = store, clock, origins
        self._people, self._limits, self._secure = people, limits, secure

    async def find(self, request: web.Request) -> Session | None:
        """The session of the request's cookie, if it is one of ours."""
        token = request.cookies.get(COOKIE, "")
        if not token or len(token) > 100:
            return None
        person = await self._store.find_session(hash_of(token), self._clock())
        return None if person is None else Session(token, person)

    async def require(self, request: web.Request) -> Session:
        """Raises RefusedError (403) if there is none."""
        session = await self.find(request)
        if session is None:
            raise RefusedError(403, "session")
        return session

    async def require_writer(self, request: web.Request) -> Session:
        """The session of a request that changes something. Raises RefusedError for a foreign page or a wrong token."""
        self._origins().check_origin(request)
        session = await self.require(request)
        given = request.headers.get("X-Token", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, session.csrf.encode()):
            raise RefusedError(403, "token")
        return session

    async def alive(self, session: Session) -> bool:
        """False once everything of the person was deleted."""
        return await self._store.find_session(hash_of(session.token), self._clock()) is not None

    async def create(self, request: web.Request) -> Session:
        """A new person. Raises RefusedError (429) if too many came from that address."""
        wait = self._people.take(self._origins().address(request))
        if wait:
            raise too_fast("too_many_people", wait)
        session = Session(new_token(), f"web:{secrets.token_hex(8)}")
        await self._store.add_session(hash_of(session.token), session.person, self._clock())
        return session

    def keep(self, response: web.StreamResponse, session: Session) -> None:
        """Let the browser keep the session, for another 400 days."""
        response.set_cookie(
            COOKIE, session.token, max_age=MAX_AGE, path="/", httponly=True, samesite="Strict", secure=self._secure
        )

    async def new_link(self, session: Session) -> tuple[str, datetime]:
        """The token of a link that takes the person to one more browser, and until when it is good."""
        token, now = new_token(), self._clock()
        await self._store.add_link(hash_of(token), session.person, now + self._limits.link, now)
        return token, now + self._limits.link

    async def has_link(self, token: str) -> bool:
        """Whether the link is still good; it stays so."""
        return await self._store.has_link(hash_of(token), self._clock())

    async def follow_link(self, token: str) -> Session | None:
        """Use the link up."""
        own = new_token()
        person = await self._store.follow_link(hash_of(token), hash_of(own), self._clock())
        return None if person is None else Session(own, person)


def new_token() -> str:
    """32 random bytes."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
