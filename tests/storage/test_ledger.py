"""What every Store keeps about files: who needs which content, and which contents nobody needs any more."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from sqlite3 import IntegrityError

import pytest

from bot.domain.model import Case, Dossier, KeptFile
from bot.ports import Store
from tests.storage.conftest import Open
from tests.storage.samples import ALI, BO, NOW, find, got, hours, planned, put, sha, stranger

RECEIPT = KeptFile(sha("receipt"), 1000, "image/jpeg")


def of(dossier: Dossier, file: KeptFile = RECEIPT) -> KeptFile:
    return replace(file, case=dossier.cases[0].id)


async def needs(store: Store, person: str, file: KeptFile = RECEIPT) -> Dossier:
    """A person with a case that needs the file."""
    dossier = planned(person)
    return await put(store, replace(dossier, files=(of(dossier, file),)))


async def unneeded(store: Store, now: datetime = NOW) -> list[str]:
    return list(await store.orphans(now))


async def test_a_file_that_is_needed_is_named_and_no_orphan(store: Store) -> None:
    stored = await needs(store, ALI)
    assert stored.files == ()
    assert await store.named_files() == {RECEIPT.sha256}
    assert await unneeded(store) == []
    assert (await store.bytes_of(ALI), await store.bytes_of(BO)) == (1000, 0)


async def test_a_file_goes_with_its_case(store: Store) -> None:
    stored = await needs(store, ALI)
    await put(store, replace(stored, cases=()))
    assert (await store.named_files(), await unneeded(store)) == (frozenset(), [RECEIPT.sha256])


async def test_of_two_people_with_the_same_picture_one_is_forgotten(store: Store) -> None:
    await needs(store, ALI)
    await needs(store, BO)
    async with store.transaction() as transaction:
        await transaction.forget(ALI)
    assert (await store.named_files(), await unneeded(store)) == (frozenset({RECEIPT.sha256}), [])
    async with store.transaction() as transaction:
        await transaction.forget(BO)
    assert (await store.named_files(), await unneeded(store)) == (frozenset(), [RECEIPT.sha256])


async def test_one_picture_in_two_cases_takes_its_room_once(store: Store) -> None:
    stored = await needs(store, ALI)
    second = Case("second", 2, NOW)
    both = await put(store, replace(stored, cases=(*stored.cases, second), files=(replace(RECEIPT, case="second"),)))
    assert await store.bytes_of(ALI) == 1000
    await put(store, replace(both, dropped=((stored.cases[0].id, RECEIPT.sha256),)))
    assert (await store.bytes_of(ALI), await unneeded(store)) == (1000, [])
    await put(store, replace(both, person=(await got(store, ALI)).person, dropped=(("second", RECEIPT.sha256),)))
    assert (await store.bytes_of(ALI), await unneeded(store)) == (0, [RECEIPT.sha256])


async def test_a_file_that_waited_goes_to_its_case(store: Store) -> None:
    waiting = await put(store, replace(planned(ALI), files=(RECEIPT,)))
    await put(store, replace(waiting, files=(of(waiting),), dropped=(("", RECEIPT.sha256),)))
    assert await unneeded(store) == []
    await put(store, replace(await got(store, ALI), cases=()))
    assert await unneeded(store) == [RECEIPT.sha256]


async def test_a_waiting_file_stays_when_a_case_goes(store: Store) -> None:
    waiting = await put(store, replace(planned(ALI), files=(RECEIPT,)))
    await put(store, replace(waiting, cases=()))
    assert await store.named_files() == {RECEIPT.sha256}


async def test_sent_again_after_it_was_deleted_it_is_needed_again(store: Store) -> None:
    stored = await needs(store, ALI)
    dropped = (of(stored).case, RECEIPT.sha256)
    again = await put(store, replace(stored, dropped=(dropped,)))
    assert await unneeded(store) == [RECEIPT.sha256]
    kept = await put(store, replace(again, files=(of(again),)))
    assert await unneeded(store) == []
    await put(store, replace(kept, files=(of(kept),), dropped=(dropped,)))
    assert (await store.named_files(), await unneeded(store)) == (frozenset({RECEIPT.sha256}), [])


async def test_an_export_is_over_when_its_time_is(store: Store) -> None:
    export = replace(RECEIPT, until=hours(24))
    stored = await put(store, replace(stranger(ALI), files=(export,)))
    assert (await unneeded(store, hours(23.9)), await unneeded(store, hours(24))) == ([], [RECEIPT.sha256])
    await put(store, replace(stored, files=(replace(export, until=hours(48)),)))
    await put(store, replace(await got(store, ALI), files=(replace(export, until=hours(72)),)))
    assert (await unneeded(store, hours(71)), await unneeded(store, hours(72))) == ([], [RECEIPT.sha256])


async def test_orphans_are_told_until_they_are_off_the_disk(store: Store) -> None:
    names = sorted(sha(str(number)) for number in range(5))
    stored = await put(store, replace(stranger(ALI), files=tuple(KeptFile(name, 1, "image/png") for name in names)))
    await put(store, replace(stored, dropped=tuple(("", name) for name in names)))
    assert list(await store.orphans(NOW, 2)) == names[:2]
    await store.forget_orphans(names[:2])
    await store.forget_orphans([])
    assert await unneeded(store) == names[2:]


async def test_nobody_drops_the_file_of_somebody_else(store: Store) -> None:
    theirs = await needs(store, BO)
    await put(store, replace(planned(ALI), dropped=((of(theirs).case, RECEIPT.sha256),)))
    assert await store.named_files() == {RECEIPT.sha256}


async def test_a_file_without_its_case_is_refused_with_the_whole_decision(store: Store) -> None:
    theirs = await needs(store, BO)
    for case in ("nowhere", of(theirs).case):
        with pytest.raises(IntegrityError):
            await put(store, replace(stranger(ALI), files=(replace(RECEIPT, case=case),)))
    assert await find(store, ALI) is None


async def test_a_file_alone_is_a_change(store: Store) -> None:
    stored = await put(store, stranger(ALI))
    async with store.transaction() as transaction:
        await transaction.save(stored, replace(stored, files=(RECEIPT,)))
    with_file = replace(await got(store, ALI), files=(RECEIPT,))
    async with store.transaction() as transaction:
        await transaction.save(with_file, replace(with_file, dropped=(("", RECEIPT.sha256),), files=()))
    assert await unneeded(store) == [RECEIPT.sha256]


async def test_a_database_keeps_its_name_and_another_has_another(opens: Open, tmp_path: Path) -> None:
    names = []
    for path in (tmp_path / "one.db", tmp_path / "one.db", tmp_path / "two.db"):
        opened = await opens(path)
        names.append(await opened.identity())
        await opened.close()
    assert (names[0] == names[1], names[1] == names[2], len(names[0])) == (True, False, 32)
