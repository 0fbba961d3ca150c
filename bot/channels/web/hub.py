"""Which streams are open, by person, and how they learn that there is something to read."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

Ending = Literal["", "bye", "reset"]


class Listener:
    """One open stream. ``changed`` is set whenever it should look; ``ending`` says that it should close, and why."""

    __slots__ = ("changed", "ending", "task")

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self.ending: Ending = ""
        self.task: asyncio.Task[Any] | None = asyncio.current_task()

    def end(self, why: Ending) -> None:
        self.ending = why
        self.changed.set()


class Hub:
    """Holds nothing of a person without an open stream."""

    def __init__(self) -> None:
        self._open: dict[str, set[Listener]] = {}
        self._closed = False

    def __len__(self) -> int:
        return sum(map(len, self._open.values()))

    @property
    def people(self) -> int:
        """Persons with an open stream."""
        return len(self._open)

    def count(self, person: str) -> int:
        """Open streams of the person."""
        return len(self._open.get(person, ()))

    @contextmanager
    def listen(self, person: str) -> Iterator[Listener]:
        """Inside the block the current task is a stream of the person."""
        listener = Listener()
        if self._closed:
            listener.end("bye")
        self._open.setdefault(person, set()).add(listener)
        try:
            yield listener
        finally:
            mine = self._open[person]
            mine.discard(listener)
            if not mine:
                del self._open[person]

    def wake(self, person: str) -> None:
        """Something was committed to the person's transcript."""
        for listener in self._open.get(person, ()):
            listener.changed.set()

    def reset(self, person: str) -> None:
        """Everything of the person was deleted."""
        for listener in self._open.get(person, ()):
            listener.end("reset")

    async def close(self, patience: float) -> None:
        """Tell all streams to come again later, and end those that do not listen."""
        self._closed = True
        tasks = set()
        for listener in [each for streams in self._open.values() for each in streams]:
            listener.end("bye")
            if listener.task is not None:
                tasks.add(listener.task)
        if tasks:
            _, stuck = await asyncio.wait(tasks, timeout=patience)
            for task in stuck:
                task.cancel()
            if stuck:
                await asyncio.wait(stuck, timeout=patience)
