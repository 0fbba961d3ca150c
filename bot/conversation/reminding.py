"""From a claimed reminder row to the screen that is sent, or to why it is not sent."""

from datetime import datetime
from typing import Literal

from bot.conversation import big_text, notices
from bot.conversation.render import screen
from bot.conversation.turn import Knowledge, Turn
from bot.conversation.view import Option
from bot.domain.model import Dossier, Reminder
from bot.messages import Screen


def reminder_screen(
    knowledge: Knowledge, dossier: Dossier, row_id: int, now: datetime
) -> Screen | Literal["dropped", "missed"]:
    """``dropped`` if the step no longer matters, ``missed`` if it is too late to help."""
    turn = Turn(knowledge, dossier, None, now)
    row = turn.reminder(row_id)
    case = turn.case_by_id(row.case) if row else None
    if row is None or case is None or not notices.matters(turn, case, row) or _superseded(turn, row):
        return "dropped"
    if notices.too_late(row, now):
        return "missed"
    view = notices.view(turn, case, row)
    if turn.person.preferences.big_text:
        view = big_text.reminder(turn.t, view, Option(turn.t.plain("big_text.more"), "more"))
    return screen(view, f"r{row.id}.")


def _superseded(turn: Turn, row: Reminder) -> bool:
    """After a standstill several reminders of one end may be due: only the last of them is sent."""
    return any(
        other.deadline == row.deadline
        and other.state == "planned"
        and other.due <= turn.now
        and (row.due, row.occurrence) < (other.due, other.occurrence)
        for other in turn.reminders
        if other.case == row.case
    )
