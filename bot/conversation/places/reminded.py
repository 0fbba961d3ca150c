"""A reminder answered in words: it stands outside of what was shown last, so what is typed may be meant for it."""

import unicodedata
from collections.abc import Callable
from datetime import datetime

from bot.conversation.naming import name
from bot.conversation.numbering import read_number, takes_number
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Case, Reminder

MOST = 5
"""Reminders that are offered when it could be several."""


def understood(turn: Turn, text: str) -> bool:
    """The label or number of a button on a reminder that came after everything else that was shown.

    A number on a reminder of the usual kind may also be one of its two steps: what only leads on is followed, what
    would record something is asked about.
    """
    since = _since(turn)
    if not since:
        return False
    wanted = _folded(text)
    named = [(row, option.action) for row, case in since for option in _options(turn, case, row)
             if _folded(option.label) == wanted]  # fmt: skip
    if len(named) == 1:
        _press(turn, *named[0])
        return True
    read = read_number(turn.t, text)
    asked = takes_number(turn.session.place, (choice[1] for choice in turn.session.choices))
    if not named and (read is None or (asked and not read[1])):
        return False
    if len(since) > 1:
        turn.fresh = True
        turn.go("which_reminder")
        return True
    row, case = since[0]
    shown = _shown(turn, case, row)
    if read is None or read[0] > len(shown):
        return False
    action = shown[read[0] - 1].action
    if turn.person.preferences.big_text or action in _leaves():
        _press(turn, row, action)
    else:
        turn.fresh = True
        turn.go(f"reminded:{row.id}")
    return True


def _since(turn: Turn) -> list[tuple[Reminder, Case]]:
    """Of every case the newest reminder, if nothing else was shown after it."""
    shown = turn.session.shown
    if not shown:
        return []
    return [each for each in _waiting(turn) if each[0].due > datetime.fromisoformat(shown)]


def _options(turn: Turn, case: Case, row: Reminder) -> list[Option]:
    from bot.conversation.notices import options

    return options(turn, case, row)


def _leaves() -> frozenset[str]:
    from bot.conversation.notices import LEAVES

    return LEAVES


def _shown(turn: Turn, case: Case, row: Reminder) -> list[Option]:
    """The buttons as they stood on the reminder."""
    from bot.conversation.big_text import MOST as FEW
    from bot.conversation.big_text import PER_PAGE

    every = _options(turn, case, row)
    if not turn.person.preferences.big_text or len(every) <= FEW:
        return every
    return [*every[:PER_PAGE], Option(turn.t.plain("big_text.more"), "more")]


def _press(turn: Turn, row: Reminder, verb: str) -> None:
    from bot.conversation.notices import pressed

    pressed(turn, row.id, verb)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip("。.,[]【】「」").casefold()


def reminded(turn: Turn, row_id: str, which: str = "") -> View | None:
    """The answers to a reminder; ``rest``: those that its message had no room for."""
    row = turn.reminder(int(row_id)) if row_id.isdecimal() else None
    case = turn.case_by_id(row.case) if row else None
    if row is None or case is None or not turn.state(case).open:
        return None
    t, every = turn.t, _options(turn, case, row)
    kept = every[len(_shown(turn, case, row)) - 1 :] if which == "rest" else every
    options = [Option(each.label, f"answer_reminder:{row.id}:{each.action}") for each in kept]
    options.append(Option(t.plain("nav.card"), f"card:{case.number}", words=("@back",)))
    head = t("reminded.text", number=case.number, name=name(turn, case))
    return View(lines(head), pairs(options))


def which_reminder(turn: Turn) -> View | None:
    """刚才的提醒，说的是哪一个？"""
    waiting = _waiting(turn)[:MOST]
    if not waiting:
        return None
    t = turn.t
    options = [Option(t.plain("which.case", number=case.number), f"reminded:{row.id}") for row, case in waiting]
    told = [t("reminded.line", number=case.number, name=name(turn, case)) for _, case in waiting]
    back = Option(t.plain("nav.home"), "home", words=("@back", "@stop"))
    return View(lines(t("reminded.which"), *told), pairs([*options, back]))


def _waiting(turn: Turn) -> list[tuple[Reminder, Case]]:
    """Of every open case the newest reminder that was sent and not answered; the newest of all first."""
    newest = {row.case: row for row in sorted(turn.reminders, key=_order) if row.state == "sent"}
    known = [(row, turn.case_by_id(case)) for case, row in newest.items()]
    found = [(row, case) for row, case in known if case is not None and turn.state(case).open]
    return sorted(found, key=lambda each: _order(each[0]), reverse=True)


def _order(row: Reminder) -> tuple[datetime, int]:
    return row.due, row.id


def _answer(turn: Turn, row_id: str, verb: str) -> None:
    row = turn.reminder(int(row_id))
    if row is None:
        turn.toast = turn.t.plain("stale.toast")
    else:
        _press(turn, row, verb)


PLACES: dict[str, Callable[..., View | None]] = {"reminded": reminded, "which_reminder": which_reminder}
ACTS: dict[str, Callable[..., None]] = {"answer_reminder": _answer}
