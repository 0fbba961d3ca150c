"""找人工客服: which order, which phone, the problem's one button, then the walk. Works without a 问题单."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Literal, cast

from bot.conversation.naming import name, title
from bot.conversation.places.home import kept_cases
from bot.conversation.places.intake import pending, proceed, questions
from bot.conversation.turn import Turn
from bot.conversation.understand.problem import recognise
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.history import undone
from bot.domain.model import Case, Json

CASES = 4
"""Open cases offered on one screen."""
GROUPS = 4
SENTENCE = 30
"""Characters up to which an unread text is taken for a sentence about the order."""
PHONES = ("iphone", "android", "unsure")
UNSAVED = timedelta(days=7)
"""So long an order that was not kept is offered again."""
FOR: Mapping[str, Sequence[str]] = {
    "urge_shipping": ("not_shipped", "out_of_stock", "fake_tracking"),
    "track": ("lost", "fake_tracking", "signed_not_received"),
    "freight": ("freight", "no_reason"),
}
"""Words for a button of the service page, and the problems that they can mean."""
ROUTES = {"iphone": "service_iphone", "android": "service_android"}


def service(turn: Turn, number: str = "") -> View | None:
    """Which order, if several could be meant; else the phone, once; else the problem's button."""
    if not number:
        return _which(turn)
    case = turn.case(number)
    if case is None:
        return None
    t, head = turn.t, heading(turn, case)
    back = Option(t.plain("nav.back"), _back(turn, case), words=("@back",))
    if not _phone_known(turn):
        options = [
            Option(t.plain(f"walk.service.phone.{phone}"), f"service_phone:{phone}:{number}") for phone in PHONES
        ]
        options[-1] = replace(options[-1], words=("@unknown", "@skip"))
        return View(lines(head, t("walk.service.phone.ask")), pairs([*options, back]))
    button = turn.problem(case).service
    text = lines(
        head,
        t("walk.service.button", button=button.button, why=button.why),
        t("walk.service.then"),
    )
    options = [
        Option(t.plain("walk.button.teach"), f"walk:{service_route(turn, case)}:0:{number}", words=("@next", "@yes")),
        Option(t.plain("walk.button.words"), f"words:{number}:service"),
        Option(t.plain("walk.button.order_page"), f"walk:service_order:0:{number}"),
        Option(t.plain("walk.button.hotline"), f"walk:hotline:0:{number}"),
        Option(t.plain("walk.button.phone"), f"service_phone:ask:{number}"),
        back,
    ]
    return View(text, pairs(options))


def heading(turn: Turn, case: Case) -> str:
    """The title of a case; a hidden one has no number to call it by."""
    if turn.state(case).facts.get("loose"):
        return f"{turn.problem(case).icon} {name(turn, case)}"
    return title(turn, case)


def service_route(turn: Turn, case: Case | None) -> str:
    """The walk to a person that fits the phone; a merchant goes the article's third way."""
    if case is not None and turn.state(case).text("side") == "merchant":
        return "service_direct"
    return ROUTES.get(turn.person.preferences.phone, "service_direct")


def _phone_known(turn: Turn) -> bool:
    return bool(turn.person.preferences.phone or turn.session.draft.get("phone_unsure"))


def _back(turn: Turn, case: Case) -> str:
    return "service" if turn.state(case).facts.get("loose") else f"card:{case.number}"


def _which(turn: Turn) -> View | None:
    t = turn.t
    running = [turn.cases[number] for number in kept_cases(turn) if turn.state(turn.cases[number]).open]
    loose = unsaved_case(turn)
    if not running and loose is None:
        return service_what(turn)
    running = running[: CASES if loose is None else CASES - 1]
    options = [Option(name(turn, case)[:8], f"service:{case.number}") for case in running]
    labels = [option.label for option in options]
    if len(set(labels)) < len(labels):
        options = [Option(t.plain("name.case", number=case.number), f"service:{case.number}") for case in running]
    listed = [t.plain("walk.service.line", title=title(turn, case)) for case in running]
    if loose is not None:
        options.append(Option(t.plain("walk.service.unsaved"), f"unsaved:{loose.number}"))
        listed.append(t.plain("walk.service.unsaved_line", title=heading(turn, loose)))
    options.append(Option(t.plain("walk.service.other_order"), "service_what"))
    return View(
        lines(t("walk.service.which"), *listed),
        pairs([*options, Option(t.plain("nav.back"), "home", words=("@back",))]),
    )


