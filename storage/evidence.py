"""The ledger of kept files: who needs which content, and which contents nobody needs any more.

When the last row of a content goes (dropped, with its case, with its person, or over), a trigger notes the content as
an orphan in the same commit; it stays noted until its bytes are off the disk or somebody needs it again.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.model import KeptFile
from bot.json_text import to_json
from storage import rows
from storage.connection import Queued
from storage.database import Database
from storage.instants import to_micros

ADD = """
INSERT INTO files (person, case_id, sha256, size, type, until)
SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
    json_extract(value, '$[3]'), json_extract(value, '$[4]')
FROM json_each(?) WHERE true
ON CONFLICT (person, case_id, sha256) DO UPDATE SET until = excluded.until
"""

DROP = """
DELETE FROM files WHERE person = ?1 AND (case_id, sha256) IN (
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?2)
)
"""

EXPIRE = "DELETE FROM files WHERE until <= ?"

ORPHANS = "SELECT sha256 FROM orphans ORDER BY sha256 LIMIT ?"

FORGET_ORPHANS = "DELETE FROM orphans WHERE sha256 IN (SELECT value FROM json_each(?))"

NAMED = "SELECT DISTINCT sha256 FROM files"
NAMED_SO = "SELECT DISTINCT sha256 FROM files WHERE sha256 >= ?1 AND sha256 < ?1 || 'g'"
"""Those that begin so: nothing or some hex digits, all of which come before a g."""

BYTES = """
SELECT coalesce(sum(size), 0) FROM (SELECT DISTINCT sha256, size FROM files WHERE person = ? AND until IS NULL)
"""

IDENTITY = "SELECT id FROM identity"


def changes(person: str, added: Sequence[KeptFile], dropped: Sequence[tuple[str, str]]) -> Iterator[Queued]:
    """Who needs what; nothing to do is no statement. What is both dropped and added stays."""
    if dropped:
        yield Queued(DROP, (person, to_json(list(dropped))))
    if added:
        yield Queued(ADD, (person, to_json([rows.file_row(file) for file in added])))


async def orphans(database: Database, now: datetime, limit: int) -> Sequence[str]:
    """See ``bot.ports.Store.orphans``."""
    async with database.transaction() as work:
        await work.write(EXPIRE, (to_micros(now),))
        return [str(row[0]) for row in await work.read(ORPHANS, (limit,))]


async def forget_orphans(database: Database, sha256s: Sequence[str]) -> None:
    """See ``bot.ports.Store.forget_orphans``."""
    if sha256s:
        async with database.transaction() as work:
            await work.write(FORGET_ORPHANS, (to_json(list(sha256s)),))


async def named(database: Database, begin: str) -> frozenset[str]:
    """See ``bot.ports.Store.named_files``."""
    return frozenset(str(row[0]) for row in await database.read(NAMED_SO, (begin,)))


async def bytes_of(database: Database, person: str) -> int:
    """See ``bot.ports.Store.bytes_of``. A content that several cases share takes its room once; what goes by itself
    after a while (an export) is not counted."""
    return int((await database.read(BYTES, (person,)))[0][0])


async def identity(database: Database) -> str:
    """Names this database for good, also in its copies; see ``storage.files.open_files``."""
    return str((await database.read(IDENTITY))[0][0])
