"""Contents on the disk: whole or not at all, private, once each, and gone when they are said to be gone."""

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from bot.domain.model import KeptFile
from bot.messages import FILE_LIMIT, FileFault
from bot.ports import FetchError, Kept
from storage.errors import ForeignFolderError, UnwritableError
from storage.files import PINNED, DiskFiles, open_files
from tests.storage.conftest import Open
from tests.storage.samples import ALI, NOW, got, planned, put

WORDS = b"a receipt " * 50_000
NAME = sha256(WORDS).hexdigest()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def anything(path: Path) -> str | FileFault:
    return "image/png"


async def parts(content: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "evidence"


@pytest.fixture
async def files(folder: Path, clock: Clock) -> DiskFiles:
    return await open_files(folder, anything, ticks=clock)


@pytest.mark.parametrize("size", [7, 65_536, 300_000, 10_000_000])
async def test_what_comes_in_parts_is_kept_whole_under_its_sha256(files: DiskFiles, folder: Path, size: int) -> None:
    assert await files.keep(parts(WORDS, size)) == Kept(NAME, len(WORDS), "image/png")
    assert everything(folder) == [f"{NAME[:2]}/{NAME}"]
    assert files.path(NAME).read_bytes() == WORDS


async def test_the_same_content_is_there_once_and_is_healed_by_coming_again(files: DiskFiles, folder: Path) -> None:
    await asyncio.gather(*(files.keep(parts(WORDS)) for _ in range(5)))
    files.path(NAME).write_bytes(b"damaged")
    await files.keep(parts(WORDS))
    assert (everything(folder), files.path(NAME).read_bytes()) == ([f"{NAME[:2]}/{NAME}"], WORDS)


async def test_only_the_owner_may_read_whatever_the_umask_is(tmp_path: Path) -> None:
    modes = set()
    for umask in (0, 0o277):
        before = os.umask(umask)
        try:
            files = await open_files(tmp_path / f"{umask}", anything)
            await files.keep(parts(WORDS))
            made = tmp_path / "made.zip"
            made.write_bytes(b"made")
            zipped = await files.keep_made(made, "application/zip")
        finally:
            os.umask(before)
        for path in (files.path(NAME), files.path(zipped.sha256)):
            modes |= {stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent, path.parent.parent)}
            assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    assert modes == {0o600, 0o700}


async def test_a_file_that_is_too_large_is_not_read_to_its_end(files: DiskFiles, folder: Path) -> None:
    taken, closed = 0, False

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken, closed
        try:
            while True:
                taken += 1_000_000
                yield b"x" * 1_000_000
        finally:
            closed = True

    assert await files.keep(endless()) == "too_large"
    assert (taken <= FILE_LIMIT + 1_000_000, closed, everything(folder)) == (True, True, [])
    assert isinstance(await files.keep(parts(b"x" * FILE_LIMIT, FILE_LIMIT)), Kept)


@pytest.mark.parametrize("fault", ["empty", "unknown", "broken", "too_many_pixels"])
async def test_what_is_refused_leaves_nothing(folder: Path, fault: FileFault) -> None:
    files = await open_files(folder, lambda path: fault)
    assert await files.keep(parts(WORDS)) == fault
    assert everything(folder) == []


async def test_it_is_looked_at_whole_before_it_has_a_name(folder: Path) -> None:
    seen: list[tuple[int, bool]] = []

    def looks(path: Path) -> str | FileFault:
        seen.append((path.stat().st_size, (folder / NAME[:2] / NAME).exists()))
        return "image/png"

    await (await open_files(folder, looks)).keep(parts(WORDS))
    assert seen == [(len(WORDS), False)]


async def test_a_download_that_breaks_off_leaves_nothing(files: DiskFiles, folder: Path) -> None:
    async def breaks(error: Exception) -> AsyncIterator[bytes]:
        yield WORDS
        raise error

    for error in (FetchError("gone"), ConnectionResetError("reset")):
        with pytest.raises(type(error)):
            await files.keep(breaks(error))
    assert everything(folder) == []


async def test_an_upload_that_is_cancelled_leaves_nothing(files: DiskFiles, folder: Path) -> None:
    begun = asyncio.Event()

    async def stalls() -> AsyncIterator[bytes]:
        yield WORDS
        begun.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(files.keep(stalls()))
    await begun.wait()
    assert len(everything(folder)) == 1
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert everything(folder) == []


async def test_cancelled_at_any_moment_there_is_no_half_file(files: DiskFiles, folder: Path) -> None:
    outcomes = set()
    for turns in range(0, 60, 2):
        upload = asyncio.create_task(files.keep(parts(WORDS, 100_000)))
        for _ in range(turns):
            await asyncio.to_thread(os.getpid)
        upload.cancel()
        await asyncio.gather(upload, return_exceptions=True)
        left = everything(folder)
        outcomes.add(tuple(left))
        for path in left:
            assert path == f"{NAME[:2]}/{NAME}"
            assert (folder / path).read_bytes() == WORDS
            (folder / path).unlink()
    assert () in outcomes


FULL = """
import asyncio, resource, sys
from pathlib import Path
from storage.files import open_files
from tests.storage.test_files import anything, parts

async def main():
    files = await open_files(Path(sys.argv[1]), anything)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    print(await files.keep(parts(b"x" * 2_000_000)))
    print((await files.keep(parts(b"x" * 900_000))).size)

asyncio.run(main())
"""


