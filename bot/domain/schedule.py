"""Deadlines, derived: rules + facts -> what ends when, whose move it is, and where the figure comes from.

Nothing here is stored. A changed fact gives other deadlines, and the plan of reminders follows them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal, Protocol, cast

from bot.domain import ledger
from bot.domain.authorities import PROOF_UNTIL
from bot.domain.calendar import Holidays
from bot.domain.clocks import OPENS_MERCHANT, RECHECK, counted_own, main_clocks, merchants, side_clocks
from bot.domain.deadline import Deadline as Deadline
from bot.domain.deadline import Schedule as Schedule
from bot.domain.deadline import Source as Source
from bot.domain.facts import CHECKED, COUNTED, STAGE_DATE, Countdown, State
from bot.domain.machine import OrderState, Stage
from bot.domain.rules import Anchor, Remind, Rule, RuleBook, Unit

ANCHOR_FACT: Mapping[Anchor, str] = {
    "ordered": "ordered_at",
    "promised": "promised_until",
    "shipped": "shipped_at",
    "tracking_uploaded": "shipped_at",
    "signed": "signed_at",
    "applied": "applied_at",
    "first_applied": "first_applied_at",
    "rejected": "rejected_at",
    "return_agreed": "return_agreed_at",
    "return_shipped": "return_shipped_at",
    "return_signed": "return_signed_at",
    "refund_agreed": "refund_agreed_at",
    "remedy_promised": "remedy_promised_at",
    "intervened": "intervened_at",
    "proof_wanted": "proof_wanted_at",
    "decided": "decided_at",
    "confirmed": "confirmed_at",
    "paid": "ordered_at",
    "handed": "service_at",
    "complaint_received": "complaint_received_at",
    "complaint_accepted": "complaint_accepted_at",
    "green_received": "green_received_at",
    "association_accepted": "association_accepted_at",
    "report_received": "report_received_at",
    "courier_complained": "courier_complained_at",
    "postal_received": "postal_received_at",
    "court_filed": "court_filed_at",
    "court_accepted": "court_accepted_at",
    "checked": CHECKED,
}

SECOND_LOOK = timedelta(hours=24)
"""When the other side's overdue end is looked at again, where its rule does not say (our choice)."""
MOST_CHECKS = 3
"""So often something overdue is looked at again, where the rule does not say."""
_CLOCK_TIME: frozenset[Unit] = frozenset({"minutes", "hours", "days", "working_days"})
"""Units whose end depends on the clock time of the start, not only on its day."""

_PROMISE_HOURS: Mapping[str, int] = {"h24": 24, "h48": 48}
"""What the order page promised, as the person picked it."""


class ClockRef(Protocol):
    """A clock that a problem names (``catalog.problems.Clock``)."""

    @property
    def rule(self) -> str: ...
    @property
    def stages(self) -> tuple[Stage, ...]: ...
    @property
    def orders(self) -> tuple[OrderState, ...]: ...
    @property
    def goods(self) -> tuple[str, ...]: ...


class Told:
    """The rule book as one case sees it: the versions that it was told, else those in force."""

    def __init__(self, book: RuleBook, told: Mapping[str, str], on: date) -> None:
        self._book, self._told, self._on = book, told, on
        self.used: dict[str, str] = {}

    def rule(self, rule_id: str, on: date | None = None) -> Rule | None:
        """The rule itself, noted as used. ``on``: as in force on that day instead of today."""
        told = self._told.get(rule_id)
        found = (self._book.get(told) if told else None) or self._book.find(rule_id, on or self._on)
        if found is not None:
            self.used[rule_id] = found.version
        return found

    def clock(self, rule_id: str, on: date | None = None) -> Rule | None:
        """The rule whose span may be counted: itself, or our estimate in its place (never a single report)."""
        found = self.rule(rule_id, on)
        if found is None or (found.hard and found.span):
            return found
        return self.rule(found.timer) if found.timer else None


