"""How to do it in the app: 第2步/共4步, one screen a step, and another way where a button is not there."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.catalog.routes import Route
from bot.conversation.places.beyond import clash, remember
from bot.conversation.places.service import service_route
from bot.conversation.sayings import say_certainty
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.authorities import BODIES
from bot.domain.facts import State
from bot.domain.machine import POSSIBLE, Event
from bot.domain.model import Case

ENDS: Mapping[str, tuple[Event, ...]] = {
    "apply": ("applied",),
    "intervene": ("intervened",),
    "return": ("return_shipped",),
    "proof": ("proof_sent",),
    "merchant": ("intervened", "proof_sent"),
    "other": ("refunded",),
}
"""What a person can report after the last step, by the kind of the walk; only what the stage allows is offered."""
RECENT = timedelta(days=1)
"""A way that failed longer ago may be tried again."""
SEEN_LIMIT = 200
"""Characters kept of what a person saw instead of a button."""


def walk(turn: Turn, route_id: str, index: str, number: str) -> View | None:
    """One step. ``number`` is the case's, or 0 without one."""
    found = _step(turn, route_id, index, number)
    if found is None:
        return None
    route, at, case = found
    _remember(turn, route, case)
    if case is not None and route.kind == "outside":
        remember(turn, case, _rung(turn, route))
    t, step = turn.t, route.steps[at]
    rule = turn.rules(case).rule(step.rule) if step.rule else None
    text = lines(
        t("walk.head", index=at + 1, total=len(route.steps), name=route.name),
        _written_for(turn, route) if at == 0 else "",
        _shut_out(turn, route, case) if at == 0 else "",
        step.text.format(**fillings(turn, route, case)),
        *(_harms(turn, case) if "{harms}" in step.text else ()),
        # On the first step the line above says already that it may have changed.
        "" if at == 0 and rule is None else say_certainty(turn, rule),
    )
    words = ("@unknown", "@no", t.plain("walk.missed_words"))
    missed = Option(t.plain("walk.button.missed"), f"miss:{route_id}:{at}:{number}", words=words)
    back = Option(t.plain("nav.back"), _before(turn, route_id, at, case), words=("@back",))
    if at + 1 < len(route.steps):
        following = Option(t.plain("walk.button.found"), f"walk:{route_id}:{at + 1}:{number}", words=("@next", "@yes"))
        return View(text, pairs([following, missed, back]))
    ends = _ends(turn, route, case)
    # In the last step of a service walk the words are pasted: nothing to look for, the room goes to keeping the case.
    loose = case is not None and bool(turn.state(case).facts.get("loose"))
    if not ends:
        ends = [Option(t.plain("nav.card" if case else "nav.home"), f"card:{number}" if case else "home")]
    return View(text, pairs([*ends, *(() if loose and len(ends) > 4 else (missed,)), back]))


def _remember(turn: Turn, route: Route, case: Case | None) -> None:
    """Which ways to a person were walked: the words fit the last one, and none is proposed twice."""
    if case is None or route.kind not in ("service", "merchant"):
        return
    kept = [each for each in _walked(turn, case) if each[0] != route.id]
    walks = turn.session.draft.get("walked")
    every = walks if isinstance(walks, dict) else {}
    turn.session.draft["walked"] = every | {str(case.number): [*kept, [route.id, turn.now.isoformat()]]}


def _walked(turn: Turn, case: Case) -> list[list[str]]:
    walks = turn.session.draft.get("walked")
    found = walks.get(str(case.number), []) if isinstance(walks, dict) else []
    return [each for each in found if turn.now - datetime.fromisoformat(each[1]) < RECENT]


def walked_routes(turn: Turn, case: Case) -> list[str]:
    """Ways to a person that were walked for that case within a day, the last one last."""
    return [route for route, _ in _walked(turn, case)]


def route_in_use(turn: Turn, case: Case) -> str:
    """The way that was walked last, else the usual one of this phone."""
    return next(iter(reversed(walked_routes(turn, case))), service_route(turn, case))


