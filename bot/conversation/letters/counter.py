"""What to say to an answer: to the very ground of a refusal, to a delay, to an offer; each with the evidence for it.

The sentences stand in ``answers.toml``. One is used only if every fact in it is known; of a problem that has words of
its own, those, then those of its group. At most one article, and only where something was refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.catalog.problems import Evidence
from bot.catalog.texts import Texts
from bot.conversation.evidence import came, listed, numbers, only_ticked
from bot.conversation.letters import wording
from bot.conversation.letters.facts import proof_name
from bot.conversation.letters.matter import Matter, names_in
from bot.conversation.letters.pieces import chunks
from bot.conversation.letters.requests import chosen
from bot.domain.ledger import Answer, Promise
from bot.domain.moment import Moment

GROUPS: Mapping[str, str] = {
    **dict.fromkeys(
        ("spoiled", "quality", "wrong_item", "missing", "not_as_described", "counterfeit", "food_safety", "phone"),
        "fault",
    ),
    **dict.fromkeys(("not_shipped", "out_of_stock", "fake_tracking"), "unsent"),
    **dict.fromkeys(("lost", "signed_not_received", "refused_delivery"), "way"),
    **dict.fromkeys(("return_disputed", "returned_no_refund"), "sent_back"),
}
"""Problem -> group of problems that are answered alike; the others have the plain words."""
LAWS: Mapping[str, str] = {
    "fault_fresh": "law.cpl.24",
    "fault_no_fault": "law.cpl.24",
    "fault_policy": "law.cpl.24",
    "fault_resale": "law.cpl.24",
    "no_reason_resale": "law.cpl.25",
    "signed": "law.spc.2022",
    "fault_signed": "law.spc.2022",
    "blames_courier": "law.ecl.20",
}
"""Sentence -> the LAW rule that it cites."""
_ANY = ("fault", "bad", "weight", "video", "item", "compare", "food", "label", "items", "problem", "record", "error")
_SHOWS: Mapping[str, Sequence[str]] = {
    "buyer_damage": ("unpacking", "video", "seal", "box", "boot", "fault", "bad", "report", "pack", "before", "intact"),
    "resale": ("intact", "seal", "pack", "label", "fault", "item", "compare", "box"),
    "too_late": ("signed", "track", "r_apply", "applied", "chat", "r_chat", "entry", "order", "seal"),
    "no_proof": (*_ANY, "box", "unpacking", "boot", "code", "report", "medical", "proof", "receipt"),
    "fresh": ("page", "bad", "weight", "box", "food", "label"),
    "no_fault": (*_ANY, "boot", "report", "code", "page", "unpacking"),
    "shipped": ("track", "track_later", "courier", "order", "parcel", "r_apply"),
    "policy": ("page", "mark", "order", "promise", "words", "chat"),
    "signed": ("unpacking", "box", "weight", "bad", "fault", "item", "items", "track", "places", "calls", "proof"),
    "blames_courier": ("track", "track_later", "courier", "box", "unpacking", "places", "calls", "proof", "parcel"),
}
"""Ground -> the evidence that speaks to it, by its id in the problems' files."""
_QUOTE, _DETAIL = 40, 60


@dataclass(frozen=True, slots=True)
class Said:
    """A text to copy, in pieces that fit; ``rules``: rule id -> version of what it cites."""

    pieces: tuple[str, ...]
    rules: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> str:
        return "".join(self.pieces)


def counter(matter: Matter, answer: Answer, kind: str = "") -> Said:
    """What to say to an answer of that sort (its own by default)."""
    kind = kind or answer.kind
    key = answer.ground or "none_given" if kind == "refuses" else kind
    rules: dict[str, str] = {}
    said = [_opening(matter, answer), _quoted(matter, answer, kind), *_body(matter, key, rules)]
    said += _proofs(matter, key)
    return Said(chunks([*(each for each in said if each), _request(matter, key, answer)]), rules)


def offer(matter: Matter, answer: Answer, how: str, fen: int, wanted: int = 0) -> Said:
    """To a part offer: ``take``, ``refuse`` or ``more`` (then ``wanted`` is asked for); amounts in fen."""
    t = matter.t
    values = {
        "offer": wording.money(t, fen) if fen else "",
        "wanted": wording.money(t, wanted),
        "reply_by": matter.reply_by,
        "request": chosen(matter, "").text,
    }
    key = f"answers.offer.{how}"
    if not fen and t.has(f"{key}_plain"):
        key = f"{key}_plain"
    side = "service" if matter.kind == "service" else "merchant"
    said = [_opening(matter, answer), t.plain(key, **values)]
    if how != "take":
        said += [*_detail(matter), *_proofs(matter, "no_proof")]
    return Said(chunks([*said, t.plain(f"answers.offer.{how}_{side}", **values)]))


def broken(matter: Matter, promise: Promise) -> Said:
    """A promise that was not kept: who said it when, what, until when, and that it has not been done."""
    t = matter.t
    said_at = wording.when(t, Moment(promise.at), matter.zone, matter.now)
    values = {
        "when": said_at,
        "who": t.plain(f"answers.who.{promise.who}"),
        "word": wording.clean(promise.what, 60),
        "now": wording.when(t, Moment(matter.now), matter.zone, matter.now),
        "until": "",
    }
    side = "merchant" if matter.kind == "merchant" else "service"
    key = f"answers.broken.{'agreed' if promise.remedy else 'said'}"
    if matter.kind == "merchant":
        key += "_you"
    if promise.until is not None:
        key += "_until"
        values["until"] = wording.when(t, promise.until, matter.zone, matter.now, end=True)
    done = t.plain(f"answers.broken.not.{_about(t, promise)}", now=values["now"])
    ask = t.plain(f"answers.broken.ask_{side}", reply_by=matter.reply_by, request=_asked(matter, promise))
    ticket = t.plain("letters.fact.ticket", ticket_no=matter.value("ticket_no")) if matter.known("ticket_no") else ""
    first = t.plain("answers.open.order", order_no=matter.value("order_no")) if matter.known("order_no") else ""
    opening = first or t.plain("answers.open.plain")
    body = [opening, ticket if side == "service" else "", t.plain(key, **values), done, ask]
    return Said(chunks([each for each in body if each]))


