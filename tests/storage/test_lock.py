"""One process owns the database, and a dead one owns nothing."""

import os
from pathlib import Path

import pytest

from storage.errors import AlreadyRunningError, UnwritableError
from storage.lock import ProcessLock
from tests.storage.conftest import Open


def test_the_second_holder_is_told_who_the_first_is(tmp_path: Path) -> None:
    path = tmp_path / "jieru.db.lock"
    with ProcessLock(path):
        with pytest.raises(AlreadyRunningError) as raised, ProcessLock(path, owns=tmp_path / "jieru.db"):
            pass
        assert (raised.value.pid, raised.value.path) == (os.getpid(), tmp_path / "jieru.db")
    with ProcessLock(path):
        pass


@pytest.mark.parametrize("left", ["", "999999999\n", "not a number", "123456789012345678901234567890123456\n"])
def test_a_file_left_behind_never_blocks(tmp_path: Path, left: str) -> None:
    path = tmp_path / "jieru.db.lock"
    path.write_text(left)
    with ProcessLock(path):
        assert path.read_text() == f"{os.getpid()}\n"


def test_an_unreadable_pid_is_no_pid(tmp_path: Path) -> None:
    path = tmp_path / "jieru.db.lock"
    with ProcessLock(path):
        path.write_text("?")
        with pytest.raises(AlreadyRunningError) as raised, ProcessLock(path):
            pass
        assert raised.value.pid is None


def test_releasing_twice_is_harmless(tmp_path: Path) -> None:
    lock = ProcessLock(tmp_path / "jieru.db.lock")
    lock.acquire()
    lock.release()
    lock.release()


def test_no_place_for_the_lock_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnwritableError):
        ProcessLock(tmp_path / "missing" / "jieru.db.lock").acquire()


async def test_an_open_store_owns_its_file(opens: Open, tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    store = await opens(path)
    with pytest.raises(AlreadyRunningError) as raised:
        await opens(path)
    assert (raised.value.pid, raised.value.path) == (os.getpid(), path)
    await store.close()
    await (await opens(path)).close()
