"""The bots that are compared, each as a process: ``python -m tests.bench.bots NAME URL [DATABASE]``.

``jieru`` is the whole application as ``python -m bot run`` starts it, without a send limit unless SEND_RATE or
SEND_RATE_CHAT is set. ``ptb`` is the smallest bot on python-telegram-bot that answers a press, with everything at its
default. At SIGUSR1 a process prints the seconds of CPU time that it has used so far, all its threads together; at
SIGTERM it ends.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.server import TOKEN

if TYPE_CHECKING:
    from bot.app import App
    from bot.conversation.turn import Knowledge
    from storage.store import SqliteStore


def report() -> None:
    """Answer a SIGUSR1."""
    sys.stdout.write(f"{time.process_time()}\n")
    sys.stdout.flush()


async def until_told() -> None:
    """Report when asked, until SIGTERM."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, report)
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()


def tell(key: str, **_: object) -> None:
    """What the operator must know."""
    sys.stderr.write(f"{key}\n")


async def built(url: str, database: str, knowledge: "Knowledge") -> "tuple[App, SqliteStore]":
    """The real application, not started; settings of the environment count, so that ``TELEGRAM_HTTP=httpx`` can be
    tried, and ``SEND_RATE``."""
    from bot.app import App
    from bot.config import Settings, load_settings
    from bot.inspection import inspect
    from storage.files import open_files
    from storage.store import open_store

    folder = Path(database).parent
    settings = load_settings(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": url,
            "TELEGRAM_HTTP": os.environ.get("TELEGRAM_HTTP", ""),
            "SEND_RATE": os.environ.get("SEND_RATE", "1000000"),
            "SEND_RATE_CHAT": os.environ.get("SEND_RATE_CHAT", "1000000"),
            "RATE_LIMIT_PERSON": "0",
            "WEB_PORT": "0",
            "DATABASE_URL": f"sqlite:///{database}",
        },
        folder,
    )
    assert isinstance(settings, Settings), settings
    store = await open_store(settings.database)
    try:
        files = await open_files(settings.evidence, inspect, await store.identity())
    except BaseException:
        await store.close()  # left open it would keep the process alive
        raise
    return App(settings, store, files, knowledge, tell), store


async def jieru(url: str, database: str) -> None:
    """Runs the real application until it is told to end."""
    from bot.app import load_knowledge
    from bot.garbage import collect_rarely
    from bot.telemetry import configure_logging

    configure_logging("INFO", "console")
    app, store = await built(url, database, load_knowledge())
    await app.start()
    # As ``python -m bot run`` does.
    collect_rarely()
    await until_told()
    await app.stop()
    await store.close()


async def ptb(url: str, _: str) -> None:
    """Answers the press and edits the message."""
    from telegram import Update
    from telegram.ext import Application, CallbackQueryHandler, ContextTypes

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        await query.answer()
        await query.edit_message_text(f"You pressed {query.data}")

    application = Application.builder().token(TOKEN).base_url(f"{url}/bot").build()
    application.add_handler(CallbackQueryHandler(echo))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        await until_told()
        await application.updater.stop()
        await application.stop()


if __name__ == "__main__":
    name, url, *database = sys.argv[1:]
    asyncio.run({"jieru": jieru, "ptb": ptb}[name](url, *database or [""]))
