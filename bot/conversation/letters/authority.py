"""What goes to an authority or onto a public board: nobody's identity data, and in public nothing but our own words.

12315: order number and courier number stay, they are what the office asks for (rule ``12315.fields``); phone, identity
and card numbers and addresses that somebody wrote into their own words are masked. A public board keeps a post for good
(rule ``heimao``): there only dates, amounts and choices of ours are told, so that no name, address or number can slip
through, however it was written.
"""

from dataclasses import replace

from bot.catalog import compiled
from bot.conversation.letters.answers import CHOICES
from bot.conversation.letters.facts import evidence
from bot.conversation.letters.linter import Context, unfit
from bot.conversation.letters.matter import MONEY, NUMBERS, Matter
from bot.domain.facts import State
from bot.domain.model import Json

KINDS = frozenset({"12315", "public"})
_LONG_RUN = compiled.pattern(r"\d{9,}")
"""Nobody's own words need such a number in that form: phones, accounts, somebody else's order."""
LONGEST_AMOUNT = 9_999_999
"""In fen. A larger one would stand in public as a run of more than five digits."""
_OURS = frozenset({"order", "goods", "side", "outside", "dispatch_promise"})
"""Facts that are chosen, never typed: they steer the sentences and are no words of the person's."""


def masked(matter: Matter) -> Matter:
    """The matter as it may be told there."""
    state = _public(matter.state) if matter.kind == "public" else _without_identity(matter)
    return replace(matter, state=state, _moments={})


def _public(state: State) -> State:
    return replace(state, facts={name: value for name, value in state.facts.items() if _harmless(name, value)})


def _harmless(name: str, value: Json) -> bool:
    if name in MONEY or name in ("refunded_amount", "promised_amount"):
        return isinstance(value, int) and value <= LONGEST_AMOUNT
    if name.endswith(("_at", "_until")):
        return isinstance(value, dict)
    return name in _OURS or value in CHOICES.get(name, ())


def _without_identity(matter: Matter) -> State:
    context = _context(matter)
    facts = {
        name: _cover(value, context, matter) if isinstance(value, str) and name not in NUMBERS else value
        for name, value in matter.state.facts.items()
    }
    return replace(matter.state, facts=facts)


def _cover(text: str, context: Context, matter: Matter) -> str:
    """The text with every phone, identity or card number and address in it replaced."""
    cover = matter.t.plain("letters.authority.masked")
    while found := next((each for each in unfit(text, context) if each.code.startswith("private")), None):
        text = text.replace(found.quote, cover)
    return _LONG_RUN.sub(cover, text)


def _context(matter: Matter) -> Context:
    return Context(matter.t, matter.now, matter.zone, frozenset(), limit=0)


def mended(matter: Matter, request: str) -> str:
    """A request that was written to the merchant, put to somebody who asks the merchant."""
    t = matter.t
    please, merchant = t.plain("letters.authority.mend.please"), t.plain("letters.authority.mend.merchant")
    if please not in request:
        return t.plain("letters.authority.mend.wish", request=request)
    if matter.seller or t.plain("letters.authority.mend.already") in request:
        return request
    return request.replace(please, merchant, 1)


def proof_list(matter: Matter) -> list[str]:
    """The list of proof, by number; in public only that there is some."""
    t, told = matter.t, evidence(matter)
    if not told:
        return []
    if matter.kind == "public":
        return [t.plain("letters.authority.proof_public", count=len(matter.state.proofs))]
    return told
