"""Pasted order text: number, amount, goods and times, shown back before they count."""

from bot.conversation import formats
from bot.conversation.current import current_case
from bot.conversation.turn import Turn
from bot.conversation.understand.order_text import OrderText, read_order
from bot.conversation.understand.problem import recognise
from bot.conversation.understand.times import read_time
from bot.conversation.understand.words import outcome
from bot.conversation.view import Option, View, lines
from bot.domain.model import Json
from bot.domain.moment import Moment

DATED = ("ordered_at", "shipped_at", "signed_at", "applied_at")


def pasted(turn: Turn, text: str) -> bool:
    """Whether the text is (part of) an order page; if so it is shown back."""
    found = read_order(text)
    if found.order_no is None and not (found.amount_fen and found.times):
        return False
    facts = read_facts(turn, found)
    case = current_case(turn)
    turn.session.draft["order"] = {"facts": facts, "case": case.number if case else 0, "back": turn.session.place}
    turn.go("order_read")
    return True


def names_order(text: str) -> bool:
    """Whether an order number stands in it: then it is order text, whatever is being asked."""
    return read_order(text).order_no is not None


def read_facts(turn: Turn, found: OrderText) -> dict[str, Json]:
    """What the page says, as facts."""
    facts: dict[str, Json] = {}
    if found.order_no:
        facts["order_no"] = found.order_no
    if found.amount_fen:
        facts["amount"] = found.amount_fen
    if found.goods:
        facts["goods_name"] = found.goods[:20]
    if found.tracking_no:
        facts["tracking_no"] = found.tracking_no
    for fact in DATED:
        labels = turn.t.plain(f"order_read.labels.{fact}").split("/")
        raw = next((raw for label, raw in found.times if label in labels), None)
        reading = read_time(raw, said=turn.said, zone=turn.zone, expect="past") if raw else None
        if isinstance(reading, Moment) and reading.at <= turn.now:
            facts[fact] = reading.to_json()
    return facts


def order_read(turn: Turn) -> View | None:
    """我读到：订单 … [对，没错] [改一下]"""
    draft = turn.session.draft.get("order")
    if not isinstance(draft, dict):
        return None
    t, facts = turn.t, draft["facts"]
    shown = [t("order_read.order_no", value=facts["order_no"])] if "order_no" in facts else []
    if "amount" in facts:
        shown.append(t("order_read.amount", value=formats.money(facts["amount"])))
    shown += [t(f"order_read.{key}", value=facts[key]) for key in ("goods_name", "tracking_no") if key in facts]
    for fact in DATED:
        if fact in facts:
            told = Moment.from_json(facts[fact])
            shown.append(t(f"order_read.{fact}", value=formats.moment(t, told, turn.zone, turn.now)))
    case = turn.case(draft["case"])
    where = t("order_read.into", number=case.number) if case else ""
    options = [
        Option(t.plain("confirm.yes"), "order_yes", words=("@yes",)),
        Option(t.plain("confirm.change"), "order_no", words=("@no", "@back")),
    ]
    if case:
        options.append(Option(t.plain("order_read.other"), "order_other"))
    return View(lines(t("order_read.head"), *shown, where), [options])


def _yes(turn: Turn) -> None:
    draft = turn.session.draft.pop("order")
    case = turn.case(draft["case"])
    if case is None:
        _keep(turn, draft["facts"])
        return
    turn.record(case, "facts", draft["facts"])
    back = draft["back"]
    turn.fresh = True
    turn.go(back if back.split(":")[0] in ("words", "need", "pieces", "ask") else f"card:{case.number}")
    if not turn.state(turn.cases[case.number]).ready:
        from bot.conversation.places.intake import proceed

        proceed(turn, turn.cases[case.number])


def _keep(turn: Turn, facts: dict[str, Json]) -> None:
    turn.session.draft["known"] = facts
    turn.note = turn.t("order_read.kept")
    turn.go("what")


def _other(turn: Turn) -> None:
    draft = turn.session.draft.pop("order")
    _keep(turn, draft["facts"])


def _no(turn: Turn) -> None:
    draft = turn.session.draft.pop("order")
    turn.note = turn.t("order_read.again")
    turn.go(draft["back"])


def _type_read(turn: Turn, text: str) -> bool:
    """What is neither news nor another order leaves the question standing."""
    lexicon = turn.knowledge.lexicon
    if names_order(text) or outcome(text, lexicon) is not None or recognise(text, lexicon).problems:
        return False
    turn.note = turn.t("ask.again", text=text[:30], example=turn.t("order_read.example"))
    return True


PLACES = {"order_read": order_read}
ACTS = {"order_yes": _yes, "order_no": _no, "order_other": _other}
TYPED = {"order_read": _type_read}
