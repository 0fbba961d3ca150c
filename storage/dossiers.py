"""All that is known of one person: read in one statement, written as the difference of two dossiers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.model import Case, Dossier, Json, Letter, Person
from bot.domain.retention import Warned
from bot.ports import ConflictError, Use
from storage import evidence, jobs, plan, retention, rows, transcript
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

FIRST_TIME = f"INSERT INTO seen (person, id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING ({LOAD})"  # noqa: S608
"""Notes the update, and brings the dossier in the same hop; no row if the update was known."""

ADD_PERSON = """
INSERT INTO persons (person, first_seen, preferences, session, version, reachable) VALUES (?, ?, ?, ?, 1, ?)
ON CONFLICT DO NOTHING RETURNING version
"""

SAVE_PERSON = """
UPDATE persons SET first_seen = ?, preferences = ?, session = ?, reachable = ?, version = version + 1
WHERE person = ? AND version = ? RETURNING version
"""

SAVE_CASES = """
INSERT INTO cases (person, id, number, opened, open, told)
SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
    json_extract(value, '$[3]'), json_extract(value, '$[4]')
FROM json_each(?) WHERE true
ON CONFLICT (id) DO UPDATE SET number = excluded.number, opened = excluded.opened, open = excluded.open,
    told = excluded.told
WHERE cases.person = excluded.person
RETURNING id
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

COUNT_MISS = "INSERT INTO misses (step, count) VALUES (?, 1) ON CONFLICT (step) DO UPDATE SET count = count + 1"


COUNT_OUTCOME = """
INSERT INTO outcomes (problem, outcome, count) VALUES (?1, ?2, max(0, ?3))
ON CONFLICT (problem, outcome) DO UPDATE SET count = max(0, count + ?3)
"""


class SqliteTransaction:
    """``bot.ports.Transaction`` on the writer connection."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._fetched: tuple[str, str | None] | None = None
        self.forgot = False

    async def first_time(self, update: str, person: str, now: datetime) -> bool:
        """See the port."""
        found = await self._work.write(FIRST_TIME, (person, update, to_micros(now), person))
        if not found:
            return False
        self._fetched = (person, found[0][0])
        return True

    async def load(self, person: str) -> Dossier | None:
        """See the port."""
        fetched, self._fetched = self._fetched, None
        if fetched is not None and fetched[0] == person:
            document = fetched[1]
        else:
            found = await self._work.read(LOAD, (person,))
            document = found[0][0] if found else None
        return None if document is None else rows.dossier(person, document)

    async def save(self, before: Dossier | None, after: Dossier) -> None:
        """See the port.

        A case that is missing in ``after`` is deleted with all that hangs on it. Raises ValueError if ``after`` is
        of another person, alters or removes an entry (a history only grows), or alters a stored job.
        """
        person = after.person.id
        if before is not None and before.person.id != person:
            raise ValueError("a dossier of another person")
        if before == after and not (after.letters or after.files or after.dropped):
            return
        added = _added_entries(before, after)
        self._fetched = None
        self._save_person(None if before is None else before.person, after.person)
        await self._save_cases(person, before, after)
        if added:
            self._work.queue(ADD_ENTRIES, (person, rows.to_json(added)))
        plan.save(self._work, person, () if before is None else before.reminders, after.reminders)
        if after.letters:
            added_letters = [rows.letter_row(letter) for letter in after.letters]
            self._work.queue(ADD_LETTERS, (person, rows.to_json(added_letters)))
        await evidence.save(self._work, person, after.files, after.dropped)
        await jobs.save(self._work, person, () if before is None else before.jobs, after.jobs)

    async def forget(self, person: str) -> None:
        """See the port. After the commit the store scrubs the file."""
        self._fetched = None
        for statement in FORGET:
            await self._work.write(statement, (person,))
        await self._work.set_user_version(True)
        self.forgot = True

    async def count_miss(self, step: str) -> None:
        """See the port."""
        self._work.queue(COUNT_MISS, (step,))

    async def count_outcome(self, problem: str, outcome: str, by: int) -> None:
        """See the port. Never below nothing: cases that ended before there were counts may open again."""
        await self._work.write(COUNT_OUTCOME, (problem, outcome, by))

    async def use(self, person: str) -> Use:
        """See the port."""
        return await retention.use(self._work, person)

    async def look(self, person: str, at: datetime, warned: Mapping[str, Warned] | None = None) -> None:
        """See the port."""
        await retention.look(self._work, person, at, warned)

    async def append(self, person: str, rows: Sequence[Json], now: datetime) -> int:
        """See the port."""
        return await transcript.append(self._work, person, rows, now)

    def _save_person(self, before: Person | None, after: Person) -> None:
        first_seen = to_micros(after.first_seen)
        preferences = rows.preferences_json(after.preferences)
        session = rows.to_json(after.session)
        reachable = int(after.reachable)
        conflict = ConflictError(after.id)
        if before is None:
            self._work.queue(ADD_PERSON, (after.id, first_seen, preferences, session, reachable), 1, conflict)
        else:
            known = (first_seen, preferences, session, reachable, after.id, before.version)
            self._work.queue(SAVE_PERSON, known, 1, conflict)

    async def _save_cases(self, person: str, before: Dossier | None, after: Dossier) -> None:
        stored = _by_id(before)
        removed = [case for case in stored if case not in _by_id(after)]
        if removed:
            await self._work.write(DELETE_CASES, (person, rows.to_json(removed)))
            await self._work.set_user_version(True)
            self.forgot = True
        changed = [case for case in after.cases if _header(stored.get(case.id)) != _header(case)]
        if changed:
            cases = rows.to_json([rows.case_row(case) for case in changed])
            # Fewer rows: the random id is another person's. Deciding again draws another one.
            self._work.queue(SAVE_CASES, (person, cases), len(changed), ConflictError(person))


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


async def load(database: Database, person: str) -> Dossier | None:
    """See ``bot.ports.Store.load``."""
    found = await database.read(LOAD, (person,))
    return rows.dossier(person, found[0][0]) if found else None


async def letters(database: Database, person: str) -> Sequence[Letter]:
    """See ``bot.ports.Store.letters``."""
    return [rows.letter(row) for row in await database.read(LETTERS, (person,))]
