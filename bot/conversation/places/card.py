"""The card of a case: whose turn, time left with its source, what silence does, one recommended step."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.naming import stage_words, title
from bot.conversation.places import moments
from bot.conversation.places.card_buttons import buttons
from bot.conversation.places.proof import important, ticked
from bot.conversation.turn import Turn
from bot.conversation.understand.countdown import Left
from bot.conversation.understand.problem import recognise
from bot.conversation.understand.times import read_time
from bot.conversation.understand.words import outcome
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import STAGE_DATE, State
from bot.domain.machine import Stage
from bot.domain.model import Case
from bot.domain.schedule import Deadline, Schedule

BESIDE = timedelta(days=3)
"""A clock that runs beside the stage's own is mentioned when it ends this soon."""

SHORT = 16
"""Characters up to which a text typed on the card may be nothing but a countdown or a date."""

_FIRST_PAGE = ("results", "countdown", "proof", "merchant")
_MORE: Mapping[str, str] = {
    "results": "results:{number}:all",
    "countdown": "countdown:{number}",
    "proof": "proof:{number}",
    "merchant": "words:{number}:merchant",
    "history": "history:{number}",
    "ladder": "ladder:{number}",
    "family": "family:{number}",
    "settings": "case_settings:{number}",
}
"""What stands behind 更多, and where it leads; understood when it is typed, too."""


def card(turn: Turn, number: str) -> View | None:
    """The card; an unfinished case shows its next question instead."""
    case = turn.case(number)
    if case is None:
        return None
    state = turn.state(case)
    if state.open and not state.ready:
        from bot.conversation.places.intake import ask

        view = ask(turn, number)
        if view is not None:
            turn.go(f"ask:{number}")
            return view
    if not state.open:
        return _closed(turn, case, state)
    schedule = turn.schedule(case)
    text = lines(
        _head(turn, case, state),
        _stage(turn, state),
        *_clock(turn, state, schedule),
        _platform(turn, case, state),
        turn.t("card.do", step=_step(turn, case, state)),
        turn.problem(case).warning,
        _beside(turn, schedule),
        _changed(turn, case),
        _silence(turn, case, state),
    )
    return View(text, pairs(buttons(turn, case, state)))


def _head(turn: Turn, case: Case, state: State) -> str:
    parts = [title(turn, case)]
    amount, order_no = state.facts.get("amount"), state.text("order_no")
    if isinstance(amount, int):
        parts.append(formats.money(amount))
    if order_no:
        parts.append(turn.t.plain("card.order", order=formats.masked(order_no)))
    return " · ".join(parts)


def _stage(turn: Turn, state: State) -> Markup:
    t = turn.t
    stage, whose = stage_words(turn, state)
    text = t("card.stage", stage=stage, turn=whose)
    if state.stage == "rejected" and state.text("reject_reason"):
        return t("card.stage_reason", stage=text, reason=state.text("reject_reason"))
    began = state.began
    if began is not None and state.stage in ("platform", "outside"):
        return t("card.stage_since", stage=text, since=formats.moment(t, began, turn.zone, turn.now))
    return text


def _clock(turn: Turn, state: State, schedule: Schedule) -> list[Markup]:
    t, main = turn.t, schedule.main
    if main is None:
        known = f"card.no_clock.{state.stage}"
        return [t(known if t.has(known) else "card.no_clock.any")]
    end = formats.relative(t, main.at, turn.zone, turn.now)
    if state.stage == "platform" and main.source != "app":
        key = "card.ask_progress" if main.at > turn.now else "card.ask_progress_now"
        return [t(key, end=end)]
    left = formats.left(t, main.at, turn.now)
    key = "card.left" if main.at > turn.now else "card.left_over"
    first = t(key, left=left, end=end, source=formats.source(t, main))
    late = state.stage == "preparing" and state.order == "unshipped" and main.at <= turn.now
    return [first, t("card.late_dispatch") if late else _effect(turn, main)]


def _platform(turn: Turn, case: Case, state: State) -> Markup | str:
    """What the platform reads and what is still missing; after its decision, what each side has to do."""
    if state.text("side") == "merchant":
        return ""
    if state.stage == "platform":
        missing = [item.name for item in important(turn, case) if ticked(turn, case, item.id) is None]
        if missing:
            return turn.t("card.reading_missing", missing=missing[0])
        return turn.t("card.reading")
    key = f"card.decision.{state.stage}"
    return turn.t(key) if turn.t.has(key) else ""


def _effect(turn: Turn, main: Deadline) -> Markup:
    t = turn.t
    over = main.at <= turn.now
    side = "own" if main.own else "theirs"
    effect = main.effect or t.plain(f"card.effect.{side}")
    return t(f"card.silence.{side}{'_over' if over else ''}", effect=effect)


def _step(turn: Turn, case: Case, state: State) -> str:
    main = turn.schedule(case).main
    own = turn.problem(case).do.get(state.stage)
    over = main is not None and not main.own and main.at <= turn.now
    if state.text("side") == "merchant" and turn.t.has(f"merchant.step.{state.stage}"):
        return turn.t.plain(f"merchant.step.{state.stage}")
    if over and turn.t.has(f"card.step_over.{state.stage}"):
        return turn.t.plain(f"card.step_over.{state.stage}")
    if state.stage == "return_shipped" and "return_signed_at" in state.facts and not over:
        return turn.t.plain("card.step_signed")
    promised = state.stage == "preparing" and main is not None and main.rule in ("promised_until", "timer.ship_promise")
    if promised and own is None:
        return turn.t.plain("card.step_late_dispatch" if over else "card.step_inside_promise")
    return own or turn.t.plain(f"card.step.{state.stage}")


