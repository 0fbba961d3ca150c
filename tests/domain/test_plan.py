"""Reminders follow the deadlines: lead times, nights, snoozes, and what is dropped."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Preferences, Reminder
from bot.domain.plan import APART, Planned, merge, plan
from bot.domain.rules import Remind
from bot.domain.schedule import Deadline
from tests.domain.stories import NOW, SHANGHAI, Story, at, told

AWAKE = Preferences(quiet=False)
REJECTED = Story().event("rejected", told(21, 15))


START = at(21, 15)


def own(end: datetime, *hours: float, start: datetime = START) -> Deadline:
    remind = tuple(Remind("end", timedelta(hours=-each)) for each in hours)
    return Deadline("rule#3", "rule", end, start, "estimate", own=True, main=False, remind=remind)


def dues(deadline: Deadline, now: datetime = NOW, preferences: Preferences = AWAKE) -> list[datetime]:
    planned = plan(REJECTED.state, [deadline], preferences, SHANGHAI, now)
    return sorted(each.due for each in planned if not each.keep)


def test_an_own_end_is_told_at_every_lead_time() -> None:
    assert dues(own(at(23, 15), 5, 1)) == [at(23, 10), at(23, 14)]


def test_nearer_than_the_lead_time_is_told_at_once() -> None:
    assert dues(own(NOW + timedelta(hours=3), 5, 1)) == [NOW, NOW + timedelta(hours=2)]
    assert dues(own(NOW + timedelta(seconds=3), 5, 1)) == [NOW]


def test_an_end_in_the_night_is_told_before_the_night() -> None:
    night = Preferences()
    assert dues(own(at(24, 3), 5, 1), preferences=night) == [at(23, 21, 30)]


def test_a_moment_in_the_night_waits_for_the_morning_if_there_is_time() -> None:
    assert dues(own(at(23, 14), 12, 1), preferences=Preferences()) == [at(23, 8), at(23, 13)]


def test_quiet_hours_may_lie_within_the_day_or_be_off() -> None:
    siesta = Preferences(quiet_from=time(12), quiet_to=time(15))
    assert dues(own(at(23, 20), 7), preferences=siesta) == [at(23, 15)]
    assert dues(own(at(24, 3), 1)) == [at(24, 2)]


def test_the_other_sides_end_opens_the_next_rung_and_is_looked_at_again() -> None:
    theirs = Deadline("rule#3", "rule", at(23, 15), at(21, 15), "app", own=False, main=True)
    planned = plan(REJECTED.state, [theirs], AWAKE, SHANGHAI, NOW)
    assert [(each.kind, each.due) for each in planned] == [("opens", at(23, 15)), ("opens", at(24, 15))]


def test_a_muted_or_closed_case_plans_nothing() -> None:
    muted = Story().event("rejected", told(21, 15)).add("muted").state
    assert plan(muted, [own(at(23, 15), 5)], AWAKE, SHANGHAI, NOW) == ()


def test_an_unfinished_case_is_nudged_once() -> None:
    story = Story("quality")
    story.case = replace(story.case, entries=story.case.entries[:1])
    planned = plan(story.state, [], AWAKE, SHANGHAI, NOW)
    assert [(each.kind, each.deadline) for each in planned] == [("nudge", "unfinished")]


def row(planned: Planned, **changes: object) -> Reminder:
    values = {"case": "abc", "kind": planned.kind, "deadline": planned.deadline, "occurrence": planned.occurrence}
    return Reminder(**{**values, "due": planned.due, "id": 7, **changes})  # type: ignore[arg-type]


def test_a_moved_deadline_moves_its_rows() -> None:
    before = Planned("own", "rule#3", 1, at(23, 10))
    after = Planned("own", "rule#3", 1, at(24, 10))
    (moved,) = merge("abc", [row(before)], [after], NOW)
    assert (moved.due, moved.id, moved.state) == (at(24, 10), 7, "planned")


def test_a_row_without_its_deadline_is_dropped_but_one_that_was_sent_stays() -> None:
    planned, sent = row(Planned("own", "rule#3", 1, at(23, 10))), row(Planned("own", "rule#3", 2, NOW), state="sent")
    assert [each.state for each in merge("abc", [planned, sent], [], NOW)] == ["dropped", "sent"]


def test_a_reminder_that_was_sent_is_planned_again_when_its_deadline_moves_ahead() -> None:
    sent = row(Planned("own", "rule#3", 1, at(22, 9)), state="sent")
    (again,) = merge("abc", [sent], [Planned("own", "rule#3", 1, at(25, 9))], NOW)
    assert (again.state, again.due) == ("planned", at(25, 9))


def test_a_snoozed_row_keeps_its_moment() -> None:
    snoozed = row(Planned("own", "rule#3", 1, at(22, 20)), snoozed=True)
    (kept,) = merge("abc", [snoozed], [Planned("own", "rule#3", 1, at(23, 10))], NOW)
    assert kept.due == at(22, 20)


def test_a_moment_long_past_is_not_told_when_it_becomes_known() -> None:
    assert merge("abc", [], [Planned("opens", "rule#3", 1, NOW - timedelta(hours=1))], NOW) == ()
    assert len(merge("abc", [], [Planned("opens", "rule#3", 1, NOW - timedelta(seconds=5))], NOW)) == 1


def test_a_row_that_is_due_this_very_moment_is_not_dropped_by_a_press() -> None:
    deadline = Deadline(
        "rule#3", "rule", at(23, 15), at(21, 15), "estimate", own=True, main=True,
        remind=(Remind("start", timedelta(hours=12)),),
    )  # fmt: skip
    due = at(22, 3)
    existing = Reminder("abc", "own", "rule#3", 1, due, id=7)
    planned = plan(REJECTED.state, [deadline], AWAKE, SHANGHAI, due + timedelta(seconds=1))
    kept = [each for each in merge("abc", [existing], planned, due + timedelta(seconds=1)) if each.id == 7]
    assert [(each.state, each.due) for each in kept] == [("planned", due)]


@given(
    hours=st.integers(1, 200),
    leads=st.lists(st.integers(1, 150), min_size=1, max_size=4, unique=True),
    start=st.integers(0, 23),
    length=st.integers(1, 12),
)
def test_nothing_is_told_after_an_own_end_or_in_the_night_unless_it_must(
    hours: int, leads: list[int], start: int, length: int
) -> None:
    preferences = Preferences(quiet_from=time(start), quiet_to=time((start + length) % 24))
    deadline = own(NOW + timedelta(hours=hours), *leads)
    for due in dues(deadline, preferences=preferences):
        assert NOW <= due < deadline.at
        if due > NOW:
            here = due.astimezone(SHANGHAI)
            minutes = (here.hour - start) % 24 * 60 + here.minute
            assert minutes >= length * 60 or minutes == 0


def test_every_own_end_ahead_has_at_least_one_reminder() -> None:
    for hours in (0.001, 0.5, 2, 6, 30, 100):
        assert dues(own(NOW + timedelta(hours=hours), 24, 5, 1), preferences=Preferences()), hours


def imprecise(begin: int, hours: int, known: datetime) -> Deadline:
    end = at(begin) + timedelta(hours=hours)
    return replace(own(end, 5, 1, start=at(begin)), main=True, latest=end + timedelta(days=1), known=known)


def kinds(deadline: Deadline, now: datetime) -> list[str]:
    return [each.kind for each in plan(REJECTED.state, [deadline], Preferences(), SHANGHAI, now) if not each.keep]


def test_an_end_that_was_over_when_it_was_told_is_not_asked_about() -> None:
    # Told at six in the morning of the 22nd: the 21st and 24 hours. Half an hour after it lies in this very night.
    early = at(22, 6)
    assert kinds(imprecise(21, 24, early), early) == ["nudge"]
    assert kinds(imprecise(21, 24, at(21, 12)), early) == ["passed"]


def test_reminders_that_the_night_pushed_together_become_one() -> None:
    # 03:00 waits until 08:00, and the next comes at 10:00.
    assert dues(own(at(23, 15), 12, 5, 1), preferences=Preferences()) == [at(23, 10), at(23, 14)]
    apart = timedelta(hours=15) - APART
    assert dues(own(at(23, 15), 12, (apart - timedelta(hours=8)) / timedelta(hours=1)), preferences=Preferences()) == [
        at(23, 8),
        at(23, 12),
    ]


def test_reminders_that_were_meant_to_be_close_stay() -> None:
    assert dues(own(at(23, 15), 3, 1), preferences=Preferences()) == [at(23, 12), at(23, 14)]
