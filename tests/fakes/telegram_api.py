"""A Bot API on loopback, as strict as Telegram where strictness matters: limits, entities, stale presses, edits,
confirmation of updates, one poller at a time, rates.

    async with FakeTelegram() as server:
        person = server.person(42, "小李")
        await person.says("/start")
        await person.sees("遇到什么问题")
        await person.presses("商家拒绝了")

The bot is pointed at ``server.url`` with ``server.token``; it may run in this event loop or in another process.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from aiohttp import web

from tests.fakes.telegram_faults import Fault, Faults
from tests.fakes.telegram_files import UPLOAD, Shelf, Upload
from tests.fakes.telegram_group import Group
from tests.fakes.telegram_html import ApiError, RefusedError
from tests.fakes.telegram_limits import Rates
from tests.fakes.telegram_methods import Methods
from tests.fakes.telegram_person import Message, Person, Press
from tests.fakes.telegram_updates import Updates

TOKEN = "7000000001:AAFakeTokenForTestsOnly_0123456789ab"


@dataclass(frozen=True)
class Call:
    """One request of the bot and how it ended (0: no answer was given)."""

    method: str
    params: dict[str, Any]
    at: float
    status: int
    description: str = ""
    """Of an error."""

    @property
    def chat(self) -> int | None:
        """The chat that it is about."""
        return int(self.params["chat_id"]) if "chat_id" in self.params else None


class FakeTelegram(Updates):
    """The server, and all that is in it: persons, groups, queries, and the updates that wait."""

    def __init__(self, token: str = TOKEN, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self.token = token
        self.me = {
            "id": int(token.split(":")[0]),
            "is_bot": True,
            "first_name": "介入助手",
            "username": "jieru_test_bot",
        }
        self.faults = Faults()
        self.rates = Rates()
        self.files = Shelf()
        self.calls: list[Call] = []
        self.query_lifetime = 15.0
        """Seconds until a press cannot be answered any more."""
        self.revision = 0
        self.contents: dict[int, dict[str, Any]] = {}
        self.persons: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.presses: dict[str, Press] = {}
        self.commands: list[dict[str, str]] = []
        self.descriptions: dict[str, str] = {}
        self._clock = clock
        self._methods = Methods(self)
        self._messages = 100
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """For TELEGRAM_API_URL."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; the second time on the port of the first."""
        self._closing.clear()
        application = web.Application(client_max_size=2 * UPLOAD)
        application.router.add_route("*", "/bot{token}/{method}", self._answer)
        application.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Refuse connections, close the open ones. Everything that is known stays."""
        self._closing.set()
        self.files.go_on.set()
        self._note_change()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def person(self, number: int, name: str = "小李") -> Person:
        """The person with this number; made at the first call."""
        return self.persons.setdefault(number, Person(self, number, name))

    def group(self, number: int, title: str = "维权群") -> Group:
        """A supergroup that the bot is in. ``number`` is negative."""
        return self.groups.setdefault(number, Group(self, number, title))

    def calls_of(self, method: str) -> list[Call]:
        """All requests of one method, in order."""
        return [call for call in self.calls if call.method == method]

    async def called(self, method: str, times: int = 1, timeout: float | None = None) -> list[Call]:  # noqa: ASYNC109
        """Wait until a method was called this often in all."""
        await self.until(lambda: len(self.calls_of(method)) >= times, lambda: f"{method} was not called", timeout)
        return self.calls_of(method)

    def press(self, person: Person, message: Message, described: dict[str, Any], data: str) -> Press:
        """Queue a press and open its query."""
        query = f"q{len(self.presses) + 1}"
        press = self.presses[query] = Press(query, message, self.now())
        self.push(
            "callback_query",
            {"id": query, "from": person.user, "message": described, "chat_instance": "1", "data": data},
        )
        return press

    def describe(self, chat: Person | Group, message: Message) -> dict[str, Any]:
        """A message as Telegram sends it."""
        sender = (chat.user if message.mine else self.me) if isinstance(chat, Person) else chat.sender
        described = {"message_id": message.id, "from": sender, "chat": chat.place, "date": message.date}
        content = dict(self.contents.get(message.id, {"text": message.text}))
        if "text" in content:
            content["text"] = message.text
        elif message.text:
            content["caption"] = message.text
        if message.entities:
            content["entities" if "text" in content else "caption_entities"] = message.entities
        if message.markup:
            content["reply_markup"] = {"inline_keyboard": message.markup}
        if message.edited:
            content["edit_date"] = self.seconds()
        return described | content

    def next_message(self) -> int:
        """A new message number."""
        self._messages += 1
        return self._messages

    def touch(self, message: Message) -> None:
        """Note that a message came or changed."""
        self.revision += 1
        message.revision = self.revision
        self._note_change()

    def now(self) -> float:
        """Monotonic seconds."""
        return asyncio.get_running_loop().time()

    def seconds(self) -> int:
        """Unix time, as dates of messages have it."""
        return int(self._clock().timestamp())

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method, params = request.match_info["method"], await _params(request)
        if request.match_info["token"] != self.token:
            well_formed = request.match_info["token"].partition(":")[0].isdecimal()
            return self._close(
                method, params, 401 if well_formed else 404, "Unauthorized" if well_formed else "Not Found"
            )
        chat = int(params["chat_id"]) if str(params.get("chat_id", "")).lstrip("-").isdecimal() else None
        fault = self.faults.strike(method, chat)
        if fault is not None and fault.kind != "lose":
            return await self._fail(request, method, params, fault)
        try:
            result = await self._methods.call(method, params)
        except ApiError as error:
            return self._close(method, params, error.status, error.description, **error.parameters)
        except RefusedError as error:
            return self._close(method, params, 400, f"Bad Request: {error}")
        if fault is not None:
            self._record(method, params, 0)
            return self._hang_up(request)
        self._record(method, params, 200)
        return web.json_response({"ok": True, "result": result})

    async def _fail(
        self, request: web.Request, method: str, params: dict[str, Any], fault: Fault
    ) -> web.StreamResponse:
        if fault.kind == "html":
            self._record(method, params, fault.status)
            page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
            return web.Response(status=fault.status, text=page, content_type="text/html")
        if fault.kind in ("hang", "drop"):
            self._record(method, params, 0)
            if fault.kind == "hang":
                await self._closing.wait()
            return self._hang_up(request)
        parameters = {"retry_after": fault.retry_after} if fault.retry_after else {}
        return self._close(method, params, fault.status, fault.description, **parameters)

    @staticmethod
    def _hang_up(request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _close(
        self, method: str, params: dict[str, Any], status: int, description: str, **parameters: float
    ) -> web.Response:
        self._record(method, params, status, description)
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
        return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)

    def _record(self, method: str, params: dict[str, Any], status: int, description: str = "") -> None:
        self.calls.append(Call(method, params, self.now(), status, description))
        self._note_change()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        params = {"path": request.match_info["path"]}
        if request.match_info["token"] != self.token:
            return self._close("download", params, 404, "Not Found")
        fault = self.faults.strike("download", None)
        if fault is not None and fault.kind not in ("cut", "stall"):
            return await self._fail(request, "download", params, fault)
        response = await self.files.serve(request, fault)
        self._record("download", params, response.status)
        return response


async def _params(request: web.Request) -> dict[str, Any]:
    """Parameters in any of the ways that the Bot API allows."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        params |= await request.json()
    elif request.can_read_body:
        params |= {key: _uploaded(value) for key, value in (await request.post()).items()}
    return {key: _decoded(value) if key in ("allowed_updates", "commands") else value for key, value in params.items()}


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _uploaded(value: Any) -> Any:
    if isinstance(value, web.FileField):
        return Upload(value.filename, value.content_type, value.file.read())
    return value
