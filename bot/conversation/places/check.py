"""介入前三查: proof, contact with the merchant, rules. Said before a person asks for intervention."""

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.naming import title
from bot.conversation.places.proof import important, ticked
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import State
from bot.domain.machine import POSSIBLE
from bot.domain.model import Case

SAID_LIMIT = 20
"""Characters of the merchant's words that are quoted."""


def check(turn: Turn, number: str) -> View | None:
    """The three checks, fitted to the stage, and the way on."""
    case = turn.case(number)
    if case is None:
        return None
    t, state = turn.t, turn.state(case)
    merchant = state.text("side") == "merchant"
    text = lines(
        title(turn, case),
        _stage(turn, case, state, merchant),
        t("walk.check.head_merchant" if merchant else "walk.check.head"),
        _proof(turn, case),
        _contact(turn, state, merchant),
        t("walk.check.rules"),
    )
    return View(text, pairs(_options(turn, case, state, merchant)))


def _stage(turn: Turn, case: Case, state: State, merchant: bool) -> Markup | str:
    t = turn.t
    if merchant:
        return t("walk.check.stage.merchant_waiting") if state.stage == "waiting_merchant" else ""
    if state.stage == "waiting_merchant":
        main = turn.schedule(case).main
        if main is None:
            return t("walk.check.stage.waiting_merchant_open")
        if main.at <= turn.now:
            return t("walk.check.stage.waiting_merchant_over")
        end = formats.clock(t, main.at, turn.zone, turn.now)
        return t("walk.check.stage.waiting_merchant", end=end, source=formats.source(t, main))
    key = f"walk.check.stage.{state.stage}"
    return t(key) if t.has(key) else ""


def _proof(turn: Turn, case: Case) -> Markup:
    """What is there of the important items; what could not be kept does not count."""
    t = turn.t
    wanted = important(turn, case)
    given = [ticked(turn, case, item.id) for item in wanted]
    missing = [item for item, proof in zip(wanted, given, strict=True) if proof is None]
    if not missing:
        return t("walk.check.proof_all", total=len(wanted))
    have = len(wanted) - len(missing)
    some = t(f"walk.check.proof_{'some' if have else 'none'}", total=len(wanted), have=have, next=missing[0].name)
    return some + t("walk.check.proof_helps")


def _contact(turn: Turn, state: State, merchant: bool) -> Markup:
    """What is known to have been tried with the other side; never more than was said."""
    t = turn.t
    told = []
    for fact, key in (("contacted_at", "contacted"), ("urged_at", "urged"), ("applied_at", "applied")):
        when = state.moment(fact)
        if when is not None and not (merchant and fact == "applied_at"):
            told.append(t.plain(f"walk.check.{key}", when=formats.moment(t, when, turn.zone, turn.now)))
    if state.text("merchant_words"):
        told.append(t.plain("walk.check.answered", words=state.text("merchant_words")[:SAID_LIMIT]))
    if not told:
        return t("walk.check.contact_none_merchant" if merchant else "walk.check.contact_none")
    return t("walk.check.contact", told=t.plain("format.list").join(told[:2]))


def _options(turn: Turn, case: Case, state: State, merchant: bool) -> list[Option]:
    t, number = turn.t, case.number
    proof = Option(t.plain("walk.check.button.proof"), f"proof:{number}")
    talk = "buyer" if merchant else "merchant"
    words = Option(t.plain(f"walk.check.button.{talk}"), f"words:{number}:merchant")
    back = Option(t.plain("nav.back"), f"card:{number}", words=("@back",))
    route = "merchant_intervene" if merchant else "intervene_refund_page"
    go = Option(t.plain("walk.check.button.go"), f"walk:{route}:0:{number}", words=("@next",))
    if state.stage == "closed":
        return [back]
    if "intervened" not in POSSIBLE[state.stage]:
        return [proof, Option(t.plain("walk.check.button.service"), f"service:{number}"), words, back]
    if merchant:
        return [go, proof, words, back]
    if state.stage == "preparing":
        apply = Option(t.plain("walk.check.button.apply"), f"walk:apply_refund:0:{number}")
        return [apply, go, proof, words, back]
    if _too_early(turn, case, state):
        return [proof, words, go, back]
    return [go, proof, words, back]


def _too_early(turn: Turn, case: Case, state: State) -> bool:
    main = turn.schedule(case).main
    return state.stage == "waiting_merchant" and main is not None and main.at > turn.now


PLACES = {"check": check}
