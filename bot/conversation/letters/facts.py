"""The facts of a letter, each as one sentence, in the order in which they happened."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.catalog.problems import Paragraph
from bot.conversation.evidence import came, kind, listed, numbers, only_ticked
from bot.conversation.letters.matter import CONTACT, Matter, names_in
from bot.domain.facts import Proof
from bot.domain.moment import Moment

_RETURN = ("return_agreed", "return_shipped", "return_tracking", "return_signed")
_NAMES = {"return_tracking": "return_tracking", "refund_agreed": "refund_agreed_at"}
_LONGEST_LIST = 120


@dataclass(slots=True)
class _Group:
    """A dated sentence and the undated ones that belong to it."""

    told: Moment | None
    templates: list[str] = field(default_factory=list)


def sentences(matter: Matter) -> list[str]:
    """All sentences of the facts, without the list of evidence."""
    return _told(matter, _ordered(matter, list(_templates(matter))))


def shows(matter: Matter, fact: str) -> bool:
    """Whether a sentence of the letter tells that fact."""
    return any(fact in names_in(template) for template in _templates(matter))


def used(matter: Matter) -> list[str]:
    """Facts that the sentences tell, in their order."""
    found = [fact for template in _templates(matter) for fact in names_in(template)]
    return list(dict.fromkeys(fact for fact in found if fact not in ("now", "goods", "type")))


def speaks_of_now(matter: Matter) -> bool:
    """Whether the letter claims how things stand at this moment (到…，仍未发货; the other side's time is over)."""
    over = matter.phase.endswith("_over") or matter.shipping_late is not None
    return over or any("now" in names_in(template) for template in _templates(matter))


def evidence(matter: Matter) -> list[str]:
    """证据1：整箱和面单；证据2、证据5：… as sentences that are not too long, without what could not be kept."""
    t, found, current = matter.t, [], ""
    for name, given in _by_name(matter).items():
        one = t.plain("letters.proof.one", numbers=numbers(t, given), name=name)
        if current and len(current) + len(one) > _LONGEST_LIST:
            found.append(current + "。")
            current = ""
        current += ("；" if current else "") + one
    return [*found, current + "。"] if current else found


def new_proof(matter: Matter) -> list[int]:
    """Numbers of the evidence that came after the platform's decision: why it is worth asking again."""
    decided = matter.moment("decided_at")
    if decided is None or matter.state.stage not in ("decided_against", "not_accepted", "decided_partly"):
        return []
    after = decided.latest(matter.zone) if decided.precision != "minute" else decided.at
    return [each.number for each in listed(matter.state) if came(each) and each.at and each.at > after]


def since_decision(matter: Matter) -> list[str]:
    """证据4是结果之后补充的。"""
    found = new_proof(matter)
    return [matter.t.plain("letters.proof.since", numbers=numbers(matter.t, found))] if found else []


def proof_names(matter: Matter) -> list[str]:
    """What the pieces of evidence are called, each once."""
    return list(_by_name(matter))


def _by_name(matter: Matter) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for proof in listed(matter.state):
        if came(proof) or only_ticked(proof):
            found.setdefault(proof_name(matter, proof), []).append(proof.number)
    return found


def proof_name(matter: Matter, proof: Proof) -> str:
    """What a piece of evidence is called in letters."""
    names = {each.id: each.name for each in matter.problem.evidence}
    if proof.item in names:
        return names[proof.item]
    key = f"proof.record.{proof.item}.name"
    if proof.item and matter.t.has(key):
        return matter.t.plain(key)
    return matter.t.plain(f"letters.proof.other.{kind(proof)}")


def _templates(matter: Matter) -> Iterator[str]:
    applying = [each for each in matter.problem.paragraphs if _applies(matter, each)]
    yield from _order(matter)
    yield from (each.text for each in applying if not each.late)
    yield from _application(matter)
    late = [each.text for each in applying if each.late]
    yield from late
    yield from _now(matter, applying)


def _applies(matter: Matter, paragraph: Paragraph) -> bool:
    needs = {*paragraph.needs, *names_in(paragraph.text)}
    return (
        all(matter.known(fact) for fact in needs)
        and not any(matter.known(fact) for fact in paragraph.without)
        and (not paragraph.stages or matter.state.stage in paragraph.stages)
        and (not paragraph.orders or matter.order in paragraph.orders)
    )


def _order(matter: Matter) -> Iterator[str]:
    t = matter.t
    if matter.kind != "merchant" and not matter.seller:
        ordered, paid = matter.known("ordered_at"), matter.known("amount")
        parts = [t.plain("letters.fact.ordered")] if ordered else []
        parts += [t.plain("letters.fact.goods")] if ordered and matter.known("goods_name") else []
        parts += [t.plain("letters.fact.paid")] if paid else []
        if parts:
            yield "，".join(parts) + "。"
    if matter.order == "unshipped":
        hours, until = matter.shipping_promise, matter.known("promised_until")
        if hours:
            key = "letters.order_promise_hours_until" if until else "letters.order_promise_hours"
            yield t.plain(key).replace("{hours}", str(hours))
        elif until:
            yield t.plain("letters.order_promise_until")


def _application(matter: Matter) -> Iterator[str]:
    """What the application, the merchant, the platform and the service did."""
    state = matter.state
    first, last = state.moment("first_applied_at"), state.moment("applied_at")
    if first is not None and last is not None and first != last:
        yield from _line(matter, "first_applied", "first_applied_at")
    yield from _line(matter, "applied", "applied_at")
    if matter.known("rejected_at"):
        yield from _line(matter, "rejected_reason" if matter.known("reject_reason") else "rejected", "rejected_at")
    else:
        yield from _line(matter, "reason", "reject_reason")
    yield from _remedy(matter)
    told = {fact for each in matter.problem.paragraphs for fact in names_in(each.text)}
    for name in (*_RETURN, "refund_agreed"):
        fact = _NAMES.get(name, f"{name}_at")
        if fact not in told:
            yield from _line(matter, name, fact)
    yield from _line(matter, "intervened", "intervened_at")
    yield from _line(matter, "proof_wanted", "proof_wanted_at")
    yield from _line(matter, "proof_sent", "proof_sent_at")
    if state.stage in ("decided_for", "decided_partly", "decided_against", "not_accepted") and not matter.seller:
        yield from _line(matter, state.stage, "decided_at")
    if matter.kind != "merchant":
        yield from _line(matter, "service", "service_at")
        yield from _line(matter, "service_words", "service_words")
        yield from _line(matter, "service_until", "service_until")
        yield from _line(matter, "ticket", "ticket_no")


def _remedy(matter: Matter) -> Iterator[str]:
    if not matter.known("promise"):
        return
    key = "remedy" if matter.known("remedy_promised_at") else "remedy_undated"
    yield from _line(matter, f"{key}_until" if matter.known("promise_until") else key, "promise")


def _now(matter: Matter, applying: Iterable[Paragraph]) -> Iterator[str]:
    """What is still so at this moment, unless the problem's own paragraphs say it."""
    stage, t = matter.state.stage, matter.t
    own = [each.text for each in applying if "now" in names_in(each.text)]
    waits = any("waiting_merchant" in each.stages for each in matter.problem.paragraphs)
    if matter.phase == "waiting_over" and not waits:
        yield from _line(matter, "waiting_over")
    elif matter.phase == "remedy_over":
        yield from _line(matter, "broken")
    elif stage in ("refund_agreed", "decided_for"):
        money = set(t.plain("letters.money_words"))
        refunds = any("amount" in each.needs for each in matter.problem.requests[:1])
        if refunds and not any(money & set(text) for text in own):
            yield from _line(matter, "not_arrived")


def _line(matter: Matter, name: str, *needs: str) -> Iterator[str]:
    t = matter.t
    groups = ["letters.fact"]
    if matter.kind == "merchant" and not matter.seller:
        groups.insert(0, "letters.to_merchant")
    if matter.seller:
        groups.insert(0, "letters.seller")
    key = next(f"{group}.{name}" for group in groups if t.has(f"{group}.{name}"))
    template = t.plain(key)
    if template != "-" and all(matter.known(fact) for fact in (*needs, *names_in(template))):
        yield template


def _anchor(template: str) -> str | None:
    """The date on which the sentence hangs: its first one that says when something happened."""
    return next((fact for fact in names_in(template) if fact == "now" or fact.endswith("_at")), None)


def _ordered(matter: Matter, templates: list[str]) -> list[str]:
    """By day, and within a day by the clock if every sentence of that day has one."""
    groups = [_Group(None)]
    for template in templates:
        fact = _anchor(template)
        if fact is None or (fact in CONTACT and not matter.known(fact)):
            groups[-1].templates.append(template)
        else:
            told = Moment(matter.as_of) if fact == "now" else matter.moment(fact)
            groups.append(_Group(told, [template]))
    days: dict[object, list[_Group]] = {}
    for group in groups[1:]:
        if group.told is not None:
            days.setdefault(group.told.at.astimezone(matter.zone).date(), []).append(group)
    result = list(groups[0].templates)
    for day in sorted(days, key=str):
        same = days[day]
        if all(group.told is not None and group.told.precision != "day" for group in same):
            same.sort(key=lambda group: group.told.at if group.told else matter.now)
        result += [template for group in same for template in group.templates]
    return result


def _told(matter: Matter, templates: list[str]) -> list[str]:
    prefix = matter.t.plain("letters.now_prefix")
    result: list[str] = []
    last_day, last_now = None, False
    for template in templates:
        fact = _anchor(template)
        if fact == "now" and last_now and template.startswith(prefix):
            rest = template.removeprefix(prefix)
            result[-1] = result[-1].removesuffix("。") + "，" + rest.format(**matter.values(rest))
            continue
        last_now = fact == "now" and template.startswith(prefix)
        told = matter.moment(fact) if fact and fact != "now" else None
        day = told.at.astimezone(matter.zone).date() if told else None
        same = fact if fact and day is not None and day == last_day and template.startswith(f"{{{fact}}}") else ""
        result.append(template.format(**matter.values(template, same)))
        if day is not None:
            last_day = day
        if "_until}" in template or fact == "now":
            last_day = None
    return result
