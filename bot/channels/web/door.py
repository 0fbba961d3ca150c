"""The password in front of everything, if the operator set one."""

import asyncio
import hashlib
import hmac
import secrets

from aiohttp import web

from bot.channels.web.limits import Guesses

COOKIE = "jieru_door"
MAX_AGE = 90 * 24 * 3600
"""Seconds until the password is asked for again."""


class Door:
    """Remembers in a signed cookie who knew the password; the key is made of it, so a changed password locks again."""

    def __init__(self, password: str, guesses: Guesses, *, secure: bool) -> None:
        self._password, self._guesses, self._secure = password, guesses, secure
        self._key = b""

    async def prepare(self) -> None:
        """Make the key, slowly on purpose: who steals a cookie cannot try passwords against it quickly."""
        if self._password:
            self._key = await asyncio.to_thread(
                hashlib.scrypt, self._password.encode(), salt=b"jieru web door", n=2**14, r=8, p=1, dklen=32
            )

    @property
    def locked(self) -> bool:
        """Whether there is a password."""
        return bool(self._password)

    def lets_in(self, request: web.Request) -> bool:
        """Whether the request may go on."""
        if not self._password:
            return True
        nonce, _, mark = request.cookies.get(COOKIE, "").partition(".")
        return bool(nonce) and hmac.compare_digest(mark.encode("utf-8", "replace"), self._mark(nonce).encode())

    def wait(self, address: str) -> float:
        """Seconds until the address may try again."""
        return self._guesses.wait(address)

    def knows(self, address: str, password: str) -> bool:
        """Whether it is the password. To be asked only if ``wait`` is 0."""
        given, wanted = (hashlib.sha256(one.encode("utf-8", "replace")).digest() for one in (password, self._password))
        if hmac.compare_digest(given, wanted):
            self._guesses.right(address)
            return True
        self._guesses.wrong(address)
        return False

    def keep(self, response: web.StreamResponse) -> None:
        """Let the browser in from now on. Lax: who follows a link from elsewhere need not type it again; everything
        that changes something asks for the Strict cookie besides."""
        nonce = secrets.token_urlsafe(12)
        response.set_cookie(
            COOKIE,
            f"{nonce}.{self._mark(nonce)}",
            max_age=MAX_AGE,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )

    def _mark(self, nonce: str) -> str:
        return hmac.new(self._key, nonce.encode("utf-8", "replace"), "sha256").hexdigest()
