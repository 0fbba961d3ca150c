"""Deadlines follow the facts: whose move, the instant, and where the figure comes from."""

from dataclasses import replace
from datetime import UTC, timedelta

from bot.domain.calendar import Holidays
from bot.domain.rules import Rule, RuleBook, Span
from bot.domain.schedule import Deadline, Told, derive
from tests.domain.stories import NOW, SHANGHAI, Story, at, book, told


def test_after_a_rejection_our_estimate_is_48_hours() -> None:
    main = Story().event("rejected", told(21, 15, 2)).schedule().main
    assert main is not None
    assert (main.at, main.source, main.own) == (at(23, 15, 2), "estimate", True)
    assert main.effect == "这次申请可能被关闭"


def test_the_countdown_of_the_app_beats_every_figure_of_ours() -> None:
    story = Story().event("rejected", told(21, 15, 2))
    before = story.schedule().main
    after = story.add("countdown", until=at(22, 18).isoformat(), read=at(22, 10).isoformat()).schedule().main
    assert before is not None
    assert after is not None
    assert (after.at, after.source, after.own) == (at(22, 18), "app", True)
    assert after.id == before.id


def test_own_ends_count_from_the_earliest_reading_of_a_day_and_theirs_from_the_latest() -> None:
    own = Story().event("rejected", told(21)).schedule().main
    theirs = Story(order="signed", refund_type="refund_only").event("applied", told(21)).schedule().main
    assert own is not None
    assert theirs is not None
    assert own.at == at(23, 0)
    assert theirs.at == at(24, 0)


def test_a_corrected_date_moves_the_deadline_but_not_its_id() -> None:
    story = Story().event("rejected", told(21, 15))
    before = story.schedule().main
    after = story.facts(rejected_at=told(20, 15)).schedule().main
    assert before is not None
    assert after is not None
    assert after.at == before.at - timedelta(days=1)
    assert after.id == before.id


def test_the_answer_timer_fits_the_kind_of_application() -> None:
    cases = {
        "timer.unshipped_refund_answer": Story(order="unshipped"),
        "timer.shipped_refund_only_answer": Story(order="signed", refund_type="refund_only"),
        "timer.return_refund_answer": Story(order="signed", refund_type="return_refund"),
        "timer.exchange_answer": Story(order="signed", refund_type="exchange"),
    }
    for rule, story in cases.items():
        main = story.event("applied", told(20, 9)).schedule().main
        assert main is not None
        assert (main.rule, main.own) == (rule, False)


def test_the_platform_is_asked_after_three_working_days() -> None:
    main = Story().event("intervened", told(22, 10, 40)).schedule().main
    assert main is not None
    assert main.at == at(25, 10, 40)


def test_a_span_into_a_year_without_a_list_is_an_estimate_and_says_why() -> None:
    later = [
        deadline
        for deadline in Story()
        .event("intervened", told(30, 10))
        .facts(intervened_at=_december(30))
        .schedule()
        .deadlines
        if deadline.rule == "timer.platform_decision_late"
    ]
    assert later[0].estimated_years == (2027,)


def _december(day: int) -> dict[str, str]:
    return {"at": at(day, 10, month=12).astimezone(UTC).isoformat(), "precision": "minute"}


def test_a_promise_with_a_date_is_the_deadline() -> None:
    story = Story().event("settled", told(22, 9), promise="三天内退20元", promise_until=told(25, 24 - 1))
    main = story.schedule().main
    assert main is not None
    assert (main.at, main.source, main.own) == (at(25, 23), "promise", False)


def test_what_pays_decides_when_money_should_be_here() -> None:
    wallet = Story(pay_method="wechat").event("agreed_refund", told(20, 9)).schedule().main
    debit = Story(pay_method="debit").event("agreed_refund", told(20, 9)).schedule().main
    assert wallet is not None
    assert debit is not None
    assert wallet.at == at(21, 9)
    assert debit.at == at(25, 9)


def test_receipt_is_confirmed_by_itself_unless_something_is_done() -> None:
    beside = Story(order="in_transit", shipped_at=told(10, 9)).event("applied", told(20, 9)).schedule().deadlines
    assert "timer.auto_confirm" in {deadline.rule for deadline in beside}


def test_a_closed_case_has_no_deadline() -> None:
    assert Story().event("rejected", told(21, 9)).event("refunded", told(22, 9)).schedule().deadlines == ()


def test_a_case_keeps_the_version_that_it_was_told() -> None:
    old = book().at("timer.after_reject", NOW.date())
    changed = RuleBook(
        [
            _with(old, effective_until=at(1).date()),
            _with(old, span=Span(24, "hours"), effective_from=at(2).date()),
        ]
    )
    versions = [rule.version for rule in changed.versions("timer.after_reject")]
    state = Story().event("rejected", told(21, 15)).state
    new_case = derive(state, Told(changed, {}, NOW.date()), SHANGHAI, _holidays()).main
    old_case = derive(state, Told(changed, {"timer.after_reject": versions[0]}, NOW.date()), SHANGHAI, _holidays()).main
    assert new_case is not None
    assert old_case is not None
    assert (new_case.at, old_case.at) == (at(22, 15), at(23, 15))


def _with(rule: Rule, **changes: object) -> Rule:
    return replace(rule, **changes)  # type: ignore[arg-type]


def _holidays() -> Holidays:
    return Holidays()


def test_a_complaint_goes_by_the_law_of_the_day_it_was_accepted() -> None:
    new = Story().event("went_outside").facts(complaint_accepted_at=told(2, 9)).schedule().main
    old_day = {"at": at(10, 9, month=4).astimezone(UTC).isoformat(), "precision": "minute"}
    old = Story().event("went_outside").facts(complaint_accepted_at=old_day).schedule().main
    assert new is not None
    assert old is not None
    assert new.at == at(2, month=12) + timedelta(days=31)
    assert old.at == at(17, month=6)


def test_a_courier_has_seven_days_and_then_the_postal_regulator_opens() -> None:
    (clock,) = Story().facts(courier_complained_at=told(20, 9)).schedule().deadlines
    assert (clock.rule, clock.at, clock.own) == ("post.12305.courier", at(28), False)


def test_a_day_without_its_clock_ends_early_and_late_but_never_after_it_was_told() -> None:
    whole = Story().event("rejected", told(18)).schedule().main
    assert whole is not None
    assert (whole.at, whole.latest) == (at(20), at(21))
    # Told on the 19th at 10:02 of that same day: it had happened by then.
    same = Story().event("rejected", told(19)).schedule().main
    assert same is not None
    assert (same.at, same.latest) == (at(21), at(21, 10, 3))
    exact = Story().event("rejected", told(18, 9)).schedule().main
    assert exact is not None
    assert exact.latest is None


def again(story: Story) -> list[Deadline]:
    return [each for each in story.schedule().deadlines if each.rule == "timer.recheck"]


def test_what_was_overdue_and_still_is_not_done_is_looked_at_again_three_times() -> None:
    story = Story(order="unshipped").event("applied", told(10, 9))
    looks = []
    for _ in range(4):
        story.event("no_answer")
        looks.append([len(each.remind) for each in again(story)])
    assert looks == [[3], [2], [1], []]
    assert again(story.event("rejected", told(21, 9))) == []


def test_nothing_is_looked_at_again_while_its_end_is_still_ahead() -> None:
    assert again(Story(order="unshipped").event("applied", told(20, 9)).event("no_answer")) == []
