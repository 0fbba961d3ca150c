"""Pasted order text: number, amount, goods and times, shown back before they count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.current import current_case
from bot.conversation.turn import Turn
from bot.conversation.understand.order_text import OrderText, read_order
from bot.conversation.understand.problem import recognise
from bot.conversation.understand.times import read_time
from bot.conversation.understand.words import outcome
from bot.conversation.view import Option, View, lines
from bot.domain.facts import EVENT_DATE, can_happen
from bot.domain.machine import LEADS_TO, Event
from bot.domain.model import Json
from bot.domain.moment import Moment

SAME = timedelta(minutes=2)
"""Two countdowns that end so close to each other are one."""
DATED = ("ordered_at", "shipped_at", "signed_at", "applied_at")


@dataclass(frozen=True, slots=True)
class Found:
    """What a text or a picture of an order or refund page says."""

    facts: Mapping[str, Json]
    event: Event | None = None
    """What the page reports of the application."""
    when: Moment | None = None
    until: datetime | None = None
    """When the countdown of the page ends, as it stood at ``read``."""
    read: datetime | None = None
    asked_back: bool = False
    """The amount is what is asked back; what was paid does not stand there."""


def pasted(turn: Turn, text: str) -> bool:
    """Whether the text is (part of) an order page; if so it is shown back."""
    found = read_order(text)
    if found.order_no is None and not (found.amount_fen and found.times):
        return False
    case = current_case(turn)
    show_back(turn, Found(read_facts(turn, found)), case.number if case else 0, again=True)
    return True


def show_back(turn: Turn, found: Found, number: int, proof: int = 0, *, again: bool = False) -> bool:
    """Show what was found, before it counts. False if nothing of it is new (unless it is to be shown ``again``)."""
    case = turn.case(number)
    facts, event = dict(found.facts), found.event
    if case is not None:
        state = turn.state(case)
        other = state.text("order_no") not in ("", facts.get("order_no", ""))
        if not other and state.text("goods_name"):
            # What the person calls it is shorter than the title in the shop.
            facts.pop("goods_name", None)
        if not other and not again:
            facts = {key: value for key, value in facts.items() if state.facts.get(key) != value}
        if event is not None and (LEADS_TO[event] == state.stage or not can_happen(state, event)):
            event = None
    until = found.until
    if case is not None and event is None and (not found.event or LEADS_TO[found.event] != turn.state(case).stage):
        # It counts for another state than the one that the case is in.
        until = None
    if case is not None and until and (told := turn.state(case).countdown) and abs(told.until - until) < SAME:
        until = None
    if not facts and not event and not until:
        return False
    back = turn.session.place
    if back == "order_read":
        back = turn.session.draft.get("order", {}).get("back", "home")
    turn.session.draft["order"] = {
        "facts": facts,
        "case": case.number if case else 0,
        "back": back,
        "proof": proof,
        "event": event,
        "when": found.when.to_json() if found.when else None,
        "until": until.isoformat() if until else None,
        "read": found.read.isoformat() if found.read else None,
        "asked_back": found.asked_back,
    }
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
        key = "amount_asked" if draft.get("asked_back") else "amount"
        shown.append(t(f"order_read.{key}", value=formats.money(facts["amount"])))
    shown += [t(f"order_read.{key}", value=facts[key]) for key in ("goods_name", "tracking_no") if key in facts]
    for fact in DATED:
        if fact in facts:
            told = Moment.from_json(facts[fact])
            shown.append(t(f"order_read.{fact}", value=formats.moment(t, told, turn.zone, turn.now)))
    case = turn.case(draft["case"])
    shown += _state_lines(turn, draft)
    where = t("order_read.into", number=case.number) if case else ""
    known_no = turn.state(case).text("order_no") if case else ""
    if case and "order_no" in facts and known_no not in ("", facts["order_no"]):
        where = t("order_read.differs", number=case.number, known=formats.masked(known_no))
    head = t("order_read.head_proof", number=draft["proof"]) if draft.get("proof") else t("order_read.head")
    options = [
        Option(t.plain("confirm.yes"), "order_yes", words=("@yes",)),
        Option(t.plain("confirm.change"), "order_no", words=("@no", "@back")),
    ]
    if case:
        options.append(Option(t.plain("order_read.other"), "order_other"))
    return View(lines(head, *shown, where), [options])


def _state_lines(turn: Turn, draft: Mapping[str, Json]) -> list[Markup]:
    """The state of the application, why it was rejected, and how long the page still counts down."""
    t, facts, shown = turn.t, draft["facts"], []
    if "order" in facts:
        shown.append(t("order_read.order", value=t.plain(f"ask.order.{facts['order']}")))
    if draft.get("event"):
        words = t.plain(f"stage.{LEADS_TO[draft['event']]}")
        when = Moment.from_json(draft["when"]) if draft.get("when") else None
        since = formats.moment(t, when, turn.zone, turn.now) if when else ""
        shown.append(t("order_read.state_since" if since else "order_read.state", value=words, since=since))
    if "reject_reason" in facts:
        shown.append(t("order_read.reject_reason", value=facts["reject_reason"]))
    if draft.get("until"):
        until = datetime.fromisoformat(draft["until"])
        end = formats.until(t, until, turn.zone, turn.now, "until")
        shown.append(t("order_read.countdown", left=formats.left(t, until, turn.now), until=end))
    return shown


def _yes(turn: Turn) -> None:
    draft = turn.session.draft.pop("order")
    case = turn.case(draft["case"])
    if case is None:
        _keep(turn, draft)
        return
    number, back = case.number, draft["back"]
    if draft["facts"]:
        turn.record(case, "facts", draft["facts"])
    turn.fresh = True
    asked = bool(draft.get("event")) and not (draft.get("when") or draft.get("until"))
    if draft.get("event") and not asked:
        told = Moment.from_json(draft["when"]) if draft.get("when") else None
        turn.event(turn.cases[number], draft["event"], told)
    if draft.get("until"):
        turn.record(turn.cases[number], "countdown", {"until": draft["until"], "read": draft["read"]})
    turn.go(back if back.split(":")[0] in ("words", "need", "pieces", "ask") else f"card:{number}")
    if not turn.state(turn.cases[number]).ready:
        from bot.conversation.places.intake import proceed

        proceed(turn, turn.cases[number])
    elif asked:
        from bot.conversation.places.outcomes import report

        report(turn, turn.cases[number], draft["event"])


def _keep(turn: Turn, draft: Mapping[str, Json]) -> None:
    """Until there is a 问题单: what the page says of the application is part of how it opens."""
    known: dict[str, Json] = dict(draft["facts"])
    if draft.get("event"):
        known["stage"] = LEADS_TO[draft["event"]]
        fact = EVENT_DATE.get(draft["event"])
        if fact and draft.get("when"):
            known[fact] = draft["when"]
        if draft.get("until"):
            known["countdown"] = {"until": draft["until"], "read": draft["read"]}
    turn.session.draft["known"] = known
    turn.note = turn.t("order_read.kept")
    turn.go("what")


def _other(turn: Turn) -> None:
    _keep(turn, turn.session.draft.pop("order"))


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
