"""Kills the whole program again and again while people use it, and looks whether anything was lost.

Run ``python -m tests.bench.crash [--kills 200]``; what it checks and prints is explained in ``README.md`` here. Exit
code 1 if anything is wrong.
"""

import argparse
import asyncio
import os
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

from bot.app import load_knowledge
from bot.conversation.engine import Engine
from bot.domain.model import Preferences
from bot.messages import Incoming
from bot.reminders import PARALLEL
from storage.store import open_store
from tests.bench.crash_checks import at_death, at_the_end, files_apart, present_screen
from tests.bench.crash_people import Actor, Telegram, passes

ROOT = Path(__file__).parents[2]
ROLES = ("wanders", "shows", "counts", "wanders", "shows")
SLEEPER = 500_000
"""The number of the first of those who only wait for their reminder."""
ROUNDS = 200
"""Looks, 0.2 s apart, without any progress, after which it is hopeless."""
LIFE = 2.5
"""Seconds that one life is expected to take, and takes at most after its start: the reminders come due over them."""
START = 2.5
"""Seconds that a start takes at most on a machine that does nothing else; where it takes longer, so may a life."""
REQUESTS = 200
"""One life ends after so many requests at most, answers and edits and reminders together; or after a third as many
updates that were confirmed, since reminders that are late at a start would leave no time for people."""


@dataclass
class Result:
    """What happened, and what was wrong."""

    wrong: list[str] = field(default_factory=list)
    kills: int = 0
    starts: list[float] = field(default_factory=list)
    """Seconds from the start of a process to its first word with Telegram."""
    counts: Counter[str] = field(default_factory=Counter)
    most_sending: int = 0
    seconds: float = 0.0

    def table(self) -> str:
        """For people."""
        rows = {
            "kills": self.kills,
            "start to Telegram, median s": f"{median(self.starts):.2f}",
            **self.counts,
            "most being sent at one kill": f"{self.most_sending} (PARALLEL {PARALLEL})",
            "seconds": f"{self.seconds:.0f}",
            "violations": len(self.wrong),
        }
        return "\n".join(f"{name:40}{value!s:>12}" for name, value in rows.items())


