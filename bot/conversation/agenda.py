"""The ends of a case for the phone's calendar: what stands in it, whether it is still right, and what to put there."""

import hashlib
from datetime import datetime, timedelta
from typing import Literal

from bot.conversation import formats
from bot.conversation.naming import effect, name, stage_words
from bot.conversation.turn import Turn
from bot.documents import Agenda, Appointment
from bot.domain.deadline import Deadline
from bot.domain.model import Case, Json

MINUTE = timedelta(minutes=1)


def ends(turn: Turn, case: Case) -> dict[str, Json]:
    """Deadline id -> instant of all that are still ahead."""
    return {each.id: each.at.isoformat() for each in _ahead(turn, case)}


def offer(turn: Turn, case: Case) -> Literal["", "calendar", "calendar_again"]:
    """Whether there is something to put into the calendar that is not there, or not there like that."""
    state = turn.state(case)
    if not state.open:
        return "calendar_again" if _gone(turn, case) else ""
    if not state.ready or state.facts.get("loose"):
        return ""
    if not state.calendar:
        return "calendar" if _ahead(turn, case) else ""
    right = all(state.calendar.get(key) == at for key, at in ends(turn, case).items())
    return "" if right and not _gone(turn, case) else "calendar_again"


def agenda(turn: Turn, case: Case) -> Agenda:
    """What is ahead, and what stood in an earlier file of the case and does not hold any more."""
    appointments = [_appointment(turn, case, each) for each in _ahead(turn, case)]
    appointments += [_cancelled(turn, case, key, at) for key, at in _gone(turn, case).items()]
    label = turn.t.plain("calendar.name", number=case.number, name=name(turn, case))
    # Entries only grow in number, so a later file of the same case always has the higher one.
    return Agenda(label, len(case.entries), turn.now, tuple(appointments))


def _gone(turn: Turn, case: Case) -> dict[str, datetime]:
    """What stands in the calendar as still to come, and does not hold any more."""
    ahead = ends(turn, case)
    put = {key: datetime.fromisoformat(at) for key, at in turn.state(case).calendar.items()}
    return {key: at for key, at in put.items() if key not in ahead and at > turn.now}


def _ahead(turn: Turn, case: Case) -> list[Deadline]:
    return [each for each in turn.schedule(case).deadlines if each.at > turn.now]


def _id(case: Case, deadline: str) -> str:
    """Stable for the case and the deadline; the case's own id is not given away."""
    return hashlib.blake2s(f"{case.id}/{deadline}".encode(), digest_size=12).hexdigest()


def _appointment(turn: Turn, case: Case, deadline: Deadline) -> Appointment:
    t, state = turn.t, turn.state(case)
    key = "own" if deadline.own else "theirs"
    if state.stage == "platform" and deadline.main and deadline.source != "app":
        key = "progress"
    end = formats.clock(t, deadline.at, turn.zone, turn.now)
    text = t.plain(
        f"calendar.text.{key}",
        stage=stage_words(turn, state)[0],
        end=end,
        source=formats.source(t, deadline),
        effect=effect(turn, state, deadline),
    )
    # The phone rings when the bot would have written, quiet hours included.
    due = [row.due for row in turn.future_reminders(case) if row.deadline == deadline.id]
    alarms = sorted({int((deadline.at - each) / MINUTE) for each in due}, reverse=True)
    title = t.plain(f"calendar.title.{key}", name=name(turn, case), number=case.number)
    return Appointment(_id(case, deadline.id), deadline.at, title, text, tuple(alarms), opens=key != "own")


def _cancelled(turn: Turn, case: Case, deadline: str, at: datetime) -> Appointment:
    title = turn.t.plain("calendar.title.gone", name=name(turn, case), number=case.number)
    text = turn.t.plain("calendar.text.gone")
    return Appointment(_id(case, deadline), at, title, text, cancelled=True)
