"""What a person reports: 商家拒绝了, 平台有结果了, 退款到账了 ... with its date, and what must be known besides."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from bot.conversation.naming import title
from bot.conversation.places import moments, order_text
from bot.conversation.turn import Turn
from bot.conversation.understand.order_text import read_amount
from bot.conversation.understand.times import find_times
from bot.conversation.understand.words import outcome
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import EVENT_DATE
from bot.domain.machine import POSSIBLE, Event
from bot.domain.model import Case
from bot.domain.moment import Moment, midnight

GROUPS: dict[str, tuple[Event, ...]] = {
    "agreed": (
        "agreed_refund",
        "agreed_return",
        "agreed_exchange",
        "agreed_resend",
        "agreed_partial",
    ),
    "decided": ("platform_for", "platform_partly", "platform_against", "platform_refused", "agreed_refund"),
}
UNDATED: frozenset[Event] = frozenset(
    {"no_answer", "broken", "gave_up", "solved", "withdrawn", "app_closed", "refunded", "refunded_partly"}
)
"""Recorded as of now: their date decides nothing."""
PROMISES: frozenset[Event] = frozenset({"settled", "agreed_exchange", "agreed_resend", "agreed_partial"})
"""Somebody gave their word: asked what and until when, and followed up."""
HIDDEN: frozenset[Event] = frozenset({"platform_for_return", "refunded_partly"})
"""Reached through another result."""
PER_PAGE = 4


def results(turn: Turn, number: str, which: str = "all", page: str = "0") -> View | None:
    """The results that this stage can have."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    t, possible = turn.t, POSSIBLE[turn.state(case).stage]
    if which in GROUPS:
        events: Sequence[Event] = [event for event in GROUPS[which] if event in possible]
        last: list[Option] = []
    else:
        every = [event for event in possible if event not in HIDDEN]
        start = int(page) * PER_PAGE if page.isdigit() and int(page) * PER_PAGE < len(every) else 0
        events = every[start : start + PER_PAGE]
        following = start // PER_PAGE + 1 if start + PER_PAGE < len(every) else 0
        last = [Option(t.plain("nav.next_page"), f"results:{number}:all:{following}")] if len(every) > PER_PAGE else []
    options = [Option(t.plain(f"event.{event}"), f"did:{number}:{event}") for event in events]
    back = Option(t.plain("nav.back"), f"card:{number}", words=("@back",))
    return View(lines(title(turn, case), t("results.text")), pairs([*options, *last, back]))


def _did(turn: Turn, number: str, event: str) -> None:
    case = turn.case(number)
    if case is not None:
        report(turn, case, cast(Event, event))


def report(turn: Turn, case: Case, event: Event) -> None:
    """Somebody says that this happened; ask its date if the date decides anything."""
    state = turn.state(case)
    if not state.open or event not in (*POSSIBLE[state.stage], "refunded_partly", "refunded"):
        turn.note = turn.t("results.not_now")
        turn.go(f"card:{case.number}")
        return
    if event in UNDATED:
        happened(turn, case, event, Moment(turn.said) if event in EVENT_DATE else None)
    elif event == "platform_for":
        turn.go(f"for_how:{case.number}")
    else:
        turn.fresh = True
        turn.go(f"when:{case.number}:{event}")


def for_how(turn: Turn, number: str) -> View | None:
    """A decision for the buyer: money at once, or the goods go back first."""
    case = turn.case(number)
    if case is None:
        return None
    t = turn.t
    options = [
        Option(t.plain("results.for_refund"), f"dated:{number}:platform_for"),
        Option(t.plain("results.for_return"), f"dated:{number}:platform_for_return"),
        Option(t.plain("nav.back"), f"card:{number}", words=("@back",)),
    ]
    return View(t("results.for_text"), pairs(options))


def _dated(turn: Turn, number: str, event: str) -> None:
    turn.go(f"when:{number}:{event}")


