"""What a million pending reminders cost at the start and when nothing is due, and how punctual they are.

Run ``python -m tests.bench.reminder_bench [--pending 1000000]``; what it measures and prints is explained in
``README.md`` here. Exit code 1 if a reminder was lost or doubled.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from storage.store import open_store
from tests.bench.crowd import Crowd, gather
from tests.bench.flood import pause
from tests.bench.server import Press, Server

ROOT = Path(__file__).parents[2]
FEW = 1000
RATE = 30
"""The default of SEND_RATE."""
AHEAD = 20.0
"""Seconds that the bot gets to start before the first reminder is due."""
PATIENCE = 60.0
"""Seconds after which what has not come will not come."""


class Watching(Server):
    """Notes when it got a message for whom; answers take ``latency``."""

    def __init__(self) -> None:
        super().__init__()
        self.came: dict[int, list[float]] = defaultdict(list)

    def sent(self, chat: int) -> None:
        """See the base class."""
        self.came[chat].append(time.time())


async def main(options: argparse.Namespace) -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        # Each in a folder of its own: the contents beside a database are that database's alone.
        places = {size: Path(name) / size / "jieru.db" for size in ("none", "few", "many")}
        for place in places.values():
            place.parent.mkdir()
        now, began = datetime.now(UTC), time.perf_counter()
        await (await open_store(places["none"])).close()
        await gather(places["few"], now, pending=FEW)
        crowd = await gather(places["many"], now, pending=options.pending)
        _say(f"{crowd.pending} pending of {crowd.people} people, made in {time.perf_counter() - began:.0f} s")
        for place in places.values():
            await _part("start", place)  # what is made up for once
        await _starts(places, options.rounds)
        await _ticks(places, options.rounds)
        wrong = await _off_peak(places["many"], options.seconds, options.seed)
        others = {name: crowd.standing(name) for name in ("card", "third question")}
        for latency in (0.0, 0.05):
            wrong += await _burst(places["many"], crowd, others, latency, options)
    _say(f"load at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 1 if wrong else 0


async def _starts(places: dict[str, Path], rounds: int) -> None:
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    for number in range(rounds):
        for name in ("none", "many") if number % 2 else ("many", "none"):
            found[name].append(await _part("start", places[name]))
    _say(f"\n{'start':24}{'ms':>10}{'CPU ms':>10}{'MB':>10}")
    for name, runs in sorted(found.items(), reverse=True):
        _row(name, *(median(run[key] for run in runs) for key in ("ms", "cpu_ms", "mb")))
    pairs = list(zip(found["many"], found["none"], strict=True))
    _row("added", *(median(more[key] - less[key] for more, less in pairs) for key in ("ms", "cpu_ms", "mb")))


async def _ticks(places: dict[str, Path], rounds: int) -> None:
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    for number in range(rounds):
        for name in ("few", "many") if number % 2 else ("many", "few"):
            found[name].append(await _part("idle", places[name]))
    _say(f"\n{'idle tick':24}{'median us':>10}{'p99 us':>10}{'CPU us':>10}")
    for name, runs in found.items():
        _row(name, *(median(run[key] for run in runs) for key in ("median", "p99", "cpu")))


async def _off_peak(database: Path, seconds: int, seed: int) -> int:
    """Ten a second at moments drawn by lot, and nothing else to do."""
    lots = random.Random(seed)
    due = sorted(AHEAD + lots.uniform(0, seconds) for _ in range(seconds * 10))
    planned = _plan(database, due, lots)
    async with _running(database) as server:
        timers = [asyncio.create_task(_woken(at, database.with_name("yardstick"))) for at in planned.values()]
        await _all_came(server, planned)
        alone = sorted(await asyncio.gather(*timers))
    late = sorted((server.came[chat][0] - at) * 1000 for chat, at in planned.items() if server.came[chat])
    _say(f"\n{len(planned)} in {seconds} s, lateness ms: {_spread(late)}")
    _say(f"  of a bare timer and one write to the disk: {_spread(alone)}")
    return _wrong(database, server, planned)


async def _burst(
    database: Path, crowd: Crowd, others: Mapping[str, Iterator[int]], latency: float, options: argparse.Namespace
) -> int:
    """All at one instant, while a few ``others`` press, each once. The answers to them that are new messages are paid
    from the same rate."""
    lots = random.Random(options.seed)
    planned = _plan(database, [AHEAD] * options.burst, lots)
    answered: dict[str, list[float]] = defaultdict(list)
    async with _running(database) as server:
        server.latency = latency
        coming = asyncio.create_task(_all_came(server, planned))
        await server.polled.wait()
        await pause(max(0.0, min(planned.values()) + 1 - time.time()))
        while not coming.done():
            for name, people in others.items():
                person = next(one for one in people if one not in planned)
                answered[name].append(await server.run([Press(person, crowd.press(person))], 1) * 1000)
                await asyncio.wait({coming}, timeout=0.2)
        last = max(server.came[chat][0] for chat in planned if server.came[chat])
        messages = sum(at <= last for times in server.came.values() for at in times)
        server.latency = 0.0
    took = last - min(planned.values())
    _say(f"\n{len(planned)} at once, answers take {latency * 1000:.0f} ms: the last left after {took:.1f} s,")
    _say(f"  {took / (messages / RATE):.3f} of what {RATE}/s take for the {messages} messages that left until then")
    for name, times in answered.items():
        _say(f"  a press meanwhile ({name}), ms: {_spread(sorted(times))}, {len(times)} presses")
    return _wrong(database, server, planned)


def _plan(database: Path, after: Sequence[float], lots: random.Random) -> dict[int, float]:
    """Move a pending reminder of somebody new to so many seconds from now, for each. Returns chat -> instant."""
    with closing(sqlite3.connect(database)) as connection, connection:
        pending = connection.execute(
            "SELECT min(id), person FROM reminders WHERE state = 'planned' AND kind = 'own'"
            " AND person GLOB 'telegram:*' AND person NOT IN"
            " (SELECT person FROM reminders WHERE settled IS NOT NULL) GROUP BY person"
        ).fetchall()
        now = time.time()
        chosen = lots.sample(pending, len(after))
        rows = [(int((now + at) * 1e6), number) for at, (number, _) in zip(after, chosen, strict=True)]
        connection.executemany("UPDATE reminders SET due = ? WHERE id = ?", rows)
    return {int(person.partition(":")[2]): due / 1e6 for (due, _), (_, person) in zip(rows, chosen, strict=True)}


async def _woken(at: float, file: Path) -> float:
    """How many milliseconds late this machine is with what no reminder can do without: to wake up, and to bring one
    page to the disk."""
    await pause(max(0.0, at - time.time()))
    await asyncio.to_thread(_write_through, file)
    return (time.time() - at) * 1000


def _write_through(file: Path) -> None:
    with file.open("ab") as out:
        out.write(bytes(4096))
        out.flush()
        os.fdatasync(out.fileno())


async def _all_came(server: Watching, planned: dict[int, float]) -> None:
    """Until each has come, or none has for a while."""
    left, until = set(planned), max(planned.values()) + PATIENCE
    while left:
        await pause(0.2)
        before = len(left)
        left -= server.came.keys()
        if len(left) < before:
            until = max(until, time.time() + PATIENCE)
        elif time.time() > until:
            return


def _wrong(database: Path, server: Watching, planned: dict[int, float]) -> int:
    lost = [chat for chat in planned if not server.came[chat]]
    doubled = [chat for chat in planned if len(server.came[chat]) > 1]
    with closing(sqlite3.connect(database)) as connection:
        now = int(time.time() * 1e6)
        open_rows = "SELECT count(*) FROM reminders WHERE state = 'sending' OR (state = 'planned' AND due <= ?)"
        left = int(connection.execute(open_rows, (now,)).fetchone()[0])
    _say(f"  lost {len(lost)}, doubled {len(doubled)}, not settled {left}")
    return len(lost) + len(doubled) + left


@asynccontextmanager
async def _running(database: Path) -> AsyncIterator[Watching]:
    """The whole bot with its default send rate, and its Telegram."""
    async with Watching() as server:
        command = ("-m", "tests.bench.bots", "jieru", server.url, str(database))
        environment = os.environ | {"SEND_RATE": str(RATE)}
        process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, env=environment)
        try:
            yield server
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(20):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


async def _part(name: str, database: Path) -> dict[str, float]:
    command = ("-m", "tests.bench.reminder_parts", name, str(database))
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=quiet
    )
    out, _ = await process.communicate()
    found: dict[str, float] = json.loads(out.splitlines()[-1])
    return found


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "none"
    at = [values[min(len(values) - 1, int(len(values) * share))] for share in (0.5, 0.99)]
    return f"median {at[0]:.1f}, p99 {at[1]:.1f}, most {values[-1]:.1f}"


def _row(name: str, *values: float) -> None:
    _say(f"{name:24}" + "".join(f"{value:10.1f}" for value in values))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pending", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=60, help="how long reminders come due off-peak")
    parser.add_argument("--burst", type=int, default=3000, help="how many are due at once; needs 25 times as many")
    parser.add_argument("--seed", type=int, default=7)
    sys.exit(asyncio.run(main(parser.parse_args())))
