"""Very many people in one database: a few whose conversations really took place, and their copies, made in SQL.

What the engine wrote for an example (history, plan, updates seen, transcript) is copied row by row, with names of its
own for each copy. The moments of the planned reminders are spread, each person's by up to half a day, and what would
be due within ``QUIET`` counts as sent, so that nothing comes due by itself while somebody measures.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.catalog import load_catalog
from bot.conversation.engine import Engine
from bot.domain.model import KeptFile, Letter, Preferences
from bot.jobs.catch_up import tell_of_changed_rules
from storage.instants import to_micros
from storage.store import open_store
from tests.bench.people import FIRST, PLACES
from tests.harness import World

DATABASE = "jieru.db"
"""How the harness names its file."""
KEPT = frozenset({"web"})
"""Channels with a transcript."""
QUIET = timedelta(hours=1)
SENTENCE = "水壶一直不发货"
"""What is typed to begin another 问题单."""

Story = tuple[str, ...]
"""What somebody says (/ and whole sentences) and presses, one after the other."""

_ENDED: Story = ("商家拒绝了，草莓烂了一半", "对，没错", "刚刚", "商家同意退款了", "刚刚", "退款到账了")
_REJECTED: Story = ("草莓烂了一半商家不给退", "对，没错", "刚刚")
_WAITING: Story = ("/new", *PLACES[1].way)
_TYPED = frozenset({_ENDED[0], _ENDED[3], _REJECTED[0], "/new"})


@dataclass(frozen=True)
class Example:
    """Who is copied: what happened how long ago, and which share of all are like that."""

    name: str
    share: int
    stories: Mapping[timedelta, Story]
    channel: str = "telegram"


def _ago(**span: float) -> timedelta:
    return timedelta(**span)


EXAMPLES = (
    Example(
        "third question", 2, {_ago(days=20): _ENDED, _ago(hours=3): _REJECTED, _ago(hours=1): ("/new", *PLACES[0].way)}
    ),
    Example("card", 2, {_ago(days=12): _ENDED, _ago(hours=2): _REJECTED, _ago(hours=1): _WAITING}),
    Example("card", 3, {_ago(hours=9): _REJECTED, _ago(days=2): _WAITING, _ago(minutes=50): _WAITING}),
    Example("card", 2, {_ago(hours=5): _REJECTED, _ago(days=1): _WAITING, _ago(minutes=40): _WAITING}),
    Example("web", 1, {_ago(days=4): _WAITING, _ago(hours=4): _REJECTED, _ago(hours=1): _WAITING}, "web"),
)
"""Each has three 问题单. The names say at which of ``people.PLACES`` they stand."""
_SHARES = tuple(number for number, example in enumerate(EXAMPLES) for _ in range(example.share))


@dataclass(frozen=True)
class Crowd:
    """What was made."""

    people: int
    pending: int
    presses: tuple[str, ...] = ()
    """What is pressed at the place where each of EXAMPLES stands."""

    def standing(self, name: str) -> Iterator[int]:
        """The numbers of the people who stand there."""
        shares = [EXAMPLES[kind].name for kind in _SHARES]
        return (FIRST + number for number in range(self.people) if shares[number % len(shares)] == name)

    def press(self, number: int) -> str:
        """What that person presses."""
        return self.presses[_SHARES[(number - FIRST) % len(_SHARES)]]


_FROM = "FROM copies JOIN example.{table} AS t ON t.person = copies.example"
_DUE = "t.due + iif(t.state = 'planned', copies.later, 0)"
_STATE = f"iif(t.state = 'planned' AND {_DUE} < :soon, 'sent', t.state)"


def _lot(number: str) -> str:
    """Ten hex digits that look drawn by lot, as real ones do, so that a person's histories do not lie side by side."""
    return f"printf('%010x', ((copies.number * 8 + {number}) * 679891637639) & 1099511627775)"


def _id(case: str) -> str:
    return _lot(f"(SELECT number FROM example.cases WHERE id = {case})")  # noqa: S608


_PICTURE = "(SELECT number * 2 FROM example.cases WHERE id = t.case_id) + substr(t.sha256, 64)"


# Rows of what is sorted by names come sorted: that is what makes a million of them quick.
TABLES: Mapping[str, tuple[Mapping[str, str], str]] = {
    "seen": ({}, "person, id"),
    "persons": ({}, "person"),
    "cases": ({"id": _id("t.id")}, "copies.number"),
    "entries": ({"case_id": _id("t.case_id")}, "case_id, seq"),
    "reminders": ({"id": "NULL", "case_id": _id("t.case_id"), "due": _DUE, "state": _STATE}, "copies.number"),
    "letters": ({"id": "NULL", "case_id": _id("t.case_id")}, "copies.number"),
    "files": ({"case_id": _id("t.case_id"), "sha256": f"{_lot(_PICTURE)} || printf('%054x', copies.number)"}, "person"),
    "transcript": ({}, "person, seq"),
}
"""Table -> what is another value in a copy (column -> SQL), and the order in which rows are added."""


