"""Reminders as a person sees them, and what their buttons do."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.naming import name, stage_words
from bot.conversation.places.outcomes import report
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.calendar import local
from bot.domain.facts import State
from bot.domain.model import Case, Reminder
from bot.domain.plan import TOO_LATE
from bot.domain.schedule import Deadline

LATE = timedelta(minutes=2)
"""From this much after its moment on, a reminder says that it is late."""
HOUR = timedelta(hours=1)
EVENING, MORNING = 20, 9


def matters(turn: Turn, case: Case, row: Reminder) -> bool:
    """Whether the reminder still says something true: asked right before it is sent."""
    state = turn.state(case)
    if not state.open or state.muted:
        return False
    if row.kind == "nudge":
        return row.deadline == "unfinished" if not state.ready else row.deadline == f"idle#{state.stage_seq}"
    if row.kind == "rules":
        return bool(turn.rules_changed(case))
    return deadline_of(turn, case, row) is not None


def too_late(row: Reminder, now: datetime) -> bool:
    """Whether it is past the point where sending it helps anybody; it is then shown on the card only."""
    return now - row.due > TOO_LATE


def deadline_of(turn: Turn, case: Case, row: Reminder) -> Deadline | None:
    """The end that the reminder is about, as it is derived now."""
    return next((each for each in turn.schedule(case).deadlines if each.id == row.deadline), None)


def view(turn: Turn, case: Case, row: Reminder) -> View:
    """Who writes and which case -> what happened -> end and source -> what if nothing -> two steps -> how to stop."""
    t, state = turn.t, turn.state(case)
    late = turn.now - row.due
    head_key = "notice.head_late" if late > LATE else "notice.head"
    head = t(head_key, number=case.number, name=name(turn, case), late=formats.length(t, late))
    parts: list[Markup | str] = [head]
    if late > LATE:
        due = f"{row.due.astimezone(turn.zone):%H:%M}"
        if row.due.astimezone(turn.zone).date() != turn.now.astimezone(turn.zone).date():
            due = formats.clock(t, row.due, turn.zone, turn.now)
        parts.append(t("notice.late", due=due))
    deadline = deadline_of(turn, case, row)
    if deadline is None:
        key = f"notice.{row.kind}.unfinished" if not state.ready else f"notice.{row.kind}.text"
        parts.append(t(key))
    else:
        parts += _body(turn, case, row, deadline)
    parts.append(t("notice.stop"))
    return View(lines(*parts), _options(turn, case, row, deadline), kept=True)


def _body(turn: Turn, case: Case, row: Reminder, deadline: Deadline) -> list[Markup]:
    t, stage = turn.t, turn.state(case).stage
    end = formats.relative(t, deadline.at, turn.zone, turn.now)
    values = {
        "stage": stage_words(turn, turn.state(case))[0],
        "left": formats.left(t, deadline.at, turn.now),
        "end": end,
        "source": formats.source(t, deadline),
        "effect": deadline.effect or t.plain(f"card.effect.{'own' if deadline.own else 'theirs'}"),
        "what": turn.state(case).text("promise"),
    }
    kind = row.kind
    if kind in ("own", "passed"):
        over = deadline.at <= turn.now
        what = "over" if over else ("text" if deadline.main else "beside")
        first = t(f"notice.own.{what}", **values)
        silence = t("notice.own.silence_over" if over else "notice.own.silence", **values)
    else:
        key = next(
            each
            for each in (
                f"notice.{kind}.{deadline.rule.replace('.', '_')}",
                f"notice.{kind}.{stage}",
                f"notice.{kind}.any",
            )
            if t.has(each)
        )
        quiet = f"notice.{kind}.silence_{stage}"
        first, silence = t(key, **values), t(quiet if t.has(quiet) else f"notice.{kind}.silence", **values)
    steps = next(
        each
        for each in (
            f"notice.steps.{deadline.rule.replace('.', '_')}",
            f"notice.steps.{'own' if deadline.own else 'theirs'}.{stage}",
            f"notice.steps.{'own' if deadline.own else 'theirs'}.any",
        )
        if t.has(each)
    )
    return [first, silence, t(steps)]


def _options(turn: Turn, case: Case, row: Reminder, deadline: Deadline | None) -> list[list[Option]]:
    t = turn.t
    stop = Option(t.plain("notice.button.stop"), "stop")
    if deadline is None:
        return [[Option(t.plain("notice.button.open"), "open"), stop]]
    over = deadline.own and deadline.at <= turn.now
    options = [Option(t.plain("notice.button.done"), "done"), Option(t.plain("notice.button.words"), "words")]
    if over:
        options = [Option(t.plain("notice.button.still"), "still"), Option(t.plain("notice.button.closed"), "closed")]
    elif _money_may_be_here(turn.state(case), deadline):
        options = [
            Option(t.plain("event.refunded"), "refunded"),
            Option(t.plain("event.no_answer"), "no_answer"),
        ]
    snoozes = times(turn, deadline)
    if snoozes and not over:
        wanted = "hour" if "hour" in snoozes and deadline.own else next(iter(snoozes))
        if not deadline.own and "morning" in snoozes:
            wanted = "morning"
        options.append(Option(t.plain(f"notice.button.{wanted}"), wanted))
    return pairs([*options, stop])


def _money_may_be_here(state: State, deadline: Deadline) -> bool:
    stages = ("waiting_merchant", "return_shipped", "refund_agreed")
    return state.text("side") != "merchant" and not deadline.own and state.stage in stages


def times(turn: Turn, deadline: Deadline | None) -> dict[str, datetime]:
    """When one can be reminded again: never in the past, never after an own end."""
    today = turn.now.astimezone(turn.zone).date()
    found = {
        "hour": turn.now + HOUR,
        "evening": _clock(turn, today, EVENING),
        "morning": _clock(turn, today + timedelta(days=1), MORNING),
    }
    return {
        name: at
        for name, at in found.items()
        if at > turn.now and (deadline is None or not deadline.own or at < deadline.at)
    }


def _clock(turn: Turn, day: date, hour: int) -> datetime:
    return local(day, time(hour), turn.zone)


def pressed(turn: Turn, row_id: int, verb: str) -> None:
    """A button of a reminder. Only a reminder that was sent and not answered yet acts."""
    row = turn.reminder(row_id)
    case = turn.case_by_id(row.case) if row else None
    if row is None or case is None or row.state != "sent" or not turn.state(case).open:
        turn.toast = turn.t.plain("stale.toast")
        return
    deadline = deadline_of(turn, case, row)
    turn.fresh = True
    if verb in ("hour", "evening", "morning"):
        at = times(turn, deadline).get(verb)
        if at is None:
            turn.toast = turn.t.plain("snooze.too_late")
            turn.go(f"card:{case.number}")
            return
        snooze(turn, case, row, at)
        return
    if verb not in _VERBS:
        turn.toast = turn.t.plain("stale.toast")
        return
    turn.set_reminder(replace(row, state="done"))
    _VERBS[verb](turn, case)


def snooze(turn: Turn, case: Case, row: Reminder, at: datetime) -> None:
    """Move the row; it can be moved again and again."""
    turn.set_reminder(replace(row, state="planned", due=at, snoozed=True, attempts=0))
    turn.go(f"snoozed:{row.id}:{case.number}")


def _done(turn: Turn, case: Case) -> None:
    turn.go(f"results:{case.number}:all")


def _words(turn: Turn, case: Case) -> None:
    turn.go(f"words:{case.number}:service")


def _stop(turn: Turn, case: Case) -> None:
    turn.record(case, "muted")
    turn.go(f"card:{case.number}")


def _refunded(turn: Turn, case: Case) -> None:
    report(turn, case, "refunded")


def _no_answer(turn: Turn, case: Case) -> None:
    report(turn, case, "no_answer")


def _still(turn: Turn, case: Case) -> None:
    turn.go(f"check:{case.number}")


def _closed(turn: Turn, case: Case) -> None:
    report(turn, case, "app_closed")


def _open(turn: Turn, case: Case) -> None:
    turn.go(f"card:{case.number}")


_VERBS = {
    "done": _done,
    "words": _words,
    "stop": _stop,
    "refunded": _refunded,
    "no_answer": _no_answer,
    "still": _still,
    "closed": _closed,
    "open": _open,
}
