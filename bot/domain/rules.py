"""The rule book as values: what a rule says, how long its clock runs, how sure it is, which version holds on a day."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, NamedTuple

from bot.domain.calendar import (
    Holidays,
    add_calendar_days,
    add_months,
    add_working_days,
    local,
    midnight,
    on_working_day,
)

Unit = Literal[
    "minutes", "hours", "days", "working_days", "days_from_next_midnight",
    "authority_working_days", "authority_days", "authority_months",
]  # fmt: skip
Turn = Literal["buyer", "merchant", "platform", "courier", "regulator", "court", "system", "none"]
Tag = Literal["LAW", "CORR", "SEED+", "SEED", "SINGLE", "UNC", "OURS"]
Certainty = Literal["law", "usual", "reported", "single", "conflicting", "estimate"]
Confidence = Literal["H", "M-H", "M", "L-M", "L"]
Anchor = Literal[
    "ordered", "promised", "shipped", "tracking_uploaded", "signed", "applied", "first_applied", "rejected",
    "return_agreed", "return_shipped", "return_signed", "refund_agreed", "remedy_promised", "intervened",
    "proof_wanted", "decided", "confirmed", "paid", "handed", "complaint_received", "complaint_accepted",
    "green_received", "association_accepted",
    "report_received", "report_decided", "courier_complained", "postal_received", "court_filed", "court_accepted",
    "knew", "checked", "none",
]  # fmt: skip

_CERTAINTY: Mapping[Tag, Certainty] = {
    "LAW": "law",
    "CORR": "usual",
    "SEED+": "usual",
    "SEED": "reported",
    "SINGLE": "single",
    "UNC": "conflicting",
    "OURS": "estimate",
}


@dataclass(frozen=True, slots=True)
class SpanEnd:
    """When a span is over; `estimated` and `missing_years` as in `calendar.WorkingDay`."""

    at: datetime
    estimated: bool = False
    missing_years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in one kind of time.

    `minutes`, `hours`: elapsed time, nights and holidays included. `days`: the same clock time n calendar days later.
    `working_days`: the same clock time on the n-th working day. `days_from_next_midnight`: n whole days counted from
    00:00 of the day after the start, so it ends at 24:00 of the start day + n (0: at the end of the start day).

    The time of an authority or a court ends at 24:00 of its last day, whatever the clock said at its start (Civil Code
    201-203, rule ``law.counting``): `authority_working_days` at the end of the n-th working day; `authority_days` after
    n calendar days and `authority_months` on the same day n months on, both moved to the next working day if that day
    is off. In a year without a list only weekends are known to be off.
    """

    length: int
    unit: Unit

    def end(self, start: datetime, zone: tzinfo, holidays: Holidays) -> SpanEnd:
        """The instant, in `zone`, at which the span that began at `start` (aware) is over."""
        here = start.astimezone(zone)
        if self.unit == "minutes":
            return SpanEnd(_elapsed(start, timedelta(minutes=self.length), zone))
        if self.unit == "hours":
            return SpanEnd(_elapsed(start, timedelta(hours=self.length), zone))
        if self.unit == "days":
            return SpanEnd(local(add_calendar_days(here.date(), self.length), here.time(), zone))
        if self.unit == "working_days":
            found = add_working_days(here.date(), self.length, holidays)
            return SpanEnd(local(found.day, here.time(), zone), found.estimated, found.missing_years)
        if self.unit == "authority_working_days":
            found = add_working_days(here.date(), self.length, holidays)
            return SpanEnd(_end_of(found.day, zone), found.estimated, found.missing_years)
        if self.unit == "authority_days":
            return SpanEnd(_end_of(on_working_day(add_calendar_days(here.date(), self.length), holidays), zone))
        if self.unit == "authority_months":
            return SpanEnd(_end_of(on_working_day(add_months(here.date(), self.length), holidays), zone))
        return SpanEnd(_end_of(add_calendar_days(here.date(), self.length), zone))


