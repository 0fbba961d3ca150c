"""找人工客服: which order, which phone, the problem's one button, then the walk. Works without a 问题单."""

from dataclasses import replace
from typing import Literal, cast

from bot.conversation.naming import name, title
from bot.conversation.places.home import kept_cases
from bot.conversation.turn import Turn
from bot.conversation.understand.problem import recognise
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Case, Json

CASES = 4
"""Open cases offered on one screen."""
GROUPS = 4
SENTENCE = 30
"""Characters up to which an unread text is taken for a sentence about the order."""
PHONES = ("iphone", "android", "unsure")
ROUTES = {"iphone": "service_iphone", "android": "service_android"}


def service(turn: Turn, number: str = "") -> View | None:
    """Which order, if several could be meant; else the phone, once; else the problem's button."""
    if not number:
        return _which(turn)
    case = turn.case(number)
    if case is None:
        return None
    t = turn.t
    back = Option(t.plain("nav.back"), _back(turn, case), words=("@back",))
    if not _phone_known(turn):
        options = [
            Option(t.plain(f"walk.service.phone.{phone}"), f"service_phone:{phone}:{number}") for phone in PHONES
        ]
        options[-1] = replace(options[-1], words=("@unknown", "@skip"))
        return View(lines(title(turn, case), t("walk.service.phone.ask")), pairs([*options, back]))
    button = turn.problem(case).service
    text = lines(
        title(turn, case),
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
    if not running:
        return service_what(turn)
    options = [Option(name(turn, case)[:8], f"service:{case.number}") for case in running[:CASES]]
    labels = [option.label for option in options]
    if len(set(labels)) < len(labels):
        options = [
            Option(t.plain("name.case", number=case.number), f"service:{case.number}") for case in running[:CASES]
        ]
    options.append(Option(t.plain("walk.service.other_order"), "service_what"))
    listed = (t.plain("walk.service.line", title=title(turn, case)) for case in running[:CASES])
    return View(
        lines(t("walk.service.which"), *listed),
        pairs([*options, Option(t.plain("nav.back"), "home", words=("@back",))]),
    )


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
    """存成问题单: from now on it is looked after."""
    case = turn.case(number)
    if case is None:
        turn.go("home")
        return
    if turn.state(case).facts.get("loose"):
        turn.record(case, "facts", {"loose": None})
        turn.fresh = True
        turn.note = turn.t("walk.service.kept", number=number)
    turn.go(f"card:{number}")


PLACES = {
    "service": service,
    "service_what": service_what,
    "service_guess": service_guess,
    "service_group": service_group,
}
ACTS = {"loose": _loose, "service_phone": _phone, "keep": _keep}
TYPED = {"service": _type_service, "service_what": _type_what, "service_guess": _type_what}
