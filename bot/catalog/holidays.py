"""Reads the years' lists of days off and of worked weekend days."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import StrictInt, ValidationError

from bot.catalog.errors import CatalogError
from bot.catalog.reading import Data, lines, read_toml
from bot.domain.calendar import Holidays

_SATURDAY = 5


class HolidayEntry(Data):
    year: StrictInt
    source: str
    last_checked: date
    off: tuple[date, ...]
    work: tuple[date, ...]


def load_holidays(folder: Path) -> Holidays:
    """The years of the folder, one file each (`<year>.toml`). Raises CatalogError."""
    problems: list[str] = []
    off: set[date] = set()
    work: set[date] = set()
    years: set[int] = set()
    for path in sorted(folder.glob("*.toml")):
        if (raw := read_toml(path, problems)) is None:
            continue
        try:
            entry = HolidayEntry.model_validate(raw)
        except ValidationError as error:
            problems.extend(f"{path.name}: {line}" for line in lines(error))
            continue
        problems.extend(f"{path.name}: {complaint}" for complaint in _holiday_sense(path, entry))
        off.update(entry.off)
        work.update(entry.work)
        years.add(entry.year)
    if problems:
        raise CatalogError(problems)
    return Holidays(frozenset(off), frozenset(work), frozenset(years))


def _holiday_sense(path: Path, entry: HolidayEntry) -> Iterator[str]:
    if path.stem != str(entry.year):
        yield f"year: {entry.year} in a file for {path.stem}"
    for key, days in (("off", entry.off), ("work", entry.work)):
        for day in days:
            if day.year != entry.year:
                yield f"{key}: {day} is not in {entry.year}"
        if len(set(days)) != len(days):
            yield f"{key}: a day is listed twice"
    for day in entry.work:
        if day.weekday() < _SATURDAY:
            yield f"work: {day} is no weekend day"
        if day in entry.off:
            yield f"work: {day} is listed as off too"
