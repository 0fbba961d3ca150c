"""Slash commands, the links that lead here, and the words that are understood on every screen."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.catalog.texts import Texts
from bot.conversation.current import action_for, current_case, kept_open, last_changed, most_urgent
from bot.conversation.places import safety
from bot.conversation.pressed import run as follow
from bot.conversation.turn import Turn

MENU: tuple[str, ...] = (
    "start",
    "new",
    "cases",
    "next",
    "undo",
    "settings",
    "help",
    "privacy",
    "export",
    "forget",
    "cancel",
)
"""Commands that Telegram lists, in this order."""
LINK_CASE, LINK_NEW = "c_", "new_"
"""``/start c_<id or number>`` opens one's own 问题单, ``/start new_<problem>`` begins a new one."""

CLOSED_TOO = frozenset({"calendar", "take", "family", "delete_case", "card"})
"""What is asked for of a case that has ended, too."""
NOT_YET = frozenset({"when", "outside", "result", "proof_due", "promise"})
"""Questions whose answer makes the entry."""


def menu(texts: Texts) -> list[tuple[str, str]]:
    """Command and description, for a channel that shows a list of them (Telegram: at most 256 characters)."""
    return [(name, texts.plain(f"commands.menu.{name}")) for name in MENU]


def run(turn: Turn, text: str) -> bool:
    """Do what a command says (``/start c_3``, ``/next@SomeBot``); an unknown one is answered too. False: no command."""
    head, _, argument = text.strip().partition(" ")
    if not head.startswith("/"):
        return False
    name = head[1:].partition("@")[0].casefold()
    turn.fresh = True
    if name == "start":
        _start(turn, argument.strip())
    elif name in _COMMANDS:
        _COMMANDS[name](turn)
    else:
        turn.note = turn.t("commands.unknown", name=name[:20])
        turn.go("help:commands")
    return True


def by_meaning(turn: Turn, key: str) -> bool:
    """Act upon a word that is understood everywhere (a key of ``lexicon/words.toml``). False: it means nothing here."""
    if key == "forget" and turn.session.place == "forget":
        # Said again while it is being asked: only the exact words delete, so the place itself reads them.
        return False
    act = BY_MEANING.get(key)
    if act is None:
        return False
    act(turn)
    return True


def _start(turn: Turn, argument: str) -> None:
    turn.go("home")
    if argument.startswith(LINK_CASE):
        wanted = argument.removeprefix(LINK_CASE)
        case = turn.case_by_id(wanted) or turn.case(wanted)
        if case is None:
            turn.note = turn.t("commands.no_such_case")
        else:
            turn.go(f"card:{case.number}")
    elif argument.startswith(LINK_NEW):
        problem = turn.catalog.problems.get(argument.removeprefix(LINK_NEW))
        if problem is None:
            turn.note = turn.t("commands.no_such_problem")
            turn.go("what")
        else:
            # What was guessed from an earlier sentence belongs to another order.
            turn.session.draft.pop("guess", None)
            follow(turn, f"pick:{problem.id}")


def _place(place: str) -> Callable[[Turn], None]:
    return lambda turn: turn.go(place)


def _next(turn: Turn) -> None:
    case = most_urgent(turn)
    if case is None:
        turn.note = turn.t("commands.nothing_next")
        turn.go("home")
    else:
        turn.go(f"card:{case.number}")


def _onward(turn: Turn) -> None:
    case = current_case(turn)
    if case is None:
        _next(turn)
    else:
        turn.go(f"card:{case.number}")


def _undo(turn: Turn) -> None:
    back = next((choice[1] for choice in turn.session.choices if "@back" in choice[2:]), "")
    if turn.session.place.partition(":")[0] in NOT_YET and back:
        # Nothing is noted before the day is told; taking back what was noted before would lose something else.
        turn.note = turn.t("commands.not_noted")
        follow(turn, back)
        return
    case = last_changed(turn)
    if case is None:
        turn.note = turn.t("commands.nothing_to_undo")
        turn.go("home")
    else:
        follow(turn, f"undo:{case.number}")


def _leave(turn: Turn) -> None:
    turn.note = turn.t("commands.left")
    turn.go("home")


def _about_a_case(wanted: str) -> Callable[[Turn], None]:
    """For the present case; asked when it could be several; without any, what can be done all the same."""

    def act(turn: Turn) -> None:
        case = current_case(turn)
        if case is not None:
            turn.go(action_for(wanted, case))
        elif kept_open(turn) and wanted != "service":
            turn.go(f"which:{wanted}")
        elif wanted in CLOSED_TOO and (shown := last_changed(turn)) is not None:
            turn.go(action_for(wanted, shown))
        elif wanted == "take":
            turn.go("export")
        elif wanted in CLOSED_TOO or wanted == "ledger":
            _next(turn)
        elif wanted == "draft":
            turn.go("draft_in:0")
        elif wanted == "intervene":
            turn.note = turn.t("commands.intervene_first")
            turn.go("what")
        elif wanted == "punish":
            turn.go("walk:punish:0:0")
        elif wanted in ("urge_shipping", "track", "freight"):
            turn.go(f"service_for:{wanted}")
        else:
            turn.go("service")

    return act


def _refund(turn: Turn) -> None:
    case = current_case(turn)
    if case is not None:
        turn.go(f"card:{case.number}")
    else:
        turn.note = turn.t("commands.refund_first")
        turn.go("what")


def _complain(turn: Turn) -> None:
    case = current_case(turn)
    if case is not None:
        turn.go(f"ladder:{case.number}")
    else:
        turn.note = turn.t("commands.complain_first")
        turn.go("what")


def _act(action: str) -> Callable[[Turn], None]:
    return lambda turn: follow(turn, action)


_COMMANDS: Mapping[str, Callable[[Turn], None]] = MappingProxyType(
    {
        "new": _place("what"),
        "cases": _place("cases"),
        "next": _next,
        "undo": _undo,
        "settings": _place("settings"),
        "help": _place("help"),
        "privacy": _place("privacy"),
        "forget": _place("forget"),
        "export": _place("export"),
        "cancel": _leave,
    }
)

BY_MEANING: Mapping[str, Callable[[Turn], None]] = MappingProxyType(
    {
        "intervene": _about_a_case("intervene"),
        "urge_shipping": _about_a_case("urge_shipping"),
        "track": _about_a_case("track"),
        "freight": _about_a_case("freight"),
        "punish": _about_a_case("punish"),
        "service": _about_a_case("service"),
        "calendar": _about_a_case("calendar"),
        "draft": _about_a_case("draft"),
        "ledger": _about_a_case("ledger"),
        "take": _about_a_case("take"),
        "family": _about_a_case("family"),
        "delete_case": _about_a_case("delete_case"),
        "card": _about_a_case("card"),
        "merchant": _place("merchant"),
        "privacy": _place("privacy"),
        "export": _place("export"),
        "forget": _place("forget"),
        "home": _place("home"),
        "cases": _place("cases"),
        "help": _place("help"),
        "settings": _place("settings"),
        "big_text": _act("text_size:turn_on"),
        "small_text": _act("text_size:turn_off"),
        "next": _onward,
        "undo": _undo,
        "new": _place("what"),
        "advice": _place("advice"),
        "stop": _leave,
        "refund": _refund,
        "complain": _complain,
        "paid_swindler": safety.paid,
    }
)
"""Lexicon meaning -> what it does, on any screen that has no use of its own for it."""
