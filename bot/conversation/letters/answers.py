"""Facts that a letter needs: which are missing, which can be changed, and what a typed answer says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.catalog import compiled
from bot.conversation.letters.facts import used
from bot.conversation.letters.linter import Context, unfit
from bot.conversation.letters.matter import CONTACT, MONEY, NUMBERS, Matter, names_in
from bot.conversation.understand.order_text import read_amount, read_order
from bot.domain.facts import State
from bot.domain.model import Json

CHOICES: Mapping[str, Sequence[str]] = {
    "refund_type": ("refund_only", "return_refund", "exchange", "resend"),
    "pay_method": ("wechat", "alipay", "wallet", "debit", "credit"),
}
LONGEST: Mapping[str, int] = {"goods_name": 20, "detail": 100}
QUOTES = frozenset({"reject_reason", "merchant_words", "service_words", "promise"})
"""Somebody else's words: kept as they were said, only private data is asked to be left out."""
_LONGEST_QUOTE = 60
_NUMBER = compiled.pattern(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){3,29}")
_FIXED = frozenset(
    {"order", "goods", "now", "type", "evidence", "promise", "promise_until", "service_until", "first_applied_at"}
)
"""Corrected elsewhere, or not by typing a sentence."""

FactKind = Literal["order_no", "money", "date", "number", "choice", "text"]


@dataclass(frozen=True, slots=True)
class Read:
    """What a typed answer says: facts, or why it could not be read (a key under ``words.bad``)."""

    facts: Mapping[str, Json] = field(default_factory=dict)
    wrong: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


def kind_of(fact: str) -> FactKind:
    """How that fact is asked for."""
    if fact == "order_no":
        return "order_no"
    if fact in MONEY:
        return "money"
    if fact.endswith(("_at", "_until")):
        return "date"
    if fact in NUMBERS:
        return "number"
    return "choice" if fact in CHOICES else "text"


def missing(matter: Matter) -> list[str]:
    """Key facts that are still to be asked for, in the problem's order."""
    left_out = (*matter.state.facts.get("left_out", ()), *matter.state.facts.get("skipped", ()))
    wanted = [fact for fact in matter.problem.key_facts if fact not in left_out]
    return [fact for fact in wanted if not matter.known(fact) and not (matter.kind == "merchant" and fact in CONTACT)]


def changeable(matter: Matter) -> list[str]:
    """Facts that the letter tells, then those that it could tell: what 改一处 offers."""
    problem = matter.problem
    could = [fact for each in problem.paragraphs for fact in names_in(each.text)]
    could += [fact for each in problem.requests for fact in names_in(each.service)]
    told = ["goods_name", "order_no", *used(matter), *problem.key_facts]
    if matter.known("rejected_at") or matter.state.stage == "rejected":
        told += ["rejected_at", "reject_reason"]
    if matter.state.stage != "preparing":
        could += ["applied_at", "refund_type"]
    ordered = dict.fromkeys([*told, "ordered_at", *could])
    hidden = CONTACT if matter.kind == "merchant" else frozenset()
    return [fact for fact in ordered if fact not in _FIXED and fact not in hidden]


def read_fact(fact: str, text: str, state: State, context: Context) -> Read:
    """What a typed text says about that fact. Dates and choices are read elsewhere."""
    kind = kind_of(fact)
    if kind == "order_no":
        found = read_order(text).order_no
        return Read({fact: found}) if found else Read(wrong="order_no")
    if kind == "money":
        return _money(fact, text, state)
    if kind == "number":
        number = _NUMBER.search(text)
        return Read({fact: number[0].upper()}) if number else Read(wrong="number")
    bare = " ".join(text.split()).strip("“”\"' ")
    longest = LONGEST.get(fact, _LONGEST_QUOTE)
    if len(bare) < 2:
        return Read(wrong="short")
    if len(bare) > longest:
        return Read(wrong="long", values={"count": len(bare), "longest": longest})
    for finding in unfit(bare, context):
        if fact not in QUOTES or finding.code.startswith("private"):
            return Read(wrong="unfit", values={"why": finding.why, "fix": finding.fix})
    return Read({fact: bare})


def _money(fact: str, text: str, state: State) -> Read:
    fen = read_amount(text) or read_order(text).amount_fen
    if fen is None:
        return Read(wrong="money")
    paid = state.facts.get("amount")
    # What is paid back never exceeds what was paid (rule pdd.refund.amount_cap).
    if fact == "difference" and isinstance(paid, int) and fen > paid:
        return Read(wrong="over_paid", values={"asked": fen, "paid": paid})
    difference = state.facts.get("difference")
    if fact == "amount" and isinstance(difference, int) and difference > fen:
        return Read(wrong="under_difference", values={"asked": difference, "paid": fen})
    return Read({fact: fen})
