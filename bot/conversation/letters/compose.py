"""One letter, whole and in pieces. The same facts at the same time give the same text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.conversation.letters import authority
from bot.conversation.letters.facts import evidence, proof_names, sentences, shows, since_decision
from bot.conversation.letters.matter import Matter
from bot.conversation.letters.pieces import chunks
from bot.conversation.letters.requests import chosen

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Words:
    """What is pasted. ``chunks`` is the usual way to copy it; the rest are its parts, each within the limit."""

    headline: str
    facts: tuple[str, ...]
    request: str
    refused: str
    """What to answer if the agent refuses; empty in a letter to the merchant."""
    chunks: tuple[str, ...]
    asked: str
    """Id of the request that it makes."""
    proof: tuple[str, ...] = ()
    """The list of proof, where it is a field of its own."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """Rule id -> version of what it cites."""

    @property
    def whole(self) -> str:
        """The text to send, in one."""
        return "".join(self.chunks)


def compose(matter: Matter, request: str = "") -> Words:
    """Write the letter; ``request`` is the id of a request other than the usual one."""
    if matter.kind == "service":
        return _service(matter, request)
    if matter.kind in authority.KINDS:
        return _fields(matter, request)
    if matter.kind == "evidence":
        from bot.conversation.letters import claims

        return claims.letter(matter)
    return _merchant(matter, request) if matter.kind == "merchant" else _form(matter, request)


def _service(matter: Matter, wanted: str) -> Words:
    t, ask = matter.t, chosen(matter, wanted)
    ticket = "_ticket" if matter.known("ticket_no") else ""
    headline = _open(matter, "service", headline=_headline(matter))
    told = [*sentences(matter), *evidence(matter), *since_decision(matter)]
    request = t.plain(f"letters.request.service{ticket}", request=ask.text, reply_by=matter.reply_by)
    rules: dict[str, str] = {}
    text = _refused(matter, rules)
    refused = t.plain(f"letters.request.refused{ticket}", text=text, attached=_attached(matter))
    return Words(headline, chunks(told), request, refused, chunks([headline, *told, request]), ask.id, rules=rules)


def _merchant(matter: Matter, wanted: str) -> Words:
    t, ask = matter.t, chosen(matter, wanted)
    told = sentences(matter)
    if proof_names(matter):
        told.append(t.plain("letters.proof.attached_photos"))
    if told and shows(matter, "detail") and not matter.seller:
        opening = _open(matter, "merchant", goods=matter.value("goods"))
    else:
        opening = _open(matter, "merchant_headline", headline=_wrong(matter))
    request = t.plain("letters.request.merchant", request=ask.text, reply_by=matter.reply_by)
    first = [opening + told[0], *told[1:]] if told else [opening]
    return Words(opening, chunks(told), request, "", chunks([*first, request]), ask.id)


def _form(matter: Matter, wanted: str) -> Words:
    """What goes into a form: what is wrong, the facts, the evidence, what is wanted. Nobody is greeted or reminded."""
    t, ask = matter.t, chosen(matter, wanted)
    opening = _open(matter, "form", headline=_wrong(matter))
    told = [*sentences(matter), *evidence(matter)]
    request = t.plain(f"letters.request.form_{matter.kind}", request=ask.text)
    return Words(opening, chunks(told), request, "", chunks([opening, *told, request]), ask.id)


def _fields(matter: Matter, wanted: str) -> Words:
    """A form outside the platform, in its own order: facts, request, proof; each field is pasted by itself."""
    matter = authority.masked(matter)
    t, ask = matter.t, chosen(matter, wanted)
    opening = _open(matter, f"form_{matter.kind}", headline=_wrong(matter))
    told, proof = chunks([opening, *sentences(matter)]), chunks(authority.proof_list(matter))
    text = authority.mended(matter, ask.text)
    request = t.plain(f"letters.request.form_{matter.kind}", request=text)
    return Words(opening, told, request, "", (*told, request, *proof), ask.id, proof=proof)


def _open(matter: Matter, name: str, **values: str) -> str:
    if matter.known("order_no"):
        return matter.t.plain(f"letters.open.{name}", order_no=matter.value("order_no"), **values)
    return matter.t.plain(f"letters.open.{name}_plain", **values)


def _wrong(matter: Matter) -> str:
    """What is wrong, in half a sentence."""
    t, problem = matter.t, matter.problem
    text = problem.headline
    to, over = f"letters.headline_to.{problem.id}", f"letters.headline_over.{problem.id}"
    if matter.kind == "merchant" and t.has(to):
        text = t.plain(to)
    elif matter.shipping_late and t.has(over):
        text = t.plain(over)
    return text.format(**matter.values(text))


def _headline(matter: Matter) -> str:
    t, phase = matter.t, matter.phase
    group = "letters.seller" if matter.seller else "letters"
    own = f"letters.phrase_of.{matter.problem.id}_{phase}"
    phrase = t.plain(own if t.has(own) and not matter.seller else f"{group}.phrase.{phase}")
    end = t.plain(f"{group}.end.{phase}")
    if "{asked}" in phrase:
        phrase = phrase.format(asked=t.plain(f"letters.asked.{matter.refund_type}"))
    if "{refuses}" in phrase:
        phrase = phrase.format(refuses=t.plain(f"letters.refuses.{matter.refund_type}"))
    return "，".join(part for part in (_wrong(matter), phrase, end) if part != "-")


def _refused(matter: Matter, rules: dict[str, str]) -> str:
    t, refused = matter.t, matter.problem.refused
    if t.has(f"letters.refused_at.{matter.phase}"):
        return t.plain(f"letters.refused_at.{matter.phase}")
    text, over = refused.text, f"letters.refused_over.{matter.problem.id}"
    late = matter.shipping_late
    if late is not None and t.has(over):
        text = t.plain(over).replace("{over}", _length(matter, late))
    rule = matter.rules.rule(refused.law) if refused.law else None
    if rule is not None:
        rules[rule.id] = rule.version
    values = matter.values(text.replace("{law}", ""))
    return text.format(law=rule.law if rule and rule.law else "", **values)


def _length(matter: Matter, late: timedelta) -> str:
    hours = int(late.total_seconds()) // 3600
    if hours >= 24:
        return matter.t.plain("format.length.days", days=hours // 24)
    if hours:
        return matter.t.plain("format.length.hours", hours=hours)
    return matter.t.plain("format.length.minutes", minutes=max(1, int(late.total_seconds()) // 60))


def _attached(matter: Matter) -> str:
    names = proof_names(matter)[:_MOST_NAMES]
    if not names:
        return ""
    key = "letters.proof.attached_one" if len(names) == 1 else "letters.proof.attached_many"
    return matter.t.plain(key, names=matter.t.plain("format.list").join(names))
