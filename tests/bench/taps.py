"""People who tap once a second whatever the bot does, and the Telegram on loopback that tells how long it took.

Open loop: the next tap comes by the clock, whether or not the last was answered, so that a bot that stands still for a
second is seen by everybody who tapped in that second. A tap is done when its press is answered and its screen is there;
its latency counts from the moment when it was to be made, not from when this process got round to it.
"""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.bench.flood import pause
from tests.bench.server import Connection, Server, answer, answered, pressed, user

WAITED: Final = 5.0
"""Seconds after which a tap that was not done counts as lost (and as having taken so long)."""
FACTS: Final = ("已提交申请", "商家拒绝了")
"""Buttons that begin to write down a fact; the moment is asked for, and the card comes as a new message."""
NOW: Final = "刚刚"
FACT_SHARE: Final = 0.05
"""How often a fact is written down where one can be. Each takes two taps and brings two new messages."""
BROWSED: Final = (
    "更多", "下一页", "返回", "处理经过", "后续流程", "证据清单", "教我申请", "找到了，下一步", "回问题单", "说好的事",
    "有新进展", "改倒计时",
)  # fmt: skip
"""Buttons that only lead somewhere: the message is edited."""

_CHAT = re.compile(rb"chat_id\W+(\d+)")
_QUERY = re.compile(rb"callback_query_id\W+(\d+)")
_DRAWN = (b"sendMessage", b"editMessageText", b"sendDocument", b"sendPhoto")
_HEAD = 4096
"""Bytes of an upload in which its chat stands."""
_TRUE = answer(True)


@dataclass(slots=True, eq=False)
class Tap:
    """``due``: when it was to be made, on the clock of the loop; ``counts``: whether its latency is measured."""

    due: float
    counts: bool = True
    answered: bool = False
    drawn: bool = False


@dataclass(slots=True)
class Chat:
    """What a person sees, and what they wait for."""

    person: int
    buttons: Mapping[str, str]
    message: int = 100
    taps: deque[Tap] = field(default_factory=deque)
    messages: int = 0
    """Those that came, also by themselves; edits do not count."""
    files: int = 0
    """Of these."""
    came: asyncio.Event = field(default_factory=asyncio.Event)
    """Set with each message and edit."""


