"""What a problem file says of rules, facts, rungs, advice and questions that stand elsewhere."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.catalog.problems import FACTS, GoodsKind, Problem, RefundType
from bot.catalog.texts import PLACEHOLDER
from bot.catalog.wording import open_places, part, pieces, said_wrong, sentence
from bot.domain.machine import OrderState
from bot.domain.schedule import ANCHOR_FACT

if TYPE_CHECKING:
    from bot.catalog.content import Catalog

ALWAYS_KNOWN = frozenset({"goods", "now"})
"""Facts that a sentence may use without listing them: there is a name or a noun, and there is a clock."""

_PARTS = frozenset(
    {"name", "short", "noun", "when", "headline", "warning", "why", "how", "service", "merchant", "example"}
)
"""Keys whose text is put into a line; those under ``do`` too."""
_Texts = Sequence[tuple[str, str]]
"""Every text of a problem with its key (`pieces`)."""
_LADDER_ORDER = ("12315", "association")


def problem_mistakes(catalog: "Catalog") -> Iterator[str]:
    """Every mistake of every problem, as "problems/<id>.toml: key: what"."""
    for problem in catalog.problems.values():
        for mistake in _problem(problem, catalog):
            yield f"problems/{problem.id}.toml: {mistake}"


def _problem(problem: Problem, catalog: "Catalog") -> Iterator[str]:
    texts = tuple(pieces(problem))
    yield from _rules(problem, catalog)
    yield from _clocks(problem, catalog)
    yield from _facts(problem, catalog, texts)
    yield from _letters(texts, catalog)
    yield from _requests(problem)
    yield from _form(problem, catalog)
    yield from _ladder(problem, catalog)
    yield from _ends(problem, texts)
    for key, text in texts:
        yield from (f"{key}: {what}" for what in said_wrong(text, catalog.wording, catalog.wording.names))
    yield from (f"evidence: {name} is listed twice" for name in _twice(item.id for item in problem.evidence))
    if problem.closing not in {*catalog.advice, *catalog.merchant_advice}:
        yield f"closing: there is no advice {problem.closing}"
    if problem.door and problem.stage is None:
        yield "stage: a door leads into a stage"


def _rules(problem: Problem, catalog: "Catalog") -> Iterator[str]:
    for rule in problem.rules:
        if not catalog.rules.versions(rule):
            yield f"rules: there is no rule {rule}"
    yield from (f"rules: {name} is listed twice" for name in _twice(problem.rules))
    law = problem.refused.law
    if law:
        versions = catalog.rules.versions(law)
        if not versions:
            yield f"refused.law: there is no rule {law}"
        elif versions[-1].tag != "LAW" or not versions[-1].law:
            yield f"refused.law: {law} cites no article"
    if bool(law) != ("{law}" in problem.refused.text):
        yield "refused.text: {law} and the key law belong together"


def _clocks(problem: Problem, catalog: "Catalog") -> Iterator[str]:
    for number, clock in enumerate(problem.clocks):
        versions = catalog.rules.versions(clock.rule)
        if not versions:
            yield f"clocks.{number}.rule: there is no rule {clock.rule}"
            continue
        counted = catalog.rules.clock(clock.rule, versions[-1].effective_until or date.max)
        if counted is None or counted.span is None or not counted.hard:
            yield f"clocks.{number}.rule: {clock.rule} has no span that may be counted"
        elif counted.starts not in ANCHOR_FACT:
            yield f"clocks.{number}.rule: no fact starts {clock.rule}, it begins with {counted.starts}"


def _facts(problem: Problem, catalog: "Catalog", texts: _Texts) -> Iterator[str]:
    for key, names in (("asks", problem.asks), ("key_facts", problem.key_facts)):
        yield from _unknown(key, names)
    for ask in problem.asks:
        if not catalog.texts.has(f"ask.{ask}.text"):
            yield f"asks: the locale has no question ask.{ask}.text"
    for number, paragraph in enumerate(problem.paragraphs):
        yield from _unknown(f"paragraphs.{number}.needs", paragraph.needs)
        yield from _unknown(f"paragraphs.{number}.without", paragraph.without)
        for name in sorted({*paragraph.needs} & {*paragraph.without}):
            yield f"paragraphs.{number}.without: {name} is needed too"
        yield from _filled(f"paragraphs.{number}.text", paragraph.text, paragraph.needs)
    for number, request in enumerate(problem.requests):
        yield from _unknown(f"requests.{number}.needs", request.needs)
        yield from _filled(f"requests.{number}.service", request.service, request.needs)
        yield from _filled(f"requests.{number}.merchant", request.merchant, request.needs)
    yield from _filled("headline", problem.headline, ())
    filled = ("paragraphs.", "requests.", "headline", "refused.text")
    for key, text in texts:
        if not key.startswith(filled):
            yield from (f"{key}: {what}" for what in open_places(text))
    yield from (f"refused.text: {what}" for what in open_places(problem.refused.text, ("law",)))


def _unknown(key: str, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name not in FACTS:
            yield f"{key}: there is no fact {name}"


def _filled(key: str, text: str, needs: Sequence[str]) -> Iterator[str]:
    yield from (f"{key}: {what}" for what in open_places(text, FACTS))
    for name in PLACEHOLDER.findall(text):
        if name in FACTS and name not in ALWAYS_KNOWN and name not in needs:
            yield f"{key}: {{{name}}} is not listed under needs"


def _letters(texts: _Texts, catalog: "Catalog") -> Iterator[str]:
    for key, text in texts:
        if key.startswith(("paragraphs.", "headline", "refused.text")) or key.endswith((".service", ".merchant")):
            for word in catalog.wording.letters:
                if word in text:
                    yield f"{key}: holds {word}, which no letter says"


def _requests(problem: Problem) -> Iterator[str]:
    yield from (f"requests: {name} is listed twice" for name in _twice(item.id for item in problem.requests))
    if all(item.orders or item.stages or item.goods or item.needs for item in problem.requests):
        yield "requests: one must hold always, without orders, stages, goods and needs"


def _form(problem: Problem, catalog: "Catalog") -> Iterator[str]:
    types = problem.app.types
    yield from (f"app.types: {name} is listed twice" for name in _twice(types))
    if problem.service.button not in catalog.wording.service_buttons:
        yield f"service.button: {problem.service.button} is no button of the service page"
    if problem.service.button == catalog.wording.side_button:
        yield f"service.button: {problem.service.button} is a side action"
    if problem.side == "merchant":
        if types:
            yield "app.types: a merchant applies for no refund"
        return
    if not problem.app.harms:
        yield "app.harms: the walk names at least one reason that harms"
    for reason in problem.app.reasons:
        if any(harm.reason == reason for harm in problem.app.harms):
            yield f"app.reasons: {reason} is one of the harmful ones"
    for order in problem.orders:
        if not any(_fits(kind, order, problem.goods or "normal") for kind in types):
            yield f"app.types: none is left for an order that is {order}"


def _fits(kind: RefundType, order: OrderState, goods: GoodsKind) -> bool:
    """Whether the app may offer that type (rule ``pdd.refund.types``)."""
    return (
        kind == "refund_only" or (order != "unshipped" and goods == "normal") or (kind == "resend" and goods == "fresh")
    )


def _ladder(problem: Problem, catalog: "Catalog") -> Iterator[str]:
    for rung in problem.ladder:
        if rung not in catalog.rungs:
            yield f"ladder: there is no rung {rung}"
    yield from (f"ladder: {name} is listed twice" for name in _twice(problem.ladder))
    first, then = (problem.ladder.index(rung) if rung in problem.ladder else -1 for rung in _LADDER_ORDER)
    if -1 < then < first or (then > -1 and first == -1):
        yield "ladder: association comes after 12315"
    if "court" in problem.ladder[:-1]:
        yield "ladder: court comes last"


def _ends(problem: Problem, texts: _Texts) -> Iterator[str]:
    if problem.first:
        yield from (f"first: {what}" for what in sentence(problem.first))
    for key, text in texts:
        *_, last = key.split(".")
        if key in ("refused.text", "detail.ask") or (key.startswith("paragraphs.") and last == "text"):
            yield from (f"{key}: {what}" for what in sentence(text))
        elif last in _PARTS or key.startswith("do."):
            yield from (f"{key}: {what}" for what in part(text))


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)
