"""The decision: what was known and what was done -> what is known then, and what is answered. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import escape

from bot.conversation import outcomes_of_work, pressed, typed
from bot.conversation.places import PLACES
from bot.conversation.render import screen
from bot.conversation.turn import Knowledge, Turn
from bot.conversation.view import View
from bot.domain.model import Dossier, Person, Preferences
from bot.messages import Answer, Incoming, Reply


@dataclass(frozen=True, slots=True)
class Decision:
    """What to save, what to answer, and whether everything of the person is to be deleted instead."""

    dossier: Dossier
    answer: Answer
    forget: bool = False
    misses: Sequence[str] = ()


def stranger(person: str, now: datetime, preferences: Preferences) -> Dossier:
    """Somebody who writes for the first time."""
    return Dossier(Person(person, now, preferences))


def decide(
    knowledge: Knowledge, dossier: Dossier, incoming: Incoming, now: datetime, *, repeated: bool = False
) -> Decision:
    """Take one decision. A repeated update changes nothing and draws the present screen."""
    turn = Turn(knowledge, dossier, incoming, now)
    if incoming.kind == "job":
        outcomes_of_work.handle(turn, incoming)
        return _answered(turn, incoming)
    if not dossier.person.reachable:
        _came_back(turn)
    if not repeated:
        if incoming.kind == "press":
            pressed.handle(turn, incoming)
        else:
            typed.handle(turn, incoming)
    return _answered(turn, incoming)


def _came_back(turn: Turn) -> None:
    """Somebody who had blocked the bot writes again: what is still ahead is planned again, what was missed is said."""
    turn.person = replace(turn.person, reachable=True)
    late = [row for row in turn.reminders if row.state == "planned" and row.due < turn.now]
    away = [*late, *(row for row in turn.reminders if row.state == "unreachable")]
    for row in away:
        turn.set_reminder(replace(row, state="missed"))
    if away:
        turn.before.append(View(turn.t("home.missed", count=len(away)), kept=True))


def _answered(turn: Turn, incoming: Incoming) -> Decision:
    turn.settle()
    if turn.silent:
        return Decision(turn.result(), Answer(turn.toast), turn.forgotten, tuple(turn.misses))
    view = place_view(turn)
    if turn.toast and turn.note is None and incoming.kind != "press":
        # Only a press can be answered with a toast; what was typed gets it as a line.
        turn.note = escape(turn.toast)
    if turn.note:
        view = replace(view, text=turn.note + "\n\n" + view.text)
    pressed_kept = incoming.kind == "press" and not pressed.editable(incoming.press)
    edit = incoming.kind == "press" and not (pressed_kept or turn.fresh or turn.before or view.file)
    replies = [Reply(screen(before, ""), file=before.file) for before in turn.before]
    _remember(turn, view)
    shown = screen(view, pressed.prefix(turn.session))
    answer = Answer(turn.toast, (*replies, Reply(shown, edit, view.file)))
    return Decision(turn.result(), answer, turn.forgotten, tuple(turn.misses))


def place_view(turn: Turn) -> View:
    """The present place; one that cannot be drawn any more (its case was deleted) becomes home."""
    name, *args = turn.session.place.split(":")
    place = PLACES.get(name)
    view = place(turn, *args) if place else None
    if view is None:
        turn.go("home")
        view = PLACES["home"](turn)
    if view is None:
        raise LookupError("home cannot be drawn")
    return view


def _remember(turn: Turn, view: View) -> None:
    session = turn.session
    choices = [[option.label, option.action, *option.words] for row in view.rows for option in row if option.action]
    if turn.acted or choices != session.choices or view.kept != session.kept:
        session.revision += 1
    session.choices, session.kept = choices, view.kept
