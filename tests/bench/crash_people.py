"""People who press, type and send pictures for as long as they are let, and the Telegram that they see it through."""

import asyncio
import re
import struct
import zlib
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import web

from tests.fakes.telegram_api import FakeTelegram
from tests.fakes.telegram_person import Message, Person

PATIENCE = 30.0
"""Seconds after Telegram has seen it confirmed in which there must be a reaction, unless the process is killed."""
OVERTAKEN = 50
"""Later acts, of others, that are answered before a kill: whoever has no answer by then was not about to get one. The
answers to all that one commit holds (``storage.store.COMMITS``) leave side by side, in any order."""
LONGEST = 120.0
"""Seconds for which somebody waits for a bot that is away."""
HOME, FURTHER, LOOK, LISTED = "说说新问题", "更多选择", "看", "问题单"
"""A button of the first screen, which /start brings. In 大字模式 it may be behind the second, and others with the third
at their beginning come first."""
_REMINDER = re.compile(r'"r(\d+)\.')
_NOT_PRESSED = ("删", "忘", "停止提醒", "退款到账", "关")
"""Parts of buttons that take away what is checked afterwards."""
_TYPED = ("/cases", "/settings", "/next", "39.90", "昨天下午三点", "还剩1天3小时", "商家说不给退", "你好", "发霉")


class Telegram(FakeTelegram):
    """The fake Bot API that is at times slow to answer after it has acted, and that counts instead of keeping."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()
        self.delivered: dict[int, list[int]] = defaultdict(list)
        """Reminder row -> the numbers of the lives in which it was shown."""
        self.requests = 0
        self.life = 0
        self.pushed: dict[int, tuple[str, int]] = {}
        """Update -> its kind and its person."""
        self.answered: dict[int, list[int]] = defaultdict(list)
        """Life -> the updates whose answer came in it."""
        self.killed: set[int] = set()
        """The lives that were ended by a kill."""
        self._random = random
        self._never = asyncio.Event()

    def done(self, people: bool) -> int:
        """How much so far: requests of any kind, or what ``people`` had confirmed, thrice."""
        return 3 * self.confirmed if people else self.requests

    def has_done(self, people: bool, much: int) -> bool:
        """Whether it is as much by now."""
        return self.done(people) >= much

    def push(self, kind: str, payload: dict[str, Any]) -> int | None:
        number = super().push(kind, payload)
        assert number is not None
        self.pushed[number] = (kind, int((payload.get("message") or payload)["chat"]["id"]))
        return number

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        response = await super()._answer(request)
        if request.match_info["method"] != "getUpdates":
            await passes(self._never, self._random.uniform(0, 0.05))
        return response

    def _record(self, method: str, params: dict[str, Any], status: int, description: str = "") -> None:
        self.requests += 1
        self.counts[method] += 1
        self.counts[f"{method} {status}"] += 1
        if method == "sendMessage" and status == 200:
            found = _REMINDER.search(str(params.get("reply_markup", "")))
            if found:
                self.delivered[int(found.group(1))].append(self.life)
        self._note_change()


async def passes(event: asyncio.Event, seconds: float) -> bool:
    """Wait that long for the event. Returns whether it came."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


