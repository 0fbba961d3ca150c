"""After the words were sent: recorded with its date, and what came of it: nobody answered, or somebody did."""

from bot.conversation import formats
from bot.conversation.letters import wording
from bot.conversation.letters.answers import read_fact
from bot.conversation.letters.cases import context_of, matter_for
from bot.conversation.letters.linter import ticket_in
from bot.conversation.naming import title
from bot.conversation.places.service import service_route
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Case, Json
from bot.domain.moment import Moment

ANSWER_LIMIT = 120
"""Characters of the agent's answer that are kept."""
FOLLOW_UP = "timer.follow_up"
SAID = 30


def _sent(turn: Turn, number: str, kind: str = "service") -> None:
    """我已经发了 / 已发给客服: starts the follow-up."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        turn.go("home")
        return
    told = Moment(turn.said).to_json()
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
    text = lines(title(turn, case), t(f"words.sent.{key}", when=when), follow)
    options: list[Option] = []
    if kind == "service":
        options = [
            Option(t.plain("words.sent.answered"), f"answered:{number}"),
            Option(t.plain("words.sent.no_human"), f"nohuman:{number}", words=("@no",)),
            Option(t.plain("words.sent.ticket"), f"ticket:{number}"),
        ]
    elif kind == "merchant":
        options = [Option(t.plain("more_case.results"), f"results:{number}:all")]
    return View(text, pairs([*options, _back(turn, case)]))


def _follow(turn: Turn, case: Case) -> str:
    deadline = next((each for each in turn.schedule(case).deadlines if each.rule == FOLLOW_UP), None)
    if deadline is None or turn.state(case).muted or turn.state(case).facts.get("loose"):
        return ""
    return turn.t.plain("words.sent.follow", when=formats.relative(turn.t, deadline.at, turn.zone, turn.now))


def _back(turn: Turn, case: Case) -> Option:
    if turn.state(case).facts.get("loose"):
        return Option(turn.t.plain("nav.back"), f"service:{case.number}", words=("@back",))
    return Option(turn.t.plain("words.button.card"), f"card:{case.number}", words=("@back",))


def _no_human(turn: Turn, number: str, route: str = "") -> None:
    """没转到人工: dated, and the next way to a person."""
    case = turn.case(number)
    if case is None:
        turn.go("home")
        return
    before = sum(entry.kind == "missed_human" for entry in case.entries)
    turn.record(case, "missed_human", {"route": route} if route else {})
    chain = _ways(turn, case)
    following = turn.catalog.routes[route].fallback if route in turn.catalog.routes else ""
    if not route:
        following = chain[min(before + 1, len(chain) - 1)] if before + 1 < len(chain) else ""
    turn.go(f"way:{number}:{following}" if following else f"way:{number}")


def _ways(turn: Turn, case: Case) -> list[str]:
    """Routes to a person, from the usual one along their fallbacks."""
    chain, following = [], service_route(turn, case)
    while following in turn.catalog.routes and following not in chain:
        chain.append(following)
        following = turn.catalog.routes[following].fallback
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
    return View(text, pairs([first, words, _back(turn, case)]))


def _answered(turn: Turn, number: str) -> None:
    turn.fresh = True
    turn.go(f"service_answer:{number}")


def service_answer(turn: Turn, number: str) -> View | None:
    """客服怎么说的？"""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    t = turn.t
    options = [
        Option(t.plain("words.answer.nothing"), f"answer_none:{number}", words=("@skip", "@unknown", "@no")),
        _back(turn, case),
    ]
    return View(lines(title(turn, case), t("words.answer.text")), [options])


def _type_answer(turn: Turn, text: str, number: str) -> bool:
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return False
    said, ticket = wording.clean(text, ANSWER_LIMIT), ticket_in(text)
    data: dict[str, Json] = {}
    if said:
        data["service_words"] = said
    if ticket:
        data["ticket_no"] = ticket
    _heard(turn, case, data)
    shown = said if len(said) <= SAID else said[:SAID] + "…"
    turn.note = lines(
        turn.t("words.answer.kept", words=shown) if said else turn.t("words.answer.kept_plain"),
        turn.t("words.answer.long", count=len(said)) if len(text.strip()) > len(said) + 8 else "",
        turn.t("words.answer.kept_ticket", ticket=ticket) if ticket else "",
    )
    return True


def _answer_none(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is None:
        turn.go("home")
        return
    _heard(turn, case, {})
    turn.note = turn.t("words.answer.kept_plain")


def _heard(turn: Turn, case: Case, data: dict[str, Json]) -> None:
    if turn.state(case).moment("service_at") is None:
        data["service_at"] = Moment(turn.said).to_json()
    turn.record(case, "answered", data)
    turn.fresh = True
    turn.go(_back(turn, case).action)


def ticket(turn: Turn, number: str) -> View | None:
    """记下工单号"""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    t = turn.t
    known = turn.state(case).text("ticket_no")
    now = t("words.edit.now", value=known) if known else ""
    return View(lines(title(turn, case), t("words.ask.ticket_no"), now), [[_back(turn, case)]])


def _type_ticket(turn: Turn, text: str, number: str) -> bool:
    case = turn.case(number)
    matter = matter_for(turn, case, "service") if case else None
    if case is None or matter is None:
        return False
    found = ticket_in(text)
    if not found:
        read = read_fact("ticket_no", text, matter.state, context_of(matter, frozenset()))
        if read.wrong:
            turn.note = turn.t("words.bad.number", text=text[:SAID])
            return True
        found = str(read.facts["ticket_no"])
    turn.record(case, "facts", {"ticket_no": found})
    turn.note = turn.t("words.ticket.kept", ticket=found)
    turn.fresh = True
    turn.go(_back(turn, case).action)
    return True


PLACES = {"sent_how": sent_how, "way": way, "service_answer": service_answer, "ticket": ticket}
ACTS = {"sent": _sent, "nohuman": _no_human, "answered": _answered, "answer_none": _answer_none}
TYPED = {"service_answer": _type_answer, "ticket": _type_ticket}
