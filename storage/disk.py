"""Files that only their owner may read, and that are on the disk when we say so."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def create_private(path: Path) -> int:
    """A handle of a new file of mode 0600, whatever the umask is. Raises OSError, also if the file is there."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    if os.name == "posix":
        os.fchmod(handle, 0o600)
    return handle


def make_private_folder(path: Path) -> None:
    """Make the folder, of mode 0700 whatever the umask is; one that is there is left as it is. Raises OSError."""
    if path.is_dir():
        return
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)


def to_disk(path: Path) -> None:
    """Bring a file's bytes to the disk, or the names in a folder. Raises OSError."""
    folder = path.is_dir()
    if folder and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


async def to_its_end(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do it in a thread. A cancellation waits for its end, so that whoever tidies up finds the disk at rest."""
    running = asyncio.create_task(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([running])
        # What it raised is of no interest any more, but must have been looked at.
        if not running.cancelled():
            running.exception()
        raise
