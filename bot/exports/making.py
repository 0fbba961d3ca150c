"""What is to be made, as a value that another process can take, and how it becomes a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.documents import CaseFile
from bot.domain.model import Json

Tell = Callable[[int, int], None]
"""Hears how many pictures or files of how many are done."""


@dataclass(frozen=True, slots=True)
class Pdf:
    """A case as PDF; ``pictures`` maps a SHA-256 to where it is."""

    file: CaseFile
    pictures: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Page:
    """The same as a page."""

    file: CaseFile
    pictures: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything of somebody's. Keys are names of entries."""

    documents: Mapping[str, CaseFile]
    pictures: Mapping[str, Mapping[str, Path]]
    """Entry of a document -> its pictures."""
    data: Mapping[str, Json]
    originals: Mapping[str, Path]
    index: str
    """The entry to open first."""
    heading: str
    made: str
    """When, in words."""
    now: datetime
    """The same as local time."""


Task = Pdf | Page | Archive


def make(task: Task, target: Path, tell: Tell) -> None:
    """Write the file. Takes seconds, and holds on to the interpreter for tenths of one: not for the bot's process.
    Raises OSError if there is no room."""
    match task:
        case Pdf(file, pictures):
            from bot.exports.pdf import document

            target.write_bytes(document(file, pictures))
        case Page(file, pictures):
            target.write_text(_with_pictures(file, pictures, tell), encoding="utf-8")
        case Archive():
            _archive(task, target, tell)


def _with_pictures(file: CaseFile, pictures: Mapping[str, Path], tell: Tell) -> str:
    from bot.exports.html import page
    from bot.exports.pictures import small

    shown = {}
    for done, (sha256, path) in enumerate(pictures.items(), 1):
        picture = small(path)
        if picture is not None:
            shown[sha256] = picture.data_uri()
        tell(done, len(pictures))
    return page(file, shown)


def _archive(task: Archive, target: Path, tell: Tell) -> None:
    from bot.exports.archive import write_export
    from bot.exports.html import index

    pages: dict[str, bytes | str] = {task.index: index(task.heading, task.made, task.documents)}
    for name, file in task.documents.items():
        pages[name] = _with_pictures(file, task.pictures[name], lambda *_: None)
    write_export(target, pages, task.data, task.originals, tell, made=task.now)
