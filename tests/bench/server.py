"""A Bot API on loopback that does as little as possible, and the people who press its buttons.

It runs in the process of the benchmark, the bot in one of its own. Nothing is checked here (the strict one is
``tests/fakes/telegram_api.py``): whatever is asked for is answered with the same words for every bot. ``latency`` is
how long each answer takes on its way, in seconds.
"""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

TOKEN = "7000000001:AAFakeTokenForTestsOnly_0123456789ab"
BATCH = 100
"""As many updates as Telegram hands out at once."""

_NUMBER = re.compile(rb"(chat_id|offset|timeout|callback_query_id)\W+(\d+)")
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_KEPT = 64 * 1024
"""Bytes of a request that are kept, if it is longer."""
_CHAT = {"type": "private", "first_name": "小李"}
_BUTTONS = {"inline_keyboard": [[{"text": f"选项 {n}", "callback_data": f"v1:intake:answer:{n}"}] for n in range(6)]}
_TEXT = "商家说了什么？\n\n你前面说：水果坏了，商家拒绝退款。选一个最像的，选错了也可以改。\n\n问题 3，共 5"
_ME = {"id": 7000000001, "is_bot": True, "first_name": "介入助手", "username": "jieru_test_bot"}


@dataclass(frozen=True)
class Press:
    """What one person does once: press the button with this data, or, with ``text``, say that."""

    person: int
    data: str = ""
    text: str = ""


def _message(person: int) -> dict[str, Any]:
    entities = [{"type": "bold", "offset": 0, "length": 7}, {"type": "italic", "offset": 40, "length": 8}]
    return {
        "message_id": 100,
        "from": _ME,
        "chat": {"id": person, **_CHAT},
        "date": 1795312800,
        "text": _TEXT,
        "entities": entities,
        "reply_markup": _BUTTONS,
    }


def user(person: int) -> dict[str, Any]:
    """Somebody, as Telegram names them."""
    return {"id": person, "is_bot": False, "first_name": "小李", "language_code": "zh-hans"}


def pressed(query: int, person: int, message: int, data: str) -> dict[str, Any]:
    """A callback query: somebody presses a button of the message."""
    below = _message(person) | {"message_id": message}
    return {"id": str(query), "from": user(person), "message": below, "chat_instance": "1", "data": data}


def answer(result: Any) -> bytes:
    """What Telegram says to a request that went well."""
    return answered(json.dumps({"ok": True, "result": result}).encode(), b"application/json")


