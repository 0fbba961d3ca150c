"""How long a step takes when 100 people tap once a second each: quiet, and beside everything else that the bot does.

Run ``python -m tests.bench.latency_bench [--seconds 30] [--rounds 1] [--people 100]``; what it measures and prints is
explained in ``README.md`` here. Needs chromium and the extras ``ocr`` and ``pdf``.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles

from tests.bench.people import FIRST
from tests.bench.step_bench import Bot, cpu, running
from tests.bench.tapping_people import EXPORTER, PEOPLE, SENDER, Prepared, prepare, screenshots
from tests.bench.taps import WAITED, Chat, Telegram

BACKLOG = 10_000
WARM = 8.0
"""Seconds of taps before anything is counted."""
OURS = Bot("jieru", ("-m", "tests.bench.bots", "jieru"))
ECHO = Bot("PTB echo", ("-m", "tests.bench.bots", "ptb"))
LIMITS = {"SEND_RATE": "30", "SEND_RATE_CHAT": "1"}
"""As they are by default."""
EVERYTHING, ONE_CASE = ("全部打包",), ("更多", "下一页", "下一页", "整份带走", "PDF")
"""Buttons on the way to a file."""
BOUNDS = {"quiet": "50 ms", "backlog": "75 ms", "exports": "x4", "OCR": "x4"}


@dataclass
class Phase:
    """One value per round."""

    took: list[list[float]] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    cores: list[float] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    load: list[float] = field(default_factory=list)


class Round:
    """Every phase once."""

    def __init__(
        self, folder: Path, prepared: Mapping[str, Prepared], pictures: list[bytes], people: int, seconds: float
    ) -> None:
        self._folder, self._prepared, self._pictures = folder, prepared, pictures
        self._count, self._seconds = people, seconds
        self._random = Random(6)
        self._sent = 0
        self._done = 0

    async def run(self, phases: dict[str, Phase]) -> None:
        """Measure; what was found is added to ``phases``."""
        async with Telegram(self._random) as server:
            people = self._people(server, "ours")
            exporter = server.chats[EXPORTER] = Chat(EXPORTER, {})
            sender = server.chats[SENDER] = Chat(SENDER, self._prepared["ours"].sender)
            for number, picture in enumerate(self._pictures):
                server.files[f"shot{number}.png"] = picture
            async with running(OURS, server.url, self._folder / "ours" / "bot.db", LIMITS) as process:
                await self._warm(server, people)
                await self._phase(phases, "quiet", server, people, process)
                await self._phase(phases, "exports", server, people, process, self._exports(server, exporter))
                await self._phase(phases, "OCR", server, people, process, self._reading(server, sender))
                await self._phase(phases, "quiet again", server, people, process)
        async with Telegram(self._random) as server:
            people = self._people(server, "ours")
            async with running(ECHO, server.url, Path(), {}) as process:
                await self._warm(server, people)
                await self._phase(phases, "PTB echo", server, people, process)
        async with Telegram(self._random) as server:
            people = self._people(server, "waiting")
            async with running(OURS, server.url, self._folder / "waiting" / "bot.db", LIMITS) as process:
                await self._warm(server, people)
                before = server.strangers
                await self._phase(phases, "backlog", server, people, process)
                phases["backlog"].done[-1] = server.strangers - before

    def _people(self, server: Telegram, database: str) -> list[Chat]:
        buttons = self._prepared[database].tapping
        people = [Chat(FIRST + number, buttons) for number in range(self._count)]
        server.chats |= {chat.person: chat for chat in people}
        return people

    async def _warm(self, server: Telegram, people: list[Chat]) -> None:
        await server.polled.wait()
        await server.taps(people, WARM)

    async def _phase(
        self,
        phases: dict[str, Phase],
        name: str,
        server: Telegram,
        people: list[Chat],
        process: asyncio.subprocess.Process,
        beside: Awaitable[None] | None = None,
    ) -> None:
        phase = phases.setdefault(name, Phase())
        task = None if beside is None else asyncio.ensure_future(beside)
        self._done = 0
        before = await cpu(process)
        took = list(await server.taps(people, self._seconds))
        phase.cores.append((await cpu(process) - before) / self._seconds)
        phase.took.append(took)
        phase.late.append(quantiles(server.late, n=100)[98])
        phase.done.append(self._done)
        phase.load.append(os.getloadavg()[0])
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _exports(self, server: Telegram, chat: Chat) -> None:
        """Everything as ZIP and a case as PDF, in turns, one after another."""
        while True:
            for asked, way in (("/export", EVERYTHING), ("/start c_1", ONE_CASE)):
                before, chat.buttons = chat.files, {}
                name = {"type": "bot_command", "offset": 0, "length": len(asked.split()[0])}
                server.says(chat, text=asked, entities=[name])
                for label in way:
                    await server.sees(chat, partial(_button, chat, label))
                    server.presses(chat, _button(chat, label))
                    chat.buttons = {}
                await server.sees(chat, partial(_has_files, chat, before + 1))
                self._done += 1

    async def _reading(self, server: Telegram, chat: Chat) -> None:
        """One screenshot after another: that it came is said at once, and again what was read."""
        while True:
            ref, before = f"shot{self._sent % len(self._pictures)}.png", chat.messages
            self._sent += 1
            sizes = [{"file_id": ref, "file_unique_id": ref, "width": 1080, "height": 2400, "file_size": 300000}]
            server.says(chat, photo=sizes)
            await server.sees(chat, partial(_has_messages, chat, before + 2))
            self._done += 1


def _button(chat: Chat, label: str) -> str:
    return next((one for one in chat.buttons if label in one), "")


def _has_files(chat: Chat, count: int) -> bool:
    return chat.files >= count


def _has_messages(chat: Chat, count: int) -> bool:
    return chat.messages >= count


def p99(took: list[float]) -> float:
    """Milliseconds."""
    return quantiles(took, n=100)[98] * 1000


def show(phases: Mapping[str, Phase]) -> None:
    """The table: medians of the rounds."""
    sys.stdout.write(
        f"\n{'':14}{'p50':>8}{'p90':>8}{'p99':>8}{'max':>8}{'to quiet':>10}{'bound':>8}{'late p99':>10}"
        f"{'lost':>6}{'CPU':>6}{'done':>6}{'load':>6}\n"
    )
    # The better of the two, so that a hiccup of the machine flatters nobody.
    both = zip(phases["quiet"].took, phases["quiet again"].took, strict=True)
    quiet = [min(map(p99, took)) for took in both]
    for name, phase in phases.items():
        cuts = [quantiles(took, n=100) for took in phase.took]
        p50, p90 = (median(cut[at] for cut in cuts) * 1000 for at in (49, 89))
        p99s = [p99(took) for took in phase.took]
        ratio = median(one / other for one, other in zip(p99s, quiet, strict=True))
        lost = sum(one >= WAITED for took in phase.took for one in took)
        sys.stdout.write(
            f"{name:14}{p50:8.1f}{p90:8.1f}{median(p99s):8.1f}{median(map(max, phase.took)) * 1000:8.1f}{ratio:10.2f}"
            f"{BOUNDS.get(name, ''):>8}{median(phase.late) * 1000:10.1f}{lost:6}{median(phase.cores):6.2f}"
            f"{round(median(phase.done)):6}{median(phase.load):6.1f}\n"
        )


async def main(people: int, seconds: float, rounds: int) -> None:
    """Measure and print the table."""
    gc.disable()
    phases: dict[str, Phase] = {}
    pictures = await screenshots(max(4, round(seconds / 2)))
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for one in ("ours", "waiting"):
                (folder / one).mkdir()
            prepared = {"ours": await prepare(folder / "ours"), "waiting": await prepare(folder / "waiting", BACKLOG)}
            await Round(folder, prepared, pictures, people, seconds).run(phases)
        sys.stdout.write(f"round {number + 1} of {rounds}, load {os.getloadavg()[0]:.1f}\n")
        sys.stdout.flush()
    show(phases)
    sys.stdout.write(f"milliseconds; {os.cpu_count()} cores\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=PEOPLE, help="at most 100, for a machine that is too slow")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    asyncio.run(main(min(options.people, PEOPLE), options.seconds, options.rounds))
