"""Slow work: begun by a decision, done once, called off, tried again, and told when it fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.domain.model import Dossier, Job, Json, Person
from bot.jobs import AwayError, Jobs, Progress, Worker
from bot.messages import Answer, Incoming, Reply, Screen
from bot.ports import Work
from storage.store import SqliteStore
from tests.harness import START, Chat, knowledge
from tests.storage.fresh import fresh_store

PERSON = "telegram:42"


@dataclass
class Desk:
    """A store, one person, workers of the test's own; outcomes are noted instead of decided upon."""

    store: SqliteStore
    now: datetime = START
    ticks: float = 0.0
    chat: Chat = field(default_factory=Chat)
    outcomes: list[Mapping[str, Json]] = field(default_factory=list)
    tidied: int = 0

    def jobs(
        self, do: Callable[[Work, Progress], Awaitable[Mapping[str, Json]]], limit: float = 60, most: int = 1
    ) -> Jobs:
        worker = Worker(do, most, "lane", timedelta(seconds=limit))
        workers = {"export": worker}
        return Jobs(
            self.store,
            knowledge(),
            {"telegram": self.chat},
            self._decide,
            workers,
            lambda: self.now,
            lambda: self.ticks,
            self._tidy,
        )

    async def ask(self, count: int = 1) -> None:
        async with self.store.transaction() as transaction:
            before = await transaction.load(PERSON)
            there = before or Dossier(Person(PERSON, START))
            added = tuple(Job("export", {"what": number}, self.now) for number in range(count))
            after = Dossier(there.person, jobs=(*there.jobs, *added))
            await transaction.save(before, after)

    async def call_off(self) -> None:
        async with self.store.transaction() as transaction:
            before = await transaction.load(PERSON)
            assert before is not None
            await transaction.save(before, Dossier(before.person))

    async def left(self) -> int:
        async with self.store.transaction() as transaction:
            found = await transaction.load(PERSON)
        return len(found.jobs) if found else 0

    async def _decide(self, incoming: Incoming) -> Answer:
        """As the engine does: an outcome whose job is gone is dropped."""
        async with self.store.transaction() as transaction:
            before = await transaction.load(PERSON)
            assert before is not None
            if all(job.id != incoming.result["id"] for job in before.jobs):
                return Answer()
            jobs = tuple(job for job in before.jobs if job.id != incoming.result["id"])
            await transaction.save(before, Dossier(before.person, jobs=jobs))
        self.outcomes.append(incoming.result)
        return Answer(replies=(Reply(Screen(knowledge().catalog.texts("work.over"))),))

    async def _tidy(self, now: datetime) -> None:
        self.tidied += 1


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Desk]:
    store = await fresh_store(folder / "jieru.db")
    try:
        yield Desk(store)
    finally:
        await store.close()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened(tmp_path) as found:
        yield found


async def running(jobs: Jobs) -> "asyncio.Task[None]":
    return asyncio.create_task(jobs.run())


async def test_what_is_asked_for_is_done_once_and_told(desk: Desk) -> None:
    async def do(work: Work, progress: Progress) -> Mapping[str, Json]:
        return {"kept": "x"}

    await desk.ask()
    assert await desk.jobs(do).tick(desk.now) is None
    assert [(each["job"], each["what"], each["kept"]) for each in desk.outcomes] == [("export", 0, "x")]
    assert [each.text for each in desk.chat.messages] == ["这个已经弄完了。"]
    await desk.jobs(do).tick(desk.now)
    assert len(desk.outcomes) == 1


async def test_a_process_that_dies_over_it_does_it_again_after_the_restart(tmp_path: Path) -> None:
    began = asyncio.Event()

    async def hang(work: Work, progress: Progress) -> Mapping[str, Json]:
        began.set()
        return await asyncio.Future[Mapping[str, Json]]()

    async def do(work: Work, progress: Progress) -> Mapping[str, Json]:
        return {"attempt": work.job.attempts}

    async with opened(tmp_path) as desk:
        await desk.ask()
        jobs = desk.jobs(hang)
        loop = await running(jobs)
        await began.wait()
        jobs.stop()
        await loop
        assert desk.outcomes == []
    async with opened(tmp_path) as desk:
        assert await desk.store.release_jobs() == 1
        await desk.jobs(do).tick(desk.now)
        assert [each["attempt"] for each in desk.outcomes] == [2]


