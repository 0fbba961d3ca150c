"""However much there is, no statement walks through all of it: each finds its rows by an index.

SQLite says so itself (EXPLAIN QUERY PLAN). What may be read from one end to the other is small by nature, or named
here with its reason.
"""

import importlib
import inspect
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import storage
from storage.store import open_store

SMALL = {"misses", "outcomes", "identity", "orphans", "schema_migrations", "sqlite_master"}
"""A row for each step, outcome or migration; and what the next round of tidying takes away."""
WHOLE = {
    "plan.NEXT_DUE": "the first of the index is enough, but for those behind what is being sent",
    "jobs.NEXT": "the first of the index",
    "plan.RELEASE": "the whole of an index of what is being sent",
    "jobs.RELEASE": "the whole of an index of what is being done",
    "evidence.NAMED": "for a backup, which reads everything",
}
"""Statements that begin at the end of an index and walk along it."""
ALONG = {"reminders_sending", "reminders_wake", "jobs_wake", "jobs_leased", "files_sha256"}
"""The indexes that they walk along."""

_STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE)\s")
_PART_OF_ONE = {"dossiers._DOCUMENT"}
_WHOLE_TABLE = re.compile(r"SCAN (?P<table>\w+)(?: USING (?:COVERING )?INDEX (?P<index>\w+))?$")


def statements() -> Iterator[tuple[str, str]]:
    """(module.NAME, SQL) of every constant of storage that is a statement, or several."""
    for each in pkgutil.iter_modules(storage.__path__):
        module = importlib.import_module(f"storage.{each.name}")
        own = set(re.findall(r"^(\w+) = ", inspect.getsource(module), re.MULTILINE))
        for name in own & set(vars(module)):
            value = getattr(module, name)
            for sql in value if isinstance(value, tuple) else (value,):
                if isinstance(sql, str) and _STATEMENT.match(sql) and f"{each.name}.{name}" not in _PART_OF_ONE:
                    yield f"{each.name}.{name}", sql


def of_triggers(schema: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """(trigger, SQL) of every statement that a trigger runs."""
    for name, sql in schema.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"):
        head, _, body = sql.partition("BEGIN")
        condition = head.partition(" WHEN ")[2]
        for statement in [*body.rpartition("END")[0].split(";"), f"SELECT {condition}" if condition else ""]:
            if statement.strip():
                yield name, re.sub(r"\b(NEW|OLD)\.\w+", "?", statement)


def plan(schema: sqlite3.Connection, sql: str) -> list[str]:
    """How SQLite will go about it, line by line."""
    numbered = [int(number) for number in re.findall(r"\?(\d+)", sql)]
    parameters = [None] * (max(numbered) if numbered else sql.count("?"))
    return [row[-1] for row in schema.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]


def scanned(schema: sqlite3.Connection, sql: str) -> set[str]:
    """What the statement walks through: tables, or indexes."""
    found = (_WHOLE_TABLE.match(line) for line in plan(schema, sql))
    return {match["index"] or match["table"] for match in found if match}


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("plans") / "jieru.db"
    with closing(sqlite3.connect(path)) as connection:
        yield connection


@pytest.fixture(autouse=True)
async def migrated(schema: sqlite3.Connection) -> None:
    _, _, path = schema.execute("PRAGMA database_list").fetchone()
    await (await open_store(Path(path))).close()


def test_no_statement_walks_through_a_table(schema: sqlite3.Connection) -> None:
    walked = {name: scanned(schema, sql) - SMALL - (ALONG if name in WHOLE else set()) for name, sql in statements()}
    assert {name: large for name, large in walked.items() if large} == {}


def test_no_trigger_walks_through_a_table(schema: sqlite3.Connection) -> None:
    assert {name: walked for name, sql in of_triggers(schema) if (walked := scanned(schema, sql) - SMALL)} == {}


def test_whoever_takes_a_few_does_not_sort_all(schema: sqlite3.Connection) -> None:
    taking = {name: plan(schema, sql) for name, sql in statements() if " LIMIT " in sql}
    assert {"plan.CLAIM", "jobs.CLAIM", "retention.IDLE"} <= set(taking)
    assert [name for name, lines in taking.items() if any("TEMP B-TREE" in line for line in lines)] == []


def test_what_is_named_here_is_there(schema: sqlite3.Connection) -> None:
    names = {name for name, _ in statements()}
    assert set(WHOLE) <= names
    assert len(names) > 40
    assert len(list(of_triggers(schema))) > 5


def test_every_reference_is_found_by_an_index(schema: sqlite3.Connection) -> None:
    """Otherwise each deletion of a case or a person looks through all rows of the table that refers to it."""
    missing = []
    for (table,) in schema.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        first = {
            schema.execute(f"PRAGMA index_info('{index}')").fetchone()[2]
            for _, index, *_ in schema.execute(f"PRAGMA index_list('{table}')").fetchall()
        }
        references = schema.execute(f"PRAGMA foreign_key_list('{table}')").fetchall()
        missing += [(table, row[3]) for row in references if row[1] == 0 and row[3] not in first]
    assert missing == []
