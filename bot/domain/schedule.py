"""Deadlines, derived: rules + facts -> what ends when, whose move it is, and where the figure comes from.

Nothing here is stored. A changed fact gives other deadlines, and the plan of reminders follows them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal, Protocol

from bot.domain.calendar import Holidays
from bot.domain.facts import Countdown, State
from bot.domain.machine import OrderState, Stage
from bot.domain.rules import Anchor, Remind, Rule, RuleBook

Source = Literal["app", "promise", "law", "usual", "estimate"]
"""Where an instant comes from: the app's countdown, somebody's word, a statute, what is usual, our guess."""

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
    "report_received": "report_received_at",
    "courier_complained": "courier_complained_at",
    "postal_received": "postal_received_at",
    "court_filed": "court_filed_at",
}

_PAY_TIMER: Mapping[str, str] = {
    "wechat": "timer.refund_wallet",
    "alipay": "timer.refund_wallet",
    "wallet": "timer.refund_wallet",
    "debit": "timer.refund_debit",
    "credit": "timer.refund_credit",
}

_STAGE_CLOCKS: Mapping[Stage, tuple[str, ...]] = {
    "rejected": ("timer.after_reject",),
    "return_agreed": ("timer.return_ship",),
    "remedy_promised": ("timer.remedy",),
    "platform": ("timer.platform_decision_ask", "timer.platform_decision_late"),
    "proof_wanted": ("timer.extra_evidence",),
    "decided_for": ("timer.decision_carried_out",),
    "outside": ("12315.mediation", "12315.accept", "12315.odr", "post.12305", "court.filing"),
}


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


@dataclass(frozen=True, slots=True)
class Deadline:
    """An end that matters now. ``id`` is its rule and the entry that started it, so it survives a corrected date."""

    id: str
    rule: str
    at: datetime
    """UTC."""
    start: datetime
    source: Source
    own: bool
    """True: the person must have acted before it. False: from then on the other side is overdue."""
    main: bool
    """The stage's own clock, as opposed to one that runs beside it."""
    effect: str = ""
    """What silence leads to, in words; empty if the rule does not say."""
    law: str = ""
    remind: tuple[Remind, ...] = ()
    recheck: datetime | None = None
    estimated_years: tuple[int, ...] = ()
    """Years whose list of holidays is missing, if the span counts working days in them."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What runs in a case: the deadlines, the stage's own first, and the versions of the rules they stand on."""

    deadlines: tuple[Deadline, ...] = ()
    used: Mapping[str, str] = field(default_factory=dict)

    @property
    def main(self) -> Deadline | None:
        return next((deadline for deadline in self.deadlines if deadline.main), None)


class Told:
    """The rule book as one case sees it: the versions that it was told, else those in force."""

    def __init__(self, book: RuleBook, told: Mapping[str, str], on: date) -> None:
        self._book, self._told, self._on = book, told, on
        self.used: dict[str, str] = {}

    def rule(self, rule_id: str) -> Rule | None:
        """The rule itself, noted as used."""
        told = self._told.get(rule_id)
        found = (self._book.get(told) if told else None) or self._book.find(rule_id, self._on)
        if found is not None:
            self.used[rule_id] = found.version
        return found

    def clock(self, rule_id: str) -> Rule | None:
        """The rule whose span may be counted: itself, or our estimate in its place (never a single report)."""
        found = self.rule(rule_id)
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
    main = [deadline for rule in _main_clocks(state) if (deadline := _run(state, rules, rule, zone, holidays, True))]
    promised = _promised(state, zone)
    if promised:
        main = [promised]
    if state.countdown:
        main = [_counted(state, state.countdown, main[0] if main else None)]
    found += main
    for clock in problem_clocks:
        if _applies(clock, state) and (deadline := _run(state, rules, clock.rule, zone, holidays, False)):
            found.append(deadline)
    for rule in _side_clocks(state):
        if all(each.rule != rule for each in found) and (each := _run(state, rules, rule, zone, holidays, False)):
            found.append(each)
    if found and not main and state.stage == "preparing":
        # Before anything is under way the nearest clock of the problem is what the card shows.
        nearest = min(range(len(found)), key=lambda index: found[index].at)
        found[nearest] = _as_main(found[nearest])
    found.sort(key=lambda deadline: (not deadline.main, deadline.at))
    return Schedule(tuple(found), dict(rules.used))


