"""After the words were sent: recorded with its date, and what came of it: nobody answered, or somebody did."""

from datetime import timedelta

from bot.conversation import formats
from bot.conversation.letters.linter import asks_withdrawal
from bot.conversation.places import moments
from bot.conversation.places.card import reminded_at
from bot.conversation.places.service import heading, service_route
from bot.conversation.places.walk import RECENT, route_in_use, walked_routes
from bot.conversation.places.words_answer import back_to_case, merchant_said, promise, service_said
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Case
from bot.domain.moment import Moment

FOLLOW_UP = "timer.follow_up"
TWICE = timedelta(minutes=10)
"""我已经发了, pressed again so soon, is the same sending."""


def posted(turn: Turn, number: str, kind: str = "service") -> View | None:
    """我已经发了 on a letter. While the letter is the present screen it is recorded at once; pressed later, on the
    letter further up, it asks when that was (the button of a kept message stays there for good)."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    at_once = any(choice[1] == f"posted:{number}:{kind}" for choice in turn.session.choices)
    last = turn.state(case).moment("contacted_at" if kind == "merchant" else "service_at")
    if at_once:
        _sent(turn, number, kind)
        # The entry is made while the screen is drawn: what follows from it is derived now.
        turn.settle()
    if at_once or (last is not None and turn.now - last.at < TWICE):
        turn.fresh = True
        turn.go(f"sent_how:{number}:{kind}")
        return sent_how(turn, number, kind)
    t = turn.t
    options = [Option(t.plain(f"ask.when.{choice}"), f"posted_at:{number}:{kind}:{choice}") for choice in moments.QUICK]
    return View(lines(heading(turn, case), t("words.posted.ask")), pairs([*options, back_to_case(turn, case)]))


def _posted_at(turn: Turn, number: str, kind: str, choice: str) -> None:
    _sent(turn, number, kind, moments.quick(turn, choice))


def _sent(turn: Turn, number: str, kind: str = "service", when: Moment | None = None) -> None:
    """我已经发了 / 已发给客服: starts the follow-up."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        turn.go("home")
        return
    told = (when or Moment(turn.said)).to_json()
    if kind == "merchant":
        turn.record(case, "facts", {"contacted_at": told})
    else:
        turn.record(case, "sent", {"service_at": told})
    turn.fresh = True
    turn.go(f"sent_how:{number}:{kind}")


def sent_how(turn: Turn, number: str, kind: str = "service") -> View | None:
    """When it was sent, when I ask again, and what can have come of it."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    t, state = turn.t, turn.state(case)
    seller = state.text("side") == "merchant"
    told = state.moment("contacted_at" if kind == "merchant" else "service_at") or Moment(turn.now)
    when = formats.moment(t, told, turn.zone, turn.now)
    key = {"service": "service", "merchant": "buyer" if seller else "merchant"}.get(kind, "form")
    follow = _follow(turn, case) if kind != "merchant" else ""
    text = lines(heading(turn, case), t(f"words.sent.{key}", when=when), follow)
    options: list[Option] = []
    if kind == "service":
        options = [
            Option(t.plain("words.sent.answered"), f"answered:{number}"),
            Option(t.plain("words.sent.no_human"), f"nohuman:{number}", words=("@no",)),
            Option(t.plain("words.sent.ticket"), f"ticket:{number}"),
        ]
    elif kind == "merchant":
        options = [Option(t.plain("more_case.results"), f"results:{number}:all")]
        if not seller:
            options.append(Option(t.plain("words.sent.merchant_answered"), f"merchant_answer:{number}"))
    return View(text, pairs([*options, back_to_case(turn, case)]))


def _follow(turn: Turn, case: Case) -> str:
    deadline = next((each for each in turn.schedule(case).deadlines if each.rule == FOLLOW_UP), None)
    if deadline is None or turn.state(case).muted or turn.state(case).facts.get("loose"):
        return ""
    return turn.t.plain(
        "words.sent.follow", when=formats.relative(turn.t, reminded_at(turn, case, deadline), turn.zone, turn.now)
    )


def _no_human(turn: Turn, number: str, route: str = "") -> None:
    """没转到人工: dated, and the next way to a person."""
    case = turn.case(number)
    if case is None:
        turn.go("home")
        return
    used = route if route in turn.catalog.routes else route_in_use(turn, case)
    if not route and used in _failed(turn, case):
        # Said again without another walk: it was the way that had been proposed.
        used = _next_way(turn, case, used) or used
    case = turn.record(case, "missed_human", {"route": used})
    following = _next_way(turn, case, used)
    turn.go(f"way:{number}:{following}" if following else f"way:{number}")


def _failed(turn: Turn, case: Case) -> set[str]:
    """Ways by which nobody was reached within a day."""
    return {
        str(entry.data.get("route", ""))
        for entry in case.entries
        if entry.kind == "missed_human" and turn.now - entry.at < RECENT
    }


def _next_way(turn: Turn, case: Case, used: str) -> str:
    """The first way to a person that was not tried: from this phone's usual one on, the telephone last."""
    tried = {*_failed(turn, case), *walked_routes(turn, case)}
    return next((way for way in (*_ways(turn, service_route(turn, case)), *_ways(turn, used)) if way not in tried), "")


def _ways(turn: Turn, route: str) -> list[str]:
    """Routes to a person, from one along their fallbacks."""
    chain: list[str] = []
    while route in turn.catalog.routes and route not in chain:
        chain.append(route)
        route = turn.catalog.routes[route].fallback
    return chain


def way(turn: Turn, number: str, route: str = "") -> View | None:
    """The next way to a person, or that all were tried."""
    case = turn.case(number)
    if case is None:
        return None
    t, found = turn.t, turn.catalog.routes.get(route)
    if found is None:
        text = t("words.no_human.last")
        first = Option(t.plain("words.no_human.again"), f"walk:{service_route(turn, case)}:0:{number}")
    else:
        text = t("words.no_human.text", route=found.name)
        first = Option(t.plain("words.no_human.go"), f"walk:{route}:0:{number}", words=("@yes", "@next"))
    words = Option(t.plain("words.for_service"), f"words:{number}:service")
    return View(text, pairs([first, words, back_to_case(turn, case)]))


def _type_sent(turn: Turn, text: str, number: str, kind: str = "service") -> bool:
    """What is pasted after the words were sent is the answer to them, if it asks to withdraw or names a time."""
    case = turn.case(number)
    if case is None or not (asks_withdrawal(text) or (kind == "service" and promise(turn, text))):
        return False
    return merchant_said(turn, text, number) if kind == "merchant" else service_said(turn, text, number)


PLACES = {"posted": posted, "sent_how": sent_how, "way": way}
ACTS = {"sent": _sent, "posted_at": _posted_at, "nohuman": _no_human}
TYPED = {"sent_how": _type_sent}
