"""What every Store keeps about slow work: asked for once, claimed by one, never lost, called off for good."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.model import Job, Json
from bot.ports import ConflictError, Store, Work
from tests.storage.samples import ALI, BO, NOW, got, hours, put, stranger

LEASE = timedelta(minutes=15)
KINDS = ("fetch", "read", "export")


def job(kind: str = "fetch", due: datetime = NOW, data: Mapping[str, Json] | None = None) -> Job:
    return Job(kind, {"ref": "甲\ud800"} if data is None else data, due)


async def asked(store: Store, person: str, *jobs: Job) -> list[int]:
    """Ids of the person's jobs after these were added."""
    known = await put(store, stranger(person)) if not await exists(store, person) else await got(store, person)
    return [one.id for one in (await put(store, replace(known, jobs=(*known.jobs, *jobs)))).jobs]


async def exists(store: Store, person: str) -> bool:
    async with store.transaction() as transaction:
        return await transaction.load(person) is not None


async def claimed(store: Store, now: datetime = NOW, kinds: tuple[str, ...] = KINDS) -> Work:
    work = await store.claim_job(now, LEASE, kinds)
    assert work is not None
    return work


async def test_a_job_is_taken_by_one_and_stays_in_the_dossier(store: Store) -> None:
    (number,) = await asked(store, ALI, job())
    taken = await asyncio.gather(*(store.claim_job(NOW, LEASE, KINDS) for _ in range(4)))
    assert [work for work in taken if work is not None] == [Work(replace(job(), id=number, attempts=1), ALI)]
    assert (await got(store, ALI)).jobs == (replace(job(), id=number, attempts=1),)


async def test_the_longest_due_comes_first_and_nothing_too_early(store: Store) -> None:
    await asked(store, ALI, job("read", hours(2)), job("fetch", hours(1)), job("fetch", hours(9)))
    await asked(store, BO, job("export", hours(0.5)))
    order = []
    while (work := await store.claim_job(hours(3), LEASE, KINDS)) is not None:
        order.append((work.person, work.job.kind))
    assert order == [(BO, "export"), (ALI, "fetch"), (ALI, "read")]


async def test_only_the_kinds_that_were_asked_for(store: Store) -> None:
    await asked(store, ALI, job("fetch"), job("read", hours(1)))
    assert (await claimed(store, hours(2), ("read",))).job.kind == "read"
    assert await store.claim_job(hours(2), LEASE, ("read",)) is None
    assert await store.claim_job(hours(2), LEASE, ()) is None


async def test_a_worker_that_died_leaves_its_job_to_the_next(store: Store) -> None:
    await asked(store, ALI, job())
    await claimed(store)
    assert await store.claim_job(NOW + LEASE - timedelta(microseconds=1), LEASE, KINDS) is None
    assert (await claimed(store, NOW + LEASE)).job.attempts == 2


async def test_at_start_everything_is_free_again(store: Store) -> None:
    await asked(store, ALI, job(), job("read"), job("export", hours(1)))
    await claimed(store)
    await claimed(store)
    assert await store.release_jobs() == 2
    assert await store.release_jobs() == 0
    assert (await claimed(store)).job.attempts == 2


async def test_when_to_look_again(store: Store) -> None:
    assert await store.next_job() is None
    await asked(store, ALI, job(due=hours(2)), job(due=hours(1)))
    assert await store.next_job() == hours(1)
    work = await claimed(store, hours(1))
    assert await store.next_job() == hours(1) + LEASE
    await store.retry_job(work.job.id, hours(5))
    assert await store.next_job() == hours(2)


async def test_not_now_is_later_with_the_tries_counted(store: Store) -> None:
    await asked(store, ALI, job())
    work = await claimed(store)
    await store.retry_job(work.job.id, hours(1))
    assert await store.claim_job(NOW, LEASE, KINDS) is None
    assert (await got(store, ALI)).jobs == (replace(work.job, due=hours(1)),)
    assert (await claimed(store, hours(1))).job == replace(work.job, due=hours(1), attempts=2)


async def test_a_decision_calls_a_job_off_also_while_it_is_worked_at(store: Store) -> None:
    first, second = await asked(store, ALI, job(), job("export"))
    await claimed(store)
    known = await got(store, ALI)
    assert (await put(store, replace(known, jobs=known.jobs[1:]))).jobs == known.jobs[1:]
    assert [await store.has_job(number) for number in (first, second)] == [False, True]
    await store.retry_job(first, NOW)
    assert [await store.has_job(number) for number in (first, second)] == [False, True]


async def test_the_number_of_a_job_that_was_called_off_is_never_used_again(store: Store) -> None:
    (first,) = await asked(store, ALI, job())
    await put(store, replace(await got(store, ALI), jobs=()))
    (second,) = await asked(store, ALI, job())
    assert second > first


async def test_work_that_went_on_meanwhile_does_not_disturb_a_decision(store: Store) -> None:
    """Only what the decision changed is written: a claim in between stays a claim."""
    await asked(store, ALI, job())
    before = await got(store, ALI)
    await claimed(store)
    async with store.transaction() as transaction:
        await transaction.save(before, replace(before, jobs=(*before.jobs, job("read", hours(1)))))
    assert [(one.kind, one.attempts) for one in (await got(store, ALI)).jobs] == [("fetch", 1), ("read", 0)]
    assert await store.claim_job(NOW, LEASE, KINDS) is None


async def test_a_stored_job_is_never_altered(store: Store) -> None:
    await asked(store, ALI, job())
    known = await got(store, ALI)
    with pytest.raises(ValueError, match="job"):
        await put(store, replace(known, jobs=(replace(known.jobs[0], data={}),)))
    assert await got(store, ALI) == known


async def test_the_jobs_of_a_stale_decision_are_not_asked_for(store: Store) -> None:
    stale = await put(store, stranger(ALI))
    await put(store, replace(stale, person=replace(stale.person, session={"step": "home"})))
    with pytest.raises(ConflictError):
        async with store.transaction() as transaction:
            await transaction.save(stale, replace(stale, jobs=(job(),)))
    assert await store.next_job() is None


async def test_nobody_calls_off_the_jobs_of_somebody_else(store: Store) -> None:
    (theirs,) = await asked(store, BO, job())
    mine = await put(store, stranger(ALI))
    forged = replace(mine, jobs=(Job("fetch", {}, NOW, theirs),))
    async with store.transaction() as transaction:
        await transaction.save(forged, replace(mine, jobs=()))
    assert await store.has_job(theirs)
