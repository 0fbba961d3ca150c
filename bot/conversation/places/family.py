"""发给家人: a short masked summary to forward."""

import re

from bot.conversation import formats
from bot.conversation.naming import name
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines
from bot.domain.machine import TURN
from bot.domain.model import Case
from bot.messages import COPY_LIMIT

LONG_NUMBER = re.compile(r"\d{5,}")
"""A phone or card number that somebody typed into the name of the goods."""


def summary(turn: Turn, case: Case) -> str:
    """What, whose turn, until when, the next step: at most 256 characters, order number masked, no phone numbers."""
    t, state = turn.t, turn.state(case)
    what = LONG_NUMBER.sub(t.plain("family.masked"), name(turn, case))
    order_no = state.text("order_no")
    order = t.plain("family.order", order=formats.masked(order_no)) if order_no else ""
    if not state.open:
        outcome = t.plain(f"outcome.{state.outcome or 'unknown'}")
        return t.plain("family.closed", what=what, order=order, outcome=outcome)[:COPY_LIMIT]
    whose = TURN[state.stage]
    if state.text("side") == "merchant" and state.stage in ("waiting_merchant", "proof_wanted"):
        whose = "you"
    stage = t.plain(f"stage.{state.stage}")
    main = turn.schedule(case).main
    until = ""
    if main is not None:
        end = formats.clock(t, main.at, turn.zone, turn.now)
        key = "family.until" if main.at > turn.now else "family.over"
        until = t.plain(key, end=end, source=formats.source(t, main))
    step = turn.problem(case).do.get(state.stage) or t.plain(f"card.step.{state.stage}")
    text = t.plain(
        "family.open", what=what, order=order, stage=stage, turn=t.plain(f"family.turn.{whose}"), until=until, step=step
    )
    return text[:COPY_LIMIT]


def family(turn: Turn, number: str) -> View | None:
    """The summary with its copy button; a message of its own, so that it can still be found."""
    case = turn.case(number)
    if case is None:
        return None
    t, text = turn.t, summary(turn, case)
    turn.fresh = True
    options = [
        Option(t.plain("family.copy"), copy=text),
        Option(t.plain("nav.card"), f"card:{number}", words=("@back",)),
    ]
    return View(lines(t("family.head", count=len(text)), t("family.block", text=text)), [options], kept=True)


PLACES = {"family": family}
