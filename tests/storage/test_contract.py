"""What every Store keeps: dossiers come back as they were, and transactions do not touch each other."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.model import Case, Dossier, Entry, Letter
from bot.ports import ConflictError, Store
from storage.errors import StoreClosedError
from tests.storage.samples import (
    ALI,
    BO,
    NOW,
    as_stored,
    find,
    got,
    hours,
    new,
    planned,
    put,
    rich,
    stranger,
    without_ids,
)


async def test_a_stranger_is_not_there(store: Store) -> None:
    assert await find(store, ALI) is None


async def test_a_dossier_comes_back_as_it_was_saved(store: Store) -> None:
    saved = rich(ALI, "他说\u0000“不退”\ud800 <b>&")
    async with store.transaction() as transaction:
        await transaction.save(None, saved)
    assert without_ids(await got(store, ALI)) == as_stored(saved)


async def test_people_are_kept_apart(store: Store) -> None:
    await put(store, rich(ALI, "甲"))
    await put(store, rich(BO, "乙"))
    assert without_ids(await got(store, ALI)) == as_stored(rich(ALI, "甲"))


async def test_updates_are_remembered_for_thirty_days(store: Store) -> None:
    for update, at, expected in (
        ("old", NOW, True),
        ("old", NOW, False),
        ("later", hours(29 * 24), True),
        ("old", hours(30 * 24), False),
        ("much later", hours(30 * 24 + 1), True),
        ("old", hours(30 * 24 + 2), True),
    ):
        assert (update, await new(store, update, now=at)) == (update, expected)


async def test_a_history_grows_and_a_case_changes(store: Store) -> None:
    before = await put(store, planned(ALI))
    case = before.cases[0]
    grown = replace(
        case,
        entries=(*case.entries, Entry(2, NOW, "rejected"), Entry(3, NOW, "closed", {"说": "算了"})),
        told={"law.x": "2"},
        open=False,
    )
    second = Case("second", 2, NOW)
    after = await put(store, replace(before, cases=(grown, second)))
    assert after.cases == (grown, second)
    assert after.person.version == 2


async def test_a_history_is_never_altered(store: Store) -> None:
    before = await put(store, rich(ALI, "甲"))
    case, *others = before.cases
    for entries in (case.entries[:1], (replace(case.entries[0], kind="else"), *case.entries[1:])):
        with pytest.raises(ValueError, match="history"):
            await put(store, replace(before, cases=(replace(case, entries=entries), *others)))
    assert await got(store, ALI) == before


async def test_a_deleted_case_takes_everything_with_it(store: Store) -> None:
    before = await put(store, rich(ALI, "甲"))
    after = await put(store, replace(before, cases=before.cases[1:], reminders=()))
    assert after.cases == before.cases[1:]
    assert after.reminders == ()
    assert await store.next_due() is None


async def test_nothing_changed_is_nothing_written(store: Store) -> None:
    stored = await put(store, rich(ALI, "甲"))
    assert await put(store, stored) == stored


async def test_a_stale_save_is_refused_whole(store: Store) -> None:
    old = await put(store, planned(ALI))
    new = await put(store, replace(old, person=replace(old.person, session={"step": "home"})))
    stale = replace(old, cases=(*old.cases, Case("lost", 2, NOW)))
    with pytest.raises(ConflictError):
        async with store.transaction() as transaction:
            await transaction.save(old, stale)
    assert await got(store, ALI) == new


async def test_a_stranger_who_is_known_by_now_is_a_conflict(store: Store) -> None:
    stored = await put(store, stranger())
    with pytest.raises(ConflictError):
        async with store.transaction() as transaction:
            await transaction.save(None, rich(ALI, "甲"))
    assert await got(store, ALI) == stored


async def test_a_person_forgotten_meanwhile_is_a_conflict(store: Store) -> None:
    stored = await put(store, planned(ALI))
    async with store.transaction() as transaction:
        await transaction.forget(ALI)
    with pytest.raises(ConflictError):
        async with store.transaction() as transaction:
            await transaction.save(stored, replace(stored, cases=()))
    assert await find(store, ALI) is None


async def test_a_case_id_of_somebody_else_is_a_conflict_and_harmless(store: Store) -> None:
    theirs = await put(store, planned(BO))
    with pytest.raises(ConflictError):
        await put(store, Dossier(stranger().person, (replace(theirs.cases[0], told={"mine": "1"}),)))
    assert await got(store, BO) == theirs


async def test_one_dossier_is_not_saved_over_another_person(store: Store) -> None:
    theirs = await put(store, planned(BO))
    with pytest.raises(ValueError, match="another person"):
        async with store.transaction() as transaction:
            await transaction.save(theirs, rich(ALI, "甲"))


async def test_reachable_comes_and_goes_and_counts_as_a_save(store: Store) -> None:
    stored = await put(store, planned(ALI))
    await store.set_reachable(ALI, False)
    await store.set_reachable(ALI, False)
    blocked = await got(store, ALI)
    assert (blocked.person.reachable, blocked.person.version) == (False, stored.person.version + 1)
    with pytest.raises(ConflictError):
        async with store.transaction() as transaction:
            await transaction.save(stored, replace(stored, cases=()))
    await store.set_reachable(ALI, True)
    assert (await got(store, ALI)).person.reachable


async def test_letters_are_read_back_in_the_order_of_their_handing_out(store: Store) -> None:
    stored = await put(store, rich(ALI, "甲"))
    await put(store, rich(BO, "乙"))
    later = Letter(stored.cases[1].id, hours(1), "answer", "后来的", {"law.x": "1"})
    await put(store, replace(stored, letters=(later, replace(later, at=hours(-1), text="更早的"))))
    assert [letter.text for letter in await store.letters(ALI)] == ["更早的", "甲", "后来的"]
    assert (await store.letters(ALI))[2] == later
    assert await store.letters("telegram:404") == []


async def test_who_was_told_another_version_of_a_rule(store: Store) -> None:
    for person, told, is_open in (
        ("t:old", {"law.x": "1", "law.y": "1"}, True),
        ("t:new", {"law.x": "2"}, True),
        ("t:closed", {"law.x": "1"}, False),
        ("t:else", {"law.gone": "1"}, True),
    ):
        await put(store, Dossier(stranger(person).person, (Case(f"c-{person}", 1, NOW, told=told, open=is_open),)))
    assert await store.persons_told_otherwise({"law.x": "2", "law.y": "1"}) == ["t:old"]
    assert await store.persons_told_otherwise({}) == []


async def test_who_was_told_another_version_comes_in_parts(store: Store) -> None:
    for number in range(5):
        case = Case(f"c-{number}", 1, NOW, told={"law.x": "1"})
        await put(store, Dossier(stranger(f"t:{number}").person, (case, replace(case, id=f"d-{number}", number=2))))
    assert await store.persons_told_otherwise({"law.x": "2"}, limit=2) == ["t:0", "t:1"]
    assert await store.persons_told_otherwise({"law.x": "2"}, "t:1", 2) == ["t:2", "t:3"]
    assert await store.persons_told_otherwise({"law.x": "2"}, "t:3", 2) == ["t:4"]


async def test_with_what_everybody_is_in_step_is_remembered(store: Store) -> None:
    assert await store.in_step("rules") is None
    for versions in ({"law.x": "1"}, {"law.x": "2", "law.y": "1"}):
        await store.note_in_step("rules", versions)
        assert await store.in_step("rules") == versions
    assert await store.in_step("days") is None


async def test_everybody_is_looked_at_only_if_other_days_count(store: Store) -> None:
    await put(store, stranger(ALI))
    for days, looked_at in ((180, [ALI]), (180, []), (90, [ALI]), (90, [])):
        await store.retain(days)
        assert await store.idle(NOW, 10) == looked_at
        async with store.transaction() as transaction:
            await transaction.look(ALI, hours(9))


async def test_a_dossier_can_be_read_while_somebody_writes(store: Store) -> None:
    assert (await store.recall(ALI)).dossier is None
    stored = await put(store, rich(ALI, "甲"))
    async with store.transaction() as transaction:
        await transaction.save(stored, replace(stored, person=replace(stored.person, session={})))
        assert (await store.recall(ALI)).dossier == stored
    assert (await store.recall(ALI)).dossier == await got(store, ALI) != stored


async def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="naive"):
        await put(store, planned(ALI, NOW.replace(tzinfo=None)))
    assert await find(store, ALI) is None


async def test_one_rollback_does_not_eat_the_other_insert(store: Store) -> None:
    inserted = asyncio.Event()

    async def keeps() -> None:
        async with store.transaction() as transaction:
            await transaction.save(None, planned(ALI))
            inserted.set()
            # Far longer than the other needs to fail, unless it has to wait for its turn.
            for _ in range(30):
                await store.next_due()

    async def fails() -> None:
        await inserted.wait()
        async with store.transaction() as transaction:
            await transaction.save(None, planned(BO))
            raise ZeroDivisionError

    kept, failed = await asyncio.gather(keeps(), fails(), return_exceptions=True)
    assert (kept, type(failed)) == (None, ZeroDivisionError)
    assert await find(store, ALI) is not None
    assert await find(store, BO) is None


async def test_transactions_come_in_the_order_of_asking(store: Store) -> None:
    order: list[int] = []

    async def one(number: int) -> None:
        async with store.transaction() as transaction:
            await transaction.save(None, stranger(f"t:{number}"))
            order.append(number)

    await asyncio.gather(*(one(number) for number in range(8)))
    assert order == list(range(8))


async def test_a_transaction_is_over_when_it_is_over(store: Store) -> None:
    async with store.transaction() as transaction:
        await transaction.save(None, stranger(ALI))
    with pytest.raises(StoreClosedError):
        await transaction.save(None, stranger(BO))
    assert (await find(store, ALI) is None, await find(store, BO)) == (False, None)


async def test_closing_twice_is_harmless_and_final(store: Store) -> None:
    await store.close()
    await store.close()
    with pytest.raises(StoreClosedError):
        await find(store, ALI)
    with pytest.raises(StoreClosedError):
        await store.next_due()


async def test_closing_waits_for_the_running_transaction(store: Store) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def works() -> None:
        async with store.transaction() as transaction:
            inside.set()
            await go_on.wait()
            await transaction.save(None, planned(ALI))

    working = asyncio.create_task(works())
    await inside.wait()
    closing = asyncio.create_task(store.close())
    go_on.set()
    await asyncio.gather(working, closing)
    assert working.exception() is None
