"""Which day a span of days ends on: working days with the year's public holidays, calendar days, midnights."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Holidays:
    """The State Council's notices: days off, weekend days worked, and the years that a notice was loaded for."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """The day on which a count of working days ends.

    `estimated` is true when a counted day lies in a year without a list (`missing_years`, ascending); such days count
    as working days from Monday to Friday.
    """

    day: date
    estimated: bool
    missing_years: tuple[int, ...]


def is_working_day(day: date, holidays: Holidays) -> bool:
    """Not listed as off, and from Monday to Friday or listed as worked (KNOWLEDGE F, days.rule)."""
    if day in holidays.off:
        return False
    return day.weekday() < _SATURDAY or day in holidays.work


def add_working_days(start: date, n: int, holidays: Holidays) -> WorkingDay:
    """The n-th working day after `start`; the first day is not counted (Civil Code art. 201). n = 0 is `start`.

    Raises ValueError for a negative n.
    """
    if n < 0:
        raise ValueError(f"working days are counted forward, not {n}")
    day = start
    seen: set[int] = set()
    left = n
    while left:
        day += timedelta(days=1)
        seen.add(day.year)
        left -= is_working_day(day, holidays)
    missing = tuple(sorted(seen - holidays.years))
    return WorkingDay(day, bool(missing), missing)


def add_calendar_days(start: date, n: int) -> date:
    """The n-th day after `start`, holidays counted like any other day."""
    return start + timedelta(days=n)


def on_working_day(day: date, holidays: Holidays) -> date:
    """The day itself, or the next working day if it is off (Civil Code art. 203: the last day of a period)."""
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def add_months(start: date, n: int) -> date:
    """The same day of the month n months on; the month's last day if it has no such day (Civil Code art. 202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + n, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def next_midnight(instant: datetime, zone: tzinfo) -> datetime:
    """00:00 in `zone` of the day after the local day of `instant` (an aware datetime)."""
    return midnight(instant.astimezone(zone).date() + timedelta(days=1), zone)


def midnight(day: date, zone: tzinfo) -> datetime:
    """The first moment of `day` in `zone`."""
    return local(day, time(), zone)


@lru_cache(4096)
def local(day: date, clock: time, zone: tzinfo) -> datetime:
    """That clock time on that day in `zone`; a time that a clock change skips becomes the one just after the gap."""
    wall = datetime.combine(day, clock.replace(tzinfo=None, fold=0), zone)
    # A skipped wall time exists in no zone; going through UTC and back gives the real instant its real name.
    return wall.astimezone(UTC).astimezone(zone)
