"""The connections to one SQLite file: a writer that belongs to one transaction at a time, and readers beside it."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Self

from storage.connection import Connection, Query, Queued, Row, connect
from storage.errors import (
    CorruptDatabaseError,
    OldSqliteError,
    StorageError,
    StoreClosedError,
    UnwritableError,
    typed_errors,
)
from storage.lock import ProcessLock
from storage.migrate import Migration, migrate, read_migrations

NEEDED_SQLITE = (3, 37, 0)
"""STRICT tables came with 3.37, RETURNING with 3.35 (sqlite.org/changes.html)."""

READERS = 2

_BUSY_MILLISECONDS = 5000

_WRITER = (
    f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
)
_READER = (f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}", "PRAGMA query_only = ON")


class Work:
    """The statements of one transaction on the writer. Refuses to run any after the transaction's end."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Connection | None = connection
        self._queued: list[Queued] = []

    def queue(self, statement: Queued) -> None:
        """One whose result nobody needs: it costs no hop of its own. It is run before the next ``read``, ``write`` or
        the commit, and fails there."""
        self._open()
        self._queued.append(statement)

    async def flush(self) -> None:
        """Run what is queued."""
        queued, self._queued = self._queued, []
        if queued:
            await self._open().run(queued)

    async def commit(self) -> None:
        """Run what is queued, commit, and refuse everything afterwards."""
        connection, queued = self._open(), self._queued
        self.end()
        await connection.run(queued, commit=True)

    async def read(self, sql: str, parameters: Iterable[Any] = ()) -> list[Row]:
        """Run a SELECT inside the transaction, which begins here unless a write began it."""
        await self.flush()
        connection = self._open()
        if not connection.in_transaction:
            await connection.execute_fetchall("BEGIN IMMEDIATE")
        return list(await connection.execute_fetchall(sql, parameters))

    async def write(self, sql: str, parameters: Iterable[Any] = ()) -> list[Row]:
        """Run a statement that starts with INSERT, UPDATE or DELETE; returns what RETURNING gives.

        Python's sqlite3 puts BEGIN IMMEDIATE before the first of these by itself, which saves a hop.
        """
        await self.flush()
        return list(await self._open().execute_fetchall(sql, parameters))

    async def set_user_version(self, on: bool) -> None:
        """See ``Database.scrub``."""
        await self.read("PRAGMA user_version = 1" if on else "PRAGMA user_version = 0")

    def end(self) -> None:
        """Nothing may follow; what was queued before is still under commit or rollback."""
        self._connection, self._queued = None, []

    def _open(self) -> Connection:
        if self._connection is None:
            raise StoreClosedError("the transaction has ended")
        return self._connection


