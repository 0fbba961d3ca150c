"""A whole journey on both channels in a process of its own, with everything that can go wrong: no word of it is in what
was printed, and nobody else on the machine can read what it left on the disk."""

import asyncio
import json
import signal
import sqlite3
import stat
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.telemetry import tellable
from tests.channels.web.browser import Browser
from tests.channels.web.pictures import png
from tests.fakes.telegram_api import TOKEN, FakeTelegram
from tests.test_process import free_port, program

ORDER, OTHER_ORDER = "261118-123456789012345", "261117-987654321098765"
PHONE, ADDRESS = "13812345678", "朝阳区柳芳南里二号楼"
SENTENCE, TYPED = "草莓烂了一半商家不给退", "three pounds of strawberries, mouldy"
CAPTION, FILE_NAME = "称重那张照片", "zhangsan-receipt"
WEB_SENTENCE, WEB_CAPTION, WEB_FILE = "水壶漏水漏了一桌子", "漏水的地方", "lisi-kettle"
PASSWORD = "vier kleine Worte"
NAME = "李建国"
DETAIL = "3斤里约2斤半发霉出水"
SECRETS = (
    *(TOKEN, TOKEN.partition(":")[2], ORDER, OTHER_ORDER, PHONE, ADDRESS, SENTENCE, TYPED, CAPTION, FILE_NAME, NAME),
    *(WEB_SENTENCE, WEB_CAPTION, WEB_FILE, PASSWORD, DETAIL, "39.90", "4242424"),
)  # fmt: skip


async def on_telegram(server: FakeTelegram) -> None:
    """From the first word to the words for customer service, with files, faults and nonsense on the way."""
    li = server.person(4242424, NAME)
    await li.says("/start")
    await li.sees("我不是拼多多")
    said = await li.says(SENTENCE)
    await li.sees("先别扔")
    await li.presses("对，没错")
    await li.sees("哪天几点拒的")
    await li.says("刚刚")
    await li.sees("商家已拒绝（轮到你）")
    await li.sends_document(f"{FILE_NAME}.pdf", CAPTION, content=b"no file at all")
    await li.sees("证据1不是图片")
    server.faults.next("getFile", 400, description=f"Bad Request: no file '{FILE_NAME}' for {ORDER}")
    await li.sends_photo(CAPTION)
    await li.sees("证据2取不回来")
    server.faults.next("sendMessage", 400, description=f'Bad Request: can\'t parse entities: start tag "{SENTENCE}"')
    server.faults.next("sendMessage", 502)
    server.faults.html("sendMessage", 502)
    for text in (f"电话{PHONE}，地址{ADDRESS}", TYPED):
        await li.says(text)
    await li.sees(TYPED[:20])
    await li.edits(said, f"{SENTENCE}，{ADDRESS}")
    await li.sees("改的这句")
    await li.says("/cases")
    await li.sees("问题单")
    await li.presses("看问题单1")
    await li.sees("商家已拒绝（轮到你）")
    await li.presses("发给客服的话")
    await li.sees("订单号")
    await li.says(ORDER)
    await li.sees("多少")
    await li.says("39.90")
    await li.sees("写一句")
    await li.says(DETAIL)
    await li.sees(f"您好，订单{ORDER}")
    await li.forges(f"s1.{SENTENCE}"[:20])
    server.push("message", {"message_id": [SENTENCE], "chat": li.place, "date": 1, "text": {ORDER: PHONE}})
    server.push(
        "message", {"message_id": 9_999, "chat": li.place, "from": li.user, "date": 1, "text": f"{TYPED}\ud83d"}
    )
    await li.sees(TYPED[:20])
    await server.all_confirmed()


