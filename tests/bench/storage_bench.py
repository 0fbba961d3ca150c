"""What the store costs: one step of a conversation, and one idle look for due reminders.

Run ``python -m tests.bench.storage_bench``. Absolute figures are of the machine; compare the ratios of one run.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bot.domain.model import Case, Dossier, Entry, Person, Reminder
from bot.ports import Step
from storage.store import SqliteStore, open_store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LEASE = timedelta(minutes=2)
ROUNDS = 400


def somebody(number: int, reminders: int = 2) -> Dossier:
    """An open case with ten entries, a closed one with ten, and some planned reminders."""
    person = f"bench:{number}"
    entries = tuple(Entry(seq, NOW, "note", {"text": "商家一直不回复" * 3}, f"m{seq}") for seq in range(1, 11))
    cases = (Case(f"{number}-a", 1, NOW, entries), Case(f"{number}-b", 2, NOW, entries, open=False))
    rows = tuple(
        Reminder(f"{number}-a", "own", f"rule#{count}", 1, NOW + timedelta(hours=1, seconds=number + count))
        for count in range(reminders)
    )
    return Dossier(Person(person, NOW, session={"step": "home"}), cases, rows)


async def filled(path: Path, people: int, reminders: int = 2) -> SqliteStore:
    store = await open_store(path)
    async with store.transaction() as transaction:
        for number in range(people):
            await transaction.save(None, somebody(number, reminders))
    # Closing empties the write-ahead log, which one large transaction has blown up.
    await store.close()
    return await open_store(path)


async def step(store: SqliteStore, people: int, turn: int) -> None:
    """What the engine does for an update that records a fact: four tables change."""
    person = f"bench:{turn * 7919 % people}"
    before = (await store.recall(person, f"u{turn}")).dossier
    assert before is not None
    case = before.cases[0]
    entry = Entry(len(case.entries) + 1, NOW, "amount", {"fen": turn})
    first, *others = before.reminders
    after = replace(
        before,
        person=replace(before.person, session={"step": "amount", "turn": turn}),
        cases=(replace(case, entries=(*case.entries, entry)), *before.cases[1:]),
        reminders=(replace(first, due=first.due + timedelta(seconds=1)), *others),
    )
    await store.commit(Step(person, NOW, before, after, f"u{turn}"))


async def timed(rounds: int, one: Callable[[int], Awaitable[object]]) -> float:
    """Median microseconds of a call."""
    taken = []
    for turn in range(rounds):
        begin = time.perf_counter()
        await one(turn)
        taken.append(time.perf_counter() - begin)
    return median(taken) * 1e6


async def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        out: list[tuple[str, float]] = []
        for people in (10, 10_000):
            store = await filled(Path(folder) / f"step{people}.db", people)

            async def one_step(turn: int, store: SqliteStore = store, people: int = people) -> None:
                await step(store, people, turn)

            out.append((f"step, {people} people", await timed(ROUNDS, one_step)))
            await store.close()
        for people, reminders in ((10, 1), (10_000, 10)):
            path = Path(folder) / f"idle{people}.db"
            store = await filled(path, people, reminders)

            async def claim(_: int, store: SqliteStore = store) -> None:
                assert list(await store.claim(NOW, LEASE, 30)) == []

            async def next_due(_: int, store: SqliteStore = store) -> None:
                assert await store.next_due() is not None

            out.append((f"idle claim, {people * reminders} pending", await timed(ROUNDS, claim)))
            out.append((f"next due, {people * reminders} pending", await timed(ROUNDS, next_due)))
            await store.close()
        with closing(sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)) as bare:
            bare.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (a)")

            async def one_row(turn: int) -> None:
                bare.execute("INSERT INTO t VALUES (?)", (turn,))

            out.append(("yardstick: sqlite3, one row per commit", await timed(ROUNDS, one_row)))
        yardstick = out[-1][1]
        for name, cost in out:
            sys.stdout.write(f"{name:42} {cost:9.1f} us {cost / yardstick:7.2f} x yardstick\n")


if __name__ == "__main__":
    asyncio.run(main())
