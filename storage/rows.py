"""Between the values of ``bot.domain.model`` and what stands in the rows: JSON documents, flags and microseconds."""

from collections.abc import Mapping, Sequence
from datetime import time
from functools import lru_cache
from typing import Any

from bot.domain.model import Case, Dossier, Entry, Job, KeptFile, Letter, Person, Preferences, Reminder
from bot.json_text import from_json, to_json
from storage.instants import from_micros, to_micros


def to_text(text: str) -> str:
    """Text for a column of its own: what SQLite's text cannot hold becomes U+FFFD."""
    return text.replace("\0", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")


@lru_cache(256)
def preferences_json(preferences: Preferences) -> str:
    """A document, so that a preference of a later version needs no migration."""
    return to_json(
        {
            "zone": preferences.zone,
            "quiet": preferences.quiet,
            "quiet_from": preferences.quiet_from.isoformat(),
            "quiet_to": preferences.quiet_to.isoformat(),
            "phone": preferences.phone,
            "big_text": preferences.big_text,
        }
    )


def _preferences(document: Mapping[str, Any]) -> Preferences:
    known = dict(document)
    for field in ("quiet_from", "quiet_to"):
        if field in known:
            known[field] = time.fromisoformat(known[field])
    return Preferences(**known)


def case_row(case: Case) -> list[Any]:
    """In the order of ``dossiers.SAVE_CASES``."""
    return [case.id, case.number, to_micros(case.opened), int(case.open), case.told]


def entry_row(case: str, entry: Entry) -> list[Any]:
    """In the order of ``dossiers.ADD_ENTRIES``."""
    return [case, entry.seq, to_micros(entry.at), entry.kind, entry.data, to_text(entry.message)]


def reminder_row(reminder: Reminder) -> list[Any]:
    """In the order of ``plan.ADD`` and ``plan.CHANGE``."""
    return [
        reminder.case,
        reminder.kind,
        reminder.deadline,
        reminder.occurrence,
        to_micros(reminder.due),
        reminder.state,
        int(reminder.snoozed),
        reminder.attempts,
    ]


def reminder(row: list[Any]) -> Reminder:
    """From ``reminder_row``'s columns followed by the id."""
    case, kind, deadline, occurrence, due, state, snoozed, attempts, number = row
    return Reminder(case, kind, deadline, occurrence, from_micros(due), state, bool(snoozed), attempts, number)


def job_row(job: Job) -> list[Any]:
    """In the order of ``jobs.ADD``."""
    return [job.kind, job.data, to_micros(job.due)]


def job(row: Sequence[Any]) -> Job:
    """From the columns id, kind, data, due, attempts; the data may still be text."""
    number, kind, data, due, attempts = row
    return Job(kind, from_json(data) if isinstance(data, str) else data, from_micros(due), number, attempts)


def file_row(file: KeptFile) -> list[Any]:
    """In the order of ``evidence.ADD``."""
    return [file.case, file.sha256, file.size, file.type, None if file.until is None else to_micros(file.until)]


def letter_row(letter: Letter) -> list[Any]:
    """In the order of ``dossiers.ADD_LETTERS``."""
    return [letter.case, to_micros(letter.at), letter.kind, to_text(letter.text), letter.rules]


def letter(row: Sequence[Any]) -> Letter:
    """From ``letter_row``'s columns, the rules as text."""
    case, at, kind, text, rules = row
    return Letter(case, from_micros(at), kind, text, from_json(rules))


def dossier(person: str, document: str) -> Dossier:
    """From the document that ``dossiers.LOAD`` makes of all rows of a person."""
    first_seen, preferences, session, version, reachable, cases, reminders, jobs = from_json(document)
    return Dossier(
        Person(person, from_micros(first_seen), _preferences(preferences), session, version, bool(reachable)),
        tuple(_case(row) for row in sorted(cases, key=lambda row: row[1])),
        tuple(reminder(row) for row in sorted(reminders, key=lambda row: row[-1])),
        jobs=tuple(job(row) for row in sorted(jobs, key=lambda row: row[0])),
    )


def _case(row: list[Any]) -> Case:
    case, number, opened, is_open, told, entries = row
    history = tuple(
        Entry(seq, from_micros(at), kind, data, message) for seq, at, kind, data, message in sorted(entries)
    )
    return Case(case, number, from_micros(opened), history, told, bool(is_open))