class Telegram(Server):
    """Remembers what each chat shows, and measures taps."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        """Pictures that can be fetched, by the reference under which they are sent."""
        self.took: list[float] = []
        """Seconds of each tap that is done, in order of their ends."""
        self.late: list[float] = []
        """Seconds by which taps were made after their moment: what the machine, not the bot, is to blame for."""
        self.strangers = 0
        """Messages to those who are not in ``chats``: reminders."""
        self.messages = 0
        self._random = random
        self._queries: dict[int, tuple[Chat, Tap]] = {}

    def handle(self, connection: Connection, method: bytes, body: bytes) -> None:
        if method == b"answerCallbackQuery":
            connection.send(_TRUE)
            self._answered(int(_found(_QUERY, body)))
        elif method in _DRAWN:
            self._draw(connection, method, body)
        elif method == b"getFile":
            ref = json.loads(body)["file_id"]
            connection.send(answer({"file_id": ref, "file_unique_id": ref, "file_path": f"photos/{ref}"}))
        elif method.decode() in self.files:
            connection.send(answered(self.files[method.decode()], b"application/octet-stream"))
        else:
            super().handle(connection, method, body)

    async def taps(self, people: Sequence[Chat], seconds: float) -> list[float]:
        """Everybody taps once a second at a moment of their own. Returns the latencies."""
        self.took, self.late, self.messages = [], [], 0
        loop = asyncio.get_running_loop()
        began = loop.time() + 0.1
        for chat in people:
            first = began + self._random.random()
            loop.call_at(first, self._tap, chat, first, began + seconds)
        await pause(seconds + 0.1)
        if any(chat.taps for chat in people):
            await pause(WAITED)
        return self.took

    async def sees(self, chat: Chat, what: Callable[[], object]) -> None:
        """Until it is so in the chat."""
        while not what():
            chat.came.clear()
            await chat.came.wait()

    def says(self, chat: Chat, **message: Any) -> None:
        """Somebody sends a message."""
        chat.message += 1
        fields = {"message_id": chat.message, "from": user(chat.person), "date": 1795312800}
        self.push({"message": {**fields, "chat": {"id": chat.person, "type": "private"}, **message}})

    def presses(self, chat: Chat, label: str) -> None:
        """Somebody who is not one of those who tap presses a button that they see."""
        tap = Tap(asyncio.get_running_loop().time(), counts=False)
        self._press_now(chat, tap, chat.buttons[label])

    def _tap(self, chat: Chat, due: float, end: float) -> None:
        loop = asyncio.get_running_loop()
        if due + 1 < end:
            loop.call_at(due + 1, self._tap, chat, due + 1, end)
        self.late.append(loop.time() - due)
        tap = Tap(due)
        loop.call_later(WAITED, self._lost, chat, tap)
        self._press_now(chat, tap, chat.buttons[self._choose(tuple(chat.buttons))])

    def _press_now(self, chat: Chat, tap: Tap, data: str) -> None:
        query = len(self._queries) + 1
        self._queries[query] = chat, tap
        chat.taps.append(tap)
        self.push({"callback_query": pressed(query, chat.person, chat.message, data)})

    def _choose(self, labels: Sequence[str]) -> str:
        if NOW in labels:
            return NOW
        facts = [label for label in labels if label in FACTS]
        if facts and self._random.random() < FACT_SHARE:
            return facts[0]
        return self._random.choice([label for label in labels if label in BROWSED] or list(labels))

    def _answered(self, query: int) -> None:
        chat, tap = self._queries[query]
        tap.answered = True
        self._settle(chat, tap)

    def _draw(self, connection: Connection, method: bytes, body: bytes) -> None:
        person = int(_found(_CHAT, body[:_HEAD] if method.startswith(b"sendD") else body))
        chat = self.chats.get(person)
        edited = method == b"editMessageText"
        self.messages += not edited
        number = 0 if chat is None else chat.message if edited else chat.message + 1
        date = {"date": 1795312800} | ({"edit_date": 1795312800} if edited else {})
        connection.send(answer({"message_id": number, "chat": {"id": person, "type": "private"}, **date}))
        if chat is None:
            self.strangers += 1
            return
        chat.message = number
        markup = _markup(body)
        if markup is not None:
            rows = markup["inline_keyboard"]
            chat.buttons = {one["text"]: one["callback_data"] for row in rows for one in row if "callback_data" in one}
        waiting = next((tap for tap in chat.taps if not tap.drawn), None)
        if waiting is not None:
            waiting.drawn = True
            self._settle(chat, waiting)
        chat.messages += not edited
        chat.files += method == b"sendDocument"
        chat.came.set()

    def _settle(self, chat: Chat, tap: Tap) -> None:
        if tap.answered and tap.drawn and tap in chat.taps:
            chat.taps.remove(tap)
            if tap.counts:
                self.took.append(asyncio.get_running_loop().time() - tap.due)

    def _lost(self, chat: Chat, tap: Tap) -> None:
        if tap in chat.taps:
            chat.taps.remove(tap)
            self.took.append(WAITED)


def _found(pattern: re.Pattern[bytes], body: bytes) -> bytes:
    found = pattern.search(body)
    assert found is not None, body[:200]
    return found[1]


def _markup(body: bytes) -> dict[str, Any] | None:
    """The keyboard below a message that was sent as JSON; None if there is none."""
    if not body.startswith(b"{"):
        return None
    markup = json.loads(body).get("reply_markup")
    found: dict[str, Any] | None = json.loads(markup) if isinstance(markup, str) else markup
    return found
