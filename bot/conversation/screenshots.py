"""The words in a picture that somebody sent: read aside, shown back before they count."""

from collections.abc import Mapping
from datetime import datetime

from bot.conversation.media import ASKING
from bot.conversation.places import order_text, safety
from bot.conversation.places.order_text import Found
from bot.conversation.turn import Turn
from bot.conversation.understand.countdown import Left
from bot.conversation.understand.screenshot import Screenshot, read_screenshot
from bot.conversation.understand.times import read_time
from bot.domain.model import Json
from bot.domain.moment import Moment
from bot.reading import Page

NEWS = frozenset(
    {"applied", "rejected", "intervened", "proof_wanted", "agreed_return", "return_shipped", "agreed_refund"}
)
"""States of a refund page that are taken over; what ends a case is for the person to say."""
DATE_OF: Mapping[str, str] = {"applied": "applied_at", "rejected": "rejected_at", "intervened": "intervened_at"}


def received(turn: Turn, result: Mapping[str, Json]) -> None:
    """What was read. Most pictures are of the goods and say nothing; that is told only to who waits for it."""
    page = result.get("page")
    if not isinstance(page, Page):
        _nothing(turn, "unread")
        return
    seen = read_screenshot(page)
    if safety.suspicious(turn, seen.text, result):
        return
    if seen.kind in ("several", "other"):
        _nothing(turn, "several" if seen.kind == "several" else "unread")
        return
    case = turn.case(result["case"])
    found = _found(turn, seen, datetime.fromisoformat(str(result["said"])))
    if case is not None and not turn.state(case).open:
        case = None
    if not order_text.show_back(turn, found, case.number if case else 0, int(result["number"])):
        _nothing(turn, "known")


def _nothing(turn: Turn, why: str) -> None:
    """Said only where a picture was sent for what stands in it."""
    waits = turn.session.place.partition(":")[0] in ASKING or not turn.cases
    if waits or why == "several":
        turn.note = turn.t(f"media.page.{why}")
    else:
        turn.silent = True


def _found(turn: Turn, seen: Screenshot, said: datetime) -> Found:
    facts: dict[str, Json] = {}
    texts = {"order_no": seen.order_no, "goods_name": (seen.goods or "")[:20], "tracking_no": seen.tracking_no}
    facts |= {key: value for key, value in texts.items() if value}
    if seen.amount_fen:
        facts["amount"] = seen.amount_fen
    if seen.order:
        facts["order"] = seen.order
    dates: dict[str, Moment] = {}
    for label, raw in seen.times.items():
        reading = read_time(raw, said=said, zone=turn.zone, expect="past")
        if isinstance(reading, Moment) and reading.at <= turn.now:
            dates[label] = reading
    facts |= {fact: dates[fact].to_json() for fact in order_text.DATED if fact in dates}
    event = seen.event if seen.event in NEWS else None
    if seen.reject_reason and event == "rejected":
        facts["reject_reason"] = seen.reject_reason[:60]
    left = read_time(seen.countdown, said=said, zone=turn.zone, expect="left") if seen.countdown else None
    until = said + left.length if isinstance(left, Left) and event else None
    return Found(
        facts,
        event=event,
        when=dates.get(DATE_OF.get(event or "", "")),
        until=until if until and until > turn.now else None,
        read=said,
        asked_back=seen.paid_fen is None and seen.refund_fen is not None,
    )
