"""A backup as one file: a ZIP of the database and of every kept file that it names, written while the bot runs.

    database.sqlite3      a consistent copy (SQLite's online backup)
    evidence/<sha256>     each content that the copy names, checked while it is written
    manifest.json         {"format", "schema", "created", "database": {"sha256", "size"},
                           "files": [{"sha256", "size"}], "missing": [sha256], "damaged": [sha256]}

Nothing is compressed: pictures and videos are already, and an archive that only stores cannot be a bomb.
"""

import json
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO, NamedTuple
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from storage.backup import backup
from storage.disk import create_private, to_disk, to_its_end
from storage.errors import BackupTargetExistsError, UnwritableError
from storage.evidence import IDENTITY, NAMED
from storage.files import CHUNK, content_path

FORMAT = 1
DATABASE = "database.sqlite3"
MANIFEST = "manifest.json"
EVIDENCE = "evidence/"


@dataclass(frozen=True, slots=True)
class Archived:
    """What an archive holds, and what the database names without its being in there."""

    files: int = 0
    missing: tuple[str, ...] = ()
    """SHA-256 of contents that were not on the disk."""
    damaged: tuple[str, ...] = ()
    """SHA-256 of contents that are not what they were; left out."""


@dataclass(slots=True)
class _Contents:
    files: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


class _Places(NamedTuple):
    database: Path
    evidence: Path
    target: Path
    copy: Path
    unfinished: Path


class Named(NamedTuple):
    """What a database says of itself and of the files beside it."""

    files: frozenset[str]
    schema: int
    """0: not one of ours."""
    identity: str
    """Empty: from before there was one."""


async def write_archive(database: Path, evidence: Path, target: Path, created: datetime) -> Archived:
    """Write the new file ``target`` (0600); it has its name only once it is whole and on the disk.

    Raises BackupTargetExistsError, UnwritableError (no database, or no place to write) or CorruptDatabaseError.
    """
    places = _places(database, evidence, target)
    try:
        await backup(places.database, places.copy)
        return await to_its_end(_pack, places, created)
    except UnwritableError as error:
        raise UnwritableError(places.target if error.path == places.copy else error.path, error.reason) from error
    except OSError as error:
        raise UnwritableError(places.target, error.strerror or str(error)) from error
    finally:
        for path in (places.copy, places.unfinished):
            with suppress(OSError):
                path.unlink()


def _places(database: Path, evidence: Path, target: Path) -> _Places:
    token, target = token_hex(8), target.absolute()
    copy, unfinished = (target.with_name(f".{target.name}.{token}.{part}") for part in ("database", "unfinished"))
    _require_free(target)
    return _Places(database.absolute(), evidence.absolute(), target, copy, unfinished)


def _pack(places: _Places, created: datetime) -> Archived:
    named = read_named(places.copy)
    packed = _Contents()
    moment = created.astimezone(UTC)
    with (
        open(create_private(places.unfinished), "w+b") as file,  # noqa: PTH123 - a handle, not a path
        ZipFile(file, "w", ZIP_STORED) as archive,
    ):
        with places.copy.open("rb") as source:
            digest, size = _add(archive, _entry(DATABASE, moment, places.copy.stat().st_size), source)
        for name in sorted(named.files):
            _add_content(archive, content_path(places.evidence, name), moment, packed)
        manifest = {
            "format": FORMAT,
            "schema": named.schema,
            "created": moment.isoformat(),
            "database": {"sha256": digest, "size": size},
            "files": packed.files,
            "missing": packed.missing,
            "damaged": packed.damaged,
        }
        archive.writestr(_entry(MANIFEST, moment), json.dumps(manifest, indent=1))
    to_disk(places.unfinished)
    _require_free(places.target)
    places.unfinished.rename(places.target)
    to_disk(places.target.parent)
    return Archived(len(packed.files), tuple(packed.missing), tuple(packed.damaged))


def _add_content(archive: ZipFile, path: Path, moment: datetime, packed: _Contents) -> None:
    try:
        source = path.open("rb")
    except (FileNotFoundError, NotADirectoryError):
        packed.missing.append(path.name)
        return
    with source:
        # Under a name the bytes of an open file never change: a new content comes by a rename.
        if file_digest(source, "sha256").hexdigest() != path.name:
            packed.damaged.append(path.name)
            return
        size = source.tell()
        source.seek(0)
        digest, written = _add(archive, _entry(f"{EVIDENCE}{path.name}", moment, size), source)
        if (digest, written) != (path.name, size):
            raise UnwritableError(path, "changed while it was read")
        packed.files.append({"sha256": digest, "size": size})


def _entry(name: str, moment: datetime, size: int = 0) -> ZipInfo:
    entry = ZipInfo(name, (max(moment.year, 1980), *moment.timetuple()[1:6]))
    entry.external_attr = 0o600 << 16
    # Tells zipfile beforehand whether the entry needs the large form.
    entry.file_size = size
    return entry


def _add(archive: ZipFile, entry: ZipInfo, source: BinaryIO) -> tuple[str, int]:
    digest, size = sha256(), 0
    with archive.open(entry, "w") as sink:
        while part := source.read(CHUNK):
            digest.update(part)
            size += len(part)
            sink.write(part)
    return digest.hexdigest(), size


def read_named(database: Path) -> Named:
    """Of a database that nobody writes to. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

        def read(sql: str, table: str) -> list[Any]:
            return [row[0] for row in connection.execute(sql)] if table in tables else []

        files = read(NAMED, "files")
        schema = read("SELECT coalesce(max(number), 0) FROM schema_migrations", "schema_migrations")
        identity = read(IDENTITY, "identity")
    return Named(frozenset(files), sum(schema), "".join(identity))


def _require_free(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise BackupTargetExistsError(target, "already exists")
