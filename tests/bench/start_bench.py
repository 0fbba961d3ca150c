"""From starting the process to the first answered update, and the memory at rest, next to the smallest bot on PTB.

Run ``python -m tests.bench.start_bench [--rounds 5] [--profile]``; what it prints is explained in ``README.md`` here.
"""

import argparse
import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.people import FIRST, PLACES, prepare
from tests.bench.server import TOKEN, Press, Server
from tests.bench.start_profile import profile

ROOT = Path(__file__).parents[2]
REST = 3.0
"""Seconds after the first answer at which the memory is read: whatever the start left to do later is done by then."""
SENTENCE = "草莓烂了一半商家不给退"
STRANGER = 5_000_000
"""Nobody whom a database knows."""


@dataclass(frozen=True)
class Bot:
    """A process, and the folder that it finds (empty: a new one)."""

    name: str
    command: tuple[str, ...]
    folder: str = ""
    speaks: bool = False
    """Understands a sentence."""


@dataclass(frozen=True)
class Start:
    """Seconds from the start of the process to the answer, megabytes at rest, seconds that a sentence then takes."""

    wall: float
    cpu: float
    rss: float
    pss: float
    first_sentence: float = 0.0
    next_sentence: float = 0.0


@dataclass
class Measured:
    """One value per round."""

    starts: list[Start] = field(default_factory=list)

    def of(self, name: str) -> list[float]:
        return [getattr(start, name) for start in self.starts]


BOTS = (
    Bot("PTB echo", ("-m", "tests.bench.bots", "ptb")),
    Bot("jieru, known people", ("-m", "bot"), "known", speaks=True),
    Bot("jieru, empty folder", ("-m", "bot"), speaks=True),
)
"""The first one is the yardstick."""


async def main(rounds: int) -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / "known" / "data").mkdir(parents=True)
        presses = await prepare(place / "known" / "data" / "jieru.db", 100)
        press = presses[PLACES[1].name]
        measured = {bot: Measured() for bot in BOTS}
        for number in range(rounds + 1):
            for bot in BOTS if number % 2 == 0 else tuple(reversed(BOTS)):
                start = await _start(bot, place, press)
                if number:  # The first round compiles everything to bytecode, as an installation has it.
                    measured[bot].starts.append(start)
            _say(f"round {number} of {rounds}, load {os.getloadavg()[0]:.1f}" if number else "warmed up")
    _print(measured)


async def _start(bot: Bot, place: Path, press: str) -> Start:
    folder = place / "now"
    if bot.folder:
        shutil.copytree(place / bot.folder, folder)
    else:
        folder.mkdir()
    try:
        async with Server() as server:
            waiting = asyncio.create_task(server.run([Press(FIRST + 100, press)], 1))
            await asyncio.sleep(0)
            began = time.perf_counter()
            async with _running(bot, server.url, folder, place) as process:
                async with asyncio.timeout(60):
                    await waiting
                wall, cpu = time.perf_counter() - began, _cpu(process.pid)
                with suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), REST)
                rss, pss = _memory(process.pid)
                said = [0.0, 0.0]
                if bot.speaks:
                    said = [await server.run([Press(STRANGER + n, text=SENTENCE)], 1) for n in range(2)]
                return Start(wall, cpu, rss, pss, *said)
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def _running(bot: Bot, url: str, folder: Path, place: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    own = "tests.bench.bots" not in bot.command
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *bot.command),
        *(() if own else (url,)),
        cwd=folder,
        env=_environment(url, place),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


def _environment(url: str, place: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(place / "bytecode"),
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "WEB_PORT": str(_free_port()),
        "LOG_LEVEL": "WARNING",
    }


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _cpu(pid: int) -> float:
    """Seconds that all threads of the process have computed; the kernel counts in hundredths."""
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> tuple[float, float]:
    rows = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
    sizes = {row[0]: int(row[1]) / 1024 for row in rows}
    return sizes["Rss:"], sizes["Pss:"]


def _print(measured: Mapping[Bot, Measured]) -> None:
    yardstick = next(iter(measured.values()))
    names = ("wall", "cpu", "rss", "pss")
    head = "".join(f"{title:>12}{'ratio':>7}" for title in ("wall s", "CPU s", "RSS MB", "PSS MB"))
    _say(f"\n{'':22}{head}{'sentence ms':>14}{'next ms':>10}")
    for bot, one in measured.items():
        cells = ""
        for name in names:
            # Of each round, then the median: what disturbs a round disturbs both.
            pairs = zip(one.of(name), yardstick.of(name), strict=True)
            cells += f"{median(one.of(name)):12.2f}{median(mine / other for mine, other in pairs):7.2f}"
        if bot.speaks:
            cells += f"{median(one.of('first_sentence')) * 1000:14.0f}{median(one.of('next_sentence')) * 1000:10.0f}"
        _say(f"{bot.name:22}{cells}")
    _say(f"load at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="what the start consists of, instead of its time")
    return parser.parse_args(given)


if __name__ == "__main__":
    options = _arguments()
    if options.profile:
        _say(profile())
    else:
        asyncio.run(main(options.rounds))
