"""设置这一单: reminders of this case, corrections of what is known, giving up; and the date of any fact."""

from collections.abc import Mapping, Sequence

from bot.conversation import formats
from bot.conversation.naming import title
from bot.conversation.places import moments
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.authorities import BODIES, PROOF_UNTIL
from bot.domain.model import Json

CHOICES: Mapping[str, Sequence[str]] = {
    "order": ("unshipped", "in_transit", "signed"),
    "goods": ("normal", "fresh", "virtual"),
}
PER_PAGE = 4
DATED = (
    "ordered_at", "promised_until", "shipped_at", "signed_at", "confirmed_at", "contacted_at", "first_applied_at",
    "applied_at", "rejected_at", "return_agreed_at", "return_shipped_at", "return_signed_at", "remedy_promised_at",
    "promise_until", "refund_agreed_at", "intervened_at", "proof_wanted_at", "decided_at", "charged_at", "service_at",
    *(fact for body in BODIES.values() for fact in (body.handed, body.accepted, body.ended)), PROOF_UNTIL,
)  # fmt: skip
"""Facts that are dates, in the order in which they usually come."""
AHEAD = frozenset({"promised_until", "promise_until", PROOF_UNTIL})
"""Dates that may lie in the future."""


def case_settings(turn: Turn, number: str) -> View | None:
    """Reminders off or on, corrections, giving up."""
    case = turn.case(number)
    if case is None:
        return None
    t, state = turn.t, turn.state(case)
    mute = "unmute" if state.muted else "mute"
    options = [
        Option(t.plain(f"case_settings.{mute}"), f"case_mute:{number}:{mute}"),
        Option(t.plain("case_settings.change"), f"change:{number}"),
    ]
    if state.open:
        options.append(Option(t.plain("case_settings.give_up"), f"did:{number}:gave_up"))
    options.append(Option(t.plain("deletion.open"), f"delete_case:{number}"))
    options.append(Option(t.plain("nav.back"), f"card:{number}", words=("@back",)))
    give_up = t("case_settings.give_up_text") if state.open else ""
    return View(lines(title(turn, case), t("case_settings.text"), give_up), pairs(options))


def _mute(turn: Turn, number: str, wish: str) -> None:
    case = turn.case(number)
    if case is None:
        turn.go("home")
        return
    kind = "muted" if wish == "mute" else "unmuted"
    if turn.state(case).muted != (kind == "muted"):
        turn.record(case, kind)
    turn.toast = turn.t.plain(f"case_settings.{kind}")
    turn.go(f"card:{number}")


def change(turn: Turn, number: str) -> View | None:
    """What is to be corrected?"""
    case = turn.case(number)
    if case is None:
        return None
    t = turn.t
    options = [
        Option(t.plain("case_settings.what.dates"), f"change_date:{number}"),
        Option(t.plain("case_settings.what.order"), f"change_fact:{number}:order"),
        Option(t.plain("case_settings.what.goods"), f"change_fact:{number}:goods"),
        Option(t.plain("case_settings.what.problem"), f"change_problem:{number}"),
    ]
    if turn.state(case).text("reject_reason"):
        options.append(Option(t.plain("case_settings.what.reason"), f"reason:{number}"))
    options.append(Option(t.plain("nav.back"), f"case_settings:{number}", words=("@back",)))
    return View(lines(title(turn, case), t("case_settings.what.text")), pairs(options))


def change_fact(turn: Turn, number: str, fact: str) -> View | None:
    """Another order state or kind of goods."""
    case = turn.case(number)
    if case is None or fact not in CHOICES:
        return None
    t, value = turn.t, turn.state(case).text(fact)
    options = [Option(t.plain(f"ask.{fact}.{each}"), f"set_fact:{number}:{fact}:{each}") for each in CHOICES[fact]]
    options.append(Option(t.plain("nav.back"), f"change:{number}", words=("@back",)))
    name = t.plain(f"history.fact.{fact}")
    if value:
        text = t("case_settings.what.choice", fact=name, value=t.plain(f"ask.{fact}.{value}"))
    else:
        text = t("case_settings.what.choice_unknown", fact=name)
    return View(lines(title(turn, case), text), pairs(options))


def _set(turn: Turn, number: str, fact: str, value: str) -> None:
    case = turn.case(number)
    if case is None or value not in CHOICES.get(fact, ()):
        turn.go("home")
        return
    if turn.state(case).text(fact) != value:
        turn.record(case, "facts", {fact: value})
    t = turn.t
    turn.note = t(
        "case_settings.what.changed", fact=t.plain(f"history.fact.{fact}"), value=t.plain(f"ask.{fact}.{value}")
    )
    turn.go(f"card:{number}")


