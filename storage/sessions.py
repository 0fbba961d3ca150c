"""Whose web page it is: sessions and one-time links, known by the hash of their token."""

from datetime import datetime, timedelta

from storage.connection import Queued
from storage.database import Database
from storage.instants import to_micros

UNUSED = timedelta(days=400)
"""A browser drops the cookie after as long (RFC 6265bis); nobody can come back with it."""
NOTHING_SAID = timedelta(days=2)
"""Sessions of pages that were opened and never written to."""
NOTED = timedelta(days=1)
"""How exactly it is known when a session was last used; a request more often than that writes nothing."""

PRUNE_UNUSED = "DELETE FROM sessions WHERE used < ?"
PRUNE_SILENT = "DELETE FROM sessions WHERE silent = 1 AND used < ?"
ADD_SESSION = """
INSERT INTO sessions (token_hash, person, created, used, silent)
VALUES (?1, ?2, ?3, ?3, NOT EXISTS (SELECT 1 FROM persons WHERE person = ?2))
"""
FIND_SESSION = "SELECT person, used FROM sessions WHERE token_hash = ? AND used >= ?"
USE_SESSION = "UPDATE sessions SET used = ?2 WHERE token_hash = ?1"

DROP_LINKS = "DELETE FROM links WHERE person = ?1 OR expires <= ?2"
ADD_LINK = "INSERT INTO links (token_hash, person, expires) VALUES (?, ?, ?)"
FIND_LINK = "SELECT 1 FROM links WHERE token_hash = ? AND expires > ?"
TAKE_LINK = "DELETE FROM links WHERE token_hash = ? RETURNING person, expires"


async def add_session(database: Database, token_hash: str, person: str, now: datetime) -> None:
    """See ``bot.ports.Store.add_session``."""
    async with database.transaction() as work:
        work.queue(Queued(PRUNE_UNUSED, (to_micros(now - UNUSED),)))
        work.queue(Queued(PRUNE_SILENT, (to_micros(now - NOTHING_SAID),)))
        await work.write(ADD_SESSION, (token_hash, person, to_micros(now)))


async def find_session(database: Database, token_hash: str, now: datetime) -> str | None:
    """See ``bot.ports.Store.find_session``."""
    found = await database.read(FIND_SESSION, (token_hash, to_micros(now - UNUSED)))
    if not found:
        return None
    person, used = str(found[0][0]), int(found[0][1])
    if used < to_micros(now - NOTED):
        async with database.transaction() as work:
            await work.write(USE_SESSION, (token_hash, to_micros(now)))
    return person


async def add_link(database: Database, token_hash: str, person: str, expires: datetime, now: datetime) -> None:
    """See ``bot.ports.Store.add_link``."""
    async with database.transaction() as work:
        await work.write(DROP_LINKS, (person, to_micros(now)))
        await work.write(ADD_LINK, (token_hash, person, to_micros(expires)))


async def has_link(database: Database, token_hash: str, now: datetime) -> bool:
    """See ``bot.ports.Store.has_link``."""
    return bool(await database.read(FIND_LINK, (token_hash, to_micros(now))))


async def follow_link(database: Database, link_hash: str, token_hash: str, now: datetime) -> str | None:
    """See ``bot.ports.Store.follow_link``."""
    async with database.transaction() as work:
        found = await work.write(TAKE_LINK, (link_hash,))
        if not found or int(found[0][1]) <= to_micros(now):
            return None
        await work.write(ADD_SESSION, (token_hash, found[0][0], to_micros(now)))
    return str(found[0][0])
