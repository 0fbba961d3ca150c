"""Answers of the merchant and of agents: read, kept with their date, and found again."""

from bot.conversation.letters import wording
from bot.conversation.letters.linter import asks_withdrawal, ticket_in
from bot.conversation.turn import Turn
from bot.conversation.understand.reply import Reply, read_reply
from bot.conversation.understand.spans import span_end
from bot.conversation.understand.times import find_times
from bot.domain.ledger import Answer, Who
from bot.domain.model import Case, Json
from bot.domain.moment import Moment

KEPT = 300
"""Characters of an answer that are kept."""
QUOTE = 120
"""Characters of it that a letter may quote as what was answered."""
WORD = 60
"""Characters of a promise that are quoted."""


def price(turn: Turn, case: Case) -> int | None:
    """What was paid, in fen."""
    amount = turn.state(case).facts.get("amount")
    return amount if isinstance(amount, int) else None


def read(turn: Turn, case: Case, text: str) -> Reply:
    return read_reply(text, turn.knowledge.replies, price(turn, case))


def times(turn: Turn, text: str) -> list[Moment]:
    """The times ahead that an answer names, each once."""
    found = find_times(text, said=turn.said, zone=turn.zone, expect="future")
    ahead = [each for _, each in found if isinstance(each, Moment) and each.latest(turn.zone) > turn.said]
    return list(dict.fromkeys(ahead))


def until_of(turn: Turn, reply: Reply, text: str) -> Moment | None:
    """Until when something was promised, if exactly one time can be meant."""
    named = reply.until_text or text
    found = times(turn, named)
    return found[0] if len(found) == 1 else None if found else span(turn, named)


def span(turn: Turn, text: str) -> Moment | None:
    """When the one span ends that somebody promised: 3-5个工作日 from now on."""
    return span_end(text, turn.said, turn.zone, turn.catalog.holidays)


def take(turn: Turn, case: Case, who: Who, text: str) -> int:
    """Keep an answer, sorted, with its reference and the time that it promises. Returns its number."""
    reply, said, state = read(turn, case, text), wording.clean(text, KEPT), turn.state(case)
    facts: dict[str, Json] = {"merchant_words" if who == "merchant" else "service_words": said[:QUOTE]}
    data: dict[str, Json] = {
        "who": who,
        "text": said,
        "kind": _kind(reply, text),
        "also": list(reply.also),
        "ground": reply.ground,
        "grounds": list(reply.grounds),
        "why": wording.clean(reply.why or (text if reply.confirm_receipt else ""), WORD),
        "amount": reply.amount,
        "percent": reply.percent,
        "flags": sorted(reply.flags),
        "what": reply.what,
        "until_text": reply.until_text,
        "confirm": reply.confirm_receipt,
    }
    if who != "merchant":
        facts["service_until"] = None
        if ticket := ticket_in(text):
            facts["ticket_no"] = ticket
        if state.moment("service_at") is None:
            facts["service_at"] = Moment(turn.said).to_json()
    if "promise" in (reply.kind, *reply.also):
        data["word"] = wording.clean(text, WORD) if len(said) <= WORD else _word(reply, said)
        until = until_of(turn, reply, text)
        if until is not None:
            data["until"] = until.to_json()
            if who != "merchant":
                facts["service_until"] = until.to_json()
    data["facts"] = {key: value for key, value in facts.items() if value is not None or key in state.facts}
    kept = {key: value for key, value in data.items() if value is not None and value is not False and value != []}
    return turn.record(case, "answer", kept).entries[-1].seq


def _kind(reply: Reply, text: str) -> str:
    """Its sort; who only asks to confirm the receipt does not ask to withdraw anything."""
    if reply.confirm_receipt and (reply.kind is None or (reply.kind == "asks_withdraw" and not asks_withdrawal(text))):
        return "confirm"
    return reply.kind or ""


def _word(reply: Reply, said: str) -> str:
    """The sentence of a long answer that holds the time."""
    at = said.find(reply.until_text) if reply.until_text else 0
    start = max(said.rfind("\u3002", 0, max(at, 0)), said.rfind("\uff1b", 0, max(at, 0))) + 1
    return wording.clean(said[start:], WORD)


def answer(turn: Turn, case: Case, seq: str = "") -> Answer | None:
    """That answer of the case, or the last one."""
    ledger = turn.state(case).ledger
    if not seq:
        return ledger.answers[-1] if ledger.answers else None
    return ledger.answer(int(seq)) if seq.isdecimal() else None


def offered(turn: Turn, case: Case, given: Answer) -> int | None:
    """What is offered in fen; a share is counted from what was paid."""
    amount, percent, paid = given.get("amount"), given.get("percent"), price(turn, case)
    if isinstance(amount, int):
        return amount
    return paid * percent // 100 if isinstance(percent, int) and paid is not None else None


def oddities(turn: Turn, case: Case, given: Answer) -> frozenset[str]:
    """What is odd about an offer, as things are known now."""
    amount, paid = offered(turn, case, given), price(turn, case)
    found = {str(each) for each in given.get("flags") or () if each not in ("above_price", "missing", "zero")}
    if amount is None and given.get("percent") is None:
        found.add("missing")
    if amount == 0:
        found.add("zero")
    if amount is not None and paid is not None and amount > paid:
        found.add("above_price")
    return frozenset(found)
