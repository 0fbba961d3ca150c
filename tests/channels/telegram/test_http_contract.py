"""Both HTTP backends keep the same promises to PTB. ``httpx`` is the stock one, so it says what is right."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, InputFile, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest

from bot.channels.telegram.errors import FloodError
from bot.channels.telegram.http import Backend, backend_for, make_requests
from tests.fakes.http_server import HttpServer
from tests.fakes.telegram_api import TOKEN

SHORT, LONG = 0.3, 20.0
"""Seconds. What must time out gets the short time, only where it must: all else may be slow on a busy machine."""
YES = {"said": "yes"}
ODD = "草莓🍓 1+1=2 & 50% \"引号\"\n第二行\t\\ 'x' <b>é</b>"


class Api:
    """What a test drives: the requests of one kind, and where they go."""

    def __init__(self, kind: Backend, server: HttpServer) -> None:
        self.kind, self.server = kind, server
        self.request, self.poll = self.make(None)

    def make(self, proxy: str | None) -> tuple[BaseRequest, BaseRequest]:
        return make_requests(self.kind, read=LONG, poll_slack=SHORT, wait=LONG, proxy=proxy)

    def url(self, name: str) -> str:
        return f"{self.server.url}/bot{TOKEN}/{name}"

    async def ask(self, name: str, **timeouts: Any) -> Any:
        """A POST as PTB makes it."""
        return await self.request.post(self.url(name), **timeouts)

    async def error(self, name: str, **timeouts: float | None) -> TelegramError:
        """The error that a POST ends with. It never holds the token."""
        with pytest.raises(TelegramError) as caught:
            await self.ask(name, **timeouts)
        assert TOKEN not in f"{caught.value!r}{caught.value}"
        return caught.value


@pytest.fixture(params=["aiohttp", "httpx"])
async def api(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Api]:
    async with HttpServer() as server:
        api = Api(request.param, server)
        yield api
        for one in (api.request, api.poll):
            await one.shutdown()
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_an_answer(api: Api) -> None:
    assert await api.ask("getMe") == YES
    asked = api.server.asked[0]
    assert asked.line == f"POST /bot{TOKEN}/getMe HTTP/1.1"
    assert asked.headers["user-agent"] == BaseRequest.USER_AGENT
    assert api.request.read_timeout == LONG


@pytest.mark.parametrize("name", ["trickle", "gzip"])
async def test_an_answer_that_comes_oddly(api: Api, name: str) -> None:
    assert await api.ask(name) == YES


async def test_a_file_comes_back_byte_for_byte(api: Api) -> None:
    assert await api.request.retrieve(api.url("bytes")) == bytes(range(256)) * 400
    assert api.server.asked[0].line.startswith("GET ")


@pytest.mark.parametrize(
    ("status", "answer", "error", "message"),
    [
        (400, {"description": "Bad Request: chat not found"}, BadRequest, "Chat not found"),
        (401, {"description": "Unauthorized"}, InvalidToken, "Unauthorized"),
        (403, {"description": "Forbidden: bot was blocked by the user"}, Forbidden, "Forbidden: bot was blocked"),
        (404, {"description": "Not Found"}, InvalidToken, "Not Found"),
        (409, {"description": "Conflict: terminated"}, Conflict, "Conflict: terminated"),
        (413, {"description": "Request Entity Too Large"}, BadRequest, "Request Entity Too Large"),
        (429, {"description": "x", "parameters": {"retry_after": 7}}, FloodError, "Too many requests, retry after 7 s"),
        (400, {"description": "x", "parameters": {"migrate_to_chat_id": 8}}, ChatMigrated, "Group migrated"),
        (500, {"description": "Internal Server Error"}, NetworkError, "Internal Server Error"),
        (502, b"<html><h1>502 Bad Gateway</h1></html>", NetworkError, "Bad Gateway (502). Parsing"),
        (504, b"", NetworkError, "Gateway Timeout (504)"),
        (200, b"<html>hello</html>", TelegramError, "the answer is not JSON"),
        (200, b"[1]", TelegramError, "the answer is not an object"),
    ],
)
async def test_what_a_status_means(
    api: Api, status: int, answer: dict[str, Any] | bytes, error: type[TelegramError], message: str
) -> None:
    api.server.status = status
    api.server.answer = answer if isinstance(answer, bytes) else json.dumps({"ok": False} | answer).encode()
    raised = await api.error("sendMessage")
    assert (type(raised), raised.message.startswith(message)) == (error, True), raised.message


@pytest.mark.parametrize("name", ["cut", "drop", "garbage", "redirect"])
async def test_an_answer_that_is_none(api: Api, name: str) -> None:
    assert type(await api.error(name)) is NetworkError
    assert len(api.server.asked) == 1, "asked again, or went where it was sent"
    assert await api.ask("getMe") == YES


async def test_a_server_that_hangs(api: Api) -> None:
    assert type(await api.error("hang", read_timeout=SHORT)) is TimedOut
    assert await api.ask("getMe") == YES


async def test_a_call_may_be_more_patient(api: Api) -> None:
    """The poll's requests are hasty ones, as the time that getUpdates is held comes on top."""
    with pytest.raises(TimedOut):
        await api.poll.post(api.url("slow"))
    assert await api.poll.post(api.url("slow"), read_timeout=LONG) == YES
    assert await api.poll.post(api.url("slow"), read_timeout=None) == YES


