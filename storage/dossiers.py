"""All that is known of one person: read in one statement, written as the difference of two dossiers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.domain.model import Case, Dossier, Json, Letter, Person
from bot.domain.retention import Warned
from bot.json_text import to_json
from bot.ports import ConflictError, Use
from storage import evidence, jobs, plan, retention, rows, transcript
from storage.connection import SCRUB_DUE, Queued
from storage.database import Database, Work
from storage.instants import to_micros

_DOCUMENT = """
SELECT json_array(
    p.first_seen, json(p.preferences), json(p.session), p.version, p.reachable,
    json((
        SELECT json_group_array(json_array(
            c.id, c.number, c.opened, c.open, json(c.told),
            json((
                SELECT json_group_array(json_array(e.seq, e.at, e.kind, json(e.data), e.message))
                FROM entries AS e WHERE e.case_id = c.id
            ))
        ))
        FROM cases AS c WHERE c.person = p.person
    )),
    json((
        SELECT json_group_array(json_array(
            r.case_id, r.kind, r.deadline, r.occurrence, r.due, r.state, r.snoozed, r.attempts, r.id
        ))
        FROM reminders AS r JOIN cases AS c ON c.id = r.case_id
        WHERE r.person = p.person AND c.open AND r.state IN ('planned', 'sending', 'sent', 'unreachable', 'missed')
    )),
    json((
        SELECT json_group_array(json_array(j.id, j.kind, json(j.data), j.due, j.attempts))
        FROM jobs AS j WHERE j.person = p.person
    ))
)
FROM persons AS p
"""

LOAD = f"{_DOCUMENT} WHERE p.person = ?"
"""Everything that a decision reads of the person in the one parameter, as one JSON document."""

RECALL = f"""
SELECT EXISTS (SELECT 1 FROM seen WHERE person = ?1 AND id = ?2), ({_DOCUMENT} WHERE p.person = ?1)
"""  # noqa: S608 - a constant
"""The same, and whether an update of the person was handled."""

ADD_PERSON = """
INSERT INTO persons (person, first_seen, preferences, session, version, reachable) VALUES (?, ?, ?, ?, 1, ?)
ON CONFLICT DO NOTHING
"""

SAVE_PERSON = """
UPDATE persons SET first_seen = ?, preferences = ?, session = ?, reachable = ?, version = version + 1
WHERE person = ? AND version = ?
"""

SAVE_CASES = """
INSERT INTO cases (person, id, number, opened, open, told)
SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
    json_extract(value, '$[3]'), json_extract(value, '$[4]')
FROM json_each(?) WHERE true
ON CONFLICT (id) DO UPDATE SET number = excluded.number, opened = excluded.opened, open = excluded.open,
    told = excluded.told
WHERE cases.person = excluded.person
"""

DELETE_CASES = "DELETE FROM cases WHERE person = ? AND id IN (SELECT value FROM json_each(?))"

ADD_ENTRIES = """
INSERT INTO entries (person, case_id, seq, at, kind, data, message)
SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
    json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]')
FROM json_each(?)
"""

ADD_LETTERS = """
INSERT INTO letters (person, case_id, at, kind, text, rules)
SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
    json_extract(value, '$[3]'), json_extract(value, '$[4]')
FROM json_each(?)
"""

LETTERS = """
SELECT letters.case_id, letters.at, letters.kind, letters.text, letters.rules
FROM cases JOIN letters ON letters.case_id = cases.id
WHERE cases.person = ? ORDER BY letters.at, letters.id
"""

# What hangs on a person or a case goes with it (ON DELETE CASCADE).
FORGET = (
    "DELETE FROM persons WHERE person = ?",
    "DELETE FROM seen WHERE person = ?",
    "DELETE FROM sessions WHERE person = ?",
    "DELETE FROM links WHERE person = ?",
)


class SqliteTransaction:
    """``bot.ports.Transaction`` on the writer connection."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.forgot = False

    async def load(self, person: str) -> Dossier | None:
        """See the port."""
        found = await self._work.read(LOAD, (person,))
        return rows.dossier(person, found[0][0]) if found else None

    async def save(self, before: Dossier | None, after: Dossier) -> None:
        """See the port, and ``changes``."""
        for statement in changes(before, after):
            self._work.queue(statement)
        self.forgot |= bool(_removed(before, after))

    async def forget(self, person: str) -> None:
        """See the port. After the commit the store scrubs the file."""
        for statement in forgetting(person):
            self._work.queue(statement)
        self.forgot = True

    async def use(self, person: str) -> Use:
        """See the port."""
        return await retention.use(self._work, person)

    async def look(self, person: str, at: datetime, warned: Mapping[str, Warned] | None = None) -> None:
        """See the port."""
        await retention.look(self._work, person, at, warned)

    async def append(self, person: str, rows: Sequence[Json], now: datetime) -> int:
        """See the port."""
        return await transcript.append(self._work, person, rows, now)


