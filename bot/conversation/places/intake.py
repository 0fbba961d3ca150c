"""At most three questions to the first card; what is known or implied is not asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.catalog.problems import Problem
from bot.conversation.media import take_waiting
from bot.conversation.naming import name
from bot.conversation.places import moments
from bot.conversation.turn import Turn
from bot.conversation.understand.countdown import Left
from bot.conversation.understand.times import find_times
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import STAGE_DATE, State
from bot.domain.machine import Event, Stage
from bot.domain.model import Case, Json
from bot.domain.moment import Moment

MOST = 3
STAGE_EVENT: Mapping[str, Event] = {
    "waiting_merchant": "applied",
    "rejected": "rejected",
    "platform": "intervened",
    "return_agreed": "agreed_return",
    "return_shipped": "return_shipped",
    "refund_agreed": "agreed_refund",
    "proof_wanted": "proof_wanted",
    "decided_for": "platform_for",
    "decided_partly": "platform_partly",
    "decided_against": "platform_against",
    "not_accepted": "platform_refused",
}
"""What must have happened for a stage to be the present one."""
COUNTED: frozenset[Stage] = frozenset({"waiting_merchant", "return_agreed", "proof_wanted"})
"""Stages in which the app's countdown is asked for; elsewhere it can be added from the card."""
CHOICES: Mapping[str, Sequence[str]] = {
    "order": ("unshipped", "in_transit", "signed"),
    "goods": ("normal", "fresh", "virtual"),
    "stage": ("preparing", "waiting_merchant", "rejected", "platform", "unsure"),
    "promise": ("h24", "h48", "date", "unsure"),
    "pay_method": ("wechat", "alipay", "wallet", "debit", "credit"),
}
_AFTER = frozenset({"order", "promise", "stage", "last", "countdown", "pay_method"})
"""Questions that still matter once there is an application."""
FRESH = timedelta(minutes=3)
MARKS = "①②③④⑤⑥⑦⑧"


def begin(turn: Turn, problem: Problem, known: Mapping[str, Json]) -> None:
    """Open a 问题单 and ask what is still needed."""
    kept: dict[str, Json] = dict(turn.session.draft.pop("known", {}))
    countdown = kept.pop("countdown", None)
    told_stage = problem.stage or known.get("stage") or kept.pop("stage", None)
    stage = told_stage or "preparing"
    facts: dict[str, Json] = {"problem": problem.id, "stage": stage}
    if problem.goods or known.get("goods"):
        facts["goods"] = problem.goods or known["goods"]
    if len(problem.orders) == 1:
        facts["order"] = problem.orders[0]
    elif known.get("order") in problem.orders:
        facts["order"] = known["order"]
    if facts.get("order") == "unshipped":
        # The only type there is before dispatch (rule pdd.refund.types).
        facts["refund_type"] = "refund_only"
    for source, fact in (("goods_name", "goods_name"), ("reason", "reject_reason")):
        if known.get(source):
            facts[fact] = known[source]
    kept.pop("stage", None)
    if kept.get("order") not in problem.orders:
        kept.pop("order", None)
    facts.update(kept)
    wanted, total = questions(problem, facts, bool(told_stage))
    facts["questions"], facts["total"] = list(wanted), total
    case = turn.open_case(facts)
    if countdown is not None:
        turn.record(case, "countdown", countdown)
    take_waiting(turn, case.number)
    case = turn.cases[case.number]
    if problem.first and stage in ("preparing", "waiting_merchant", "rejected") and turn.session.place != "guess":
        turn.before.append(View(lines(problem.first), kept=True))
    proceed(turn, case)
    _from_sentence(turn, turn.cases[case.number], known)


