"""``python -m bot [run | check | migrate | backup | restore | forget]``: the operator's side, in simplified Chinese.

Each command imports what it needs; what only a running bot needs is most of the program.
"""

import argparse
import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app import App
    from bot.config import Settings
    from storage.errors import StorageError

WRONG_SETTING = 2
FAILED = 1

HELD = {
    "cases": "问题单",
    "reminders": "提醒",
    "letters": "写好的话",
    "files": "图片和文件",
    "transcript": "网页上的消息",
    "sessions": "网页登录",
}
"""What is kept of a person, and what it is called when it was deleted."""

TELL = {
    "telegram_refused_token": (
        "Telegram 不认 TELEGRAM_BOT_TOKEN 里的令牌。到 @BotFather 发 /token 核对，改好再启动。别的功能照常运行。"
    ),
    "telegram_conflict": ("同一个令牌还有另一个程序在收消息，Telegram 只让一个收。关掉另一个就好，这边会自己接上。"),
    "clock_forward": (
        "时钟一下子往前走了{hours}小时{minutes}分（这台机器睡过，或改过时间）。这期间该发的提醒现在补发，都写明晚了多久。"
    ),
    "clock_back": (
        "时钟往回拨了{hours}小时{minutes}分。发过的提醒不会再发；没发的会等到钟走到那个点，请核对这台机器的时间。"
    ),
    "web_port_taken": (
        "端口 {port} 已经有程序在用，网页聊天没开，Telegram 照常。要开网页就换一个端口，例：WEB_PORT={free}"
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit code: 0 well, 1 failed, 2 a setting or an argument is wrong."""
    options = _parser().parse_args(arguments)
    # A start makes some hundred thousand objects and lets go of none: looking through them for garbage, again and again
    # while they become more, was an eighth of it. A running bot collects as ever (`_run`).
    gc.disable()
    try:
        return _command(options)
    finally:
        gc.enable()


def _command(options: argparse.Namespace) -> int:
    from bot.catalog.errors import CatalogError
    from bot.config import Settings, load_settings
    from bot.telemetry import configure_logging, hide
    from storage.errors import OldSqliteError, StorageError

    settings = load_settings(os.environ, Path.cwd())
    if not isinstance(settings, Settings):
        _say("有设置不对，没有启动：")
        for mistake in settings:
            _say(f"  {mistake}")
        return WRONG_SETTING
    hide(settings.telegram_bot_token.get_secret_value())
    hide(settings.web_password.get_secret_value())
    configure_logging(settings.log_level, settings.log_format)
    commands: dict[str, Callable[[], int]] = {
        "run": lambda: asyncio.run(_run(settings)),
        "check": lambda: _check(settings, options.misses),
        "migrate": lambda: asyncio.run(_migrate(settings)),
        "backup": lambda: asyncio.run(_backup(settings, options.file.resolve())),
        "restore": lambda: asyncio.run(_restore(settings, options.file.resolve())),
        "forget": lambda: asyncio.run(_forget(settings, options.person)),
    }
    try:
        return commands[options.command]()
    except CatalogError as error:
        _say("内容数据有错：")
        for problem in error.problems:
            _say(f"  {problem}")
    except (StorageError, OldSqliteError) as error:
        from bot.troubles import storage_sentence

        _say(storage_sentence(error))
    return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="介入助手：拼多多售后和平台介入的聊天助手")
    commands = parser.add_subparsers(dest="command", metavar="命令")
    commands.add_parser("run", help="启动（不写命令也是启动）")
    check = commands.add_parser("check", help="检查设置和全部内容数据")
    check.add_argument("--misses", action="store_true", help="列出哪些步骤常有人找不到按钮")
    commands.add_parser("migrate", help="建好或升级数据库，然后退出")
    backup = commands.add_parser("backup", help="把数据库和大家发来的文件备份成一个新文件，运行时也可以")
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = commands.add_parser("restore", help="把备份放回来；要先停掉，原来的先挪开")
    restore.add_argument("file", type=Path, metavar="FILE")
    forget = commands.add_parser("forget", help="把一个人的内容全部删掉；要先停掉")
    forget.add_argument("person", metavar="PERSON", help="例：telegram:42")
    parser.set_defaults(command="run", misses=False)
    return parser


async def _run(settings: "Settings") -> int:
    from bot.app import App, load_knowledge
    from bot.channels.web import CannotListenError, PortTakenError
    from bot.garbage import collect_rarely
    from bot.inspection import inspect
    from storage.files import open_files
    from storage.store import open_store

    knowledge = load_knowledge()
    store = await open_store(settings.database)
    stopping = asyncio.Event()
    _on_signals(stopping)
    try:
        _say(f"数据库：{settings.database}")
        files = await open_files(settings.evidence, inspect, await store.identity())
        app = App(settings, store, files, knowledge, lambda key, **values: _say(TELL[key].format(**values)))
        if not app.channels:
            _say("数据检查过了，数据库也建好了，但还没有聊天的入口，所以这就退出。")
            _say("要用 Telegram：在 Telegram 里找 @BotFather，发 /newbot，照着做，会得到一串令牌。")
            _say("把它写进 .env：TELEGRAM_BOT_TOKEN=123456789:AAbbCC…，再启动一次。")
            return 0
        collect_rarely()
        try:
            await app.start()
        except PortTakenError as error:
            await app.stop()
            free = f"，比如 WEB_PORT={error.next_free}" if error.next_free else ""
            _say(f"端口 {error.port} 已经有程序在用。换一个{free}，或先关掉那个程序。")
            return FAILED
        except CannotListenError as error:
            await app.stop()
            _say(f"网页开不了，WEB_HOST 的地址 {settings.web_host} 用不了（{error.reason}）。例：WEB_HOST=127.0.0.1")
            return FAILED
        _tell_where(settings, app)
        store.on_trouble(_tell_trouble)
        files.on_trouble = _tell_trouble
        await stopping.wait()
        _say("正在停止……")
        await app.stop()
    finally:
        await store.close()
    _say("已停止，数据都存好了。")
    return 0


def _tell_where(settings: "Settings", app: "App") -> None:
    if "web" in app.channels:
        host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
        _say(f"网页聊天：{settings.web_public_url or f'http://{host}:{settings.web_port}'}  用浏览器打开就能聊。")
        if settings.web_metrics != "off":
            _say("健康检查：同一个地址加 /healthz；指标加 /metrics。")
    elif not settings.web_port:
        _say("网页聊天：没开（WEB_PORT=0），健康检查页也没有。")
    if "telegram" in app.channels:
        _say("Telegram：正在连接，连上后在聊天里发 /start。")
    else:
        _say("Telegram：没开（没有设 TELEGRAM_BOT_TOKEN）。")
    _say("按 Ctrl+C 停止。")


def _tell_trouble(trouble: "StorageError | None") -> None:
    from bot.troubles import storage_sentence

    _say("数据库又能写了，已经接上。" if trouble is None else storage_sentence(trouble))


def _on_signals(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stopping.set)
        except NotImplementedError:
            # Windows has no loop.add_signal_handler (this path was not tried there).
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopping.set))


def _check(settings: "Settings", misses: bool) -> int:
    from bot.app import load_knowledge

    knowledge = load_knowledge()
    catalog = knowledge.catalog
    _say(f"内容没有错：规则 {len(catalog.rules)} 条，问题 {len(catalog.problems)} 种，走法 {len(catalog.routes)} 条。")
    if misses:
        asyncio.run(_misses(settings))
    return 0


async def _misses(settings: "Settings") -> None:
    from storage.misses import read_misses

    found = await read_misses(settings.database)
    _say("没人说过哪一步找不到按钮。" if not found else "找不到按钮的次数：")
    for step, count in found.items():
        _say(f"  {step}  {count}")


async def _migrate(settings: "Settings") -> int:
    from storage.store import open_store

    store = await open_store(settings.database)
    applied = store.migrated
    await store.close()
    _say(f"数据库：{settings.database}")
    _say(f"升级了：{'、'.join(applied)}" if applied else "已经是最新的，没有要升级的。")
    return 0


async def _backup(settings: "Settings", target: Path) -> int:
    from storage.archive import write_archive

    if not settings.database.exists():
        _say(f"还没有数据库：{settings.database}。先启动一次，或检查 DATABASE_URL。")
        return FAILED
    made = await write_archive(settings.database, settings.evidence, target, datetime.now(UTC))
    _say(f"备份好了：{target}（文件 {made.files} 个）")
    if made.missing or made.damaged:
        _say(f"有 {len(made.missing)} 个文件找不到，{len(made.damaged)} 个坏了，没有备份进去。")
        _say(f"看看 EVIDENCE_DIR 对不对：{settings.evidence}。少的是：")
        for sha256 in (*made.missing, *made.damaged):
            _say(f"  {sha256}")
    return 0


async def _restore(settings: "Settings", source: Path) -> int:
    from storage.restore import restore_archive

    restored = await restore_archive(source, settings.database, settings.evidence)
    _say(f"放回来了：{settings.database}，文件 {restored.files} 个在 {settings.evidence}。现在可以启动。")
    if restored.missing:
        _say(f"备份里本来就少 {len(restored.missing)} 个文件。另一份备份里要是有，可以改用那一份。")
    return 0


async def _forget(settings: "Settings", person: str) -> int:
    from bot.inspection import inspect
    from bot.jobs.tidy import tidy
    from storage.errors import AlreadyRunningError
    from storage.files import open_files
    from storage.store import open_store

    if not settings.database.exists():
        _say(f"还没有数据库：{settings.database}。先启动一次，或检查 DATABASE_URL。")
        return FAILED
    try:
        store = await open_store(settings.database)
    except AlreadyRunningError as error:
        from bot.troubles import storage_sentence

        _say(storage_sentence(error))
        _say("停掉以后（在它的窗口按 Ctrl+C）再删一次。不停也行：本人在聊天里发“全部删除”。")
        return FAILED
    try:
        held = await store.held(person)
        if not any(held.values()):
            _say(f"没有这个人：{person}。写法是“渠道:号码”，例：telegram:42")
            return FAILED
        files = await open_files(settings.evidence, inspect, await store.identity())
        async with store.transaction() as transaction:
            await transaction.forget(person)
        await tidy(store, files)(datetime.now(UTC))
    finally:
        await store.close()
    gone = "、".join(f"{name} {held[kind]}" for kind, name in HELD.items() if held[kind])
    _say(f"删掉了 {person} 的全部内容" + (f"：{gone}。" if gone else "。"))
    _say("之前做的备份里还有，要自己删。")
    return 0


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
