"""Added evidence: one sentence for each claim of the other side that is on record, with the proof that answers it."""

from bot.conversation.evidence import numbers
from bot.conversation.letters.compose import Words
from bot.conversation.letters.counter import answering, sentence, wrong
from bot.conversation.letters.facts import evidence
from bot.conversation.letters.matter import Claim, Matter
from bot.conversation.letters.pieces import chunks

MOST = 4
"""Claims that one letter answers; more would hide the ones that count."""


def letter(matter: Matter) -> Words:
    """Without any claim on record it tells what is wrong and lists the proof."""
    t = matter.t
    rules: dict[str, str] = {}
    key = "answers.claims.open" if matter.known("order_no") else "answers.claims.open_plain"
    opening = t.plain(key, order_no=matter.value("order_no") if matter.known("order_no") else "", wrong=wrong(matter))
    told = [_claim(matter, claim, rules) for claim in matter.claims[:MOST]]
    if not told and matter.known("detail"):
        told = [t.plain("answers.detail", detail=matter.value("detail"))]
    proof = evidence(matter)
    request = t.plain("answers.claims.request")
    facts = chunks([*told, *proof])
    return Words(opening, facts, request, "", chunks([opening, *told, *proof, request]), "evidence", rules=rules)


def _claim(matter: Matter, claim: Claim, rules: dict[str, str]) -> str:
    t = matter.t
    # One article for the whole letter: the next claims are answered without.
    said = sentence(matter, claim.ground, rules) if not rules else sentence_without_law(matter, claim.ground)
    have, _ = answering(matter, claim.ground)
    given = sorted({number for each in have.values() for number in each})
    shown = t.plain("answers.claims.see", named=numbers(t, given)) if given else ""
    quote = t.plain(f"answers.claims.quote_{claim.who}", quote=claim.quote)
    return quote + said + shown


def sentence_without_law(matter: Matter, ground: str) -> str:
    """What is said to a ground where an article was cited already."""
    rules: dict[str, str] = {}
    text = sentence(matter, ground, rules)
    return text if not rules else matter.t.plain("answers.claims.look")
