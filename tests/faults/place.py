"""A real ``python -m bot`` in a folder of its own, with one person in front of it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.bench.crash_checks import Snapshot
from tests.fakes.telegram_api import FakeTelegram
from tests.test_process import ROOT, Program

APOLOGY = "出了点问题，什么都没改"
"""What a person reads when nothing could be written."""
BOT = (sys.executable, "-m", "bot")
PLAIN_USER = (sys.executable, "-m", "tests.faults.plain_user")


@asynccontextmanager
async def bot_in(folder: Path, server: FakeTelegram, *command: str, **settings: str) -> AsyncIterator[Program]:
    """Run it there; it never outlives the test."""
    server.patience = 60
    given = {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url, "WEB_PORT": "0", **settings}
    always = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "LOG_LEVEL": "ERROR"}
    process = await asyncio.create_subprocess_exec(
        *(command or BOT), cwd=folder, env={**os.environ, **always, **given},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Program(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def stops(bot: Program) -> None:
    """Politely, and everything is stored."""
    bot.process.terminate()
    assert await bot.ends() == 0
    assert "数据都存好了" in bot.output


def rows(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    """What is in the database there, also while it is in use (nothing is written meanwhile)."""
    return Snapshot(folder / "data" / "jieru.db").read(statement)[0]
