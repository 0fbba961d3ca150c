"""What one decision writes is written as a whole or not at all, whoever else's goes with the same commit."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.model import Case, Dossier, Entry
from bot.ports import ConflictError, Step, Store
from tests.storage.samples import ALI, BO, LEASE, NOW, find, got, hours, new, planned, put, rich, stranger


def typed(before: Dossier, word: str) -> Dossier:
    return replace(before, person=replace(before.person, session={"typed": word}))


async def test_a_stranger_and_an_update_are_unknown_until_they_are_committed(store: Store) -> None:
    recalled = await store.recall(ALI, "telegram:8")
    assert (recalled.dossier, recalled.seen) == (None, False)
    await store.commit(Step(ALI, NOW, None, rich(ALI, "甲"), "telegram:8"))
    recalled = await store.recall(ALI, "telegram:8")
    assert (recalled.dossier, recalled.seen) == (await got(store, ALI), True)
    assert (await store.recall(BO, "telegram:8")).seen is False


async def test_everything_of_a_step_is_there_at_once(store: Store) -> None:
    said = [{"op": "said", "text": "坏了"}, {"op": "new", "text": "先别扔"}]
    endings = {("spoiled", "refunded"): 1, ("lost", "unknown"): -1}
    await store.commit(Step(ALI, NOW, None, planned(ALI, hours(1)), "w:1", said, ("route.a/3", "route.a/3"), endings))
    assert [row for _, _, row in await store.transcript(ALI, 0)] == said
    assert (await store.misses(), await store.outcomes()) == ({"route.a/3": 2}, {("spoiled", "refunded"): 1})
    assert (await store.recall(ALI, "w:1")).seen
    assert await store.next_due() == hours(1)


async def test_endings_are_taken_back_but_never_below_nothing(store: Store) -> None:
    for outcome, by in (("refunded", 1), ("refunded", 1), ("gave_up", 1), ("gave_up", -1), ("unknown", -1)):
        await store.commit(Step(ALI, NOW, None, None, endings={("spoiled", outcome): by}))
    assert await store.outcomes() == {("spoiled", "refunded"): 2}


async def test_who_was_saved_meanwhile_is_a_conflict_and_nothing_of_the_step_is_written(store: Store) -> None:
    before = await put(store, stranger(ALI))
    newer = await put(store, typed(before, "newer"))
    with pytest.raises(ConflictError):
        await store.commit(Step(ALI, NOW, before, typed(before, "older"), "u", [{"op": "said"}], ("route.a/1",)))
    assert (await got(store, ALI), await store.misses()) == (newer, {})
    assert ((await store.recall(ALI, "u")).seen, await store.last_seq(ALI)) == (False, 0)


async def test_an_update_that_was_handled_meanwhile_is_a_conflict(store: Store) -> None:
    before = await put(store, stranger(ALI))
    assert await new(store, "u")
    with pytest.raises(ConflictError):
        await store.commit(Step(ALI, NOW, before, typed(before, "twice"), "u"))
    assert await got(store, ALI) == before


async def test_a_reminder_that_is_being_sent_is_not_moved_unknowingly(store: Store) -> None:
    before = await put(store, planned(ALI, NOW))
    await store.claim(NOW, LEASE, 9)
    moved = replace(before, reminders=(replace(before.reminders[0], due=hours(3)),))
    with pytest.raises(ConflictError):
        await store.commit(Step(ALI, NOW, before, moved))
    assert (await got(store, ALI)).reminders[0].state == "sending"


async def test_steps_that_wait_together_are_apart_in_everything_but_the_commit(store: Store) -> None:
    known = await put(store, stranger("t:known"))
    steps = [Step(f"t:{number}", NOW, None, rich(f"t:{number}", "丙"), "u") for number in range(40)]
    steps[7] = Step("t:known", NOW, replace(known, person=replace(known.person, version=9)), typed(known, "stale"), "u")
    # The id of another person's case.
    stolen = Case("t-3-a", 1, NOW, (Entry(1, NOW, "opened"),))
    steps[20] = Step("t:thief", NOW, None, Dossier(stranger("t:thief").person, (stolen,)), "u")
    results = await asyncio.gather(*(store.commit(step) for step in steps), return_exceptions=True)
    failed = {number: type(result) for number, result in enumerate(results) if result is not None}
    assert failed == {7: ConflictError, 20: ConflictError}
    for number, step in enumerate(steps):
        recalled = await store.recall(step.person, "u")
        assert (number, recalled.seen) == (number, number not in failed)
    assert (await got(store, "t:known"), await find(store, "t:thief")) == (known, None)
    assert (await got(store, "t:3")).cases[0].id == "t-3-a"


async def test_what_cannot_be_written_at_all_concerns_only_itself(store: Store) -> None:
    steps = [Step(f"t:{number}", NOW, None, stranger(f"t:{number}"), "u") for number in range(9)]
    # No database takes a number of this size.
    steps[4] = Step("t:4", NOW, None, Dossier(stranger("t:4").person, (Case("c", 2**70, NOW),)), "u")
    results = await asyncio.gather(*(store.commit(step) for step in steps), return_exceptions=True)
    assert [number for number, result in enumerate(results) if result is not None] == [4]
    assert [(await store.recall(step.person, "u")).seen for step in steps] == [number != 4 for number in range(9)]


async def test_whoever_stops_waiting_keeps_nobody_else_from_being_written(store: Store) -> None:
    waiting = [asyncio.create_task(new(store, "u", f"t:{number}")) for number in range(12)]
    for task in waiting[::3]:
        task.cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [result for number, result in enumerate(results) if number % 3] == [True] * 8
    assert await new(store, "u", BO)


async def test_after_a_step_that_forgets_nothing_is_there(store: Store) -> None:
    await store.commit(Step(ALI, NOW, None, rich(ALI, "甲"), "u", [{"op": "said"}]))
    await store.commit(Step(ALI, NOW, await got(store, ALI), None))
    recalled = await store.recall(ALI, "u")
    assert (recalled.dossier, recalled.seen, await store.last_seq(ALI)) == (None, False, 0)


async def test_a_history_is_only_added_to(store: Store) -> None:
    before = await put(store, planned(ALI))
    shorter = replace(before, cases=(replace(before.cases[0], entries=()),))
    with pytest.raises(ValueError, match="history"):
        await store.commit(Step(ALI, NOW, before, shorter))
