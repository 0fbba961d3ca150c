"""What is typed as an answer to a question before the first card."""

from bot.conversation.places import moments, order_text
from bot.conversation.places.intake import CHOICES, STAGE_EVENT, answer, pending, target
from bot.conversation.turn import Turn
from bot.conversation.understand.problem import recognise
from bot.conversation.understand.times import find_times
from bot.conversation.understand.words import outcome
from bot.domain.facts import State
from bot.domain.machine import POSSIBLE
from bot.domain.model import Case
from bot.domain.moment import Moment


def _type(turn: Turn, text: str, number: str) -> bool:
    case = turn.case(number)
    if case is None:
        return False
    state = turn.state(case)
    waiting = pending(state)
    if not waiting:
        return False
    question = waiting[0]
    if order_text.names_order(text):
        return False
    if question in CHOICES and question != "promise":
        return _type_choice(turn, case, question, text)
    if moments.understand(turn, text, case, target(state, question), f"ask:{number}"):
        return True
    if _is_news(turn, state, text):
        return False
    example = {"countdown": "ask.countdown.example", "promise": "ask.promise.example"}.get(question)
    turn.note = turn.t("ask.again", text=text[:30], example=turn.t(example or "ask.when.example"))
    return True


def _is_news(turn: Turn, state: State, text: str) -> bool:
    """和商家谈妥了, 平台没支持: something happened that changes what is to be asked."""
    return outcome(text, turn.knowledge.lexicon) in POSSIBLE[state.stage]


def _type_choice(turn: Turn, case: Case, question: str, text: str) -> bool:
    found = recognise(text, turn.knowledge.lexicon)
    choice = {"order": found.order, "goods": found.goods, "stage": found.stage}.get(question)
    if question == "stage" and choice is None:
        happened = outcome(text, turn.knowledge.lexicon)
        choice = next((stage for stage, event in STAGE_EVENT.items() if event == happened), None)
    allowed = CHOICES[question] if question != "stage" else (*STAGE_EVENT, "preparing")
    if (choice is None or choice not in allowed) and _is_news(turn, turn.state(case), text):
        return False
    if choice is None or choice not in allowed:
        turn.note = turn.t("ask.again", text=text[:30], example=turn.t(f"ask.{question}.example"))
        return True
    answer(turn, case, question, choice)
    if choice == "rejected" and found.reason and "reject_reason" not in turn.state(turn.cases[case.number]).facts:
        turn.record(turn.cases[case.number], "facts", {"reject_reason": found.reason})
    _take_date(turn, turn.cases[case.number], text)
    return True


def _take_date(turn: Turn, case: Case, text: str) -> None:
    """商家昨晚8点拒的 answers two questions at once."""
    state = turn.state(case)
    told = [reading for _, reading in find_times(text, said=turn.said, zone=turn.zone) if isinstance(reading, Moment)]
    if pending(state)[:1] == ["last"] and len(told) == 1 and told[0].at <= turn.said:
        moments.understand(turn, text, case, target(state, "last"), f"ask:{case.number}")


TYPED = {"ask": _type}