async def in_the_browser(url: str) -> list[str]:
    """The same on the page. Returns what opens it: the cookie and the token of a link."""
    browser = Browser.at(url)
    assert (await browser.form("/login", {"password": f"{PASSWORD}?"})).status == 403
    assert (await browser.form("/login", {"password": PASSWORD})).status == 303
    await browser.open()
    await browser.say(WEB_SENTENCE)
    await browser.say(f"订单号 {OTHER_ORDER} 电话 {PHONE} {ADDRESS}")
    for content in (png(1), b"<svg onload=alert(1)>"):
        assert (await browser.upload(content, f"{WEB_FILE}.png", X_Caption=quote(WEB_CAPTION))).status == 200
    link = await (await browser.post("/link", {})).json()
    cookies = {cookie.key: cookie.value for cookie in browser.http.cookie_jar}
    whole = "; ".join(f"{name}={value}" for name, value in cookies.items())
    for broken in (f"Cookie: {whole}\x00", f"Cookie: {whole}\r\nContent-Length: -1", f"X-{SENTENCE} {ORDER}"):
        await raw(url, f"GET /{ORDER}/{PHONE} HTTP/1.1\r\nHost: {url[7:]}\r\n{broken}\r\n\r\n")
    await browser.close()
    return [*cookies.values(), link["url"].rpartition("/")[2]]


async def raw(url: str, request: str) -> bytes:
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request.encode())
    async with asyncio.timeout(60):
        answer = await reader.readline()
    writer.close()
    return answer


async def breaks_down(folder: Path, server: FakeTelegram, url: str) -> None:
    """What is written cannot be kept any more: errors that nobody expects, in the middle of a decision."""
    database = sqlite3.connect(folder / "data" / "jieru.db")
    database.execute("ALTER TABLE entries RENAME TO gone")
    database.commit()
    database.close()
    li = server.person(4242424)
    await li.says(f"{SENTENCE} {ORDER} {PHONE}")
    await li.sees("刚才")
    assert (await raw(url, f"GET /healthz HTTP/1.1\r\nHost: {url[7:]}\r\n\r\n")).startswith(b"HTTP/1.1 ")


def spellings(secret: str) -> set[str]:
    """How it would stand there in words, in a URL, in JSON, as bytes and in base64."""
    as_bytes, as_json = repr(secret.encode())[2:-1], json.dumps(secret)[1:-1]
    return {secret, quote(secret), as_json, as_bytes, b64encode(secret.encode()).decode().rstrip("=")[:-1]}


def readable_by_others(folder: Path) -> list[str]:
    """Files that are not 0600 and folders that are not 0700; a socket or the like would be one too many."""
    wrong = []
    for path in (folder, *folder.rglob("*")):
        mode = path.lstat().st_mode
        wanted = 0o700 if stat.S_ISDIR(mode) else 0o600
        if stat.S_IMODE(mode) != wanted or not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
            wrong.append(f"{path.relative_to(folder)} {oct(mode)}")
    return wrong


async def test_a_whole_journey_leaves_no_word_in_the_logs_and_no_file_for_others(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with FakeTelegram() as server:
        server.patience = 60
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": server.url,
            "WEB_PORT": str(port),
            "WEB_PASSWORD": PASSWORD,
            "LOG_LEVEL": "DEBUG",
        }
        async with program(tmp_path, **settings) as bot:
            await bot.prints("网页聊天：")
            await on_telegram(server)
            opened = await in_the_browser(url)
            await server.person(4242424).says("/export")
            await server.person(4242424).presses("全部打包")
            await server.called("sendDocument")
            async with program(tmp_path, "backup", "data/copy.zip", **settings) as backup:
                assert await backup.ends() == 0
            kept = {path.name.partition(".db")[2] for path in (tmp_path / "data").iterdir()}
            assert {"", "-wal", "-shm"} <= kept
            assert readable_by_others(tmp_path / "data") == []
            await breaks_down(tmp_path, server, url)
            bot.process.send_signal(signal.SIGTERM)
            await bot.ends()
        printed = bot.output + backup.output
        assert [each for secret in (*SECRETS, *opened) for each in spellings(secret) if each in printed] == []
        for event in ("decision_failed", "update_unreadable", "reply_rejected", "Traceback"):
            assert event in printed


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            ValueError(f"invalid literal for int() with base 10: '{SENTENCE}'"),
            "invalid literal for int() with base 10: [...]",
        ),
        (KeyError(TYPED), "[...]"),
        (ValueError(f"bad: {SENTENCE} and more"), "bad: [...] and more"),
        (PermissionError(13, "Permission denied", "/srv/jieru.db"), "[Errno 13] Permission denied: /srv/jieru.db"),
        (TimeoutError(), ""),
    ],
)
def test_an_error_is_told_without_what_it_quotes(error: Exception, told: str) -> None:
    assert tellable(error) == told