def answered(body: bytes, media_type: bytes) -> bytes:
    """A whole HTTP answer."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (media_type, len(body), body)


_TRUE = answer(True)
_GET_ME = answer(_ME)
_SENT = answer(_message(42))
_EDITED = answer(_message(42) | {"edit_date": 1795312860})


class Server:
    """One bot at a time."""

    def __init__(self) -> None:
        self.latency = 0.0
        self.polled = asyncio.Event()
        """Set when the bot asked for updates."""
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._next = 1
        self._poll: tuple[Connection, asyncio.TimerHandle] | None = None
        self._open: dict[int, int] = {}
        self._lanes: Iterator[Press] = iter(())
        self._left = 0
        self._done: asyncio.Future[None] | None = None
        self._flushing = False

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    def forget(self) -> None:
        """The next bot begins with nothing."""
        self._waiting.clear()
        self._poll = None
        self.polled.clear()

    async def run(self, presses: Sequence[Press], at_once: int) -> float:
        """Everybody presses once, ``at_once`` people at a time: when a step is answered and shown, the next person
        presses. Returns the seconds that it took."""
        loop = asyncio.get_running_loop()
        self._lanes, self._left, self._done = iter(presses), len(presses), loop.create_future()
        began = time.perf_counter()
        for _ in range(at_once):
            self._press()
        await self._done
        return time.perf_counter() - began

    def sent(self, chat: int) -> None:
        """A message arrived."""

    def handle(self, connection: "Connection", method: bytes, body: bytes) -> None:
        """One request, all of whose body has come; of a long one the beginning is handed on."""
        given = {key: int(number) for key, number in _NUMBER.findall(body)}
        if method == b"getUpdates":
            self._take_poll(connection, given.get(b"offset", 0), given.get(b"timeout", 0))
        elif method == b"answerCallbackQuery":
            self._reply(connection, _TRUE, lambda: self._step(given[b"callback_query_id"]))
        elif method in (b"editMessageText", b"sendMessage"):
            if method == b"sendMessage":
                self.sent(given[b"chat_id"])
            shown = _SENT if method == b"sendMessage" else _EDITED
            self._reply(connection, shown, lambda: self._step(given[b"chat_id"]))
        else:
            self._reply(connection, _GET_ME if method == b"getMe" else _TRUE)

    def _reply(self, connection: "Connection", said: bytes, after: Callable[[], None] | None = None) -> None:
        def send() -> None:
            connection.send(said)
            if after is not None:
                after()

        if self.latency:
            asyncio.get_running_loop().call_later(self.latency, send)
        else:
            send()

    def _press(self) -> None:
        press = next(self._lanes, None)
        if press is None:
            return
        self._open[press.person] = 1 if press.text else 2
        if press.text:
            chat, date = {"id": press.person, **_CHAT}, int(time.time())
            said = {"message_id": 101, "from": user(press.person), "chat": chat, "date": date, "text": press.text}
            self.push({"message": said})
        else:
            # The query's number is that of the person, so that the answer is known to be theirs.
            self.push({"callback_query": pressed(press.person, press.person, 100, press.data)})

    def push(self, happened: dict[str, Any]) -> None:
        """An update, without its number."""
        self._waiting.append((self._next, json.dumps({"update_id": self._next, **happened}).encode()))
        self._next += 1
        if self._poll is not None and not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _step(self, person: int) -> None:
        """One of the two halves of a step is done: the press is answered, or the message shows the next screen. What
        was said has only the second."""
        left = self._open.get(person, 0) - 1
        if left > 0:
            self._open[person] = left
        elif left == 0:
            del self._open[person]
            self._left -= 1
            self._press()
            if not self._left and self._done is not None and not self._done.done():
                self._done.set_result(None)

    def _take_poll(self, connection: "Connection", offset: int, timeout: int) -> None:
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        self.polled.set()
        timer = asyncio.get_running_loop().call_later(timeout, self._flush)
        self._poll = connection, timer
        if self._waiting or not timeout:
            self._flush()

    def _flush(self) -> None:
        self._flushing = False
        if self._poll is None:
            return
        connection, timer = self._poll
        self._poll = None
        timer.cancel()
        updates = b",".join(update for _, update in list(self._waiting)[:BATCH])
        self._reply(connection, answered(b'{"ok":true,"result":[' + updates + b"]}", b"application/json"))


class Connection(asyncio.Protocol):
    """One that the bot has opened; its requests come one after another."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._read = bytearray()
        self._size = 0
        """Of the whole request, once its head has come."""
        self._dropped = 0
        """Bytes of it that are not kept: of a file only the beginning is."""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, said: bytes) -> None:
        """Answer the request."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(said)

    def data_received(self, data: bytes) -> None:
        self._read += data
        if not self._size:
            ended = self._read.find(b"\r\n\r\n")
            if ended < 0:
                return
            length = _LENGTH.search(self._read, 0, ended)
            self._size = ended + 4 + (int(length[1]) if length else 0)
        if self._size > _KEPT and len(self._read) > _KEPT:
            self._dropped += len(self._read) - _KEPT
            del self._read[_KEPT:]
        if len(self._read) + self._dropped < self._size:
            return
        request, self._size, self._dropped = bytes(self._read[: self._size]), 0, 0
        del self._read[: len(request)]
        head, _, body = request.partition(b"\r\n\r\n")
        method = head[: head.index(b" HTTP/")].rpartition(b"/")[2]
        self._server.handle(self, method, body)
