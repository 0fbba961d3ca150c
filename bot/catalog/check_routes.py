"""What walks, rungs and advice say of each other and of the rules."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

from bot.catalog.routes import PLACEHOLDERS, Phone, Route, RouteKind, Rung
from bot.catalog.texts import PLACEHOLDER
from bot.catalog.wording import open_places, part, pieces, said_wrong, sentence

if TYPE_CHECKING:
    from bot.catalog.content import Catalog

MOST_SENTENCES = 2
_SENT = frozenset({"agent_words", "times"})


def route_mistakes(catalog: "Catalog") -> Iterator[str]:
    """Every mistake of the walks, as "routes/<id>.toml: key: what"."""
    for route in catalog.routes.values():
        for mistake in _route(route, catalog):
            yield f"routes/{route.id}.toml: {mistake}"
    service = [route for route in catalog.routes.values() if route.kind == "service"]
    for phone in get_args(Phone):
        if all(route.phone != phone for route in service):
            yield f"routes: service: there is no walk for {phone or 'any phone'}"
    if not any("button" in _used(route) for route in service):
        yield "routes: service: no walk shows the problem's {button}"
    for kind in get_args(RouteKind):
        if kind != "service" and all(route.kind != kind for route in catalog.routes.values()):
            yield f"routes: {kind}: there is no walk of this kind"


def rung_mistakes(catalog: "Catalog") -> Iterator[str]:
    """Every mistake of the ladder, as "ladder.toml: <rung>.key: what"."""
    for rung in catalog.rungs.values():
        for mistake in _rung(rung, catalog):
            yield f"ladder.toml: {rung.id}.{mistake}"


def advice_mistakes(catalog: "Catalog") -> Iterator[str]:
    """Every mistake of the advice, as "advice/before_buying.toml: <id>.key: what"."""
    for item in (*catalog.advice.values(), *catalog.merchant_advice.values()):
        where = f"advice/before_buying.toml: {item.id}"
        yield from (f"{where}.text: {what}" for what in sentence(item.text))
        yield from (f"{where}.closing: {what}" for what in part(item.closing))
        for key, text in pieces(item):
            for what in (*open_places(text), *said_wrong(text, catalog.wording, catalog.wording.names)):
                yield f"{where}.{key}: {what}"


def _route(route: Route, catalog: "Catalog") -> Iterator[str]:
    yield from _steps(route, catalog)
    yield from _fallbacks(route, catalog)
    yield from _words(route)
    for key, text in pieces(route):
        yield from (f"{key}: {what}" for what in said_wrong(text, catalog.wording, catalog.wording.names))


def _steps(route: Route, catalog: "Catalog") -> Iterator[str]:
    seen: set[str] = set()
    for number, step in enumerate(route.steps):
        key = f"steps.{number}"
        if step.id in seen:
            yield f"{key}.id: {step.id} is used twice, the second is never reached"
        seen.add(step.id)
        if step.rule and not catalog.rules.versions(step.rule):
            yield f"{key}.rule: there is no rule {step.rule}"
        for what in (*open_places(step.text, PLACEHOLDERS), *sentence(step.text, MOST_SENTENCES)):
            yield f"{key}.text: {what}"
        for what in (*open_places(step.otherwise), *sentence(step.otherwise, MOST_SENTENCES)):
            yield f"{key}.otherwise: {what}"


def _fallbacks(route: Route, catalog: "Catalog") -> Iterator[str]:
    passed = [route.id]
    here = route
    while here.fallback:
        if here.fallback not in catalog.routes:
            if here is route:
                yield f"fallback: there is no walk {here.fallback}"
            return
        here = catalog.routes[here.fallback]
        if here.id == route.id:
            yield f"fallback: leads back to {route.id}"
        if here.id in passed:
            return
        passed.append(here.id)


def _words(route: Route) -> Iterator[str]:
    used = _used(route)
    sends = bool(route.agent_words)
    if sends != (route.agent_repeat > 0):
        yield "agent_repeat: the words and how often they are sent belong together"
    if sends != (used >= _SENT) or (not sends and used & _SENT):
        yield "agent_words: a step says them with {agent_words} and {times}"
    wanted = {"service": "service", "punish": "punish"}.get(route.kind)
    if wanted and route.hands != wanted:
        yield f"hands: a walk of kind {route.kind} ends with the words for it ({wanted})"
    if route.kind == "apply" and not used >= {"types", "reasons", "harms"}:
        yield "steps: an application names {types}, {reasons} and {harms}"


def _used(route: Route) -> frozenset[str]:
    return frozenset(name for step in route.steps for name in PLACEHOLDER.findall(step.text))


def _rung(rung: Rung, catalog: "Catalog") -> Iterator[str]:
    if rung.takes and not catalog.rules.versions(rung.takes):
        yield f"takes: there is no rule {rung.takes}"
    if bool(rung.takes) == bool(rung.takes_plain):
        yield "takes: either a rule or plain words say how long it takes"
    if rung.limit:
        versions = catalog.rules.versions(rung.limit)
        if not versions:
            yield f"limit: there is no rule {rung.limit}"
        elif versions[-1].tag != "LAW":
            yield f"limit: {rung.limit} is no law"
    if rung.route and rung.route not in catalog.routes:
        yield f"route: there is no walk {rung.route}"
    if not rung.either:
        yield "either: it is not said that it can go either way"
    for key, text in pieces(rung):
        for what in (*open_places(text), *part(text), *said_wrong(text, catalog.wording, catalog.wording.names)):
            yield f"{key}: {what}"
