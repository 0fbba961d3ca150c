"""Dossiers to store, small and rich, and the instant at which the stories begin."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from bot.domain.model import Case, Dossier, Entry, Job, KeptFile, Letter, Person, Preferences, Reminder
from bot.ports import Step, Store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)

ALI = "telegram:1"
BO = "telegram:2"


def hours(count: float) -> datetime:
    """So long after NOW (before, if negative)."""
    return NOW + timedelta(hours=count)


def stranger(person: str = ALI) -> Dossier:
    return Dossier(Person(person, NOW))


def reminder(case: str, deadline: str = "own.proof#1", due: datetime = NOW, **other: Any) -> Reminder:
    return Reminder(case, "own", deadline, other.pop("occurrence", 1), due, **other)


def planned(person: str, *due: datetime) -> Dossier:
    """A person with one open case and a planned reminder for each instant."""
    case = Case(f"case-of-{person}", 1, NOW, (Entry(1, NOW, "opened"),))
    rows = tuple(reminder(case.id, f"own.proof#{number}", at) for number, at in enumerate(due, start=1))
    return Dossier(Person(person, NOW), (case,), rows)


def rich(person: str, words: str) -> Dossier:
    """Something in every field; ``words`` stands wherever a person's own words do."""
    token = person.replace(":", "-")
    opened = (
        Entry(1, NOW, "problem", {"problem": "fake", "said": words}, "m-1"),
        Entry(2, hours(0.25), "amount", {"fen": 12_900, "sure": True, "note": None, "list": [words, 1]}, "m-2"),
    )
    return Dossier(
        Person(
            person,
            NOW,
            Preferences("Asia/Urumqi", False, time(23, 30), time(7, 15, 0, 1), "iphone", True),
            {"step": "ask.amount", "typed": words},
        ),
        (
            Case(f"{token}-a", 1, NOW, opened, {"law.seven_days": "2026-01", "corr.48h": "1"}),
            Case(f"{token}-b", 2, hours(1), (Entry(1, hours(1), "closed", {"how": words}),), open=False),
        ),
        (reminder(f"{token}-a", due=hours(3)), reminder(f"{token}-a", "nudge#2", hours(40), snoozed=True)),
        (Letter(f"{token}-a", NOW, "human_service", words, {"corr.48h": "1"}),),
        (Job("fetch", {"ref": words, "case": f"{token}-a", "number": 4}, NOW), Job("export", {}, hours(1))),
        (
            KeptFile(sha(words), 12, "image/png", f"{token}-a"),
            KeptFile(sha(person), 99_000_000, "application/zip", until=hours(24)),
        ),
    )


def sha(words: str) -> str:
    """Some SHA-256."""
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


async def put(store: Store, dossier: Dossier) -> Dossier:
    """Save it over what is stored of the person, and return what is then stored."""
    async with store.transaction() as transaction:
        await transaction.save(await transaction.load(dossier.person.id), dossier)
    return await got(store, dossier.person.id)


async def got(store: Store, person: str) -> Dossier:
    found = await find(store, person)
    assert found is not None
    return found


async def find(store: Store, person: str) -> Dossier | None:
    async with store.transaction() as transaction:
        return await transaction.load(person)


async def new(store: Store, update: str, person: str = ALI, now: datetime = NOW) -> bool:
    """Whether the update was not handled before; from now on it was."""
    recalled = await store.recall(person, update)
    if not recalled.seen:
        await store.commit(Step(person, now, recalled.dossier, recalled.dossier or stranger(person), update))
    return not recalled.seen


def as_stored(dossier: Dossier, version: int = 1) -> Dossier:
    """What a load gives after this was saved, but for the ids of reminders and jobs."""
    still_open = {case.id for case in dossier.cases if case.open}
    kept = tuple(row for row in dossier.reminders if row.case in still_open and row.state not in {"done", "failed"})
    return replace(dossier, person=replace(dossier.person, version=version), reminders=kept, letters=(), files=())


def without_ids(dossier: Dossier) -> Dossier:
    rows = tuple(replace(row, id=0) for row in dossier.reminders)
    return replace(dossier, reminders=rows, jobs=tuple(replace(job, id=0) for job in dossier.jobs))


def states(rows: Sequence[Reminder]) -> dict[str, str]:
    return {row.deadline: row.state for row in rows}
