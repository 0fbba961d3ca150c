"""The whole program as it is run: ``python -m bot`` as a process of its own, against a Telegram on loopback."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import aiohttp

from bot.domain.model import KeptFile
from bot.ports import Kept
from storage.files import open_files
from storage.store import open_store
from tests.fakes.telegram_api import TOKEN, FakeTelegram
from tests.storage.samples import planned, put

ROOT = Path(__file__).parents[1]


class Program:
    """A running ``python -m bot`` and what it printed."""

    seconds = 60.0
    """How long a line, or the end, may take: on a busy machine a start takes its time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.printed: list[str] = []

    async def prints(self, part: str) -> str:
        """Wait for a line of its output."""
        assert self.process.stdout is not None
        async with asyncio.timeout(self.seconds):
            while line := (await self.process.stdout.readline()).decode():
                self.printed.append(line)
                if part in line:
                    return line
        raise AssertionError(f"ended without printing {part}: {self.printed}")

    async def ends(self) -> int:
        """Wait until it has ended; the rest of what it printed is kept."""
        assert self.process.stdout is not None
        async with asyncio.timeout(self.seconds):
            self.printed += (await self.process.stdout.read()).decode().splitlines(keepends=True)
            return await self.process.wait()

    @property
    def output(self) -> str:
        return "".join(self.printed)


