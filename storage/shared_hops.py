"""What waits for a connection at the same time goes to it together.

A hop to a connection's thread costs the same, and a commit its fsync, whoever it is for. While one is under way, others
gather here, and all of them go with the next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

Asked = TypeVar("Asked")
Got = TypeVar("Got")


class _Waiting(NamedTuple, Generic[Asked, Got]):
    asked: Asked
    done: "asyncio.Future[Got]"


class SharedHops(Generic[Asked, Got]):
    """``run`` takes what was asked, in the order in which it came, and returns for each in order what it got or why it
    failed. ``most`` at a time: what comes after them waits no longer than so many take."""

    def __init__(
        self, run: Callable[[Sequence[Asked]], Awaitable[Sequence[Got | Exception]]], name: str, most: int
    ) -> None:
        self._run, self._name, self._most = run, name, most
        self._waiting: list[_Waiting[Asked, Got]] = []
        self._going: asyncio.Task[None] | None = None

    async def take(self, asked: Asked) -> Got:
        """What came of it. Raises why it failed, or what ``run`` raises for it alone. If the caller is cancelled, it
        may be run all the same."""
        waiting = _Waiting[Asked, Got](asked, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._going is None:
            self._going = asyncio.create_task(self._go(), name=self._name)
        return await waiting.done

    async def _go(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._together(group)
        finally:
            self._going = None

    async def _together(self, group: Sequence[_Waiting[Asked, Got]]) -> None:
        try:
            results = await self._run([waiting.asked for waiting in group])
        except Exception as error:  # noqa: BLE001 - whoever waits gets it
            if len(group) == 1:
                _end(group[0], error)
                return
            # It may have been the matter of one: a damaged page, a text for which there is no room.
            for waiting in group:
                await self._together([waiting])
            return
        for waiting, result in zip(group, results, strict=True):
            _end(waiting, result)


def _end(waiting: _Waiting[Asked, Got], result: Got | Exception) -> None:
    # One that nobody waits for any more was cancelled.
    if waiting.done.done():
        return
    if isinstance(result, Exception):
        waiting.done.set_exception(result)
    else:
        waiting.done.set_result(result)
