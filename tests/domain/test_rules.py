"""Spans in every kind of time, certainty, and which version of a rule holds when."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Holidays, is_working_day
from bot.domain.rules import Certainty, Remind, Rule, RuleBook, RuleChange, RuleNotInForce, Span, SpanEnd, Tag, Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
HOLIDAYS = Holidays(off=frozenset({date(2026, 10, 1), date(2026, 10, 2)}), years=frozenset({2026}))

OLD = Rule(
    id="12315.mediation",
    what="45 working days",
    starts="complaint_accepted",
    turn="regulator",
    tag="LAW",
    confidence="H",
    sources=("L1",),
    last_checked=date(2026, 11, 22),
    span=Span(45, "working_days"),
    law="art. 21",
    effective_until=date(2026, 4, 14),
)
NEW = replace(
    OLD,
    what="60 days",
    span=Span(60, "days_from_next_midnight"),
    law="art. 23",
    effective_from=date(2026, 4, 15),
    effective_until=None,
)
BOOK = RuleBook([NEW, OLD])


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("span", "end"),
    [
        (Span(90, "minutes"), "2026-09-30 16:34"),
        (Span(48, "hours"), "2026-10-02 15:04"),
        (Span(7, "days"), "2026-10-07 15:04"),
        (Span(1, "working_days"), "2026-10-05 15:04"),
        (Span(7, "days_from_next_midnight"), "2026-10-08 00:00"),
        (Span(0, "days_from_next_midnight"), "2026-10-01 00:00"),
        (Span(1, "authority_working_days"), "2026-10-06 00:00"),
        (Span(2, "authority_days"), "2026-10-06 00:00"),
        (Span(6, "authority_days"), "2026-10-07 00:00"),
        (Span(2, "authority_months"), "2026-12-01 00:00"),
    ],
)
def test_a_span_that_starts_on_30_september_at_15_04(span: Span, end: str) -> None:
    assert span.end(at("2026-09-30 15:04"), SHANGHAI, HOLIDAYS) == SpanEnd(at(end))


def test_the_local_day_counts_not_that_of_utc() -> None:
    start = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # 00:30 on the 21st in Shanghai
    assert Span(7, "days_from_next_midnight").end(start, SHANGHAI, HOLIDAYS).at == at("2026-11-29 00:00")


def test_working_days_beyond_the_lists_are_an_estimate() -> None:
    end = Span(3, "working_days").end(at("2026-12-30 10:00"), SHANGHAI, HOLIDAYS)
    assert end == SpanEnd(at("2027-01-04 10:00"), True, (2027,))
    whole = Span(3, "authority_working_days").end(at("2026-12-30 10:00"), SHANGHAI, HOLIDAYS)
    assert whole == SpanEnd(at("2027-01-05 00:00"), True, (2027,))


def test_hours_are_elapsed_and_days_keep_the_clock_over_a_change_of_clocks() -> None:
    start = at("2026-03-28 15:00", BERLIN)
    assert Span(24, "hours").end(start, BERLIN, HOLIDAYS).at.isoformat() == "2026-03-29T16:00:00+02:00"
    assert Span(1, "days").end(start, BERLIN, HOLIDAYS).at.isoformat() == "2026-03-29T15:00:00+02:00"


ZONES = st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/Los_Angeles")])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
SPANS = st.builds(Span, st.integers(1, 400), st.sampled_from(get_args(Unit)))


@given(SPANS, INSTANTS, ZONES)
def test_a_span_ends_after_its_start_in_the_zone_asked_for(span: Span, start: datetime, zone: ZoneInfo) -> None:
    end = span.end(start, zone, HOLIDAYS).at
    assert end.astimezone(UTC) > start
    assert end.tzinfo is zone


@given(SPANS, INSTANTS, st.sampled_from([BERLIN, SHANGHAI]))
def test_the_end_does_not_depend_on_the_zone_the_start_was_written_in(
    span: Span, start: datetime, written: ZoneInfo
) -> None:
    assert span.end(start.astimezone(written), SHANGHAI, HOLIDAYS) == span.end(start, SHANGHAI, HOLIDAYS)


@given(st.integers(0, 400), INSTANTS, ZONES)
def test_days_from_midnight_end_at_midnight_and_last_n_whole_days(n: int, start: datetime, zone: ZoneInfo) -> None:
    end = Span(n, "days_from_next_midnight").end(start, zone, HOLIDAYS).at
    assert end.time() == time()
    assert (end.date() - start.astimezone(zone).date()).days == n + 1


@given(st.sampled_from(["authority_working_days", "authority_days", "authority_months"]), st.integers(1, 90), INSTANTS)
def test_an_authoritys_last_day_is_whole_and_a_working_day(unit: Unit, n: int, start: datetime) -> None:
    end = Span(n, unit).end(start, SHANGHAI, HOLIDAYS).at
    assert end.time() == time()
    assert is_working_day((end - timedelta(days=1)).date(), HOLIDAYS)
    # The clock of the start makes no difference.
    day = start.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    assert Span(n, unit).end(day, SHANGHAI, HOLIDAYS).at == end


def test_reminders_count_from_the_start_or_to_the_end() -> None:
    start, end = at("2026-11-21 15:02"), at("2026-11-23 15:02")
    found = [
        Remind("start", timedelta(hours=12)).at(start, end),
        Remind("end", timedelta(hours=-5)).at(start, end),
        Remind("end", timedelta()).at(start, end),
    ]
    assert found == [at("2026-11-22 03:02"), at("2026-11-23 10:02"), end]


@pytest.mark.parametrize(
    ("tag", "certainty", "hard"),
    [
        ("LAW", "law", True),
        ("CORR", "usual", True),
        ("SEED+", "usual", True),
        ("SEED", "reported", True),
        ("SINGLE", "single", False),
        ("UNC", "conflicting", False),
        ("OURS", "estimate", True),
    ],
)
def test_the_tag_decides_what_may_be_said(tag: Tag, certainty: Certainty, hard: bool) -> None:
    rule = replace(OLD, tag=tag)
    assert (rule.certainty, rule.hard) == (certainty, hard)


def test_both_versions_of_a_changed_rule_hold_on_their_own_days() -> None:
    assert BOOK.at("12315.mediation", date(2026, 4, 14)) is OLD
    assert BOOK.at("12315.mediation", date(2026, 4, 15)) is NEW
    assert BOOK.versions("12315.mediation") == (OLD, NEW)


def test_a_version_is_found_again_by_its_name() -> None:
    assert [BOOK.get(OLD.version), BOOK.get(NEW.version), BOOK.get("12315.mediation@always#0")] == [OLD, NEW, None]
    assert OLD.version.startswith("12315.mediation@always#")
    assert NEW.version.startswith("12315.mediation@2026-04-15#")


def test_no_version_in_force_is_said() -> None:
    book = RuleBook([NEW])
    assert book.find(NEW.id, date(2026, 4, 14)) is None
    with pytest.raises(RuleNotInForce, match=r"12315\.mediation on 2026-04-14"):
        book.at(NEW.id, date(2026, 4, 14))
    with pytest.raises(RuleNotInForce):
        book.at("no.such.rule", date(2026, 4, 14))


def test_two_versions_on_one_day_are_refused() -> None:
    with pytest.raises(ValueError, match="in force at once"):
        RuleBook([NEW, replace(OLD, effective_until=date(2026, 4, 15))])


@pytest.mark.parametrize(
    "changed",
    [
        replace(OLD, span=Span(46, "working_days")),
        replace(OLD, span=Span(45, "days")),
        replace(OLD, what="another sentence"),
        replace(OLD, tag="CORR"),
        replace(OLD, amounts=MappingProxyType({"days": 45})),
        replace(OLD, recheck=Span(1, "days")),
    ],
)
def test_a_changed_figure_is_a_new_version(changed: Rule) -> None:
    assert changed.version != OLD.version


def test_checking_a_source_again_is_not_a_new_version() -> None:
    assert replace(OLD, last_checked=date(2027, 1, 1), sources=("L1", "L2")).version == OLD.version


def test_a_case_hears_of_a_change_once_it_is_in_force() -> None:
    told = {OLD.id: OLD.version}
    assert BOOK.changed_since(told, date(2026, 4, 14)) == []
    assert BOOK.changed_since(told, date(2026, 4, 15)) == [RuleChange(OLD, NEW)]
    assert BOOK.changed_since({NEW.id: NEW.version}, date(2026, 4, 15)) == []


def test_a_version_edited_away_and_a_rule_taken_away_are_changes_too() -> None:
    assert RuleBook([NEW]).changed_since({NEW.id: OLD.version}, date(2026, 5, 1)) == [RuleChange(None, NEW)]
    assert RuleBook([OLD]).changed_since({OLD.id: OLD.version}, date(2026, 5, 1)) == [RuleChange(OLD, None)]


def test_the_clock_of_a_disputed_rule_is_its_timer() -> None:
    timer = replace(OLD, id="timer.answer", tag="OURS", law=None, span=Span(48, "hours"), effective_until=None)
    disputed = replace(timer, id="reply", tag="UNC", span=None, timer="timer.answer")
    silent = replace(disputed, id="silent", timer=None)
    book = RuleBook([timer, disputed, silent, NEW])
    today = date(2026, 11, 22)
    assert [book.clock(key, today) for key in ("reply", "silent", NEW.id, "none")] == [timer, None, NEW, None]
