"""Bringing a backup back into an empty place: all of it, checked, or nothing.

The archive is not believed: only names of our own shape, only entries that are stored as they are (so their sum cannot
exceed the file that was given), each with the size and the SHA-256 that the manifest and its own name say.
"""

import json
import re
import shutil
import sqlite3
import struct
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from storage.archive import DATABASE, EVIDENCE, FORMAT, MANIFEST, Named, read_named
from storage.backup import backup
from storage.connection import connect
from storage.disk import create_private, make_private_folder, to_disk, to_its_end
from storage.errors import (
    CorruptDatabaseError,
    DamagedArchiveError,
    NewerArchiveError,
    NewerSchemaError,
    NoArchiveError,
    PlaceTakenError,
    UnwritableError,
    typed_errors,
)
from storage.files import CHUNK, OWNER, write_owner
from storage.lock import ProcessLock
from storage.migrate import pending, read_migrations

MANIFEST_LIMIT = 64 * 1024 * 1024
"""Bytes; enough for half a million files."""

_CONTENT = re.compile(re.escape(EVIDENCE) + r"(?P<sha256>[0-9a-f]{64})", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_STAGE = re.compile(r"\.[0-9a-f]{16}\.restoring", re.ASCII)
_SQLITE = b"SQLite format 3\0"
_UNREADABLE = (BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, TypeError, struct.error)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and what the database names but the backup did not have."""

    files: int
    missing: tuple[str, ...]


class _Place(NamedTuple):
    """From where to where; and the names under which everything lies until it is complete."""

    source: Path
    database: Path
    evidence: Path
    new_database: Path
    stage: Path
    made: list[Path]
    """What is taken away again if it does not come to an end; nothing of it was there before."""


async def restore_archive(source: Path, database: Path, evidence: Path) -> Restored:
    """Restore an archive, or a plain copy of a database, into a place where there is no database and no evidence.

    Raises NoArchiveError, DamagedArchiveError, NewerArchiveError, NewerSchemaError, PlaceTakenError,
    AlreadyRunningError, UnwritableError or MigrationError; nothing is left behind then.
    """
    place = _place(source, database, evidence)
    try:
        plain = await to_its_end(_look, place.source)
        await to_its_end(_prepare, place)
        with ProcessLock(place.database.with_name(place.database.name + ".lock"), owns=place.database):
            await to_its_end(_make_room, place)
            held, lost = (await _copied(place)) if plain else (await to_its_end(_unpack, place))
            named = await _checked(place)
            if not plain and named.files - lost != held:
                raise DamagedArchiveError(place.source, "the database names other files than there are")
            await to_its_end(_publish, place, named.identity)
        return Restored(len(held), tuple(sorted(named.files - held)))
    except OSError as error:
        raise UnwritableError(place.database, error.strerror or str(error)) from error
    finally:
        _tidy(place)


def _place(source: Path, database: Path, evidence: Path) -> _Place:
    token, database, evidence = token_hex(8), database.absolute(), evidence.absolute()
    unready = database.with_name(f".{database.name}.{token}.restoring")
    return _Place(source.absolute(), database, evidence, unready, evidence / f".{token}.restoring", [])


def _look(source: Path) -> bool:
    """True for a plain database, False for something like an archive."""
    try:
        with source.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError as error:
        raise NoArchiveError(source, error.strerror or str(error)) from error
    if head != _SQLITE and not head.startswith(b"PK"):
        raise NoArchiveError(source, "neither an archive nor a database")
    return head == _SQLITE


def _prepare(place: _Place) -> None:
    for folder in (place.database.parent, place.evidence):
        if not folder.exists():
            make_private_folder(folder)
            place.made.append(folder)
    _require_empty(place)


def _make_room(place: _Place) -> None:
    """With the lock held, so that what bears such a name belongs to nobody any more."""
    _require_empty(place)
    for interrupted in list(place.evidence.iterdir()):
        shutil.rmtree(interrupted)
    make_private_folder(place.stage)


def _require_empty(place: _Place) -> None:
    for side in ("", "-wal", "-journal"):
        path = place.database.with_name(place.database.name + side)
        if path.exists() or path.is_symlink():
            raise PlaceTakenError(path, "already exists")
    # What an interrupted restore left is not in the way: its name says what it is.
    if not place.evidence.is_dir() or not all(_STAGE.fullmatch(file.name) for file in place.evidence.iterdir()):
        raise PlaceTakenError(place.evidence, "not an empty folder")


async def _copied(place: _Place) -> tuple[frozenset[str], frozenset[str]]:
    """The same as ``_unpack`` for a plain database."""
    try:
        await backup(place.source, place.new_database)
    except CorruptDatabaseError as error:
        raise DamagedArchiveError(place.source, error.reason) from error
    return frozenset(), frozenset()


def _unpack(place: _Place) -> tuple[frozenset[str], frozenset[str]]:
    """Write everything under its temporary name. Returns the contents, and those that the archive says it lacks."""
    source = place.source
    with _readable(source), ZipFile(source) as archive:
        entries = _entries(source, archive)
        manifest = _manifest(source, archive, entries.pop(MANIFEST))
        sizes = {f"{EVIDENCE}{_digest(one['sha256'])}": _size(one["size"]) for one in manifest["files"]}
        if entries.keys() != {DATABASE, *sizes}:
            raise DamagedArchiveError(source, "holds other files than its manifest says")
        kept = manifest["database"]
        _extract(archive, entries[DATABASE], place.new_database, _digest(kept["sha256"]), _size(kept["size"]))
        for name, size in sizes.items():
            digest = name.removeprefix(EVIDENCE)
            shard = place.stage / digest[:2]
            make_private_folder(shard)
            _extract(archive, entries[name], shard / digest, digest, size)
        lost = frozenset(_digest(one) for one in (*manifest["missing"], *manifest["damaged"]))
    return frozenset(name.removeprefix(EVIDENCE) for name in sizes), lost


def _entries(source: Path, archive: ZipFile) -> dict[str, ZipInfo]:
    entries: dict[str, ZipInfo] = {}
    for entry in archive.infolist():
        ours = entry.filename in (DATABASE, MANIFEST) or _CONTENT.fullmatch(entry.filename)
        stored = (
            entry.compress_type == ZIP_STORED and entry.compress_size == entry.file_size and not entry.flag_bits & 1
        )
        if not ours or not stored or entry.filename in entries:
            raise DamagedArchiveError(source, "holds what no backup holds")
        entries[entry.filename] = entry
    if not {DATABASE, MANIFEST} <= entries.keys():
        raise NoArchiveError(source, "no backup of this program")
    # Entries that lie over each other would take more room than the archive does.
    if sum(entry.file_size for entry in entries.values()) > source.stat().st_size:
        raise DamagedArchiveError(source, "holds more than its size")
    return entries


def _manifest(source: Path, archive: ZipFile, entry: ZipInfo) -> Mapping[str, Any]:
    if entry.file_size > MANIFEST_LIMIT:
        raise DamagedArchiveError(source, "the manifest is too large")
    manifest: Mapping[str, Any] = json.loads(archive.read(entry))
    if not isinstance(manifest["format"], int) or manifest["format"] > FORMAT:
        raise NewerArchiveError(source, f"format {manifest['format']}, but this program knows only {FORMAT}")
    known = len(read_migrations())
    if manifest["schema"] > known:
        raise NewerSchemaError(source, found=manifest["schema"], known=known)
    return manifest


def _digest(value: object) -> str:
    if isinstance(value, str) and _SHA256.fullmatch(value):
        return value
    raise ValueError("no SHA-256")


def _size(value: object) -> int:
    if isinstance(value, int):
        return value
    raise ValueError("no size")


def _extract(archive: ZipFile, entry: ZipInfo, target: Path, digest: str, size: int) -> None:
    found, written = sha256(), 0
    if entry.file_size != size:
        raise ValueError("another size than in the manifest")
    with open(create_private(target), "wb") as sink, archive.open(entry) as packed:  # noqa: PTH123 - a handle
        while part := packed.read(CHUNK):
            found.update(part)
            written += len(part)
            sink.write(part)
    if (found.hexdigest(), written) != (digest, size):
        raise ValueError("another content than in the manifest")
    to_disk(target)


@contextmanager
def _readable(source: Path) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise DamagedArchiveError(source, str(error) or type(error).__name__) from error


async def _checked(place: _Place) -> Named:
    """What the new database says, once it is found to be whole and ours."""
    source = place.source
    try:
        with typed_errors(source):
            async with AsyncExitStack() as stack:
                read = await connect(place.new_database, stack, ("PRAGMA query_only = ON",))
                problems = [row[0] for row in await read.execute_fetchall("PRAGMA integrity_check(1)")]
                if problems != ["ok"]:
                    raise DamagedArchiveError(source, str(problems[0]))
                named = await to_its_end(read_named, place.new_database)
                if not named.schema:
                    raise NoArchiveError(source, "a database of another program")
                await pending(read, source, read_migrations())
    except (CorruptDatabaseError, sqlite3.DatabaseError) as error:
        raise DamagedArchiveError(source, str(error)) from error
    return named


def _publish(place: _Place, owner: str) -> None:
    for shard in sorted(place.stage.iterdir()):
        to_disk(shard)
        place.made.append(place.evidence / shard.name)
        shard.rename(place.evidence / shard.name)
    if owner:
        place.made.append(place.evidence / OWNER)
        write_owner(place.evidence, owner)
    to_disk(place.evidence)
    to_disk(place.new_database)
    # Last: with the database everything is there, without it nothing counts.
    place.new_database.rename(place.database)
    place.made.clear()
    to_disk(place.database.parent)


def _tidy(place: _Place) -> None:
    """Of what has not come to an end nothing stays. Never raises: what went wrong is being told already."""
    shutil.rmtree(place.stage, ignore_errors=True)
    for side in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            place.new_database.with_name(place.new_database.name + side).unlink()
    lock = place.database.with_name(place.database.name + ".lock")
    for path in reversed(place.made):
        with suppress(OSError):
            if not path.is_dir():
                path.unlink()
            elif path != place.database.parent or set(path.iterdir()) <= {lock}:
                shutil.rmtree(path)
