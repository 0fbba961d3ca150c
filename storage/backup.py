"""A copy of the database while the bot runs: a consistent snapshot in one plain file."""

import os
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from secrets import token_hex

import aiosqlite

from storage.connection import connect
from storage.disk import create_private, to_disk, to_its_end
from storage.errors import BackupTargetExistsError, CorruptDatabaseError, UnwritableError, typed_errors


async def backup(source: Path, target: Path) -> None:
    """Copy ``source`` to the new file ``target``, through connections of its own and without the process lock.

    The copy is made beside the target, checked, brought to the disk, and only then given its name. Raises
    BackupTargetExistsError, UnwritableError (no source, or no place to write), or CorruptDatabaseError.
    """
    source, target, unfinished = _places(source, target)
    try:
        await to_its_end(_prepare, source, target, unfinished)
        with typed_errors(source):
            async with AsyncExitStack() as stack:
                # Closed in reverse order: a cancelled copy ends in the reader's thread before its target is closed.
                write = await connect(unfinished, stack, ())
                read = await connect(source, stack, ("PRAGMA query_only = ON",))
                await read.execute_fetchall("SELECT count(*) FROM sqlite_master")
                with typed_errors(target):
                    await _copy(read, write, source)
        await to_its_end(_publish, unfinished, target)
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


def _places(source: Path, target: Path) -> tuple[Path, Path, Path]:
    source, target = source.absolute(), target.absolute()
    return source, target, target.with_name(f".{target.name}.{token_hex(8)}.unfinished")


def _prepare(source: Path, target: Path, unfinished: Path) -> None:
    if not source.is_file():
        raise UnwritableError(source, "no such file")
    if target.exists() or target.is_symlink():
        raise BackupTargetExistsError(target, "already exists")
    try:
        os.close(create_private(unfinished))
    except OSError as error:
        raise UnwritableError(target, error.strerror or str(error)) from error


def _publish(unfinished: Path, target: Path) -> None:
    try:
        to_disk(unfinished)
        if target.exists():
            raise BackupTargetExistsError(target, "already exists")
        unfinished.rename(target)
        to_disk(target.parent)
    except OSError as error:
        raise UnwritableError(target, error.strerror or str(error)) from error


def _discard(unfinished: Path) -> None:
    for side in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            unfinished.with_name(unfinished.name + side).unlink()
