"""What a start makes up for: once, in parts, and again if it did not come to its end."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.domain.model import Case, Dossier
from bot.domain.rules import RuleBook
from bot.jobs.catch_up import remove_unnamed, tell_of_changed_rules
from bot.messages import FileFault
from bot.ports import Kept
from storage.files import PINNED, open_files
from storage.store import SqliteStore, open_store
from tests.journeys.test_changed_rules import RULE, with_shorter_estimate
from tests.storage.samples import NOW, put, stranger

TODAY = date(2026, 11, 22)
CHANGED = date(2026, 11, 23)
PEOPLE = [f"t:{number:03}" for number in range(250)]


class Told:
    """Stands in for ``Engine.refresh``; dies at the person named."""

    def __init__(self, dies_at: str = "") -> None:
        self.people: list[str] = []
        self._dies_at = dies_at

    async def refresh(self, person: str) -> None:
        if person == self._dies_at:
            raise OSError("disk full")
        self.people.append(person)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = await open_store(tmp_path / "jieru.db")
    yield store
    await store.close()


async def tell(store: SqliteStore, rules: RuleBook, today: date = TODAY, dies_at: str = "") -> list[str]:
    told = Told(dies_at)
    await tell_of_changed_rules(store, rules, today, told.refresh)
    return told.people


async def told_today(store: SqliteStore, *people: str) -> None:
    found = with_shorter_estimate().catalog.rules.find(RULE, TODAY)
    assert found is not None
    for person in people:
        case = Case(f"c-{person}", 1, NOW, told={RULE: found.version})
        await put(store, Dossier(stranger(person).person, (case,)))


async def test_everybody_is_told_of_a_change_once(store: SqliteStore) -> None:
    rules = with_shorter_estimate().catalog.rules
    await told_today(store, *PEOPLE)
    assert await tell(store, rules) == []
    assert await tell(store, rules, CHANGED) == PEOPLE
    assert await tell(store, rules, CHANGED) == []
    assert await tell(store, rules, TODAY) == []
    assert await tell(store, rules, CHANGED) == PEOPLE


async def test_a_start_that_dies_over_it_is_made_up_for(store: SqliteStore) -> None:
    rules = with_shorter_estimate().catalog.rules
    await told_today(store, *PEOPLE)
    await tell(store, rules)
    with pytest.raises(OSError, match="disk full"):
        await tell(store, rules, CHANGED, PEOPLE[120])
    assert await tell(store, rules, CHANGED) == PEOPLE


async def test_only_what_changed_concerns_anybody(store: SqliteStore) -> None:
    """Who goes by an old figure on purpose is not refreshed whenever another rule changes."""
    await told_today(store, *PEOPLE[:3])
    rules = with_shorter_estimate().catalog.rules
    assert await tell(store, rules, CHANGED) == PEOPLE[:3]
    versions = dict(await store.in_step("rules"))
    await store.note_in_step("rules", versions | {"law.cpl.24": "of yesterday"})
    assert await tell(store, rules, CHANGED) == []
    assert await store.in_step("rules") == versions


async def test_contents_that_nobody_names_go_but_not_those_that_are_being_kept(
    store: SqliteStore, tmp_path: Path
) -> None:
    ticks = 0.0

    def inspect(_: Path) -> str | FileFault:
        return "image/png"

    async def parts(content: bytes) -> AsyncIterator[bytes]:
        yield content

    files = await open_files(tmp_path / "evidence", inspect, ticks=lambda: ticks)
    left = [await files.keep(parts(bytes([number]))) for number in range(9)]
    ticks = PINNED + 1
    keeping = await files.keep(parts(b"being kept"))
    assert isinstance(keeping, Kept)
    await remove_unnamed(store, files)
    assert await files.unnamed(frozenset()) == [keeping.sha256]
    assert all(isinstance(one, Kept) and not files.path(one.sha256).exists() for one in left)
