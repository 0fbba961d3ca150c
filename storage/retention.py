"""Who is to be looked at because of what may lie idle, and what they were told of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.retention import Warned
from bot.json_text import to_json
from bot.ports import Use
from storage import in_step
from storage.database import Database, Work
from storage.instants import from_micros, to_micros

IDLE = "SELECT person FROM persons WHERE look <= ? ORDER BY look, rowid LIMIT ?"
LOOK_AT_ALL = "UPDATE persons SET look = 0 WHERE look > 0"
ACTIVE = "SELECT active FROM persons WHERE person = ?"
WARNED = "SELECT case_id, since, ends FROM warnings WHERE person = ?"
LOOK = "UPDATE persons SET look = ?2 WHERE person = ?1"
WARN = """
INSERT INTO warnings (person, case_id, since, ends)
SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
FROM json_each(?) WHERE true
ON CONFLICT (person, case_id) DO UPDATE SET since = excluded.since, ends = excluded.ends
"""
DAYS = "retention_days"
"""What ``look`` was set by; see ``storage.in_step``."""
PRUNE = "DELETE FROM transcript WHERE at < ?"


async def idle(database: Database, now: datetime, limit: int) -> Sequence[str]:
    """See ``bot.ports.Store.idle``."""
    return [str(row[0]) for row in await database.read(IDLE, (to_micros(now), limit))]


async def retain(database: Database, days: int) -> None:
    """See ``bot.ports.Store.retain``."""
    async with database.transaction() as work:
        if await in_step.note(work, DAYS, days):
            await work.write(LOOK_AT_ALL)


async def prune_transcript(database: Database, before: datetime) -> None:
    """See ``bot.ports.Store.prune_transcript``."""
    async with database.transaction() as work:
        await work.write(PRUNE, (to_micros(before),))


async def use(work: Work, person: str) -> Use:
    """See ``bot.ports.Transaction.use``."""
    active = (await work.read(ACTIVE, (person,)))[0][0]
    found = await work.read(WARNED, (person,))
    told = {case: Warned(from_micros(since), from_micros(ends)) for case, since, ends in found}
    return Use(from_micros(active), told)


async def look(work: Work, person: str, at: datetime, warned: Mapping[str, Warned] | None) -> None:
    """See ``bot.ports.Transaction.look``."""
    await work.write(LOOK, (person, to_micros(at)))
    if warned:
        told = [[case, to_micros(each.since), to_micros(each.ends)] for case, each in warned.items()]
        await work.write(WARN, (person, to_json(told)))
