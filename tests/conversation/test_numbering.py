"""A typed number is the option whose ①②③ is shown; where a screen counts other things, nothing is guessed."""

import pytest

from bot.catalog.problems import Problem
from bot.conversation.numbering import MARKS, STEPS, read_number
from tests.conversation.desk import Desk, knowledge
from tests.conversation.test_big_text import ANYWHERE, FACTS, OF_A_CASE, PROBLEMS, STAGES, stand

T = knowledge().catalog.texts


@pytest.mark.parametrize(
    ("typed", "number", "surely"),
    [
        ("1", 1, False), ("２", 2, False), ("③", 3, True), ("一", 1, False), ("选1", 1, True), ("选择 2", 2, True),
        ("第一个", 1, True), ("第3项", 3, True), ("我选②", 2, True), ("2、", 2, False), ("要3", 3, True),
    ],
)  # fmt: skip
def test_a_number_as_people_type_it(typed: str, number: int, surely: bool) -> None:
    assert read_number(T, typed) == (number, surely)


@pytest.mark.parametrize("typed", ["0", "12", "1号", "第一页", "第1步", "一半", "3天", "", "选", "1.5", "-1", "两个"])
def test_what_is_no_number_of_a_choice(typed: str) -> None:
    assert read_number(T, typed) is None


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.id)
def test_every_mark_on_every_screen_means_its_option_or_nothing(problem: Problem) -> None:
    at = PROBLEMS.index(problem)
    for turn, stage in enumerate(STAGES[at % 5 :: 5]):
        desk = Desk()
        desk.open(problem.id, stage, **FACTS, side=problem.side if problem.side != "buyer" else None)
        for place in (*OF_A_CASE[turn % 2 :: 2], *ANYWHERE[at % 4 :: 4]):
            stand(desk, place)
            agrees(desk)


def agrees(desk: Desk) -> None:
    lines = [part for line in desk.lines for part in line.replace(" ①", "\n①").replace(" ②", "\n②").split("\n")]
    marked = [line for line in lines if line[:1] and line[0] in MARKS]
    numbers = desk.dossier.person.session["numbers"]
    options = {choice.press.partition(".")[2]: choice.label for choice in desk.choices if choice.press}
    if not marked:
        assert numbers == list(options)
        return
    if not numbers:
        assert desk.place.partition(":")[0] in STEPS
        return
    found = 0
    for line in marked:
        number = MARKS.index(line[0]) + 1
        action = numbers[number - 1] if number <= len(numbers) else ""
        label = options.get(action, "")
        found += bool(label) and (line[0] in label or label in line)
        # What has its own mark on the button is meant by that mark.
        assert all(each == action for each, name in options.items() if line[0] in name), (line, options)
    assert found or any(len(set(MARKS) & set(label)) for label in options.values()) or desk.place.startswith("proof")
