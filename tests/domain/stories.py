"""Short ways to write cases, for the tests of the domain."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.catalog.holidays import load_holidays
from bot.catalog.rules import load_rules
from bot.domain.facts import State
from bot.domain.history import fold
from bot.domain.model import Case, Entry, Json
from bot.domain.moment import Moment
from bot.domain.rules import RuleBook
from bot.domain.schedule import Schedule, Told, derive

SHANGHAI = ZoneInfo("Asia/Shanghai")
DATA = Path(__file__).parents[2] / "bot" / "data"
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> datetime:
    """An instant in Shanghai, 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def told(day: int, hour: int | None = None, minute: int = 0) -> dict[str, str]:
    """A dated fact: a day, or a day with its clock."""
    if hour is None:
        return Moment(at(day), "day").to_json()
    return Moment(at(day, hour, minute)).to_json()


class Story:
    """A case that is told entry by entry."""

    def __init__(self, problem: str = "spoiled", **facts: Json) -> None:
        self.case = Case("abc", 1, NOW.astimezone(UTC))
        self.now = NOW - timedelta(days=3)
        self.add("opened", problem=problem, **facts).add("ready")

    def add(self, kind: str, **data: Json) -> "Story":
        seq = len(self.case.entries) + 1
        self.now += timedelta(minutes=1)
        entry = Entry(seq, self.now.astimezone(UTC), kind, data, f"message{seq}")
        self.case = replace(self.case, entries=(*self.case.entries, entry))
        return self

    def event(self, event: str, when: dict[str, str] | None = None, **data: Json) -> "Story":
        return self.add("event", event=event, **({"when": when} if when else {}), **data)

    def facts(self, **data: Json) -> "Story":
        return self.add("facts", **data)

    def undo(self, target: int) -> "Story":
        return self.add("undo", target=target)

    @property
    def state(self) -> State:
        return fold(self.case)

    def schedule(self) -> Schedule:
        rules = Told(book(), self.case.told, NOW.date())
        return derive(self.state, rules, SHANGHAI, load_holidays(DATA / "holidays"))


@cache
def book() -> RuleBook:
    return load_rules(DATA / "rules", NOW.date())
