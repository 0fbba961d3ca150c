"""Working days of 2026 with its make-up days, years without a list, and midnights."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.catalog.holidays import load_holidays
from bot.domain.calendar import (
    Holidays,
    WorkingDay,
    add_calendar_days,
    add_months,
    add_working_days,
    is_working_day,
    local,
    next_midnight,
    on_working_day,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
HOLIDAYS = load_holidays(Path(bot.__file__).parent / "data" / "holidays")
IN_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 2, 13), 7, date(2026, 3, 2)),
        (date(2026, 4, 30), 7, date(2026, 5, 13)),
        (date(2026, 6, 18), 7, date(2026, 6, 30)),
        (date(2026, 9, 18), 7, date(2026, 9, 29)),
        (date(2026, 9, 24), 7, date(2026, 10, 12)),
        (date(2026, 11, 20), 7, date(2026, 12, 1)),
        (date(2026, 11, 20), 10, date(2026, 12, 4)),
    ],
)
def test_working_days_of_2026(start: date, n: int, end: date) -> None:
    assert add_working_days(start, n, HOLIDAYS) == WorkingDay(end, False, ())


def test_sixty_calendar_days() -> None:
    assert add_calendar_days(date(2026, 10, 12), 60) == date(2026, 12, 11)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # a Saturday worked for Spring Festival
        (date(2026, 9, 20), True),  # a Sunday worked
        (date(2026, 2, 16), False),  # a Monday off
        (date(2026, 11, 21), False),  # an ordinary Saturday
        (date(2026, 11, 23), True),  # an ordinary Monday
    ],
)
def test_is_working_day(day: date, works: bool) -> None:
    assert is_working_day(day, HOLIDAYS) is works


def test_a_year_without_a_list_counts_weekdays_and_says_so() -> None:
    # 1 January 2027 is a Friday; nobody has told us yet that it is off.
    assert add_working_days(date(2026, 12, 30), 3, HOLIDAYS) == WorkingDay(date(2027, 1, 4), True, (2027,))


def test_a_start_in_a_year_without_a_list_is_not_counted() -> None:
    assert add_working_days(date(2025, 12, 31), 1, HOLIDAYS) == WorkingDay(date(2026, 1, 4), False, ())


def test_several_missing_years_are_all_named() -> None:
    found = add_working_days(date(2026, 12, 31), 300, HOLIDAYS)
    assert (found.estimated, found.missing_years) == (True, (2027, 2028))


def test_no_days_is_the_start_and_backwards_is_refused() -> None:
    assert add_working_days(date(2026, 10, 1), 0, HOLIDAYS) == WorkingDay(date(2026, 10, 1), False, ())
    with pytest.raises(ValueError, match="counted forward"):
        add_working_days(date(2026, 10, 1), -1, HOLIDAYS)


@given(IN_2026, st.integers(1, 40))
def test_exactly_n_working_days_lie_after_the_start(start: date, n: int) -> None:
    end = add_working_days(start, n, HOLIDAYS).day
    after = [start + timedelta(days=i) for i in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day, HOLIDAYS) for day in after) == n
    assert is_working_day(end, HOLIDAYS)


@given(IN_2026, st.integers(0, 20), st.integers(0, 20))
def test_counting_in_two_goes_ends_on_the_same_day(start: date, first: int, second: int) -> None:
    halfway = add_working_days(start, first, HOLIDAYS).day
    assert add_working_days(halfway, second, HOLIDAYS).day == add_working_days(start, first + second, HOLIDAYS).day


@given(IN_2026, st.integers(1, 40))
def test_estimated_exactly_when_a_year_is_missing(start: date, n: int) -> None:
    found = add_working_days(start, n, HOLIDAYS)
    assert found.missing_years == ((2027,) if found.day.year == 2027 else ())
    assert found.estimated is bool(found.missing_years)


@given(IN_2026, st.integers(1, 40))
def test_without_lists_only_weekends_are_left_out(start: date, n: int) -> None:
    found = add_working_days(start, n, Holidays())
    assert found.day.weekday() < 5
    assert found.estimated


def test_next_midnight_is_of_the_local_day() -> None:
    instant = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # 00:30 on the 21st in Shanghai
    assert next_midnight(instant, SHANGHAI) == datetime(2026, 11, 22, tzinfo=SHANGHAI)


def test_midnight_itself_leads_to_the_following_one() -> None:
    midnight = datetime(2026, 11, 21, tzinfo=SHANGHAI)
    assert next_midnight(midnight, SHANGHAI) == datetime(2026, 11, 22, tzinfo=SHANGHAI)


def test_a_skipped_clock_time_becomes_the_one_after_the_gap() -> None:
    # On 29 March 2026 clocks in Berlin go from 02:00 to 03:00.
    found = local(date(2026, 3, 29), time(2, 30), BERLIN)
    assert (found.isoformat(), found.astimezone(UTC).hour) == ("2026-03-29T03:30:00+02:00", 1)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds only
    st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Kiritimati")]),
)
def test_next_midnight_is_near_and_at_the_start_of_tomorrow(instant: datetime, zone: ZoneInfo) -> None:
    found = next_midnight(instant, zone)
    assert timedelta() < found.astimezone(UTC) - instant <= timedelta(hours=25)
    assert (found.date(), found.time()) == (instant.astimezone(zone).date() + timedelta(days=1), time())


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 11, 20), 2, date(2027, 1, 20)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_end_on_the_same_day_or_on_the_months_last(start: date, n: int, end: date) -> None:
    assert add_months(start, n) == end


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 11, 27), date(2026, 11, 27)),
        (date(2026, 11, 28), date(2026, 11, 30)),  # an ordinary Saturday
        (date(2026, 10, 1), date(2026, 10, 8)),  # the whole of the holiday
        (date(2026, 2, 14), date(2026, 2, 14)),  # a Saturday worked
    ],
)
def test_a_last_day_that_is_off_moves_to_the_next_working_day(day: date, end: date) -> None:
    assert on_working_day(day, HOLIDAYS) == end
