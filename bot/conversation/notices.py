"""Reminders as a person sees them, and what their buttons do."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.ledger_words import notice_values
from bot.conversation.naming import effect, name, stage_words
from bot.conversation.places import ledger
from bot.conversation.places.outcomes import report
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.authorities import CLOCK_OF, PROOF_UNTIL
from bot.domain.calendar import local
from bot.domain.facts import State, can_happen
from bot.domain.ledger import ASKED, WORD
from bot.domain.model import Case, Reminder
from bot.domain.plan import TOO_LATE
from bot.domain.schedule import Deadline

LATE = timedelta(minutes=2)
"""From this much after its moment on, a reminder says that it is late."""
HOUR = timedelta(hours=1)
EVENING, MORNING = 20, 9
FOLLOW_UP = "timer.follow_up"


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
    t, state = turn.t, turn.state(case)
    stage = state.stage
    end = formats.relative(t, deadline.at, turn.zone, turn.now)
    values = {
        "stage": stage_words(turn, state)[0],
        "end": end,
        "start": formats.followed(t, formats.clock(t, deadline.start, turn.zone, turn.now)),
        "source": formats.source(t, deadline),
        "effect": effect(turn, state, deadline),
        "what": state.text("promise"),
        **notice_values(turn, case, deadline),
    }
    kind = row.kind
    if kind in ("own", "passed"):
        first = _own_end(turn, deadline, values)
        quiet = "notice.own.silence_over" if deadline.over(turn.now) else "notice.own.silence"
        silence = t(f"{quiet}_{stage}" if t.has(f"{quiet}_{stage}") else quiet, **values)
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
        # A clock of a body outside runs in any stage.
        whose = "outside" if deadline.rule in CLOCK_OF else stage
        quiet = f"notice.{kind}.silence_{whose}"
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


def _own_end(turn: Turn, deadline: Deadline, values: dict[str, str]) -> Markup:
    t, at, over = turn.t, deadline.at, deadline.over(turn.now)
    what = "over" if over else "text" if deadline.main else "beside"
    word: Literal["until", "ended", "latest"] = "ended" if over else "until"
    if deadline.latest is not None and deadline.maybe_over(turn.now):
        what, word, at = "maybe_over", "latest", deadline.latest
    until = formats.until(t, at, turn.zone, turn.now, word)
    return t(f"notice.own.{what}", left=formats.left(t, at, turn.now), until=until, **values)


def options(turn: Turn, case: Case, row: Reminder) -> list[Option]:
    """What can be answered to the reminder; the action is the verb alone."""
    return [option for line in _options(turn, case, row, deadline_of(turn, case, row)) for option in line]


def _options(turn: Turn, case: Case, row: Reminder, deadline: Deadline | None) -> list[list[Option]]:
    t = turn.t
    stop = Option(t.plain("notice.button.stop"), "stop")
    if deadline is None:
        return [[Option(t.plain("notice.button.open"), "open"), stop]]
    over = deadline.own and deadline.over(turn.now)
    options = [Option(t.plain(_LABELS[verb]), verb) for verb in _answers(turn.state(case), deadline, over)]
    snoozes = times(turn, deadline)
    if snoozes and not over:
        wanted = "hour" if "hour" in snoozes and deadline.own else next(iter(snoozes))
        if not deadline.own and "morning" in snoozes:
            wanted = "morning"
        options.append(Option(t.plain(f"notice.button.{wanted}"), wanted))
    return pairs([*options, stop])


def _answers(state: State, deadline: Deadline, over: bool) -> tuple[str, str]:
    """The two answers that fit what the reminder is about, the likelier first."""
    if over and deadline.rule != PROOF_UNTIL:
        # Before an application there is no page on which anything could still be pressed.
        return ("applied" if state.stage == "preparing" else "still", "closed")
    if deadline.rule == WORD:
        return ("word_kept", "word_broken")
    if deadline.rule == ASKED:
        return ("answer_came", "words")
    if deadline.rule == FOLLOW_UP:
        return ("answered", "words")
    if deadline.rule in CLOCK_OF or deadline.rule == PROOF_UNTIL:
        return ("heard", "open")
    if _money_may_be_here(state, deadline):
        return ("refunded", "no_answer")
    if not deadline.own and state.stage == "preparing" and can_happen(state, "goods_shipped"):
        return ("shipped", "words")
    return ("done", "words")


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
    """A button of a reminder. One that was answered already can still be looked at and stopped."""
    row = turn.reminder(row_id)
    case = turn.case_by_id(row.case) if row else None
    waiting = row is not None and (row.state == "sent" or (row.state == "planned" and row.snoozed))
    if row is None or case is None or not turn.state(case).open or not (waiting or verb in _LOOKS):
        turn.toast = turn.t.plain("stale.toast")
        return
    deadline = deadline_of(turn, case, row)
    turn.fresh = True
    if verb == "more":
        turn.go(f"reminded:{row.id}:rest")
        return
    if verb in ("hour", "evening", "morning"):
        at = times(turn, deadline).get(verb)
        if at is None:
            turn.toast = turn.t.plain("snooze.too_late")
            turn.go(f"card:{case.number}")
            return
        snooze(turn, case, row, at)
        return
    if verb in ledger.VERBS:
        if waiting and verb != "answer_came":
            turn.set_reminder(replace(row, state="done"))
        ledger.pressed(turn, case, row.deadline, verb)
        return
    if verb not in _VERBS:
        turn.toast = turn.t.plain("stale.toast")
        return
    if waiting and verb not in LEAVES:
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
    if not turn.state(case).muted:
        turn.record(case, "muted")
    turn.go(f"card:{case.number}")


def _refunded(turn: Turn, case: Case) -> None:
    report(turn, case, "refunded")


def _no_answer(turn: Turn, case: Case) -> None:
    report(turn, case, "no_answer")


def _applied(turn: Turn, case: Case) -> None:
    report(turn, case, "applied")


def _shipped(turn: Turn, case: Case) -> None:
    report(turn, case, "goods_shipped")


def _answered(turn: Turn, case: Case) -> None:
    turn.go(f"service_answer:{case.number}")


def _still(turn: Turn, case: Case) -> None:
    turn.go(f"check:{case.number}")


def _closed(turn: Turn, case: Case) -> None:
    if turn.state(case).stage != "preparing":
        report(turn, case, "app_closed")
        return
    turn.note = turn.t("results.note.entry_closed")
    turn.go(f"service:{case.number}")


def _heard(turn: Turn, case: Case) -> None:
    turn.go(f"heard:{case.number}")


def _open(turn: Turn, case: Case) -> None:
    turn.go(f"card:{case.number}")


_VERBS = {
    "done": _done,
    "words": _words,
    "stop": _stop,
    "refunded": _refunded,
    "no_answer": _no_answer,
    "applied": _applied,
    "shipped": _shipped,
    "answered": _answered,
    "still": _still,
    "closed": _closed,
    "open": _open,
    "heard": _heard,
}
_LABELS = {
    "done": "notice.button.done",
    "words": "notice.button.words",
    "still": "notice.button.still",
    "closed": "notice.button.closed",
    "applied": "notice.button.applied",
    "shipped": "notice.button.shipped",
    "answered": "notice.button.answered",
    "heard": "ladder.button.heard",
    "open": "notice.button.open",
    "refunded": "event.refunded",
    "no_answer": "event.no_answer",
    **{verb: f"notice.button.{verb}" for verb in ledger.VERBS},
}
"""What each answer is called on its button."""
_LOOKS = frozenset({"answer_came", "done", "words", "stop", "still", "open", "answered", "heard", "more"})
"""Can be pressed on a reminder at any time: pressed twice they change nothing more."""
LEAVES = frozenset({"words", "open", "done", "still", "answered", "heard"})
"""These only lead on: the reminder waits until a result is told, and can still be answered otherwise."""
