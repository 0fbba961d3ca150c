"""An edited message corrects the fact that it gave."""

from datetime import datetime

from bot.conversation import formats
from bot.conversation.places import moments
from bot.conversation.turn import Turn
from bot.conversation.understand.countdown import Left
from bot.conversation.understand.order_text import read_amount, read_order
from bot.conversation.understand.times import Expect, read_time
from bot.domain.facts import EVENT_DATE
from bot.domain.history import undone
from bot.domain.model import Case, Entry, Json
from bot.domain.moment import Moment
from bot.messages import Incoming


def corrected(turn: Turn, incoming: Incoming) -> None:
    """Read the new text in place of the old one; the change is shown, and the dates move."""
    text = incoming.text.strip()
    draft = turn.session.draft.get("confirm")
    if isinstance(draft, dict) and draft.get("message") == incoming.message and turn.session.place == "confirm":
        case = turn.case(draft["case"])
        if case is not None and moments.understand(turn, text, case, draft["target"], draft["back"]):
            return
    found = _given_by(turn, incoming.message)
    if found is None:
        turn.note = turn.t("corrected.nothing")
        return
    case, entry = found
    shown = _correct(turn, case, entry, text)
    if shown is None:
        turn.note = turn.t("corrected.unread", text=text[:30], example=turn.t("ask.when.example"))
        return
    turn.note = turn.t("corrected.done", what=shown)
    turn.fresh = True
    turn.go(f"card:{case.number}")


def _given_by(turn: Turn, message: str) -> tuple[Case, Entry] | None:
    if not message:
        return None
    for case in turn.cases.values():
        gone = undone(case.entries)
        for entry in reversed(case.entries):
            if entry.message == message and entry.seq not in gone and entry.kind in ("facts", "event", "countdown"):
                return case, entry
    return None


def _correct(turn: Turn, case: Case, entry: Entry, text: str) -> str | None:
    if entry.kind == "countdown":
        read = datetime.fromisoformat(str(entry.data["read"]))
        reading = read_time(text, said=read, zone=turn.zone, expect="left")
        if not isinstance(reading, Left):
            return None
        until = read + reading.length
        turn.record(case, "countdown", {"until": until.isoformat(), "read": read.isoformat()})
        return formats.left(turn.t, until, turn.now)
    if entry.kind == "event" and "when" in entry.data:
        fact = EVENT_DATE.get(str(entry.data["event"]))
        return _date(turn, case, fact, text) if fact else None
    for key, value in entry.data.items():
        if isinstance(value, dict) and "precision" in value:
            return _date(turn, case, key, text)
    for key, value in entry.data.items():
        new = _value(key, value, text)
        if new is not None:
            turn.record(case, "facts", {key: new})
            return formats.money(new) if isinstance(new, int) else str(new)
    return None


def _date(turn: Turn, case: Case, fact: str, text: str) -> str | None:
    expect: Expect = "future" if fact.endswith("until") else "past"
    reading = read_time(text, said=turn.said, zone=turn.zone, expect=expect)
    if not isinstance(reading, Moment) or (expect == "past" and reading.at > turn.now):
        return None
    turn.record(case, "facts", {fact: reading.to_json()})
    return formats.moment(turn.t, reading, turn.zone, turn.now)


def _value(key: str, old: Json, text: str) -> Json:
    if key == "order_no":
        return read_order(text).order_no
    if isinstance(old, int) and not isinstance(old, bool):
        return read_amount(text)
    return text[:120] if isinstance(old, str) and key not in ("order", "goods", "problem", "promise") else None