class Crash:
    """One run. ``people`` act, ``sleepers`` wait for reminders."""

    def __init__(
        self, folder: Path, kills: int, people: int, sleepers: int, seed: int, life: float = LIFE, pictures: int = 150
    ) -> None:
        """``life``: see LIFE; in a shorter one everybody acts quicker, so that as much happens in it. ``pictures`` of
        each person at most: where the extra ``ocr`` is installed, the end waits until the last one was read."""
        self._folder, self._kills, self._people, self._sleepers, self._life = folder, kills, people, sleepers, life
        self._pictures = pictures
        self._random = Random(seed)
        self._database = folder / "data" / "jieru.db"
        self._unsettled: Counter[int] = Counter()
        """Reminder row -> the kills that found it being sent."""
        self._told: set[str] = set()
        self.result = Result()
        self.knowledge = load_knowledge()

    async def run(self) -> Result:
        """Everything, from an empty folder on."""
        began = asyncio.get_running_loop().time()
        await self._put_to_sleep()
        async with Telegram(self._random) as server:
            for number in range(self._sleepers):
                server.person(SLEEPER + number)
            over = asyncio.Event()
            actors = [
                Actor(
                    server, server.person(number + 1), ROLES[number % len(ROLES)], Random(number), over,
                    self._life / LIFE, self._pictures,
                )
                for number in range(self._people)
            ]  # fmt: skip
            acting = [asyncio.create_task(actor.live()) for actor in actors]
            for number in range(self._kills):
                await self._one_life(server)
                if number % 20 == 19:
                    sys.stderr.write(f"{number + 1} kills, {len(self.result.wrong)} violations, {server.confirmed}\n")
            async with self._process(server) as process:
                over.set()
                await asyncio.gather(*acting)
                await self._drained(server)
                await self._stops(process)
            async with self._process(server) as process:
                # Files that a kill left without a name are swept at the start.
                await self._connected(server, process, server.counts["deleteWebhook"])
                await self._stops(process)
            await self._verify(server, actors)
        self.result.seconds = asyncio.get_running_loop().time() - began
        return self.result

    async def _put_to_sleep(self) -> None:
        """Cases whose first reminder comes due somewhere in the run, told to the engine a day ago."""
        self._database.parent.mkdir(parents=True)
        store = await open_store(self._database)
        started, now = datetime.now(UTC), datetime.now(UTC)
        engine = Engine(store, self.knowledge, lambda: now, Preferences(quiet=False))
        for number in range(self._sleepers):
            person = f"telegram:{SLEEPER + number}"
            # The second reminder of the case comes 24 hours after it was told (the first one is late by then).
            due = started + timedelta(seconds=2 + self._random.uniform(0, self._kills * self._life))
            now = due - timedelta(hours=24)
            said = Incoming(f"s{number}.1", person, now, "text", text="草莓烂了一半商家不给退", message="1")
            for label in ("对，没错", "刚刚", ""):
                answer = await engine.handle(said)
                choices = [one for reply in answer.replies for row in reply.screen.rows for one in row]
                press = next((one.press for one in choices if one.label == label), "")
                said = Incoming(f"s{number}.{label}", person, now, "press", press=press)
        await store.close()

    @asynccontextmanager
    async def _process(self, server: Telegram) -> AsyncIterator[asyncio.subprocess.Process]:
        server.life += 1
        settings = {
            "TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url, "WEB_PORT": "0",
            "SEND_RATE": "1000", "SEND_RATE_CHAT": "100", "RATE_LIMIT_PERSON": "0",
            "LOG_LEVEL": "ERROR", "LOG_FORMAT": "json",
        }  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings}
        with (self._folder / "bot.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", cwd=self._folder, env=environment, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _one_life(self, server: Telegram) -> None:
        met = server.counts["deleteWebhook"]
        async with self._process(server) as process:
            if self._random.random() < 0.15:
                await passes(asyncio.Event(), self._random.uniform(0, median(self.result.starts or [START])))
            else:
                began = await self._connected(server, process, met)
                # By what it has done, not by the time that it took: a slow machine is no excuse.
                people = self._random.choice((True, False))
                enough = server.done(people) + self._random.randint(0, REQUESTS)
                with suppress(AssertionError):
                    longest = self._life * max(1.0, began / START)
                    await server.until(partial(server.has_done, people, enough), str, longest)
            if process.returncode is not None:
                self.result.wrong.append(f"life {server.life} ended by itself with {process.returncode}")
                return
            # Not only just after a request has come: somewhere within what follows from it.
            await passes(asyncio.Event(), self._random.uniform(0, 0.03))
            server.killed.add(server.life)
            process.kill()
            await process.wait()
            # What it had sent before lies in the sockets still, and belongs to its life.
            await passes(asyncio.Event(), 0.05)
        self.result.kills += 1
        wrong, sending = at_death(self._database, server.confirmed, server.pushed)
        self.result.wrong += [f"life {server.life}: {one}" for one in wrong if one not in self._told]
        self._told.update(wrong)
        self._unsettled.update(sending)
        self.result.most_sending = max(self.result.most_sending, len(sending))
        if len(sending) > PARALLEL:
            self.result.wrong.append(f"life {server.life}: {len(sending)} were being sent")

    async def _connected(self, server: Telegram, process: asyncio.subprocess.Process, met: int) -> float:
        """Wait for its first word with Telegram. Returns the seconds that it took."""
        began = server.now()
        await server.until(lambda: server.counts["deleteWebhook"] > met, lambda: f"no start: {process.returncode}", 60)
        self.result.starts.append(server.now() - began)
        return self.result.starts[-1]

    async def _drained(self, server: Telegram) -> None:
        """Until nothing is left to be done: no update, no due reminder, no job."""
        left = "SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM reminders WHERE wake <= ?)"
        best, patience = sys.maxsize, ROUNDS
        while patience:
            patience -= 1
            await passes(asyncio.Event(), 0.2)
            soon = datetime.now(UTC) + timedelta(seconds=1)
            with closing(sqlite3.connect(f"{self._database.as_uri()}?mode=ro", uri=True)) as connection:
                count = connection.execute(left, (int(soon.timestamp() * 1e6),)).fetchone()[0]
            left_now = count + len(server.waiting)
            if not left_now:
                return
            if left_now < best:
                best, patience = left_now, ROUNDS
        self.result.wrong.append(f"not drained: {count} rows and {len(server.waiting)} updates left")

    async def _stops(self, process: asyncio.subprocess.Process) -> None:
        process.terminate()
        if code := await process.wait():
            self.result.wrong.append(f"a polite stop ended with {code}")

    async def _verify(self, server: Telegram, actors: list[Actor]) -> None:
        wrong = self.result.wrong
        own = {str(one.id) for person in server.persons.values() for one in person.messages if one.mine}
        wrong += at_death(self._database, server.confirmed, server.pushed)[0]
        found, cases = await at_the_end(self._database, self.knowledge, datetime.now(UTC), own)
        wrong += found + files_apart(self._database, self._folder / "data" / "evidence")
        for actor in actors:
            wrong += [f"person {actor.person.number} was left without a word: {one}" for one in actor.ignored]
            name, looked = f"telegram:{actor.person.number}", actor.looked
            assert looked is not None
            expected = await present_screen(self._database, self.knowledge, name, looked)
            if expected != actor.sees:
                wrong.append(f"person {actor.person.number} saw {actor.sees}, and it stands at {expected}")
        doubled = self._check_reminders(server)
        kept = sum(self._kept(actor) for actor in actors)
        self.result.counts.update({
            "people acting": len(actors),
            "updates confirmed": sum(number < server.confirmed for number in server.pushed),
            "acts": sum(actor.acts for actor in actors),
            "answers lost with a process (redrawn)": sum(actor.unanswered for actor in actors),
            "cases": cases,
            "pictures kept": kept,
            "reminders delivered": len(server.delivered),
            "reminders being sent at a kill": self._unsettled.total(),
            "reminders doubled": doubled,
        })  # fmt: skip

    def _check_reminders(self, server: Telegram) -> int:
        """Every row that was sent was shown, and more than once only by as many kills as found it being sent."""
        with closing(sqlite3.connect(self._database)) as connection:
            rows = connection.execute("SELECT id, person, state FROM reminders WHERE due <= ?", (_micros(),)).fetchall()
        doubled = 0
        for number, person, state in rows:
            shown = len(server.delivered[number])
            asleep = int(person.partition(":")[2]) >= SLEEPER
            if (state == "sent" or (asleep and state != "dropped")) and not shown:
                self.result.wrong.append(f"reminder {number} is {state} and was never shown")
            if asleep and shown > 1 + self._unsettled[number]:
                self.result.wrong.append(f"reminder {number} came {shown} times, {self._unsettled[number]} kills")
            doubled += max(0, shown - 1) if asleep else 0
        awake = {number for number, person, _ in rows if int(person.partition(":")[2]) >= SLEEPER}
        if len(awake) < self._sleepers:
            self.result.wrong.append(f"only {len(awake)} of {self._sleepers} reminders came due")
        return doubled

    def _kept(self, actor: Actor) -> int:
        with closing(sqlite3.connect(self._database)) as connection:
            refs = connection.execute(
                "SELECT json_extract(data, '$.file') FROM entries WHERE person = ? AND kind = 'proof'",
                (f"telegram:{actor.person.number}",),
            ).fetchall()
        there = {row[0] for row in refs}
        if actor.role == "shows":
            missing = [ref for ref in actor.pictures if ref not in there]
            self.result.wrong += [f"picture {ref} of {actor.person.number} is no evidence" for ref in missing]
        return len(there)


def _micros() -> int:
    return int(datetime.now(UTC).timestamp() * 1e6)


async def main(kills: int, people: int, sleepers: int, seed: int) -> int:
    """Run it, print the table. Returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        crash = Crash(Path(folder), kills, people, sleepers, seed)
        result = await crash.run()
        log = (Path(folder) / "bot.log").read_text(encoding="utf-8", errors="replace")
    told = Counter(line for line in log.splitlines() if line.startswith("{"))
    sys.stdout.write(result.table() + "\n")
    sys.stdout.writelines(f"logged: {line[:300]}\n" for line in list(told)[:20])
    sys.stdout.writelines(f"WRONG: {line[:600]}\n" for line in result.wrong[:40])
    return 1 if result.wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--sleepers", type=int, default=800)
    parser.add_argument("--seed", type=int, default=6)
    options = parser.parse_args()
    sys.exit(asyncio.run(main(options.kills, options.people, options.sleepers, options.seed)))
