"""A world in which journeys read like transcripts: the real engine, store and reminder loop, a chat of ten lines.

world = await World.open(tmp_path)
await world.say("草莓烂了一半商家不给退")
await world.press("对，没错")
await world.later(hours=49)
await world.restart()
"""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any, Self

from bot.app import load_knowledge
from bot.conversation.engine import Engine
from bot.conversation.turn import Knowledge
from bot.domain.model import Case, Dossier, Preferences
from bot.exports.making import Task, make
from bot.exports.process import Progress
from bot.inspection import inspect
from bot.jobs import Jobs
from bot.jobs.tidy import tidy
from bot.jobs.workers import workers
from bot.messages import Answer, Attached, Attachment, Choice, Delivery, Incoming, Kind, Screen, Sent
from bot.ports import Channel, FetchError
from bot.reading import Page, ReadingFault
from bot.reminders import Reminders
from bot.retention import Retention
from storage.files import DiskFiles, open_files
from storage.store import SqliteStore
from tests.storage.fresh import fresh_store

TAG = re.compile(r"<[^>]+>")
START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""Sunday 22 November 2026, 10:00 in Shanghai."""
RETENTION_STEP = timedelta(hours=6)
"""So often it is looked for what lies idle too long, if that is deleted; the loop itself looks every hour."""


@cache
def knowledge() -> Knowledge:
    """The shipped content, read once for all tests."""
    return load_knowledge()


@dataclass
class Message:
    """One bubble: its present screen, and how often it was edited."""

    screen: Screen
    edits: int = 0
    reminder: bool = False
    file: Attachment | None = None
    name: str = ""
    """The channel's name of it, where the channel gives one."""

    @property
    def text(self) -> str:
        return unescape(TAG.sub("", str(self.screen.text)))

    @property
    def buttons(self) -> list[Choice]:
        return [choice for row in self.screen.rows for choice in row]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.buttons]


