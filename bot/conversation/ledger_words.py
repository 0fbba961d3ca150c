"""Answers and promises in words: on the card, in 处理经过, and in reminders."""

from collections.abc import Callable, Mapping
from datetime import datetime

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.turn import Turn
from bot.domain.deadline import Deadline
from bot.domain.facts import State
from bot.domain.ledger import ASKED, Answer, Promise, last_remedy, promise_of
from bot.domain.model import Case, Json
from bot.domain.moment import Moment

QUOTED = 24
"""Characters of somebody's words that a line quotes."""


def who(turn: Turn, case: Case, name: str) -> str:
    """商家, 客服 or 平台."""
    return turn.t.plain(f"answers.who.{name}")


def short(turn: Turn, text: str, longest: int = QUOTED) -> str:
    return text if len(text) <= longest else text[:longest] + turn.t.plain("history.more")


def sort_words(turn: Turn, kind: str, ground: str = "") -> str:
    """拒绝，说影响二次销售"""
    if kind == "refuses":
        return turn.t.plain(
            "answers.sort.refuses", ground=turn.t.plain(f"answers.ground_name.{ground or 'none_given'}")
        )
    return turn.t.plain(f"answers.sort.{kind}")


def said_when(turn: Turn, promise: Promise) -> str:
    return formats.clock(turn.t, promise.at, turn.zone, turn.now)


def end_of(turn: Turn, until: Moment) -> str:
    return formats.relative(turn.t, until.latest(turn.zone), turn.zone, turn.now)


def line(turn: Turn, case: Case, promise: Promise) -> Markup:
    """One promise in 说好的事."""
    values = {"who": who(turn, case, promise.who), "word": short(turn, promise.what), "end": ""}
    if promise.status != "open":
        return turn.t(f"ledger.line_{promise.status}", **values)
    if promise.until is None:
        return turn.t("ledger.line_no_time", **values)
    end = promise.until.latest(turn.zone)
    due = end <= turn.now
    values["end"] = _end_words(turn, end)
    return turn.t("ledger.line_due" if due else "ledger.line_open", **values)


def _end_words(turn: Turn, end: datetime) -> str:
    """到今天 11月23日 周一 15:00 while it lies ahead, else the moment alone."""
    if end <= turn.now:
        return formats.relative(turn.t, end, turn.zone, turn.now)
    return formats.followed(turn.t, formats.until(turn.t, end, turn.zone, turn.now, "until"))


def card_line(turn: Turn, case: Case) -> Markup | str:
    """The next promise that falls due, or did; the one that the stage counts down itself is on the card already."""
    state = turn.state(case)
    main = last_remedy(state.ledger.open) if state.stage == "remedy_promised" else None
    timed = [(each.until.latest(turn.zone), each) for each in state.ledger.open if each.until and each is not main]
    if not timed:
        return ""
    end, promise = min(timed, key=lambda each: (each[0], each[1].seq))
    values = {
        "who": who(turn, case, promise.who),
        "word": short(turn, promise.what),
        "end": _end_words(turn, end),
    }
    return turn.t("ledger.card_due" if end <= turn.now else "ledger.card", **values)


def disputed(state: State) -> bool:
    """Whether a claim of the other side is on record that evidence can answer."""
    return any(kind in ("refuses", "blames_courier") for each in state.ledger.answers for kind in each.kinds)


def notice_values(turn: Turn, case: Case, deadline: Deadline) -> dict[str, str]:
    """Who gave their word, and what it was, for a reminder of it."""
    promise = promise_of(turn.state(case).ledger, deadline.id)
    if promise is None:
        return {}
    return {"who": who(turn, case, promise.who), "what": short(turn, promise.what, 40)}


def asked_of(turn: Turn, case: Case, deadline: str) -> str:
    """Who was asked for an answer, as a deadline names it."""
    rule, _, seq = deadline.partition("#")
    asked = turn.state(case).ledger.asked
    return next((name for at, name, _ in asked if rule == ASKED and str(at) == seq), "")


# --- the history ------------------------------------------------------------------------------------------------------


def _answer(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    t, kind = turn.t, str(data.get("kind", ""))
    values = {"who": who(turn, case, str(data.get("who", "service"))), "words": short(turn, str(data.get("text", "")))}
    if kind:
        sort = sort_words(turn, kind, str(data.get("ground") or ""))
        told = t.plain("history.ledger.answer", sort=sort, **values)
    else:
        told = t.plain("history.ledger.answer_plain", **values)
    facts = data.get("facts") or {}
    if data.get("until"):
        told = t.plain("history.ledger.until", told=told, end=_end(turn, data["until"]))
    if facts.get("ticket_no"):
        ticket = t.plain("history.value", fact=t.plain("history.fact.ticket_no"), value=facts["ticket_no"])
        told = t.plain("format.list").join([told, ticket])
    return told


def _end(turn: Turn, until: Json) -> str:
    return formats.clock(turn.t, Moment.from_json(until).latest(turn.zone), turn.zone, turn.now)


def _sorted(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    if "kind" in data:
        sort = sort_words(turn, str(data["kind"]), str(data.get("ground") or ""))
        return turn.t.plain("history.ledger.sorted", sort=sort)
    return turn.t.plain("history.ledger.sorted_amount", amount=formats.money(int(data.get("amount") or 0)))


def _word_of(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    promise = turn.state(case).ledger.promise(int(data["promise"]))
    return short(turn, promise.what) if promise else turn.t.plain("ledger.label")


def _promised(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    word = _word_of(turn, case, data)
    if not data.get("until"):
        return turn.t.plain("history.ledger.promised_no_time", word=word)
    return turn.t.plain("history.ledger.promised", word=word, end=_end(turn, data["until"]))


def _word(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    end = _end(turn, data["until"]) if data.get("until") else ""
    return turn.t.plain(f"history.ledger.word_{data['how']}", word=_word_of(turn, case, data), end=end)


def _asked(turn: Turn, case: Case, data: Mapping[str, Json]) -> str:
    name = who(turn, case, str(data["who"]))
    return turn.t.plain("history.ledger.asked", who=name, end=_end(turn, data["until"]))


HISTORY: Mapping[str, Callable[[Turn, Case, Mapping[str, Json]], str]] = {
    "answer": _answer,
    "sorted": _sorted,
    "promised": _promised,
    "word": _word,
    "asked": _asked,
}
"""How entries of the ledger are told."""


def other_kinds(answer: Answer, kind: str) -> list[str]:
    """What else an answer says."""
    timed = "promise" in answer.kinds
    return [each for each in answer.kinds if each != kind and not (timed and each == "stalls")]
