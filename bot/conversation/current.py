"""Which 问题单 is being talked about, which one is the most urgent, and asking when it could be several."""

from collections.abc import Callable
from datetime import datetime

from bot.conversation.naming import name, summary
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.history import SILENT_KINDS
from bot.domain.machine import TURN
from bot.domain.model import Case

SHOWN = 5
"""Cases that are offered when one has to be picked; 返回 is the sixth button."""
_PAGED = frozenset({"cases", "service_what"})
"""Places whose number is a page."""


def current_case(turn: Turn) -> Case | None:
    """The open case that the present screen shows, else the one of the draft, else the only open one."""
    for number in (shown_case(turn), _of_draft(turn)):
        case = turn.case(number) if number else None
        if case is not None and turn.state(case).open:
            return case
    running = kept_open(turn)
    return running[0] if len(running) == 1 else None


def kept_open(turn: Turn) -> list[Case]:
    """Open cases that the person keeps, newest first (words without a 问题单 leave hidden ones)."""
    cases = [case for case in turn.open_cases() if not turn.state(case).facts.get("loose")]
    return sorted(cases, key=lambda case: -case.number)


def most_urgent(turn: Turn) -> Case | None:
    """The open case to look at first: one that waits for the person, nearest end first, then the others likewise."""
    return min(kept_open(turn), key=lambda case: _urgency(turn, case), default=None)


def last_changed(turn: Turn) -> Case | None:
    """The case, open or closed, that the person changed last; what 改回上一步 is about when no case is shown."""
    shown = turn.case(shown_case(turn))
    if shown is not None:
        return shown
    changed = [(max(entry.at for entry in case.entries), case) for case in turn.cases.values() if _changed(case)]
    return max(changed, key=lambda each: (each[0], each[1].number))[1] if changed else None


def action_for(wanted: str, case: Case) -> str:
    """Where a word that is understood everywhere leads for this case; buttons of the service page lead to that page."""
    places = {"intervene": "check", "punish": "walk:punish:0", "draft": "draft_in"}
    places |= {each: each for each in ("calendar", "ledger", "take", "family", "delete_case", "card")}
    return f"{places.get(wanted, 'service')}:{case.number}"


def which(turn: Turn, wanted: str) -> View | None:
    """是哪一张问题单？"""
    running = kept_open(turn)[:SHOWN]
    if not running:
        return None
    t = turn.t
    options = [
        Option(t.plain("which.case", number=case.number), action_for(wanted, case), words=(name(turn, case),))
        for case in running
    ]
    text = lines(t("which.text"), *(summary(turn, case) for case in running))
    return View(text, pairs([*options, Option(t.plain("nav.back"), "home", words=("@back", "@stop"))]))


def shown_case(turn: Turn) -> str:
    """The number of the case that the present screen is about, or an empty string."""
    # card:3, words:3:service, results:3:all:1 begin with the number; walk:return_ship:0:3 ends with it.
    place, *args = turn.session.place.split(":")
    if place in _PAGED or not args:
        return ""
    if args[0].isdecimal():
        return args[0]
    return args[-1] if args[-1].isdecimal() else ""


def _of_draft(turn: Turn) -> str:
    draft = turn.session.draft
    confirm = draft.get("confirm")
    if turn.session.place == "confirm" and isinstance(confirm, dict):
        return str(confirm.get("case", ""))
    return str(draft.get("case", ""))


def _urgency(turn: Turn, case: Case) -> tuple[bool, bool, datetime, int]:
    state, main = turn.state(case), turn.schedule(case).main
    mine = not state.ready or TURN[state.stage] == "you" or (main is not None and (main.own or main.at <= turn.now))
    return (not mine, main is None, main.at if main else case.opened, case.number)


def _changed(case: Case) -> bool:
    return any(entry.kind not in SILENT_KINDS and entry.kind != "opened" for entry in case.entries)


PLACES: dict[str, Callable[..., View | None]] = {"which": which}
