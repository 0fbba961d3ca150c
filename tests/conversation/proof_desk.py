"""A desk with a camera: pictures, films and albums come in, and are fetched when the test says so."""

from dataclasses import replace
from typing import Any

from bot.domain.model import Job
from bot.messages import Attached, Attachment
from tests.conversation.desk import Desk

SHA = "{:064x}"
"""A SHA-256 per number of the test's own choosing."""


def sha(number: int) -> str:
    return SHA.format(0xABCDEF12 << 224 | number)


class Camera(Desk):
    """``send`` sends one file as Telegram does, ``kept`` one that the web has stored already; ``fetch`` brings it."""

    @property
    def told(self) -> str:
        """The last message without the place that is drawn below its note."""
        return self.text.partition("\n\n")[0]

    def send(self, file: str, media_type: str = "image/jpeg", album: str = "", caption: str = "") -> None:
        kind = "video" if media_type.startswith("video/") else "photo"
        kind = "document" if media_type == "application/pdf" else kind
        self._step(kind, attached=Attached(file, type=media_type), album=album, text=caption)

    def kept(self, number: int, media_type: str = "image/jpeg", size: int = 1_258_291) -> None:
        self._step("photo", attached=Attached(kept=sha(number), type=media_type, size=size))

    def fetch(self, *, fault: str = "", **outcome: Any) -> None:
        """The oldest file that is on its way is there, or could not be had."""
        job = self._job("fetch")
        number = int(job.data["number"])
        found = {"fault": fault} if fault else {"kept": sha(number), "type": "image/jpeg", "size": 1_258_291, **outcome}
        self._over(job, found)

    def album_over(self) -> None:
        self._over(self._job("album"), {})

    def ask_for(self, label: str) -> Attachment:
        """Press a button that hands a file out."""
        press = next(choice.press for choice in self.choices if choice.label == label)
        decision = self._decided("press", press=press)
        files = [reply.file for reply in decision.answer.replies if reply.file is not None]
        assert len(files) == 1, self.text
        return files[0]

    def _job(self, kind: str) -> Job:
        return next(job for job in self.dossier.jobs if job.kind == kind)

    def _over(self, job: Job, outcome: dict[str, Any]) -> None:
        self._step("job", result={"id": job.id, "job": job.kind, **job.data, **outcome})

    def _step(self, kind: Any, **fields: Any) -> None:
        self._decided(kind, **fields)
        known = max((job.id for job in self.dossier.jobs), default=0)
        numbered = []
        for job in self.dossier.jobs:
            known += not job.id
            numbered.append(job if job.id else replace(job, id=known))
        self.dossier = replace(self.dossier, jobs=tuple(numbered))
