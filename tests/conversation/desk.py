"""A person at one screen, through ``decide`` alone: no store, no channel, a clock that only the test moves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.decide import Decision, decide, stranger
from bot.conversation.turn import Knowledge, Turn
from bot.domain.facts import State
from bot.domain.history import fold
from bot.domain.model import Case, Dossier, Json, Preferences
from bot.domain.moment import Moment
from bot.domain.plan import LIVE_STATES
from bot.messages import Attached, Choice, Incoming, Kind, Screen
from tests.harness import knowledge as everything

SHANGHAI = ZoneInfo("Asia/Shanghai")
PERSON = "telegram:42"
_TAG = re.compile(r"<[^>]+>")


@cache
def knowledge() -> Knowledge:
    """The shipped content, read once for all tests."""
    return replace(everything(), abilities=frozenset())


def at(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> datetime:
    """A clock time in Shanghai, in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def told(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> Json:
    """A dated fact as a case keeps it."""
    return Moment(at(day, hour, minute, month)).to_json()


def _stored(dossier: Dossier) -> Dossier:
    """What a store would load again: reminders that are dropped or done are not part of it."""
    return replace(dossier, reminders=tuple(row for row in dossier.reminders if row.state in LIVE_STATES), letters=())


@dataclass
class Desk:
    """``open`` puts a case there, ``go`` leads to a place; then press, say, and read what is shown."""

    now: datetime = field(default_factory=lambda: at(22, 10))
    dossier: Dossier = field(init=False)
    screens: list[Screen] = field(default_factory=list)
    toast: str = ""
    misses: list[str] = field(default_factory=list)
    edited: bool = False

    def __post_init__(self) -> None:
        self.dossier = stranger(PERSON, self.now, Preferences())
        self._ids = count(1)

    # --- setting up ----------------------------------------------------------------------------------------------

    def turn(self) -> Turn:
        incoming = Incoming(f"telegram:{next(self._ids)}", PERSON, self.now, "text")
        return Turn(knowledge(), self.dossier, incoming, self.now)

    def keep(self, turn: Turn) -> None:
        turn.settle()
        self.dossier = _stored(turn.result())

    def open(self, problem: str = "spoiled", stage: str = "preparing", **facts: Json) -> int:
        """A 问题单 whose questions are answered."""
        turn = self.turn()
        case = turn.open_case({"problem": problem, "stage": stage, "questions": [], **facts})
        turn.record(case, "ready")
        self.keep(turn)
        return case.number

    def record(self, kind: str, data: dict[str, Json] | None = None, number: int = 1) -> None:
        turn = self.turn()
        turn.record(turn.cases[number], kind, data)
        self.keep(turn)

    def go(self, place: str) -> str:
        """Stand at a place and see it drawn."""
        turn = self.turn()
        turn.go(place)
        self.keep(turn)
        self._decided("other", repeated=True)
        assert self.place == place
        return self.text

    # --- doing ---------------------------------------------------------------------------------------------------

    def press(self, label: str) -> str:
        choices = [choice for row in self.screens[-1].rows for choice in row if choice.label == label]
        assert [choice.label for choice in choices] == [label], f"{self.text}\n{self.labels}"
        self._decided("press", press=choices[0].press)
        return self.text

    def say(self, text: str) -> str:
        self._decided("text", text=text)
        return self.text

    def photo(self, file: str) -> str:
        self._decided("photo", attached=Attached(file, type="image/jpeg"))
        return self.text

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def _decided(self, kind: Kind, repeated: bool = False, **fields: Any) -> Decision:
        number = next(self._ids)
        incoming = replace(Incoming(f"telegram:{number}", PERSON, self.now, kind, message=f"m{number}"), **fields)
        decision = decide(knowledge(), self.dossier, incoming, self.now, repeated=repeated)
        self.dossier = _stored(decision.dossier)
        if decision.answer.replies:
            self.screens = [reply.screen for reply in decision.answer.replies]
            self.edited = decision.answer.replies[-1].edit
        self.toast = decision.answer.toast
        self.misses += decision.misses
        return decision

    # --- seeing --------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        return unescape(_TAG.sub("", str(self.screens[-1].text)))

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def choices(self) -> Sequence[Choice]:
        return [choice for row in self.screens[-1].rows for choice in row]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.choices]

    def goal(self, label: str) -> str:
        """Where a button leads: its action without the screen's revision."""
        return next(choice.press.partition(".")[2] for choice in self.choices if choice.label == label)

    @property
    def place(self) -> str:
        return str(self.dossier.person.session["place"])

    def case(self, number: int = 1) -> Case:
        return next(case for case in self.dossier.cases if case.number == number)

    def state(self, number: int = 1) -> State:
        return fold(self.case(number))
