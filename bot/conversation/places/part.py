"""只到账一部分: how much it was, and whether the rest is still asked for."""

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.naming import title
from bot.conversation.places.outcomes import go_on
from bot.conversation.turn import Turn
from bot.conversation.understand.order_text import read_amount
from bot.conversation.understand.words import outcome
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import State, can_happen
from bot.domain.model import Case, Json
from bot.domain.moment import Moment


def part(turn: Turn, number: str) -> View | None:
    """到账了多少？"""
    case = turn.case(number)
    if case is None or not _may(turn, case):
        return None
    t = turn.t
    options = [
        Option(t.plain("promise.unsaid"), f"part_skip:{number}", words=("@skip", "@unknown")),
        Option(t.plain("results.part_all"), f"did:{number}:refunded"),
        Option(t.plain("nav.back"), f"card:{number}", words=("@back",)),
    ]
    if turn.state(case).outcome == "refunded":
        options.pop(1)
    return View(lines(title(turn, case), t("results.part")), pairs(options))


def _may(turn: Turn, case: Case) -> bool:
    state = turn.state(case)
    return can_happen(state, "part_received") or state.outcome == "refunded"


def _type_part(turn: Turn, text: str, number: str) -> bool:
    case = turn.case(number)
    if case is None or not _may(turn, case):
        return False
    amount, paid = read_amount(text), turn.state(case).facts.get("amount")
    if amount is None:
        if outcome(text, turn.knowledge.lexicon) is not None:
            return False
        turn.note = turn.t("ask.again", text=text[:30], example=turn.t("results.part_example"))
    elif isinstance(paid, int) and amount >= paid:
        turn.note = turn.t("results.part_too_much", paid=formats.money(paid))
    else:
        _received(turn, case, amount)
    return True


def _skip(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is not None and _may(turn, case):
        _received(turn, case, None)


def _received(turn: Turn, case: Case, amount: int | None) -> None:
    """Kept at once: who leaves now still has an open case and the part in it."""
    facts: dict[str, Json] = {} if amount is None else {"refunded_amount": amount}
    turn.event(case, "part_received", Moment(turn.said), **facts)
    turn.fresh = True
    turn.go(f"rest:{case.number}")


def rest(turn: Turn, number: str) -> View | None:
    """剩下的还追吗？"""
    case = turn.case(number)
    if case is None or not turn.state(case).open or turn.state(case).last_event != "part_received":
        return None
    t = turn.t
    options = [
        Option(t.plain("results.go_on"), f"part_on:{number}", words=_words(turn, "go_on", "@yes")),
        Option(t.plain("results.enough"), f"part_end:{number}", words=_words(turn, "enough", "@no")),
    ]
    return View(lines(title(turn, case), _arrived(turn, turn.state(case)), t("results.rest_warning")), [options])


def _words(turn: Turn, choice: str, meaning: str) -> tuple[str, ...]:
    return (meaning, *turn.t.plain(f"results.{choice}_words").split("/"))


def _arrived(turn: Turn, state: State) -> Markup:
    amount, missing = state.facts.get("refunded_amount"), state.rest
    if not isinstance(amount, int):
        return turn.t("results.rest_unknown")
    arrived = formats.money(amount)
    if missing is None:
        return turn.t("results.rest_arrived", arrived=arrived)
    return turn.t("results.rest_known", arrived=arrived, rest=formats.money(missing))


def _on(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is not None:
        go_on(turn, case.number)
        turn.note = turn.t("results.going_on")


def _end(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is not None and turn.state(case).open:
        turn.event(case, "refunded_partly", turn.state(case).moment("refunded_at"))
        go_on(turn, case.number)


PLACES = {"part": part, "rest": rest}
ACTS = {"part_skip": _skip, "part_on": _on, "part_end": _end}
TYPED = {"part": _type_part}
