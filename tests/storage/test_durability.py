"""What was committed is there after a restart and after a kill; what was not, is not."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.model import Job
from bot.ports import Step
from storage import jobs
from storage.connection import Connection
from storage.database import Database
from storage.errors import CorruptDatabaseError, UnwritableError
from storage.plan import CLAIM, NEXT_DUE
from storage.steps import statements
from tests.storage.conftest import Open
from tests.storage.samples import ALI, BO, LEASE, NOW, find, got, new, planned, put, rich, stranger

HALF_WAY = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from storage.store import open_store
from tests.storage.samples import ALI, BO, put, rich

async def main():
    store = await open_store(Path(sys.argv[1]))
    try:
        kept = await put(store, rich(ALI, "kept"))
        async with store.transaction() as transaction:
            await transaction.save(kept, replace(kept, person=replace(kept.person, session={"typed": "lost"})))
            await transaction.save(None, rich(BO, "lost"))
            print("half way", flush=True)
            await asyncio.Event().wait()
    finally:
        await store.close()

asyncio.run(main())
"""


async def test_everything_is_there_after_a_restart(opens: Open, tmp_path: Path) -> None:
    path = tmp_path / "订单 #1?%20.db"
    store = await opens(path)
    names = [
        "0001_initial", "0002_transcript", "0003_files_and_jobs", "0004_outcomes", "0005_retention", "0006_retry",
        "0007_in_step",
    ]  # fmt: skip
    assert store.migrated == tuple(f"{name}.sql" for name in names)
    stored = await put(store, rich(ALI, "甲"))
    await put(store, planned(BO, NOW))
    assert await new(store, "u")
    recalled = await store.recall(ALI)
    await store.commit(Step(ALI, NOW, recalled.dossier, recalled.dossier, misses=("route.a/1",)))
    await store.claim(NOW, LEASE, 9)
    await store.close()

    store = await opens(path)
    assert (store.migrated, store.path) == ((), path)
    assert await got(store, ALI) == stored
    assert not await new(store, "u")
    assert await store.misses() == {"route.a/1": 1}
    assert await store.next_due() == NOW + LEASE
    assert await store.release_leases() == 1
    await store.close()


async def test_a_kill_in_mid_transaction_leaves_nothing_half_written(opens: Open, tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HALF_WAY, str(path), stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.curdir}
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"half way\n"
    process.kill()
    await process.wait()

    store = await opens(path)
    kept = await got(store, ALI)
    assert (kept.person.version, kept.person.session["typed"]) == (1, "kept")
    assert await find(store, BO) is None
    await store.close()


async def test_files_are_private_and_gone_when_closed(opens: Open, tmp_path: Path) -> None:
    path = tmp_path / "new" / "data" / "jieru.db"
    store = await opens(path)
    await put(store, planned(ALI, NOW))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == dict.fromkeys(
        ("jieru.db", "jieru.db-shm", "jieru.db-wal", "jieru.db.lock"), 0o600
    )
    await store.close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["jieru.db", "jieru.db.lock"]


async def test_every_table_is_strict(opens: Open, tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    await (await opens(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        loose = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite%'"
        assert connection.execute(loose).fetchall() == []
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize(("statement", "parameters"), [(CLAIM, (1, 2, 3)), (NEXT_DUE, ())])
async def test_an_idle_look_reads_only_the_index_of_waiting_rows(
    opens: Open, tmp_path: Path, statement: str, parameters: tuple[int, ...]
) -> None:
    path = tmp_path / "jieru.db"
    await (await opens(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert any("INDEX reminders_wake" in step for step in steps)
    assert [
        step for step in steps if step.startswith("SCAN") and "reminders_wake" not in step and "(" not in step
    ] == []


@pytest.mark.parametrize(("statement", "parameters"), [(jobs.CLAIM, (1, 2, "[]")), (jobs.NEXT, ())])
async def test_an_idle_look_for_slow_work_reads_only_its_index(
    opens: Open, tmp_path: Path, statement: str, parameters: tuple[int | str, ...]
) -> None:
    path = tmp_path / "jieru.db"
    await (await opens(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert any("INDEX jobs_wake" in step for step in steps)
    assert [step for step in steps if step.startswith("SCAN jobs") and "jobs_wake" not in step] == []


class Counting(Connection):
    """Counts the hops to the connection's thread."""

    hops = 0

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        self.hops += 1
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


async def test_a_step_is_written_in_one_hop_with_files_and_slow_work_and_so_are_many(tmp_path: Path) -> None:
    await (await Database.open(tmp_path / "jieru.db")).close()
    connection = Counting(lambda: sqlite3.connect(tmp_path / "jieru.db", isolation_level="IMMEDIATE"), 64)
    async with connection:
        people = [replace(stranger(f"t:{number}"), jobs=(Job("fetch", {}, NOW),)) for number in range(3)]
        groups = [statements(Step(one.person.id, NOW, None, one, "telegram:8", [{"op": "said"}])) for one in people]
        connection.hops = 0
        assert await connection.run_each(groups) == [None, None, None]
        assert connection.hops == 1
        assert list(await connection.execute_fetchall("SELECT count(*) FROM jobs")) == [(3,)]


async def test_a_file_that_is_no_database_is_refused_and_kept(opens: Open, tmp_path: Path) -> None:
    path = tmp_path / "jieru.db"
    path.write_text("a letter, not a database. " * 500)
    for _ in range(2):
        with pytest.raises(CorruptDatabaseError) as raised:
            await opens(path)
        assert raised.value.path == path
    assert path.read_text().startswith("a letter")


async def test_a_folder_is_no_database(opens: Open, tmp_path: Path) -> None:
    with pytest.raises(CorruptDatabaseError):
        await opens(tmp_path)


async def test_a_place_that_cannot_be_written_is_told(opens: Open, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableError) as raised:
        await opens(tmp_path / "file" / "jieru.db")
    assert raised.value.path == tmp_path / "file" / "jieru.db"
