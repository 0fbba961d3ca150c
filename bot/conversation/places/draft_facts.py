"""What a draft lacks and only the person knows: asked for, read, and put into the text."""

from bot.conversation.letters import own as drafting
from bot.conversation.letters import wording
from bot.conversation.letters.draft import Finding, Fix, apply
from bot.conversation.letters.draft_dates import out_of_order
from bot.conversation.letters.own import OwnDraft, findings, load, save
from bot.conversation.turn import Turn
from bot.conversation.understand.order_text import read_amount, read_order
from bot.conversation.understand.times import read_time
from bot.domain.model import Json
from bot.domain.moment import Moment

LONGEST = 60
"""Characters of an answer; more is a draft of its own."""
SHORTEST_REQUEST = 2
_AFTER_DATE = 2
"""Characters beside a date that say what happened then."""


def answered(turn: Turn, text: str, number: str) -> bool:
    """What was typed while something is asked for; False: something else is meant."""
    own = load(turn, number)
    found = findings(turn, own) if own else []
    if own is None or not found or found[0].fix is not None or len(text) > LONGEST:
        return False
    finding, text = found[0], " ".join(text.split()).strip("。")
    told = _told(turn, own, finding, text)
    if told is None:
        turn.note = turn.t("drafts.unread", text=text[:20], ask=turn.t.plain(f"drafts.need.{finding.need}"))
        return True
    own.told |= told
    known = next((each.fix for each in findings(turn, own) if each.code == finding.code and each.fix), None)
    if known is not None:
        own.text = apply(own.text, [known])
    if own.all:
        drafting.mend_all(turn, own)
    save(turn, own)
    turn.go(f"draft_one:{number}")
    return True


def _told(turn: Turn, own: OwnDraft, finding: Finding, text: str) -> dict[str, Json] | None:
    """What the answer adds to what is known; a date is put into the text at once. None: unreadable."""
    words = turn.knowledge.drafts
    if finding.need == "order_no":
        return _kept(turn, own, "order_no", read_order(text).order_no)
    if finding.need == "amount":
        return _kept(turn, own, "amount", read_amount(text) or read_order(text).amount_fen)
    if finding.need == "request":
        return {"request": text} if len(text) >= SHORTEST_REQUEST else None
    if finding.need == "date":
        day = words.date.search(text)
        if day is None or len(text) - len(day[0]) < _AFTER_DATE:
            return None
        own.text = apply(own.text, [Fix(None, f"{text}。")])
        return {"changed": True}
    return _moved(turn, own, finding, text)


def _kept(turn: Turn, own: OwnDraft, fact: str, value: Json) -> dict[str, Json] | None:
    """Also a fact of the case, if it did not know."""
    if value is None:
        return None
    case = turn.case(own.case)
    if case is not None and fact not in turn.state(case).facts:
        turn.record(case, "facts", {fact: value})
    return {fact: value}


def _moved(turn: Turn, own: OwnDraft, finding: Finding, text: str) -> dict[str, Json] | None:
    """The right date instead of the one that cannot be."""
    reading = read_time(text, said=turn.said, zone=turn.zone, expect="past")
    if not isinstance(reading, Moment) or reading.at > turn.now:
        return None
    for _, late in out_of_order(own.text, turn.now, turn.zone, turn.knowledge.drafts):
        if late.event == finding.need:
            day = wording.when(turn.t, reading, turn.zone, turn.now)
            own.text = apply(own.text, [Fix(late.span, day)])
            return {"changed": True}
    return None