def unsaved_case(turn: Turn) -> Case | None:
    """The newest order that words were written for and that nobody has kept yet, for a week."""
    cases = [case for case in turn.open_cases() if turn.state(case).facts.get("loose")]
    fresh = [case for case in cases if turn.now - case.opened < UNSAVED]
    return max(fresh, key=lambda case: case.number, default=None)


def unsaved(turn: Turn, number: str) -> View | None:
    """没存的那一单: go on with it, or keep it."""
    case = turn.case(number)
    if case is None or not turn.state(case).open or not turn.state(case).facts.get("loose"):
        return None
    t = turn.t
    options = [
        Option(t.plain("walk.button.keep"), f"keep:{number}", words=("@yes",)),
        Option(t.plain("walk.button.words"), f"words:{number}:service"),
        Option(t.plain("nav.back"), f"service:{number}", words=("@back", "@no")),
    ]
    return View(lines(heading(turn, case), t("walk.service.unsaved_text")), pairs(options))


def service_for(turn: Turn, wanted: str) -> View | None:
    """催发货, 查物流, 申请运费 without a 问题单: the word itself says what is wrong, only which kind is asked."""
    group = FOR.get(wanted)
    problems = [turn.catalog.problems[each] for each in group or () if each in turn.catalog.problems]
    if not problems:
        return None
    options = [Option(problem.name, f"loose:{problem.id}") for problem in problems]
    options.append(Option(turn.t.plain("walk.service.else"), "service_what", words=("@no",)))
    text = lines(
        turn.t("walk.service.for", button=problems[0].service.button),
        *(turn.t("walk.service.problem", icon=each.icon, name=each.name, when=each.when) for each in problems),
    )
    return View(text, pairs([*options, Option(turn.t.plain("nav.back"), "home", words=("@back",))]))


def service_what(turn: Turn, page: str = "0") -> View:
    """What is wrong, for somebody without a 问题单; nothing is opened that they would have to look after."""
    t, groups = turn.t, turn.catalog.groups
    start = GROUPS if page == "1" and len(groups) > GROUPS else 0
    options = [Option(group.name, f"service_group:{group.id}") for group in groups[start : start + GROUPS]]
    if start:
        options.append(Option(t.plain("nav.first_page"), "service_what"))
    elif len(groups) > GROUPS:
        options.append(Option(t.plain("nav.next_page"), "service_what:1"))
    options.append(Option(t.plain("nav.back"), "home", words=("@back",)))
    return View(t("walk.service.what"), pairs(options))


def service_guess(turn: Turn) -> View | None:
    """What a sentence may mean, when it could be several."""
    guessed = turn.session.draft.get("service_guess")
    if not isinstance(guessed, list):
        return None
    t = turn.t
    named = [turn.catalog.problems[each] for each in guessed if each in turn.catalog.problems]
    options = [Option(problem.name, f"loose:{problem.id}") for problem in named[:4]]
    options.append(Option(t.plain("guess.none"), "service_what", words=("@no",)))
    return View(t("walk.service.guess"), pairs([*options, Option(t.plain("nav.back"), "home", words=("@back",))]))


