"""What a person reports: 商家拒绝了, 平台有结果了, 退款到账了 ... with its date, and what must be known besides."""

from collections.abc import Sequence
from typing import cast

from bot.conversation.naming import event_words, title
from bot.conversation.places import moments, order_text
from bot.conversation.turn import Turn
from bot.conversation.understand.words import outcome
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import EVENT_DATE, can_happen
from bot.domain.machine import POSSIBLE, TURN, Event
from bot.domain.model import Case
from bot.domain.moment import Moment

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
HIDDEN: frozenset[Event] = frozenset({"platform_for_return", "part_received", "refunded_partly"})
"""Reached through another result."""
DECISIONS: tuple[Event, ...] = ("platform_for", "platform_partly", "platform_against", "platform_refused")
"""Behind 平台有结果了 where a decision is not what is waited for."""
DECIDED = "decided"
ARRIVALS: tuple[Event, ...] = ("refunded", "refunded_partly")
PER_PAGE = 4


def results(turn: Turn, number: str, which: str = "all", page: str = "0") -> View | None:
    """The results that this stage can have."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    t, state = turn.t, turn.state(case)
    possible = [event for event in POSSIBLE[state.stage] if can_happen(state, event)]
    if which in GROUPS:
        events: Sequence[str] = [event for event in GROUPS[which] if event in possible]
        last: list[Option] = []
    else:
        every: list[str] = [event for event in possible if event not in HIDDEN]
        if TURN[state.stage] == "money":
            # What is waited for comes first, in whole or in part.
            arrivals = [event for event in ARRIVALS if event in possible]
            every = [*arrivals, *(event for event in every if event not in arrivals)]
        if state.stage in ("waiting_merchant", "rejected"):
            every = [event for event in every if event not in DECISIONS]
            every.insert(every.index("proof_wanted") + 1, DECIDED)
        start = int(page) * PER_PAGE if page.isdecimal() and int(page) * PER_PAGE < len(every) else 0
        events = every[start : start + PER_PAGE]
        following = start // PER_PAGE + 1 if start + PER_PAGE < len(every) else 0
        last = [Option(t.plain("nav.next_page"), f"results:{number}:all:{following}")] if len(every) > PER_PAGE else []
    options = [_result(turn, case, event) for event in events]
    back = Option(t.plain("nav.back"), f"card:{number}", words=("@back",))
    return View(lines(title(turn, case), t("results.text")), pairs([*options, *last, back]))


def _result(turn: Turn, case: Case, event: str) -> Option:
    if event == DECIDED:
        return Option(turn.t.plain("card.button.decided"), f"results:{case.number}:{DECIDED}")
    return Option(event_words(turn, turn.state(case), event), f"did:{case.number}:{event}")


def _did(turn: Turn, number: str, event: str) -> None:
    case = turn.case(number)
    if case is not None:
        report(turn, case, cast(Event, event))


def report(turn: Turn, case: Case, event: Event) -> None:
    """Somebody says that this happened; ask its date if the date decides anything."""
    state = turn.state(case)
    # Who finds that only a part arrived, finds it after the case was closed.
    lowered = event == "refunded_partly" and state.outcome == "refunded"
    if not lowered and (not state.open or not can_happen(state, event)):
        turn.note = turn.t("results.not_now")
        turn.go(f"card:{case.number}")
        return
    if event in ("refunded_partly", "part_received"):
        turn.fresh = True
        turn.go(f"part:{case.number}")
    elif event in UNDATED:
        happened(turn, case, event, Moment(turn.said) if event in EVENT_DATE else None)
    elif event == "platform_for" and state.text("side") != "merchant":
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
    text = lines(title(turn, case), t("results.when", event=event_words(turn, turn.state(case), event)))
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
    # All of it is here now: what was counted as a part is not what arrived.
    turn.event(case, name, told, **({"refunded_amount": None} if name == "refunded" else {}))
    go_on(turn, case.number)
    note = f"results.note.{name}"
    if turn.state(turn.cases[case.number]).stage == "remedy_promised" and turn.t.has(f"{note}_remedy"):
        note = f"{note}_remedy"
    if turn.t.has(note):
        turn.note = turn.t(note)
    if name == "rejected":
        turn.go(f"reason:{case.number}")
    elif name == "solved" and turn.state(case).text("side") != "merchant":
        turn.go(f"ended:{case.number}")


def go_on(turn: Turn, number: int) -> None:
    """The new card; a case whose questions this overtook is unfinished no longer."""
    from bot.conversation.places.intake import proceed

    case = turn.cases[number]
    turn.fresh = True
    if turn.state(case).open and not turn.state(case).ready:
        proceed(turn, case)
    else:
        turn.go(f"card:{number}")


def kept(turn: Turn, number: str) -> View | None:
    """The merchant did what was agreed: is it over, or is only part of it here?"""
    case = turn.case(number)
    if case is None:
        return None
    t = turn.t
    options = [
        Option(t.plain("event.refunded"), f"did:{number}:refunded"),
        Option(t.plain("event.refunded_partly"), f"did:{number}:refunded_partly"),
        Option(t.plain("results.goods_here"), f"goods_here:{number}"),
        Option(t.plain("nav.back"), f"card:{number}", words=("@back",)),
    ]
    return View(t("results.kept_text"), pairs(options))


def _goods_here(turn: Turn, number: str) -> None:
    """What was promised instead of money is here: how it ended is said with that."""
    case = turn.case(number)
    if case is not None and can_happen(turn.state(case), "solved"):
        turn.event(case, "solved")
    turn.fresh = True
    turn.go(f"card:{number}")


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
    "kept": kept,
    "reason": reason,
}
ACTS = {"did": _did, "dated": _dated, "no_reason": _no_reason, "goods_here": _goods_here}
TYPED = {"when": _type_when, "reason": _type_reason}