@asynccontextmanager
async def program(folder: Path, *arguments: str, **settings: str) -> AsyncIterator[Program]:
    """Start it in an empty folder with these settings; it never outlives the test."""
    always = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "WEB_PORT": "0"}
    environment = {**os.environ, **always, **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-m", "bot", *arguments, cwd=folder, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield Program(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def default_port_taken() -> AsyncIterator[None]:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            # If somebody else has the default port already, all the better.
            other.bind(("127.0.0.1", 8080))
            other.listen()
        yield


async def test_a_journey_with_a_death_in_the_middle_and_then_beside_a_taken_default_port(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        server.patience = 60
        settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": server.url, "LOG_LEVEL": "DEBUG"}
        li = server.person(42)
        async with program(tmp_path, **settings) as bot:
            await bot.prints("数据库：")
            await li.says("/start")
            await li.sees("我不是拼多多")
            await li.says("/settings")
            await li.sees("免打扰")
            await li.presses("免打扰")
            await li.sees("夜里")
            await li.presses("夜里也提醒")
            await li.sees("夜里也提醒")
            await li.says("草莓烂了一半商家不给退")
            await li.sees("先别扔")
            await li.presses("对，没错")
            await li.sees("哪天几点拒的")
            bot.process.kill()
            await bot.ends()
        async with default_port_taken(), program(tmp_path, **settings, WEB_PORT="") as bot:
            await bot.prints("端口 8080 已经有程序在用，网页聊天没开")
            await li.says("刚刚")
            card = await li.sees("商家已拒绝（轮到你）")
            await li.presses("改倒计时", card)
            await li.sees("倒计时还剩多少")
            await li.says("00:00:03")
            await li.sees("我读到")
            await li.presses("对，没错")
            await li.sees("按 App 倒计时")
            reminder = await li.sees("⏰ 介入助手 · 问题单1 草莓坏果")
            assert "停止提醒" in reminder.buttons
            await li.presses("拿要发的话", reminder)
            await li.sees("订单号")
            await li.says("261118-123456789012345")
            await li.sees("多少")
            await li.says("39.90")
            await li.sees("写一句")
            await li.says("3斤里约2斤半发霉出水")
            words = await li.sees("您好，订单261118-123456789012345")
            assert any("人工客服" in button.copy for row in words.rows for button in row if button.copy)
            bot.process.send_signal(signal.SIGTERM)
            assert await bot.ends() == 0
            assert TOKEN not in bot.output
            assert TOKEN.split(":")[1] not in bot.output
            assert "261118-123456789012345" not in bot.output


async def with_evidence(folder: Path) -> Path:
    """A database of somebody whose case needs a picture; returns where the picture is, from the folder on."""
    evidence = folder / "data" / "evidence"
    store = await open_store(folder / "data" / "jieru.db")
    files = await open_files(evidence, lambda path: "image/png", await store.identity())

    async def parts() -> AsyncIterator[bytes]:
        yield b"a picture" * 99_999

    kept = await files.keep(parts())
    assert isinstance(kept, Kept)
    somebody = planned("web:somebody")
    file = KeptFile(kept.sha256, kept.size, kept.type, somebody.cases[0].id)
    await put(store, replace(somebody, files=(file,)))
    await store.close()
    return files.path(kept.sha256).relative_to(folder)


async def test_beside_the_running_bot_a_second_start_is_refused_and_a_backup_is_a_bot_somewhere_else(
    tmp_path: Path,
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    picture = await with_evidence(here)
    async with FakeTelegram() as server:
        server.patience = 60
        settings = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": server.url}
        li = server.person(42)
        async with program(here, **settings) as bot:
            await bot.prints("数据库：")
            await li.says("/start")
            await li.sees("我不是拼多多")
            async with program(here, **settings) as second:
                assert await second.ends() == 1
                assert "已经有一个在用这个数据库了" in second.output
            async with program(here, "check", "--misses", **settings) as check:
                assert await check.ends() == 0
            async with program(here, "backup", "one.zip", **settings) as backup:
                await li.says("草莓烂了一半商家不给退")
                await li.sees("先别扔")
                assert await backup.ends() == 0
                assert "文件 1 个" in backup.output
            async with program(here, "backup", "one.zip", **settings) as backup:
                assert await backup.ends() == 1
                assert "没有覆盖" in backup.output
            async with program(here, "backup", "../two.zip", **settings) as backup:
                assert await backup.ends() == 0
            async with program(here, "restore", "../two.zip", **settings) as restore:
                assert await restore.ends() == 1
                assert "没有覆盖" in restore.output
            bot.process.kill()
            await bot.ends()
        async with program(there, "restore", "../two.zip", **settings) as restore:
            assert await restore.ends() == 0
            assert "文件 1 个" in restore.output
        assert (there / picture).read_bytes() == (here / picture).read_bytes()
        async with program(there, **settings) as bot:
            await bot.prints("数据库：")
            await li.presses("对，没错")
            await li.sees("哪天几点拒的")
            bot.process.send_signal(signal.SIGINT)
            assert await bot.ends() == 0
        assert (there / picture).exists()


async def test_without_a_channel_it_prepares_says_so_and_ends_well(tmp_path: Path) -> None:
    async with program(tmp_path) as bot:
        assert await bot.ends() == 0
        assert str(tmp_path / "data" / "jieru.db") in bot.output
        assert "@BotFather" in bot.output


async def test_a_refused_token_is_told_in_one_sentence(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        settings = {"TELEGRAM_BOT_TOKEN": TOKEN[:-1] + "Z", "TELEGRAM_API_URL": server.url}
        async with program(tmp_path, **settings) as bot:
            await bot.prints("Telegram 不认")
            bot.process.send_signal(signal.SIGTERM)
            assert await bot.ends() == 0
            assert bot.output.count("Telegram 不认") == 1


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def test_one_command_serves_the_page_and_stops_with_a_page_open(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    jar = aiohttp.CookieJar(unsafe=True)  # for an address without a name
    async with program(tmp_path, WEB_PORT=str(port)) as bot, aiohttp.ClientSession(cookie_jar=jar) as browser:
        assert address in await bot.prints("网页聊天：")
        async with browser.get(f"{address}/") as page:
            assert page.status == 200
            assert "介入助手" in await page.text()
        async with browser.get(f"{address}/session") as answer:
            token = (await answer.json())["token"]
        headers = {"X-Token": token, "Origin": address}
        sentence = {"id": str(uuid4()), "text": "草莓烂了一半商家不给退"}
        async with browser.post(f"{address}/say", json=sentence, headers=headers) as said:
            assert said.status == 200
        async with browser.get(f"{address}/history?after=0") as history:
            assert "先别扔" in json.dumps(await history.json(), ensure_ascii=False)
        elsewhere = {"DATABASE_URL": "sqlite:///other.db", "EVIDENCE_DIR": "other"}
        async with program(tmp_path, WEB_PORT=str(port), **elsewhere) as second:
            assert await second.ends() == 1
            assert f"端口 {port} 已经有程序在用" in second.output
        stream = await browser.get(f"{address}/events?after=0")
        bot.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await bot.ends() == 0
        stream.close()