def service_group(turn: Turn, group_id: str) -> View | None:
    """The problems of one group."""
    group = next((each for each in turn.catalog.groups if each.id == group_id), None)
    if group is None:
        return None
    problems = [turn.catalog.problems[each] for each in group.problems if each in turn.catalog.problems]
    options = [Option(problem.name, f"loose:{problem.id}") for problem in problems[:5]]
    text = lines(
        turn.t("what.group", name=group.name),
        *(turn.t("walk.service.problem", icon=each.icon, name=each.name, when=each.when) for each in problems),
    )
    return View(text, pairs([*options, Option(turn.t.plain("nav.back"), "service_what", words=("@back",))]))


def _type_what(turn: Turn, text: str, *_: str) -> bool:
    found = recognise(text, turn.knowledge.lexicon)
    if not found.problems:
        # A pasted order is longer, and understood elsewhere.
        if len(text) > SENTENCE:
            return False
        turn.note = turn.t("ask.again", text=text[:SENTENCE], example=turn.t("walk.service.example"))
        return True
    if found.confident:
        _loose(turn, found.problems[0].problem, found.goods_name or "")
    else:
        turn.session.draft["service_guess"] = [guess.problem for guess in found.problems[:4]]
        turn.go("service_guess")
    return True


def _type_service(turn: Turn, text: str, number: str = "") -> bool:
    """Which order, asked without a number: a sentence about another order is welcome too."""
    if number or not recognise(text, turn.knowledge.lexicon).problems:
        return False
    return _type_what(turn, text)


def _loose(turn: Turn, problem_id: str, goods_name: str = "") -> None:
    """A hidden case: the words work as for any other, but nobody is asked to look after it."""
    turn.session.draft.pop("service_guess", None)
    problem = turn.catalog.problems.get(problem_id)
    if problem is None:
        turn.go("service_what")
        return
    data: dict[str, Json] = {
        "problem": problem.id,
        "stage": problem.stage or "preparing",
        "loose": True,
        "questions": [],
    }
    if problem.goods:
        data["goods"] = problem.goods
    if len(problem.orders) == 1:
        data["order"] = problem.orders[0]
    if problem.side == "merchant":
        data["side"] = "merchant"
    if goods_name:
        data["goods_name"] = goods_name
    case = turn.open_case(data)
    turn.record(case, "ready")
    turn.go(f"service:{case.number}")


def _phone(turn: Turn, phone: str, number: str) -> None:
    known = cast(Literal["", "iphone", "android"], phone if phone in ROUTES else "")
    turn.person = replace(turn.person, preferences=replace(turn.person.preferences, phone=known))
    turn.session.draft.pop("phone_unsure", None)
    if phone == "unsure":
        turn.session.draft["phone_unsure"] = True
    turn.acted = True
    turn.go(f"service:{number}")


def _keep(turn: Turn, number: str) -> None:
    """存成问题单: from now on it is looked after. What its clock needs is asked, as for any other."""
    case = turn.case(number)
    if case is None:
        turn.go("home")
        return
    state = turn.state(case)
    if not state.facts.get("loose"):
        turn.go(f"card:{number}")
        return
    problem, known = turn.problem(case), {**state.facts, "stage": state.stage}
    wanted, total = questions(problem, known, state.stage != "preparing" or problem.stage is not None)
    if problem.side == "merchant":
        # Its dates are asked on screens of its own.
        wanted, total = (), 0
    case = turn.record(case, "facts", {"loose": None, "questions": list(wanted), "total": total})
    if pending(turn.state(case)):
        ready = [entry.seq for entry in case.entries if entry.kind == "ready"]
        gone = undone(case.entries)
        for seq in ready:
            if seq not in gone:
                case = turn.record(case, "undo", {"target": seq})
    turn.fresh = True
    turn.note = turn.t("walk.service.kept", number=number)
    proceed(turn, case)


PLACES = {
    "service": service,
    "service_for": service_for,
    "unsaved": unsaved,
    "service_what": service_what,
    "service_guess": service_guess,
    "service_group": service_group,
}
ACTS = {"loose": _loose, "service_phone": _phone, "keep": _keep}
TYPED = {"service": _type_service, "service_what": _type_what, "service_guess": _type_what}
