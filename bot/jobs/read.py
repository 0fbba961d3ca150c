"""The words in a picture, read by a process of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from bot.domain.model import Json
from bot.jobs.loop import AwayError, Progress
from bot.ports import Files, Work
from bot.reading import Page, ReadingFault

TRIES = 2
"""A picture over which the reading process ends is tried so often."""


class Reads(Protocol):
    """``bot.reading.Reader``."""

    async def read(self, path: Path) -> Page | ReadingFault: ...


class Read:
    """Job kind ``read``: {"kept"} -> {"page"} (see ``bot.reading.Page``) or {"fault"}."""

    def __init__(self, files: Files, reader: Reads) -> None:
        self._files, self._reader = files, reader

    async def __call__(self, work: Work, progress: Progress) -> Mapping[str, Json]:
        page = await self._reader.read(self._files.path(str(work.job.data["kept"])))
        if isinstance(page, Page):
            return {"page": page}
        if page == "crashed" and work.job.attempts < TRIES:
            raise AwayError
        return {"fault": page}