async def test_what_is_called_off_while_it_runs_is_stopped_and_says_nothing(desk: Desk) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def hang(work: Work, progress: Progress) -> Mapping[str, Json]:
        began.set()
        try:
            return await asyncio.Future[Mapping[str, Json]]()
        finally:
            ended.set()

    await desk.ask()
    jobs = desk.jobs(hang)
    loop = await running(jobs)
    await began.wait()
    await desk.call_off()
    jobs.wake()
    await ended.wait()
    jobs.stop()
    await loop
    assert (desk.outcomes, desk.chat.messages, await desk.left()) == ([], [], 0)


async def test_an_outcome_that_comes_after_it_was_called_off_is_dropped(desk: Desk) -> None:
    async def do(work: Work, progress: Progress) -> Mapping[str, Json]:
        await desk.call_off()
        return {}

    await desk.ask()
    await desk.jobs(do).tick(desk.now)
    assert (desk.outcomes, desk.chat.messages) == ([], [])


async def test_what_fails_is_told_and_the_next_one_is_done(desk: Desk) -> None:
    async def do(work: Work, progress: Progress) -> Mapping[str, Json]:
        if work.job.data["what"] == 0:
            raise LookupError("no such page")
        return {}

    await desk.ask(2)
    await desk.jobs(do).tick(desk.now)
    assert [each.get("fault") for each in desk.outcomes] == ["failed", None]


async def test_what_takes_too_long_has_failed(desk: Desk) -> None:
    async def hang(work: Work, progress: Progress) -> Mapping[str, Json]:
        return await asyncio.Future[Mapping[str, Json]]()

    await desk.ask()
    await desk.jobs(hang, limit=0.01).tick(desk.now)
    assert [each["fault"] for each in desk.outcomes] == ["failed"]


async def test_out_of_reach_is_tried_again_with_growing_waits_and_then_given_up(desk: Desk) -> None:
    tried: list[datetime] = []

    async def away(work: Work, progress: Progress) -> Mapping[str, Json]:
        tried.append(desk.now)
        raise AwayError

    await desk.ask()
    jobs = desk.jobs(away)
    while (due := await jobs.tick(desk.now)) is not None:
        desk.now = due
    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(tried)]
    assert waits == [5, 30, 300, 1800, 7200]
    assert [each["fault"] for each in desk.outcomes] == ["gone"]


@pytest.mark.parametrize("most", [1, 3])
async def test_as_many_at_a_time_as_are_allowed(desk: Desk, most: int) -> None:
    now = highest = 0
    together = asyncio.Barrier(most)

    async def do(work: Work, progress: Progress) -> Mapping[str, Json]:
        nonlocal now, highest
        now += 1
        highest = max(highest, now)
        await together.wait()
        now -= 1
        return {}

    await desk.ask(6)
    await desk.jobs(do, most=most).tick(desk.now)
    assert (highest, len(desk.outcomes)) == (most, 6)


async def test_how_far_it_is_is_told_only_of_what_takes_long_and_not_too_often(desk: Desk) -> None:
    async def do(work: Work, progress: Progress) -> Mapping[str, Json]:
        for done in range(1, 11):
            desk.ticks += 0.5
            await progress(done, 10)
        return {}

    await desk.ask()
    await desk.jobs(do).tick(desk.now)
    assert [str(each.text) for each in desk.chat.progressed] == [
        "正在打包：3/10。可以先做别的。",
        "正在打包：6/10。可以先做别的。",
        "正在打包：9/10。可以先做别的。",
        "正在打包：10/10。可以先做别的。",
    ]
    assert desk.chat.progressed[-1].rows == ()
    assert [choice.label for row in desk.chat.progressed[0].rows for choice in row] == ["不做了"]


async def test_files_are_tidied_after_every_round(desk: Desk) -> None:
    async def do(work: Work, progress: Progress) -> Mapping[str, Json]:
        return {}

    await desk.jobs(do).tick(desk.now)
    assert desk.tidied == 1
