"""The card of a case: whose turn, time left with its source, what silence does, one recommended step."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.conversation import beyond, formats
from bot.conversation.ledger_words import card_line
from bot.conversation.naming import effect, stage_words, title
from bot.conversation.places.card_buttons import buttons
from bot.conversation.places.card_closed import closed
from bot.conversation.places.proof import important, ticked
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.authorities import CLOCK_OF, PROOF_UNTIL
from bot.domain.clocks import RECHECK
from bot.domain.facts import State
from bot.domain.machine import CHECKS
from bot.domain.model import Case
from bot.domain.schedule import Deadline, Schedule

BESIDE = timedelta(days=3)
"""A clock that runs beside the stage's own is mentioned when it ends this soon."""

EXAMPLE = "19:40"
"""The clock time in the example of how one is typed."""

_FIRST_PAGE = ("results", "countdown", "proof", "merchant")
_MORE: Mapping[str, str] = {
    "results": "results:{number}:all",
    "countdown": "countdown:{number}",
    "proof": "proof:{number}",
    "merchant": "words:{number}:merchant",
    "history": "history:{number}",
    "ladder": "ladder:{number}",
    "family": "family:{number}",
    "calendar": "calendar:{number}",
    "take": "take:{number}",
    "ledger": "ledger:{number}",
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
        return closed(turn, case, state)
    schedule = turn.schedule(case)
    text = lines(
        _head(turn, case, state),
        _stage(turn, state),
        *_clock(turn, case, state, schedule),
        _platform(turn, case, state),
        turn.t("card.do", step=_step(turn, case, state)),
        turn.problem(case).warning,
        _beside(turn, schedule),
        *([] if _led_outside(state, schedule) else beyond.clock_lines(turn, case)),
        card_line(turn, case),
        _arrived(turn, state),
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
        return t(
            "card.stage_since", stage=text, since=formats.followed(t, formats.moment(t, began, turn.zone, turn.now))
        )
    return text


def _clock(turn: Turn, case: Case, state: State, schedule: Schedule) -> list[Markup]:
    t, main = turn.t, schedule.main
    if _led_outside(state, schedule) and beyond.spoken_of(state):
        return [*beyond.clock_lines(turn, case), _effect(turn, state, main) if main else Markup()]
    if main is None:
        known = f"card.no_clock.{state.stage}"
        return [t(known if t.has(known) else "card.no_clock.any")]
    if state.stage == "platform" and main.source != "app":
        due = reminded_at(turn, case, main)
        key = "card.ask_progress" if due > turn.now else "card.ask_progress_now"
        return [t(key, end=formats.followed(t, formats.relative(t, due, turn.zone, turn.now)))]
    if main.latest is not None and main.maybe_over(turn.now):
        return _maybe_over(turn, state, main, main.latest)
    left, over = formats.left(t, main.at, turn.now), main.over(turn.now)
    until = formats.until(t, main.at, turn.zone, turn.now, "ended" if over else "until")
    first = t("card.left_over" if over else "card.left", left=left, until=until, source=formats.source(t, main))
    late = state.stage == "preparing" and state.order == "unshipped" and main.at <= turn.now
    return [first, t("card.late_dispatch") if late else _effect(turn, state, main)]


def _led_outside(state: State, schedule: Schedule) -> bool:
    """Whether the time at the top of the card is that of a body outside, which says whose it is."""
    return state.stage == "outside" or (schedule.main is not None and schedule.main.rule in CLOCK_OF)


def _maybe_over(turn: Turn, state: State, main: Deadline, latest: datetime) -> list[Markup]:
    """Only the day of the start is known: by its first minute the time is over, by its last it is not."""
    t = turn.t
    left = formats.left(t, latest, turn.now)
    until = formats.until(t, latest, turn.zone, turn.now, "latest")
    found = [t("card.maybe_over", left=left, until=until, source=formats.source(t, main))]
    start = state.moment(main.fact)
    if start is not None:
        day = formats.day(t, start.at, turn.zone, turn.now)
        found.append(t("card.maybe_time", example=t.plain("format.clock", day=day, time=EXAMPLE)))
    return found


def reminded_at(turn: Turn, case: Case, deadline: Deadline) -> datetime:
    """When the person will really be told of it: quiet hours move a reminder, not the deadline."""
    return next((row.due for row in turn.future_reminders(case) if row.deadline == deadline.id), deadline.at)


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


def _effect(turn: Turn, state: State, main: Deadline) -> Markup:
    t = turn.t
    over = main.at <= turn.now
    side = "own" if main.own else "theirs"
    if over and main.own and state.stage == "preparing" and main.effect:
        # There is no refund page yet to look at.
        return t("card.silence.own_over_preparing", effect=main.effect)
    key = f"card.silence.{side}{'_over' if over else ''}"
    known = f"{key}_{state.stage}"
    return t(known if t.has(known) else key, effect=effect(turn, state, main))


def _step(turn: Turn, case: Case, state: State) -> str:
    if state.stage == "outside" and (told := beyond.step(turn, case)):
        return told
    main = turn.schedule(case).main
    own = turn.problem(case).do.get(state.stage)
    over = main is not None and not main.own and main.at <= turn.now
    if state.text("side") == "merchant" and turn.t.has(f"merchant.step.{state.stage}"):
        return turn.t.plain(f"merchant.step.{state.stage}")
    if over and turn.t.has(f"card.step_over.{state.stage}"):
        return turn.t.plain(f"card.step_over.{state.stage}")
    if main is not None and main.maybe_over(turn.now) and state.stage == "preparing":
        return turn.t.plain("card.step_maybe_over")
    if state.stage == "remedy_promised" and state.last_event in ("withdrawn", "app_closed"):
        return turn.t.plain("card.step_withdrawn")
    if state.stage == "return_shipped" and "return_signed_at" in state.facts and not over:
        return turn.t.plain("card.step_signed")
    promised = state.stage == "preparing" and main is not None and main.rule in ("promised_until", "timer.ship_promise")
    if promised and own is None:
        return turn.t.plain("card.step_late_dispatch" if over else "card.step_inside_promise")
    return own or turn.t.plain(f"card.step.{state.stage}")


def _beside(turn: Turn, schedule: Schedule) -> Markup | str:
    for deadline in schedule.deadlines:
        if deadline.rule == PROOF_UNTIL:
            continue
        if not deadline.main and deadline.own and turn.now < deadline.at <= turn.now + BESIDE and deadline.effect:
            return turn.t(
                "card.beside",
                effect=deadline.effect,
                until=formats.until(turn.t, deadline.at, turn.zone, turn.now, "ended"),
                source=formats.source(turn.t, deadline),
            )
    return ""


def _arrived(turn: Turn, state: State) -> Markup | str:
    """What has come of the money so far, while the rest is still asked for."""
    amount = state.facts.get("refunded_amount")
    if not isinstance(amount, int):
        return ""
    if state.rest is None:
        return turn.t("card.arrived", arrived=formats.money(amount))
    return turn.t("card.rest", arrived=formats.money(amount), rest=formats.money(state.rest))


def _changed(turn: Turn, case: Case) -> Markup | str:
    return turn.t("card.rules_changed") if turn.rules_changed(case) else ""


def _silence(turn: Turn, case: Case, state: State) -> Markup | str:
    """Why no reminder will come, if none will: no open case is silent without saying so."""
    if state.muted:
        return turn.t("card.muted")
    rows = turn.future_reminders(case)
    if any(row.deadline.startswith(RECHECK) for row in rows):
        due = formats.followed(turn.t, formats.relative(turn.t, rows[0].due, turn.zone, turn.now))
        return turn.t("card.again", end=due)
    if rows:
        return ""
    if state.checks and state.last_event in CHECKS:
        return turn.t("card.no_more_checks")
    return turn.t("card.no_reminder")


def reminder_reason(turn: Turn, case: Case) -> bool:
    """Whether the card says why no reminder will come."""
    return not turn.future_reminders(case) and bool(_silence(turn, case, turn.state(case)))


def more(turn: Turn, number: str, page: str = "0") -> View | None:
    """更多: everything else about this case, on three pages."""
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
        Option(t.plain("nav.next_page"), f"more:{number}:2"),
        Option(t.plain("nav.back"), f"more:{number}", words=("@back",)),
    ]
    third = [
        *_named(turn, number, ("ledger", "calendar", "take", "settings")),
        Option(t.plain("nav.back"), f"more:{number}:1", words=("@back",)),
    ]
    pages = {"1": second, "2": third}
    return View(lines(title(turn, case), t("more_case.text")), pairs(pages.get(page, first)))


def _named(turn: Turn, number: str, names: Iterable[str]) -> list[Option]:
    case = turn.case(number)
    labels = {name: f"more_case.{name}" for name in names}
    if "merchant" in labels and case is not None and turn.state(case).text("side") == "merchant":
        labels["merchant"] = "words.for_buyer"
    return [Option(turn.t.plain(key), _MORE[name].format(number=number)) for name, key in labels.items()]


def _adopt(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is not None:
        turn.adopt_rules(case)
        turn.toast = turn.t.plain("card.adopted")
        turn.go(f"card:{number}")


def type_named(turn: Turn, text: str, number: str = "", *_: str) -> bool:
    """改倒计时, 证据清单, 处理经过 ... by name, from any page of the card."""
    wanted = text.strip().strip("。.「」")
    for option in _named(turn, number, _MORE) if turn.case(number) else ():
        if option.label == wanted:
            turn.go(option.action)
            return True
    return False


PLACES = {"card": card, "more": more}
ACTS = {"adopt": _adopt}
TYPED = {"more": type_named, "unknown": type_named}
