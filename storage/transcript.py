"""The rows of a transcript: numbered per person without gaps, added to and read, never altered."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.model import Json
from bot.json_text import from_json, to_json
from storage.connection import Queued
from storage.database import Database, Work
from storage.instants import from_micros, to_micros

APPEND = """
INSERT INTO transcript (person, seq, at, row)
SELECT ?1, coalesce((SELECT max(seq) FROM transcript WHERE person = ?1), 0) + 1 + key, ?2, value
FROM json_each(?3)
WHERE EXISTS (SELECT 1 FROM persons WHERE person = ?1)
RETURNING seq
"""
READ = "SELECT seq, at, row FROM transcript WHERE person = ? AND seq > ? ORDER BY seq LIMIT ?"
LAST = "SELECT max(seq) FROM transcript WHERE person = ?"


def adding(person: str, added: Sequence[Json], now: datetime) -> Queued:
    """The statement that adds the rows, of which there is at least one; it returns their numbers."""
    return Queued(APPEND, (person, to_micros(now), to_json(added)))


async def append(work: Work, person: str, added: Sequence[Json], now: datetime) -> int:
    """See ``bot.ports.Transaction.append``."""
    if not added:
        return int((await work.read(LAST, (person,)))[0][0] or 0)
    statement = adding(person, added, now)
    written = await work.write(statement.sql, statement.parameters)
    return max((int(row[0]) for row in written), default=0)


async def read(database: Database, person: str, after: int, limit: int) -> Sequence[tuple[int, datetime, Json]]:
    """See ``bot.ports.Store.transcript``."""
    found = await database.read(READ, (person, after, limit))
    return [(int(seq), from_micros(at), from_json(row)) for seq, at, row in found]


async def last_seq(database: Database, person: str) -> int:
    """See ``bot.ports.Store.last_seq``."""
    return int((await database.read(LAST, (person,)))[0][0] or 0)