def _step(turn: Turn, route_id: str, index: str, number: str) -> tuple[Route, int, Case | None] | None:
    route, case = turn.catalog.routes.get(route_id), turn.case(number)
    if route is None or not index.isdecimal() or int(index) >= len(route.steps) or (case is None and number != "0"):
        return None
    return route, int(index), case


def _written_for(turn: Turn, route: Route) -> str:
    if route.kind == "outside" or (route.kind == "service" and not route.agent_words):
        return turn.t("walk.written_for_any")
    known = route.phone or route.written_for[:1].isascii()
    return turn.t("walk.written_for" if known else "walk.written_for_unknown", phone=route.written_for)


def _shut_out(turn: Turn, route: Route, case: Case | None) -> Markup | str:
    """Said before a second body is asked, not after."""
    rung = _rung(turn, route)
    return clash(turn, case, rung) if case is not None and route.kind == "outside" and rung in BODIES else ""


def _rung(turn: Turn, route: Route) -> str:
    return next((rung.id for rung in turn.catalog.rungs.values() if rung.route == route.id), "")


def _before(turn: Turn, route_id: str, at: int, case: Case | None) -> str:
    if at:
        return f"walk:{route_id}:{at - 1}:{case.number if case else 0}"
    if case is None:
        return "home"
    return f"service:{case.number}" if turn.state(case).facts.get("loose") else f"card:{case.number}"


def fillings(turn: Turn, route: Route, case: Case | None) -> dict[str, str]:
    """What the open places of a step say for this case; without one, how to choose oneself."""
    t = turn.t
    filled = {"agent_words": route.agent_words, "times": str(route.agent_repeat)}
    if case is None:
        return filled | {key: t.plain(f"walk.without.{key}") for key in ("button", "types", "reasons", "harms")}
    problem = turn.problem(case)
    join = t.plain("format.list").join
    harms = join(harm.reason for harm in problem.app.harms)
    return filled | {
        "button": problem.service.button,
        "types": t.plain("walk.or").join(t.plain(f"walk.type.{each}") for each in allowed_types(turn, case)[:2]),
        "reasons": join(problem.app.reasons),
        "harms": harms or t.plain("walk.without.harms"),
    }


def allowed_types(turn: Turn, case: Case) -> tuple[str, ...]:
    """The refund types that order state and goods leave, the problem's preferred first (rule ``pdd.refund.types``)."""
    state, problem = turn.state(case), turn.problem(case)
    goods = state.text("goods") or problem.goods or "normal"
    if state.order == "unshipped" or goods == "virtual":
        allowed: tuple[str, ...] = ("refund_only",)
    elif goods == "fresh":
        allowed = ("refund_only", "resend")
    else:
        allowed = ("return_refund", "refund_only", "exchange", "resend", "repair")
    return tuple(each for each in problem.app.types if each in allowed) or allowed[:2]


def _harms(turn: Turn, case: Case | None) -> list[str]:
    if case is None:
        return []
    harms = turn.problem(case).app.harms[:2]
    return [turn.t("walk.harm", reason=harm.reason, why=harm.why) for harm in harms]


def _ends(turn: Turn, route: Route, case: Case | None) -> list[Option]:
    """What the last step hands over and what can be reported after it; at most five."""
    t = turn.t
    if case is None:
        return [Option(t.plain("walk.button.which"), "service")] if route.kind == "service" else []
    number, state = case.number, turn.state(case)
    if not state.open:
        return []
    options = [Option(t.plain("walk.button.words"), f"words:{number}:{route.hands}")] if route.hands else []
    if route.kind == "service":
        options.append(Option(t.plain("walk.button.sent"), f"sent:{number}"))
        options.append(Option(t.plain("walk.button.nohuman"), f"nohuman:{number}:{route.id}"))
        options.append(Option(t.plain("walk.button.answered"), f"answered:{number}"))
        if state.facts.get("loose"):
            options.append(Option(t.plain("walk.button.keep"), f"keep:{number}"))
        return options
    options += [Option(t.plain(f"event.{event}"), f"did:{number}:{event}") for event in _reports(route, state)]
    if route.kind == "merchant" and route.hands:
        options.append(Option(t.plain("walk.button.nohuman"), f"nohuman:{number}:{route.id}"))
    rung = _rung(turn, route)
    if route.kind == "outside" and rung in BODIES:
        options.append(Option(t.plain("ladder.button.handed_in"), f"outside:{number}:{rung}"))
    return options


