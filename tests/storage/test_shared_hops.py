"""What waits at the same time goes together, and each gets what is its own."""

import asyncio
from collections.abc import Sequence

import pytest

from storage.shared_hops import SharedHops


class Doubles:
    """Doubles numbers, when it is let; fails of a negative one, and says of 0 that it is none."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, numbers: Sequence[int]) -> Sequence[int | Exception]:
        self.groups.append(list(numbers))
        self.begun.set()
        await self.go_on.wait()
        if min(numbers) < 0:
            raise OSError("negative")
        return [number * 2 if number else ZeroDivisionError("none") for number in numbers]


async def asked(doubles: Doubles, most: int, *numbers: int) -> list[int | BaseException]:
    """What came of these, all asked for while the first one is under way."""
    shared = SharedHops(doubles, "doubling", most)
    tasks = [asyncio.create_task(shared.take(number)) for number in numbers]
    await doubles.begun.wait()
    doubles.go_on.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_those_that_come_meanwhile_go_together_and_no_more_than_so_many() -> None:
    doubles = Doubles()
    assert await asked(doubles, 3, 1, 2, 3, 4, 5) == [2, 4, 6, 8, 10]
    assert doubles.groups == [[1, 2, 3], [4, 5]]


async def test_what_one_fails_of_is_its_own() -> None:
    one, none, three = await asked(Doubles(), 8, 1, 0, 3)
    assert (one, three) == (2, 6)
    assert isinstance(none, ZeroDivisionError)


async def test_when_all_fail_each_is_tried_alone() -> None:
    doubles = Doubles()
    one, negative, three = await asked(doubles, 8, 1, -2, 3)
    assert (one, three) == (2, 6)
    assert isinstance(negative, OSError)
    assert doubles.groups == [[1, -2, 3], [1], [-2], [3]]


async def test_one_that_is_not_waited_for_any_more_holds_up_nobody() -> None:
    doubles = Doubles()
    shared = SharedHops(doubles, "doubling", 8)
    gone, here = asyncio.create_task(shared.take(1)), asyncio.create_task(shared.take(2))
    await doubles.begun.wait()
    gone.cancel()
    doubles.go_on.set()
    assert await here == 4
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await shared.take(3) == 6
