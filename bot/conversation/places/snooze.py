"""Being reminded again at another time."""

from datetime import datetime

from bot.conversation import formats
from bot.conversation.turn import Turn
from bot.conversation.understand.countdown import Left
from bot.conversation.understand.times import Ambiguous, read_time
from bot.conversation.view import Option, View, pairs
from bot.domain.model import Case, Reminder
from bot.domain.moment import Moment


def snoozed(turn: Turn, row_id: str, number: str) -> View | None:
    """好，今天 13:05 再叫你。"""
    row, case = _row(turn, row_id), turn.case(number)
    if row is None or case is None or row.state != "planned":
        return None
    t = turn.t
    text = t("snooze.done", time=formats.followed(t, formats.relative(t, row.due, turn.zone, turn.now)))
    options = [
        Option(t.plain("snooze.other"), f"snooze:{row_id}:{number}"),
        Option(t.plain("nav.card"), f"card:{number}", words=("@back",)),
    ]
    return View(text, [options])


def snooze(turn: Turn, row_id: str, number: str) -> View | None:
    """改个时间"""
    from bot.conversation.notices import deadline_of, times

    row, case = _row(turn, row_id), turn.case(number)
    if row is None or case is None or row.state not in ("planned", "sent"):
        return None
    t = turn.t
    deadline = deadline_of(turn, case, row)
    options = [
        Option(t.plain(f"notice.button.{name}"), f"snooze_to:{row_id}:{number}:{name}")
        for name in times(turn, deadline)
    ]
    options.append(Option(t.plain("nav.back"), f"card:{number}", words=("@back",)))
    return View(t("snooze.text"), pairs(options))


def _row(turn: Turn, row_id: str) -> Reminder | None:
    return turn.reminder(int(row_id)) if row_id.isdecimal() else None


def _to(turn: Turn, row_id: str, number: str, when: str) -> None:
    from bot.conversation.notices import deadline_of, times

    row, case = _row(turn, row_id), turn.case(number)
    if row is None or case is None:
        return
    at = times(turn, deadline_of(turn, case, row)).get(when)
    if at is None:
        turn.toast = turn.t.plain("snooze.too_late")
        return
    _move(turn, case, row, at)


def _move(turn: Turn, case: Case, row: Reminder, at: datetime) -> None:
    from bot.conversation.notices import snooze as move

    move(turn, case, row, at)


def _type(turn: Turn, text: str, row_id: str, number: str) -> bool:
    from bot.conversation.notices import deadline_of

    row, case = _row(turn, row_id), turn.case(number)
    if row is None or case is None:
        return False
    reading = read_time(text, said=turn.said, zone=turn.zone, expect="future")
    if isinstance(reading, Left):
        reading = Moment(turn.said + reading.length)
    if isinstance(reading, Ambiguous):
        ahead = [each for each in reading.options if each.at > turn.now]
        reading = ahead[0] if len(ahead) == 1 else None
    if reading is None or reading.precision == "day":
        turn.note = turn.t("ask.again", text=text[:30], example=turn.t("snooze.example"))
        return True
    deadline = deadline_of(turn, case, row)
    if reading.at <= turn.now:
        turn.note = turn.t("snooze.past")
    elif deadline is not None and deadline.own and reading.at >= deadline.at:
        turn.note = turn.t("snooze.too_late")
    else:
        _move(turn, case, row, reading.at)
    return True


PLACES = {"snoozed": snoozed, "snooze": snooze}
ACTS = {"snooze_to": _to}
TYPED = {"snooze": _type}
