"""The card of a case that has ended."""

from bot.conversation import formats
from bot.conversation.agenda import offer
from bot.conversation.alike import alike
from bot.conversation.naming import title
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import State
from bot.domain.model import Case


def closed(turn: Turn, case: Case, state: State) -> View:
    """How it ended, what was learned, and the way back if it had not ended after all."""
    t = turn.t
    amount = state.facts.get("refunded_amount", state.facts.get("amount"))
    when = state.moment("refunded_at")
    known = isinstance(amount, int) and (state.outcome == "refunded" or _partly(state))
    told = [formats.money(amount)] if known and isinstance(amount, int) else []
    told += [formats.moment(t, when, turn.zone, turn.now)] if when else []
    text = t(
        "card.closed",
        outcome=t.plain(f"outcome.{state.outcome or 'unknown'}"),
        told="，".join(told),
        number=case.number,
    )
    if not told:
        text = t("card.closed_plain", outcome=t.plain(f"outcome.{state.outcome or 'unknown'}"), number=case.number)
    learned = turn.problem(case).closing
    advice = turn.catalog.advice.get(learned) or turn.catalog.merchant_advice.get(learned)
    closing = t("card.closing", advice=advice.closing) if advice else ""
    options = [
        Option(t.plain("home.new"), "what"),
        Option(t.plain("more_case.history"), f"history:{case.number}"),
        Option(t.plain("more_case.undo"), f"undo:{case.number}", words=tuple(t.plain("card.reopen_words").split("/"))),
        Option(t.plain("nav.home"), "home"),
    ]
    if state.outcome == "refunded":
        options.insert(0, Option(t.plain("event.refunded_partly"), f"did:{case.number}:refunded_partly"))
    still = t("card.calendar_stands") if offer(turn, case) else ""
    if still:
        options.insert(0, Option(t.plain("card.button.calendar_again"), f"make:ics:{case.number}"))
    told_all = lines(title(turn, case), text, closing, still, alike(turn, state.problem))
    return View(told_all, pairs(options), kept=True)


def _partly(state: State) -> bool:
    return state.outcome == "refunded_partly" and "refunded_amount" in state.facts