@dataclass
class Chat:
    """What one person sees; also the channel that reminders are sent through."""

    name: str = "telegram"
    connected: bool = True
    messages: list[Message] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    progressed: list[Screen] = field(default_factory=list)
    uploads: dict[str, bytes | FetchError] = field(default_factory=dict)
    """What the channel has of what was sent, by its reference."""
    refuses: list[Delivery] = field(default_factory=list)
    """Outcomes of the next sends, instead of success."""

    async def send(self, address: str, screen: Screen, due: datetime | None = None) -> Delivery:
        if self.refuses:
            return self.refuses.pop(0)
        self.messages.append(Message(screen, reminder=True))
        return Sent()

    async def answer(self, address: str, answer: Answer) -> None:
        self.messages += [Message(reply.screen, file=reply.file) for reply in answer.replies]

    async def progress(self, address: str, job: int, screen: Screen) -> None:
        self.progressed.append(screen)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        content = self.uploads.get(ref)
        if content is None:
            raise FetchError("gone")
        if isinstance(content, FetchError):
            raise content
        yield content

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class Reading:
    """Stands in for OCR: what it will find, by the picture's SHA-256."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}

    async def read(self, path: Path) -> Page | ReadingFault:
        return self.pages.get(path.name, "no_text")


async def made_here(task: Task, target: Path, progress: Progress) -> None:
    """``bot.exports.process.Make`` without the process."""
    make(task, target, lambda done, total: None)


class World:
    """One person, one chat, one clock that only the test moves."""

    def __init__(self, folder: Path, person: str = "telegram:42") -> None:
        self.folder, self.person = folder, person
        self.now = START
        self.knowledge = replace(knowledge(), abilities=frozenset({"pdf"}))
        self.reader = Reading()
        self.retention_days = 0
        self.ticks = 0.0
        """Seconds of the clock that measures spans; what was kept ten minutes ago may be removed."""
        self.chat = Chat()
        self.transcript: list[str] = []
        self._ids = count(1)
        self.store: SqliteStore
        self.engine: Engine
        self.reminders: Reminders
        self.files: DiskFiles
        self.jobs: Jobs

    @classmethod
    async def open(cls, folder: Path, person: str = "telegram:42") -> Self:
        world = cls(folder, person)
        await world._start()
        return world

    async def _start(self) -> None:
        self.store = await fresh_store(self.folder / "jieru.db")
        await self.store.release_leases()
        await self.store.release_jobs()
        self.files = await open_files(self.folder / "evidence", inspect, ticks=lambda: self.ticks)
        channels = {"telegram": self.chat}
        self.reminders = Reminders(self.store, self.knowledge, channels, self._clock)
        self.engine = Engine(self.store, self.knowledge, self._clock, Preferences(), self.reminders.wake)
        self.jobs = self.jobs_over(channels)

    def jobs_over(self, channels: Mapping[str, Channel]) -> Jobs:
        """The slow work, done when the story lets it."""
        does = workers(self.store, self.files, self.knowledge, channels, self.reader, self._clock, make=made_here)
        files = tidy(self.store, self.files)
        retention = Retention(self.store, self.knowledge, channels, self.retention_days)

        async def tidied(now: datetime) -> None:
            await retention.tick(now)
            await files(now)

        return Jobs(self.store, self.knowledge, channels, self.handle, does, self._clock, lambda: 0.0, tidied)

    def _clock(self) -> datetime:
        return self.now

    async def close(self) -> None:
        await self.store.close()

    async def restart(self, knowledge: Knowledge | None = None) -> None:
        """The process dies between two updates and is started again, perhaps with other content."""
        await self.store.close()
        self.knowledge = knowledge or self.knowledge
        await self._start()

    # --- doing ---------------------------------------------------------------------------------------------------

    async def say(self, text: str, kind: Kind | None = None) -> Message:
        kind = kind or ("command" if text.startswith("/") else "text")
        return await self.send(kind, text=text, message=f"typed{next(self._ids)}")

    async def work(self) -> list[Message]:
        """Let the slow work be done that is due. Returns what came of it."""
        before = len(self.chat.messages)
        await self.jobs.tick(self.now)
        return self._came(before)

    async def photo(self, file: str = "file1", album: str = "", text: str = "") -> Message:
        return await self.send("photo", attached=Attached(file, type="image/jpeg"), album=album, text=text)

    async def press(self, label: str, message: Message | None = None) -> Message:
        """Press a button by its label, in that message or in the newest one that has it."""
        found = self.button(label, message)
        where = message or next(each for each in reversed(self.chat.messages) if found in each.buttons)
        return await self.press_data(found.press, where, label)

    async def press_data(self, data: str, where: Message | None = None, label: str = "") -> Message:
        self.transcript.append(f"        [{label or data}]")
        answer = await self.handle(self.incoming("press", press=data))
        return self.show(answer, where)

    async def send(self, kind: Kind, **fields: Any) -> Message:
        self.transcript.append(f"        {fields.get('text') or kind}")
        return self.show(await self.handle(self.incoming(kind, **fields)), None)

    async def edit(self, message: str, text: str) -> Message:
        """Edit what was typed before (``message`` as in ``last_typed``)."""
        incoming = Incoming(self._id(), self.person, self.now, "text", text=text, message=message, edited=True)
        return self.show(await self.handle(incoming), None)

    def incoming(self, kind: Kind, **fields: Any) -> Incoming:
        return Incoming(self._id(), self.person, self.now, kind, **fields)

    def _id(self) -> str:
        return f"telegram:{next(self._ids)}"

    async def handle(self, incoming: Incoming) -> Answer:
        return await self.engine.handle(incoming)

    def show(self, answer: Answer, pressed: Message | None) -> Message:
        """What the channel does with an answer."""
        if answer.toast:
            self.chat.toasts.append(answer.toast)
        for reply in answer.replies:
            if reply.edit and pressed is not None:
                pressed.screen, pressed.edits = reply.screen, pressed.edits + 1
                shown = pressed
            else:
                shown = Message(reply.screen, file=reply.file)
                self.chat.messages.append(shown)
            self.transcript.append(f"{shown.text}\n{' '.join(f'[{label}]' for label in shown.labels)}")
        return self.last

    async def later(self, **span: float) -> list[Message]:
        """Let time pass; reminders arrive at their moments. Returns those that came."""
        before, end = len(self.chat.messages), self.now + timedelta(**span)
        while (due := await self._tick()) is not None and due <= end:
            self.now = max(due, self.now)
        self.now = end
        return self._came(before)

    async def _tick(self) -> datetime | None:
        """Everything that is due, and when something is due next."""
        next_job = await self.jobs.tick(self.now)
        idle = self.now + RETENTION_STEP if self.retention_days else None
        return min((due for due in (next_job, await self.reminders.tick(self.now), idle) if due), default=None)

    def _came(self, before: int) -> list[Message]:
        came = self.chat.messages[before:]
        self.transcript += [f"--- {each.text}\n{' '.join(f'[{label}]' for label in each.labels)}" for each in came]
        return came

    # --- seeing --------------------------------------------------------------------------------------------------

    @property
    def last(self) -> Message:
        return self.chat.messages[-1]

    @property
    def text(self) -> str:
        return self.last.text

    @property
    def labels(self) -> list[str]:
        return self.last.labels

    def button(self, label: str, message: Message | None = None) -> Choice:
        for each in [message] if message else reversed(self.chat.messages):
            for choice in each.buttons:
                if choice.label == label:
                    return choice
        raise AssertionError(f"no button {label}; there are {[each.labels for each in self.chat.messages[-3:]]}")

    async def dossier(self) -> Dossier:
        async with self.store.transaction() as transaction:
            found = await transaction.load(self.person)
        assert found is not None
        return found

    async def case(self, number: int = 1) -> Case:
        return next(case for case in (await self.dossier()).cases if case.number == number)