def changes(before: Dossier | None, after: Dossier, *, strict: bool = False) -> list[Queued]:
    """The statements that write the difference. A case that is missing in ``after`` is deleted with all that hangs on
    it, and a scrub is due then. ``strict``: see ``plan.changes``.

    Raises ValueError if ``after`` is of another person, alters or removes an entry (a history only grows), or alters
    a stored job.
    """
    person = after.person.id
    if before is not None and before.person.id != person:
        raise ValueError("a dossier of another person")
    if before == after and not (after.letters or after.files or after.dropped):
        return []
    added = _added_entries(before, after)
    found = [_saving(None if before is None else before.person, after.person), *_saving_cases(before, after)]
    if added:
        found.append(Queued(ADD_ENTRIES, (person, to_json(added))))
    removed = _removed(before, after)
    # Those of a deleted case go with it.
    planned = () if before is None else [row for row in before.reminders if row.case not in removed]
    found += plan.changes(person, planned, after.reminders, strict)
    if after.letters:
        letters = [rows.letter_row(letter) for letter in after.letters]
        found.append(Queued(ADD_LETTERS, (person, to_json(letters))))
    found += evidence.changes(person, after.files, after.dropped)
    found += jobs.changes(person, () if before is None else before.jobs, after.jobs)
    return found


def forgetting(person: str) -> list[Queued]:
    """The statements that delete every row of the person; a scrub is due then."""
    return [*(Queued(statement, (person,)) for statement in FORGET), SCRUB_DUE]


def _saving(before: Person | None, after: Person) -> Queued:
    first_seen = to_micros(after.first_seen)
    preferences = rows.preferences_json(after.preferences)
    session = to_json(after.session)
    reachable = int(after.reachable)
    conflict = ConflictError(after.id)
    if before is None:
        return Queued(ADD_PERSON, (after.id, first_seen, preferences, session, reachable), 1, conflict)
    known = (first_seen, preferences, session, reachable, after.id, before.version)
    return Queued(SAVE_PERSON, known, 1, conflict)


def _saving_cases(before: Dossier | None, after: Dossier) -> Iterator[Queued]:
    person, stored = after.person.id, _by_id(before)
    if removed := _removed(before, after):
        yield Queued(DELETE_CASES, (person, to_json(removed)))
        yield SCRUB_DUE
    changed = [case for case in after.cases if _header(stored.get(case.id)) != _header(case)]
    if changed:
        cases = to_json([rows.case_row(case) for case in changed])
        # Fewer rows: the random id is another person's. Deciding again draws another one.
        yield Queued(SAVE_CASES, (person, cases), len(changed), ConflictError(person))


def _removed(before: Dossier | None, after: Dossier) -> list[str]:
    kept = _by_id(after)
    return [case for case in _by_id(before) if case not in kept]


def _by_id(dossier: Dossier | None) -> Mapping[str, Case]:
    return {} if dossier is None else {case.id: case for case in dossier.cases}


def _header(case: Case | None) -> tuple[object, ...] | None:
    return None if case is None else (case.number, case.opened, case.open, case.told)


def _added_entries(before: Dossier | None, after: Dossier) -> list[list[object]]:
    stored = _by_id(before)
    added: list[list[object]] = []
    for case in after.cases:
        known = stored[case.id].entries if case.id in stored else ()
        if case.entries[: len(known)] != known:
            raise ValueError(f"the history of case {case.number} was altered")
        added += [rows.entry_row(case.id, entry) for entry in case.entries[len(known) :]]
    return added


async def letters(database: Database, person: str) -> Sequence[Letter]:
    """See ``bot.ports.Store.letters``."""
    return [rows.letter(row) for row in await database.read(LETTERS, (person,))]
