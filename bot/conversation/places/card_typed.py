"""What is typed on the card itself: a countdown, or a date or clock time that is missing."""

from datetime import date

from bot.conversation import formats
from bot.conversation.places import moments
from bot.conversation.places.card import type_named
from bot.conversation.turn import Turn
from bot.conversation.understand.countdown import Left
from bot.conversation.understand.problem import recognise
from bot.conversation.understand.times import read_time
from bot.conversation.understand.words import outcome
from bot.domain.facts import STAGE_DATE
from bot.domain.model import Case
from bot.domain.moment import Moment

SHORT = 16
"""Characters up to which a text may be nothing but a countdown or a date."""


def _type_card(turn: Turn, text: str, number: str) -> bool:
    """What stands behind 更多, a countdown, or the date that is missing, typed on the card itself."""
    if type_named(turn, text, number):
        return True
    case = turn.case(number)
    if case is None or not _nothing_else(turn, text):
        return False
    if _countdown(turn, text, case):
        return True
    state = turn.state(case)
    main = turn.schedule(case).main
    if main is not None and main.maybe_over(turn.now):
        return _type_time(turn, case, main.fact, text)
    fact = STAGE_DATE.get(state.stage)
    if fact is None or fact in state.facts:
        return False
    return moments.understand(turn, text, case, f"fact:{fact}", f"card:{number}")


def read_countdown(turn: Turn, text: str, case: Case) -> bool:
    """还剩3小时, on whatever screen of the case: what the app shows beats every figure of ours."""
    state = turn.state(case)
    return state.ready and not state.facts.get("loose") and _nothing_else(turn, text) and _countdown(turn, text, case)


def _countdown(turn: Turn, text: str, case: Case) -> bool:
    if not turn.state(case).open:
        return False
    reading = read_time(text, said=turn.said, zone=turn.zone, expect="left")
    return isinstance(reading, Left) and moments.understand(turn, text, case, "countdown", f"card:{case.number}")


def _nothing_else(turn: Turn, text: str) -> bool:
    lexicon = turn.knowledge.lexicon
    return len(text) <= SHORT and not outcome(text, lexicon) and not recognise(text, lexicon).problems


def _type_time(turn: Turn, case: Case, fact: str, text: str) -> bool:
    """The clock time of a day that is known: 19:40 alone is meant of that day."""
    day, reading = turn.state(case).moment(fact), read_time(text, said=turn.said, zone=turn.zone, expect="past")
    if day is None or reading is None:
        return False
    alone = text[:1].isdigit() and isinstance(reading, Moment) and reading.precision != "day"
    if alone and isinstance(reading, Moment) and _date(turn, reading) != _date(turn, day):
        whole = f"{formats.day(turn.t, day.at, turn.zone, turn.now)} {text}"
        named = read_time(whole, said=turn.said, zone=turn.zone, expect="past")
        text = whole if isinstance(named, Moment) and _date(turn, named) == _date(turn, day) else text
    return moments.understand(turn, text, case, f"fact:{fact}", f"card:{case.number}")


def _date(turn: Turn, moment: Moment) -> date:
    return moment.at.astimezone(turn.zone).date()


TYPED = {"card": _type_card}
