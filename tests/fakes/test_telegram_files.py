"""The fake is as strict with files as Telegram."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from tests.fakes.telegram_api import FakeTelegram

JPEG = b"\xff\xd8\xff\xe0 a picture"


class Client:
    """A bot of one line that sends forms."""

    def __init__(self, server: FakeTelegram, session: aiohttp.ClientSession) -> None:
        self.server, self._session = server, session

    async def ask(
        self, method: str, file: tuple[str, bytes] | None = None, name: str = "a.pdf", **params: Any
    ) -> tuple[int, Any]:
        """Status, and the result or the description. ``file``: the field and what is in it."""
        form = aiohttp.FormData({key: str(value) for key, value in params.items()}, quote_fields=False)
        if file is not None:
            form.add_field(file[0], BytesIO(file[1]), filename=name)
        url = f"{self.server.url}/bot{self.server.token}/{method}"
        async with self._session.post(url, data=form) as response:
            body = await response.json()
            return response.status, body["result"] if body["ok"] else body["description"]

    async def download(self, path: str, token: str = "") -> tuple[int, bytes]:
        """Status and body."""
        address = f"{self.server.url}/file/bot{token or self.server.token}/{path}"
        async with self._session.get(address) as response:
            return response.status, await response.read()


@pytest.fixture
async def bot() -> AsyncIterator[Client]:
    """A server with one person (42), and a client."""
    async with FakeTelegram() as server, aiohttp.ClientSession() as session:
        server.person(42)
        yield Client(server, session)


async def test_a_picture_is_fetched_in_two_steps(bot: Client) -> None:
    message = await bot.server.person(42).sends_photo("坏果", content=JPEG)
    described = bot.server.describe(bot.server.person(42), message)
    small, large = described["photo"]
    assert (small["width"] < large["width"], described["caption"]) == (True, "坏果")
    status, file = await bot.ask("getFile", file_id=large["file_id"])
    assert (status, file["file_size"], file["file_unique_id"]) == (200, len(JPEG), large["file_unique_id"])
    assert await bot.download(file["file_path"]) == (200, JPEG)
    assert (await bot.download(file["file_path"], token="7:wrong"))[0] == 404
    assert (await bot.download("photos/file_99.jpg"))[0] == 404


async def test_the_same_content_has_the_same_unique_id(bot: Client) -> None:
    li = bot.server.person(42)
    first, second = [await li.sends_document(content=b"%PDF") for _ in range(2)]
    assert first.file is not None
    assert second.file is not None
    assert (first.file.unique == second.file.unique, first.file.id == second.file.id) == (True, False)


async def test_an_album_is_messages_with_one_group(bot: Client) -> None:
    li = bot.server.person(42)
    described = [bot.server.describe(li, one) for one in await li.album([b"1", b"2", b"3"], "坏果")]
    assert len({one["media_group_id"] for one in described}) == 1
    assert [one.get("caption") for one in described] == ["坏果", None, None]
    assert len({one["message_id"] for one in described}) == 3


@pytest.mark.parametrize(("size", "status"), [(20 << 20, 200), ((20 << 20) + 1, 400)])
async def test_20_megabytes_are_handed_out(bot: Client, size: int, status: int) -> None:
    message = await bot.server.person(42).sends_document(size=size)
    assert message.file is not None
    answer = await bot.ask("getFile", file_id=message.file.id)
    assert answer[0] == status
    assert status == 200 or answer[1] == "Bad Request: file is too big"


@pytest.mark.parametrize(
    ("method", "file", "params", "status", "refusal"),
    [
        ("getFile", None, {"file_id": "x"}, 400, "Bad Request: wrong file_id or the file is temporarily unavailable"),
        ("sendPhoto", None, {}, 400, "Bad Request: there is no photo in the request"),
        ("sendPhoto", None, {"photo": "x"}, 400, "Bad Request: wrong file identifier/HTTP URL specified"),
        ("sendPhoto", ("photo", b"MZ"), {}, 400, "Bad Request: IMAGE_PROCESS_FAILED"),
        ("sendDocument", ("document", b""), {}, 400, "Bad Request: file must be non-empty"),
        ("sendDocument", ("document", b"x"), {"caption": "字" * 1025}, 400, "Bad Request: message caption is too long"),
        ("sendDocument", ("document", b"x"), {"caption": "<b>", "parse_mode": "HTML"}, 400, "Bad Request: can't parse"),
    ],
)
async def test_refusals(
    bot: Client, method: str, file: tuple[str, bytes] | None, params: dict[str, Any], status: int, refusal: str
) -> None:
    answer = await bot.ask(method, file, chat_id=42, **params)
    assert (answer[0], answer[1][: len(refusal)]) == (status, refusal)
    assert bot.server.person(42).chat == []


async def test_a_file_of_the_bot_has_a_caption_and_no_text(bot: Client) -> None:
    status, message = await bot.ask(
        "sendDocument", ("document", b"x"), name="面单.pdf", chat_id=42, caption="<b>存好</b>", parse_mode="HTML"
    )
    assert (status, message["caption"], message["document"]["file_name"]) == (200, "存好", "面单.pdf")
    assert [entity["type"] for entity in message["caption_entities"]] == ["bold"]
    assert "text" not in message
    refused = await bot.ask("editMessageText", chat_id=42, message_id=message["message_id"], text="x")
    assert refused == (400, "Bad Request: there is no text in the message to edit")


@pytest.mark.parametrize(
    ("method", "field", "size", "refusal"),
    [
        (
            "sendPhoto",
            "photo",
            (10 << 20) + 1,
            (400, "Bad Request: file of size 10485761 bytes is too big for a photo"),
        ),
        ("sendDocument", "document", (50 << 20) + 1, (413, "Request Entity Too Large")),
    ],
)
async def test_what_is_too_large_to_send(
    bot: Client, method: str, field: str, size: int, refusal: tuple[int, str]
) -> None:
    status, description = await bot.ask(method, (field, JPEG.ljust(size, b"x")), chat_id=42)
    assert (status, description.partition(";")[0]) == refusal