def _beside(turn: Turn, schedule: Schedule) -> Markup | str:
    for deadline in schedule.deadlines:
        if not deadline.main and deadline.own and turn.now < deadline.at <= turn.now + BESIDE and deadline.effect:
            return turn.t(
                "card.beside",
                effect=deadline.effect,
                end=formats.relative(turn.t, deadline.at, turn.zone, turn.now),
                source=formats.source(turn.t, deadline),
            )
    return ""


def _changed(turn: Turn, case: Case) -> Markup | str:
    return turn.t("card.rules_changed") if turn.rules_changed(case) else ""


def _silence(turn: Turn, case: Case, state: State) -> Markup | str:
    """Why no reminder will come, if none will: no open case is silent without saying so."""
    if state.muted:
        return turn.t("card.muted")
    if turn.future_reminders(case):
        return ""
    return turn.t("card.no_reminder")


def reminder_reason(turn: Turn, case: Case) -> bool:
    """Whether the card says why no reminder will come."""
    return bool(_silence(turn, case, turn.state(case)))


def _closed(turn: Turn, case: Case, state: State) -> View:
    t = turn.t
    amount = state.facts.get("refunded_amount", state.facts.get("amount"))
    when = state.moment("refunded_at")
    told = [f"¥{amount // 100}.{amount % 100:02d}"] if isinstance(amount, int) and state.outcome == "refunded" else []
    told += [formats.moment(t, when, turn.zone, turn.now)] if when else []
    text = t(
        "card.closed",
        outcome=t.plain(f"outcome.{state.outcome or 'unknown'}"),
        told="，".join(told),
        number=case.number,
    )
    if not told:
        text = t("card.closed_plain", outcome=t.plain(f"outcome.{state.outcome or 'unknown'}"), number=case.number)
    advice = turn.catalog.advice.get(turn.problem(case).closing)
    closing = t("card.closing", advice=advice.closing) if advice else ""
    options = [
        Option(t.plain("home.new"), "what"),
        Option(t.plain("more_case.history"), f"history:{case.number}"),
        Option(t.plain("more_case.undo"), f"undo:{case.number}"),
        Option(t.plain("nav.home"), "home"),
    ]
    if state.outcome == "refunded":
        options.insert(0, Option(t.plain("event.refunded_partly"), f"did:{case.number}:refunded_partly"))
    return View(lines(title(turn, case), text, closing), pairs(options), kept=True)


def more(turn: Turn, number: str, page: str = "0") -> View | None:
    """更多: everything else about this case, on two pages."""
    case = turn.case(number)
    if case is None:
        return None
    t = turn.t
    first = [
        *_named(turn, number, _FIRST_PAGE),
        Option(t.plain("nav.next_page"), f"more:{number}:1"),
        Option(t.plain("nav.back"), f"card:{number}", words=("@back",)),
    ]
    second = [
        *_named(turn, number, ("history", "ladder", "family")),
        Option(t.plain("more_case.undo"), f"undo:{number}", words=("@undo",)),
        *_named(turn, number, ("settings",)),
        Option(t.plain("nav.back"), f"more:{number}", words=("@back",)),
    ]
    return View(lines(title(turn, case), t("more_case.text")), pairs(second if page == "1" else first))


def _named(turn: Turn, number: str, names: Iterable[str]) -> list[Option]:
    return [Option(turn.t.plain(f"more_case.{name}"), _MORE[name].format(number=number)) for name in names]


def _adopt(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is not None:
        turn.adopt_rules(case)
        turn.toast = turn.t.plain("card.adopted")
        turn.go(f"card:{number}")


def _type_card(turn: Turn, text: str, number: str) -> bool:
    """What stands behind 更多, a countdown, or the date that is missing, typed on the card itself."""
    if _type_named(turn, text, number):
        return True
    case = turn.case(number)
    if case is None or len(text) > SHORT or outcome(text, turn.knowledge.lexicon):
        return False
    if recognise(text, turn.knowledge.lexicon).problems:
        return False
    state = turn.state(case)
    reading = read_time(text, said=turn.said, zone=turn.zone, expect="left")
    if isinstance(reading, Left) and state.open:
        return moments.understand(turn, text, case, "countdown", f"card:{number}")
    fact = STAGE_DATE.get(state.stage)
    if fact is None or fact in state.facts:
        return False
    return moments.understand(turn, text, case, f"fact:{fact}", f"card:{number}")


def _type_named(turn: Turn, text: str, number: str = "", *_: str) -> bool:
    """改倒计时, 证据清单, 处理经过 ... by name, from any page of the card."""
    wanted = text.strip().strip("。.「」")
    for option in _named(turn, number, _MORE) if turn.case(number) else ():
        if option.label == wanted:
            turn.go(option.action)
            return True
    return False


PLACES = {"card": card, "more": more}
ACTS = {"adopt": _adopt}
TYPED = {"card": _type_card, "more": _type_named, "unknown": _type_named}
