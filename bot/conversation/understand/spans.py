"""Spans that merchants and agents promise and the grammar of dates leaves open: 3-5个工作日, 2到3天, 请等24小时.

The later end of a span counts: before it nothing is broken yet.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from bot.catalog import compiled
from bot.conversation.understand.numerals import CN, fold, numeral
from bot.domain.calendar import Holidays, add_working_days
from bot.domain.moment import Moment

_COUNT = rf"(?:[0-9]{{1,3}}|[{CN}]{{1,3}})"
_SPAN = compiled.pattern(
    rf"(?<![0-9{CN}.:月第])(?:{_COUNT}个?(?:工作日|小时|天|日)?[到至~-])?(?P<count>{_COUNT})个?"
    r"(?P<unit>工作日|小时|天|日(?=[之以]?内))(?!前|以前|之前|了|没|无理由|[0-9])"
)
_LONGEST_DAYS, _LONGEST_HOURS = 90, 720


@dataclass(frozen=True, slots=True)
class Promised:
    """How long at most: so many working days, calendar days or hours."""

    count: int
    unit: str


def promised_spans(text: str) -> list[Promised]:
    """Every span in the text, each once. Never raises; linear in the text."""
    found: list[Promised] = []
    for each in _SPAN.finditer(fold(text).text):
        count = numeral(each["count"])
        unit = {"工作日": "work", "小时": "hours"}.get(each["unit"], "days")
        if count and count <= (_LONGEST_HOURS if unit == "hours" else _LONGEST_DAYS):
            found.append(Promised(count, unit))
    return list(dict.fromkeys(found))


def span_end(text: str, said: datetime, zone: tzinfo, holidays: Holidays) -> Moment | None:
    """Until when the one span of the text runs from ``said`` on; None if there is none, or several."""
    spans = promised_spans(text)
    if len(spans) != 1:
        return None
    only, here = spans[0], said.astimezone(zone)
    if only.unit == "hours":
        return Moment(said + timedelta(hours=only.count))
    if only.unit == "work":
        last = add_working_days(here.date(), only.count, holidays).day
    else:
        last = here.date() + timedelta(days=only.count)
    return Moment(_end_of(last, zone))


def _end_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone)
