"""Whose turn it is, with made-up time."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.pacing import AT_ONCE, SLACK, Pacer, Priority, Ticket

REPLY, REMINDER = Priority.REPLY, Priority.REMINDER


def chats(tickets: list[Ticket]) -> list[int]:
    return [ticket.chat for ticket in tickets]


def test_the_whole_bot_sends_no_more_than_its_rate_in_any_second() -> None:
    pacer = Pacer(rate=30, rate_chat=1)
    for chat in range(1, 101):
        pacer.submit(chat, REPLY)
    assert chats(pacer.release(0.0)) == list(range(1, 31))
    assert pacer.release(1.0) == []
    assert pacer.next_time(1.0) == SLACK
    assert chats(pacer.release(SLACK)) == [31]
    left = released(pacer, SLACK, 4 * SLACK)
    assert sum(left.values()) == 69
    assert max(left) < 100 / 30 * SLACK


def test_answers_that_are_held_up_on_their_way_do_not_arrive_with_twice_as_many() -> None:
    pacer = Pacer(rate=30, rate_chat=1)
    for chat in range(1, 201):
        pacer.submit(chat, REPLY)
    left = released(pacer, 0.0, 10.0)
    assert sum(left.values()) == 200
    held_up = 0.2
    arrived = [max(at, held_up) for at, many in left.items() for _ in range(many)]
    assert max(sum(at <= other < at + 1 for other in arrived) for at in arrived) <= 30 * (1 + held_up)


def test_after_a_rest_a_whole_seconds_answers_may_leave_together_again() -> None:
    pacer = Pacer(rate=30, rate_chat=1)
    for now in (0.0, 2.5):
        for chat in range(1, 31):
            pacer.submit(chat, REPLY)
        assert len(pacer.release(now)) == 30


def test_a_chat_may_send_a_burst_and_then_one_a_second() -> None:
    pacer = Pacer(rate=30, rate_chat=1, burst=3)
    for _ in range(5):
        pacer.submit(42, REPLY)
    assert len(pacer.release(0.0)) == 3
    assert pacer.next_time(0.0) == 1.0
    assert len(pacer.release(1.0)) == 1
    assert len(pacer.release(2.0)) == 1
    assert pacer.next_time(2.0) is None


def test_a_chat_that_waits_does_not_hold_up_another() -> None:
    pacer = Pacer(rate=30, rate_chat=1, burst=1)
    pacer.submit(1, REPLY)
    pacer.submit(1, REPLY)
    pacer.submit(2, REPLY)
    assert chats(pacer.release(0.0)) == [1, 2]


def test_replies_go_before_reminders_that_came_earlier() -> None:
    pacer = Pacer(rate=2, rate_chat=1)
    for chat in (1, 2, 3, 4):
        pacer.submit(chat, REMINDER)
    assert chats(pacer.release(0.0)) == [1, 2]
    pacer.submit(5, REPLY)
    assert chats(pacer.release(SLACK)) == [5]
    assert chats(pacer.release(1.5 * SLACK)) == [3]
    assert chats(pacer.release(2 * SLACK)) == [4]


def released(pacer: Pacer, now: float, until: float) -> dict[float, int]:
    """Instant -> how many left then, if somebody looks whenever there is something to do."""
    out = {}
    while now <= until:
        out[now] = len(pacer.release(now))
        following = pacer.next_time(now)
        if following is None:
            break
        now = following
    return out


def test_many_reminders_are_spread_so_that_an_answer_never_waits_for_a_second_to_pass() -> None:
    pacer = Pacer(rate=30, rate_chat=1)
    for chat in range(1, 101):
        pacer.submit(chat, REMINDER)
    left = released(pacer, 0.0, 2.5)
    assert left.pop(0.0) == AT_ONCE
    assert set(left.values()) == {1}
    last = max(left)
    pacer.submit(500, REPLY)
    following = pacer.next_time(last)
    assert following is not None
    assert following - last < 3 / 30
    assert chats(pacer.release(following)) == [500]


def test_spread_reminders_take_hardly_longer_than_the_rate() -> None:
    pacer = Pacer(rate=30, rate_chat=1)
    for chat in range(1, 3001):
        pacer.submit(chat, REMINDER)
    left = released(pacer, 0.0, 200.0)
    assert sum(left.values()) == 3000
    assert max(left) <= 3000 / 30 * 1.1


def test_an_answer_goes_out_at_once_while_a_backlog_of_reminders_leaves() -> None:
    pacer = Pacer(rate=30, rate_chat=1)
    for chat in range(1, 1001):
        pacer.submit(chat, REMINDER)
    released(pacer, 0.0, 2.0)
    for number in range(50):
        now = 2.1 + number * 0.13
        released(pacer, now - 0.13, now)
        pacer.submit(2000 + number, REPLY)
        assert 2000 + number in chats(pacer.release(now))


def test_a_few_reminders_leave_together_whenever_nobody_has_waited() -> None:
    pacer = Pacer(rate=30, rate_chat=1)
    for now in (0.0, 10.0):
        for chat in range(1, 20):
            pacer.submit(chat, REMINDER)
        assert len(pacer.release(now)) == AT_ONCE
        released(pacer, now, now + 5)


def test_edits_take_nothing_from_the_bots_rate_and_half_from_their_chats() -> None:
    pacer = Pacer(rate=1, rate_chat=1, burst=1)
    pacer.submit(1, REMINDER)
    assert len(pacer.release(0.0)) == 1
    for _ in range(3):
        pacer.submit(2, REPLY, edit=True)
    assert len(pacer.release(0.0)) == 2
    assert pacer.next_time(0.0) == 0.5


def test_a_429_holds_its_chat_only() -> None:
    pacer = Pacer(rate=30, rate_chat=1)
    pacer.hold(1, 7.0, now=0.0)
    pacer.submit(1, REPLY)
    pacer.submit(2, REPLY)
    assert chats(pacer.release(0.0)) == [2]
    assert (pacer.held(1, 2.0), pacer.held(2, 2.0), pacer.next_time(2.0)) == (5.0, 0.0, 7.0)
    assert chats(pacer.release(7.0)) == [1]


def test_429s_of_three_chats_within_five_seconds_hold_the_bot() -> None:
    pacer = Pacer(rate=30, rate_chat=1)
    for now in (0.0, 1.0, 2.0):
        pacer.hold(1, 3.0, now)
    assert pacer.held(9, 2.0) == 0.0
    pacer.hold(2, 3.0, 2.0)
    pacer.hold(3, 3.0, 9.0)
    assert pacer.held(9, 9.0) == 0.0
    pacer.hold(4, 3.0, 10.0)
    pacer.hold(5, 4.0, 11.0)
    pacer.submit(9, REPLY)
    pacer.submit(9, REPLY, edit=True)
    assert pacer.release(11.0) == []
    assert pacer.held(9, 11.0) == 4.0
    assert chats(pacer.release(15.0)) == [9, 9]


def test_what_was_given_up_takes_no_turn() -> None:
    pacer = Pacer(rate=1, rate_chat=1)
    first = pacer.submit(1, REPLY)
    pacer.submit(2, REPLY)
    first.abandoned = True
    assert chats(pacer.release(0.0)) == [2]


def test_memory_stays_flat() -> None:
    pacer = Pacer(rate=1000, rate_chat=1, burst=1)
    most = 0
    for second in range(100):
        for number in range(50):
            pacer.submit(second * 50 + number, REPLY)
        pacer.hold(second * 50, 3600.0, float(second))
        pacer.release(float(second))
        most = max(most, pacer.lanes)
    assert most <= 300  # 100 held ones and those of the last seconds, of 5000


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(Priority), st.booleans(), st.floats(0, 2)), max_size=60))
def test_everybody_gets_a_turn_and_no_second_has_too_many(
    plan: list[tuple[int, Priority, bool, float]],
) -> None:
    pacer = Pacer(rate=5, rate_chat=2, burst=2)
    now = 0.0
    out: list[tuple[float, Ticket]] = []
    for chat, priority, edit, pause in plan:
        now += pause
        pacer.submit(chat, priority, edit=edit)
        out += [(now, ticket) for ticket in pacer.release(now)]
    while (when := pacer.next_time(now)) is not None:
        now = max(now, when)
        out += [(now, ticket) for ticket in pacer.release(now)]
    assert sorted(ticket.number for _, ticket in out) == list(range(len(plan)))
    messages = [at for at, ticket in out if not ticket.edit]
    assert all(later - earlier >= 1.0 for earlier, later in zip(messages, messages[5:], strict=False))
    for chat in range(1, 5):
        own = [
            ticket.number for _, ticket in out if (ticket.chat, ticket.priority, ticket.edit) == (chat, REPLY, False)
        ]
        assert own == sorted(own)
