"""Kept files on the disk: one file per content, named by its SHA-256. Who needs which is in the database.

``<folder>/<first two hex digits>/<sha256>``, 0600 in folders of 0700. A content is written to a temporary name, looked
at, brought to the disk, and only then gets its name; so under a name there is never half a file, whatever happens.
"""

import asyncio
import errno
import os
import re
import shutil
import threading
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from hashlib import file_digest, sha256
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar, get_args

from bot.messages import FILE_LIMIT, FileFault
from bot.ports import Kept
from storage.disk import create_private, make_private_folder, to_disk, to_its_end
from storage.errors import ForeignFolderError, UnwritableError

PINNED = 600.0
"""Seconds for which a content that was just kept is not removed: its row is being committed meanwhile."""
CHUNK = 256 * 1024
OWNER = ".jieru"
"""The file in the folder that names the database whose contents these are."""

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TEMPORARY = re.compile(r"\.[0-9a-f]{32}\.part", re.ASCII)
_MAKING = re.compile(r"\.[a-z0-9_]{8}\.making", re.ASCII)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FAULTS: tuple[FileFault, ...] = get_args(FileFault)

P = ParamSpec("P")
R = TypeVar("R")


class _FullError(Exception):
    """No room on the disk."""


class DiskFiles:
    """``bot.ports.Files``. Made by ``open_files``; ``inspect`` says what a file is, ``ticks`` are seconds."""

    def __init__(
        self, folder: Path, inspect: Callable[[Path], str | FileFault], ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder.absolute()
        self._inspect = inspect
        self._ticks = ticks
        self.on_trouble: Callable[[UnwritableError], None] = lambda _: None
        """Told once of a disk that refuses, and again only after something could be kept meanwhile."""
        self._in_trouble = False
        self._pins: dict[str, float] = {}
        self._naming = threading.Lock()
        # To look at a picture is to decode it, which may take 200 MB: one at a time.
        self._inspecting = asyncio.Semaphore(1)

    @property
    def folder(self) -> Path:
        """Where the contents are, absolute."""
        return self._folder

    async def keep(self, parts: AsyncIterable[bytes]) -> Kept | FileFault:
        """See the port. ``parts`` is closed if it can be. Raises UnwritableError for a disk that refuses, and
        whatever ``parts`` raises."""
        try:
            async with self._temporary() as temporary:
                received = await self._receive(parts, temporary)
                if received is None:
                    return "too_large"
                async with self._inspecting:
                    found = await self._on_disk(self._inspect, temporary)
                for fault in _FAULTS:
                    if found == fault:
                        return fault
                digest, size = received
                await self._on_disk(self._give_name, temporary, digest)
                self._in_trouble = False
                return Kept(digest, size, found)
        except _FullError:
            return "full"

    @contextmanager
    def making(self) -> Iterator[Path]:
        """See the port."""
        with TemporaryDirectory(prefix=".", suffix=".making", dir=self._folder) as folder:
            yield Path(folder)

    async def keep_made(self, path: Path, media_type: str) -> Kept:
        """See the port. ``path`` is gone afterwards."""
        async with self._temporary() as temporary:
            digest, size = await to_its_end(_take_over, path, temporary)
            await to_its_end(self._give_name, temporary, digest)
        return Kept(digest, size, media_type)

    def path(self, sha256: str) -> Path:
        """See the port."""
        return content_path(self._folder, sha256)

    async def remove(self, sha256s: Sequence[str]) -> Sequence[str]:
        """See the port. One that is not there counts as gone. Raises UnwritableError."""
        return await self._on_disk(self._remove, sha256s)

    async def shards(self) -> list[str]:
        """See the port."""
        return await self._on_disk(lambda: sorted(shards(self._folder)))

    async def unnamed(self, named: frozenset[str], shard: str = "") -> list[str]:
        """See the port."""
        return await self._on_disk(lambda: sorted(set(contents(self._folder, shard)) - named))

    @asynccontextmanager
    async def _temporary(self) -> AsyncIterator[Path]:
        temporary = self._folder / f".{token_hex(16)}.part"
        try:
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)

    async def _receive(self, parts: AsyncIterable[bytes], target: Path) -> tuple[str, int] | None:
        """SHA-256 and size of what came and is on the disk now; None if it is too large."""
        digest, size, waiting = sha256(), 0, bytearray()
        handle = await self._on_disk(create_private, target)

        def write() -> None:
            digest.update(waiting)
            view = memoryview(waiting)
            while view:
                view = view[os.write(handle, view) :]

        try:
            async for part in parts:
                size += len(part)
                if size > FILE_LIMIT:
                    return None
                waiting += part
                if len(waiting) >= CHUNK:
                    await self._on_disk(write)
                    waiting = bytearray()
            await self._on_disk(write)
            await self._on_disk(os.fsync, handle)
        finally:
            os.close(handle)
            close = getattr(parts, "aclose", None)
            if close is not None:
                await close()
        return digest.hexdigest(), size

    async def _on_disk(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do it in a thread. Raises _FullError or UnwritableError instead of OSError."""
        try:
            return await to_its_end(work, *args, **kwargs)
        except OSError as error:
            trouble = UnwritableError(self._folder, error.strerror or str(error))
            if not self._in_trouble:
                self._in_trouble = True
                self.on_trouble(trouble)
            if error.errno in _FULL:
                raise _FullError from error
            raise trouble from error

    def _give_name(self, temporary: Path, digest: str) -> None:
        named = self.path(digest)
        with self._naming:
            now = self._ticks()
            self._pins = {one: since for one, since in self._pins.items() if now - since < PINNED} | {digest: now}
            if not named.parent.is_dir():
                make_private_folder(named.parent)
                to_disk(self._folder)
            # Also over the same content: if that one was damaged, it is whole again.
            temporary.replace(named)
        to_disk(named.parent)

    def _remove(self, sha256s: Sequence[str]) -> Sequence[str]:
        paths = {one: self.path(one) for one in sha256s}
        gone: list[str] = []
        for one, path in paths.items():
            with self._naming:
                if one not in self._pins or self._ticks() - self._pins[one] >= PINNED:
                    path.unlink(missing_ok=True)
                    gone.append(one)
        for folder in {paths[one].parent for one in gone}:
            if folder.is_dir():
                to_disk(folder)
        return gone


async def open_files(
    folder: Path,
    inspect: Callable[[Path], str | FileFault],
    owner: str = "",
    ticks: Callable[[], float] = time.monotonic,
) -> DiskFiles:
    """The files in ``folder``, which is made if missing and freed of what a crash left half written.

    ``owner`` is the identity of the database: contents of another one would be taken for what nobody needs. Raises
    ForeignFolderError for those, UnwritableError for a place that is no folder or cannot be written.
    """
    files = DiskFiles(folder, inspect, ticks)
    try:
        await to_its_end(_prepare, files.folder, owner)
    except OSError as error:
        raise UnwritableError(files.folder, error.strerror or str(error)) from error
    return files


def content_path(folder: Path, sha256: str) -> Path:
    """Where in the folder the content is. Raises ValueError for what is no SHA-256."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError("no SHA-256")
    return folder / sha256[:2] / sha256


def shards(folder: Path) -> list[str]:
    """The names of the folders in which contents are. Raises OSError."""
    with os.scandir(folder) as found:
        return [one.name for one in found if len(one.name) == 2 and one.is_dir(follow_symlinks=False)]


def contents(folder: Path, shard: str = "") -> Iterator[str]:
    """SHA-256 of every content in the folder (or in one of its shards), by its name and place alone. Raises OSError."""
    for name in [shard] if shard else shards(folder):
        with os.scandir(folder / name) as files:
            for file in files:
                ours = _SHA256.fullmatch(file.name) and file.name.startswith(name)
                if ours and file.is_file(follow_symlinks=False):
                    yield file.name


def write_owner(folder: Path, owner: str) -> None:
    """Say in the folder whose contents these are. Raises OSError."""
    temporary = folder / f".{token_hex(16)}.part"
    handle = create_private(temporary)
    try:
        os.write(handle, owner.encode("ascii") + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    temporary.replace(folder / OWNER)
    to_disk(folder)


def _prepare(folder: Path, owner: str) -> None:
    make_private_folder(folder)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise UnwritableError(folder, "no permission to read and write it")
    for file in folder.iterdir():
        if _TEMPORARY.fullmatch(file.name):
            file.unlink()
        elif _MAKING.fullmatch(file.name) and file.is_dir() and not file.is_symlink():
            shutil.rmtree(file)
    if owner:
        with suppress(FileNotFoundError):
            if (folder / OWNER).read_text(encoding="ascii", errors="replace").strip() != owner:
                raise ForeignFolderError(folder, "belongs to another database")
            return
        write_owner(folder, owner)


def _take_over(path: Path, temporary: Path) -> tuple[str, int]:
    try:
        path.rename(temporary)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        os.close(create_private(temporary))
        shutil.copyfile(path, temporary)
        path.unlink()
    temporary.chmod(0o600)
    with temporary.open("rb") as made:
        digest = file_digest(made, "sha256").hexdigest()
        size = made.tell()
    to_disk(temporary)
    return digest, size
