"""The state of a case is the fold of its history."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import can_happen, next_proof_number
from bot.domain.history import fold, last_change, undone
from bot.domain.machine import LEADS_TO, POSSIBLE, TURN
from bot.domain.model import Case
from bot.domain.moment import Moment
from tests.domain.stories import Story, at, told


def test_an_event_leads_to_its_stage_and_dates_it() -> None:
    state = (
        Story().event("applied", told(20, 19, 40)).event("rejected", told(21, 15, 2), reject_reason="正常损耗").state
    )
    assert state.stage == "rejected"
    assert state.began == Moment(at(21, 15, 2))
    assert state.text("reject_reason") == "正常损耗"
    assert state.moment("first_applied_at") == Moment(at(20, 19, 40))


def test_the_first_application_survives_a_second_one() -> None:
    story = Story().event("applied", told(1, 9)).event("rejected", told(3, 9)).event("applied", told(5, 9))
    assert story.state.moment("first_applied_at") == Moment(at(1, 9))
    assert story.state.moment("applied_at") == Moment(at(5, 9))


def test_a_corrected_date_keeps_the_entry_that_first_gave_it() -> None:
    story = Story().event("rejected", told(21, 15)).facts(rejected_at=told(20, 15))
    assert story.state.began == Moment(at(20, 15))
    assert story.state.origin["rejected_at"] == 3


def test_undo_takes_back_the_last_change_again_and_again() -> None:
    story = Story().event("applied", told(20, 9)).event("rejected", told(21, 9))
    first = last_change(story.case)
    assert first is not None
    story.undo(first.seq)
    assert str(story.state.stage) == "waiting_merchant"
    second = last_change(story.case)
    assert second is not None
    assert second.seq == 3
    story.undo(second.seq)
    assert story.state.stage == "preparing"
    assert last_change(story.case) is None
    assert undone(story.case.entries) == {3, 4}


def test_a_countdown_ends_with_its_stage() -> None:
    story = Story().event("applied", told(20, 9)).add("countdown", until=at(23).isoformat(), read=at(22).isoformat())
    assert story.state.countdown is not None
    assert story.event("rejected", told(22, 9)).state.countdown is None


def test_numbers_of_proof_are_given_once() -> None:
    story = Story().add("proof", number=1, item="box").add("proof", number=2, item="bad").add("unproof", number=2)
    assert [proof.number for proof in story.state.proofs] == [1]
    assert next_proof_number(story.case) == 3


def test_closing_gives_the_outcome_and_undo_opens_again() -> None:
    story = Story().event("applied", told(20, 9)).event("refunded", told(22, 9))
    assert (story.state.open, story.state.outcome) == (False, "refunded")
    assert story.undo(4).state.open


def test_every_event_that_a_stage_offers_leads_somewhere_known() -> None:
    for stage, events in POSSIBLE.items():
        assert stage in TURN
        assert len(set(events)) == len(events), stage
        for event in events:
            assert LEADS_TO[event] is None or LEADS_TO[event] in TURN


@given(st.data())
def test_any_way_through_the_stages_can_be_walked_back_to_the_start(data: st.DataObject) -> None:
    story = Story()
    for _ in range(data.draw(st.integers(1, 8))):
        events = POSSIBLE[story.state.stage]
        if not events:
            break
        story.event(data.draw(st.sampled_from(events)), told(data.draw(st.integers(1, 21)), 9))
    steps = 0
    while (change := last_change(story.case)) is not None:
        story.undo(change.seq)
        steps += 1
        assert steps < 20
    assert story.state.stage == "preparing"
    assert story.state.open


def test_an_empty_history_is_an_empty_state() -> None:
    assert fold(Case("x", 1, at(1))).problem == ""


def test_a_part_of_the_money_keeps_a_case_open_and_opens_a_closed_one() -> None:
    story = Story(amount=3990).event("agreed_refund", told(20, 9)).event("part_received", refunded_amount=1200)
    assert (story.state.stage, story.state.rest) == ("refund_agreed", 2790)
    closed = Story(amount=3990).event("agreed_refund", told(20, 9)).event("refunded", told(21, 9))
    again = closed.event("part_received", refunded_amount=1200).state
    assert (again.stage, again.open, again.outcome) == ("refund_agreed", True, None)


def test_news_of_the_parcel_moves_the_order_and_is_news_once() -> None:
    story = Story(order="unshipped")
    assert can_happen(story.state, "goods_shipped")
    story.event("goods_shipped", told(20, 9))
    assert (story.state.order, story.state.stage) == ("in_transit", "preparing")
    assert not can_happen(story.state, "goods_shipped")
    assert can_happen(story.state, "goods_received")
    assert story.event("goods_received", told(21, 9)).state.order == "signed"
    assert not can_happen(story.state, "goods_received")


def test_a_promise_outlives_the_application() -> None:
    story = Story().event("applied", told(20, 9)).event("settled", told(20, 10), promise_until=told(25, 9))
    before = story.state.stage_seq
    after = story.event("withdrawn").state
    assert (after.stage, after.stage_seq) == ("remedy_promised", before)


def test_goods_that_the_merchant_signed_for_were_sent() -> None:
    assert (
        Story().event("agreed_return", told(18, 9)).event("return_signed", told(20, 9)).state.stage == "return_shipped"
    )


def test_no_money_is_awaited_by_a_merchant() -> None:
    merchant = Story("merchant", side="merchant").state
    assert [event for event in ("refunded", "refunded_partly", "goods_received") if can_happen(merchant, event)] == []
