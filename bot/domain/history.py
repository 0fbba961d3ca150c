"""What a history amounts to: the fold of its entries, from which every fact of a case follows.

Nothing is ever overwritten. An ``undo`` entry names the change that it takes back, and the fold passes over that one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from bot.domain.dates import EVENT_DATE
from bot.domain.facts import CHECKED, COUNTED, ENDED, Countdown, State
from bot.domain.ledger import KINDS as LEDGER_KINDS
from bot.domain.ledger import told as told_ledger
from bot.domain.machine import CHECKS, CLOSES, LEADS_FROM, LEADS_TO, ORDER_AFTER, Event, Outcome, Stage
from bot.domain.model import Case, Entry, Json
from bot.domain.moment import Moment
from bot.domain.proof import told as told_proofs

SILENT_KINDS = frozenset({"undo", "ready", "handed", "looked", "reminded", "kept", "calendar"})
"""Kinds of entries that 改回上一步 passes over: they are notes of ours, no change that a person made."""

Changes = dict[str, Any]
"""Fields of a ``State`` and their new values."""


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
            # Nobody else has it yet, so it is filled in place: a copy for every entry would be the dear part of a fold.
            for name, value in _changes(state, entry).items():
                object.__setattr__(state, name, value)
    return state


def after(state: State, entry: Entry) -> State:
    """The state with one more entry, which takes nothing back: after an ``undo`` all is folded anew."""
    changes = _changes(state, entry)
    return replace(state, **changes) if changes else state


def _changes(state: State, entry: Entry) -> Changes:
    step = _STEPS.get(entry.kind)
    changes: Changes = {} if step is None else step(state, entry)
    if (ledger := told_ledger(state.ledger, entry)) is not state.ledger:
        changes["ledger"] = ledger
    if entry.kind not in SILENT_KINDS:
        changes["last_change"] = entry.at
    return changes


def _with_facts(state: State, entry: Entry, values: Mapping[str, Json], renew: bool = False) -> Changes:
    if not values:
        return {}
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
    return {"facts": facts, "origin": origin, "known": known}


def _opened(state: State, entry: Entry) -> Changes:
    data = dict(entry.data)
    problem = str(data.pop("problem", ""))
    stage = cast(Stage, data.pop("stage", "preparing"))
    return {"problem": problem, "stage": stage, "stage_seq": entry.seq, **_with_facts(state, entry, data)}


def _facts(state: State, entry: Entry) -> Changes:
    data, changes = dict(entry.data), Changes()
    if "problem" in data:
        changes["problem"] = str(data.pop("problem"))
    if ENDED in data and not state.open:
        changes["outcome"] = cast(Outcome, data[ENDED])
    return changes | _with_facts(state, entry, data)


def _event(state: State, entry: Entry) -> Changes:
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
    changes = _with_facts(state, entry, data, renew=True)
    changes |= {
        "last_event": event,
        "outcome": CLOSES.get(event, state.outcome if to is None else None),
        "asked_service_seq": 0,
    }
    checked = (entry.at,) if event in CHECKS else ()
    if to is None or LEADS_FROM.get((event, state.stage)) == state.stage:
        return changes | {"checks": (*state.checks, *checked)}
    before = state.stage if to == "closed" else state.before
    return changes | {"stage": to, "stage_seq": entry.seq, "countdown": None, "before": before, "checks": checked}


def _countdown(state: State, entry: Entry) -> Changes:
    until = entry.data.get("until")
    if until is None:
        return {"countdown": None}
    read = datetime.fromisoformat(str(entry.data["read"]))
    countdown = Countdown(datetime.fromisoformat(str(until)), read, entry.seq)
    return {"countdown": countdown, "known": {**state.known, COUNTED: entry.at}}


def _proof(state: State, entry: Entry) -> Changes:
    proofs, sent = told_proofs(state.proofs, entry)
    return {"proofs": proofs, "last_photo_seq": entry.seq if sent else state.last_photo_seq}


def _kept(state: State, entry: Entry) -> Changes:
    """What became of a file that was sent; a proof that was taken back meanwhile stays so."""
    known = any(proof.number == entry.data["number"] for proof in state.proofs)
    return _proof(state, entry) if known else {}


def _unproof(state: State, entry: Entry) -> Changes:
    number = int(entry.data["number"])
    return {"proofs": tuple(proof for proof in state.proofs if proof.number != number)}


def _service(state: State, entry: Entry) -> Changes:
    if entry.kind == "answered":
        return {"asked_service_seq": 0, **_with_facts(state, entry, entry.data)}
    return {"asked_service_seq": entry.seq, **_with_facts(state, entry, entry.data, renew=True)}


def _told(state: State, entry: Entry) -> Changes:
    """Facts that come with an answer or a promise; the agent's answer ends the waiting for it."""
    changes = _with_facts(state, entry, entry.data.get("facts") or {})
    if entry.kind == "answer" and entry.data["who"] != "merchant":
        changes["asked_service_seq"] = 0
    return changes


def _flag(state: State, entry: Entry) -> Changes:
    # Nothing is told before the questions are answered, or while the reminders are off: only then it is all known.
    known = state.known if entry.kind == "muted" else dict.fromkeys(state.known, entry.at)
    if entry.kind == "ready":
        return {"ready": True, "known": known}
    return {"muted": entry.kind == "muted", "known": known}


def _calendar(_: State, entry: Entry) -> Changes:
    return {"calendar": {key: at for key, at in entry.data["ends"].items() if at is not None}}


_STEPS: Mapping[str, Callable[[State, Entry], Changes]] = {
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
