"""When each rung of 后续流程 was taken, is open, opens or closes for this case. Pure, from facts and rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.conversation.turn import Turn
from bot.domain.authorities import BODIES, clock_of, open_next, result, shut_out_by
from bot.domain.calendar import add_calendar_days, midnight
from bot.domain.facts import State
from bot.domain.machine import Stage
from bot.domain.model import Case
from bot.domain.moment import Moment
from bot.domain.rules import Rule
from bot.domain.schedule import Deadline, Source

Status = Literal["done", "now", "opens", "any", "waits", "excluded"]
"""Taken, the thing to do now, from a date on, at any time, after something that may yet happen, not beside another."""

_TAKEN: Mapping[str, tuple[str, ...]] = {
    "merchant": ("contacted_at", "remedy_promised_at", "urged_at"),
    "apply": ("applied_at", "first_applied_at"),
    "return": ("return_shipped_at",),
    "intervene": ("intervened_at",),
    "service": ("service_at",),
    **{body.id: (body.handed,) for body in BODIES.values()},
}
_NOW: Mapping[Stage, tuple[str, ...]] = {
    "preparing": ("apply",),
    "rejected": ("intervene",),
    "return_agreed": ("return",),
    "refund_agreed": ("bank",),
    "decided_for": ("bank",),
    "decided_against": ("12315", "service"),
    "decided_partly": ("12315",),
    "not_accepted": ("intervene", "service"),
}
_PAST_APPLYING: frozenset[Stage] = frozenset(
    {"waiting_merchant", "rejected", "return_agreed", "return_shipped", "refund_agreed", "platform", "proof_wanted",
     "decided_for", "decided_partly", "decided_against", "not_accepted"}
)  # fmt: skip
_PLATFORM_HAS_IT: frozenset[Stage] = frozenset(
    {"platform", "proof_wanted", "decided_for", "decided_partly", "decided_against", "not_accepted"}
)
_AFTER_APPLYING = (
    "rejected_at", "intervened_at", "decided_at", "return_agreed_at", "return_shipped_at", "refund_agreed_at",
)  # fmt: skip
"""Dates that only an application can have led to, also once the case has gone outside."""
_ANY_TIME = frozenset({"merchant", "service", "courier", "12315", "association"})
_KNOWN_FROM = ("signed_at", "ordered_at", "charged_at", "first_applied_at")


@dataclass(frozen=True, slots=True)
class RungDate:
    """One rung's place in time. ``at`` belongs to the status (done: when, opens: from when)."""

    rung: str
    status: Status
    when: Moment | None = None
    """When it was taken, as precisely as it was told."""
    at: datetime | None = None
    """From when it opens."""
    before: datetime | None = None
    """Until when it must be taken, or until when the body that has it should answer."""
    source: Source = "estimate"
    law: str = ""
    limit: datetime | None = None
    """After this the law is against it (limitation)."""
    other: str = ""
    """The rung that excludes it."""
    estimated_years: tuple[int, ...] = ()


def rung_dates(turn: Turn, case: Case) -> tuple[RungDate, ...]:
    """All rungs of the case's ladder in their order."""
    return tuple(rung_date(turn, case, rung) for rung in turn.problem(case).ladder if rung in turn.catalog.rungs)


def rung_date(turn: Turn, case: Case, rung: str) -> RungDate:
    """Where one rung stands now."""
    state = turn.state(case)
    limit = _limit(turn, case, state, rung)
    taken = next((told for fact in _TAKEN.get(rung, ()) if (told := state.moment(fact))), None)
    if taken is not None or _was_taken(state, rung):
        if rung in _NOW.get(state.stage, ()) and rung == "intervene":
            return _now(turn, case, rung, limit)
        return _done(turn, case, state, rung, taken, limit)
    if other := shut_out_by(state, rung):
        return RungDate(rung, "excluded", other=other, limit=limit)
    if rung in _NOW.get(state.stage, ()) or rung in open_next(state):
        return _now(turn, case, rung, limit)
    return _later(turn, case, state, rung, limit)


def _was_taken(state: State, rung: str) -> bool:
    """Taken without a date: the stage itself says so."""
    if rung == "apply":
        return state.stage in _PAST_APPLYING or any(fact in state.facts for fact in _AFTER_APPLYING)
    if rung == "intervene":
        return state.stage in _PLATFORM_HAS_IT or "decided_at" in state.facts
    if rung == "return":
        return state.stage == "return_shipped" or "return_signed_at" in state.facts
    if rung in BODIES:
        return bool(result(state, BODIES[rung]))
    return rung == "service" and bool(state.asked_service_seq)