def _main_clocks(state: State) -> tuple[str, ...]:
    if state.stage == "waiting_merchant":
        return (_answer_timer(state),)
    if state.stage == "return_shipped":
        return ("timer.merchant_receive",)
    if state.stage == "refund_agreed":
        return (_PAY_TIMER.get(state.text("pay_method"), "timer.refund_debit"),)
    if state.stage == "preparing" and state.order == "unshipped" and "ordered_at" in state.facts:
        return ("timer.ship_promise",)
    return _STAGE_CLOCKS.get(state.stage, ())


def _answer_timer(state: State) -> str:
    kind = state.text("refund_type")
    if state.order == "unshipped":
        return "timer.unshipped_refund_answer"
    if kind in ("exchange", "resend", "repair"):
        return "timer.exchange_answer"
    if kind == "refund_only":
        return "timer.shipped_refund_only_answer"
    return "timer.return_refund_answer"


def _side_clocks(state: State) -> tuple[str, ...]:
    clocks: list[str] = []
    if "shipped_at" in state.facts and "confirmed_at" not in state.facts and state.order != "unshipped":
        clocks.append("timer.auto_confirm")
    if "confirmed_at" in state.facts:
        clocks.append("timer.after_sale_entry")
    if state.asked_service_seq:
        clocks.append("timer.follow_up")
    return tuple(clocks)


def _promised(state: State, zone: tzinfo) -> Deadline | None:
    if state.stage == "remedy_promised" or (state.stage == "preparing" and state.order == "unshipped"):
        fact = "promise_until" if state.stage == "remedy_promised" else "promised_until"
        until = state.moment(fact)
        if until is not None:
            source: Source = "promise" if fact == "promise_until" else "app"
            return Deadline(
                id=f"{fact}#{state.origin.get(fact, state.stage_seq)}",
                rule=fact,
                at=until.latest(zone),
                start=(state.began or until).earliest(),
                source=source,
                own=False,
                main=True,
                remind=_AT_END,
            )
    return None


def _counted(state: State, countdown: Countdown, replaced: Deadline | None) -> Deadline:
    rule = replaced.rule if replaced else "countdown"
    own = replaced.own if replaced else state.stage in ("preparing", "rejected", "return_agreed", "proof_wanted")
    return Deadline(
        id=f"{rule}#{state.stage_seq}",
        rule=rule,
        at=countdown.until,
        start=replaced.start if replaced else countdown.read,
        source="app",
        own=own,
        main=True,
        effect=replaced.effect if replaced else "",
        remind=(replaced.remind if replaced else ()) or (_BEFORE_END if own else _AT_END),
    )


def _run(state: State, rules: Told, rule_id: str, zone: tzinfo, holidays: Holidays, main: bool) -> Deadline | None:
    rule = rules.clock(rule_id)
    if rule is None or rule.span is None or not rule.hard:
        return None
    fact = ANCHOR_FACT.get(rule.starts)
    start = state.moment(fact) if fact else None
    if main and start is None:
        start, fact = state.began, None
    if start is None:
        return None
    own = rule.turn == "buyer"
    begin = start.earliest() if own else start.latest(zone)
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
        remind=rule.remind or (_BEFORE_END if own else _AT_END),
        recheck=recheck,
        estimated_years=end.missing_years if end.estimated else (),
    )


def _source(rule: Rule) -> Source:
    certainty = rule.certainty
    if certainty == "law":
        return "law"
    return "usual" if certainty in ("usual", "reported") else "estimate"


def _as_main(deadline: Deadline) -> Deadline:
    return replace(deadline, main=True)


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
