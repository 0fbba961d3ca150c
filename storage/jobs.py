"""The rows of slow work: asked for by a decision, claimed under a lease, called off by a decision that lacks them.

    free --claim--> leased --retry--> free again, due later
                      '-- lease over, or a start: free again

A job is done when the decision about its outcome is saved without it. Until then it is part of the dossier, leased or
not, and a decision may call it off at any time.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.domain.model import Job
from bot.json_text import to_json
from bot.ports import Work as Claimed
from storage import rows
from storage.connection import Queued
from storage.database import Database
from storage.instants import from_micros, to_micros

ADD = """
INSERT INTO jobs (person, kind, data, due)
SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
FROM json_each(?) ORDER BY key
"""

CALL_OFF = "DELETE FROM jobs WHERE person = ? AND id IN (SELECT value FROM json_each(?))"

CLAIM = """
UPDATE jobs SET attempts = attempts + 1, lease_until = ?2
WHERE id = (
    SELECT id FROM jobs
    WHERE wake <= ?1 AND kind IN (SELECT value FROM json_each(?3))
    ORDER BY wake, id LIMIT 1
)
RETURNING id, kind, data, due, attempts, person
"""

RETRY = "UPDATE jobs SET due = ?2, lease_until = NULL WHERE id = ?1"

HAS = "SELECT 1 FROM jobs WHERE id = ?"

NEXT = "SELECT wake FROM jobs ORDER BY wake LIMIT 1"

RELEASE = "UPDATE jobs SET lease_until = NULL WHERE lease_until IS NOT NULL RETURNING id"


def changes(person: str, before: Sequence[Job], after: Sequence[Job]) -> Iterator[Queued]:
    """Add what has no id yet, and call off what is missing. Raises ValueError for a stored job that was altered."""
    stored = {job.id: job for job in before}
    if any(job != stored.get(job.id) for job in after if job.id):
        raise ValueError("a stored job was altered")
    kept = {job.id for job in after}
    missing = [number for number in stored if number not in kept]
    if missing:
        yield Queued(CALL_OFF, (person, to_json(missing)))
    added = [rows.job_row(job) for job in after if not job.id]
    if added:
        yield Queued(ADD, (person, to_json(added)))


async def claim(database: Database, now: datetime, lease: timedelta, kinds: Sequence[str]) -> Claimed | None:
    """See ``bot.ports.Store.claim_job``."""
    async with database.transaction() as work:
        found = await work.write(CLAIM, (to_micros(now), to_micros(now + lease), to_json(list(kinds))))
    return Claimed(rows.job(found[0][:-1]), str(found[0][-1])) if found else None


async def retry(database: Database, job: int, due: datetime) -> None:
    """See ``bot.ports.Store.retry_job``."""
    async with database.transaction() as work:
        await work.write(RETRY, (job, to_micros(due)))


async def has(database: Database, job: int) -> bool:
    """See ``bot.ports.Store.has_job``."""
    return bool(await database.read(HAS, (job,)))


async def next_wake(database: Database) -> datetime | None:
    """See ``bot.ports.Store.next_job``."""
    found = await database.read(NEXT)
    return from_micros(found[0][0]) if found else None


async def release(database: Database) -> int:
    """See ``bot.ports.Store.release_jobs``."""
    async with database.transaction() as work:
        return len(await work.write(RELEASE))