def _reports(route: Route, state: State) -> list[Event]:
    possible = [event for event in ENDS.get(route.kind, ()) if event in POSSIBLE[state.stage]]
    if route.kind == "other" and state.stage not in ("refund_agreed", "decided_for"):
        return []
    if route.kind == "merchant":
        # Handing in proof and asking for intervention are two walks of one kind; only the first hands over words.
        return [event for event in possible if (event == "intervened") == bool(route.hands)]
    return possible


def _miss(turn: Turn, route_id: str, index: str, number: str) -> None:
    found = _step(turn, route_id, index, number)
    if found is None:
        turn.go("home")
        return
    route, at, _ = found
    turn.misses.append(f"{route.id}/{route.steps[at].id}")
    turn.acted = True
    turn.go(f"missed:{route_id}:{at}:{number}")


def missed(turn: Turn, route_id: str, index: str, number: str) -> View | None:
    """没关系: the step's other way, the other route, or neither."""
    found = _step(turn, route_id, index, number)
    if found is None:
        return None
    route, at, case = found
    t = turn.t
    options = []
    if at + 1 < len(route.steps):
        options.append(
            Option(t.plain("walk.button.worked"), f"walk:{route_id}:{at + 1}:{number}", words=("@yes", "@next"))
        )
    if route.fallback in turn.catalog.routes:
        options.append(Option(t.plain("walk.button.other"), f"walk:{route.fallback}:0:{number}"))
    options.append(
        Option(t.plain("walk.button.still_not"), f"seen:{route_id}:{at}:{number}", words=("@no", "@unknown"))
    )
    options.append(Option(t.plain("nav.back"), f"walk:{route_id}:{at}:{number}", words=("@back",)))
    otherwise = route.steps[at].otherwise.format(**fillings(turn, route, case))
    return View(lines(t("walk.missed", otherwise=otherwise), t("walk.counted")), pairs(options))


def seen(turn: Turn, route_id: str, index: str, number: str) -> View | None:
    """Neither way: what does the person see instead? Can be left for later."""
    found = _step(turn, route_id, index, number)
    if found is None:
        return None
    t, (_, at, case) = turn.t, found
    options = [
        Option(t.plain("walk.button.later"), f"card:{case.number}" if case else "home", words=("@skip", "@stop")),
        Option(t.plain("nav.back"), f"missed:{route_id}:{at}:{number}", words=("@back",)),
    ]
    return View(t("walk.seen.text"), [options])


def _type_seen(turn: Turn, text: str, route_id: str, index: str, number: str) -> bool:
    found = _step(turn, route_id, index, number)
    if found is None:
        return False
    route, _, case = found
    if case is not None:
        turn.record(case, "facts", {"seen": text.strip()[:SEEN_LIMIT]})
    turn.fresh = True
    turn.note = turn.t("walk.seen.kept" if case else "walk.seen.thanks")
    if route.fallback in turn.catalog.routes:
        turn.go(f"walk:{route.fallback}:0:{number}")
    else:
        turn.go(f"card:{case.number}" if case else "home")
    return True


def _type_walk(turn: Turn, text: str, route_id: str, index: str, number: str) -> bool:
    """我没看到 on the last step, where the room of its button is needed."""
    if text.strip().rstrip("。.") not in (turn.t.plain("walk.missed_words"), turn.t.plain("walk.button.missed")):
        return False
    _miss(turn, route_id, index, number)
    return True


PLACES = {"walk": walk, "missed": missed, "seen": seen}
ACTS = {"miss": _miss}
TYPED = {"seen": _type_seen, "walk": _type_walk}
