"""A backup that is made while people write restores to a bot that works."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.inspection import inspect
from bot.messages import Kind
from storage.archive import write_archive
from storage.files import open_files
from storage.restore import restore_archive
from tests.bench.crash_checks import at_the_end, files_apart
from tests.bench.day import Day
from tests.harness import World


class Watched(Day):
    """Says when it is in full swing."""

    def __init__(self, folder: Path, people: int) -> None:
        super().__init__(folder, people)
        self.under_way = asyncio.Event()

    async def _step(self, person: int, kind: Kind, **fields: object) -> None:
        await super()._step(person, kind, **fields)
        if self.result.steps >= 100:
            self.under_way.set()


async def test_a_backup_under_load_restores_to_a_working_bot(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    day = Watched(here, people=40)
    busy = asyncio.create_task(day.run())
    await day.under_way.wait()
    await write_archive(here / "jieru.db", here / "evidence", tmp_path / "copy.zip", datetime.now(UTC))
    assert not busy.done()
    known = day.result.steps
    result = await busy
    assert result.wrong == []
    assert result.steps > known
    await restore_archive(tmp_path / "copy.zip", there / "jieru.db", there / "evidence")
    wrong, cases = await at_the_end(there / "jieru.db", day.knowledge, day.now, set())
    unfinished = ("a job was left", "reminder", "picture", "the plan of")
    assert [one for one in wrong if not one.startswith(unfinished)] == []
    assert cases > 0
    assert files_apart(there / "jieru.db", there / "evidence") == []
    world = await World.open(there, person="telegram:900")
    await open_files(there / "evidence", inspect, await world.store.identity())
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    assert "哪天几点拒的" in world.text
    await world.close()
