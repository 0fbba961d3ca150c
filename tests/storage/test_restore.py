"""An archive is not believed: what was cut off, altered or forged brings back nothing."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from storage.archive import DATABASE, EVIDENCE, MANIFEST
from storage.errors import (
    DamagedArchiveError,
    NewerArchiveError,
    NewerSchemaError,
    NoArchiveError,
    StorageError,
    UnwritableError,
)
from storage.restore import restore_archive
from tests.storage.home import Home


def rewritten(
    source: Path,
    change: Callable[[dict[str, bytes], dict[str, Any]], None],
    compression: int = ZIP_STORED,
) -> Path:
    """The archive again with some entries, or its manifest, changed."""
    with ZipFile(source) as archive:
        entries = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    manifest = json.loads(entries.pop(MANIFEST))
    change(entries, manifest)
    target = source.with_name("forged.zip")
    with ZipFile(target, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(ZipInfo(name) if compression == ZIP_STORED else name, content)
        archive.writestr(MANIFEST, json.dumps(manifest))
    return target


def first(entries: dict[str, bytes]) -> str:
    return min(name for name in entries if name.startswith(EVIDENCE))


def alter(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    entries[first(entries)] = bytes(len(entries[first(entries)]))


def shorten(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    entries[first(entries)] = entries[first(entries)][:-1]


def take_away(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del entries[first(entries)]


def take_away_altogether(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["files"] = [one for one in manifest["files"] if f"{EVIDENCE}{one['sha256']}" != first(entries)]
    del entries[first(entries)]


def add_surplus(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    entries[f"{EVIDENCE}{sha256(b'surplus').hexdigest()}"] = b"surplus"


def add_what_nobody_names(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    add_surplus(entries, manifest)
    manifest["files"].append({"sha256": sha256(b"surplus").hexdigest(), "size": 7})


def climb_out(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    entries["../outside"] = b"outside"


def climb_out_of_evidence(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    entries[f"{EVIDENCE}../../outside"] = b"outside"
    manifest["files"].append({"sha256": "../../outside", "size": 7})


def lie_about_size(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["files"][0]["size"] += 1


def break_database(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    entries[DATABASE] = entries[DATABASE][:5000] + b"\xff" * (len(entries[DATABASE]) - 5000)
    manifest["database"]["sha256"] = sha256(entries[DATABASE]).hexdigest()


def exchange_database(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    entries[DATABASE] = b"no database"
    manifest["database"] = {"sha256": sha256(b"no database").hexdigest(), "size": 11}


def garble_manifest(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["files"] = {"a": 1}


FORGERIES = [
    alter, shorten, take_away, take_away_altogether, add_surplus, add_what_nobody_names, climb_out,
    climb_out_of_evidence, lie_about_size, break_database, exchange_database, garble_manifest,
]  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES)
async def test_a_forged_or_damaged_archive_brings_back_nothing(
    home: Home, place: tuple[Path, Path], forge: Callable[[dict[str, bytes], dict[str, Any]], None]
) -> None:
    target, _ = await home.back_up()
    forged = rewritten(target, forge)
    with pytest.raises(DamagedArchiveError) as raised:
        await restore_archive(forged, *place)
    assert raised.value.path == forged
    assert not place[0].parent.exists()
    assert sorted(path.name for path in home.folder.iterdir()) == ["data", "forged.zip", "jieru.zip"]


async def test_an_untouched_copy_of_the_archive_is_no_forgery(home: Home, place: tuple[Path, Path]) -> None:
    """What the stories above change is what they fail for."""
    target, _ = await home.back_up()
    same = rewritten(target, lambda entries, manifest: None)
    assert (await restore_archive(same, *place)).files == 3


async def test_a_bomb_is_not_unpacked(home: Home, place: tuple[Path, Path]) -> None:
    target, _ = await home.back_up()

    def inflate(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
        entries[DATABASE] = bytes(50_000_000)

    bomb = rewritten(target, inflate, ZIP_DEFLATED)
    assert bomb.stat().st_size < 10_000_000
    with pytest.raises(DamagedArchiveError):
        await restore_archive(bomb, *place)
    assert not place[0].parent.exists()


async def test_a_double_entry_is_refused(home: Home, place: tuple[Path, Path]) -> None:
    target, _ = await home.back_up()
    with ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(DATABASE, b"the second")
    with pytest.raises(DamagedArchiveError):
        await restore_archive(target, *place)


async def test_an_archive_that_was_cut_off_anywhere_brings_back_nothing(home: Home, place: tuple[Path, Path]) -> None:
    target, _ = await home.back_up()
    whole = target.read_bytes()
    for size in (2, 30, 1000, len(whole) // 2, len(whole) - 1):
        target.write_bytes(whole[:size])
        with pytest.raises(DamagedArchiveError):
            await restore_archive(target, *place)
        assert not place[0].parent.exists()


@pytest.mark.parametrize(
    ("key", "value", "error"),
    [("format", 2, NewerArchiveError), ("schema", 999, NewerSchemaError), ("format", "1", NewerArchiveError)],
)
async def test_an_archive_of_a_later_program_is_told_so(
    home: Home, place: tuple[Path, Path], key: str, value: object, error: type[StorageError]
) -> None:
    target, _ = await home.back_up()

    def change(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
        manifest[key] = value

    with pytest.raises(error):
        await restore_archive(rewritten(target, change), *place)
    assert not place[0].parent.exists()


async def test_what_is_no_backup_is_told_so(tmp_path: Path, place: tuple[Path, Path]) -> None:
    (tmp_path / "letter.txt").write_text("a letter")
    (tmp_path / "empty").write_text("")
    with ZipFile(tmp_path / "other.zip", "w"):
        pass
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE music (title TEXT)")
    for name in ("letter.txt", "empty", "missing.zip", "other.zip", "other.db", "."):
        with pytest.raises(NoArchiveError) as raised:
            await restore_archive(tmp_path / name, *place)
        assert raised.value.path == tmp_path / name
        assert not place[0].parent.exists()


async def test_a_place_that_cannot_be_written_is_told(home: Home, tmp_path: Path) -> None:
    target, _ = await home.back_up()
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableError):
        await restore_archive(target, tmp_path / "file" / "jieru.db", tmp_path / "evidence")
    assert not (tmp_path / "evidence").exists()
