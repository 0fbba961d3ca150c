"""No room on the disk: the person is told, the operator is told, nothing is half written, and it goes on by itself."""

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from tests.bench.crash_checks import files_apart
from tests.bench.crash_people import picture
from tests.command import command_meanwhile
from tests.fakes.telegram_api import FakeTelegram
from tests.faults.place import APOLOGY, BOT, PLAIN_USER, bot_in, rows, stops
from tests.faults.test_damage import prepared, told
from tests.harness import World
from tests.journeys.test_stale_buttons import rejected

OWN_DISK = ("unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=6m tmpfs data && exec "$@"', "sh")
"""Runs a command with a small disk of its own in the folder ``data``; nobody else sees it."""


def can_mount() -> bool:
    """Whether this machine lets us make a disk."""
    with suppress(OSError):
        command = ("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False


@contextmanager
def files_limited(pid: int, size: int = 1) -> Iterator[None]:
    """No file of the process may grow over ``size`` bytes, nor be written beyond that."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def disk_filled(pid: int) -> Iterator[None]:
    """Everything that is left of the process's own disk is taken."""
    filler = Path(f"/proc/{pid}/cwd/data/filler")
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1):
            with suppress(OSError):
                while file.write(b"\0" * size):
                    pass
    try:
        yield
    finally:
        filler.unlink()


Full = tuple[tuple[str, ...], Callable[[int], AbstractContextManager[None]]]
HALF = 50_000
"""Bytes, of the more than 100,000 of a database."""
KINDS: dict[str, Full] = {"tmpfs": ((*OWN_DISK, *BOT), disk_filled)} if can_mount() else {"limit": (BOT, files_limited)}
"""A disk of its own that is full; where none can be made, files that may not grow."""


def everything(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


@pytest.mark.parametrize("kind", KINDS)
async def test_a_full_disk_is_told_and_the_next_message_after_it_works(kind: str, tmp_path: Path) -> None:
    command, filled = KINDS[kind]
    (tmp_path / "data").mkdir()
    async with FakeTelegram() as server, bot_in(tmp_path, server, *command) as bot:
        await bot.prints("Ctrl+C")
        li = server.person(42)
        await li.says("/start")
        await li.sees("我不是拼多多")
        with filled(bot.process.pid):
            await li.says("草莓烂了一半商家不给退")
            await li.sees(APOLOGY)
            await bot.prints("写不进去")
            await li.says("在吗")
            await li.sees(APOLOGY)
        await li.says("草莓烂了一半商家不给退")
        await li.sees("先别扔")
        await bot.prints("又能写了")
        await li.presses("对，没错")
        await li.sees("哪天几点拒的")
        await server.all_confirmed()
        base = Path(f"/proc/{bot.process.pid}/cwd") if kind == "tmpfs" else tmp_path
        assert rows(base, "SELECT count(*), count(DISTINCT case_id) FROM entries WHERE kind = 'opened'") == [(1, 1)]
        assert rows(base, "PRAGMA integrity_check") == [("ok",)]
        await stops(bot)
        assert bot.output.count("写不进去") == 1


async def test_a_file_that_cannot_be_kept_is_told_and_leaves_nothing_and_the_next_one_is_kept(tmp_path: Path) -> None:
    async with FakeTelegram() as server, bot_in(tmp_path, server, *PLAIN_USER) as bot:
        await bot.prints("Ctrl+C")
        li = server.person(42)
        await li.says("草莓烂了一半商家不给退")
        await li.presses("对，没错")
        await li.presses("刚刚")
        await li.sees("商家已拒绝")
        evidence = tmp_path / "data" / "evidence"
        evidence.chmod(0o500)
        await li.sends_photo(content=picture(Random(1)))
        await li.sees("证据1没存成")
        await bot.prints("写不进去")
        evidence.chmod(0o700)
        await li.sends_photo(content=picture(Random(2)))
        await li.sees("是证据2")
        await li.says("/start")
        await li.sees("草莓坏果")
        with files_limited(bot.process.pid, 8 << 20):
            await li.sends_document(content=b"%PDF-1.7\n" + b"x" * (9 << 20))
            await li.sees("我这边存满了，证据3没存住")
        assert [file.name for file in evidence.iterdir() if file.is_file()] == [".jieru"]
        await stops(bot)
    assert rows(tmp_path, "SELECT count(*) FROM files") == [(1,)]
    assert files_apart(tmp_path / "data" / "jieru.db", evidence) == []


async def test_no_room_for_a_database_a_backup_or_what_is_brought_back_is_told_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    with files_limited(os.getpid(), HALF):
        assert "写不进去" in await told(tmp_path, "migrate")
    await prepared(tmp_path)
    world = await World.open(tmp_path / "data", person="telegram:42")
    await rejected(world)
    await world.close()
    before = everything(tmp_path)
    with files_limited(os.getpid(), HALF):
        assert "写不进去" in await told(tmp_path, "backup", "copy.zip")
    assert everything(tmp_path) == before
    assert (await command_meanwhile(tmp_path, "backup", "copy.zip")).code == 0
    (tmp_path / "data").rename(tmp_path / "moved")
    with files_limited(os.getpid(), HALF):
        assert "写不进去" in await told(tmp_path, "restore", "copy.zip")
    assert not (tmp_path / "data").exists()
    assert (await command_meanwhile(tmp_path, "restore", "copy.zip")).code == 0
    assert rows(tmp_path, "SELECT person FROM persons") == [("telegram:42",)]
