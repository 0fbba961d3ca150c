"""Brings a database to the schema of this program: numbered files, each applied in one transaction with its record."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiosqlite

from storage.errors import MigrationError, NewerSchemaError, typed_errors

MIGRATIONS = Path(__file__).parent / "migrations"

_NAME = re.compile(r"(?P<number>\d{4})_[a-z0-9_]+\.sql")
_FIRST_WORD = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*(?P<word>\w*)", re.DOTALL)
_ENDS_TRANSACTION = frozenset({"BEGIN", "COMMIT", "END", "ROLLBACK", "VACUUM", "ATTACH", "DETACH"})

# The record is for people; nothing is decided by "applied", so SQLite's own clock may fill it.
_RECORDS = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number  INTEGER NOT NULL PRIMARY KEY,
    name    TEXT    NOT NULL,
    digest  TEXT    NOT NULL,
    applied TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT
"""
_HAS_RECORDS = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
_APPLIED = "SELECT number, name, digest FROM schema_migrations ORDER BY number"
_RECORD = "INSERT INTO schema_migrations (number, name, digest) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of the ``migrations`` folder."""

    number: int
    name: str
    sql: str

    @property
    def digest(self) -> str:
        """Tells an edited file from the one that was applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """The files in order. Raises MigrationError for a file not named NNNN_words.sql, and for a gap or a double."""
    found: list[Migration] = []
    for file in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(file.name)
        if match is None:
            raise MigrationError(folder, file.name, "not named NNNN_words.sql")
        found.append(Migration(int(match["number"]), file.name, file.read_text(encoding="utf-8")))
    for expected, migration in enumerate(found, start=1):
        if migration.number != expected:
            raise MigrationError(folder, migration.name, f"number {expected:04} was expected here")
    return tuple(found)


def statements(sql: str) -> Iterator[str]:
    """Split a script into statements; a trigger's body and quoted semicolons stay whole."""
    statement = ""
    for piece in re.split(r"(?<=;)", sql):
        statement += piece
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if _first_word(statement):
        yield statement.strip()


async def pending(connection: aiosqlite.Connection, path: Path, known: Sequence[Migration]) -> tuple[Migration, ...]:
    """What is still to be applied; writes nothing.

    Raises NewerSchemaError if more was applied than is known, MigrationError if what was applied differs.
    """
    if not await connection.execute_fetchall(_HAS_RECORDS):
        return tuple(known)
    applied = list(await connection.execute_fetchall(_APPLIED))
    if applied and applied[-1][0] > len(known):
        raise NewerSchemaError(path, found=applied[-1][0], known=len(known))
    for (number, name, digest), migration in zip(applied, known, strict=False):
        if number != migration.number:
            raise MigrationError(path, migration.name, "was skipped: a later one is applied, this one is not")
        if name != migration.name:
            raise MigrationError(path, migration.name, f"was applied under the name {name}")
        if digest != migration.digest:
            raise MigrationError(path, migration.name, "was edited after it had been applied")
    return tuple(known[len(applied) :])


async def migrate(connection: aiosqlite.Connection, path: Path, known: Sequence[Migration]) -> tuple[str, ...]:
    """Apply what is pending and return its names.

    A failing migration leaves everything as it was before it, stays pending, and raises MigrationError. The connection
    must not enforce foreign keys meanwhile (a table may be rebuilt); they are checked before each commit instead.
    """
    names: list[str] = []
    for migration in await pending(connection, path, known):
        try:
            with typed_errors(path):
                await _apply(connection, path, migration)
        except BaseException as error:
            await connection.rollback()
            if isinstance(error, sqlite3.Error | sqlite3.Warning):
                raise MigrationError(path, migration.name, str(error)) from error
            raise
        names.append(migration.name)
    return tuple(names)


async def _apply(connection: aiosqlite.Connection, path: Path, migration: Migration) -> None:
    await connection.execute_fetchall("BEGIN IMMEDIATE")
    await connection.execute_fetchall(_RECORDS)
    for statement in statements(migration.sql):
        if _first_word(statement) in _ENDS_TRANSACTION:
            raise MigrationError(path, migration.name, f"{_first_word(statement)} would leave the transaction")
        await connection.execute_fetchall(statement)
    if await connection.execute_fetchall("PRAGMA foreign_key_check"):
        raise MigrationError(path, migration.name, "leaves rows that refer to nothing")
    await connection.execute_fetchall(_RECORD, (migration.number, migration.name, migration.digest))
    await connection.commit()


def _first_word(sql: str) -> str:
    match = _FIRST_WORD.match(sql)
    return match["word"].upper() if match is not None else ""
