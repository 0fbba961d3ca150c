"""The loop around ``tick``: it wakes at once, survives what fails, and loses nothing when it dies."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.messages import Answer, Delivery, Screen, Sent
from bot.reminders import LEASE, PARALLEL, Reminders
from tests.harness import Message, World
from tests.journeys.test_stale_buttons import rejected


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path)
    yield world
    await world.close()


class Announcing:
    """A channel that says when something was sent through it, or hangs until it is let go."""

    name = "telegram"
    connected = True

    def __init__(self) -> None:
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.open = asyncio.Event()
        self.open.set()
        self.begun = asyncio.Semaphore(0)
        self.hanging, self.let_go = "", asyncio.Event()
        """Whose send hangs although the others get through, and until when."""

    async def send(self, address: str, screen: Screen, due: datetime | None = None) -> Delivery:
        self.begun.release()
        await (self.let_go if address == self.hanging else self.open).wait()
        await self.sent.put(Message(screen))
        return Sent()

    async def answer(self, address: str, answer: Answer) -> None: ...

    async def progress(self, address: str, job: int, screen: Screen) -> None: ...

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        yield b""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


def loop_of(world: World, channel: Announcing) -> Reminders:
    return Reminders(world.store, world.knowledge, {"telegram": channel}, lambda: world.now)


async def test_an_earlier_reminder_wakes_the_loop_at_once(world: World) -> None:
    channel = Announcing()
    loop = loop_of(world, channel)
    running = asyncio.create_task(loop.run())
    await rejected(world)
    world.now += timedelta(hours=24)
    loop.wake()
    async with asyncio.timeout(30):
        assert "问题单1" in (await channel.sent.get()).text
    loop.stop()
    async with asyncio.timeout(30):
        await running


async def test_a_death_between_claim_and_sending_loses_nothing(world: World) -> None:
    await rejected(world)
    world.now += timedelta(hours=24)
    channel = Announcing()
    channel.open.clear()
    dying = asyncio.create_task(loop_of(world, channel).tick(world.now))
    async with asyncio.timeout(30):
        await channel.begun.acquire()
    dying.cancel()
    await asyncio.wait({dying})
    assert channel.sent.empty()
    await world.restart()
    came = await world.later(minutes=1)
    assert len(came) == 1


async def test_a_lease_that_ran_out_is_claimed_again(world: World) -> None:
    await rejected(world)
    world.now += timedelta(hours=24)
    assert len(await world.store.claim(world.now, LEASE, 10)) == 1
    assert await world.store.claim(world.now, LEASE, 10) == []
    world.now += LEASE + timedelta(seconds=1)
    assert len(await world.store.claim(world.now, LEASE, 10)) == 1


async def test_a_channel_that_is_not_running_keeps_its_reminders(world: World) -> None:
    await rejected(world)
    world.now += timedelta(hours=24)
    without = Reminders(world.store, world.knowledge, {}, lambda: world.now)
    due = await without.tick(world.now)
    assert due is not None
    assert due > world.now
    assert len(await world.later(minutes=15)) == 1


async def test_a_loop_outlives_a_store_that_fails(world: World) -> None:
    class Failing:
        """Fails once, then is the real store."""

        def __init__(self) -> None:
            self.failed = asyncio.Event()

        def __getattr__(self, name: str) -> object:
            if name == "claim" and not self.failed.is_set():
                self.failed.set()
                raise OSError("disk full")
            return getattr(world.store, name)

    channel, store = Announcing(), Failing()
    loop = Reminders(store, world.knowledge, {"telegram": channel}, lambda: world.now)  # type: ignore[arg-type]
    await rejected(world)
    world.now += timedelta(hours=24)
    running = asyncio.create_task(loop.run())
    async with asyncio.timeout(30):
        await store.failed.wait()
        loop.wake()
        await channel.sent.get()
    loop.stop()
    async with asyncio.timeout(30):
        await running


async def test_one_that_hangs_does_not_hold_up_the_others(world: World) -> None:
    """Neither those that are due with it, nor those that come due while it hangs."""
    for person in ("telegram:50", "telegram:51", "telegram:52"):
        world.person = person
        await rejected(world)
        world.now += timedelta(minutes=1)
    channel = Announcing()
    channel.hanging = "50"
    loop = loop_of(world, channel)
    world.now += timedelta(hours=24, minutes=-2, seconds=-30)
    running = asyncio.create_task(loop.run())
    async with asyncio.timeout(30):
        await channel.sent.get()
        world.now += timedelta(minutes=2)
        loop.wake()
        await channel.sent.get()
        channel.let_go.set()
        await channel.sent.get()
    loop.stop()
    async with asyncio.timeout(30):
        await running


async def test_no_more_than_parallel_are_on_their_way(world: World) -> None:
    for number in range(PARALLEL + 4):
        world.person = f"telegram:{50 + number}"
        await rejected(world)
    world.now += timedelta(hours=24)
    channel = Announcing()
    channel.open.clear()
    running = asyncio.create_task(loop_of(world, channel).tick(world.now))
    async with asyncio.timeout(30):
        for _ in range(PARALLEL):
            await channel.begun.acquire()
    assert await world.store.claim(world.now, LEASE, 100) != []
    running.cancel()
    await asyncio.wait({running})
    assert channel.begun.locked()


async def test_a_look_at_nothing_due_writes_nothing(world: World) -> None:
    class Reading:
        """A store that can only be asked when something is due."""

        async def next_due(self) -> datetime:
            return world.now + timedelta(hours=1)

    loop = Reminders(Reading(), world.knowledge, {}, lambda: world.now)  # type: ignore[arg-type]
    assert await loop.tick(world.now) == world.now + timedelta(hours=1)


async def test_many_due_at_once_all_come_in_order_of_their_moments(world: World) -> None:
    people = [f"telegram:{number}" for number in range(50, 80)]
    for person in people:
        world.person = person
        await world.say("草莓烂了一半商家不给退")
        await world.press("对，没错")
        await world.press("刚刚")
        world.now += timedelta(seconds=1)
    world.chat.messages.clear()
    came = await world.later(hours=24, minutes=2)
    assert len(came) == len(people)
