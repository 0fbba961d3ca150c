"""Home, the list of cases, and what stands behind 更多."""

from bot.conversation.naming import name, summary
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.machine import POSSIBLE

SHOWN = 4
"""Open cases listed at home; the rest are under 我的问题单."""
PER_PAGE = 4


def kept_cases(turn: Turn) -> list[int]:
    """Numbers of the cases that the person keeps, newest first (words without a 问题单 leave hidden ones)."""
    return sorted(
        (number for number, case in turn.cases.items() if not turn.state(case).facts.get("loose")), reverse=True
    )


def home(turn: Turn) -> View:
    """Open cases first: whose turn, time left."""
    t = turn.t
    cases = [turn.cases[number] for number in kept_cases(turn)]
    running = [case for case in cases if turn.state(case).open]
    options = [Option(t.plain("home.new"), "what"), Option(t.plain("home.cases"), "cases")]
    options += [Option(t.plain("home.service"), "service"), Option(t.plain("home.more"), "more_home")]
    if running:
        shown = running[:SHOWN]
        text = lines(t("home.open", count=len(running)), *(summary(turn, case) for case in shown), t("home.write"))
        first = [Option(t.plain("home.see", name=name(turn, case))[:12], f"card:{case.number}") for case in shown[:2]]
        options = [*first, *options]
    elif cases:
        text = lines(t("home.all_done"), t("home.write"))
    else:
        text = t("home.write")
    if not turn.session.welcomed:
        turn.session.welcomed = True
        text = lines(t("home.welcome"), text) if not running else lines(t("home.who"), text)
    return View(text, pairs(options))


def cases(turn: Turn, page: str = "0") -> View:
    """All cases, open ones first, four a page."""
    t = turn.t
    numbers = kept_cases(turn)
    numbers.sort(key=lambda number: (not turn.state(turn.cases[number]).open, -number))
    if not numbers:
        return View(t("cases.none"), [[Option(t.plain("home.new"), "what")], [Option(t.plain("nav.home"), "home")]])
    start = min(int(page), (len(numbers) - 1) // PER_PAGE) * PER_PAGE if page.isdecimal() else 0
    shown = [turn.cases[number] for number in numbers[start : start + PER_PAGE]]
    rows = pairs([Option(t.plain("cases.open", number=case.number), f"card:{case.number}") for case in shown])
    last = [Option(t.plain("nav.home"), "home")]
    if start + PER_PAGE < len(numbers):
        last.insert(0, Option(t.plain("nav.next_page"), f"cases:{start // PER_PAGE + 1}"))
    elif start:
        last.insert(0, Option(t.plain("nav.first_page"), "cases:0"))
    text = lines(t("cases.head"), *(summary(turn, case) for case in shown))
    return View(text, [*rows, last])


def more(turn: Turn) -> View:
    """What is not needed every day."""
    t = turn.t
    options = [
        Option(t.plain("more.advice"), "advice"),
        Option(t.plain("more.merchant"), "merchant"),
        Option(t.plain("more.settings"), "settings"),
        Option(t.plain("more.privacy"), "privacy"),
        Option(t.plain("more.help"), "help"),
        Option(t.plain("nav.back"), "home"),
    ]
    return View(t("more.text"), pairs(options))


def unknown(turn: Turn, number: str = "") -> View:
    """Words that mean nothing here: what they could have meant, never a bare error."""
    t = turn.t
    case = turn.case(number)
    if case is not None and turn.state(case).open:
        state = turn.state(case)
        news = [Option(t.plain("more_case.results"), f"results:{number}:all")]
        if "rejected" in POSSIBLE[state.stage] and state.text("side") != "merchant":
            again = "unknown_case.again" if "rejected_at" in state.facts else "event.rejected"
            news.append(Option(t.plain(again), f"did:{number}:rejected"))
        rows = [
            news,
            [Option(t.plain("unknown_case.button"), f"check:{number}"), Option(t.plain("unknown_case.new"), "as_new")],
            [Option(t.plain("nav.card"), f"card:{number}", words=("@back",))],
        ]
        return View(t("unknown_case.text", text=str(turn.session.draft.get("unread", ""))[:30]), rows)
    rows = [
        [Option(t.plain("home.new"), "what"), Option(t.plain("home.cases"), "cases")],
        [Option(t.plain("nav.home"), "home", words=("@back",))],
    ]
    return View(t("unknown.text"), rows)


PLACES = {"home": home, "cases": cases, "more_home": more, "unknown": unknown}
