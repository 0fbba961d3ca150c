"""One day of many people in a few minutes: does anything grow that should not?

Run ``python -m tests.bench.day [--people 10000]``; what it does and prints is explained in ``README.md`` here. Exit
code 1 if memory, tasks or the write-ahead log grew, or something was left undone. The clock is the program's own.
"""

import argparse
import asyncio
import gc
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot.app import load_knowledge
from bot.conversation.engine import Engine
from bot.domain.model import Preferences
from bot.inspection import inspect
from bot.jobs import Jobs
from bot.jobs.tidy import tidy
from bot.jobs.workers import workers
from bot.messages import Answer, Attached, Choice, Delivery, Incoming, Kind, Screen, Sent
from bot.reminders import Reminders
from storage.files import open_files
from storage.store import open_store
from tests.bench.crash_people import picture, resident
from tests.harness import START, Reading

DAY = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
WAL_LIMIT = 16.0
"""Megabytes; SQLite empties its log into the file at 4 MB, but only when no transaction runs."""
GROWTH = 1.15
"""How much more memory the second half of the day may end with than the first half."""
_SAYS = (
    "草莓烂了一半商家不给退", "水壶一直不发货", "衣服和描述不一样", "商家说不给退",
    "/cases", "39.90", "/settings", "昨天下午三点",
)  # fmt: skip
_NOT_PRESSED = ("删", "清空")


class Everybody:
    """The channel of all people: counts what is sent, hands out pictures."""

    name = "telegram"
    connected = True

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()

    async def send(self, address: str, screen: Screen, due: datetime | None = None) -> Delivery:
        self.sent["reminders"] += 1
        return Sent()

    async def answer(self, address: str, answer: Answer) -> None:
        self.sent["outcomes"] += len(answer.replies)

    async def progress(self, address: str, job: int, screen: Screen) -> None:
        self.sent["progress"] += 1

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        yield picture(Random(ref))

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


@dataclass
class Measured:
    """One moment of the day."""

    hour: float
    rss: float
    tasks: int
    wal: float
    database: float


@dataclass
class Result:
    """What the day brought, and what was wrong with it."""

    people: int
    steps: int = 0
    seconds: float = 0.0
    failures: int = 0
    moments: list[Measured] = field(default_factory=list)
    most_wal: float = 0.0
    sent: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def table(self) -> str:
        """For people."""
        head = f"{'hour':>6}{'RSS MB':>10}{'tasks':>8}{'WAL MB':>10}{'file MB':>10}\n"
        rows = "".join(
            f"{one.hour:6.0f}{one.rss:10.1f}{one.tasks:8}{one.wal:10.2f}{one.database:10.1f}\n" for one in self.moments
        )
        counts = ", ".join(f"{count} {name}" for name, count in self.sent.items())
        return (
            f"{self.people} people, {self.steps} steps, {self.failures} failed, "
            f"{self.steps / self.seconds:.0f} steps/s\n"
            f"{head}{rows}largest WAL {self.most_wal:.2f} MB; {counts}\n"
        )