def derive(
    state: State, rules: Told, zone: tzinfo, holidays: Holidays, problem_clocks: Iterable[ClockRef] = ()
) -> Schedule:
    """All deadlines of a case in its present state. For the person's own ends the earliest reading of an imprecise
    date counts, for the other side's the latest."""
    if not state.open:
        return Schedule()
    found: list[Deadline] = []
    main = [deadline for rule in main_clocks(state) if (deadline := _run(state, rules, rule, zone, holidays, True))]
    promised = _promised(state, zone)
    if promised:
        main = [promised]
    if state.countdown:
        if merchants(state) and state.stage == "waiting_merchant":
            # It counts the time to answer the buyer; when the platform may be called in is another clock.
            found += [replace(deadline, main=False) for deadline in main]
            main = [_counted(state, state.countdown, None, None)]
        else:
            known = next((rules.clock(each) for each in main_clocks(state)), None)
            main = [_counted(state, state.countdown, main[0] if main else None, known)]
    found += main
    for clock in problem_clocks:
        deadline = _run(state, rules, clock.rule, zone, holidays, False) if _applies(clock, state) else None
        if deadline and all(each.id != deadline.id for each in found):
            found.append(deadline)
    for rule in side_clocks(state):
        if all(each.rule != rule for each in found) and (each := _run(state, rules, rule, zone, holidays, False)):
            found.append(each)
    if found and not main and state.stage == "preparing":
        # Before anything is under way the nearest clock of the problem is what the card shows.
        nearest = min(range(len(found)), key=lambda index: found[index].at)
        found[nearest] = replace(found[nearest], main=True)
    found += _wanted_proof(state, rules, zone)
    found += ledger.deadlines(state.ledger, zone, remedy_stage=state.stage == "remedy_promised")
    found += _recheck(state, rules, zone, holidays, found)
    found.sort(key=lambda deadline: (not deadline.main, deadline.at))
    return Schedule(tuple(found), dict(rules.used))


def _recheck(
    state: State, rules: Told, zone: tzinfo, holidays: Holidays, found: Iterable[Deadline]
) -> tuple[Deadline, ...]:
    """Somebody looked after the end, and it was not done: a few more looks, after those that come anyway."""
    main = [each for each in found if each.main]
    overdue = [check for check in state.checks if all(each.at <= check for each in main)]
    rule = rules.clock(RECHECK)
    deadline = _run(state, rules, RECHECK, zone, holidays, False) if overdue else None
    if deadline is None or rule is None:
        return ()
    looked = max((_looked_at(each) for each in main), default=overdue[-1])
    answered = sum(check >= looked for check in overdue)
    left = rule.amounts.get("most", MOST_CHECKS) + 1 - max(answered, 1)
    if left < 1:
        return ()
    first = max(deadline.at, looked + SECOND_LOOK)
    looks = tuple(Remind("end", SECOND_LOOK * index) for index in range(left))
    return (replace(deadline, at=first, remind=looks),)


def _looked_at(deadline: Deadline) -> datetime:
    """When a reminder last comes by itself about this end."""
    return deadline.at if deadline.own else max(deadline.at, deadline.recheck or deadline.at + SECOND_LOOK)


def _promised(state: State, zone: tzinfo) -> Deadline | None:
    """The end that somebody named: what the order page says of the dispatch, or what was agreed upon."""
    if state.stage == "remedy_promised":
        fact, source, until = "promise_until", "promise", state.moment("promise_until")
        at = until.latest(zone) if until else None
    elif state.stage == "preparing" and state.order == "unshipped":
        fact, source, at = "promised_until", "app", _dispatch(state, zone)
    else:
        return None
    if at is None:
        return None
    # What a merchant promised is the merchant's own to keep.
    own = fact == "promise_until" and merchants(state)
    return Deadline(
        id=f"{fact}#{state.origin.get(fact, state.stage_seq)}",
        rule=fact,
        at=at,
        start=state.began.earliest() if state.began else at,
        source=cast(Source, source),
        own=own,
        main=True,
        remind=_BEFORE_END if own else _AT_END,
    )


def _wanted_proof(state: State, rules: Told, zone: tzinfo) -> tuple[Deadline, ...]:
    """12315 wants proof until the day in its notice, or it refuses the complaint (rule ``12315.identity``)."""
    until = state.moment(PROOF_UNTIL)
    rule = rules.rule("12315.identity") if until else None
    if until is None or rule is None:
        return ()
    known = state.known.get(PROOF_UNTIL)
    end = until.latest(zone)
    found = Deadline(
        id=f"{PROOF_UNTIL}#{state.origin.get(PROOF_UNTIL, 0)}",
        rule=PROOF_UNTIL,
        at=end,
        start=known or end,
        source="promise",
        own=True,
        main=False,
        effect=rule.effect or "",
        remind=_BEFORE_END,
        fact=PROOF_UNTIL,
        known=known,
    )
    return (found,)