def when(turn: Turn, number: str, event: str) -> View | None:
    """哪天几点的事？"""
    case = turn.case(number)
    if case is None or event not in EVENT_DATE:
        return None
    t = turn.t
    text = lines(title(turn, case), t("results.when", event=t.plain(f"event.{event}")))
    options = moments.quick_options(turn, case.number, f"event:{event}")
    return View(text, [*pairs(options), [Option(t.plain("nav.back"), f"card:{number}", words=("@back",))]])


def _type_when(turn: Turn, text: str, number: str, event: str) -> bool:
    case = turn.case(number)
    if case is None:
        return False
    if order_text.names_order(text):
        return False
    if moments.understand(turn, text, case, f"event:{event}", f"when:{number}:{event}"):
        return True
    if outcome(text, turn.knowledge.lexicon) is not None:
        # 钱退给我了 is news of its own, whatever is being asked.
        return False
    turn.note = turn.t("ask.again", text=text[:30], example=turn.t("ask.when.example"))
    return True


def happened(turn: Turn, case: Case, event: str, told: Moment | None) -> None:
    """Record it and show the new card, or ask what belongs to it."""
    name = cast(Event, event)
    if name in PROMISES:
        turn.session.draft["promise"] = {"event": name, "when": told.to_json() if told else None}
        turn.go(f"promise:{case.number}")
        return
    turn.event(case, name, told)
    _go_on(turn, case.number)
    if name in ("rejected", "no_answer", "broken", "withdrawn", "app_closed", "platform_refused"):
        turn.note = turn.t(f"results.note.{name}")
    if name == "rejected":
        turn.go(f"reason:{case.number}")


def _go_on(turn: Turn, number: int) -> None:
    """The new card; a case whose questions this overtook is unfinished no longer."""
    from bot.conversation.places.intake import proceed

    case = turn.cases[number]
    turn.fresh = True
    if turn.state(case).open and not turn.state(case).ready:
        proceed(turn, case)
    else:
        turn.go(f"card:{number}")


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
        _promise_made(turn, case, until[0])
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
    _promise_made(turn, case, until)


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
        _promise_made(turn, case, ahead[0])
    else:
        turn.note = turn.t("ask.again", text=text[:30], example=turn.t("promise.until.example"))
    return True


def _promise_made(turn: Turn, case: Case, until: Moment | None) -> None:
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
    _go_on(turn, case.number)
    turn.note = turn.t("promise.kept_open")


def kept(turn: Turn, number: str) -> View | None:
    """The merchant did what was agreed: is it over, or is only part of it here?"""
    case = turn.case(number)
    if case is None:
        return None
    t = turn.t
    options = [
        Option(t.plain("event.refunded"), f"did:{number}:refunded"),
        Option(t.plain("event.refunded_partly"), f"did:{number}:refunded_partly"),
        Option(t.plain("results.goods_here"), f"did:{number}:solved"),
        Option(t.plain("nav.back"), f"card:{number}", words=("@back",)),
    ]
    return View(t("results.kept_text"), pairs(options))


def reason(turn: Turn, number: str) -> View | None:
    """Why did the merchant refuse? In their words, for the letter."""
    case = turn.case(number)
    if case is None:
        return None
    skip = Option(turn.t.plain("results.no_reason"), f"no_reason:{number}", words=("@skip", "@unknown", "@no"))
    return View(lines(title(turn, case), turn.t("results.reason")), [[skip]])


def _type_reason(turn: Turn, text: str, number: str) -> bool:
    case = turn.case(number)
    if case is None:
        return False
    turn.record(case, "facts", {"reject_reason": text.strip().strip("“”\"'。")[:60]})
    turn.fresh = True
    turn.go(f"card:{number}")
    return True


def _no_reason(turn: Turn, number: str) -> None:
    turn.fresh = True
    turn.go(f"card:{number}")


PLACES = {
    "results": results,
    "for_how": for_how,
    "when": when,
    "promise": promise,
    "until": until,
    "kept": kept,
    "reason": reason,
}
ACTS = {"did": _did, "dated": _dated, "promised": _promised, "no_reason": _no_reason}
TYPED = {"when": _type_when, "promise": _type_promise, "until": _type_until, "reason": _type_reason}
