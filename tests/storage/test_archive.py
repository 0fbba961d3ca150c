"""A backup brings back the database and every kept file, or nothing at all; and it is never believed unchecked."""

import asyncio
import json
import stat
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from bot.domain.model import KeptFile
from storage.archive import DATABASE, EVIDENCE, MANIFEST, Archived, write_archive
from storage.backup import backup
from storage.database import Database
from storage.errors import (
    AlreadyRunningError,
    BackupTargetExistsError,
    PlaceTakenError,
    UnwritableError,
)
from storage.files import open_files
from storage.migrate import read_migrations
from storage.restore import Restored, restore_archive
from tests.storage.conftest import Open
from tests.storage.home import PICTURES, Home
from tests.storage.samples import ALI, NOW, got, planned, put


def everything(folder: Path) -> dict[str, bytes]:
    if not folder.exists():
        return {}
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_what_was_backed_up_while_the_bot_ran_is_there_again(
    home: Home, place: tuple[Path, Path], opens: Open
) -> None:
    target, archived = await home.back_up()
    stored = await got(home.store, ALI)
    assert archived == Archived(files=3)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert await restore_archive(target, *place) == Restored(3, ())
    store = await opens(place[0])
    assert await got(store, ALI) == stored
    files = await open_files(place[1], lambda path: "unknown", await store.identity())
    assert [files.path(one.sha256).read_bytes() for one in home.kept] == list(PICTURES)
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in place[1].rglob("*")}
    assert modes == {True: 0o700, False: 0o600}
    assert await files.unnamed(await store.named_files()) == []


async def test_the_archive_is_an_ordinary_zip_that_says_what_is_in_it(home: Home) -> None:
    target, _ = await home.back_up()
    with ZipFile(target) as archive:
        assert archive.testzip() is None
        names = {entry.filename: entry.compress_type for entry in archive.infolist()}
        manifest = json.loads(archive.read(MANIFEST))
        database = archive.read(DATABASE)
    contents = [{"sha256": one.sha256, "size": one.size} for one in sorted(home.kept, key=lambda one: one.sha256)]
    assert names == dict.fromkeys((DATABASE, MANIFEST, *(f"{EVIDENCE}{one.sha256}" for one in home.kept)), ZIP_STORED)
    assert manifest == {
        "format": 1,
        "schema": 7,
        "created": NOW.isoformat(),
        "database": {"sha256": sha256(database).hexdigest(), "size": len(database)},
        "files": contents,
        "missing": [],
        "damaged": [],
    }


async def test_what_nobody_needs_is_not_backed_up(home: Home) -> None:
    await home.keep(b"nobody's")
    assert (await home.back_up())[1] == Archived(files=3)


async def test_a_backup_under_load_is_one_moment(home: Home, place: tuple[Path, Path], opens: Open) -> None:
    done = asyncio.Event()

    async def goes_on() -> int:
        count = 0
        while not done.is_set():
            count += 1
            kept = await home.keep(str(count).encode())
            person = planned(f"t:{count}", NOW)
            file = KeptFile(kept.sha256, kept.size, kept.type, person.cases[0].id)
            await put(home.store, replace(person, files=(file,)))
        return count

    going_on = asyncio.create_task(goes_on())
    targets = [await home.back_up(f"{number}.zip") for number in range(3)]
    done.set()
    assert await going_on > 3
    assert [(archived.missing, archived.damaged) for _, archived in targets] == [((), ())] * 3
    target, archived = targets[-1]
    assert await restore_archive(target, *place) == Restored(archived.files, ())
    store = await opens(place[0])
    assert len(await store.named_files()) == archived.files > 3


async def test_a_missing_and_a_damaged_file_are_told_and_the_rest_is_saved(
    home: Home, place: tuple[Path, Path]
) -> None:
    missing, damaged, whole = home.kept
    home.files.path(missing.sha256).unlink()
    home.files.path(damaged.sha256).write_bytes(b"something else")
    target, archived = await home.back_up()
    assert archived == Archived(1, (missing.sha256,), (damaged.sha256,))
    restored = await restore_archive(target, *place)
    assert restored == Restored(1, tuple(sorted((missing.sha256, damaged.sha256))))
    assert {path.name for path in place[1].glob("??/*")} == {whole.sha256}


async def test_a_backup_never_takes_the_place_of_something(home: Home) -> None:
    (home.folder / "jieru.zip").write_text("mine")
    with pytest.raises(BackupTargetExistsError):
        await home.back_up()
    with pytest.raises(UnwritableError) as raised:
        await home.back_up("missing/jieru.zip")
    assert raised.value.path == home.folder / "missing" / "jieru.zip"
    assert (home.folder / "jieru.zip").read_text() == "mine"
    assert sorted(path.name for path in home.folder.iterdir()) == ["data", "jieru.zip"]


async def test_a_cancelled_backup_leaves_nothing(home: Home) -> None:
    for turns in (0, 1, 5, 20):
        writing = asyncio.create_task(home.back_up())
        for _ in range(turns):
            await home.store.next_due()
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        (home.folder / "jieru.zip").unlink(missing_ok=True)
        assert [path.name for path in home.folder.iterdir()] == ["data"]


async def test_an_older_backup_is_a_plain_database(home: Home, place: tuple[Path, Path], opens: Open) -> None:
    await backup(home.store.path, home.folder / "copy.db")
    restored = await restore_archive(home.folder / "copy.db", *place)
    assert restored == Restored(0, tuple(sorted(one.sha256 for one in home.kept)))
    assert await got(await opens(place[0]), ALI) == await got(home.store, ALI)


async def test_a_database_from_before_files_were_kept(tmp_path: Path, place: tuple[Path, Path], opens: Open) -> None:
    old = await Database.open(tmp_path / "old.db", read_migrations()[:2])
    await old.close()
    archived = await write_archive(tmp_path / "old.db", tmp_path / "nowhere", tmp_path / "old.zip", NOW)
    assert archived == Archived()
    assert await restore_archive(tmp_path / "old.zip", *place) == Restored(0, ())
    assert (await opens(place[0])).migrated == (
        "0003_files_and_jobs.sql",
        "0004_outcomes.sql",
        "0005_retention.sql",
        "0006_retry.sql",
        "0007_in_step.sql",
    )


@pytest.mark.parametrize("taken", ["jieru.db", "jieru.db-wal", "evidence/notes.txt", "evidence"])
async def test_only_an_empty_place_is_restored_into(home: Home, place: tuple[Path, Path], taken: str) -> None:
    target, _ = await home.back_up()
    (place[0].parent / taken).parent.mkdir(parents=True)
    (place[0].parent / taken).write_text("mine")
    with pytest.raises(PlaceTakenError):
        await restore_archive(target, *place)
    assert everything(place[0].parent) == {taken: b"mine"}


async def test_an_empty_folder_and_an_interrupted_restore_are_not_in_the_way(
    home: Home, place: tuple[Path, Path]
) -> None:
    target, _ = await home.back_up()
    half = place[1] / f".{'0' * 16}.restoring" / "ab"
    half.mkdir(parents=True)
    (half / "half").write_text("half")
    assert (await restore_archive(target, *place)).files == 3
    assert [path.name for path in place[1].iterdir() if path.name.endswith(".restoring")] == []


async def test_a_running_bot_is_not_restored_over(home: Home, place: tuple[Path, Path], opens: Open) -> None:
    target, _ = await home.back_up()
    running = await opens(place[0])
    with pytest.raises((PlaceTakenError, AlreadyRunningError)):
        await restore_archive(target, *place)
    await running.close()
    place[0].unlink()
    assert (await restore_archive(target, *place)).files == 3
