"""What can be wrong with the database, as plain facts; the sentence for the operator is made by the caller."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StorageError(Exception):
    """The database at ``path`` cannot be used."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class UnwritableError(StorageError):
    """The file, its folder or its disk refuses to be written (or read)."""


class LockedDatabaseError(StorageError):
    """Another program keeps the file locked for longer than we wait."""


class CorruptDatabaseError(StorageError):
    """The file is not an SQLite database, or a damaged one."""


class NewerSchemaError(StorageError):
    """The database was migrated by a later version of the program."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(path, f"schema {found}, but this program knows only {known}")
        self.found = found
        self.known = known


class MigrationError(StorageError):
    """A migration is misnamed, missing, edited after it was applied, or failed; ``name`` is its file."""

    def __init__(self, path: Path, name: str, reason: str) -> None:
        super().__init__(path, f"{name}: {reason}")
        self.name = name
        self.why = reason


class AlreadyRunningError(StorageError):
    """Another process owns the database; ``pid`` is its number, None if it could not be read."""

    def __init__(self, path: Path, pid: int | None) -> None:
        super().__init__(path, f"owned by process {pid}" if pid is not None else "owned by another process")
        self.pid = pid


class BackupTargetExistsError(StorageError):
    """The file to back up into is already there; it is left alone."""


class PlaceTakenError(StorageError):
    """Something is already where a backup was to be restored; it is left alone."""


class NoArchiveError(StorageError):
    """The file to restore from is missing, or neither an archive of this program nor an SQLite database."""


class DamagedArchiveError(StorageError):
    """The archive is cut off, altered, or does not hold what it says; nothing was restored."""


class NewerArchiveError(StorageError):
    """The archive was written by a later version of the program."""


class ForeignFolderError(StorageError):
    """The folder holds the kept files of another database."""


class OldSqliteError(Exception):
    """The SQLite library is too old."""

    def __init__(self, found: str, needed: str) -> None:
        super().__init__(f"SQLite {found} is older than {needed}")
        self.found = found
        self.needed = needed


class StoreClosedError(Exception):
    """The store, or the transaction, has ended and cannot be used any more."""


_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNWRITABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


@contextmanager
def typed_errors(path: Path) -> Iterator[None]:
    """Within it, an SQLite error that concerns the file as a whole is raised as a StorageError; others pass."""
    try:
        yield
    except sqlite3.Error as error:
        primary = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if primary in _LOCKED:
            raise LockedDatabaseError(path, str(error)) from error
        if primary in _CORRUPT:
            raise CorruptDatabaseError(path, str(error)) from error
        if primary in _UNWRITABLE:
            raise UnwritableError(path, str(error)) from error
        raise
