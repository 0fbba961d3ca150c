"""The durable loop that does slow work.

Guarantee. A job is a row, written by the decision that asked for it. It is claimed under a lease, done outside of any
transaction, and its outcome is decided upon in one commit that also deletes the row. So work is never lost and has one
outcome: a process that dies in between leaves a row that is claimed again, and what was half done is done once more. A
job that is called off (its row is gone) is stopped, and its outcome, if there is one already, is dropped.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple, Protocol

from bot.conversation.turn import Knowledge
from bot.conversation.working import progress_screen
from bot.domain.model import Json
from bot.messages import Incoming, Screen
from bot.ports import Channel, Handle, Store, Work
from bot.telemetry import get_logger, person_tag

LEASE = timedelta(minutes=15)
"""Longer than any job may take."""
LONGEST_SLEEP = timedelta(seconds=60)
BACKOFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""Waits after a channel was out of reach; after the last one the job fails."""
QUIET = 1.5
"""Seconds that a job may take before it is told how far it is, and between two such messages."""

log = get_logger("jobs")


class AwayError(Exception):
    """What the job needs is out of reach now; it is tried again later."""


class Progress(Protocol):
    """Tell how far a job is."""

    async def __call__(self, done: int, total: int) -> None: ...


class Worker(NamedTuple):
    """Who does a kind of job. ``do`` returns the outcome (JSON, and bytes where nothing keeps it); raises AwayError."""

    do: Callable[[Work, Progress], Awaitable[Mapping[str, Json]]]
    most: int
    """How many at the same time, together with other kinds of the same ``lane``."""
    lane: str
    limit: timedelta
    """After which it has failed."""


class Jobs:
    """``tick`` does what is due and waits for it; ``run`` goes on until ``stop``."""

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        channels: Mapping[str, Channel],
        handle: Handle,
        workers: Mapping[str, Worker],
        clock: Callable[[], datetime],
        ticks: Callable[[], float],
        tidy: Callable[[datetime], Awaitable[None]],
    ) -> None:
        self._store, self._knowledge, self._channels, self._handle = store, knowledge, channels, handle
        self._workers, self._clock, self._ticks, self._tidy = workers, clock, ticks, tidy
        self._running: dict[int, tuple[str, asyncio.Task[None]]] = {}
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Work was asked for or called off, or files are not needed any more."""
        self._woken.set()

    def stop(self) -> None:
        """Let ``run`` end; what is under way is broken off and done again at the next start."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Until ``stop``. A failed round is logged and tried again."""
        while not self._stopping:
            self._woken.clear()
            wait = LONGEST_SLEEP
            try:
                await self._begin(self._clock())
                await self._end_called_off()
                await self._tidy(self._clock())
                wait = await self._until_next()
            except Exception:
                # The loop must outlive a full disk: the rows are still there.
                log.exception("jobs_failed")
            with suppress(TimeoutError):
                async with asyncio.timeout(wait.total_seconds()):
                    await self._woken.wait()
        await self._break_off()

    async def tick(self, now: datetime) -> datetime | None:
        """Do all that is due, one round after the other; returns when the next job is due."""
        while await self._begin(now):
            await asyncio.gather(*(task for _, task in tuple(self._running.values())))
        await self._tidy(now)
        return await self._store.next_job()

    async def _until_next(self) -> timedelta:
        due = await self._store.next_job()
        now = self._clock()
        # What is due and was not begun waits for a free worker, and that one's end wakes the loop.
        return LONGEST_SLEEP if due is None or due <= now else min(due - now, LONGEST_SLEEP)

    async def _begin(self, now: datetime) -> bool:
        began = False
        while kinds := self._free():
            work = await self._store.claim_job(now, LEASE, kinds)
            if work is None:
                break
            task = asyncio.create_task(self._do(work, now), name=f"job {work.job.kind}")
            self._running[work.job.id] = (work.job.kind, task)
            task.add_done_callback(partial(self._ended, work.job.id))
            began = True
        return began

    def _free(self) -> Sequence[str]:
        busy = [self._workers[kind].lane for kind, _ in self._running.values()]
        return [kind for kind, worker in self._workers.items() if busy.count(worker.lane) < worker.most]

    def _ended(self, job: int, task: asyncio.Task[None]) -> None:
        self._running.pop(job, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            # Nothing could be written down; the row comes up again when its lease is over.
            log.error("job_not_recorded", exc_info=error)
        self._woken.set()

    async def _end_called_off(self) -> None:
        for job, (_, task) in tuple(self._running.items()):
            if not await self._store.has_job(job):
                task.cancel()

    async def _break_off(self) -> None:
        tasks = [task for _, task in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _do(self, work: Work, now: datetime) -> None:
        job, worker = work.job, self._workers[work.job.kind]
        progress = _Telling(self, work)
        outcome: Mapping[str, Json]
        try:
            async with asyncio.timeout(worker.limit.total_seconds()):
                outcome = await worker.do(work, progress)
        except AwayError:
            if job.attempts <= len(BACKOFF):
                await self._store.retry_job(job.id, now + BACKOFF[job.attempts - 1])
                return
            outcome = {"fault": "gone"}
        except Exception:
            # The boundary of slow work: the person is told, the loop goes on.
            log.exception("job_failed", kind=job.kind, person=person_tag(work.person))
            outcome = {"fault": "failed"}
        result = {**job.data, **outcome, "job": job.kind, "id": job.id}
        incoming = Incoming(f"job:{job.id}", work.person, self._clock(), "job", result=result)
        answer = await self._handle(incoming)
        await progress.end()
        name, _, address = work.person.partition(":")
        channel = self._channels.get(name)
        if channel is not None and answer.replies:
            await channel.answer(address, answer)

    async def tell(self, work: Work, screen: Screen) -> None:
        """Show how far a job is."""
        name, _, address = work.person.partition(":")
        channel = self._channels.get(name)
        if channel is not None:
            await channel.progress(address, work.job.id, screen)

    def since(self, before: float) -> float:
        """Seconds since then."""
        return self._ticks() - before

    def screen(self, work: Work, done: int, total: int) -> Screen:
        return progress_screen(self._knowledge, work.job, done, total)


class _Telling:
    """``Progress`` of one job: silent as long as it is quick, and rid of its button when it is over."""

    def __init__(self, jobs: Jobs, work: Work) -> None:
        self._jobs, self._work = jobs, work
        self._last, self._total, self._told = jobs.since(0), 0, False

    async def __call__(self, done: int, total: int) -> None:
        if self._jobs.since(self._last) >= QUIET:
            self._last, self._total, self._told = self._jobs.since(0), total, True
            await self._jobs.tell(self._work, self._jobs.screen(self._work, done, total))

    async def end(self) -> None:
        """Nothing can be called off any more."""
        if self._told:
            screen = self._jobs.screen(self._work, self._total, self._total)
            await self._jobs.tell(self._work, Screen(screen.text))
