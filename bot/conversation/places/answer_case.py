"""Whose words a pasted answer is (商家 or 客服), and of which 问题单, where neither can be told from it."""

from bot.conversation.current import SHOWN, kept_open
from bot.conversation.ledger_words import short
from bot.conversation.naming import name, summary
from bot.conversation.turn import Turn
from bot.conversation.understand.speaker import speaker
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.ledger import Who
from bot.domain.model import Case

OUTSIDE = frozenset({"home", "cases", "unknown"})
"""Places where a pasted answer can belong to any open case."""
_KEPT, _QUOTED = 300, 40


def _answerable(turn: Turn) -> list[Case]:
    return [case for case in kept_open(turn) if turn.state(case).ready and turn.state(case).text("side") != "merchant"]


def asked(turn: Turn, who: Who, text: str) -> bool:
    """Keep the answer and ask whose case it belongs to; with one that can take it, it does. False: there is none."""
    cases = _answerable(turn)
    if not cases:
        return False
    turn.session.draft["answer"] = {"who": who, "text": text[:_KEPT]}
    if len(cases) == 1:
        _belongs(turn, str(cases[0].number))
    else:
        turn.go("answer_case")
    return True


def nobodys(turn: Turn, text: str) -> bool:
    """Words of somebody named, while there is no 问题单 that they could belong to: what is missing is said."""
    if turn.session.place not in OUTSIDE or _answerable(turn) or not speaker(text).named:
        return False
    turn.note = turn.t("answers.whose.no_case")
    turn.go("what")
    return True


def answer_case(turn: Turn) -> View | None:
    """Which of them."""
    draft, cases = turn.session.draft.get("answer"), _answerable(turn)[:SHOWN]
    if not isinstance(draft, dict) or "who" not in draft or not cases:
        return None
    t = turn.t
    options = [
        Option(t.plain("which.case", number=case.number), f"answer_for:{case.number}", words=(name(turn, case),))
        for case in cases
    ]
    head = t("answers.whose.text", text=short(turn, str(draft["text"]), _QUOTED))
    text = lines(head, t("which.text"), *(summary(turn, case) for case in cases))
    return View(text, pairs([*options, Option(t.plain("nav.back"), "home", words=("@back", "@stop"))]))


def _belongs(turn: Turn, number: str) -> None:
    from bot.conversation.places.answer import received

    draft, case = turn.session.draft.pop("answer", None), turn.case(number)
    if case is None or not turn.state(case).open or not isinstance(draft, dict) or "who" not in draft:
        turn.go("home")
        return
    who: Who = "merchant" if draft["who"] == "merchant" else "platform" if draft["who"] == "platform" else "service"
    received(turn, case, who, str(draft["text"]))


def whose(turn: Turn, number: str) -> View | None:
    """这是商家说的，还是客服说的？"""
    draft, case = turn.session.draft.get("answer"), turn.case(number)
    if case is None or not isinstance(draft, dict):
        return None
    t = turn.t
    options = [
        Option(
            t.plain("answers.whose.merchant"), f"whose_is:{number}:merchant", words=(t.plain("answers.who.merchant"),)
        ),
        Option(t.plain("answers.whose.service"), f"whose_is:{number}:service", words=(t.plain("answers.who.service"),)),
        Option(t.plain("answers.whose.neither"), f"whose_is:{number}:none", words=("@no", "@back")),
    ]
    text = lines(t("answers.whose.text", text=short(turn, draft["text"], _QUOTED)), t("answers.whose.ask"))
    return View(text, [options[:2], options[2:]])


def _whose_is(turn: Turn, number: str, said_by: str) -> None:
    from bot.conversation.places.answer import received

    draft, case = turn.session.draft.pop("answer", None), turn.case(number)
    if case is None or not isinstance(draft, dict):
        turn.go("home")
    elif said_by in ("merchant", "service"):
        received(turn, case, "merchant" if said_by == "merchant" else "service", draft["text"])
    else:
        turn.session.draft["unread"] = draft["text"]
        turn.go(f"unknown:{number}")


PLACES = {"answer_case": answer_case, "whose": whose}
ACTS = {"answer_for": _belongs, "whose_is": _whose_is}
