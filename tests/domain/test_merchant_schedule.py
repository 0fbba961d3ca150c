"""A merchant's own case: the 15 days after which they may ask the platform in, and the proof that they owe it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.history import fold_entries
from bot.domain.model import Entry, Json, Preferences
from bot.domain.moment import Moment
from bot.domain.plan import plan
from bot.domain.schedule import Schedule, Told, derive
from tests.harness import knowledge

CATALOG = knowledge().catalog
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""Sunday, 10:00 in Shanghai."""
FIRST = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)


def history(stage: str, *changes: tuple[str, dict[str, Json]], **facts: Json) -> Iterator[Entry]:
    numbers = count(1)
    opened = {"problem": "merchant", "side": "merchant", "stage": stage, **facts}
    for kind, data in (("opened", opened), ("ready", {}), *changes):
        yield Entry(next(numbers), NOW, kind, data)


def schedule(stage: str, *changes: tuple[str, dict[str, Json]], **facts: Json) -> Schedule:
    state = fold_entries(history(stage, *changes, **facts))
    clocks = CATALOG.problems["merchant"].clocks
    return derive(state, Told(CATALOG.rules, {}, date(2026, 11, 22)), ZONE, CATALOG.holidays, clocks)


def counted(hours: float) -> tuple[str, dict[str, Json]]:
    return "countdown", {"until": (NOW + timedelta(hours=hours)).isoformat(), "read": NOW.isoformat()}


def test_the_fifteen_days_are_the_main_clock_and_open_a_door() -> None:
    found = schedule("waiting_merchant", first_applied_at=Moment(FIRST).to_json())
    assert [(each.rule, each.main, each.own) for each in found.deadlines] == [
        ("pdd.intervene.merchant.15d", True, False)
    ]
    assert found.deadlines[0].at == FIRST + timedelta(days=15)


def test_a_day_without_a_clock_counts_to_its_end_because_more_than_fifteen_days_must_pass() -> None:
    day = Moment(datetime(2026, 11, 17, 16, 0, tzinfo=UTC), "day")
    found = schedule("waiting_merchant", first_applied_at=day.to_json())
    assert found.deadlines[0].at.astimezone(ZONE) == datetime(2026, 12, 4, 0, 0, tzinfo=ZONE)


def test_no_timer_of_a_buyer_runs_for_a_merchant() -> None:
    dated = {name: Moment(NOW).to_json() for name in ("applied_at", "rejected_at", "return_agreed_at", "shipped_at")}
    for stage in ("rejected", "return_agreed", "return_shipped", "refund_agreed", "decided_for"):
        assert schedule(stage, order="signed", confirmed_at=Moment(NOW).to_json(), **dated).deadlines == ()


def test_the_countdown_of_an_open_application_is_the_merchants_own_time_to_answer() -> None:
    found = schedule("waiting_merchant", counted(30), first_applied_at=Moment(FIRST).to_json())
    assert [(each.rule, each.main, each.own) for each in found.deadlines] == [
        ("countdown", True, True),
        ("pdd.intervene.merchant.15d", False, False),
    ]


def test_proof_is_owed_within_48_hours_of_the_notice_not_of_the_intervention() -> None:
    found = schedule(
        "proof_wanted",
        intervened_at=Moment(NOW - timedelta(days=2)).to_json(),
        proof_wanted_at=Moment(NOW - timedelta(hours=4)).to_json(),
    )
    assert [(each.rule, each.main, each.own, each.source) for each in found.deadlines] == [
        ("pdd.intervene.evidence.merchant", True, True, "usual")
    ]
    assert found.deadlines[0].at == NOW + timedelta(hours=44)


def test_the_countdown_for_proof_beats_the_48_hours_and_keeps_what_silence_leads_to() -> None:
    found = schedule("proof_wanted", counted(20), proof_wanted_at=Moment(NOW).to_json())
    main = found.main
    assert main is not None
    assert (main.source, main.own, main.at) == ("app", True, NOW + timedelta(hours=20))
    assert main.effect == "商家不举证，平台一般退款给买家"


def test_a_merchant_is_reminded_before_the_proof_is_due() -> None:
    changes = (counted(40),)
    state = fold_entries(history("proof_wanted", *changes))
    found = schedule("proof_wanted", *changes)
    awake = Preferences(quiet=False)
    planned = plan(state, found.deadlines, awake, ZONE, NOW)
    assert [(each.kind, each.due - NOW) for each in planned] == [
        ("own", timedelta(hours=16)),
        ("own", timedelta(hours=35)),
        ("own", timedelta(hours=39)),
        ("passed", timedelta(hours=40, minutes=30)),
    ]


def test_what_a_merchant_promised_is_their_own_to_keep() -> None:
    until = Moment(NOW + timedelta(days=2))
    main = schedule("remedy_promised", promise_until=until.to_json()).main
    assert main is not None
    assert (main.own, main.at) == (True, NOW + timedelta(days=2))


def test_a_buyers_case_is_as_before() -> None:
    state = fold_entries(
        [
            Entry(1, NOW, "opened", {"problem": "quality", "stage": "preparing", "order": "signed"}),
            Entry(2, NOW, "event", {"event": "applied", "when": Moment(NOW).to_json()}),
        ]
    )
    told = Told(CATALOG.rules, {}, date(2026, 11, 22))
    main = derive(state, told, ZONE, CATALOG.holidays, CATALOG.problems["quality"].clocks).main
    assert main is not None
    assert (main.rule, main.own, main.at) == ("timer.return_refund_answer", False, NOW + timedelta(hours=48))
