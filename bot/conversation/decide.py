"""The decision: what was known and what was done -> what is known then, and what is answered. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from markupsafe import escape

from bot.conversation import big_text, outcomes_of_work, pressed, typed
from bot.conversation.alike import closings
from bot.conversation.numbering import numbered, pressable
from bot.conversation.places import PLACES
from bot.conversation.render import screen
from bot.conversation.turn import Knowledge, Turn
from bot.conversation.view import Option, View
from bot.domain.model import Dossier, Person, Preferences
from bot.messages import Answer, Incoming, Reply


@dataclass(frozen=True, slots=True)
class Decision:
    """What to save, what to answer, and whether everything of the person is to be deleted instead."""

    dossier: Dossier
    answer: Answer
    forget: bool = False
    misses: Sequence[str] = ()
    outcomes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(problem, outcome) -> how many cases more (or fewer) ended so, by this decision."""


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
        return Decision(turn.result(), Answer(turn.toast), turn.forgotten, tuple(turn.misses), closings(turn))
    view = place_view(turn)
    if turn.toast and turn.note is None and incoming.kind != "press":
        # Only a press can be answered with a toast; what was typed gets it as a line.
        turn.note = escape(turn.toast)
    before, view = _laid_out(turn, view)
    pressed_kept = incoming.kind == "press" and not pressed.editable(incoming.press)
    fresh = (turn.fresh and not turn.paging) or bool(before) or view.file is not None
    edit = incoming.kind == "press" and not (pressed_kept or fresh)
    replies = [Reply(screen(each, ""), file=each.file) for each in before]
    shown = screen(view, pressed.prefix(turn.session))
    answer = Answer(turn.toast, (*replies, Reply(shown, edit, view.file)))
    return Decision(turn.result(), answer, turn.forgotten, tuple(turn.misses), closings(turn))


def _laid_out(turn: Turn, view: View) -> tuple[list[View], View]:
    """The messages before the place, and the place, as this person wants to read them; what can be chosen is kept."""
    turn.session.shown = turn.now.isoformat()
    if not turn.person.preferences.big_text:
        _remember(turn, pressable(view), numbered(turn.session.place.partition(":")[0], view), view.kept)
        return turn.before, replace(view, text=turn.note + "\n\n" + view.text) if turn.note else view
    arranged = big_text.arrange(turn, view, turn.note)
    _remember(turn, arranged.options, arranged.numbers, arranged.last.kept)
    beside = [part for each in turn.before for part in big_text.beside(turn.t, each)]
    return [*beside, *arranged.before], arranged.last


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


def _remember(turn: Turn, options: Sequence[Option], numbers: Sequence[str], kept: bool) -> None:
    session = turn.session
    choices = [[option.label, option.action, *option.words] for option in options]
    if turn.acted or choices != session.choices or kept != session.kept:
        session.revision += 1
    session.choices, session.numbers, session.kept = choices, list(numbers), kept
