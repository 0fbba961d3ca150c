"""A database is brought up to date whole or not at all."""

import sqlite3
from contextlib import closing
from pathlib import Path

import aiosqlite
import pytest

from storage.database import NEEDED_SQLITE, Database, require_sqlite
from storage.errors import MigrationError, NewerSchemaError, OldSqliteError
from storage.migrate import Migration, migrate, read_migrations, statements

ONE = Migration(1, "0001_one.sql", "CREATE TABLE one (a INTEGER) STRICT;\nINSERT INTO one VALUES (1);\n")
TWO = Migration(2, "0002_two.sql", "ALTER TABLE one ADD COLUMN b TEXT;\nUPDATE one SET b = 'x;y';\n")


async def brought_to(path: Path, *migrations: Migration) -> tuple[str, ...]:
    database = await Database.open(path, migrations)
    await database.close()
    return database.migrated


def select(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


async def test_each_migration_is_applied_once_in_order(tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    assert await brought_to(path, ONE) == ("0001_one.sql",)
    assert await brought_to(path, ONE, TWO) == ("0002_two.sql",)
    assert await brought_to(path, ONE, TWO) == ()
    assert select(path, "SELECT a, b FROM one") == [(1, "x;y")]
    assert select(path, "SELECT number, name FROM schema_migrations") == [(1, "0001_one.sql"), (2, "0002_two.sql")]


@pytest.mark.parametrize(
    "broken",
    [
        "INSERT INTO nowhere VALUES (1);",
        "SELECT ;",
        "COMMIT;",
        "-- then\nROLLBACK;",
        "VACUUM",
        "CREATE TABLE mother (a PRIMARY KEY); CREATE TABLE child (a REFERENCES mother); INSERT INTO child VALUES (7)",
    ],
)
async def test_failing_migration_rolls_back(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "jieru.db"
    bad = Migration(2, "0002_bad.sql", f"UPDATE one SET a = 2; CREATE TABLE two (a INTEGER); {broken}")  # noqa: S608
    for _ in range(2):
        with pytest.raises(MigrationError) as raised:
            await brought_to(path, ONE, bad)
        assert raised.value.name == "0002_bad.sql"
        assert select(path, "SELECT a FROM one") == [(1,)]
        assert select(path, "SELECT name FROM sqlite_master WHERE name IN ('two', 'child')") == []
        assert select(path, "SELECT number FROM schema_migrations") == [(1,)]


async def test_failing_migration_leaves_the_connection_usable(tmp_path: Path) -> None:
    async with aiosqlite.connect(tmp_path / "jieru.db") as connection:
        with pytest.raises(MigrationError):
            await migrate(connection, tmp_path / "jieru.db", [Migration(1, "0001_one.sql", f"{ONE.sql} broken;")])
        assert await migrate(connection, tmp_path / "jieru.db", [ONE]) == ("0001_one.sql",)


async def test_rerun_after_failure_applies_each_migration_once(tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    with pytest.raises(MigrationError):
        await brought_to(path, ONE, Migration(2, "0002_two.sql", f"{TWO.sql} broken;"))
    assert await brought_to(path, ONE, TWO) == ("0002_two.sql",)
    assert select(path, "SELECT a, b FROM one") == [(1, "x;y")]


async def test_newer_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    await brought_to(path, ONE, TWO)
    with pytest.raises(NewerSchemaError) as raised:
        await brought_to(path, ONE)
    assert (raised.value.found, raised.value.known, raised.value.path) == (2, 1, path)
    assert await brought_to(path, ONE, TWO) == ()


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (Migration(1, "0001_one.sql", "CREATE TABLE other (a);"), "edited"),
        (Migration(1, "0001_other.sql", ONE.sql), "0001_one.sql"),
    ],
)
async def test_edited_or_renamed_file_is_named(tmp_path: Path, now: Migration, reason: str) -> None:
    path = tmp_path / "jieru.db"
    await brought_to(path, ONE)
    with pytest.raises(MigrationError, match=reason) as raised:
        await brought_to(path, now)
    assert raised.value.name == now.name


async def test_skipped_migration_is_named(tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    await brought_to(path, ONE, TWO)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM schema_migrations WHERE number = 1")
    with pytest.raises(MigrationError, match="skipped") as raised:
        await brought_to(path, ONE, TWO)
    assert raised.value.name == "0001_one.sql"


@pytest.mark.parametrize(
    ("files", "blamed"),
    [
        (["0001_one.sql", "0003_three.sql"], "0003_three.sql"),
        (["0001_one.sql", "0001_two.sql"], "0001_two.sql"),
        (["0002_two.sql"], "0002_two.sql"),
        (["0001_one.sql", "2_two.sql"], "2_two.sql"),
    ],
)
def test_gap_double_and_misnamed_file_are_named(tmp_path: Path, files: list[str], blamed: str) -> None:
    for file in files:
        (tmp_path / file).write_text("SELECT 1;")
    with pytest.raises(MigrationError) as raised:
        read_migrations(tmp_path)
    assert raised.value.name == blamed


def test_line_endings_do_not_count_as_an_edit(tmp_path: Path) -> None:
    (tmp_path / "0001_one.sql").write_bytes(ONE.sql.replace("\n", "\r\n").encode())
    assert read_migrations(tmp_path) == (ONE,)
    assert read_migrations(tmp_path)[0].digest == ONE.digest


def test_statements_are_split_where_they_end() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON one BEGIN UPDATE one SET a = 1; DELETE FROM one; END;"
    script = f"-- a; b\nINSERT INTO one VALUES ('c;d', \"e;f\"); {trigger}\n/* g; */ SELECT 1; SELECT 2\n-- end;\n"
    assert list(statements(script)) == [
        "-- a; b\nINSERT INTO one VALUES ('c;d', \"e;f\");",
        trigger,
        "/* g; */ SELECT 1;",
        "SELECT 2\n-- end;",
    ]
    assert list(statements("SELECT 1;\n-- the end\n")) == ["SELECT 1;"]


def test_our_own_files_are_in_order() -> None:
    assert [migration.number for migration in read_migrations()] == list(range(1, len(read_migrations()) + 1))


def test_an_old_sqlite_is_refused() -> None:
    require_sqlite(NEEDED_SQLITE)
    with pytest.raises(OldSqliteError, match=r"3\.34\.1"):
        require_sqlite((3, 34, 1))
