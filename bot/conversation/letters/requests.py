"""The one request of a letter, and the others that could be made instead."""

from dataclasses import dataclass

from bot.catalog.problems import Request
from bot.conversation.letters import wording
from bot.conversation.letters.matter import MONEY, Matter, names_in

OWN_STAGES = frozenset(
    {"return_agreed", "remedy_promised", "refund_agreed", "decided_for", "decided_partly", "outside"}
)
"""Stages in which the usual request of the problem no longer fits: it was granted, or somebody else decides."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, ready to be put into a letter."""

    id: str
    name: str
    text: str


def asks(matter: Matter) -> list[Ask]:
    """Every request that fits now, the usual one first. Never empty."""
    stage = matter.state.stage
    found = []
    if matter.state.rest and not matter.seller:
        found.append(_rest(matter))
    if stage in OWN_STAGES and matter.problem.stage != stage:
        found.append(_own(matter))
    fitting = [each for each in matter.problem.requests if _fits(matter, each)]
    for each in fitting:
        plain = each.id.endswith("_plain")
        if plain and found and found[-1].id != f"own_{stage}":
            continue  # the same request as the one before it, but without the amount
        text = each.service if matter.kind in ("service", "punish") else each.merchant
        found.append(Ask(each.id, each.name, text.format(**matter.values(text))))
    if not found:
        last = matter.problem.requests[-1]
        text = last.service if matter.kind in ("service", "punish") else last.merchant
        found.append(Ask(last.id, last.name, text.format(**matter.values(text))))
    names: dict[str, Ask] = {}
    for ask in found:
        names.setdefault(ask.name, ask)
    return list(names.values())


def chosen(matter: Matter, wanted: str) -> Ask:
    """The request of that id if it fits, else the usual one."""
    fitting = asks(matter)
    return next((ask for ask in fitting if ask.id == wanted), fitting[0])


def _fits(matter: Matter, request: Request) -> bool:
    texts = (*names_in(request.service), *names_in(request.merchant))
    goods = matter.state.text("goods") or matter.problem.goods or "normal"
    return (
        all(matter.known(fact) for fact in (*request.needs, *texts))
        and (not request.stages or matter.state.stage in request.stages)
        and (not request.orders or matter.order in request.orders)
        and (not request.goods or goods in request.goods)
    )


def _rest(matter: Matter) -> Ask:
    """Part of the money is here: what is still missing."""
    rest, arrived = matter.state.rest or 0, int(matter.state.facts["refunded_amount"])
    key = f"letters.own.{'service' if matter.kind == 'service' else 'merchant'}.rest"
    text = matter.t.plain(key, rest=wording.money(matter.t, rest), arrived=wording.money(matter.t, arrived))
    return Ask("own_rest", matter.t.plain("letters.own.name.rest"), text)


def _own(matter: Matter) -> Ask:
    t, stage = matter.t, matter.state.stage
    group = f"letters.own.{'seller_' if matter.seller else ''}{'service' if matter.kind == 'service' else 'merchant'}"
    money = _money(matter)
    key = f"{group}.{stage}_money"
    text = t.plain(key, money=money) if money and t.has(key) else t.plain(f"{group}.{stage}")
    return Ask(f"own_{stage}", t.plain(f"letters.own.name.{stage}"), text)


def _money(matter: Matter) -> str:
    """The amount that the problem is about, or what was promised instead; empty if it is not known."""
    state = matter.state
    promised = state.facts.get("promised_amount")
    if state.stage in ("remedy_promised", "refund_agreed") and isinstance(promised, int):
        return wording.money(matter.t, promised)
    if state.stage == "remedy_promised":
        return ""
    fact = next((need for need in matter.problem.requests[0].needs if need in MONEY), "")
    if state.stage == "return_agreed" and fact != "amount":
        return ""
    return matter.value(fact) if fact and matter.known(fact) else ""
