"""Telegram is away for an hour, in six ways, and comes back: is everything answered, in order, marked, and paced?

Run ``python -m tests.bench.outage``; what it checks and prints is explained in ``README.md`` here. Exit code 1 if
anything is wrong. The clock of the event loop runs faster while nothing can happen: no pause or limit is changed.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Literal, cast, get_args

from bot.app import load_knowledge
from bot.channels.telegram import TelegramChannel, Texts, Timing
from bot.conversation.commands import menu
from bot.conversation.engine import Engine
from bot.domain.model import Preferences
from bot.inspection import inspect
from bot.messages import Answer, Incoming
from bot.reminders import BACKOFF, Reminders
from storage.files import open_files
from storage.store import SqliteStore, open_store
from tests.bench.elastic import ElasticLoop
from tests.bench.outage_telegram import Telegram
from tests.harness import START

Way = Literal["refused", "hanging", "html", "flood", "lost", "dns"]
"""Connections refused; no answer; 502 with a page; 429 with retry_after; the answer lost after it took effect; no
such name."""
WAYS: tuple[Way, ...] = get_args(Way)
RATE, RATE_CHAT, BURST = 30, 1, 5
"""Messages per second, to all and to one chat, and how many a chat that was quiet may have at once."""
SLEEPER = 1000
SURELY_LATE = timedelta(minutes=10)
"""A reminder says that it is late from two minutes on; on its way to the fake, fast time passes."""
TICK = 0.05
SAYS = ("/help", "/settings", "/cases")
"""What everybody writes while Telegram is away; no two answers after each other are the same."""
QUIET = 5
"""Seconds without a message after which nothing more is expected."""
UNDER_WAY = 60
"""Seconds that a message may be on its way, with all attempts."""
STORM = len(Timing().reply_pauses) + 1 + 60 // BACKOFF[0].seconds
"""Attempts in a minute for somebody who waits for an answer and somebody who waits for a reminder, while Telegram is
away: an answer is given up after half a minute."""
JITTER = 3
"""Messages that may arrive in the same second though they left in two."""


@dataclass
class Result:
    """What one outage did, and what was wrong."""

    way: str
    wrong: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)


class Outage:
    """One bot and ``people`` who write during the outage, as many who wait for a reminder, and one who blocked it."""

    def __init__(self, loop: ElasticLoop, folder: Path, people: int, speed: float) -> None:
        self._loop, self._folder, self._people, self._speed = loop, folder, people, speed
        self._began = loop.time()
        self._handled: dict[str, list[int]] = defaultdict(list)
        self._answers: dict[int, list[str]] = defaultdict(list)
        self.knowledge = load_knowledge()
        self.store: SqliteStore
        self._stall = 0.0
        """The longest time for which this machine let nothing run after the return: what left meanwhile arrives at
        once."""

    def clock(self) -> datetime:
        """The bot's clock: the loop's."""
        return START + timedelta(seconds=self._loop.time() - self._began)

    async def run(self, ways: tuple[Way, ...], minutes: float, drain: float) -> Result:
        """These ways, one after the other, ``minutes`` each; then back."""
        result = Result("+".join(ways))
        self.store = await open_store(self._folder / "jieru.db")
        dues = await self._put_to_sleep(minutes * len(ways))
        server = Telegram(self.clock)
        async with server:
            channel = await self._channel(server)
            reminders = Reminders(self.store, self.knowledge, {"telegram": channel}, self.clock)
            for number in range(self._people):
                server.person(number + 1)
                server.person(SLEEPER + number)
            server.person(SLEEPER).blocked = True
            await channel.start()
            await server.polled()
            looping = asyncio.create_task(reminders.run())
            away = self._loop.time()
            for way in ways:
                await self._away(server, way, minutes)
            # Everything that waits for its next attempt is due at once: the worst that can happen at the return.
            self._loop.leap(BACKOFF[-1].total_seconds())
            back = self._loop.time()
            self._loop.speed = drain
            await self._drained(server, result)
            self._look(result, server, dues, away, back)
            reminders.stop()
            self._loop.speed = 1
            await asyncio.gather(looping, channel.stop())
        await self.store.close()
        return result

    async def _channel(self, server: Telegram) -> TelegramChannel:
        engine = Engine(self.store, self.knowledge, self.clock, Preferences(quiet=False))
        files = await open_files(self._folder / "evidence", inspect)

        async def handle(incoming: Incoming) -> Answer:
            self._handled[incoming.person].append(int(incoming.id.partition(":")[2]))
            answer = await engine.handle(incoming)
            self._answers[int(incoming.person.partition(":")[2])] += [str(one.screen.text) for one in answer.replies]
            return answer

        return TelegramChannel(
            server.token, handle, files=files, commands=menu(self.knowledge.catalog.texts),
            texts=Texts(group_notice="-"), clock=self.clock, on_fatal=lambda kind: None,
            on_unreachable=lambda person: self.store.set_reachable(person, False),
            on_reachable=lambda person: self.store.set_reachable(person, True),
            api_url=server.url, rate=RATE, rate_chat=RATE_CHAT,
        )  # fmt: skip

    async def _put_to_sleep(self, minutes: float) -> dict[int, datetime]:
        """Cases whose reminder comes due during the outage. Returns row -> its moment."""
        now = START
        engine = Engine(self.store, self.knowledge, lambda: now, Preferences(quiet=False))
        for number in range(self._people):
            now = START - timedelta(hours=24) + timedelta(minutes=minutes * (number + 1) / (self._people + 1))
            person = f"telegram:{SLEEPER + number}"
            said = Incoming(f"s{number}", person, now, "text", text="草莓烂了一半商家不给退")
            for label in ("对，没错", "刚刚", ""):
                answer = await engine.handle(said)
                choices = [one for reply in answer.replies for row in reply.screen.rows for one in row]
                press = next((one.press for one in choices if one.label == label), "")
                said = Incoming(f"s{number}.{label}", person, now, "press", press=press)
        dues = {}
        for number in range(self._people):
            async with self.store.transaction() as transaction:
                dossier = await transaction.load(f"telegram:{SLEEPER + number}")
            assert dossier is not None
            first = min((row for row in dossier.reminders if row.due > START), key=lambda row: row.due)
            dues[first.id] = first.due
        return dues

    async def _away(self, server: Telegram, way: Way, minutes: float) -> None:
        """Telegram is away in this way; people go on writing."""
        if way in ("refused", "dns"):
            await server.stop()
            self._loop.names_fail = way == "dns"
        elif way == "flood":
            server.faults.always("*", 429, retry_after=20)
        else:
            server.fails_always(way)
        self._loop.speed = self._speed
        for words in SAYS:
            for number in range(self._people):
                await server.person(number + 1).says(words)
            await asyncio.wait([self._loop.create_future()], timeout=minutes * 20)
        self._loop.speed = 1
        server.faults.clear()
        self._loop.names_fail = False
        if way in ("hanging", "lost"):
            # What hangs is broken off, as when the line comes back.
            await server.stop()
            await server.start()
        elif way in ("refused", "dns"):
            await server.start()

    def _most_attempts(self, server: Telegram, away: float, back: float) -> int:
        """Requests, or connections and names where no request comes through, in the worst whole minute."""
        minutes = range(int(away // 60) + 1, int(back // 60))
        return max((max(server.requests[one], self._loop.attempts[one]) for one in minutes), default=0)

    async def _drained(self, server: Telegram, result: Result) -> None:
        began = self._loop.time()
        for number in range(3000):
            before = self._loop.time()
            await asyncio.wait([self._loop.create_future()], timeout=TICK)
            self._stall = max(self._stall, self._loop.time() - before - TICK)
            if number % 20:
                continue
            due = await self.store.next_due()
            planned = due is not None and due <= self.clock() + BACKOFF[-1]
            since = self._loop.time() - (server.sent[-1][0] if server.sent else began)
            if not server.waiting and since > QUIET:
                if not planned:
                    result.figures["seconds to drain"] = self._loop.time() - since - began
                    return
                # An attempt that was under way at the return failed, and the next one is minutes away.
                assert due is not None
                self._loop.leap(max(0.0, (due - self.clock()).total_seconds()))
        result.wrong.append(f"not drained: {len(server.waiting)} updates wait, reminders planned: {planned}")

    def _look(self, result: Result, server: Telegram, dues: dict[int, datetime], away: float, back: float) -> None:
        wrong, figures = result.wrong, result.figures
        for person, numbers in self._handled.items():
            first = list(dict.fromkeys(numbers))
            if first != sorted(first):
                wrong.append(f"{person} was not handled in order: {numbers}")
        for number in range(self._people):
            # One that is repeated, since nobody said that it had come, stands there several times in a row.
            mine = [text for _, chat, text, row in server.sent if (chat, row) == (number + 1, 0)]
            shown = [text for text, _ in groupby(mine)]
            wanted = [text for text, _ in groupby(self._answers[number + 1])]
            figures["answers given up"] = figures.get("answers given up", 0) + len(wanted) - len(shown)
            rest = iter(wanted)
            if not all(text in rest for text in shown) or shown[-1:] != wanted[-1:]:
                wrong.append(f"person {number + 1} saw {shown[:3]} instead of {wanted[:3]}")
        came: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for at, _, text, row in server.sent:
            if row:
                came[row].append((at, text))
        blocked = min(dues, key=lambda row: dues[row])
        for row, due in dues.items():
            if (row == blocked) == bool(came[row]):
                wrong.append(f"reminder {row} came {len(came[row])} times; blocked: {row == blocked}")
            for at, text in came[row]:
                # What was on its way when the clock leapt was written before that.
                leapt = BACKOFF[-1] if back <= at < back + UNDER_WAY else timedelta()
                late = START + timedelta(seconds=at - self._began) - due > SURELY_LATE + leapt
                if late and "晚了" not in text:
                    wrong.append(f"reminder {row} was late and did not say so: {text[:80]}")
        times = [at for at, *_ in server.sent if at >= back]
        most = max((sum(at <= other < at + 1 for other in times) for at in times), default=0)
        allowed = RATE * (1 + self._stall) + JITTER
        figures |= {
            "answers": sum(row == 0 for *_, row in server.sent), "reminders": sum(map(len, came.values())),
            "reminders doubled": sum(max(0, len(each) - 1) for each in came.values()),
            "most in a second": most,
            "attempts a minute while away": self._most_attempts(server, away, back),
        }  # fmt: skip
        if figures["attempts a minute while away"] > STORM * (self._people + 1):
            wrong.append("Telegram was stormed while it was away")
        if most > allowed:
            wrong.append(f"{most} messages in one second, while {allowed:.0f} could be let pass")
        for chat in {chat for _, chat, _, _ in server.sent}:
            moments = [at for at, to, _, _ in server.sent if to == chat and at >= back]
            if any(sum(at <= other < at + 10 for other in moments) > 10 * RATE_CHAT + BURST + 1 for at in moments):
                wrong.append(f"chat {chat} was sent more than one message a second")


def run(ways: tuple[Way, ...], people: int, minutes: float, speed: float, drain: float) -> Result:
    """One outage in a loop and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=ElasticLoop) as runner:
        loop = cast("ElasticLoop", runner.get_loop())
        return runner.run(Outage(loop, Path(folder), people, speed).run(ways, minutes, drain))


def main(people: int, speed: float, drain: float) -> int:
    """Every way for an hour. Returns the exit code."""
    wrong = []
    for way in WAYS:
        result = run((way,), people, 60, speed, drain)
        figures = "  ".join(f"{name} {value:.4g}" for name, value in result.figures.items())
        sys.stdout.write(f"{way:10}{figures}\n")
        sys.stdout.flush()
        wrong += [f"{way}: {one}" for one in result.wrong]
    sys.stdout.writelines(f"WRONG: {one[:600]}\n" for one in wrong[:40])
    return 1 if wrong else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--speed", type=float, default=200)
    parser.add_argument("--drain", type=float, default=4)
    options = parser.parse_args()
    sys.exit(main(options.people, options.speed, options.drain))