@dataclass
class Actor:
    """One person. ``role``: ``wanders`` presses and types anything, ``shows`` sends pictures, ``counts`` sets short
    countdowns."""

    server: Telegram
    person: Person
    role: str
    random: Random
    over: asyncio.Event
    pace: float = 1.0
    """1: a deed about every 0.7 s beside what the answer takes; 0.5: twice as often."""
    most_pictures: int = 150
    """So many are sent at most; then this person only looks."""
    acts: int = 0
    unanswered: int = 0
    """Acts that were confirmed and never answered: the answer died with a process."""
    ignored: list[str] = field(default_factory=list)
    """Acts without a reaction though the process that had them confirmed was not killed."""
    looked: datetime | None = None
    sees: list[str] | None = None
    """The buttons of what came after the last /start, and when: where things stand."""
    pictures: list[str] = field(default_factory=list)

    async def live(self) -> None:
        """Until ``over``, and then once more to see where things stand."""
        await self._insist("/start")
        await self._open_case()
        while not await passes(self.over, self.random.uniform(0.2, 1.2) * self.pace):
            await getattr(self, f"_{self.role}")()
        for _ in range(20):
            mark = self.server.revision
            await self.person.says("/start")
            with suppress(AssertionError):
                # What was still on its way from the deed before is not meant.
                await self.server.until(partial(self._came_home, mark), str, PATIENCE)
                break
        self.looked = datetime.now(UTC)
        home = self._home(mark)
        self.sees = home.buttons if home else None

    def _came_home(self, since: int) -> bool:
        return self._home(since) is not None

    def _home(self, since: int) -> Message | None:
        return next((one for one in self.person.chat if one.revision > since and _is_home(one)), None)

    async def _open_case(self) -> None:
        """Whatever dies meanwhile: look at what is there, and go on from that."""
        for _ in range(60):
            last = self._last(bool)
            labels = last.buttons if last else []
            if "改倒计时" in labels:
                return
            step = next((one for one in ("对，没错", "刚刚", "看草莓坏果") if one in labels), None)
            if step is None or not await self._press(step, last):
                await self._say("草莓烂了一半商家不给退" if step is None else "/start")
        raise AssertionError(f"no case came about\n{self.person.transcript()[-2000:]}")

    async def _wanders(self) -> None:
        if self.random.random() < 0.3:
            await self._say(self.random.choice(_TYPED))
            return
        last = self._last(bool)
        labels = [one.text for row in last.rows for one in row if one.press] if last else []
        labels = [label for label in labels if not any(part in label for part in _NOT_PRESSED)]
        if labels and last is not None:
            await self._press(self.random.choice(labels), last)
        else:
            await self._say("/start")

    async def _shows(self) -> None:
        if len(self.pictures) < self.most_pictures:
            mark = self.server.revision
            sent = await self.person.sends_photo(content=picture(self.random))
            assert sent.file is not None
            self.pictures.append(sent.file.id)
            await self._reaction(mark)
        else:
            await self._say("/cases")

    async def _counts(self) -> None:
        await self._insist("/start")
        if await self._press("改倒计时"):
            await self._say(f"00:00:{self.random.randint(2, 9):02}")
            await self._press("对，没错")

    async def _insist(self, text: str) -> None:
        for _ in range(20):
            if await self._say(text):
                return
        raise AssertionError(f"nobody answers {text}\n{self.person.transcript()[-2000:]}")

    async def _say(self, text: str) -> bool:
        mark = self.server.revision
        await self.person.says(text)
        return await self._reaction(mark)

    async def _press(self, label: str, where: Message | None = None) -> bool:
        """False if there is no such button, or no answer."""
        where = where or self._last(lambda one: any(each == label for each in one.buttons))
        button = where.button(label) if where else None
        if where is None or button is None or not button.press:
            return False
        mark = self.server.revision
        press = await self.person.forges(button.press, where)
        return await self._reaction(mark, lambda: press.answered)

    async def _reaction(self, mark: int, answered: Any = lambda: False) -> bool:
        """Whether there was one. While the process lives that had the act confirmed, there must be: it is waited for
        until that is killed."""
        self.acts += 1
        number, server = self.server._updates, self.server
        life = server.life

        def reacted() -> bool:
            return bool(answered()) or self._changed(mark)

        with suppress(AssertionError):
            await server.until(lambda: number < server.confirmed or reacted(), str, LONGEST)
            life = server.life
            await server.until(lambda: life in server.killed or reacted(), str, PATIENCE)
        if reacted():
            server.answered[server.life].append(number)
            return True
        if number < server.confirmed:
            self.unanswered += 1
            later = sum(other > number for other in server.answered[life])
            if life not in server.killed or later > OVERTAKEN:
                self.ignored.append(f"update {number} in life {life}, in which {later} later ones were answered")
        return False

    def _changed(self, mark: int) -> bool:
        return any(one.revision > mark and not _is_reminder(one) for one in self.person.chat[-6:])

    def _last(self, fits: Any) -> Message | None:
        return next((one for one in reversed(self.person.chat[-12:]) if not _is_reminder(one) and fits(one)), None)


def _is_home(message: Message) -> bool:
    *before, last = message.buttons or [""]
    return HOME in message.buttons or (last == FURTHER and all(map(_shows_problem, before)))


def _shows_problem(label: str) -> bool:
    """看生鲜坏果 stands on the first screen; 看问题单2 on the list of all."""
    return label.startswith(LOOK) and LISTED not in label


def _is_reminder(message: Message) -> bool:
    return any(re.match(r"r\d+\.", one.press) for row in message.rows for one in row)


def picture(random: Random) -> bytes:
    """A PNG that no other equals."""
    side = 8
    lines = b"".join(b"\0" + random.randbytes(3 * side) for _ in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n"
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")):
        png += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return png


def resident(process: int | str = "self") -> float:
    """Megabytes of memory that a process holds now (Linux)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
