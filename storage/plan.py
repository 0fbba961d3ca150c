"""The reminder rows: how a changed plan is written, and how due rows are claimed and settled.

    planned --claim--> sending --settle--> sent | planned (retry) | unreachable | failed | ...

A row is known by (case, kind, deadline, occurrence); its id stays for as long as the row does. A saved plan moves a row
only from the state that the plan was derived from, so a decision that did not know of a claim cannot undo it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.domain.model import Reminder
from bot.json_text import to_json
from bot.ports import ConflictError, Due
from storage import rows
from storage.connection import Queued
from storage.database import Database
from storage.instants import from_micros, to_micros

ADD = """
INSERT INTO reminders (person, paused, case_id, kind, deadline, occurrence, due, state, snoozed, attempts)
SELECT ?1, (SELECT NOT reachable FROM persons WHERE person = ?1),
    json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
    json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
    json_extract(value, '$[6]'), json_extract(value, '$[7]')
FROM json_each(?2) WHERE true
ON CONFLICT (case_id, kind, deadline, occurrence) DO UPDATE SET
    due = excluded.due, state = excluded.state, snoozed = excluded.snoozed, attempts = excluded.attempts,
    retry_at = NULL
WHERE reminders.state IN ('planned', 'dropped')
"""
"""A row that the plan did not have: new, or dropped once and wanted again. One that was handled stays handled."""

CHANGE = """
UPDATE reminders SET
    due = wanted.due, state = wanted.state, snoozed = wanted.snoozed, attempts = wanted.attempts,
    lease_until = CASE WHEN wanted.state = 'sending' THEN reminders.lease_until END,
    retry_at = CASE WHEN wanted.due = reminders.due THEN reminders.retry_at END
FROM (
    SELECT json_extract(value, '$[0]') AS case_id, json_extract(value, '$[1]') AS kind,
        json_extract(value, '$[2]') AS deadline, json_extract(value, '$[3]') AS occurrence,
        json_extract(value, '$[4]') AS due, json_extract(value, '$[5]') AS state,
        json_extract(value, '$[6]') AS snoozed, json_extract(value, '$[7]') AS attempts,
        json_extract(value, '$[8]') AS expected
    FROM json_each(?2)
) AS wanted
WHERE reminders.case_id = wanted.case_id AND reminders.kind = wanted.kind AND reminders.deadline = wanted.deadline
    AND reminders.occurrence = wanted.occurrence AND reminders.state = wanted.expected AND reminders.person = ?1
"""
"""A row that the plan had, from the state that it had there."""

# A person who has a row under way gets no second one; if that row's lease is over, it comes before their others. In
# the order of the index, so that a long backlog costs no more than what is taken of it.
CLAIM = """
UPDATE reminders SET state = 'sending', attempts = attempts + 1, lease_until = ?2
WHERE id IN (
    SELECT id FROM reminders AS due_row
    WHERE wake <= ?1 AND (
        state = 'sending' OR NOT EXISTS (
            SELECT 1 FROM reminders AS busy WHERE busy.person = due_row.person AND busy.state = 'sending'
        ) AND NOT EXISTS (
            SELECT 1 FROM reminders AS earlier
            WHERE earlier.person = due_row.person AND earlier.state = 'planned' AND earlier.wake <= ?1
                AND (earlier.due, earlier.id) < (due_row.due, due_row.id)
        )
    )
    ORDER BY wake, id LIMIT ?3
)
RETURNING case_id, kind, deadline, occurrence, due, state, snoozed, attempts, id, person
"""

SETTLE = """
UPDATE reminders SET state = ?2, settled = ?3, retry_at = ?4, lease_until = NULL
WHERE id = ?1 AND state = 'sending'
"""

NEXT_DUE = """
SELECT wake FROM reminders AS soonest
WHERE wake IS NOT NULL AND NOT (
    state = 'planned'
    AND EXISTS (SELECT 1 FROM reminders AS busy WHERE busy.person = soonest.person AND busy.state = 'sending')
)
ORDER BY wake LIMIT 1
"""
"""A planned row behind one that is under way cannot be claimed, so it must not wake anybody."""

RELEASE = "UPDATE reminders SET state = 'planned', lease_until = NULL WHERE state = 'sending' RETURNING id"

Key = tuple[str, str, str, int]


def changes(person: str, before: Sequence[Reminder], after: Sequence[Reminder], strict: bool) -> Iterator[Queued]:
    """The difference of two plans. A planned row that is missing in ``after`` is dropped. ``strict``: a row that was
    claimed meanwhile is a ConflictError instead of staying as it is."""
    stored = {_key(reminder): reminder for reminder in before}
    wanted = {_key(reminder): reminder for reminder in after}
    added = [rows.reminder_row(reminder) for key, reminder in wanted.items() if key not in stored]
    changed = [
        [*rows.reminder_row(reminder), stored[key].state]
        for key, reminder in wanted.items()
        if key in stored and reminder is not stored[key] and reminder != stored[key]
    ]
    for key, reminder in stored.items():
        if key not in wanted and reminder.state == "planned":
            row = rows.reminder_row(reminder)
            row[5] = "dropped"
            changed.append([*row, "planned"])
    if changed:
        conflict = ConflictError(person) if strict else None
        yield Queued(CHANGE, (person, to_json(changed)), len(changed), conflict)
    if added:
        yield Queued(ADD, (person, to_json(added)))


def _key(reminder: Reminder) -> Key:
    return (reminder.case, reminder.kind, reminder.deadline, reminder.occurrence)


async def claim(database: Database, now: datetime, lease: timedelta, limit: int) -> Sequence[Due]:
    """See ``bot.ports.Store.claim``.

    Does not wait for the disk. What a power cut takes back would have been given back at the next start anyway (see
    RELEASE), and a reminder is on its way all the sooner.
    """
    claimed = await database.write_unsynced(CLAIM, (to_micros(now), to_micros(now + lease), limit))
    due = [Due(rows.reminder(list(row[:-1])), row[-1]) for row in claimed]
    return sorted(due, key=lambda one: (one.reminder.due, one.reminder.id))


def settled(reminder: int, state: str, now: datetime, again: datetime | None) -> Queued:
    """See ``bot.ports.Store.settle``."""
    return Queued(SETTLE, (reminder, state, to_micros(now), None if again is None else to_micros(again)))


async def next_due(database: Database) -> datetime | None:
    """See ``bot.ports.Store.next_due``."""
    found = await database.read(NEXT_DUE)
    return from_micros(found[0][0]) if found else None


async def release_leases(database: Database) -> int:
    """See ``bot.ports.Store.release_leases``."""
    async with database.transaction() as work:
        return len(await work.write(RELEASE))
