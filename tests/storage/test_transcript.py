"""Transcripts and the sessions that they are shown to: what every Store keeps of them."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.ports import Store
from tests.storage.conftest import Open
from tests.storage.samples import ALI, BO, NOW, hours, planned, put, stranger

DAYS = timedelta(days=1)


async def append(store: Store, person: str, *texts: str) -> int:
    async with store.transaction() as transaction:
        return await transaction.append(person, [{"op": "said", "text": text, "id": "x"} for text in texts], NOW)


async def test_rows_are_numbered_per_person_and_come_back_as_they_were(store: Store) -> None:
    await put(store, stranger(ALI))
    await put(store, stranger(BO))
    words = "他说\u0000“不退”\ud800 <b>&\u202e🍓\n"
    assert await append(store, ALI, "一", words) == 2
    assert await append(store, BO, "甲") == 1
    assert await append(store, ALI, "三") == 3
    rows = await store.transcript(ALI, 0)
    assert [(seq, at, row["text"]) for seq, at, row in rows] == [(1, NOW, "一"), (2, NOW, words), (3, NOW, "三")]
    assert [seq for seq, _, _ in await store.transcript(ALI, 1, 1)] == [2]
    assert (await store.last_seq(ALI), await store.last_seq(BO), await store.last_seq("t:nobody")) == (3, 1, 0)


async def test_no_rows_are_no_change(store: Store) -> None:
    await put(store, stranger(ALI))
    assert await append(store, ALI) == 0
    await append(store, ALI, "一")
    assert await append(store, ALI) == 1


async def test_many_at_once_leave_no_gap_and_no_double(store: Store) -> None:
    await put(store, stranger(ALI))
    await asyncio.gather(*(append(store, ALI, f"{number}", "also") for number in range(20)))
    assert [seq for seq, _, _ in await store.transcript(ALI, 0)] == list(range(1, 41))


async def test_what_was_rolled_back_was_never_said(store: Store) -> None:
    await put(store, stranger(ALI))

    async def fails() -> None:
        async with store.transaction() as transaction:
            await transaction.append(ALI, [{"op": "said", "text": "一", "id": "x"}], NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await store.last_seq(ALI) == 0
    assert await append(store, ALI, "二") == 1


async def test_nothing_is_added_for_somebody_who_is_forgotten(store: Store) -> None:
    await put(store, planned(ALI))
    await append(store, ALI, "一")
    async with store.transaction() as transaction:
        await transaction.forget(ALI)
    assert await append(store, ALI, "二") == 0
    assert await store.transcript(ALI, 0) == []


async def test_a_session_is_known_until_nobody_can_come_back_with_it(store: Store) -> None:
    await put(store, stranger(ALI))
    await store.add_session("a", ALI, NOW)
    assert await store.find_session("b", NOW) is None
    assert await store.find_session("a", NOW + 300 * DAYS) == ALI
    assert await store.find_session("a", NOW + 600 * DAYS) == ALI
    assert await store.find_session("a", NOW + 1001 * DAYS) is None


async def test_pages_that_were_never_written_to_are_dropped(opens: Open, tmp_path: Path) -> None:
    store = await opens(tmp_path / "jieru.db")
    await put(store, stranger(ALI))
    await store.add_session("said something", ALI, NOW)
    await store.add_session("only looked", "web:nobody", NOW)
    await store.add_session("new", "web:new", NOW + 3 * DAYS)
    found = [await store.find_session(each, NOW + 3 * DAYS) for each in ("said something", "only looked", "new")]
    assert found == [ALI, None, "web:new"]
    await store.close()


async def test_a_page_that_was_written_to_later_stays(store: Store) -> None:
    await store.add_session("first looked", "web:late", NOW)
    await put(store, stranger("web:late"))
    await store.add_session("new", "web:new", NOW + 3 * DAYS)
    assert await store.find_session("first looked", NOW + 3 * DAYS) == "web:late"


async def test_a_link_is_good_once_and_for_a_while(store: Store) -> None:
    await store.add_link("link", ALI, hours(1), NOW)
    assert [await store.has_link("link", at) for at in (NOW, hours(1))] == [True, False]
    assert await store.follow_link("link", "first", hours(0.9)) == ALI
    assert await store.follow_link("link", "second", hours(0.9)) is None
    assert [await store.find_session(each, NOW) for each in ("first", "second")] == [ALI, None]


async def test_a_link_that_is_over_opens_nothing(store: Store) -> None:
    await store.add_link("link", ALI, hours(1), NOW)
    assert await store.follow_link("link", "late", hours(1)) is None
    assert await store.find_session("late", NOW) is None


async def test_a_new_link_ends_the_one_before(store: Store) -> None:
    await store.add_link("old", ALI, hours(1), NOW)
    await store.add_link("of bo", BO, hours(1), NOW)
    await store.add_link("new", ALI, hours(1), NOW)
    assert [await store.has_link(each, NOW) for each in ("old", "of bo", "new")] == [False, True, True]


async def test_a_store_that_works_says_so(store: Store) -> None:
    assert await store.writable()
