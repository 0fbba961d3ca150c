"""What is asked for as a file: one 问题单 as a page, as PDF or as dates for a calendar, or everything in one ZIP."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bot.conversation.agenda import agenda, ends
from bot.conversation.case_file import case_file, exhibit_entry
from bot.conversation.turn import Knowledge, Turn
from bot.documents import CaseFile
from bot.domain.model import Case, Dossier, Json, Letter
from bot.jobs.loop import Progress
from bot.ports import Files, Store, Work

PAGE = 500
"""Rows of the transcript that are read at once."""
HTML, PDF, ICS, ZIP = "text/html", "application/pdf", "text/calendar", "application/zip"


class _Material(NamedTuple):
    dossier: Dossier
    turn: Turn
    letters: tuple[Letter, ...]


class Export:
    """Job kind ``export``: {"what", "case"} -> {"content" | "kept" and "size", "type"}, {"ends"} of a calendar, or
    {"fault"}. What takes long runs in one thread, which stops soon after the job is called off."""

    def __init__(self, store: Store, files: Files, knowledge: Knowledge, clock: Callable[[], datetime]) -> None:
        self._store, self._files, self._knowledge, self._clock = store, files, knowledge, clock

    async def __call__(self, work: Work, progress: Progress) -> Mapping[str, Json]:
        async with self._store.transaction() as transaction:
            dossier = await transaction.load(work.person)
        if dossier is None:
            return {"fault": "failed"}
        material = _Material(
            dossier,
            Turn(self._knowledge, dossier, None, self._clock()),
            tuple(await self._store.letters(work.person)),
        )
        case = material.turn.case_by_id(str(work.job.data["case"]))
        what = work.job.data["what"]
        if what == "zip":
            return await self._made(ZIP, await self._zip(material), progress)
        if case is None:
            return {"fault": "failed"}
        if what == "ics":
            return await _calendar(material.turn, case)
        file = case_file(material.turn, case, material.letters)
        paths = self._pictures(material.turn, case)
        if what == "pdf":
            return await self._made(PDF, lambda target, tell, stop: _pdf(target, file, paths), progress)
        return await self._made(HTML, lambda target, tell, stop: _page(target, file, paths, tell, stop), progress)

    async def _made(self, media_type: str, make: "_Make", progress: Progress) -> Mapping[str, Json]:
        """Have it made in a thread, and keep the file."""
        loop, stopped = asyncio.get_running_loop(), threading.Event()

        def tell(done: int, total: int) -> None:
            asyncio.run_coroutine_threadsafe(progress(done, total), loop)

        with self._files.making() as folder:
            target = folder / "made"
            thread = asyncio.create_task(asyncio.to_thread(make, target, tell, stopped.is_set))
            try:
                await asyncio.shield(thread)
            except asyncio.CancelledError:
                stopped.set()
                await asyncio.gather(thread, return_exceptions=True)
                raise
            try:
                kept = await self._files.keep_made(target, media_type)
            except OSError:
                return {"fault": "full"}
        return {"kept": kept.sha256, "size": kept.size, "type": media_type}

    def _pictures(self, turn: Turn, case: Case) -> Mapping[str, Path]:
        proofs = turn.state(case).proofs
        pictures = [proof.kept for proof in proofs if proof.kept and proof.type.startswith("image/")]
        return {sha256: self._files.path(sha256) for sha256 in pictures}

    async def _zip(self, material: _Material) -> "_Make":
        from bot.exports.everything import everything

        rows: list[tuple[int, datetime, Json]] = []
        while found := await self._store.transcript(material.dossier.person.id, rows[-1][0] if rows else 0, PAGE):
            rows += found
        t, turn = self._knowledge.catalog.texts, material.turn
        cases = [case for case in turn.cases.values() if not turn.state(case).facts.get("loose")]
        documents, originals, pictures = {}, {}, {}
        for case in cases:
            entry = t.plain("document.file.page", number=case.number)
            documents[entry] = case_file(turn, case, material.letters, beside=True)
            pictures[entry] = self._pictures(turn, case)
            for proof in turn.state(case).proofs:
                if proof.kept:
                    originals[exhibit_entry(turn, case, proof)] = self._files.path(proof.kept)
        data = everything(material.dossier, material.letters, rows, turn.now)
        made = next(iter(documents.values())).made if documents else ""
        heading, start = t.plain("document.index"), t.plain("document.file.index")
        now = turn.now.astimezone(turn.zone)
        return lambda target, tell, stop: _archive(
            target, documents, pictures, data, originals, _Start(start, heading, made, now), tell, stop
        )


class _Start(NamedTuple):
    """The page to open first: its entry, heading and when it was made, in words and as local time."""

    entry: str
    heading: str
    made: str
    now: datetime


_Make = Callable[[Path, Callable[[int, int], None], Callable[[], bool]], None]


async def _calendar(turn: Turn, case: Case) -> Mapping[str, Json]:
    from bot.exports.ics import calendar

    content = await asyncio.to_thread(calendar, agenda(turn, case))
    return {"content": content, "type": ICS, "ends": ends(turn, case)}


def _pdf(target: Path, file: CaseFile, pictures: Mapping[str, Path]) -> None:
    from bot.exports.pdf import document

    target.write_bytes(document(file, pictures))


def _page(
    target: Path,
    file: CaseFile,
    pictures: Mapping[str, Path],
    tell: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> None:
    target.write_text(_with_pictures(file, pictures, tell, stop), encoding="utf-8")


def _with_pictures(
    file: CaseFile, pictures: Mapping[str, Path], tell: Callable[[int, int], None], stop: Callable[[], bool]
) -> str:
    from bot.exports.html import page
    from bot.exports.pictures import small

    shown = {}
    for done, (sha256, path) in enumerate(pictures.items(), 1):
        if stop():
            break
        picture = small(path)
        if picture is not None:
            shown[sha256] = picture.data_uri()
        tell(done, len(pictures))
    return page(file, shown)


def _archive(
    target: Path,
    documents: Mapping[str, CaseFile],
    pictures: Mapping[str, Mapping[str, Path]],
    data: Mapping[str, Json],
    originals: Mapping[str, Path],
    start: "_Start",
    tell: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> None:
    from bot.exports.archive import write_export
    from bot.exports.html import index

    pages: dict[str, bytes | str] = {start.entry: index(start.heading, start.made, documents)}
    for name, file in documents.items():
        pages[name] = _with_pictures(file, pictures[name], lambda *_: None, stop)
    write_export(target, pages, data, originals, tell, stop, start.now)
