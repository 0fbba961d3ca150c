"""Somebody gave their word: what was agreed, and until when."""

from datetime import timedelta

from bot.conversation.naming import title
from bot.conversation.places.outcomes import go_on
from bot.conversation.turn import Turn
from bot.conversation.understand.order_text import read_amount
from bot.conversation.understand.times import find_times
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Case
from bot.domain.moment import Moment, midnight


def promise(turn: Turn, number: str) -> View | None:
    """What was agreed? One sentence."""
    draft = turn.session.draft.get("promise")
    case = turn.case(number)
    if case is None or not isinstance(draft, dict):
        return None
    t, event = turn.t, draft["event"]
    key = f"promise.what.{event}"
    options = [
        Option(t.plain("promise.unsaid"), f"promised:{number}:unsaid", words=("@skip", "@unknown")),
        Option(t.plain("nav.back"), f"card:{number}", words=("@back",)),
    ]
    return View(lines(title(turn, case), t(key)), [options])


def _type_promise(turn: Turn, text: str, number: str) -> bool:
    draft = turn.session.draft.get("promise")
    case = turn.case(number)
    if case is None or not isinstance(draft, dict):
        return False
    draft["what"] = text.strip()[:120]
    until = [
        reading
        for _, reading in find_times(text, said=turn.said, zone=turn.zone)
        if isinstance(reading, Moment) and reading.latest(turn.zone) > turn.said
    ]
    if len(until) == 1:
        made(turn, case, until[0])
    else:
        turn.go(f"until:{number}")
    return True


def _promised(turn: Turn, number: str, choice: str) -> None:
    case = turn.case(number)
    if case is None:
        return
    if choice == "unsaid":
        turn.go(f"until:{number}")
        return
    days = {"today": 1, "tomorrow": 2, "three": 4}.get(choice)
    until = None
    if days is not None:
        until = Moment(midnight(turn.said.astimezone(turn.zone) + timedelta(days=days), turn.zone))
    made(turn, case, until)


def until(turn: Turn, number: str) -> View | None:
    """Until when did they say?"""
    case = turn.case(number)
    if case is None or not isinstance(turn.session.draft.get("promise"), dict):
        return None
    t = turn.t
    options = [
        Option(t.plain(f"promise.until.{choice}"), f"promised:{number}:{choice}")
        for choice in ("today", "tomorrow", "three")
    ]
    options.append(Option(t.plain("promise.until.unsure"), f"promised:{number}:unsure", words=("@unknown", "@skip")))
    options.append(Option(t.plain("nav.back"), f"promise:{number}", words=("@back",)))
    return View(lines(title(turn, case), t("promise.until.text")), pairs(options))


def _type_until(turn: Turn, text: str, number: str) -> bool:
    case = turn.case(number)
    if case is None:
        return False
    found = [reading for _, reading in find_times(text, said=turn.said, zone=turn.zone) if isinstance(reading, Moment)]
    ahead = [reading for reading in found if reading.latest(turn.zone) > turn.said]
    if len(ahead) == 1:
        made(turn, case, ahead[0])
    else:
        turn.note = turn.t("ask.again", text=text[:30], example=turn.t("promise.until.example"))
    return True


def made(turn: Turn, case: Case, until: Moment | None) -> None:
    draft = turn.session.draft.pop("promise")
    facts = {"promise": draft.get("what") or turn.t.plain(f"event.{draft['event']}")}
    told = Moment.from_json(draft["when"]) if draft.get("when") else None
    amount = read_amount(str(draft.get("what", "")))
    if draft["event"] == "agreed_partial" and amount:
        turn.event(
            case,
            draft["event"],
            told,
            **facts,
            promised_amount=amount,
            promise_until=until.to_json() if until else None,
        )
    else:
        turn.event(case, draft["event"], told, **facts, promise_until=until.to_json() if until else None)
    go_on(turn, case.number)
    turn.note = turn.t("promise.kept_open")


PLACES = {"promise": promise, "until": until}
ACTS = {"promised": _promised}
TYPED = {"promise": _type_promise, "until": _type_until}