async def test_getupdates_waits_as_long_as_it_was_told_to_and_a_little_more(api: Api) -> None:
    bot = Bot(TOKEN, f"{api.server.url}/bot", request=api.request, get_updates_request=api.poll)
    api.server.answer = b'{"ok":true,"result":[]}'
    assert await bot.get_updates(offset=5, timeout=1, allowed_updates=["message"]) == ()
    assert api.server.asked[0].params == {"offset": "5", "timeout": "1", "allowed_updates": '["message"]'}
    with pytest.raises(TimedOut):
        await api.poll.post(api.url("hang"), read_timeout=api.poll.read_timeout)


@pytest.mark.parametrize("server", ["http://127.0.0.1:1", "http://telegram.invalid", "https://{host}"])
async def test_a_server_that_is_not_there(api: Api, server: str) -> None:
    server = server.format(host=f"127.0.0.1:{api.server.port}")
    with pytest.raises(NetworkError) as caught:
        # A server without TLS says nothing in answer to a handshake.
        await api.request.post(f"{server}/bot{TOKEN}/x", connect_timeout=SHORT)
    assert TOKEN not in str(caught.value)


async def test_a_server_that_accepts_nobody(api: Api) -> None:
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):  # they fill its queue; the system then lets further ones wait
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        with pytest.raises(TimedOut):
            await api.request.post(f"http://127.0.0.1:{listening.getsockname()[1]}/bot{TOKEN}/x", connect_timeout=SHORT)


async def test_all_connections_are_in_use(api: Api) -> None:
    hanging = [asyncio.create_task(api.poll.post(api.url("hang"), read_timeout=None)) for _ in range(4)]
    await api.server.until(lambda: len(api.server.asked) == 4)
    with pytest.raises(TimedOut, match="Pool timeout"):
        await api.poll.post(api.url("getMe"), pool_timeout=0.05)
    for task in hanging:
        task.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)
    assert await api.poll.post(api.url("getMe"), read_timeout=LONG) == YES


async def test_one_connection_serves_many_and_a_closed_one_is_replaced(api: Api) -> None:
    for _ in range(3):
        await api.ask("getMe")
    assert api.server.connections == 1
    for number in range(3):
        assert await api.ask("then_close") == YES
        await api.server.until(partial(api.server.has_ended, number + 1))
        for _ in range(9):
            await asyncio.sleep(0)  # until the client has seen it, too
    assert api.server.connections == 3


async def test_no_cookies(api: Api) -> None:
    await api.ask("cookie")
    await api.ask("cookie")
    assert ["cookie" in asked.headers for asked in api.server.asked] == [False, False]


