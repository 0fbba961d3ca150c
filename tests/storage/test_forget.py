"""Forgetting is complete: no row in any table, no byte in any file."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.retention import Warned
from bot.ports import Step
from storage.database import Database
from storage.dossiers import SqliteTransaction
from storage.migrate import Migration, read_migrations
from storage.store import SqliteStore
from tests.storage.conftest import Open
from tests.storage.samples import ALI, BO, LEASE, NOW, find, got, hours, planned, put, rich

PERSONAL = {
    "persons", "cases", "entries", "reminders", "letters", "files", "jobs", "seen", "transcript", "sessions", "links",
    "warnings",
}  # fmt: skip
"""Tables with rows of people. A later one is added here, and ``fill`` must put a row of the person into it."""
IMPERSONAL = {"misses", "outcomes", "orphans", "identity", "in_step", "schema_migrations"}

WORDS = "绝无仅有的一句话"
"""Stands in every free text of the person who is forgotten."""


async def fill(store: SqliteStore, person: str, words: str) -> None:
    """At least one row of the person in every table of PERSONAL."""
    said = [{"op": "said", "text": words, "id": person}]
    endings = {("spoiled", "refunded"): 1}
    await store.commit(Step(person, NOW, None, rich(person, words), f"{person}/1", said, ("route.a/1",), endings))
    async with store.transaction() as transaction:
        await transaction.look(person, NOW, {"": Warned(NOW, NOW)})
    await store.add_session(f"session of {person}", person, NOW)
    await store.add_link(f"link of {person}", person, hours(1), NOW)


def rows(path: Path, table: str, person: str | None = None) -> list[tuple[object, ...]]:
    """All rows of a table, or those of one person."""
    with closing(sqlite3.connect(path)) as connection:
        if person is None:
            return connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - a name from the schema
        return connection.execute(f"SELECT * FROM {table} WHERE person = ?", (person,)).fetchall()  # noqa: S608


def tables(path: Path) -> dict[str, bool]:
    """Every table of the schema, and whether it has a column for the person."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'")
        return {
            name: any(column[1] == "person" for column in connection.execute(f"PRAGMA table_xinfo({name})"))
            for (name,) in names.fetchall()
        }


def check_tables_are_known(path: Path) -> None:
    found = tables(path)
    assert {name for name, personal in found.items() if personal} == PERSONAL
    assert {name for name, personal in found.items() if not personal} == IMPERSONAL


async def test_every_table_with_people_in_it_is_known(opens: Open, tmp_path: Path) -> None:
    await (await opens(tmp_path / "jieru.db")).close()
    check_tables_are_known(tmp_path / "jieru.db")


@pytest.mark.parametrize("columns", ["person TEXT", "note TEXT"])
async def test_a_later_table_cannot_be_overlooked(tmp_path: Path, columns: str) -> None:
    later = Migration(len(read_migrations()) + 1, "9999_later.sql", f"CREATE TABLE notes ({columns});")
    database = await Database.open(tmp_path / "jieru.db", (*read_migrations(), later))
    await database.close()
    with pytest.raises(AssertionError, match="notes"):
        check_tables_are_known(tmp_path / "jieru.db")


async def test_no_row_of_the_person_remains_in_any_table(opens: Open, tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    store = await opens(path)
    await fill(store, ALI, WORDS)
    await fill(store, BO, "别人的话")
    personal = [table for table, has_person in tables(path).items() if has_person]
    assert [table for table in personal if not rows(path, table, ALI)] == []
    others = {table: rows(path, table, BO) for table in personal}

    async with store.transaction() as transaction:
        await transaction.forget(ALI)

    assert {table: rows(path, table, ALI) for table in personal} == {table: [] for table in personal}
    assert {table: rows(path, table, BO) for table in personal} == others
    everything = repr([rows(path, table) for table in tables(path)])
    assert (ALI in everything, WORDS in everything, ascii(WORDS)[1:-1] in everything) == (False, False, False)
    assert await find(store, ALI) is None
    assert await store.outcomes() == {("spoiled", "refunded"): 2}, "a count of nobody in particular stays"
    await store.close()


async def test_a_forgotten_person_is_a_stranger_who_may_come_again(opens: Open, tmp_path: Path) -> None:
    store = await opens(tmp_path / "jieru.db")
    await fill(store, ALI, WORDS)
    assert [one.person for one in await store.claim(hours(4), LEASE, 9)] == [ALI]
    async with store.transaction() as transaction:
        await transaction.forget(ALI)
    assert await store.next_due() is None
    assert (await put(store, planned(ALI, NOW))).person.version == 1
    await store.close()


async def test_no_byte_of_the_person_remains_in_any_file(opens: Open, tmp_path: Path) -> None:
    """Many people whose rows grew in turn: SQLite then leaves copies of moved cells behind, secure_delete or not."""
    path = tmp_path / "jieru.db"
    store = await opens(path)
    people = [f"t:{'gone' if number % 3 else 'kept'}:{number:03}" for number in range(60)]
    for size in range(1, 8):
        for person in people:
            stored = await put(store, planned(person, NOW)) if size == 1 else await got(store, person)
            typed = {"typed": f"{person} " * ((size * 37 + int(person[-3:])) % 40)}
            await put(store, replace(stored, person=replace(stored.person, session=typed)))
    assert b"gone" in bytes_of(path)
    async with store.transaction() as transaction:
        for person in people:
            if "gone" in person:
                await transaction.forget(person)
    assert b"gone" not in bytes_of(path)
    assert b"kept" in bytes_of(path)
    await store.close()
    assert b"gone" not in bytes_of(path)


def bytes_of(path: Path) -> bytes:
    """What another process reads in the database's files; reading them here would drop SQLite's locks."""
    program = (
        "import pathlib, sys; p = pathlib.Path(sys.argv[1]); [sys.stdout.buffer.write(f.read_bytes()) "
        "for f in p.parent.glob(p.name + '*')]"
    )
    return subprocess.run([sys.executable, "-c", program, str(path)], check=True, capture_output=True).stdout


async def test_a_reader_delays_the_scrub_and_the_next_start_makes_up_for_it(opens: Open, tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    store = await opens(path)
    await fill(store, ALI, WORDS)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM persons").fetchall()
        async with store.transaction() as transaction:
            await transaction.forget(ALI)
        assert not await store.scrub()
        await store.close()
        assert user_version(path) == 1
    store = await opens(path)
    assert user_version(path) == 0
    assert await store.scrub()
    await store.close()


async def test_a_crash_before_the_scrub_is_made_up_for(opens: Open, tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    store = await opens(path)
    await fill(store, ALI, WORDS)
    await store.close()
    database = await Database.open(path)
    async with database.transaction() as work:
        await SqliteTransaction(work).forget(ALI)
    due = user_version(path)
    await database.close()
    assert (due, user_version(path)) == (1, 0)


async def test_the_words_of_a_deleted_case_are_overwritten(opens: Open, tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    store = await opens(path)
    stored = await put(store, rich(ALI, "GONE"))
    person = replace(stored.person, session={})
    await put(store, replace(stored, person=person, cases=(), reminders=(), jobs=()))
    await store.close()
    assert b"GONE" not in bytes_of(path)


def user_version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return version
