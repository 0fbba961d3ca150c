"""What is asked for as a file: one 问题单 as a page, as PDF or as dates for a calendar, or everything in one ZIP."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bot.conversation.agenda import agenda, ends
from bot.conversation.case_file import case_file, exhibit_entry
from bot.conversation.turn import Knowledge, Turn
from bot.domain.model import Case, Dossier, Json, Letter
from bot.exports.making import Archive, Page, Pdf, Task
from bot.exports.process import Make
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
    {"fault"}. ``make`` does what takes long, and stops when the job is called off."""

    def __init__(
        self, store: Store, files: Files, knowledge: Knowledge, clock: Callable[[], datetime], make: Make
    ) -> None:
        self._store, self._files, self._knowledge, self._clock, self._make = store, files, knowledge, clock, make

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
            return await self._made(PDF, Pdf(file, paths), progress)
        return await self._made(HTML, Page(file, paths), progress)

    async def _made(self, media_type: str, task: Task, progress: Progress) -> Mapping[str, Json]:
        """Have it made elsewhere, and keep the file."""
        with self._files.making() as folder:
            target = folder / "made"
            await self._make(task, target, progress)
            try:
                kept = await self._files.keep_made(target, media_type)
            except OSError:
                return {"fault": "full"}
        return {"kept": kept.sha256, "size": kept.size, "type": media_type}

    def _pictures(self, turn: Turn, case: Case) -> Mapping[str, Path]:
        proofs = turn.state(case).proofs
        pictures = [proof.kept for proof in proofs if proof.kept and proof.type.startswith("image/")]
        return {sha256: self._files.path(sha256) for sha256 in pictures}

    async def _zip(self, material: _Material) -> Archive:
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
            # Somebody with many cases must not hold up the others' answers.
            await asyncio.sleep(0)
        return Archive(
            documents,
            pictures,
            await asyncio.to_thread(everything, material.dossier, material.letters, rows, turn.now),
            originals,
            index=t.plain("document.file.index"),
            heading=t.plain("document.index"),
            made=next(iter(documents.values())).made if documents else "",
            now=turn.now.astimezone(turn.zone),
        )


async def _calendar(turn: Turn, case: Case) -> Mapping[str, Json]:
    from bot.exports.ics import calendar

    content = await asyncio.to_thread(calendar, agenda(turn, case))
    return {"content": content, "type": ICS, "ends": ends(turn, case)}