async def test_parameters_arrive_as_they_are(api: Api) -> None:
    bot = Bot(TOKEN, f"{api.server.url}/bot", request=api.request, get_updates_request=api.poll)
    markup = ReplyKeyboardMarkup([[KeyboardButton("选项 & 1")]])
    given = {"chat_id": 42, "text": ODD, "quiet": True, "ratio": 1.5, "reply_markup": markup.to_dict(), "no": None}
    assert await bot.do_api_request("say", api_kwargs=given) == YES
    params = api.server.asked[0].params
    assert json.loads(params.pop("reply_markup")) == markup.to_dict()
    assert params == {"chat_id": "42", "text": ODD, "quiet": "true", "ratio": "1.5"}


async def test_files_are_sent_whole_and_stay_open_for_another_attempt(api: Api, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    api.server.answer = json.dumps({"ok": True, "result": {"message_id": 1, "chat": {"id": 42}}}).encode()
    bot = Bot(TOKEN, f"{api.server.url}/bot", request=api.request, get_updates_request=api.poll)
    name = '面单 "1".pdf'
    with path.open("rb") as opened, BytesIO(content) as memory:
        memory.seek(7)
        for source in (opened, memory, opened, content):
            upload = InputFile(source, filename=name, read_file_handle=source is content)
            await bot.do_api_request("send", api_kwargs={"chat_id": 42, "caption": ODD, "document": upload})
        assert (opened.closed, memory.closed) == (False, False)
    for asked in api.server.asked:
        assert asked.params["caption"] == ODD
        assert asked.params["chat_id"] == "42"
        (file,) = [part for part in asked.parts.values() if part[0] is not None]
        assert file == ("面单 %221%22.pdf", "application/pdf", content)
        assert int(asked.headers["content-length"]) == len(asked.body)


async def test_a_server_that_does_not_take_what_is_sent(api: Api) -> None:
    bot = Bot(TOKEN, f"{api.server.url}/bot", request=api.request, get_updates_request=api.poll)
    large = InputFile(bytes(16 << 20), filename="a.bin")
    with pytest.raises(TimedOut):
        await bot.do_api_request("deaf", api_kwargs={"document": large}, write_timeout=SHORT)
    assert await api.ask("getMe") == YES


async def test_through_a_proxy(api: Api) -> None:
    proxied, poll = api.make(f"http://me:geheim@127.0.0.1:{api.server.port}")
    assert await proxied.post(f"http://telegram.invalid/bot{TOKEN}/getMe") == YES
    asked = api.server.asked[0]
    assert asked.line == f"POST http://telegram.invalid/bot{TOKEN}/getMe HTTP/1.1"
    assert asked.headers["proxy-authorization"] == "Basic bWU6Z2VoZWlt"
    with pytest.raises(NetworkError) as caught:
        await proxied.post(f"https://telegram.invalid/bot{TOKEN}/getMe")
    assert api.server.asked[1].line == "CONNECT telegram.invalid:443 HTTP/1.1"
    assert (TOKEN in str(caught.value), "geheim" in str(caught.value)) == (False, False)
    for one in (proxied, poll):
        await one.shutdown()


async def test_starting_and_stopping_any_number_of_times(api: Api) -> None:
    await api.request.initialize()
    await api.request.initialize()
    assert await api.ask("getMe") == YES
    await api.request.shutdown()
    await api.request.shutdown()
    assert type(await api.error("getMe")) is NetworkError
    await api.request.initialize()
    assert await api.ask("getMe") == YES


def test_a_proxy_of_another_kind_needs_the_stock_backend() -> None:
    assert backend_for("aiohttp", "socks5://127.0.0.1:1080") == "httpx"
    assert backend_for("aiohttp", "http://127.0.0.1:1080") == "aiohttp"
    assert (backend_for("aiohttp", None), backend_for("httpx", None)) == ("aiohttp", "httpx")