def _dispatch(state: State, zone: tzinfo) -> datetime | None:
    until = state.moment("promised_until")
    if until is not None:
        return until.latest(zone)
    ordered, hours = state.moment("ordered_at"), _PROMISE_HOURS.get(state.text("dispatch_promise"))
    return ordered.latest(zone) + timedelta(hours=hours) if ordered and hours else None


def _counted(state: State, countdown: Countdown, replaced: Deadline | None, known: Rule | None) -> Deadline:
    # Without a date our clock cannot run, but what silence leads to holds all the same.
    rule = replaced.rule if replaced else known.id if known else "countdown"
    own = replaced.own if replaced else counted_own(state)
    return Deadline(
        id=f"{rule}#{state.stage_seq}",
        rule=rule,
        at=countdown.until,
        start=replaced.start if replaced else countdown.read,
        source="app",
        own=own,
        main=True,
        effect=replaced.effect if replaced else (known.effect or "") if known else "",
        known=state.known.get(COUNTED),
        remind=(replaced.remind if replaced else ()) or (_BEFORE_END if own else _AT_END),
    )


def _run(state: State, rules: Told, rule_id: str, zone: tzinfo, holidays: Holidays, main: bool) -> Deadline | None:
    rule = rules.clock(rule_id, _accepted_on(state, zone) if rule_id == "12315.mediation" else None)
    if rule is None or rule.span is None or not rule.hard:
        return None
    fact = ANCHOR_FACT.get(rule.starts)
    if main and state.stage == "proof_wanted":
        # The platform's notice starts it, not the day on which somebody asked the platform in.
        fact = "proof_wanted_at"
    start = state.moment(fact) if fact else None
    if main and start is None:
        start, fact = state.began, None
    if start is None:
        return None
    own = rule.id != OPENS_MERCHANT and rule.turn == (state.text("side") or "buyer")
    # What counts whole days begins on the day itself: its latest reading would be the midnight of the next one.
    begin = start.earliest() if own or rule.span.unit not in _CLOCK_TIME else start.latest(zone)
    counted = fact or STAGE_DATE.get(state.stage, "")
    known, latest = state.known.get(counted), None
    if own and start.precision != "minute" and rule.span.unit in _CLOCK_TIME:
        # What was told of had happened by then, however long its day still lasted.
        last = min(start.latest(zone), known) if known else start.latest(zone)
        latest = rule.span.end(max(last, begin), zone, holidays).at.astimezone(UTC)
    end = rule.span.end(begin, zone, holidays)
    recheck = rule.recheck.end(begin, zone, holidays).at.astimezone(UTC) if rule.recheck else None
    seq = state.origin.get(fact, state.stage_seq) if fact else state.stage_seq
    return Deadline(
        id=f"{rule.id}#{seq}",
        rule=rule.id,
        at=end.at.astimezone(UTC),
        start=begin,
        source=_source(rule),
        own=own,
        main=main,
        effect=rule.effect or "",
        law=rule.law or "",
        remind=_BEFORE_END if own and merchants(state) else rule.remind or (_BEFORE_END if own else _AT_END),
        recheck=recheck,
        estimated_years=end.missing_years if end.estimated else (),
        latest=latest,
        fact=counted,
        known=known,
    )


def _accepted_on(state: State, zone: tzinfo) -> date | None:
    # A complaint goes by the law of the day on which it was accepted (45 working days before 15 April 2026).
    accepted = state.moment("complaint_accepted_at")
    return accepted.at.astimezone(zone).date() if accepted else None


def _source(rule: Rule) -> Source:
    certainty = rule.certainty
    if certainty == "law":
        return "law"
    return "usual" if certainty in ("usual", "reported") else "estimate"


def _applies(clock: ClockRef, state: State) -> bool:
    goods = state.text("goods")
    return (
        (not clock.stages or state.stage in clock.stages)
        and (not clock.orders or state.order is None or state.order in clock.orders)
        and (not clock.goods or not goods or goods in clock.goods)
        and not clock.rule.startswith("pdd.ship.promise.")
    )


def _remind(anchor: Literal["start", "end"], hours: float) -> Remind:
    return Remind(anchor, timedelta(hours=hours))


_AT_END = (_remind("end", 0),)
_BEFORE_END = (_remind("end", -24), _remind("end", -5), _remind("end", -1))
