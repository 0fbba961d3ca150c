"""A database that is locked, read-only, newer or damaged: one sentence for the operator, a kind one for the person."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.command import command, command_meanwhile
from tests.fakes.telegram_api import TOKEN, FakeTelegram
from tests.faults.place import APOLOGY, bot_in, rows, stops
from tests.faults.plain_user import as_plain_user
from tests.harness import World
from tests.journeys.test_stale_buttons import rejected


async def prepared(folder: Path) -> Path:
    """A database of this program."""
    assert (await command_meanwhile(folder, "migrate")).code == 0
    return folder / "data" / "jieru.db"


async def told(folder: Path, *words: str) -> str:
    """What the operator reads of a command that fails: one line."""
    ran = await command_meanwhile(folder, *words)
    assert ran.code == 1
    (line,) = ran.output.splitlines()
    return line


async def test_a_lock_of_another_program_is_told_and_passes(tmp_path: Path) -> None:
    async with FakeTelegram() as server, bot_in(tmp_path, server) as bot:
        await bot.prints("Ctrl+C")
        li = server.person(42)
        await li.says("/start")
        await li.sees("我不是拼多多")
        with closing(sqlite3.connect(tmp_path / "data" / "jieru.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await li.says("草莓烂了一半商家不给退")
            await li.sees(APOLOGY)
            await bot.prints("数据库被别的程序占着")
            other.execute("ROLLBACK")
            await li.says("草莓烂了一半商家不给退")
            await li.sees("先别扔")
            await bot.prints("又能写了")
        await stops(bot)
    assert rows(tmp_path, "SELECT count(*) FROM seen") == [(2,)]


def test_a_start_beside_a_lock_is_told(tmp_path: Path) -> None:
    assert command(tmp_path, "migrate").code == 0
    with closing(sqlite3.connect(tmp_path / "data" / "jieru.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        bot = command(tmp_path, "run", WEB_PORT="0", TELEGRAM_BOT_TOKEN=TOKEN, LOG_LEVEL="ERROR")
        other.execute("ROLLBACK")
    assert bot.code == 1
    assert bot.output.count("\n") == 2
    assert "数据库被别的程序占着" in bot.output


@pytest.mark.parametrize("part", ["data/jieru.db", "data"])
async def test_what_may_not_be_written_is_told_at_the_start(part: str, tmp_path: Path) -> None:
    path = await prepared(tmp_path)
    before = path.read_bytes()
    (tmp_path / part).chmod(0o400 if part.endswith(".db") else 0o500)
    bot = await as_plain_user(partial(command, tmp_path, "run", WEB_PORT="0", TELEGRAM_BOT_TOKEN=TOKEN))
    (tmp_path / part).chmod(0o700)
    assert bot.code == 1
    assert bot.output.count("\n") == 1
    assert "写不进去" in bot.output
    assert path.read_bytes() == before


async def test_a_header_that_is_overwritten_is_told_and_the_file_is_left_alone(tmp_path: Path) -> None:
    path = await prepared(tmp_path)
    damaged = b"\xff" * 100 + path.read_bytes()[100:]
    path.write_bytes(damaged)
    for words in (("migrate",), ("run",), ("backup", "copy.zip")):
        assert "数据库文件坏了" in await told(tmp_path, *words)
    assert path.read_bytes() == damaged
    assert not (tmp_path / "copy.zip").exists()


async def test_a_database_of_a_later_program_is_told_and_left_alone(tmp_path: Path) -> None:
    path = await prepared(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO schema_migrations (number, name, digest) VALUES (9999, '9999_later.sql', '')")
        connection.commit()
    before = path.read_bytes()
    for words in (("migrate",), ("run",), ("forget", "telegram:42")):
        assert "请升级程序" in await told(tmp_path, *words)
    assert path.read_bytes() == before


def overwrite_page(path: Path, table: str) -> None:
    """The first page of a table is not a page any more."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)


async def test_a_damaged_page_concerns_those_whose_it_is_and_a_backup_brings_all_back(tmp_path: Path) -> None:
    async with FakeTelegram() as server:
        li, wang = server.person(42), server.person(43, "小王")
        (tmp_path / "data").mkdir()
        world = await World.open(tmp_path / "data", person="telegram:42")
        await rejected(world)
        await world.close()
        assert (await command_meanwhile(tmp_path, "backup", "copy.zip")).code == 0
        overwrite_page(tmp_path / "data" / "jieru.db", "entries")
        async with bot_in(tmp_path, server) as bot:
            await bot.prints("Ctrl+C")
            await li.says("/cases")
            await li.sees(APOLOGY)
            await bot.prints("数据库文件坏了")
            await wang.says("/start")
            await wang.sees("我不是拼多多")
            await stops(bot)
        (tmp_path / "data").rename(tmp_path / "damaged")
        assert (await command_meanwhile(tmp_path, "restore", "copy.zip")).code == 0
        async with bot_in(tmp_path, server) as bot:
            await bot.prints("Ctrl+C")
            await li.says("/cases")
            await li.sees("草莓坏果：")
            await stops(bot)