class Database:
    """One open SQLite file. Make it with ``open``; close it always: aiosqlite's threads keep a process alive."""

    def __init__(self, path: Path, stack: AsyncExitStack, writer: Connection, readers: Sequence[Connection]) -> None:
        self.path = path
        self.migrated: tuple[str, ...] = ()
        self.on_trouble: Callable[[StorageError | None], None] = lambda _: None
        """Told once of each kind of trouble, and None when something could be written again."""
        self._troubles: set[type[StorageError]] = set()
        self._stack = stack
        self._writer = writer
        self._lock = asyncio.Lock()
        self._idle: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for reader in readers:
            self._idle.put_nowait(reader)
        self._closed = False

    @classmethod
    async def open(cls, path: Path, migrations: Sequence[Migration] | None = None) -> Self:
        """Lock, create and migrate the file. Raises a StorageError (see there) or OldSqliteError."""
        require_sqlite(sqlite3.sqlite_version_info)
        known = read_migrations() if migrations is None else migrations
        path = _prepared_folder(path)
        with typed_errors(path):
            async with AsyncExitStack() as stack:
                stack.enter_context(ProcessLock(path.with_name(path.name + ".lock"), owns=path))
                _create_file(path)
                writer = await connect(path, stack, _WRITER)
                migrated = await migrate(writer, path, known)
                await writer.execute_fetchall("PRAGMA foreign_keys = ON")
                readers = [await connect(path, stack, _READER) for _ in range(READERS)]
                database = cls(path, stack, writer, readers)
                await database._scrub_if_due()
                database._stack = stack.pop_all()
        database.migrated = migrated
        return database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Work]:
        """The writer, alone and in turn. Leaving commits, any exception (cancellation too) rolls back.

        A cancellation that arrives while the commit itself runs may find it done.
        """
        async with self._lock:
            self._require_open()
            work = Work(self._writer)
            # aiosqlite queues a statement before it awaits it, and its thread takes them in order. So a cancelled
            # statement (or BEGIN, or COMMIT) still runs, then this ROLLBACK, and only then the next owner's BEGIN.
            with self._noticed(), typed_errors(self.path):
                try:
                    yield work
                    await work.commit()
                except BaseException:
                    work.end()
                    await self._writer.rollback()
                    raise

    async def run_each(self, groups: Sequence[Sequence[Queued]]) -> Sequence[Exception | None]:
        """Groups of statements in one commit; see ``Connection.run_each``. Raises a StorageError if nothing could be
        written."""
        async with self._lock:
            self._require_open()
            with self._noticed(), typed_errors(self.path):
                return await self._writer.run_each(groups)

    async def read(self, sql: str, parameters: Iterable[Any] = ()) -> list[Row]:
        """One SELECT on a reader: what is committed now, without waiting for the writer."""
        self._require_open()
        reader = await self._idle.get()
        try:
            with self._noticed(), typed_errors(self.path):
                return list(await reader.execute_fetchall(sql, parameters))
        finally:
            self._idle.put_nowait(reader)

    async def read_each(self, queries: Sequence[Query]) -> Sequence[list[Row]]:
        """Several SELECTs in one hop to a reader. Raises a StorageError if one of them could not be read."""
        self._require_open()
        reader = await self._idle.get()
        try:
            with self._noticed(), typed_errors(self.path):
                return await reader.read_each(queries)
        finally:
            self._idle.put_nowait(reader)

    async def write_unsynced(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """One INSERT, UPDATE or DELETE, as a transaction of its own that does not wait for the disk; returns what
        RETURNING gives. It outlives this process; a power cut may undo it, together with all that followed and was not
        synced either, and nothing before it."""
        async with self._lock:
            self._require_open()
            with self._noticed(), typed_errors(self.path):
                return await self._writer.run_unsynced(sql, parameters)

    async def scrub(self) -> bool:
        """Rewrite the file without what was deleted, and empty the write-ahead log. False if somebody reads meanwhile
        or the disk is full: then it stays due, and the next scrub, close or start makes up for it.

        secure_delete alone is not enough: SQLite zeroes deleted cells, but copies that it left behind when it moved
        cells between pages survive (seen with 3.40), so the file is rebuilt. user_version = 1 says that this is due;
        it is set in the transaction that deletes, so that a crash in between is made up for at the next start.
        """
        async with self._lock:
            self._require_open()
            return await self._scrub()

    async def close(self) -> None:
        """Let the running transaction finish, then close everything. Calling it twice is harmless."""
        async with self._lock:
            if self._closed:
                return
            try:
                with typed_errors(self.path):
                    await self._scrub_if_due()
            finally:
                self._closed = True
                await self._stack.aclose()

    async def _scrub_if_due(self) -> None:
        if next(iter(await self._writer.execute_fetchall("PRAGMA user_version")))[0] != 0:
            await self._scrub()

    async def _scrub(self) -> bool:
        try:
            # Nobody waits for a long reader (a backup of another process): everyone would wait with us.
            await self._writer.execute_fetchall("PRAGMA busy_timeout = 0")
            await self._writer.execute_fetchall("VACUUM")
            await self._writer.execute_fetchall("PRAGMA user_version = 0")
            busy = next(iter(await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")))[0]
            if busy:
                await self._writer.execute_fetchall("PRAGMA user_version = 1")
        except sqlite3.OperationalError:
            return False
        finally:
            await self._writer.execute_fetchall(_WRITER[0])
        return not busy

    @contextmanager
    def _noticed(self) -> Iterator[None]:
        written = self._writer.total_changes
        try:
            yield
        except StorageError as trouble:
            if type(trouble) not in self._troubles:
                self._troubles.add(type(trouble))
                self.on_trouble(trouble)
            raise
        # What is damaged stays so, though other pages can be written. Without a change nothing was proved.
        if self._troubles - {CorruptDatabaseError} and self._writer.total_changes > written:
            self._troubles &= {CorruptDatabaseError}
            self.on_trouble(None)

    def _require_open(self) -> None:
        if self._closed:
            raise StoreClosedError(f"{self.path} is closed")


def require_sqlite(found: tuple[int, ...]) -> None:
    """Raises OldSqliteError below NEEDED_SQLITE."""
    if found < NEEDED_SQLITE:
        raise OldSqliteError(".".join(map(str, found)), ".".join(map(str, NEEDED_SQLITE)))


def _prepared_folder(path: Path) -> Path:
    """The absolute path, in a folder that exists; one that is made here is its owner's alone (on POSIX)."""
    path = path.absolute()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableError(path, error.strerror or str(error)) from error
    return path


def _create_file(path: Path) -> None:
    """Make an empty file that only its owner may read; SQLite gives its side files the same mode.

    An existing file is never opened here: closing a second handle would drop the locks of SQLite in this process.
    """
    if path.exists() and not path.is_file():
        raise CorruptDatabaseError(path, "not a file")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if not os.access(path, os.R_OK | os.W_OK):
            raise UnwritableError(path, "no permission to read and write it") from None
    except OSError as error:
        raise UnwritableError(path, error.strerror or str(error)) from error
