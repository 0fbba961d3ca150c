"""One step of the conversation among 100,000 people, next to the same step among a few.

Run ``python -m tests.bench.scale_bench [--people 100000]``; what it measures and prints is explained in ``README.md``
here.
"""

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median

from bot.app import load_knowledge
from bot.conversation.engine import Engine
from bot.conversation.turn import Knowledge
from bot.domain.model import Preferences
from bot.messages import Incoming
from storage.store import open_store
from tests.bench.crowd import KEPT, SENTENCE, Crowd, gather

FEW = 34
"""People; each has three 问题单."""
PLACES = ("third question", "card", "first sentence")
COLD = 40
"""Steps after each of which the machine forgets the file."""


@dataclass
class Cost:
    """Of many steps, one value each: CPU of the whole process and wall time, in microseconds."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


class People:
    """Who has not done their step yet, in an order drawn by lot."""

    def __init__(self, crowd: Crowd, lots: random.Random) -> None:
        self._crowd = crowd
        card = list(crowd.standing("card"))
        question = list(crowd.standing("third question"))
        lots.shuffle(card)
        lots.shuffle(question)
        half = len(card) // 2
        self._waiting: dict[str, Iterator[int]] = dict(
            zip(PLACES, map(iter, (question, card[:half], card[half:])), strict=True)
        )
        self.fewest = min(len(question), half)

    def next(self, place: str) -> Incoming:
        """What the next person who stands there does."""
        number = next(self._waiting[place])
        now, person = datetime.now(UTC), f"telegram:{number}"
        update = f"{person}:{now.isoformat()}"
        if place == "first sentence":
            return Incoming(update, person, now, "text", text=SENTENCE)
        return Incoming(update, person, now, "press", press=self._crowd.press(number))


@asynccontextmanager
async def _opened(path: Path, knowledge: Knowledge) -> AsyncIterator[Engine]:
    store = await open_store(path)
    try:
        yield Engine(store, knowledge, lambda: datetime.now(UTC), Preferences(), transcripts=KEPT)
    finally:
        await store.close()


async def main(people: int, rounds: int, seed: int) -> None:
    """Measure and print."""
    lots, knowledge, now = random.Random(seed), load_knowledge(), datetime.now(UTC)
    costs: dict[tuple[str, str], Cost] = defaultdict(Cost)
    with tempfile.TemporaryDirectory() as name:
        small, copy, large = (Path(name) / f"{one}.db" for one in ("small", "copy", "large"))
        few = await gather(small, now, people=FEW)
        began = time.perf_counter()
        many = await gather(large, now, people=people)
        size = large.stat().st_size / 1e6
        _say(f"{people} people, {3 * people} 问题单, {many.pending} reminders, {size:.0f} MB, made in {_since(began)}")
        crowd, most = People(many, lots), 0.0
        async with _opened(large, knowledge) as large_engine:
            for number in range(rounds):
                shutil.copy(small, copy)
                others = People(few, lots)
                async with _opened(copy, knowledge) as small_engine:
                    sides = [("few", small_engine, others), ("many", large_engine, crowd)]
                    for step in range(others.fewest):
                        for place in PLACES:
                            for size_name, engine, who in sides if (step + number) % 2 else reversed(sides):
                                cost = costs[size_name, place] if step else Cost()  # the first one warms up
                                await _step(engine, who.next(place), cost)
                most = max(most, _log_size(large))
            _print(costs)
            cold = Cost()
            for _ in range(COLD):
                _forget(large)
                await _step(large_engine, crowd.next("card"), cold)
        _say(f"\ncard, many, the file read from the disk again each time: {median(cold.wall):.0f} us wall")
        _say(f"write-ahead log: {most:.1f} MB at most")
    _say(f"load at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


async def _step(engine: Engine, incoming: Incoming, cost: Cost) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    answer = await engine.handle(incoming)
    cost.cpu.append((time.process_time() - cpu) * 1e6)
    cost.wall.append((time.perf_counter() - wall) * 1e6)
    assert answer.replies, "nothing was answered"


def _forget(path: Path) -> None:
    """Let the machine drop what it holds of the file (what SQLite itself holds stays)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)


def _log_size(path: Path) -> float:
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size / 1e6 if log.exists() else 0.0


def _print(costs: dict[tuple[str, str], Cost]) -> None:
    head = ("steps", "CPU us", "many", "ratio", "of means", "wall us", "many", "ratio")
    _say(f"\n{'':18}" + "".join(f"{each:>9}" for each in head))
    for place in PLACES:
        few, many = costs["few", place], costs["many", place]
        _say(
            f"{place:18}{len(few.cpu):9}{median(few.cpu):9.0f}{median(many.cpu):9.0f}"
            f"{median(many.cpu) / median(few.cpu):9.2f}{mean(many.cpu) / mean(few.cpu):9.2f}"
            f"{median(few.wall):9.0f}{median(many.wall):9.0f}{median(many.wall) / median(few.wall):9.2f}"
        )


def _since(began: float) -> str:
    return f"{time.perf_counter() - began:.0f} s"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    asyncio.run(main(options.people, options.rounds, options.seed))