def _from_sentence(turn: Turn, case: Case, known: Mapping[str, Json]) -> None:
    """商家今早9点拒的，倒计时还有1天: what the first sentence told already is shown back instead of asked.

    A countdown counts from the moment it was written, so an old sentence is not read again.
    """
    state, text, said = turn.state(case), str(known.get("text", "")), known.get("said")
    waiting = pending(state)
    if not waiting or not said or turn.said - datetime.fromisoformat(said) > FRESH:
        return
    found = find_times(text, said=turn.said, zone=turn.zone)
    left = [span for span, reading in found if isinstance(reading, Left)]
    past = [span for span, reading in found if isinstance(reading, Moment) and reading.at <= turn.said]
    question, back = waiting[0], f"ask:{case.number}"
    if len(left) == 1 and question in ("last", "countdown"):
        moments.understand(turn, text[slice(*left[0])], case, "countdown", back)
        return
    dated = question not in CHOICES and question != "countdown"
    if (
        dated
        and len(found) == len(past) == 1
        and moments.understand(turn, text[slice(*past[0])], case, target(state, question), back)
    ):
        # The date may have meant something else: the question stands above it.
        turn.note = _text(turn, state, question)


def questions(problem: Problem, facts: Mapping[str, Json], stage_known: bool) -> tuple[tuple[str, ...], int]:
    """What may have to be asked, in order, and how many questions it will be at most; both are fixed at the opening.

    Before an application only the problem's own clock matters (signed_at ...), after it only the stage's.
    """
    stage = facts["stage"]
    # Where the goods are decides nothing once the money is on its way, nor for what has no parcel (codes, recharges).
    first = [] if "order" in facts or stage == "refund_agreed" or facts.get("goods") == "virtual" else ["order"]
    first += [each for each in problem.asks if each == "promise" and each not in facts]
    if not stage_known:
        first.append("stage")
    before = [each for each in problem.asks if each != "promise" and each not in facts]
    if "promise" in problem.asks and "ordered_at" not in facts:
        before.append("ordered_at")
    after = ["last", "countdown"] if not stage_known or stage in COUNTED else ["last"]
    if "goods" not in facts and "return_refund" in problem.app.types and "refund_only" in problem.app.types:
        before.append("goods")
    if stage_known:
        ours = [each for each in before if each in _AFTER]
        before, after = (before, []) if stage == "preparing" else ([], [*ours, *after])
    total = min(MOST, len(first) + max(len(before), len(after)))
    return (*first, *before, *after), total


def pending(state: State) -> list[str]:
    """Questions that are still open, in order; never more than were announced."""
    asked, total = _progress(state)
    return [question for question in _relevant(state) if not _answered(state, question)][: max(0, total - asked)]


def _relevant(state: State) -> list[str]:
    applied = state.stage != "preparing"
    wrong = ("last", "countdown") if not applied else () if state.stage in COUNTED else ("countdown",)
    questions = [each for each in state.facts.get("questions", ()) if each not in wrong]
    return [each for each in questions if not applied or each in _AFTER]


def _progress(state: State) -> tuple[int, int]:
    """How many questions are answered, and how many there are at most."""
    answered = [question for question in _relevant(state) if _answered(state, question)]
    return len(answered), int(state.facts.get("total", 0))


def _answered(state: State, question: str) -> bool:
    if question in state.facts.get("skipped", ()):
        return True
    if question == "stage":
        return state.stage != "preparing"
    if question == "last":
        fact = STAGE_DATE.get(state.stage)
        return fact is None or fact in state.facts or fact in state.facts.get("skipped", ()) or bool(state.countdown)
    if question == "countdown":
        return bool(state.countdown)
    if question == "promise":
        return "promised_until" in state.facts or "dispatch_promise" in state.facts
    if question == "ordered_at" and "promised_until" in state.facts:
        return True
    if question in ("signed_at", "confirmed_at") and state.order in ("unshipped", "in_transit"):
        return True
    return question in state.facts


def proceed(turn: Turn, case: Case) -> None:
    """Ask the next question, or show the first card."""
    if pending(turn.state(case)):
        turn.go(f"ask:{case.number}")
        return
    if not turn.state(case).ready:
        turn.record(case, "ready")
        turn.fresh = True
    turn.go(f"card:{case.number}")


