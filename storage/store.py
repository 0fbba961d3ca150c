"""``bot.ports.Store`` on SQLite."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.model import Json, Letter
from bot.json_text import to_json
from bot.ports import Due, Recalled, Step, Work
from storage import dossiers, evidence, in_step, jobs, plan, retention, rows, sessions, steps, transcript
from storage.backup import backup
from storage.connection import SCRUB_DUE
from storage.database import Database
from storage.dossiers import SqliteTransaction
from storage.errors import StorageError
from storage.held import held
from storage.shared_hops import SharedHops

COMMITS, RECALLS = 32, 8
"""So many share a hop. A commit is mostly the wait for the disk; a recall is work, for which the others wait."""

SET_REACHABLE = "UPDATE persons SET reachable = ?2, version = version + 1 WHERE person = ?1 AND reachable <> ?2"

# One after the other along an index: a part of them costs a part of the time.
TOLD_OTHERWISE = """
SELECT DISTINCT person FROM cases
WHERE person > ?2 AND open AND EXISTS (
    SELECT 1 FROM json_each(cases.told) AS told
    WHERE json_extract(?1, '$."' || told.key || '"') <> told.value
)
ORDER BY person LIMIT ?3
"""

MISSES = "SELECT step, count FROM misses ORDER BY step"

OUTCOMES = "SELECT problem, outcome, count FROM outcomes WHERE count > 0"


class SqliteStore:
    """A durable memory in one file. Made by ``open_store``; close it always."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._commits = SharedHops(database.run_each, "commits", COMMITS)
        self._recalls = SharedHops(database.read_each, "recalls", RECALLS)

    @property
    def path(self) -> Path:
        """The file, absolute."""
        return self._database.path

    @property
    def migrated(self) -> tuple[str, ...]:
        """The migrations that were applied when it was opened."""
        return self._database.migrated

    def on_trouble(self, told: Callable[[StorageError | None], None]) -> None:
        """``told`` of each kind of trouble once, and None when something could be written again."""
        self._database.on_trouble = told

    async def recall(self, person: str, update: str = "") -> Recalled:
        """See the port."""
        ((seen, document),) = await self._recalls.take((dossiers.RECALL, (person, update)))
        return Recalled(None if document is None else rows.dossier(person, document), bool(seen))

    async def commit(self, step: Step) -> None:
        """See the port. After one that forgot something, the file is scrubbed before this returns."""
        statements = steps.statements(step)
        if statements:
            await self._commits.take(statements)
        if SCRUB_DUE in statements:
            await self._database.scrub()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTransaction]:
        """See the port. After one that forgot somebody, the file is scrubbed before this returns."""
        async with self._database.transaction() as work:
            transaction = SqliteTransaction(work)
            yield transaction
        if transaction.forgot:
            await self._database.scrub()

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Due]:
        """See the port."""
        return await plan.claim(self._database, now, lease, limit)

    async def settle(self, reminder: int, state: str, now: datetime, again: datetime | None = None) -> None:
        """See the port. A backlog settles thirty a second: they go with the steps of people, not before them."""
        await self._commits.take([plan.settled(reminder, state, now, again)])

    async def next_due(self) -> datetime | None:
        """See the port."""
        return await plan.next_due(self._database)

    async def release_leases(self) -> int:
        """See the port."""
        return await plan.release_leases(self._database)

    async def set_reachable(self, person: str, reachable: bool) -> None:
        """See the port. Counts as a save: whoever loaded the person before must load again."""
        async with self._database.transaction() as work:
            await work.write(SET_REACHABLE, (person, int(reachable)))

    async def persons_told_otherwise(
        self, versions: Mapping[str, str], after: str = "", limit: int = 100
    ) -> Sequence[str]:
        """See the port."""
        found = await self._database.read(TOLD_OTHERWISE, (to_json(versions), after, limit))
        return [str(row[0]) for row in found]

    async def in_step(self, matter: str) -> Json:
        """See the port."""
        return await in_step.known(self._database, matter)

    async def note_in_step(self, matter: str, value: Json) -> None:
        """See the port."""
        async with self._database.transaction() as work:
            await in_step.note(work, matter, value)

    async def misses(self) -> Mapping[str, int]:
        """See the port."""
        return {row[0]: row[1] for row in await self._database.read(MISSES)}

    async def outcomes(self) -> Mapping[tuple[str, str], int]:
        """See the port."""
        return {(row[0], row[1]): row[2] for row in await self._database.read(OUTCOMES)}

    async def idle(self, now: datetime, limit: int) -> Sequence[str]:
        """See the port."""
        return await retention.idle(self._database, now, limit)

    async def retain(self, days: int) -> None:
        """See the port."""
        await retention.retain(self._database, days)

    async def prune_transcript(self, before: datetime) -> None:
        """See the port."""
        await retention.prune_transcript(self._database, before)

    async def transcript(self, person: str, after: int, limit: int = 500) -> Sequence[tuple[int, datetime, Json]]:
        """See the port."""
        return await transcript.read(self._database, person, after, limit)

    async def last_seq(self, person: str) -> int:
        """See the port."""
        return await transcript.last_seq(self._database, person)

    async def add_session(self, token_hash: str, person: str, now: datetime) -> None:
        """See the port."""
        await sessions.add_session(self._database, token_hash, person, now)

    async def find_session(self, token_hash: str, now: datetime) -> str | None:
        """See the port."""
        return await sessions.find_session(self._database, token_hash, now)

    async def add_link(self, token_hash: str, person: str, expires: datetime, now: datetime) -> None:
        """See the port."""
        await sessions.add_link(self._database, token_hash, person, expires, now)

    async def has_link(self, token_hash: str, now: datetime) -> bool:
        """See the port."""
        return await sessions.has_link(self._database, token_hash, now)

    async def follow_link(self, link_hash: str, token_hash: str, now: datetime) -> str | None:
        """See the port."""
        return await sessions.follow_link(self._database, link_hash, token_hash, now)

    async def letters(self, person: str) -> Sequence[Letter]:
        """See the port."""
        return await dossiers.letters(self._database, person)

    async def claim_job(self, now: datetime, lease: timedelta, kinds: Sequence[str]) -> Work | None:
        """See the port."""
        return await jobs.claim(self._database, now, lease, kinds)

    async def retry_job(self, job: int, due: datetime) -> None:
        """See the port."""
        await jobs.retry(self._database, job, due)

    async def has_job(self, job: int) -> bool:
        """See the port."""
        return await jobs.has(self._database, job)

    async def next_job(self) -> datetime | None:
        """See the port."""
        return await jobs.next_wake(self._database)

    async def release_jobs(self) -> int:
        """See the port."""
        return await jobs.release(self._database)

    async def orphans(self, now: datetime, limit: int = 100) -> Sequence[str]:
        """See the port."""
        return await evidence.orphans(self._database, now, limit)

    async def forget_orphans(self, sha256s: Sequence[str]) -> None:
        """See the port."""
        await evidence.forget_orphans(self._database, sha256s)

    async def named_files(self, begin: str = "") -> frozenset[str]:
        """See the port."""
        return await evidence.named(self._database, begin)

    async def bytes_of(self, person: str) -> int:
        """See the port."""
        return await evidence.bytes_of(self._database, person)

    async def identity(self) -> str:
        """Names this database for good, also in its copies; see ``storage.files.open_files``."""
        return await evidence.identity(self._database)

    async def held(self, person: str) -> Mapping[str, int]:
        """What is kept of the person, by kind; see ``storage.held``."""
        return await held(self._database, person)

    async def writable(self) -> bool:
        """See the port. Rewrites the mark of ``Database.scrub`` as it is: the smallest real commit."""
        try:
            async with self._database.transaction() as work:
                due = (await work.read("PRAGMA user_version"))[0][0]
                await work.set_user_version(bool(due))
        except StorageError:
            return False
        return True

    async def scrub(self) -> bool:
        """Leave nothing of what was deleted in the file. See ``Database.scrub``; done after every ``forget``."""
        return await self._database.scrub()

    async def backup(self, target: Path) -> None:
        """See the port, and ``storage.backup``."""
        await backup(self._database.path, target)

    async def close(self) -> None:
        """See the port."""
        await self._database.close()


async def open_store(path: Path) -> SqliteStore:
    """Open the database at ``path``; it is created if missing, migrated, and owned until the store is closed.

    Raises AlreadyRunningError, CorruptDatabaseError, UnwritableError, NewerSchemaError, MigrationError or
    OldSqliteError (see ``storage.errors``); nothing stays open then.
    """
    return SqliteStore(await Database.open(path))
