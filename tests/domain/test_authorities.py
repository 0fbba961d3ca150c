"""Bodies outside the platform: each its own date and clock, and which of them shuts out which."""

from datetime import datetime, timedelta

import pytest

from bot.domain import authorities
from bot.domain.authorities import BODIES
from bot.domain.schedule import Deadline
from tests.domain.stories import Story, at, told


def ends(story: Story) -> dict[str, datetime]:
    return {each.rule: each.at for each in story.schedule().deadlines}


def only(story: Story) -> Deadline:
    (found,) = story.schedule().deadlines
    return found


@pytest.mark.parametrize(
    ("facts", "rule", "end"),
    [
        ({"complaint_received_at": told(20, 15, 30)}, "12315.accept", at(2, month=12)),
        ({"complaint_received_at": told(20)}, "12315.accept", at(2, month=12)),
        ({"complaint_received_at": told(10), "complaint_accepted_at": told(20, 9)}, "12315.mediation", at(20, month=12)
         + timedelta(days=31)),
        ({"green_received_at": told(20, 9)}, "12315.odr", at(5, month=12)),
        ({"courier_complained_at": told(20, 9)}, "post.12305.courier", at(28)),
        # The 30th day is a Sunday.
        ({"postal_received_at": told(20, 9)}, "post.12305", at(22, month=12)),
        ({"court_filed_at": told(20, 9)}, "court.filing", at(28)),
        ({"court_filed_at": told(10), "court_accepted_at": told(20, 9)}, "court.small", at(20, month=12)
         + timedelta(days=32)),
    ],
)  # fmt: skip
def test_every_body_counts_from_its_own_date_and_ends_with_the_day(
    facts: dict[str, dict[str, str]], rule: str, end: datetime
) -> None:
    deadline = only(Story().event("went_outside").facts(**facts))
    assert (deadline.rule, deadline.at, deadline.own) == (rule, end, False)


def test_two_bodies_side_by_side_keep_their_own_dates() -> None:
    story = Story().event("went_outside", complaint_result="handed", complaint_received_at=told(20, 9))
    story.facts(postal_result="handed", postal_received_at=told(16, 9))
    assert ends(story) == {"12315.accept": at(2, month=12), "post.12305": at(17, month=12)}


def test_a_clock_runs_in_whatever_stage_the_case_is() -> None:
    story = Story(order="unshipped").event("applied", told(21, 9)).facts(courier_complained_at=told(20, 9))
    assert set(ends(story)) == {"timer.unshipped_refund_answer", "post.12305.courier"}


@pytest.mark.parametrize("result", ["refused", "settled", "failed", "ended"])
def test_a_result_stops_that_clock_and_no_other(result: str) -> None:
    story = Story().event("went_outside", complaint_result="handed", complaint_received_at=told(20, 9))
    story.facts(court_result="handed", court_filed_at=told(20, 9)).facts(complaint_result=result)
    assert ends(story) == {"court.filing": at(28)}


def test_only_shanghais_association_has_a_time_limit() -> None:
    story = Story().event("went_outside", association_result="handed", association_received_at=told(18))
    story.facts(association_result="accepted", association_accepted_at=told(20, 9))
    assert ends(story) == {}
    assert ends(story.facts(association_place="shanghai")) == {"consumer_assoc.shanghai": at(20, month=12)
                                                               + timedelta(days=31)}  # fmt: skip


def test_an_acceptance_without_its_date_is_not_awaited_any_more() -> None:
    story = Story().event("went_outside", complaint_result="accepted", complaint_received_at=told(20))
    assert ends(story) == {}


@pytest.mark.parametrize(
    ("first", "result", "second", "shut_out"),
    [
        ("association", "handed", "12315", True),
        ("association", "accepted", "12315", True),
        ("association", "failed", "12315", True),
        ("association", "refused", "12315", False),
        ("court", "accepted", "12315", True),
        ("court", "refused", "12315", False),
        ("12315", "handed", "association", True),
        ("12315", "ended", "association", False),
        ("12315", "accepted", "court", False),
        ("12305", "handed", "12315", False),
        ("court", "handed", "12305", True),
        ("12315", "handed", "12305", False),
    ],
)
def test_who_refuses_what_another_has_taken(first: str, result: str, second: str, shut_out: bool) -> None:
    body = BODIES[first]
    state = Story().event("went_outside").facts(**{body.result: result, body.handed: told(20)}).state
    assert authorities.shut_out_by(state, second) == (first if shut_out else "")


@pytest.mark.parametrize(
    ("first", "result", "following"),
    [
        ("odr", "failed", ["12315"]),
        ("12315", "refused", ["association", "court"]),
        ("12315", "failed", ["court"]),
        ("12315", "settled", []),
        ("association", "refused", ["12315", "court"]),
        ("association", "ended", ["court"]),
        ("courier", "failed", ["12305"]),
    ],
)
def test_what_follows_from_a_result(first: str, result: str, following: list[str]) -> None:
    body = BODIES[first]
    state = Story().event("went_outside").facts(**{body.result: result, body.handed: told(20)}).state
    assert list(authorities.open_next(state)) == following


def test_proof_that_12315_wants_is_an_end_of_ones_own() -> None:
    story = Story().event("went_outside", complaint_result="handed", complaint_received_at=told(20))
    story.facts(complaint_proof_until=told(27))
    wanted = next(each for each in story.schedule().deadlines if each.rule == "complaint_proof_until")
    assert (wanted.at, wanted.own, wanted.source) == (at(28), True, "promise")
    assert wanted.effect == "到日子不补证明，12315就不受理"
