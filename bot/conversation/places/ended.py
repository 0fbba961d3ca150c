"""怎么结束的？ Asked once where the closing leaves it open; who skips it has an unknown outcome, not a good one."""

from collections.abc import Callable

from bot.conversation.naming import title
from bot.conversation.turn import Turn
from bot.conversation.understand.words import outcome
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import ENDED

CHOICES = ("refunded", "refunded_partly", "settled", "gave_up", "unknown")
SAID = {"refunded": "refunded", "refunded_partly": "refunded_partly", "part_received": "refunded_partly",
        "gave_up": "gave_up"}  # fmt: skip
"""What a typed report means here."""


def ended(turn: Turn, number: str) -> View | None:
    """One question, five answers."""
    case = turn.case(number)
    if case is None or turn.state(case).open:
        return None
    t = turn.t
    options = [
        Option(t.plain(f"ended.{each}"), f"end:{number}:{each}", words=("@skip", "@unknown") * (each == "unknown"))
        for each in CHOICES
    ]
    return View(lines(title(turn, case), t("ended.text"), t("ended.note")), pairs(options))


def _end(turn: Turn, number: str, how: str) -> None:
    case = turn.case(number)
    if case is not None and how in CHOICES and not turn.state(case).open:
        turn.record(case, "facts", {ENDED: how})
    turn.fresh = True
    turn.go(f"card:{number}")


def _type_ended(turn: Turn, text: str, number: str) -> bool:
    how = SAID.get(outcome(text, turn.knowledge.lexicon) or "")
    if how is None:
        return False
    _end(turn, number, how)
    return True


PLACES: dict[str, Callable[..., View | None]] = {"ended": ended}
ACTS: dict[str, Callable[..., None]] = {"end": _end}
TYPED: dict[str, Callable[..., bool]] = {"ended": _type_ended}
