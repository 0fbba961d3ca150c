"""12315受理了, 消协给我打电话了, 已经投诉快递了: a report of a body outside the platform, typed on any screen."""

from bot.conversation.current import current_case
from bot.conversation.places import moments
from bot.conversation.places.beyond import can_come
from bot.conversation.turn import Turn
from bot.conversation.understand.outside import Report, reported
from bot.conversation.understand.times import find_times
from bot.domain import authorities
from bot.domain.authorities import BODIES, HANDED_IN, Body
from bot.domain.model import Case
from bot.domain.moment import Moment

PROOF, HEARD, SILENT = "proof", "heard", "silent"
"""Reports that are no result of a body: proof is wanted, something was heard, nothing was heard."""


def understood(turn: Turn, text: str) -> bool:
    """Ask for the day of what was reported, or show what could be meant."""
    case = current_case(turn)
    said = reported(text, turn.knowledge.outside, turn.knowledge.lexicon) if case else None
    if case is None or said is None or not turn.state(case).ready:
        return False
    found = [BODIES[said.body]] if said.body in BODIES else _meant(turn, case, said)
    if not found:
        return False
    if len(found) > 1:
        turn.go(f"heard:{case.number}")
        return True
    return _told(turn, case, found[0], said.result, text)


def _meant(turn: Turn, case: Case, said: Report) -> list[Body]:
    """The bodies that a report without a name can be about."""
    if said.result == HANDED_IN:
        return _shown(turn)
    state = turn.state(case)
    if said.result == HEARD:
        return list(authorities.waiting(state))
    if state.stage != "outside":
        # The platform refuses, too.
        return []
    waiting = [body for body in authorities.waiting(state) if not body.beside]
    return [body for body in waiting if can_come(authorities.result(state, body), said.result, body)]


def _shown(turn: Turn) -> list[Body]:
    """The body that the present screen is about: its rung, or the walk that leads there."""
    place, *args = turn.session.place.split(":")
    if place == "rung" and len(args) == 2 and args[1] in BODIES:
        return [BODIES[args[1]]]
    if place == "walk" and args:
        return [body for body in BODIES.values() if turn.catalog.rungs[body.id].route == args[0]]
    return []


def _told(turn: Turn, case: Case, body: Body, what: str, text: str) -> bool:
    number, state = case.number, turn.state(case)
    now = authorities.result(state, body)
    if what == HANDED_IN:
        place, target = f"outside:{number}:{body.id}", f"beyond:{body.id}.{HANDED_IN}"
    elif body.beside and not now:
        # 快递给我打电话了: without a complaint it is the parcel that they call about.
        return False
    elif what == PROOF and body.id == "12315":
        turn.go(f"proof_due:{number}")
        return True
    elif what == SILENT and body.id == "courier":
        place, target = f"result:{number}:courier:failed", "beyond:courier.failed"
    elif what in body.results and can_come(now, what, body):
        place, target = f"result:{number}:{body.id}:{what}", f"beyond:{body.id}.{what}"
    else:
        turn.go(f"heard:{number}:{body.id}" if now else f"rung:{number}:{body.id}")
        return True
    turn.go(place)
    told = [span for span, each in find_times(text, said=turn.said, zone=turn.zone) if isinstance(each, Moment)]
    if len(told) == 1:
        moments.understand(turn, text[slice(*told[0])], case, target, place)
    return True
