"""One whole step of the conversation, next to the smallest bot on python-telegram-bot that answers a press.

Run ``python -m tests.bench.step_bench [--quick]``; what it measures and prints is explained in ``README.md`` here.
"""

import argparse
import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.people import FIRST, PLACES, prepare
from tests.bench.server import Press, Server

PEOPLE = 200
LATENCY = 0.05
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mode:
    """How many steps are made, by how many people at a time, and how far away the server is."""

    name: str
    steps: int
    at_once: int
    latency: float = 0.0


@dataclass(frozen=True)
class Bot:
    """A process, and where the people are whom it serves (empty: it knows nobody)."""

    name: str
    command: tuple[str, ...]
    place: str = ""
    press: str = ""
    """What is pressed, if it is not the button of the place."""
    slow: bool = False
    """Serves one after another, so that few steps at a distance are enough to know its rate."""


@dataclass
class Measured:
    """Per mode: CPU milliseconds of a step, and steps per second; one value per round."""

    cpu: dict[str, list[float]] = field(default_factory=dict)
    rate: dict[str, list[float]] = field(default_factory=dict)


def modes(quick: bool) -> tuple[Mode, ...]:
    """The first one is not counted: it warms up."""
    share = 4 if quick else 1
    return (
        Mode("warm", 200 // share, 10),
        Mode("one at a time", 600 // share, 1),
        Mode("200 at once", 3000 // share, PEOPLE),
        Mode("50 ms away", 3000 // share, PEOPLE, LATENCY),
    )


def bots() -> tuple[Bot, ...]:
    """What is compared; the first one is the yardstick."""
    ours = [Bot(f"jieru, {place.name}", ("-m", "tests.bench.bots", "jieru"), place.name) for place in PLACES]
    return (Bot("PTB echo", ("-m", "tests.bench.bots", "ptb"), slow=True), *ours)


async def main(bots: Sequence[Bot], rounds: int, quick: bool) -> None:
    """Measure and print the table."""
    plan = modes(quick)
    count = sum(mode.steps for mode in plan)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        presses = await prepare(folder / "prepared.db", count)
        measured = {bot: Measured() for bot in bots}
        for number in range(rounds):
            # Interleaved, and every other round backwards, so that a busy machine is unkind to all of them.
            for bot in bots if number % 2 == 0 else tuple(reversed(bots)):
                await _round(bot, plan, folder, presses, measured[bot])
            sys.stdout.write(f"round {number + 1} of {rounds}, load {os.getloadavg()[0]:.1f}\n")
            sys.stdout.flush()
    _print(bots, plan[1:], measured)


async def _round(bot: Bot, plan: Sequence[Mode], folder: Path, presses: dict[str, str], measured: Measured) -> None:
    place = next((index for index, one in enumerate(PLACES) if one.name == bot.place), 0)
    data = bot.press or presses[PLACES[place].name]
    steps = sum(mode.steps for mode in plan)
    first = FIRST + place * steps
    numbers = iter(range(first, first + steps))
    database = folder / "bot.db"
    await asyncio.to_thread(_fresh, database)
    async with Server() as server, running(bot, server.url, database, {"BENCH_PEOPLE": f"{first} {steps}"}) as process:
        await server.polled.wait()
        for mode in plan:
            few = bot.slow and mode.latency
            server.latency = mode.latency
            people = [Press(next(numbers), data) for _ in range(mode.steps // 100 if few else mode.steps)]
            before = await cpu(process)
            seconds = await server.run(people, min(mode.at_once, len(people)))
            used = await cpu(process) - before
            measured.cpu.setdefault(mode.name, []).append(used / len(people) * 1000)
            measured.rate.setdefault(mode.name, []).append(len(people) / seconds)
        server.latency = 0


def _fresh(database: Path) -> None:
    for left in database.parent.glob(f"{database.name}*"):
        left.unlink()
    shutil.copy(database.parent / "prepared.db", database)


@asynccontextmanager
async def running(
    bot: Bot, url: str, database: Path, environment: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot's process, from before its start until it has ended."""
    process = await asyncio.create_subprocess_exec(
        *((sys.executable, *bot.command) if bot.command[0] == "-m" else bot.command),
        url,
        str(database),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | environment,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def cpu(process: asyncio.subprocess.Process) -> float:
    """Seconds of CPU time that it has used."""
    assert process.stdout is not None
    process.send_signal(signal.SIGUSR1)
    return float(await process.stdout.readline())


def _print(bots: Sequence[Bot], plan: Sequence[Mode], measured: dict[Bot, Measured]) -> None:
    yardstick = measured[bots[0]]
    sys.stdout.write(f"\n{'':24}{'':16}{'CPU ms/step':>14}{'ratio':>8}{'steps/s':>12}{'ratio':>8}\n")
    for mode in plan:
        for bot in bots:
            cpu, rate = median(measured[bot].cpu[mode.name]), median(measured[bot].rate[mode.name])
            # Of each round, then the median: what disturbs a round disturbs both.
            pairs = zip(measured[bot].cpu[mode.name], yardstick.cpu[mode.name], strict=True)
            rates = zip(measured[bot].rate[mode.name], yardstick.rate[mode.name], strict=True)
            less, more = median(mine / other for mine, other in pairs), median(mine / other for mine, other in rates)
            sys.stdout.write(f"{bot.name:24}{mode.name:16}{cpu:14.2f}{less:8.2f}{rate:12.0f}{more:8.2f}\n")
    sys.stdout.write(f"load at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a quarter of the steps, one round")
    parser.add_argument("--rounds", type=int, default=0)
    options = parser.parse_args()
    asyncio.run(main(bots(), options.rounds or (1 if options.quick else 5), options.quick))
