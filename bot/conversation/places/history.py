"""处理经过: the dated history of a case, and 改回上一步."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.conversation import formats, ledger_words
from bot.conversation.naming import title
from bot.conversation.places.intake import pending
from bot.conversation.places.proof import item_name
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.authorities import BODIES
from bot.domain.history import last_change, undone
from bot.domain.model import Case, Entry, Json
from bot.domain.moment import Moment

PER_PAGE = 5
HIDDEN = frozenset({"ready", "handed", "looked", "reminded", "kept", "calendar"})
"""Notes of ours that tell a person nothing."""
UNSAID = frozenset({"questions", "total", "side", "outside", "stage", "still_at"})
"""Facts that steer the conversation; no person gave them in these words."""
MONEY = frozenset({"amount", "refunded_amount", "promised_amount", "freight", "difference"})
CHOICES: Mapping[str, str] = {
    "order": "ask.order",
    "goods": "ask.goods",
    "dispatch_promise": "ask.promise",
    "pay_method": "ask.pay_method",
    "ended": "outcome",
    "refund_type": "walk.type",
    "association_place": "beyond.association_place",
    **{body.result: "beyond.result" for body in BODIES.values()},
}
"""Facts whose values are ids, and where their words stand."""
QUOTED = 24
"""Characters of a typed text that a line quotes."""


def history(turn: Turn, number: str, page: str = "") -> View | None:
    """What happened, newest last; the last page if none is named."""
    case = turn.case(number)
    if case is None:
        return None
    t, gone = turn.t, undone(case.entries)
    told = [(entry, words) for entry in case.entries if (words := describe(turn, case, entry))]
    pages = max(1, -(-len(told) // PER_PAGE))
    at = min(int(page), pages - 1) if page.isdecimal() else pages - 1
    listed = [
        t("history.undone" if entry.seq in gone else "history.line", when=when(turn, entry), what=words)
        for entry, words in told[at * PER_PAGE : (at + 1) * PER_PAGE]
    ]
    options = []
    if at:
        options.append(Option(t.plain("history.earlier"), f"history:{number}:{at - 1}"))
    if at + 1 < pages:
        options.append(Option(t.plain("history.later"), f"history:{number}:{at + 1}"))
    if last_change(case) is not None:
        options.append(Option(t.plain("more_case.undo"), f"undo:{number}", words=("@undo",)))
    options.append(Option(t.plain("more_case.take"), f"take:{number}"))
    options.append(Option(t.plain("nav.back"), f"card:{number}", words=("@back",)))
    head = t("history.head", page=at + 1, pages=pages) if pages > 1 else t("history.head_single")
    return View(lines(title(turn, case), head, *listed), pairs(options))


def when(turn: Turn, entry: Entry) -> str:
    """When it happened, if that was told; else when it was recorded."""
    told = entry.data.get("when")
    if entry.kind == "event" and isinstance(told, dict):
        return formats.moment(turn.t, Moment.from_json(told), turn.zone, turn.now)
    return formats.clock(turn.t, entry.at, turn.zone, turn.now)


def describe(turn: Turn, case: Case, entry: Entry) -> str:
    """One entry in words; empty for notes of ours."""
    if entry.kind in HIDDEN:
        return ""
    words = _WORDS.get(entry.kind)
    if words is not None:
        return words(turn, case, entry.data)
    key = f"history.kind.{entry.kind}"
    return turn.t.plain(key if turn.t.has(key) else "history.kind.other")


def _opened(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    problem = turn.catalog.problems.get(str(data.get("problem", "")))
    return turn.t.plain("history.opened", name=problem.name if problem else "")


def _facts(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    t = turn.t
    parts = [part for fact, value in data.items() if (part := _fact(turn, fact, value))]
    if not parts or data.keys() <= {"skipped", "loose"}:
        return "".join(parts)
    return t.plain("history.facts", facts=t.plain("format.list").join(parts))


def _fact(turn: Turn, fact: str, value: Json) -> str:
    t = turn.t
    if fact in UNSAID:
        return ""
    if fact == "loose":
        return t.plain("history.kept_as_case") if value is None else ""
    if fact == "skipped":
        return t.plain("history.skipped")
    if fact == "problem":
        problem = turn.catalog.problems.get(str(value))
        return t.plain("history.problem", name=problem.name if problem else str(value))
    name = t.plain(f"history.fact.{fact}") if t.has(f"history.fact.{fact}") else t.plain("history.fact.other")
    if value is None:
        return t.plain("history.removed", fact=name)
    shown = _value(turn, fact, value)
    return t.plain("history.value", fact=name, value=shown) if shown else name


def shown_fact(turn: Turn, fact: str, value: Json) -> tuple[str, str]:
    """A fact's name and value in words; empty strings for what is no person's business."""
    t = turn.t
    if fact in UNSAID or fact in ("loose", "skipped", "problem") or value is None:
        return "", ""
    key = f"history.fact.{fact}"
    if not t.has(key):
        return "", ""
    return t.plain(key), value if fact == "order_no" else _value(turn, fact, value, whole=True)


def _value(turn: Turn, fact: str, value: Json, whole: bool = False) -> str:
    if isinstance(value, dict) and {"at", "precision"} <= value.keys():
        return formats.moment(turn.t, Moment.from_json(value), turn.zone, turn.now)
    if isinstance(value, int) and not isinstance(value, bool) and fact in MONEY:
        return formats.money(value)
    if not isinstance(value, str):
        return ""
    words = f"{CHOICES.get(fact, '')}.{value}"
    if fact in CHOICES and turn.t.has(words):
        return turn.t.plain(words)
    if fact == "order_no":
        return formats.masked(value)
    return value if whole or len(value) <= QUOTED else value[:QUOTED] + turn.t.plain("history.more")


def _event(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    t = turn.t
    words = t.plain(f"event.{data['event']}")
    rest = {key: value for key, value in data.items() if key not in ("event", "when") and value is not None}
    parts = [part for fact, value in rest.items() if (part := _fact(turn, fact, value))]
    return t.plain("history.event_with", event=words, facts=t.plain("format.list").join(parts)) if parts else words


def _countdown(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    until = data.get("until")
    if until is None:
        return turn.t.plain("history.no_countdown")
    end = formats.clock(turn.t, datetime.fromisoformat(str(until)), turn.zone, turn.now)
    return turn.t.plain("history.countdown", end=end)


def _proof(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    name = item_name(turn, case, str(data.get("item", ""))) or turn.t.plain("history.picture")
    return turn.t.plain("history.proof", number=data["number"], name=name)


def _unproof(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    return turn.t.plain("history.unproof", number=data["number"])


def _answered(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    said, ticket = data.get("service_words"), data.get("ticket_no")
    told = turn.t.plain("history.kind.answered")
    if isinstance(said, str) and said:
        told = turn.t.plain("history.answered", words=_value(turn, "service_words", said))
    return turn.t.plain("format.list").join([told, _fact(turn, "ticket_no", ticket)]) if ticket else told


def _undo(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    target = next((entry for entry in case.entries if entry.seq == data.get("target")), None)
    if target is not None and target.kind in HIDDEN:
        return ""
    return turn.t.plain("history.took_back", what=describe(turn, case, target) if target else "")


_WORDS: Mapping[str, Callable[[Turn, Case, Mapping[str, Json]], str]] = {
    "opened": _opened,
    "facts": _facts,
    "event": _event,
    "countdown": _countdown,
    "proof": _proof,
    "unproof": _unproof,
    "answered": _answered,
    "undo": _undo,
    **ledger_words.HISTORY,
}


def undo_last(turn: Turn, case: Case) -> bool:
    """Take the last change back, of whatever kind, and show the card or the question it had answered.

    False, and a notice that says so, if only the opening is left.
    """
    case = turn.cases[case.number]
    entry = last_change(case)
    if entry is None:
        turn.toast = turn.t.plain("history.nothing_left")
        return False
    waiting = len(pending(turn.state(case)))
    what = describe(turn, case, entry) or turn.t.plain("history.kind.other")
    case = turn.record(case, "undo", {"target": entry.seq})
    turn.toast = turn.t.plain("history.undone_toast", what=what)
    state = turn.state(case)
    asked = state.open and (not state.ready or len(pending(state)) > waiting)
    turn.go(f"ask:{case.number}" if asked and pending(state) else f"card:{case.number}")
    return True


def _undo_act(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is None:
        turn.go("home")
        return
    if not undo_last(turn, case):
        turn.go(f"card:{number}")


PLACES = {"history": history}
ACTS = {"undo": _undo_act}
