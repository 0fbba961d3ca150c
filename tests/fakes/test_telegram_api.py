"""The fake is as strict as Telegram; what it let pass would first fail in front of a person."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.telegram_api import FakeTelegram
from tests.fakes.telegram_html import RefusedError, parse_html


class Client:
    """A bot of one line."""

    def __init__(self, server: FakeTelegram, session: aiohttp.ClientSession) -> None:
        self.server, self._session = server, session

    async def ask(self, method: str, **params: Any) -> tuple[int, Any]:
        """Status, and the result or the description."""
        url = f"{self.server.url}/bot{self.server.token}/{method}"
        async with self._session.post(url, json=params) as response:
            body = await response.json()
            return response.status, body["result"] if body["ok"] else body["description"]


@pytest.fixture
async def bot() -> AsyncIterator[Client]:
    """A server with one person (42), and a client."""
    async with FakeTelegram() as server, aiohttp.ClientSession() as session:
        server.person(42)
        yield Client(server, session)


def keys(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Parameters with a keyboard."""
    return {"chat_id": 42, "text": "x", "reply_markup": {"inline_keyboard": list(rows)}}


OK = {"text": "好", "callback_data": "x"}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a<b>b</b>c", "abc"),
        ("&lt;b&gt; &amp; &quot;&#39;", "<b> & \"'"),
        ("A&B &nbsp;", "A&B &nbsp;"),
        ("<pre>一\n二</pre>", "一\n二"),
        ("<blockquote expandable>x</blockquote>", "x"),
        ('<a href="https://a.cn?x=1&amp;y=2">x</a>', "x"),
    ],
)
def test_html_that_telegram_takes(source: str, text: str) -> None:
    assert parse_html(source).text == text


@pytest.mark.parametrize(
    "source", ["<b>x", "x</b>", "<b><i>x</b></i>", "<div>x</div>", "<br>", "a < b", "<3", "<p>x</p>"]
)
def test_html_that_telegram_refuses(source: str) -> None:
    with pytest.raises(RefusedError, match=r"^can't parse entities: "):
        parse_html(source)


def test_entities_count_in_utf_16() -> None:
    assert parse_html("😡<b>急</b>").entities == [{"type": "bold", "offset": 2, "length": 1}]


@pytest.mark.parametrize(
    ("method", "params", "refusal"),
    [
        ("sendMessage", {"chat_id": 42, "text": "字" * 4097}, "message is too long"),
        ("sendMessage", {"chat_id": 42, "text": "😡" * 2049}, "message is too long"),
        ("sendMessage", {"chat_id": 42, "text": " \n"}, "message text is empty"),
        ("sendMessage", {"chat_id": 42, "text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ("sendMessage", {"chat_id": 42, "text": "x", "parse_mode": "Html5"}, "unsupported parse_mode"),
        ("sendMessage", {"chat_id": 99, "text": "x"}, "chat not found"),
        ("sendMessage", keys([OK | {"callback_data": "字" * 22}]), "BUTTON_DATA_INVALID"),
        ("sendMessage", keys([OK | {"callback_data": ""}]), "BUTTON_DATA_INVALID"),
        ("sendMessage", keys([OK | {"text": " "}]), "BUTTON_TEXT_INVALID"),
        ("sendMessage", keys([{"text": "x", "copy_text": {"text": "字" * 257}}]), "BUTTON_COPY_TEXT_INVALID"),
        ("sendMessage", keys([OK] * 9), "reply_markup is too long"),
        ("sendMessage", keys(*[[OK] * 8] * 13), "reply_markup is too long"),
        ("editMessageText", {"chat_id": 42, "message_id": 7, "text": "x"}, "message to edit not found"),
        ("answerCallbackQuery", {"callback_query_id": "q9"}, "query is too old and response timeout expired or "),
        ("answerCallbackQuery", {"callback_query_id": "q9", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
        ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ],
)
async def test_refusals(bot: Client, method: str, params: dict[str, Any], refusal: str) -> None:
    status, description = await bot.ask(method, **params)
    assert status == 400
    assert description.startswith(f"Bad Request: {refusal}")


async def test_markup_does_not_count(bot: Client) -> None:
    status, _ = await bot.ask("sendMessage", chat_id=42, text="<b>" + "&lt;" * 4096 + "</b>", parse_mode="HTML")
    assert status == 200


async def test_an_edit_has_to_change_something(bot: Client) -> None:
    params = keys([OK])
    _, message = await bot.ask("sendMessage", **params)
    params["message_id"] = message["message_id"]
    assert (await bot.ask("editMessageText", **params))[1].startswith("Bad Request: message is not modified: ")
    del params["reply_markup"]
    status, edited = await bot.ask("editMessageText", **params)
    assert (status, "reply_markup" in edited) == (200, False)


async def test_a_press_is_answered_once(bot: Client) -> None:
    li = bot.server.person(42)
    await bot.ask("sendMessage", **keys([OK]))
    press = await li.presses("好")
    assert (await bot.ask("answerCallbackQuery", callback_query_id=press.query, text="行"))[0] == 200
    assert (await bot.ask("answerCallbackQuery", callback_query_id=press.query))[0] == 400
    assert press.toast == "行"


async def test_an_update_stays_until_a_higher_offset(bot: Client) -> None:
    li = bot.server.person(42)
    await li.says("一")
    await li.says("二")
    for offset, expected in ((0, [8001, 8002]), (8001, [8001, 8002]), (8002, [8002]), (8003, []), (0, [])):
        _, updates = await bot.ask("getUpdates", offset=offset)
        assert [update["update_id"] for update in updates] == expected


async def test_who_waits_for_text_only_gets_no_presses(bot: Client) -> None:
    await bot.ask("getUpdates", allowed_updates=["message"])
    await bot.server.person(42).blocks()
    await bot.server.person(42).says("在吗")
    _, updates = await bot.ask("getUpdates")
    assert [sorted(update) for update in updates] == [["message", "update_id"]]


async def test_the_rate_of_a_chat(bot: Client) -> None:
    bot.server.rates.per_chat = (2, 60.0)
    statuses = [(await bot.ask("sendMessage", chat_id=42, text=str(number)))[0] for number in range(3)]
    assert statuses == [200, 200, 429]


async def test_a_wait_that_is_in_vain_fails_with_the_chat(bot: Client) -> None:
    li = bot.server.person(42)
    await li.says("在吗")
    with pytest.raises(AssertionError, match="getMe was not called"):
        await bot.server.called("getMe", timeout=0.01)
    assert li.transcript() == "我 #101: 在吗"
