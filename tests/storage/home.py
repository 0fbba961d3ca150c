"""A running bot's place on the disk, with a person whose case needs a few files."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from bot.domain.model import KeptFile
from bot.ports import Kept
from storage.archive import Archived, write_archive
from storage.files import DiskFiles
from storage.store import SqliteStore
from tests.storage.samples import ALI, NOW, planned, put

PICTURES = (b"one picture " * 9_000, b"another", b"x" * 1_000_000)


class Home:
    """A running bot's place, with a person whose case needs every one of PICTURES."""

    def __init__(self, folder: Path, store: SqliteStore, files: DiskFiles) -> None:
        self.folder, self.store, self.files = folder, store, files
        self.kept: list[Kept] = []

    async def keep(self, content: bytes) -> Kept:
        async def parts() -> AsyncIterator[bytes]:
            yield content

        kept = await self.files.keep(parts())
        assert isinstance(kept, Kept)
        return kept

    async def fill(self) -> None:
        self.kept = [await self.keep(content) for content in PICTURES]
        dossier = planned(ALI, NOW)
        needed = tuple(KeptFile(one.sha256, one.size, one.type, dossier.cases[0].id) for one in self.kept)
        await put(self.store, replace(dossier, files=needed))

    async def back_up(self, name: str = "jieru.zip") -> tuple[Path, Archived]:
        target = self.folder / name
        return target, await write_archive(self.store.path, self.files.folder, target, NOW)
