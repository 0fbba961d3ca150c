"""Whoever presses and types at random, with restarts and clock jumps in between, never gets stuck."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.conversation.decide import decide
from bot.conversation.places.card import reminder_reason
from bot.conversation.reminding import reminder_screen
from bot.conversation.turn import Turn
from bot.domain.model import Dossier
from bot.messages import COPY_LIMIT, PRESS_LIMIT, TEXT_LIMIT, TOAST_LIMIT, Attached, Choice, Incoming, Kind, Screen
from tests.conversation.desk import Desk, _stored, knowledge

ANYTHING = (Path(__file__).parents[1] / "data" / "anything.txt").read_text("utf-8").splitlines()
SENTENCES = [*ANYTHING, "长" * 5000, "\u202e反"]
COMMANDS = [
    "/start", "/new", "/cases", "/next", "/undo", "/settings", "/help", "/privacy", "/forget", "/cancel", "/xyz",
    "/start c_1", "/start new_quality", "/start c_99", "/start new_x",
]  # fmt: skip


class Wanderer(RuleBasedStateMachine):
    """One person who does anything at all."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk()
        self.old: list[str] = []
        self.rows = 0
        self.shown: list[Screen] = []
        self.do("command", text="/start")

    def do(self, kind: Kind, **fields: Any) -> None:
        self.old += [choice.press for choice in self.desk.choices] if self.desk.screens else []
        self.old = self.old[-40:]
        self.desk._decided(kind, False, **fields)
        self.shown = self.desk.screens
        self.number_rows()

    def number_rows(self) -> None:
        """What the store does: every new reminder row gets an id."""
        rows = []
        for row in self.desk.dossier.reminders:
            if not row.id:
                self.rows += 1
            rows.append(row if row.id else replace(row, id=self.rows))
        self.desk.dossier = replace(self.desk.dossier, reminders=tuple(rows))

    @rule(data=st.data())
    def press(self, data: st.DataObject) -> None:
        choices = [choice for choice in self.desk.choices if choice.press]
        if choices:
            self.do("press", press=data.draw(st.sampled_from(choices)).press)

    @rule(data=st.data())
    def press_again(self, data: st.DataObject) -> None:
        self.press(data)

    @rule(text=st.sampled_from(SENTENCES))
    def type(self, text: str) -> None:
        self.do("command" if text.startswith("/") else "text", text=text)

    @rule(text=st.sampled_from(COMMANDS))
    def command(self, text: str) -> None:
        self.do("command", text=text)

    @rule(text=st.text(max_size=30))
    def type_anything(self, text: str) -> None:
        self.do("text", text=text)

    @rule(kind=st.sampled_from(["photo", "document", "video", "sticker", "voice", "other"]))
    def send(self, kind: Kind) -> None:
        sent = Attached("file", type="image/jpeg") if kind in ("photo", "document", "video") else None
        self.do(kind, attached=sent)

    @precondition(lambda self: self.old)
    @rule(data=st.data())
    def press_an_old_button(self, data: st.DataObject) -> None:
        self.do("press", press=data.draw(st.sampled_from(self.old)))

    @rule(text=st.text(max_size=20))
    def forge(self, text: str) -> None:
        self.do("press", press=text)

    @rule()
    def restart(self) -> None:
        session = json.loads(json.dumps(self.desk.dossier.person.session))
        person = replace(self.desk.dossier.person, session=session)
        self.desk.dossier = replace(self.desk.dossier, person=person)

    @rule(hours=st.sampled_from([0.01, 1, 5, 12, 24, 49, 200, 2000]))
    def wait(self, hours: float) -> None:
        """Time passes; what is due is rendered and counts as sent, as the loop does it."""
        self.desk.now += timedelta(hours=hours)
        rows = []
        for row in self.desk.dossier.reminders:
            if row.state == "planned" and row.due <= self.desk.now:
                screen = reminder_screen(knowledge(), self.desk.dossier, row.id, self.desk.now)
                if isinstance(screen, Screen):
                    self.check(screen)
                    assert len(choices_of(screen)) <= (3 if self.desk.dossier.person.preferences.big_text else 4)
                    self.old += [choice.press for choice in choices_of(screen)]
                row = replace(row, state="sent" if isinstance(screen, Screen) else screen)
            rows.append(row)
        self.desk.dossier = _stored(replace(self.desk.dossier, reminders=tuple(rows)))

    @invariant()
    def nothing_breaks_a_limit(self) -> None:
        for screen in self.shown:
            self.check(screen)
        assert len(self.desk.toast) <= TOAST_LIMIT

    def check(self, screen: Screen) -> None:
        text = str(screen.text)
        assert 0 < len(text) <= TEXT_LIMIT
        assert not any(f"{{{key}}}" in text for key in ("goods", "amount", "name", "number", "end", "left", "button"))
        for choice in choices_of(screen):
            assert choice.label
            assert len(choice.press.encode()) <= PRESS_LIMIT
            assert len(choice.copy) <= COPY_LIMIT
            assert bool(choice.press) != bool(choice.copy)

    @invariant()
    def there_is_a_way_on(self) -> None:
        assert any(choice.press for choice in self.desk.choices), self.desk.text

    @invariant()
    def home_is_reachable(self) -> None:
        incoming = Incoming("telegram:home", self.desk.dossier.person.id, self.desk.now, "command", text="/start")
        decision = decide(knowledge(), self.desk.dossier, incoming, self.desk.now)
        assert decision.dossier.person.session["place"] == "home"

    @invariant()
    def no_open_case_is_silent_without_a_reason(self) -> None:
        dossier: Dossier = self.desk.dossier
        turn = Turn(knowledge(), dossier, None, self.desk.now)
        for case in turn.open_cases():
            if not turn.state(case).facts.get("loose"):
                assert turn.future_reminders(case) or reminder_reason(turn, case)


class BigWanderer(Wanderer):
    """The same in 大字模式: never more than three buttons, and each of them can be typed as a number."""

    def __init__(self) -> None:
        super().__init__()
        self.do("text", text="大字")

    @rule(number=st.sampled_from(["1", "2", "3", "①", "２", "第三个"]))
    def type_a_number(self, number: str) -> None:
        self.do("text", text=number)

    @invariant()
    def no_screen_offers_more_than_three(self) -> None:
        if self.desk.dossier.person.preferences.big_text:
            for screen in self.shown:
                assert len(choices_of(screen)) <= 3
                assert all(len(choice.label) <= 8 for choice in choices_of(screen))
            session = self.desk.dossier.person.session
            pressable = [choice.press.partition(".")[2] for choice in self.desk.choices if choice.press]
            assert session["numbers"] == pressable


def choices_of(screen: Screen) -> list[Choice]:
    return [choice for row in screen.rows for choice in row]


Wanderer.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
BigWanderer.TestCase.settings = settings(Wanderer.TestCase.settings, max_examples=30)
TestNoDeadEnd = Wanderer.TestCase
TestNoDeadEndInBigText = BigWanderer.TestCase