def change_problem(turn: Turn, number: str, group_id: str = "", page: str = "0") -> View | None:
    """It was something else after all: groups on two pages, then the problems of one."""
    case = turn.case(number)
    if case is None:
        return None
    t, groups = turn.t, turn.catalog.groups
    group = next((each for each in groups if each.id == group_id), None)
    if group is not None:
        problems = [turn.catalog.problems[each] for each in group.problems if each in turn.catalog.problems]
        options = [Option(each.name, f"set_problem:{number}:{each.id}") for each in problems if not each.door]
        options.append(Option(t.plain("nav.back"), f"change_problem:{number}", words=("@back",)))
        return View(lines(title(turn, case), t("case_settings.what.problem_text")), pairs(options))
    start = PER_PAGE if page == "1" else 0
    options = [Option(each.name, f"change_problem:{number}:{each.id}") for each in groups[start : start + PER_PAGE]]
    following, key = ("0", "nav.first_page") if start else ("1", "nav.next_page")
    options.append(Option(t.plain(key), f"change_problem:{number}:-:{following}"))
    options.append(Option(t.plain("nav.back"), f"change:{number}", words=("@back",)))
    return View(lines(title(turn, case), t("case_settings.what.problem_text")), pairs(options))


def _set_problem(turn: Turn, number: str, problem_id: str) -> None:
    case, problem = turn.case(number), turn.catalog.problems.get(problem_id)
    if case is None or problem is None:
        turn.go("home")
        return
    data: dict[str, Json] = {"problem": problem.id}
    if problem.goods:
        data["goods"] = problem.goods
    if len(problem.orders) == 1:
        data["order"] = problem.orders[0]
    turn.record(case, "facts", data)
    t = turn.t
    turn.note = t("case_settings.what.changed", fact=t.plain("case_settings.what.problem"), value=problem.name)
    turn.go(f"card:{number}")


def change_date(turn: Turn, number: str, page: str = "0") -> View | None:
    """The dates that are known, four a page."""
    case = turn.case(number)
    if case is None:
        return None
    t, state = turn.t, turn.state(case)
    known = [fact for fact in DATED if state.moment(fact)]
    start = int(page) * PER_PAGE if page.isdecimal() and int(page) * PER_PAGE < len(known) else 0
    options, listed = [], []
    for fact in known[start : start + PER_PAGE]:
        options.append(Option(t.plain(f"history.fact.{fact}")[:8], f"fact:{number}:{fact}"))
        told = state.moment(fact)
        value = formats.moment(t, told, turn.zone, turn.now) if told else ""
        listed.append(t("history.value", fact=t.plain(f"history.fact.{fact}"), value=value))
    if len(known) > PER_PAGE:
        following = start // PER_PAGE + 1 if start + PER_PAGE < len(known) else 0
        key = "nav.next_page" if following else "nav.first_page"
        options.append(Option(t.plain(key), f"change_date:{number}:{following}"))
    options.append(Option(t.plain("nav.back"), f"change:{number}", words=("@back",)))
    head = t("case_settings.what.dates_text" if known else "case_settings.what.no_dates")
    return View(lines(title(turn, case), head, *listed), pairs(options))


def fact(turn: Turn, number: str, name: str) -> View | None:
    """The date of one fact: known and to be corrected, or not known yet."""
    case = turn.case(number)
    if case is None or name not in DATED:
        return None
    t, told = turn.t, turn.state(case).moment(name)
    words = t.plain(f"history.fact.{name}")
    if told is None:
        text = t("case_settings.what.date_unknown", fact=words)
    else:
        value = formats.moment(t, told, turn.zone, turn.now)
        text = t("case_settings.what.date", fact=words, value=value)
    choices = () if name in AHEAD else moments.QUICK
    options = [Option(t.plain(f"ask.when.{choice}"), f"fact_at:{number}:{name}:{choice}") for choice in choices]
    gone = Option(
        t.plain("case_settings.what.date_gone"), f"fact_at:{number}:{name}:unsure", words=("@unknown", "@skip")
    )
    back = Option(t.plain("nav.back"), f"card:{number}", words=("@back",))
    return View(lines(title(turn, case), text), pairs([*options, gone, back]))


def _fact_at(turn: Turn, number: str, name: str, choice: str) -> None:
    case = turn.case(number)
    if case is None or name not in DATED:
        turn.go("home")
        return
    told = moments.quick(turn, choice)
    if told is not None:
        moments.settle(turn, case, f"fact:{name}", told, f"card:{number}")
        return
    if turn.state(case).moment(name):
        turn.record(case, "facts", {name: None})
    turn.fresh = True
    turn.go(f"card:{number}")


def _type_fact(turn: Turn, text: str, number: str, name: str) -> bool:
    case = turn.case(number)
    if case is None or name not in DATED:
        return False
    kind = "until" if name in AHEAD else "fact"
    if not moments.understand(turn, text, case, f"{kind}:{name}", f"card:{number}"):
        turn.note = turn.t("ask.again", text=text[:30], example=turn.t("ask.when.example"))
    return True


PLACES = {
    "case_settings": case_settings,
    "change": change,
    "change_fact": change_fact,
    "change_problem": change_problem,
    "change_date": change_date,
    "fact": fact,
}
ACTS = {"case_mute": _mute, "set_fact": _set, "set_problem": _set_problem, "fact_at": _fact_at}
TYPED = {"fact": _type_fact}