def _about(t: Texts, promise: Promise) -> str:
    return promise.about if t.has(f"answers.broken.not.{promise.about}") else "other"


def _asked(matter: Matter, promise: Promise) -> str:
    t = matter.t
    side = "merchant" if matter.kind == "merchant" else "service"
    key = f"answers.broken.request.{promise.about}_{side}"
    return t.plain(key if t.has(key) else f"answers.broken.request.other_{side}")


def answering(matter: Matter, ground: str) -> tuple[dict[str, list[int]], list[Evidence]]:
    """The evidence that speaks to a ground: what is there, by name with its numbers, and what could still be made."""
    wanted = _SHOWS.get(ground, ())
    fitting = [each for each in matter.problem.evidence if each.id in wanted] if wanted else []
    if wanted and not fitting:
        fitting = [each for each in matter.problem.evidence if each.id != "chat"]
    order = {each.id: index for index, each in enumerate(fitting)}
    have: dict[str, list[int]] = {}
    given = [each for each in listed(matter.state) if came(each) or only_ticked(each)]
    for proof in sorted(given, key=lambda each: (order.get(each.item, len(order)), each.number)):
        if proof.item in order or proof.item in wanted:
            have.setdefault(proof_name(matter, proof), []).append(proof.number)
    there = {each.item for each in given}
    lacking = [each for each in fitting if each.id not in there and each.urgency != "later"]
    return have, lacking


def named(matter: Matter, have: Mapping[str, Sequence[int]], most: int = 4) -> str:
    """证据1：整箱和面单；证据2：坏的近照"""
    parts = [
        matter.t.plain("letters.proof.one", numbers=numbers(matter.t, given), name=name)
        for name, given in [*have.items()][:most]
    ]
    return matter.t.plain("answers.proof.join").join(parts)


def sentence(matter: Matter, key: str, rules: dict[str, str]) -> str:
    """What is said to a ground or sort: the problem's own words, its group's, or the plain ones."""
    t, problem = matter.t, matter.problem.id
    for name in (f"{problem}_{key}", f"{GROUPS.get(problem, '')}_{key}", key):
        if not t.has(f"answers.ground.{name}"):
            continue
        text = t.plain(f"answers.ground.{name}")
        facts = [fact for fact in names_in(text) if fact not in ("law", "wrong")]
        rule = matter.rules.rule(LAWS[name]) if name in LAWS else None
        if all(matter.known(fact) for fact in facts) and ("{law}" not in text or (rule and rule.law)):
            if rule is not None and "{law}" in text:
                rules[rule.id] = rule.version
            return text.format(law=rule.law if rule else "", wrong=wrong(matter), **_values(matter, facts))
    return ""


def _values(matter: Matter, facts: Sequence[str]) -> dict[str, str]:
    return {fact: matter.value(fact) for fact in facts}


def wrong(matter: Matter) -> str:
    """What is wrong, in half a sentence."""
    headline = matter.problem.headline
    return headline.format(**matter.values(headline))


def _opening(matter: Matter, answer: Answer) -> str:
    t = matter.t
    if matter.known("order_no"):
        return t.plain("answers.open.order", order_no=matter.value("order_no"))
    return t.plain("answers.open.plain")


def _quoted(matter: Matter, answer: Answer, kind: str) -> str:
    """Their own words; what was sorted by hand may have no stretch of its own."""
    read = str(answer.get("why") or "") if kind == answer.kind and not answer.by_hand else ""
    quote = wording.clean(read or answer.text, _QUOTE)
    return matter.t.plain("answers.quoted", quote=quote) if quote else ""


def _body(matter: Matter, key: str, rules: dict[str, str]) -> list[str]:
    t = matter.t
    found = []
    if key == "too_late":
        found += [
            t.plain(f"answers.dated.{fact}", when=matter.value(fact))
            for fact in ("signed_at", "applied_at")
            if matter.known(fact)
        ]
    if key in ("no_fault", "buyer_damage", "signed", "no_proof"):
        found += _detail(matter)
    found.append(sentence(matter, key, rules))
    return found


def _detail(matter: Matter) -> list[str]:
    if not matter.known("detail") or len(matter.value("detail")) > _DETAIL:
        return []
    return [matter.t.plain("answers.detail", detail=matter.value("detail"))]


def _proofs(matter: Matter, key: str) -> list[str]:
    have, _ = answering(matter, key)
    return [matter.t.plain("answers.proof.here", named=named(matter, have))] if have else []


def _request(matter: Matter, key: str, answer: Answer) -> str:
    t = matter.t
    side = "service" if matter.kind == "service" else "merchant"
    own = f"answers.request.{key}_{side}"
    ticket = "" if matter.known("ticket_no") or side == "merchant" else t.plain("answers.request.ticket")
    request = chosen(matter, "").text
    name = own if t.has(own) else f"answers.request.{side}"
    return t.plain(name, request=request, reply_by=matter.reply_by, ticket=ticket)