@dataclass(frozen=True, slots=True)
class Remind:
    """One reminder of a clock: an offset from its start (never negative) or from its end (never positive)."""

    anchor: Literal["start", "end"]
    offset: timedelta

    def at(self, start: datetime, end: datetime) -> datetime:
        """The instant of the reminder, in UTC."""
        return (start if self.anchor == "start" else end).astimezone(UTC) + self.offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One version of one rule (KNOWLEDGE A, B, C, F, G).

    `what` is the rule in plain words without its certainty phrase; `effect` is what silence leads to. `span` is the
    clock, if the tag allows one; `recheck` a second look, counted from the same start. `timer` names the estimate of
    ours that stands in for a span that sources disagree about. `amounts` are structured figures by name.
    `effective_from` and `effective_until` are the first and the last day in force; None is open.
    """

    id: str
    what: str
    starts: Anchor
    turn: Turn
    tag: Tag
    confidence: Confidence
    sources: tuple[str, ...]
    last_checked: date
    effect: str | None = None
    span: Span | None = None
    recheck: Span | None = None
    law: str | None = None
    timer: str | None = None
    effective_from: date | None = None
    effective_until: date | None = None
    remind: tuple[Remind, ...] = ()
    amounts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    version: str = field(init=False, compare=False, default="")
    """A name that changes when what a person was told changes: figure, words, effect or certainty."""

    def __post_init__(self) -> None:
        told = [
            _span_text(self.span), _span_text(self.recheck), self.what, self.effect, self.tag, self.law,
            sorted(self.amounts.items()),
        ]  # fmt: skip
        digest = hashlib.blake2s(json.dumps(told, ensure_ascii=False).encode(), digest_size=4).hexdigest()
        object.__setattr__(self, "version", f"{self.id}@{self.effective_from or 'always'}#{digest}")

    @property
    def certainty(self) -> Certainty:
        """How the figure may be said; each value has one fixed phrase (VOICE, Certainty)."""
        return _CERTAINTY[self.tag]

    @property
    def hard(self) -> bool:
        """Whether a deadline may be built on it: a single report or a figure in dispute is never one."""
        return self.tag not in ("SINGLE", "UNC")

    def in_force(self, on: date) -> bool:
        """Whether this version holds on that day."""
        return (self.effective_from or date.min) <= on <= (self.effective_until or date.max)


class RuleNotInForce(LookupError):  # noqa: N818 - it names a state of the book, not a failure of the program
    """No version of that id holds on that day."""


class RuleChange(NamedTuple):
    """What a person was told and what holds now.

    `old` is None when the text of the version told was edited away; `new` is None when nothing is in force any more.
    """

    old: Rule | None
    new: Rule | None


class RuleBook:
    """All rules, every version; immutable."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Raises ValueError when two versions of one id hold on the same day."""
        by_id: dict[str, list[Rule]] = {}
        for rule in rules:
            by_id.setdefault(rule.id, []).append(rule)
        for versions in by_id.values():
            versions.sort(key=lambda rule: rule.effective_from or date.min)
            if clash := overlap(versions):
                raise ValueError(f"{clash[0].version} and {clash[1].version} are in force at once")
        self._by_id = {key: tuple(versions) for key, versions in by_id.items()}
        self._by_version = {rule.version: rule for versions in by_id.values() for rule in versions}
        self._in_force = lru_cache(64)(self._all_in_force)

    def __len__(self) -> int:
        return len(self._by_version)

    def ids(self) -> frozenset[str]:
        return frozenset(self._by_id)

    def versions(self, rule_id: str) -> tuple[Rule, ...]:
        """All versions of an id, oldest first; empty for an unknown id."""
        return self._by_id.get(rule_id, ())

    def find(self, rule_id: str, on: date) -> Rule | None:
        """The version in force on that day, or None."""
        return self._in_force(on).get(rule_id)

    def _all_in_force(self, on: date) -> Mapping[str, Rule]:
        return {key: rule for key, versions in self._by_id.items() for rule in versions if rule.in_force(on)}

    def at(self, rule_id: str, on: date) -> Rule:
        """The version in force on that day. Raises RuleNotInForce when there is none."""
        if rule := self.find(rule_id, on):
            return rule
        raise RuleNotInForce(f"{rule_id} on {on}")

    def clock(self, rule_id: str, on: date) -> Rule | None:
        """The rule whose span may be counted for that id: itself, or the estimate that stands in for it."""
        rule = self.find(rule_id, on)
        if rule is None or (rule.hard and rule.span):
            return rule
        return self.find(rule.timer, on) if rule.timer else None

    def get(self, version: str) -> Rule | None:
        """The rule of that version, or None when it is no longer in the book."""
        return self._by_version.get(version)

    def changed_since(self, told: Mapping[str, str], on: date) -> list[RuleChange]:
        """For the versions that a person was told (id -> version): what reads differently on that day, by id."""
        changes = []
        for rule_id, version in sorted(told.items()):
            old, new = self.get(version), self.find(rule_id, on)
            if old is not new and old != new:
                changes.append(RuleChange(old, new))
        return changes


def overlap(versions: Iterable[Rule]) -> tuple[Rule, Rule] | None:
    """The first two of these versions of one id that hold on the same day."""
    ordered = sorted(versions, key=lambda rule: rule.effective_from or date.min)
    for earlier, later in pairwise(ordered):
        if (later.effective_from or date.min) <= (earlier.effective_until or date.max):
            return earlier, later
    return None


def _end_of(day: date, zone: tzinfo) -> datetime:
    """24:00 of that day."""
    return midnight(add_calendar_days(day, 1), zone)


def _elapsed(start: datetime, length: timedelta, zone: tzinfo) -> datetime:
    # Through UTC, because adding to a local time would count an hour too many or too few over a clock change.
    return (start.astimezone(UTC) + length).astimezone(zone)


def _span_text(span: Span | None) -> str | None:
    return f"{span.length} {span.unit}" if span else None
