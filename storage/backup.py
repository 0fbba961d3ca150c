"""A copy of the database while the bot runs: a consistent snapshot in one plain file."""

import asyncio
import os
from contextlib import AsyncExitStack
from pathlib import Path

import aiosqlite

from storage.database import connect
from storage.errors import BackupTargetExistsError, CorruptDatabaseError, UnwritableError, typed_errors


async def backup(source: Path, target: Path) -> None:
    """Copy ``source`` to the new file ``target``, through connections of its own and without the process lock.

    The copy is made beside the target, checked, brought to the disk, and only then given its name. Raises
    BackupTargetExistsError, UnwritableError (no source, or no place to write), or CorruptDatabaseError.
    """
    source, target, unfinished = await asyncio.to_thread(_prepare, source, target)
    try:
        with typed_errors(source):
            async with AsyncExitStack() as stack:
                # Closed in reverse order: a cancelled copy ends in the reader's thread before its target is closed.
                write = await connect(unfinished, stack, ())
                read = await connect(source, stack, ("PRAGMA query_only = ON",))
                await read.execute_fetchall("SELECT count(*) FROM sqlite_master")
                with typed_errors(target):
                    await _copy(read, write, source)
        await asyncio.to_thread(_publish, unfinished, target)
    except BaseException:
        _discard(unfinished)
        raise


async def _copy(read: aiosqlite.Connection, write: aiosqlite.Connection, source: Path) -> None:
    await read.backup(write)
    # The copy says of itself that it has a write-ahead log; without one it is a single file, readable anywhere.
    await write.execute_fetchall("PRAGMA journal_mode = DELETE")
    problems = [row[0] for row in await write.execute_fetchall("PRAGMA quick_check(1)")]
    if problems != ["ok"]:
        raise CorruptDatabaseError(source, str(problems[0]))


def _prepare(source: Path, target: Path) -> tuple[Path, Path, Path]:
    source, target = source.absolute(), target.absolute()
    if not source.is_file():
        raise UnwritableError(source, "no such file")
    if target.exists() or target.is_symlink():
        raise BackupTargetExistsError(target, "already exists")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise UnwritableError(target, error.strerror or str(error)) from error
    return source, target, unfinished


def _publish(unfinished: Path, target: Path) -> None:
    try:
        _to_disk(unfinished, os.O_RDWR)
        if target.exists():
            raise BackupTargetExistsError(target, "already exists")
        unfinished.rename(target)
        if os.name == "posix":
            _to_disk(target.parent, os.O_RDONLY)
    except OSError as error:
        raise UnwritableError(target, error.strerror or str(error)) from error


def _to_disk(path: Path, mode: int) -> None:
    handle = os.open(path, mode)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _discard(unfinished: Path) -> None:
    for side in ("", "-journal", "-wal", "-shm"):
        unfinished.with_name(unfinished.name + side).unlink(missing_ok=True)
