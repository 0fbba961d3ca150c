"""What the card says of bodies outside the platform: each one's own clock, and what to do after its answer."""

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.turn import Turn
from bot.domain import authorities
from bot.domain.authorities import BODIES, CLOCK_OF, PROOF_UNTIL, Body
from bot.domain.facts import State
from bot.domain.model import Case
from bot.domain.schedule import Deadline


def body_name(turn: Turn, body: Body) -> str:
    """12315投诉, 消协调解 ..."""
    return turn.catalog.rungs[body.id].name


def result_words(turn: Turn, body: Body, result: str) -> str:
    """How far it is there, in that body's own words."""
    own = f"beyond.result_of.{body.id}_{result}"
    return turn.t.plain(own if turn.t.has(own) else f"beyond.result.{result}")


def running(turn: Turn, case: Case) -> tuple[Deadline, ...]:
    """The clocks of bodies outside that run now, the nearest first."""
    found = (each for each in turn.schedule(case).deadlines if each.rule in CLOCK_OF or each.rule == PROOF_UNTIL)
    return tuple(sorted(found, key=lambda each: each.at))


def _whose(turn: Turn, deadline: Deadline) -> str:
    if deadline.rule == PROOF_UNTIL:
        return turn.t.plain("beyond.proof_wanted")
    return body_name(turn, CLOCK_OF[deadline.rule])


def clock_lines(turn: Turn, case: Case) -> list[Markup]:
    """One line per body that has the case: how long it still has, from its own date; or that nobody knows."""
    t, state = turn.t, turn.state(case)
    found = []
    clocks = running(turn, case)
    for deadline in clocks:
        over = deadline.over(turn.now)
        until = formats.until(t, deadline.at, turn.zone, turn.now, "ended" if over else "until")
        left, source = formats.left(t, deadline.at, turn.now), formats.source(t, deadline)
        name = _whose(turn, deadline)
        found.append(t("beyond.clock", body=name, left=left, until=until, source=source))
    counted = {CLOCK_OF[each.rule].id for each in clocks if each.rule in CLOCK_OF}
    for body in authorities.waiting(state):
        # A courier's own answer is no longer waited for once the regulator has the complaint.
        if body.id not in counted and not (body.id == "courier" and authorities.result(state, BODIES["12305"])):
            told = result_words(turn, body, authorities.result(state, body))
            found.append(t("beyond.no_clock", body=body_name(turn, body), told=told))
    return found


def step(turn: Turn, case: Case) -> str:
    """What to do now that the case is outside; empty if the usual step fits."""
    t, state = turn.t, turn.state(case)
    clocks = running(turn, case)
    if clocks and clocks[0].rule == PROOF_UNTIL:
        return t.plain("beyond.step.proof_over" if clocks[0].over(turn.now) else "beyond.step.proof")
    if clocks and clocks[0].over(turn.now):
        return t.plain("beyond.step.over", body=body_name(turn, CLOCK_OF[clocks[0].rule]))
    body = authorities.latest(state)
    key = f"beyond.step.{body.id}_{authorities.result(state, body)}" if body else ""
    return t.plain(key) if key and t.has(key) else ""


def spoken_of(state: State) -> bool:
    """Whether the case was brought anywhere outside the platform."""
    return bool(authorities.taken(state))
