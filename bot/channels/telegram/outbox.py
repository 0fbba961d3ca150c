"""What goes out to one chat goes out in order; chats do not wait for each other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from bot.channels.telegram.errors import guarded
from bot.telemetry import get_logger

log = get_logger(__name__)

Job = Callable[[], Awaitable[object]]


class Outbox:
    """Runs the jobs of each chat one after another. With more than ``limit`` waiting in a chat the oldest is dropped:
    what it would have drawn, a later one draws anew."""

    def __init__(self, limit: int = 20) -> None:
        self._limit = limit
        self._waiting: dict[int, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def chats(self) -> int:
        """How many chats have something under way."""
        return len(self._waiting)

    def put(self, chat: int, job: Job) -> None:
        """Run ``job`` when everything before it in this chat is done."""
        waiting = self._waiting.get(chat)
        if waiting is not None:
            if len(waiting) >= self._limit:
                waiting.popleft()
                log.warning("drawing_dropped", reason="too many wait for this chat")
            waiting.append(job)
            return
        self._waiting[chat] = deque([job])
        task = asyncio.create_task(self._run(chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, within: float) -> None:
        """Wait up to ``within`` seconds for all jobs, then drop the rest."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    async def _run(self, chat: int) -> None:
        waiting = self._waiting[chat]
        try:
            while waiting:
                await guarded(waiting.popleft()(), "drawing_failed")
        finally:
            del self._waiting[chat]
