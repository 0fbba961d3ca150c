"""One process owns the database: a lock on a file beside it, held while the store is open.

The operating system drops the lock when its holder dies, however it dies, so a file left behind never blocks a start.
The database file itself is not locked this way: closing a second handle of it would drop SQLite's own locks.

Windows takes the ``msvcrt`` branch; it was not tried there.
"""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.errors import AlreadyRunningError, UnwritableError

if sys.platform == "win32":
    import msvcrt

    # Locked bytes cannot be read by others on Windows; far behind the pid, they leave it readable.
    _LOCKED_BYTE = 1 << 20

    def _take(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class ProcessLock:
    """Holds ``path`` from ``acquire`` to ``release``; usable as a context manager. ``owns`` names the database."""

    def __init__(self, path: Path, owns: Path | None = None) -> None:
        self._path = path
        self._owns = owns if owns is not None else path
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises AlreadyRunningError if somebody holds it, UnwritableError if the file cannot be."""
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UnwritableError(self._owns, error.strerror or str(error)) from error
        try:
            try:
                _take(handle)
            except OSError as error:
                raise AlreadyRunningError(self._owns, _pid(handle)) from error
            os.lseek(handle, 0, os.SEEK_SET)
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode("ascii"))
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle

    def release(self) -> None:
        """Let go; harmless if not held. The file stays: removing it could race with a process that just opened it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _pid(handle: int) -> int | None:
    try:
        os.lseek(handle, 0, os.SEEK_SET)
        return int(os.read(handle, 32))
    except (OSError, ValueError):
        return None
