"""What the service or the merchant answered: kept as it was said, with its reference, its time and its traps."""

from bot.conversation.letters import wording
from bot.conversation.letters.answers import read_fact
from bot.conversation.letters.cases import context_of, matter_for
from bot.conversation.letters.linter import asks_withdrawal, promises, ticket_in
from bot.conversation.places.service import heading
from bot.conversation.turn import Turn
from bot.conversation.understand.speaker import speaker
from bot.conversation.understand.times import find_times
from bot.conversation.understand.words import outcome
from bot.conversation.view import Option, View, lines
from bot.domain.ledger import Who
from bot.domain.model import Case, Json
from bot.domain.moment import Moment

ANSWER_LIMIT = 120
"""Characters of the agent's answer that are kept."""
SAID = 30


def back_to_case(turn: Turn, case: Case) -> Option:
    """Back to the card; a hidden case has none."""
    if turn.state(case).facts.get("loose"):
        return Option(turn.t.plain("nav.back"), f"service:{case.number}", words=("@back",))
    return Option(turn.t.plain("words.button.card"), f"card:{case.number}", words=("@back",))


def _answered(turn: Turn, number: str) -> None:
    turn.fresh = True
    turn.go(f"service_answer:{number}")


def merchant_answer(turn: Turn, number: str) -> View | None:
    """商家怎么说的？"""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    return View(lines(heading(turn, case), turn.t("words.answer.merchant")), [[back_to_case(turn, case)]])


def merchant_said(turn: Turn, text: str, number: str) -> bool:
    """Keep the merchant's answer; a result among them is left to who reads those."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return False
    if outcome(text, turn.knowledge.lexicon) is not None and not asks_withdrawal(text):
        # 商家同意了, 商家拒绝了 are results, read elsewhere.
        return False
    if not wording.clean(text, ANSWER_LIMIT):
        return False
    _received(turn, case, text, "merchant")
    return True


def _received(turn: Turn, case: Case, text: str, side: Who) -> None:
    """Keep it as the answer of whoever it names, else of that side."""
    from bot.conversation.places.answer import received

    found = speaker(text)
    retold = found.who if found.retold else None
    received(turn, case, retold or found.who or side, found.said)


def promise(turn: Turn, text: str) -> Moment | None:
    """Until when the agent gave their word to do something; None if no time, or more than one, is named."""
    found = [
        reading
        for span, reading in find_times(text, said=turn.said, zone=turn.zone, expect="future")
        if isinstance(reading, Moment) and reading.at > turn.said and promises(text[span[1] :])
    ]
    return found[0] if len(found) == 1 else None


def service_answer(turn: Turn, number: str) -> View | None:
    """客服怎么说的？"""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    t = turn.t
    options = [
        Option(t.plain("words.answer.nothing"), f"answer_none:{number}", words=("@skip", "@unknown", "@no")),
        back_to_case(turn, case),
    ]
    return View(lines(heading(turn, case), t("words.answer.text")), [options])


def service_said(turn: Turn, text: str, number: str) -> bool:
    """Keep the agent's answer with its reference and the time that was named."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return False
    if not wording.clean(text, ANSWER_LIMIT):
        _answer_none(turn, number)
        return True
    _received(turn, case, text, "service")
    return True


def _answer_none(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is None:
        turn.go("home")
        return
    _heard(turn, case, {})
    turn.note = turn.t("words.answer.kept_plain")


def _heard(turn: Turn, case: Case, data: dict[str, Json]) -> None:
    if turn.state(case).moment("service_at") is None:
        data["service_at"] = Moment(turn.said).to_json()
    turn.record(case, "answered", data)
    turn.fresh = True
    turn.go(back_to_case(turn, case).action)


def ticket(turn: Turn, number: str) -> View | None:
    """记下工单号"""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    t = turn.t
    known = turn.state(case).text("ticket_no")
    now = t("words.edit.now", value=known) if known else ""
    return View(lines(heading(turn, case), t("words.ask.ticket_no"), now), [[back_to_case(turn, case)]])


def _type_ticket(turn: Turn, text: str, number: str) -> bool:
    case = turn.case(number)
    matter = matter_for(turn, case, "service") if case else None
    if case is None or matter is None:
        return False
    found = ticket_in(text)
    if not found:
        read = read_fact("ticket_no", text, matter.state, context_of(matter, frozenset()))
        if read.wrong:
            turn.note = turn.t("words.bad.number", text=text[:SAID])
            return True
        found = str(read.facts["ticket_no"])
    turn.record(case, "facts", {"ticket_no": found})
    turn.note = turn.t("words.ticket.kept", ticket=found)
    turn.fresh = True
    turn.go(back_to_case(turn, case).action)
    return True


PLACES = {"service_answer": service_answer, "merchant_answer": merchant_answer, "ticket": ticket}
ACTS = {"answered": _answered, "answer_none": _answer_none}
TYPED = {"service_answer": service_said, "merchant_answer": merchant_said, "ticket": _type_ticket}
