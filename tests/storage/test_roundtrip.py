"""Whatever a dossier holds comes back as it was, at once and after being changed."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, timezone
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.model import Case, Dossier, Entry, Job, Letter, Person, Preferences, Reminder, ReminderState
from storage.instants import from_micros, to_micros
from storage.store import SqliteStore, open_store
from tests.storage.samples import as_stored, got, put, without_ids

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=12)
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-9, minutes=-30))])
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001 - the zone follows
TIMES = st.times()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)
DOCUMENTS = st.dictionaries(ANY_TEXT, JSON, max_size=3)
VERSIONS = st.dictionaries(NAMES, NAMES, max_size=3)
PHONES = st.sampled_from(["", "iphone", "android"])
PREFERENCES = st.builds(Preferences, NAMES, st.booleans(), TIMES, TIMES, PHONES, st.booleans())
STATES: st.SearchStrategy[ReminderState] = st.sampled_from(
    ["planned", "sent", "done", "unreachable", "failed", "missed"]
)

_people = count()


@st.composite
def dossiers(draw: st.DrawFn, person: str) -> Dossier:
    cases = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        parts = draw(st.lists(st.tuples(INSTANTS, NAMES, DOCUMENTS, NAMES), max_size=4))
        entries = tuple(Entry(seq, *part) for seq, part in enumerate(parts, start=1))
        cases.append(Case(f"{person}/{number}", number, draw(INSTANTS), entries, draw(VERSIONS), draw(st.booleans())))
    keys = st.tuples(st.sampled_from([case.id for case in cases]), NAMES, NAMES, st.integers(0, 99)) if cases else None
    rows = tuple(
        Reminder(*key, draw(INSTANTS), draw(STATES), draw(st.booleans()), draw(st.integers(0, 9)))
        for key in (draw(st.lists(keys, max_size=4, unique=True)) if keys is not None else [])
    )
    letters = [Letter(case.id, draw(INSTANTS), draw(NAMES), draw(ANY_TEXT), draw(VERSIONS)) for case in cases[:1]]
    jobs = tuple(draw(st.lists(st.builds(Job, NAMES, DOCUMENTS, INSTANTS), max_size=2)))
    known = Person(person, draw(INSTANTS), draw(PREFERENCES), draw(DOCUMENTS), 0, draw(st.booleans()))
    return Dossier(known, tuple(cases), rows, tuple(letters), jobs)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


@pytest.fixture(scope="module")
def opened(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    store = runner.run(open_store(tmp_path_factory.mktemp("roundtrip") / "jieru.db"))
    yield store
    runner.run(store.close())


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_dossier_comes_back(runner: asyncio.Runner, opened: SqliteStore, data: st.DataObject) -> None:
    saved = data.draw(dossiers(f"t:{next(_people)}"))
    assert without_ids(runner.run(put(opened, saved))) == as_stored(saved)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_change_comes_back(runner: asyncio.Runner, opened: SqliteStore, data: st.DataObject) -> None:
    person = f"t:{next(_people)}"
    first, second = data.draw(dossiers(person)), data.draw(dossiers(person))
    before = runner.run(put(opened, first))
    gone = Dossier(before.person)
    if before == gone:
        gone = Dossier(Person(person, before.person.first_seen, session={"empty": True}))
    runner.run(put(opened, gone))
    runner.run(put(opened, second))
    assert without_ids(runner.run(got(opened, person))) == as_stored(second, before.person.version + 2)


@given(INSTANTS, INSTANTS)
def test_instants_keep_their_order_and_their_microseconds(one: datetime, other: datetime) -> None:
    assert (to_micros(one) < to_micros(other)) is (one < other)
    assert (from_micros(to_micros(one)), from_micros(to_micros(one)).tzinfo) == (one, UTC)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        to_micros(datetime(2026, 11, 22))  # noqa: DTZ001 - that is the point


def test_a_time_of_day_keeps_its_microseconds(runner: asyncio.Runner, opened: SqliteStore) -> None:
    saved = Dossier(Person("t:time", datetime(2026, 1, 1, tzinfo=UTC), Preferences(quiet_from=time(23, 59, 59, 7))))
    assert runner.run(put(opened, saved)).person.preferences == saved.person.preferences
