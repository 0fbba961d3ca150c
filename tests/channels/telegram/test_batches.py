"""When the poller asks for more: as soon as few of a batch are left, or when those that are left do not end."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest

from bot.channels.telegram.polling import Poller
from bot.channels.telegram.received import Received
from tests.channels.telegram.conftest import QUICK


class Batches:
    """Telegram with one batch of updates, and a handling that ends when the test says so."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.offsets: list[int] = []
        self.handling: dict[int, asyncio.Future[None]] = {}
        self.asked = asyncio.Event()
        self._batch = [Received(number, {}) for number in numbers]

    async def fetch(self, offset: int, timeout: int) -> Sequence[Received]:  # noqa: ASYNC109 - Telegram's name
        self.offsets.append(offset)
        self.asked.set()
        if len(self.offsets) > 1:
            await asyncio.Event().wait()
        return self._batch

    def handle(self, received: Received) -> "asyncio.Future[None]":
        future = self.handling[received.update_id] = asyncio.get_running_loop().create_future()
        return future

    async def end(self, *numbers: int) -> int:
        """These are handled. Returns how often was asked after that."""
        for number in numbers:
            self.handling[number].set_result(None)
        for _ in range(20):
            await asyncio.sleep(0)
        return len(self.offsets)


@pytest.fixture
async def four() -> AsyncIterator[tuple[Batches, Poller]]:
    """Four updates, 10 to 13, all of them being handled; nothing but their end makes the poller ask again."""
    batches = Batches(range(10, 14))
    patient = replace(QUICK, batch=600)
    poller = Poller(batches.fetch, batches.handle, token="1:x", timing=patient, on_conflict=lambda: None)
    running = asyncio.create_task(poller.run())
    await batches.end()
    yield batches, poller
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_more_is_asked_for_while_half_of_a_batch_is_being_handled(four: tuple[Batches, Poller]) -> None:
    batches, _ = four
    assert await batches.end(10) == 1
    assert await batches.end(11) == 2
    assert batches.offsets == [0, 12]


async def test_what_ended_out_of_turn_is_not_confirmed_before_the_one_that_it_overtook(
    four: tuple[Batches, Poller],
) -> None:
    batches, poller = four
    assert await batches.end(11, 12, 13) == 2
    assert batches.offsets == [0, 10]
    await batches.end(10)
    assert poller._offset() == 14


async def test_those_that_do_not_end_hold_up_the_others_for_a_moment_only() -> None:
    batches = Batches(range(10, 14))
    hurried = replace(QUICK, batch=0.01)
    poller = Poller(batches.fetch, batches.handle, token="1:x", timing=hurried, on_conflict=lambda: None)
    running = asyncio.create_task(poller.run())
    await batches.asked.wait()
    batches.asked.clear()
    async with asyncio.timeout(30):
        await batches.asked.wait()
    assert batches.offsets == [0, 10]
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
