"""Nobody fills the disk alone: what is over a person's share is refused with a sentence, others go on."""

from collections.abc import Mapping
from pathlib import Path

from bot.channels.web import Limits, Rate
from bot.jobs.loop import Jobs
from bot.jobs.tidy import tidy
from bot.jobs.workers import workers
from bot.ports import Channel
from tests.channels.web.conftest import Visits
from tests.channels.web.pictures import png
from tests.channels.web.world import WebWorld, channel
from tests.harness import World

FULL = "你存的文件已经很多"


def size_on_disk(folder: Path) -> int:
    return sum(1 for path in (folder / "evidence").rglob("*") if path.is_file() and path.name != ".jieru")


async def test_the_page_is_told_before_a_byte_is_kept(world: WebWorld, visits: Visits) -> None:
    limits = Limits(uploads=Rate(1e6, 1e6), deeds=Rate(1e6, 1e6), people=Rate(1e6, 1e6), kept=len(png(1)))
    web = channel(world, world.store, world.engine.handle, limits=limits)
    await web.start()
    mine, yours = await visits(web.url), await visits(web.url)
    await mine.say("草莓烂了一半商家不给退")
    assert (await mine.upload(png(1))).status == 200
    refused = await mine.upload(png(2), "图.png")
    assert refused.status == 200
    rows = [each["row"] for each in await mine.rows()]
    assert FULL in str(rows[-1]["screen"]["text"])
    assert [row["file"].get("href") is not None for row in rows if "file" in row] == [True, False]
    assert size_on_disk(world.folder) == 1
    assert (await yours.upload(png(3))).status == 200
    assert size_on_disk(world.folder) == 2
    await web.stop()


class Sparing(World):
    """One in which a person may keep a single byte, so that the second file is too many."""

    def jobs_over(self, channels: Mapping[str, Channel]) -> Jobs:
        does = workers(self.store, self.files, self.knowledge, channels, self.reader, self._clock, quota=1)
        done = tidy(self.store, self.files)
        return Jobs(self.store, self.knowledge, channels, self.handle, does, self._clock, lambda: 0.0, done)


async def test_on_telegram_the_fetch_says_so_and_room_can_be_made(tmp_path: Path) -> None:
    world = await Sparing.open(tmp_path)
    world.chat.uploads |= {"one": png(1), "two": png(2)}
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.photo("one")
    await world.work()
    await world.photo("two")
    told = await world.work()
    assert FULL in told[-1].text
    assert "证据2" in told[-1].text
    assert size_on_disk(tmp_path) == 1
    await world.close()
