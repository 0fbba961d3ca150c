"""What is true of a case now: the fold of its history.

Nothing is ever overwritten. An ``undo`` entry names the change that it takes back, and the fold passes over that one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from bot.domain.dates import EVENT_DATE as EVENT_DATE
from bot.domain.dates import STAGE_DATE as STAGE_DATE
from bot.domain.ledger import KINDS as LEDGER_KINDS
from bot.domain.ledger import Ledger
from bot.domain.ledger import told as told_ledger
from bot.domain.machine import (
    CHECKS,
    CLOSES,
    LEADS_FROM,
    LEADS_TO,
    ORDER_AFTER,
    POSSIBLE,
    Event,
    OrderState,
    Outcome,
    Stage,
)
from bot.domain.model import Case, Entry, Json
from bot.domain.moment import Moment
from bot.domain.proof import Proof as Proof
from bot.domain.proof import next_proof_number as next_proof_number
from bot.domain.proof import told

CHECKED = "checked_at"
"""The fact that dates the last look at something that was not done yet (``machine.CHECKS``)."""
ENDED = "ended"
"""The fact that says how it ended, told after a closing that left that open (an ``Outcome``)."""
COUNTED = "countdown"
"""Under which ``State.known`` keeps when the app's countdown was told."""

SILENT_KINDS = frozenset({"undo", "ready", "handed", "looked", "reminded", "kept", "calendar"})
"""Kinds of entries that 改回上一步 passes over: they are notes of ours, no change that a person made."""


@dataclass(frozen=True, slots=True)
class Countdown:
    """What the person read from the app: it beats every figure of ours while its stage lasts."""

    until: datetime
    read: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class State:
    """A case, folded."""

    problem: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)
    origin: Mapping[str, int] = field(default_factory=dict)
    """Fact -> the entry that first set it (a correction keeps the origin, a new event renews it)."""
    known: Mapping[str, datetime] = field(default_factory=dict)
    """Fact -> when its present value was told; what had passed by then is no news."""
    stage: Stage = "preparing"
    stage_seq: int = 0
    """The entry that began the stage."""
    before: Stage = "preparing"
    """The stage that the closing ended; money that came only in part opens it again."""
    checks: tuple[datetime, ...] = ()
    """When somebody looked in this stage and it was not done yet."""
    countdown: Countdown | None = None
    proofs: tuple[Proof, ...] = ()
    ready: bool = False
    """True once every question before the first card is answered."""
    muted: bool = False
    outcome: Outcome | None = None
    last_event: Event | None = None
    last_change: datetime | None = None
    asked_service_seq: int = 0
    """The entry that says the words were sent to human service and no answer is known; 0 = none."""
    last_photo_seq: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    """Answers and promises."""
    calendar: Mapping[str, Json] = field(default_factory=dict)
    """Deadline id -> instant (ISO), as they stood in the last file for the phone's calendar."""

    def moment(self, fact: str) -> Moment | None:
        """A dated fact, or None."""
        value = self.facts.get(fact)
        return Moment.from_json(value) if isinstance(value, dict) else None

    def text(self, fact: str) -> str:
        """A text fact, or an empty string."""
        value = self.facts.get(fact)
        return value if isinstance(value, str) else ""

    @property
    def order(self) -> OrderState | None:
        value = self.facts.get("order")
        return cast(OrderState, value) if value in ("unshipped", "in_transit", "signed") else None

    @property
    def open(self) -> bool:
        return self.stage != "closed"

    @property
    def rest(self) -> int | None:
        """What has not arrived yet of the price, in fen, once a part has; None if there is nothing to say."""
        paid, arrived = self.facts.get("amount"), self.facts.get("refunded_amount")
        return paid - arrived if isinstance(paid, int) and isinstance(arrived, int) and arrived < paid else None

    @property
    def began(self) -> Moment | None:
        """From when the present stage's clock runs."""
        fact = STAGE_DATE.get(self.stage)
        return self.moment(fact) if fact else None


_BUYERS_ONLY: frozenset[Event] = frozenset(
    {"refunded", "part_received", "refunded_partly", "goods_shipped", "goods_received"}
)


def can_happen(state: State, event: Event) -> bool:
    """Whether it can be reported now: in this stage, of this parcel, by this side."""
    if state.text("side") == "merchant" and event in _BUYERS_ONLY:
        return False
    if event == "goods_shipped" and state.order != "unshipped":
        return False
    if event == "goods_received" and state.order not in ("unshipped", "in_transit"):
        return False
    return event in POSSIBLE[state.stage]


def undone(entries: Iterable[Entry]) -> frozenset[int]:
    """The entries that were taken back."""
    return frozenset(int(entry.data["target"]) for entry in entries if entry.kind == "undo")


def last_change(case: Case) -> Entry | None:
    """What 改回上一步 would take back; None if only the opening is left. A piece of evidence that was deleted for good
    does not come back."""
    gone = undone(case.entries)
    deleted = {entry.data["number"] for entry in case.entries if entry.kind == "unproof" and entry.data.get("gone")}
    for entry in reversed(case.entries):
        if entry.kind in SILENT_KINDS or entry.kind == "opened" or entry.seq in gone:
            continue
        if entry.kind not in ("proof", "unproof") or entry.data["number"] not in deleted:
            return entry
    return None


def fold(case: Case) -> State:
    """The present state of a case."""
    return fold_entries(case.entries)


