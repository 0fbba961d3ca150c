"""A backup is whole, private, and never takes the place of another file."""

import stat
from pathlib import Path

import pytest

from bot.ports import Store
from storage.backup import backup
from storage.errors import BackupTargetExistsError, CorruptDatabaseError, UnwritableError
from tests.storage.conftest import Open
from tests.storage.samples import ALI, NOW, find, got, planned, put, rich


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


async def test_a_backup_of_the_running_store_opens_as_a_store(opens: Open, store: Store, folder: Path) -> None:
    stored = await put(store, rich(ALI, "甲"))
    target = folder / "copy.db"
    async with store.transaction() as transaction:
        await transaction.forget(ALI)
        await store.backup(target)
    assert names(folder) == ["copy.db"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    copy = await opens(target)
    assert await got(copy, ALI) == stored
    await copy.close()


async def test_a_backup_needs_no_running_store(opens: Open, tmp_path: Path, folder: Path) -> None:
    store = await opens(tmp_path / "jieru.db")
    stored = await put(store, planned(ALI, NOW))
    await store.close()
    await backup(tmp_path / "jieru.db", folder / "copy.db")
    copy = await opens(folder / "copy.db")
    assert await got(copy, ALI) == stored
    await copy.close()


async def test_an_existing_target_is_left_alone(store: Store, folder: Path) -> None:
    target = folder / "copy.db"
    target.write_text("mine")
    with pytest.raises(BackupTargetExistsError):
        await store.backup(target)
    assert (names(folder), target.read_text()) == (["copy.db"], "mine")


async def test_no_place_for_the_target_is_told(store: Store, folder: Path) -> None:
    with pytest.raises(UnwritableError) as raised:
        await store.backup(folder / "missing" / "copy.db")
    assert raised.value.path == folder / "missing" / "copy.db"
    assert await find(store, ALI) is None


async def test_a_missing_source_is_told_and_not_made(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(UnwritableError) as raised:
        await backup(tmp_path / "jieru.db", folder / "copy.db")
    assert raised.value.path == tmp_path / "jieru.db"
    assert (names(tmp_path), names(folder)) == (["backups"], [])


async def test_a_broken_source_leaves_nothing_at_the_target(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "jieru.db").write_text("no database " * 1000)
    with pytest.raises(CorruptDatabaseError) as raised:
        await backup(tmp_path / "jieru.db", folder / "copy.db")
    assert raised.value.path == tmp_path / "jieru.db"
    assert names(folder) == []