async def gather(path: Path, now: datetime, people: int = 0, pending: int = 0) -> Crowd:
    """Make a new database of so many people, or of as many as it takes to have ``pending`` reminders planned. Their
    numbers begin at FIRST."""
    with TemporaryDirectory() as folder:
        presses = await _play(Path(folder), now)
        await (await open_store(path)).close()
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("ATTACH ? AS example", (str(Path(folder) / DATABASE),))
            crowd = _multiply(database, now, people, pending)
    # Opening it as the bot does brings it back to a write-ahead log. Everybody was told the rules of today.
    store = await open_store(path)
    await tell_of_changed_rules(store, load_catalog().rules, now.date(), _nobody)
    await store.close()
    return replace(crowd, presses=presses)


async def _nobody(person: str) -> None:
    raise AssertionError(f"{person} was told otherwise")


async def _play(folder: Path, now: datetime) -> tuple[str, ...]:
    """Let the examples happen. Returns what is pressed where each of them stands."""
    presses: list[str] = []
    world = await World.open(folder)
    world.engine = Engine(world.store, world.knowledge, lambda: world.now, Preferences(), transcripts=KEPT)
    for number, example in enumerate(EXAMPLES):
        world.person = f"{example.channel}:{number}"
        for ago, story in sorted(example.stories.items(), reverse=True):
            world.now = now - ago
            for said in story:
                await (world.say(said) if said in _TYPED else world.press(said))
        label = next((place.label for place in PLACES if place.name == example.name), "")
        presses.append(world.button(label, world.last).press if label else "")
        await _add_papers(world)
    await world.close()
    return tuple(presses)


async def _add_papers(world: World) -> None:
    """Words that were handed out, and pictures that came."""
    async with world.store.transaction() as transaction:
        before = await transaction.load(world.person)
        assert before is not None
        ids = [case.id for case in before.cases]
        words = tuple(Letter(case, world.now, "service", "请按约定退款。" * 30) for case in ids)
        pictures = tuple(KeptFile(f"{n:064x}", 180_000, "image/jpeg", case) for case in ids for n in range(2))
        await transaction.save(before, replace(before, letters=words, files=pictures))


def _multiply(database: sqlite3.Connection, now: datetime, people: int, pending: int) -> Crowd:
    database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN;")
    database.execute("CREATE TEMP TABLE copies (number INTEGER PRIMARY KEY, person TEXT, example TEXT, later INTEGER)")
    _add_copies(database, 0, people or len(_SHARES))
    if not people:
        planned = f"SELECT count(*) {_FROM.format(table='reminders')} WHERE {_STATE} = 'planned'"
        each = database.execute(planned, {"soon": to_micros(now + QUIET)}).fetchone()[0] / len(_SHARES)
        people = ceil(pending / each)
        _add_copies(database, len(_SHARES), people)
    for table, (changed, order) in TABLES.items():
        _copy(database, table, {"person": "copies.person", **changed}, order, now)
    database.execute("COMMIT")
    planned = "SELECT count(*) FROM reminders WHERE state = 'planned'"
    return Crowd(people, database.execute(planned).fetchone()[0])


def _add_copies(database: sqlite3.Connection, first: int, end: int) -> None:
    whose = [(f"{EXAMPLES[kind].channel}:", f"{EXAMPLES[kind].channel}:{kind}") for kind in _SHARES]
    rows = (
        (n, f"{whose[n % len(whose)][0]}{FIRST + n}", whose[n % len(whose)][1], _spread(n)) for n in range(first, end)
    )
    database.executemany("INSERT INTO copies VALUES (?, ?, ?, ?)", rows)


def _spread(number: int) -> int:
    """Microseconds, less than twelve hours."""
    return number * 2_654_435_761 * 1000 % 86_400_000_000 - 43_200_000_000


def _copy(database: sqlite3.Connection, table: str, changed: Mapping[str, str], order: str, now: datetime) -> None:
    columns = [name for _, name, *_ in database.execute(f"PRAGMA main.table_info({table})")]
    chosen = ", ".join(f"{changed.get(name, f't.{name}')} AS {name}" for name in columns)
    insert = (
        f"INSERT INTO main.{table} ({', '.join(columns)}) SELECT {chosen} {_FROM.format(table=table)} ORDER BY {order}"
    )
    database.execute(insert, {"soon": to_micros(now + QUIET)})