def fold_entries(entries: Iterable[Entry]) -> State:
    """The state after these entries, in their order."""
    entries = tuple(entries)
    gone = undone(entries)
    state = State()
    for entry in entries:
        if entry.seq not in gone:
            step = _STEPS.get(entry.kind)
            if step is not None:
                state = step(state, entry)
            if (ledger := told_ledger(state.ledger, entry)) is not state.ledger:
                state = replace(state, ledger=ledger)
            if entry.kind not in SILENT_KINDS:
                state = replace(state, last_change=entry.at)
    return state


def _with_facts(state: State, entry: Entry, values: Mapping[str, Json], renew: bool = False) -> State:
    facts, origin, known = dict(state.facts), dict(state.origin), dict(state.known)
    for key, value in values.items():
        if value is None:
            facts.pop(key, None)
            origin.pop(key, None)
            continue
        facts[key], known[key] = value, entry.at
        if renew or key not in origin:
            origin[key] = entry.seq
    if "applied_at" in values and "first_applied_at" not in facts and values["applied_at"] is not None:
        facts["first_applied_at"] = values["applied_at"]
        origin["first_applied_at"], known["first_applied_at"] = entry.seq, entry.at
    return replace(state, facts=facts, origin=origin, known=known)


def _opened(state: State, entry: Entry) -> State:
    data = dict(entry.data)
    problem = str(data.pop("problem", ""))
    stage = cast(Stage, data.pop("stage", "preparing"))
    state = replace(state, problem=problem, stage=stage, stage_seq=entry.seq)
    return _with_facts(state, entry, data)


def _facts(state: State, entry: Entry) -> State:
    data = dict(entry.data)
    if "problem" in data:
        state = replace(state, problem=str(data.pop("problem")))
    if ENDED in data and not state.open:
        state = replace(state, outcome=cast(Outcome, data[ENDED]))
    return _with_facts(state, entry, data)


def _event(state: State, entry: Entry) -> State:
    data = dict(entry.data)
    event = cast(Event, data.pop("event"))
    when = data.pop("when", None)
    fact = EVENT_DATE.get(event)
    if fact and when is not None:
        data[fact] = when
    if event in ORDER_AFTER:
        data["order"] = ORDER_AFTER[event]
    if event in CHECKS:
        data[CHECKED] = Moment(entry.at).to_json()
    to = LEADS_FROM.get((event, state.stage), LEADS_TO[event])
    if event == "part_received" and not state.open:
        to = state.before
    state = _with_facts(state, entry, data, renew=True)
    outcome = CLOSES.get(event, state.outcome if to is None else None)
    state = replace(state, last_event=event, outcome=outcome, asked_service_seq=0)
    if event in CHECKS:
        state = replace(state, checks=(*state.checks, entry.at))
    if to is None or LEADS_FROM.get((event, state.stage)) == state.stage:
        return state
    before = state.stage if to == "closed" else state.before
    checks = (entry.at,) if event in CHECKS else ()
    return replace(state, stage=to, stage_seq=entry.seq, countdown=None, before=before, checks=checks)


def _countdown(state: State, entry: Entry) -> State:
    until = entry.data.get("until")
    if until is None:
        return replace(state, countdown=None)
    read = datetime.fromisoformat(str(entry.data["read"]))
    state = replace(state, known={**state.known, COUNTED: entry.at})
    return replace(state, countdown=Countdown(datetime.fromisoformat(str(until)), read, entry.seq))


def _proof(state: State, entry: Entry) -> State:
    proofs, sent = told(state.proofs, entry)
    return replace(state, proofs=proofs, last_photo_seq=entry.seq if sent else state.last_photo_seq)


def _kept(state: State, entry: Entry) -> State:
    """What became of a file that was sent; a proof that was taken back meanwhile stays so."""
    known = any(proof.number == entry.data["number"] for proof in state.proofs)
    return _proof(state, entry) if known else state


def _unproof(state: State, entry: Entry) -> State:
    number = int(entry.data["number"])
    return replace(state, proofs=tuple(proof for proof in state.proofs if proof.number != number))


def _service(state: State, entry: Entry) -> State:
    if entry.kind == "answered":
        return _with_facts(replace(state, asked_service_seq=0), entry, entry.data)
    return _with_facts(replace(state, asked_service_seq=entry.seq), entry, entry.data, renew=True)


def _told(state: State, entry: Entry) -> State:
    """Facts that come with an answer or a promise; the agent's answer ends the waiting for it."""
    heard = entry.kind == "answer" and entry.data["who"] != "merchant"
    state = replace(state, asked_service_seq=0) if heard else state
    return _with_facts(state, entry, entry.data.get("facts") or {})


def _flag(state: State, entry: Entry) -> State:
    # Nothing is told before the questions are answered, or while the reminders are off: only then it is all known.
    known = state.known if entry.kind == "muted" else dict.fromkeys(state.known, entry.at)
    if entry.kind == "ready":
        return replace(state, ready=True, known=known)
    return replace(state, muted=entry.kind == "muted", known=known)


def _calendar(state: State, entry: Entry) -> State:
    ends = {key: at for key, at in entry.data["ends"].items() if at is not None}
    return replace(state, calendar=ends)


_STEPS: Mapping[str, Callable[[State, Entry], State]] = {
    "opened": _opened,
    "facts": _facts,
    "event": _event,
    "countdown": _countdown,
    "proof": _proof,
    "kept": _kept,
    "calendar": _calendar,
    "unproof": _unproof,
    "sent": _service,
    "answered": _service,
    "ready": _flag,
    "muted": _flag,
    "unmuted": _flag,
    **dict.fromkeys(LEDGER_KINDS, _told),
}

KINDS = frozenset({*_STEPS, *SILENT_KINDS, "missed_human"})
"""Every kind of entry."""