def ask(turn: Turn, number: str) -> View | None:
    """The present question."""
    case = turn.case(number)
    if case is None:
        return None
    state = turn.state(case)
    waiting = pending(state)
    if not waiting or not state.open:
        return None
    t, question = turn.t, waiting[0]
    asked, total = _progress(state)
    head = t("ask.head", index=asked + 1, total=total, name=name(turn, case))
    options = _options(turn, case, question)
    marked = [t("ask.option", mark=MARKS[index], label=each.label) for index, each in enumerate(options)]
    text = lines(head, _text(turn, state, question), " ".join(marked), t("ask.foot"))
    last = [
        Option(t.plain("nav.back"), f"unask:{number}", words=("@back",)),
        Option(t.plain("nav.stop"), f"stop:{number}", words=("@stop",)),
    ]
    return View(text, [*pairs(options), last])


def _text(turn: Turn, state: State, question: str) -> Markup:
    if question == "last":
        return turn.t(f"ask.last.{state.stage}")
    return turn.t(f"ask.{question}.text")


def target(state: State, question: str) -> moments.Target:
    """Which fact a dated question fills."""
    if question == "countdown":
        return "countdown"
    if question == "promise":
        return "until:promised_until"
    return f"fact:{STAGE_DATE[state.stage]}" if question == "last" else f"fact:{question}"


def _options(turn: Turn, case: Case, question: str) -> list[Option]:
    t, state, number = turn.t, turn.state(case), case.number
    if question == "countdown":
        none = t.plain("ask.countdown.none")
        return [Option(none, f"answer:{number}:countdown:none", words=("@unknown", "@skip", "@no"))]
    if question not in CHOICES:
        return moments.quick_options(turn, number, target(state, question))
    wanted: Sequence[str] = turn.problem(case).orders if question == "order" else CHOICES[question]
    return [
        Option(
            t.plain(f"ask.{question}.{choice}"),
            f"answer:{number}:{question}:{choice}",
            words=_words(turn, question, choice),
        )
        for choice in wanted
    ]


def _words(turn: Turn, question: str, choice: str) -> tuple[str, ...]:
    if choice == "unsure":
        return ("@unknown", "@skip")
    key = f"ask.{question}.{choice}_words"
    return tuple(turn.t.plain(key).split("/")) if turn.t.has(key) else ()


def _answer(turn: Turn, number: str, question: str, choice: str) -> None:
    case = turn.case(number)
    if case is None:
        return
    answer(turn, case, question, choice)


def answer(turn: Turn, case: Case, question: str, choice: str) -> None:
    """Record the answer to a question with choices."""
    if question == "stage" and choice == "unsure":
        if turn.session.draft.get("unsure") == case.number:
            turn.session.draft.pop("unsure")
            _skip(turn, case, question)
        else:
            turn.session.draft["unsure"] = case.number
            turn.note = turn.t("ask.stage.unsure_help")
            return
    elif question == "promise" and choice == "date":
        turn.note = turn.t("ask.promise.date_help")
        return
    elif question == "promise":
        turn.record(case, "facts", {"dispatch_promise": choice})
    elif question == "stage" and choice in STAGE_EVENT:
        turn.event(case, STAGE_EVENT[choice])
    elif question in ("stage", "countdown"):
        _skip(turn, case, question)
    else:
        turn.record(case, "facts", {question: choice})
    proceed(turn, turn.cases[case.number])


def _skip(turn: Turn, case: Case, question: str) -> None:
    turn.record(case, "facts", {"skipped": [*turn.state(case).facts.get("skipped", ()), question]})


def _unask(turn: Turn, number: str) -> None:
    """返回: take the last answer back, or leave the questions."""
    case = turn.case(number)
    if case is None:
        return
    from bot.conversation.places.history import undo_last

    undone = undo_last(turn, case)
    # The question before shows by itself what 返回 did.
    turn.toast = ""
    if not undone:
        turn.go("home")


def _stop(turn: Turn, number: str) -> None:
    turn.toast = turn.t.plain("stopped.toast")
    turn.note = turn.t("stopped.text", number=number)
    turn.go("home")


PLACES = {"ask": ask}
ACTS = {"answer": _answer, "unask": _unask, "stop": _stop}
