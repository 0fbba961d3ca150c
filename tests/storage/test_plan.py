"""What every Store keeps about reminders: claimed once, settled once, never lost, never brought back by mistake."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.model import ReminderState
from bot.ports import Due, Store
from tests.storage.samples import ALI, BO, LEASE, NOW, got, hours, planned, put, reminder, states


def whose(due: list[Due]) -> list[tuple[str, str]]:
    return [(one.person, one.reminder.deadline) for one in due]


async def claim(store: Store, limit: int = 10, at: float = 0) -> list[tuple[str, str]]:
    return whose(list(await store.claim(hours(at), LEASE, limit)))


async def test_nothing_is_due_at_first(store: Store) -> None:
    assert await store.claim(NOW, LEASE, 10) == []
    assert await store.next_due() is None
    assert await store.release_leases() == 0


async def test_due_rows_come_oldest_first_and_one_per_person(store: Store) -> None:
    await put(store, planned(ALI, hours(-1), hours(-3), hours(1)))
    await put(store, planned(BO, hours(-2)))
    assert await store.next_due() == hours(-3)
    claimed = await store.claim(NOW, LEASE, 10)
    assert whose(list(claimed)) == [(ALI, "own.proof#2"), (BO, "own.proof#1")]
    assert [(one.reminder.state, one.reminder.attempts) for one in claimed] == [("sending", 1)] * 2
    assert await claim(store) == []


async def test_the_limit_takes_the_oldest(store: Store) -> None:
    for number in range(5):
        await put(store, planned(f"t:{number}", hours(-number)))
    assert await claim(store, limit=2) == [("t:4", "own.proof#1"), ("t:3", "own.proof#1")]
    assert await claim(store, limit=2) == [("t:2", "own.proof#1"), ("t:1", "own.proof#1")]


async def test_the_next_row_of_a_person_follows_after_the_first_is_settled(store: Store) -> None:
    await put(store, planned(ALI, hours(-3), hours(-1)))
    first = (await store.claim(NOW, LEASE, 10))[0]
    assert await store.next_due() == NOW + LEASE
    await store.settle(first.reminder.id, "sent", NOW)
    assert await store.next_due() == hours(-1)
    assert await claim(store) == [(ALI, "own.proof#2")]


async def test_six_at_once_claim_each_row_once(store: Store) -> None:
    for number in range(20):
        await put(store, planned(f"t:{number}", hours(-number)))
    batches = await asyncio.gather(*(store.claim(NOW, LEASE, 4) for _ in range(6)))
    claimed = [one.person for batch in batches for one in batch]
    assert sorted(claimed) == sorted(f"t:{number}" for number in range(20))


async def test_a_lease_that_is_over_is_claimed_again_before_anything_else_of_the_person(store: Store) -> None:
    await put(store, planned(ALI, hours(-1)))
    first = (await store.claim(NOW, LEASE, 10))[0].reminder
    under_way = await got(store, ALI)
    await put(store, replace(under_way, reminders=(first, reminder(first.case, "older#2", hours(-5)))))
    assert list(await store.claim(NOW + LEASE / 2, LEASE, 10)) == []
    assert await store.next_due() == NOW + LEASE
    again = await store.claim(NOW + LEASE, LEASE, 10)
    assert [(one.reminder.id, one.reminder.attempts) for one in again] == [(first.id, 2)]


async def test_the_rows_of_a_dead_process_are_planned_again(store: Store) -> None:
    await put(store, planned(ALI, hours(-1)))
    await put(store, planned(BO, hours(-2)))
    await claim(store)
    assert await store.release_leases() == 2
    assert await store.release_leases() == 0
    assert await claim(store) == [(BO, "own.proof#1"), (ALI, "own.proof#1")]


async def test_a_retry_comes_later_and_keeps_its_moment(store: Store) -> None:
    await put(store, planned(ALI, hours(-1)))
    row = (await store.claim(NOW, LEASE, 10))[0].reminder
    await store.settle(row.id, "planned", NOW, hours(2))
    assert await store.next_due() == hours(2)
    assert await claim(store, at=1.9) == []
    assert (await got(store, ALI)).reminders == (replace(row, state="planned", attempts=1),)
    again = (await store.claim(hours(2), LEASE, 10))[0].reminder
    assert (again.due, again.attempts) == (hours(-1), 2)


async def test_a_row_that_is_moved_does_not_wait_for_its_retry(store: Store) -> None:
    await put(store, planned(ALI, hours(-1)))
    row = (await store.claim(NOW, LEASE, 10))[0].reminder
    await store.settle(row.id, "planned", NOW, hours(2))
    waiting = await got(store, ALI)
    await put(store, replace(waiting, reminders=(replace(waiting.reminders[0], due=hours(1)),)))
    assert await store.next_due() == hours(1)


@pytest.mark.parametrize("state", ["sent", "unreachable", "missed"])
async def test_an_outcome_is_kept_and_shown(store: Store, state: ReminderState) -> None:
    await put(store, planned(ALI, hours(-1)))
    row = (await store.claim(NOW, LEASE, 10))[0].reminder
    await store.settle(row.id, state, NOW)
    assert states((await got(store, ALI)).reminders) == {"own.proof#1": state}
    assert await store.next_due() is None


async def test_only_a_row_that_is_under_way_is_settled(store: Store) -> None:
    stored = await put(store, planned(ALI, hours(1)))
    await store.settle(stored.reminders[0].id, "sent", NOW)
    await store.settle(999, "sent", NOW)
    assert await got(store, ALI) == stored


async def test_who_cannot_be_reached_is_left_alone_until_they_come_back(store: Store) -> None:
    before = await put(store, planned(ALI, hours(-1)))
    await put(store, planned(BO, hours(1)))
    await store.set_reachable(ALI, False)
    assert await claim(store) == []
    assert await store.next_due() == hours(1)
    away = await got(store, ALI)
    added = reminder(before.cases[0].id, "promise#3", hours(-2))
    await put(store, replace(away, reminders=(*away.reminders, added)))
    assert await claim(store) == []
    back = await got(store, ALI)
    await put(store, replace(back, person=replace(back.person, reachable=True)))
    assert await claim(store) == [(ALI, "promise#3")]


async def test_a_moved_plan_keeps_its_rows(store: Store) -> None:
    before = await put(store, planned(ALI, hours(1), hours(2), hours(3)))
    first, second, third = before.reminders
    derived = (replace(first, id=0, due=hours(5)), second, reminder(first.case, "nudge#9", hours(9)))
    after = await put(store, replace(before, reminders=derived))
    assert after.reminders[:2] == (replace(first, due=hours(5)), second)
    assert [row.deadline for row in after.reminders] == ["own.proof#1", "own.proof#2", "nudge#9"]
    assert await store.next_due() == hours(2)

    again = await put(store, replace(after, reminders=(*after.reminders, replace(third, id=0, due=hours(1.5)))))
    assert replace(third, due=hours(1.5)) in again.reminders


async def test_a_plan_made_without_the_claim_does_not_undo_it(store: Store) -> None:
    before = await put(store, planned(ALI, hours(-1)))
    row = (await store.claim(NOW, LEASE, 10))[0].reminder
    async with store.transaction() as transaction:
        await transaction.save(before, replace(before, reminders=(replace(before.reminders[0], due=hours(8)),)))
    assert (await got(store, ALI)).reminders == (row,)
    stale = await got(store, ALI)
    await store.settle(row.id, "sent", NOW)
    async with store.transaction() as transaction:
        await transaction.save(stale, replace(stale, reminders=(replace(row, state="planned"),)))
    assert states((await got(store, ALI)).reminders) == {"own.proof#1": "sent"}


async def test_a_handled_row_is_not_planned_anew(store: Store) -> None:
    before = await put(store, planned(ALI, hours(-1)))
    done = await put(store, replace(before, reminders=(replace(before.reminders[0], state="done"),)))
    assert done.reminders == ()
    assert (await put(store, replace(done, reminders=before.reminders))).reminders == ()
    assert await claim(store) == []


async def test_snoozing_moves_the_same_row_again_and_again(store: Store) -> None:
    stored = await put(store, planned(ALI, hours(-1)))
    for at in (1, 2, 3):
        row = (await store.claim(hours(at), LEASE, 10))[0].reminder
        await store.settle(row.id, "sent", hours(at))
        sent = await got(store, ALI)
        moved = replace(sent.reminders[0], state="planned", due=hours(at + 1), snoozed=True, attempts=0)
        assert (await put(store, replace(sent, reminders=(moved,)))).reminders == (moved,)
        assert moved.id == stored.reminders[0].id
        assert await store.next_due() == hours(at + 1)


async def test_a_row_dropped_while_under_way_stays_dropped(store: Store) -> None:
    await put(store, planned(ALI, hours(-1)))
    row = (await store.claim(NOW, LEASE, 10))[0].reminder
    under_way = await got(store, ALI)
    await put(store, replace(under_way, reminders=(replace(row, state="dropped"),)))
    await store.settle(row.id, "planned", NOW, NOW)
    assert await claim(store) == []


async def test_a_row_under_way_may_be_moved_in_place(store: Store) -> None:
    await put(store, planned(ALI, hours(-1)))
    row = (await store.claim(NOW, LEASE, 10))[0].reminder
    under_way = await got(store, ALI)
    await put(store, replace(under_way, reminders=(replace(row, due=hours(4)),)))
    assert await store.next_due() == NOW + LEASE


async def test_rows_of_a_closed_case_are_not_shown(store: Store) -> None:
    before = await put(store, planned(ALI, hours(1)))
    closed = await put(store, replace(before, cases=(replace(before.cases[0], open=False),), reminders=()))
    assert closed.reminders == ()
    assert await store.next_due() is None
