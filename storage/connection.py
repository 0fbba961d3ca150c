"""One connection to the SQLite file, which runs many statements in one hop.

Every call to aiosqlite is a hop to the connection's thread and costs more than most statements; on the hot path a
statement is therefore one ``execute_fetchall``, or queued and run in one hop with the others and the commit.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

import aiosqlite

from bot.ports import ConflictError

Row = Sequence[Any]
Query = tuple[str, Sequence[Any]]
"""A SELECT and its parameters."""


class Queued(NamedTuple):
    """A statement that is run with others, in order. ``otherwise`` is raised unless it writes so many ``rows``. (They
    are counted and not asked for with RETURNING: each row is one more waiting for Python's lock.)"""

    sql: str
    parameters: Sequence[Any]
    rows: int | None = None
    otherwise: Exception | None = None


SCRUB_DUE = Queued("PRAGMA user_version = 1", ())
"""See ``Database.scrub``."""

ALONE = (ConflictError, sqlite3.IntegrityError)
"""What concerns only the group of statements that it comes of."""


class Connection(aiosqlite.Connection):
    """Runs several statements in one hop to its thread."""

    async def run(self, statements: Sequence[Queued], *, commit: bool = False) -> None:
        """Run them all, and commit if asked to. Raises at the first one that fails."""
        await self._execute(self._run, statements, commit)  # type: ignore[no-untyped-call]

    async def run_each(self, groups: Sequence[Sequence[Queued]]) -> list[Exception | None]:
        """Run every group as a whole or not at all, and commit those that went well. Returns in order what each one
        failed of. Raises, with nothing written, what concerns them all (no room on the disk)."""
        failed: list[Exception | None] = await self._execute(self._run_each, groups)  # type: ignore[no-untyped-call]
        return failed

    async def read_each(self, queries: Sequence[Query]) -> list[list[Row]]:
        """The rows of every query. Raises at the first one that fails."""
        return await self._execute(self._read_each, queries)  # type: ignore[no-any-return,no-untyped-call]

    async def run_unsynced(self, sql: str, parameters: Sequence[Any]) -> list[Row]:
        """One statement and its commit. See ``Database.write_unsynced``."""
        return await self._execute(self._run_unsynced, sql, parameters)  # type: ignore[no-any-return,no-untyped-call]

    def _read_each(self, queries: Sequence[Query]) -> list[list[Row]]:
        return [self._conn.execute(sql, parameters).fetchall() for sql, parameters in queries]

    def _run_unsynced(self, sql: str, parameters: Sequence[Any]) -> list[Row]:
        # Not inside a transaction: there SQLite refuses it.
        self._conn.execute("PRAGMA synchronous = NORMAL")
        try:
            with self._conn:
                return self._conn.execute(sql, parameters).fetchall()
        finally:
            self._conn.execute("PRAGMA synchronous = FULL")

    def _run(self, statements: Sequence[Queued], commit: bool) -> None:
        for sql, parameters, rows, otherwise in statements:
            done = self._conn.execute(sql, parameters)
            done.fetchall()
            if otherwise is not None and done.rowcount != rows:
                raise otherwise
        if commit:
            self._conn.commit()

    def _run_each(self, groups: Sequence[Sequence[Queued]]) -> list[Exception | None]:
        try:
            try:
                self._run([statement for statements in groups for statement in statements], True)
            except ALONE as error:
                self._conn.rollback()
                return [error] if len(groups) == 1 else self._run_apart(groups)
        except BaseException:
            self._conn.rollback()
            raise
        return [None] * len(groups)

    def _run_apart(self, groups: Sequence[Sequence[Queued]]) -> list[Exception | None]:
        # Most often nobody has to be kept apart, so that is found out first: a savepoint is two statements more for
        # everybody, and around each one the thread gives Python away and waits to have it back.
        failed: list[Exception | None] = []
        self._conn.execute("BEGIN IMMEDIATE")
        for statements in groups:
            self._conn.execute("SAVEPOINT apart")
            try:
                self._run(statements, False)
                failed.append(None)
            except ALONE as error:
                self._conn.execute("ROLLBACK TO apart")
                failed.append(error)
            self._conn.execute("RELEASE apart")
        self._conn.commit()
        return failed


async def connect(path: Path, stack: AsyncExitStack, pragmas: Sequence[str]) -> Connection:
    """Open an existing file; the stack closes it. The writing of a transaction begins with BEGIN IMMEDIATE."""
    uri = f"{path.as_uri()}?mode=rw"
    connection = Connection(lambda: sqlite3.connect(uri, uri=True, isolation_level="IMMEDIATE"), 64)
    stack.push_async_callback(connection.close)
    await connection
    for pragma in pragmas:
        await connection.execute_fetchall(pragma)
    return connection