class Day:
    """The program without HTTP: store, engine, reminders and slow work, on a clock that is moved on."""

    def __init__(self, folder: Path, people: int, seed: int = 6) -> None:
        self._folder, self._random = folder, Random(seed)
        self.now = START
        self.result = Result(people)
        self.knowledge = replace(load_knowledge(), abilities=frozenset({"pdf"}))
        self.channel = Everybody()
        self._buttons: dict[int, list[Choice]] = {}
        self._number = 0

    def clock(self) -> datetime:
        """Where the day is."""
        return self.now

    async def run(self) -> Result:
        """From an empty folder to the next morning."""
        store = await open_store(self._folder / "jieru.db")
        files = await open_files(self._folder / "evidence", inspect)
        channels = {"telegram": self.channel}
        reminders = Reminders(store, self.knowledge, channels, self.clock)
        engine = Engine(store, self.knowledge, self.clock, Preferences(), reminders.wake)
        does = workers(store, files, self.knowledge, channels, Reading(), self.clock)
        tidied = tidy(store, files)
        jobs = Jobs(store, self.knowledge, channels, engine.handle, does, self.clock, time.monotonic, tidied)
        self._engine = engine
        visits = self._visits()
        busy = frozenset(visits)
        next_due: datetime | None = None
        began = time.monotonic()
        tasks = len(asyncio.all_tasks())
        for minute in range(24 * 60):
            self.now = START + minute * MINUTE
            if minute % 360 == 10:
                self._measure(minute / 60)
            await asyncio.gather(*(self._visit(person) for person in visits.pop(minute, ())))
            self._watch()
            if minute not in busy and (next_due is None or next_due > self.now):
                continue
            due = [one for one in (await jobs.tick(self.now), await reminders.tick(self.now)) if one]
            next_due = min(due, default=None)
        self._measure(24)
        self.result.seconds = time.monotonic() - began
        self.result.sent = self.channel.sent
        left = [await store.next_due(), await store.next_job()]
        await store.close()
        self._judge(tasks, left)
        return self.result

    def _visits(self) -> dict[int, list[int]]:
        """Minute -> who comes then. Everybody comes three times, mostly in the daytime of START's zone."""
        found: dict[int, list[int]] = {}
        for person in range(self.result.people):
            for _ in range(3):
                found.setdefault(int(self._random.triangular(0, 24 * 60, 9 * 60)), []).append(person)
        return found

    async def _visit(self, person: int) -> None:
        """A few steps of one person, one after the other."""
        for _ in range(self._random.randint(2, 4)):
            buttons = self._buttons.get(person, [])
            dice = self._random.random()
            if dice < 0.05:
                ref = f"{person}-{self._number}"
                await self._step(person, "photo", attached=Attached(ref, type="image/jpeg"))
            elif buttons and dice < 0.75:
                await self._step(person, "press", press=self._random.choice(buttons).press)
            else:
                text = self._random.choice(_SAYS)
                await self._step(person, "command" if text.startswith("/") else "text", text=text)

    async def _step(self, person: int, kind: Kind, **fields: object) -> None:
        self._number += 1
        number = str(self._number)
        incoming = Incoming(number, f"telegram:{person + 1}", self.now, kind, message=number, **fields)  # type: ignore[arg-type]
        answer = await self._engine.handle(incoming)
        self.result.steps += 1
        self.result.failures += answer.toast == self.knowledge.catalog.texts.plain("error.toast")
        shown = [one for reply in answer.replies for row in reply.screen.rows for one in row if one.press]
        shown = [one for one in shown if not any(part in one.label for part in _NOT_PRESSED)]
        self._buttons[person] = shown[:4]

    def _wal(self) -> float:
        wal = self._folder / "jieru.db-wal"
        return wal.stat().st_size / 1e6 if wal.exists() else 0.0

    def _watch(self) -> None:
        self.result.most_wal = max(self.result.most_wal, self._wal())

    def _measure(self, hour: float) -> None:
        gc.collect()
        size = (self._folder / "jieru.db").stat().st_size / 1e6
        self.result.moments.append(Measured(hour, resident(), len(asyncio.all_tasks()), self._wal(), size))

    def _judge(self, tasks: int, left: list[datetime | None]) -> None:
        result = self.result
        half = next(one for one in result.moments if one.hour >= 12)
        end = result.moments[-1]
        if end.rss > half.rss * GROWTH:
            result.wrong.append(f"memory grew from {half.rss:.0f} to {end.rss:.0f} MB in the second half")
        if any(one.tasks > tasks for one in result.moments):
            result.wrong.append(f"tasks were left: {[one.tasks for one in result.moments]} instead of {tasks}")
        if result.most_wal > WAL_LIMIT:
            result.wrong.append(f"the write-ahead log grew to {result.most_wal:.1f} MB")
        if result.failures:
            result.wrong.append(f"{result.failures} steps failed")
        if any(due is not None and due <= self.now for due in left):
            result.wrong.append(f"left undone: {left}")


async def main(people: int) -> int:
    """Run it, print the table. Returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        result = await Day(Path(folder), people).run()
    sys.stdout.write(result.table())
    sys.stdout.writelines(f"WRONG: {one}\n" for one in result.wrong)
    return 1 if result.wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    sys.exit(asyncio.run(main(parser.parse_args().people)))