def _done(turn: Turn, case: Case, state: State, rung: str, taken: Moment | None, limit: datetime | None) -> RungDate:
    found = RungDate(rung, "done", taken, limit=limit)
    running = clock_of(state, BODIES[rung])[0] if rung in BODIES else ""
    deadline = next((each for each in turn.schedule(case).deadlines if each.rule == running), None)
    return _with(found, before=deadline) if deadline is not None else found


def _now(turn: Turn, case: Case, rung: str, limit: datetime | None) -> RungDate:
    main = turn.schedule(case).main
    if main is not None and main.own:
        return _with(RungDate(rung, "now", limit=limit), before=main)
    if rung == "bank" and main is not None and main.at > turn.now:
        return _with(RungDate(rung, "opens", limit=limit), opens=main)
    return RungDate(rung, "now", limit=limit)


def _later(turn: Turn, case: Case, state: State, rung: str, limit: datetime | None) -> RungDate:
    main = turn.schedule(case).main
    theirs = main if main is not None and not main.own else None
    if rung == "intervene" and theirs is not None and state.stage in ("waiting_merchant", "return_shipped"):
        if theirs.at <= turn.now:
            return RungDate(rung, "now", limit=limit)
        return _with(RungDate(rung, "opens", limit=limit), opens=theirs)
    if rung in ("12315", "association") and state.stage in ("platform", "proof_wanted"):
        running = turn.schedule(case).deadlines
        late = next((each for each in running if each.rule == "timer.platform_decision_late"), None)
        if late is not None and late.at > turn.now:
            return _with(RungDate(rung, "opens", limit=limit), opens=late)
    if rung == "12305":
        return _after(turn, case, rung, "post.12305.courier", limit, "waits")
    if rung == "12315":
        return _after(turn, case, rung, "12315.odr", limit, "any")
    return RungDate(rung, "any" if rung in _ANY_TIME else "waits", limit=limit)


def _after(turn: Turn, case: Case, rung: str, rule: str, limit: datetime | None, without: Status) -> RungDate:
    """It opens when somebody else's time is over: the courier's, or that of a firm of the green channel."""
    theirs = next((each for each in turn.schedule(case).deadlines if each.rule == rule), None)
    if theirs is None:
        return RungDate(rung, without, limit=limit)
    if theirs.at <= turn.now:
        return RungDate(rung, "now", limit=limit)
    return _with(RungDate(rung, "opens", limit=limit), opens=theirs)


def _with(found: RungDate, opens: Deadline | None = None, before: Deadline | None = None) -> RungDate:
    deadline = opens or before
    if deadline is None:
        return found
    return RungDate(
        found.rung, found.status, found.when, opens.at if opens else None, before.at if before else None,
        deadline.source, deadline.law, found.limit, found.other, deadline.estimated_years,
    )  # fmt: skip


def _limit(turn: Turn, case: Case, state: State, rung: str) -> datetime | None:
    """The end of the last day of the limitation period, counted from the earliest day that is known.

    The day itself is not counted and the last day ends at 24:00 (Civil Code 201, 203). A later start (when the harm
    was noticed, a demand that restarts it) would only give more time.
    """
    entry = turn.catalog.rungs.get(rung)
    rule = turn.rules(case).rule(entry.limit) if entry is not None and entry.limit else None
    years = rule.amounts.get("years") if rule is not None else None
    counted = ("signed_at",) if rule is not None and rule.starts == "signed" else _KNOWN_FROM
    known = next((told for fact in counted if (told := state.moment(fact))), None)
    if years is None or known is None or not _limits(turn, case, rule):
        return None
    last = _years_on(known.earliest().astimezone(turn.zone).date(), years)
    return midnight(add_calendar_days(last, 1), turn.zone)


def _limits(turn: Turn, case: Case, rule: Rule | None) -> bool:
    """How long a defect may be told holds only for the problems that name the rule: rotten fruit cannot wait for it."""
    return rule is None or rule.starts != "signed" or rule.id in turn.problem(case).rules


def _years_on(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        # Earliest plausible: a period that would end on a day that does not exist ends the day before.
        return day.replace(year=day.year + years, day=28)
    return day.replace(year=day.year + years)


def merchant_may_ask(turn: Turn, case: Case) -> bool:
    """Over 15 days since the first application, and still waiting for the merchant (``pdd.intervene.merchant.15d``)."""
    state, rule = turn.state(case), turn.rules(case).clock("pdd.intervene.merchant.15d")
    first = state.moment("first_applied_at")
    if state.stage != "waiting_merchant" or first is None or rule is None or rule.span is None:
        return False
    return turn.now > rule.span.end(first.latest(turn.zone), turn.zone, turn.catalog.holidays).at
