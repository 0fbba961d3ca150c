"""Runs the inputs through: updates in order, requests over many connections, time in between."""

import asyncio
import json
import random
import re
import time
from collections import Counter
from pathlib import Path

from bot.channels.telegram.edits import LastHeld
from bot.channels.telegram.parsing import parse, parse_press
from bot.channels.telegram.received import Pressed, Received, place_of, read_update
from tests.abuse.beings import Being
from tests.abuse.crowd import WEB, Crowd
from tests.abuse.requests import Requests
from tests.abuse.updates import Updates

PATIENCE = 60.0
"""Seconds after which an answer that must come does not come any more."""
LONG = 5.0
"""Seconds of this process's own time that one update may cost; a busy machine is no finding."""
GLANCE = 0.05
"""Seconds to wait for answers that need not come: the server waits for the rest of a request."""
AT_ONCE = 12
"""Connections side by side."""
ROUND = 200
"""Inputs after which time passes, and the watching are looked at."""

_EXPECT = re.compile(rb"expect:[^\r\n]*[\x80-\xff]", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) [A-Z]")


class Drive:
    """``updates`` and ``requests`` run so many of each. ``counts`` is what came of them; findings are the crowd's."""

    def __init__(self, crowd: Crowd, seed: int) -> None:
        self._crowd = crowd
        self._seed = seed
        self._held = LastHeld()
        self._made = Updates(crowd, random.Random(f"updates {seed}"))
        self._asked = Requests(crowd, random.Random(f"requests {seed}"), self._made)
        self.counts: Counter[str] = Counter()

    async def updates(self, number: int) -> None:
        for index in range(number):
            self._crowd.input = index
            being, update = self._made.next()
            self.counts[f"update {await self._update(being, update)}"] += 1
            if index % ROUND == ROUND - 1:
                await self._pause(index)

    async def _update(self, being: Being, raw: dict[str, object]) -> str:
        """As the channel does it, without sending."""
        crowd = self._crowd
        sent = json.dumps({"ok": True, "result": [raw]}).encode()
        try:
            received = json.loads(sent)["result"][0]
            update = read_update(Received(received["update_id"], received))
            place = place_of(update)
            if place is None or not place.private:
                return "of no person"
            if isinstance(update, Pressed):
                if update.data is None:
                    return "without content"
                incoming = parse_press(update.update_id, place.chat, update.message, update.data, crowd.now)
            elif update.my_chat_member is not None:
                return "of membership"
            elif (parsed := parse(update, crowd.now, self._held.before(update))) is not None:
                incoming = parsed
            else:
                return "without content"
            began = time.process_time()
            async with asyncio.timeout(PATIENCE):
                answer = await crowd.handle(being, incoming)
            if time.process_time() - began > LONG:
                crowd.note("took long", f"{time.process_time() - began:.1f} s {raw}")
            if incoming.person != being.person:
                crowd.look(incoming.person, answer)
            if not isinstance(update, Pressed):
                self._held.note(update)
            return f"handled: {incoming.kind}"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            crowd.note(f"unhandled {type(error).__name__}", f"{error} {raw}")
            return "failed"

    async def requests(self, number: int) -> None:
        for begin in range(0, number, ROUND):
            made = [(index, *self._asked.next()) for index in range(begin, min(begin + ROUND, number))]
            places = asyncio.Semaphore(AT_ONCE)
            await asyncio.gather(*(self._connection(*each, places) for each in made))
            await self._pause(begin)

    async def _connection(self, number: int, sent: bytes, surely: bool, places: asyncio.Semaphore) -> None:
        crowd = self._crowd
        async with places:
            host, _, port = crowd.web.url.removeprefix("http://").partition(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            got = b""
            try:
                writer.write(sent)
                got = await self._read(reader, GLANCE)
                if not got and surely:
                    got = await self._read(reader, PATIENCE)
                await writer.drain()
            except ConnectionError:
                self.counts["connection reset"] += 1
            finally:
                writer.close()
        if not got:
            self.counts["request without an answer"] += 1
        crowd.input = number
        for status in _STATUS.findall(got):
            self.counts[f"answer {status.decode()}"] += 1
            if status == b"500" and _EXPECT.search(sent):
                # aiohttp's own, before any code of ours: it repeats the header in its answer, and cannot write that.
                self.counts["of these by aiohttp, for an Expect that is no ASCII"] += 1
            elif status == b"500":
                crowd.note("the server failed", repr(sent[:600]))
        text = got.decode("utf-8", "replace")
        if b"\nX-Evil" in got:
            crowd.note("a header was injected", f"{sent!r} {text}")
        # Whoever sent it may be told of it: a refusal of a broken head repeats the line that is wrong.
        asking = [each.person for each in crowd.beings if each.session and _is_of(each, sent)]
        crowd.search("", text + _unescaped(text), *asking)

    async def _read(self, reader: asyncio.StreamReader, patience: float) -> bytes:
        got = b""
        while len(got) < 4_000_000:
            try:
                async with asyncio.timeout(patience if not got else GLANCE):
                    part = await reader.read(256 * 1024)
            except TimeoutError:
                break
            if not part:
                break
            got += part
        return got

    async def _pause(self, index: int) -> None:
        crowd = self._crowd
        await crowd.later(minutes=random.Random(index).choice((1, 20, 300)))
        await crowd.check_watching()
        await crowd.replant()

    async def end(self) -> None:
        """Does everything still answer, and is nothing left over?"""
        crowd = self._crowd
        for being in (*crowd.beings, *crowd.watching):
            if being.session is not None:
                lines = [f"Host: {crowd.web.url[7:]}", f"Cookie: jieru={being.session.token}", "Connection: close"]
                sent = "\r\n".join(["GET /session HTTP/1.1", *lines, "", ""]).encode()
                await self._connection(-1, sent, True, asyncio.Semaphore(1))
        if self.counts["answer 200"] < WEB:
            crowd.note("the server does not answer any more", str(self.counts))
        await crowd.later(days=3)
        await crowd.check_watching()
        for _ in range(20):
            await asyncio.sleep(0)
        stuck = [task for task in asyncio.all_tasks() if task is not asyncio.current_task() and not _idle(task)]
        self.counts["tasks left"] = len(stuck)
        slots = crowd.web._uploads._slots
        if len(slots):
            crowd.note("an upload never ended", str(len(slots)))


def _idle(task: asyncio.Task[object]) -> bool:
    """A connection of the server that waits for a request."""
    return "RequestHandler.start" in repr(task)


def _is_of(being: Being, sent: bytes) -> bool:
    told = (being.session.token if being.session else "", *being.secrets)
    return any(each.encode() in sent for each in told if each)


def _unescaped(text: str) -> str:
    """JSON says what is not ASCII by its number."""
    try:
        return text.encode("latin-1", "ignore").decode("unicode_escape", "ignore")
    except UnicodeDecodeError:
        return ""


async def run(folder: Path, seed: int, updates: int, requests: int) -> tuple[Crowd, Drive]:
    """A crowd of its own, all inputs, and a look at what is left."""
    async with Crowd(folder) as crowd:
        drive = Drive(crowd, seed)
        await drive.updates(updates)
        await drive.requests(requests)
        await drive.end()
    return crowd, drive
