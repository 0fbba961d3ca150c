"""Contents by their SHA-256 in a folder, without any of the care that the real ones take."""

import asyncio
from collections.abc import AsyncIterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.messages import FileFault
from bot.ports import Kept


class FolderFiles:
    """A ``bot.ports.Files``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep it. Returns its SHA-256."""
        digest = sha256(content).hexdigest()
        (self._folder / digest).write_bytes(content)
        return digest

    async def keep(self, parts: AsyncIterable[bytes]) -> Kept | FileFault:
        content = b"".join([part async for part in parts])
        return Kept(self.put(content), len(content), "image/jpeg")

    @contextmanager
    def making(self) -> Iterator[Path]:
        with TemporaryDirectory() as folder:
            yield Path(folder)

    async def keep_made(self, path: Path, media_type: str) -> Kept:
        content = await asyncio.to_thread(path.read_bytes)
        return Kept(self.put(content), len(content), media_type)

    def path(self, sha256: str) -> Path:
        if len(sha256) != 64:
            raise ValueError("no SHA-256")
        return self._folder / sha256

    async def remove(self, sha256s: Sequence[str]) -> Sequence[str]:
        for one in sha256s:
            self.path(one).unlink(missing_ok=True)
        return sha256s