def test_no_room_is_said_and_leaves_nothing(folder: Path) -> None:
    """A limit of the process stands in for the full disk; the smaller file still fits."""
    run = subprocess.run([sys.executable, "-c", FULL, str(folder)], capture_output=True, text=True, check=False)
    assert (run.stdout.split(), run.stderr) == (["full", "900000"], "")
    assert [path for path in everything(folder) if path.startswith(".")] == []
    assert len(everything(folder)) == 1


async def test_a_folder_that_refuses_is_told(files: DiskFiles, folder: Path) -> None:
    await asyncio.to_thread(folder.rmdir)
    with pytest.raises(UnwritableError) as raised:
        await files.keep(parts(WORDS))
    assert raised.value.path == folder
    await asyncio.to_thread(folder.write_text, "in the way")
    with pytest.raises(UnwritableError):
        await open_files(folder, anything)


async def test_what_we_made_is_taken_over_whatever_its_size_and_kind(tmp_path: Path, folder: Path) -> None:
    files = await open_files(folder, lambda path: "unknown")
    made = tmp_path / "export.zip"
    made.write_bytes(WORDS * 50)
    kept = await files.keep_made(made, "application/zip")
    assert kept == Kept(sha256(WORDS * 50).hexdigest(), len(WORDS) * 50, "application/zip")
    assert (made.exists(), files.path(kept.sha256).stat().st_size) == (False, kept.size)
    with pytest.raises(FileNotFoundError):
        await files.keep_made(made, "application/zip")


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", NAME.upper(), NAME[:-1], NAME + "\n", f"/{NAME[1:]}"])
async def test_only_a_sha256_is_a_name(files: DiskFiles, name: str) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        files.path(name)
    with pytest.raises(ValueError, match="no SHA-256"):
        await files.remove([name])


async def test_what_was_kept_a_moment_ago_is_not_removed(files: DiskFiles, clock: Clock, folder: Path) -> None:
    await files.keep(parts(WORDS))
    clock.now += PINNED - 1
    assert await files.remove([NAME]) == []
    await files.keep(parts(WORDS))
    clock.now += PINNED - 1
    assert await files.remove([NAME]) == []
    clock.now += 1
    assert await files.remove([NAME, "0" * 64]) == [NAME, "0" * 64]
    assert everything(folder) == []


async def test_a_crash_between_the_file_and_its_row_is_tidied_up_at_the_next_start(
    opens: Open, tmp_path: Path, folder: Path
) -> None:
    store = await opens(tmp_path / "jieru.db")
    files = await open_files(folder, anything, await store.identity())
    kept = await files.keep(parts(WORDS))
    assert isinstance(kept, Kept)
    stored = await put(store, planned(ALI, NOW))
    needed = await files.keep(parts(b"needed"))
    assert isinstance(needed, Kept)
    await store.close()

    store = await opens(tmp_path / "jieru.db")
    files = await open_files(folder, anything, await store.identity())
    mine = KeptFile(needed.sha256, needed.size, needed.type, stored.cases[0].id)
    await put(store, replace(await got(store, ALI), files=(mine,)))
    assert await files.unnamed(await store.named_files()) == [NAME]
    assert await files.remove(await files.unnamed(await store.named_files())) == [NAME]
    assert files.path(needed.sha256).read_bytes() == b"needed"
    await store.close()


async def test_what_was_being_made_at_a_crash_is_gone_at_the_next_start(tmp_path: Path, folder: Path) -> None:
    files = await open_files(folder, anything)
    with files.making() as place:
        (place / "made").write_bytes(WORDS)
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        left = place.rename(tmp_path / "left")
    assert everything(folder) == []
    left.rename(place)
    await open_files(folder, anything)
    assert not place.exists()


async def test_only_what_is_ours_is_ever_tidied_up(files: DiskFiles, folder: Path) -> None:
    await files.keep(parts(WORDS))
    foreign = [".0123.part", "notes.txt", "ab/notes.txt", f"ab/{NAME}", f"{NAME[:2]}/{NAME}.bak", NAME, "x/y/z"]
    for path in foreign:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("mine")
    (folder / "cd").mkdir()
    (folder / "cd" / ("cd" * 32)).symlink_to(folder / "notes.txt")
    (folder / ".abcdefgh.making").symlink_to(folder / "x")
    (folder / f".{'a' * 32}.part").write_text("half")
    files = await open_files(folder, anything)
    assert await files.unnamed(frozenset()) == [NAME]
    left = set(everything(folder))
    assert left >= {*foreign, f"{NAME[:2]}/{NAME}"}
    assert f".{'a' * 32}.part" not in left


async def test_the_files_of_another_database_are_left_alone(folder: Path) -> None:
    files = await open_files(folder, anything, "one")
    await files.keep(parts(WORDS))
    with pytest.raises(ForeignFolderError) as raised:
        await open_files(folder, anything, "two")
    assert raised.value.path == folder
    again = await open_files(folder, anything, "one")
    assert again.path(NAME).read_bytes() == WORDS
    assert stat.S_IMODE((folder / ".jieru").stat().st_mode) == 0o600
