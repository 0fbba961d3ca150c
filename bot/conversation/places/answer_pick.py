"""不是这个意思: the sorts, to pick by hand; what is picked counts as told."""

from bot.conversation import answers
from bot.conversation.places import promises
from bot.conversation.places.answer import back, withdrawal
from bot.conversation.places.outcomes import PROMISES, report
from bot.conversation.places.service import heading
from bot.conversation.turn import Turn
from bot.conversation.understand.reply_words import GROUNDS
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import can_happen
from bot.domain.ledger import Answer
from bot.domain.machine import Event
from bot.domain.model import Case, Json
from bot.domain.moment import Moment

SORTS = (
    "refuses", "stalls", "part_offer", "agrees", "blames_courier",
    "promise", "coupon", "asks_withdraw", "leave_app", "other",
)  # fmt: skip
"""The likelier first."""
PER_PAGE = 5


def options_of(turn: Turn, case: Case, given: Answer, page: str, what: str = "resort") -> list[Option]:
    """Five sorts and the way on: to the second page, from there back."""
    t, at = turn.t, f"{case.number}:{given.seq}"
    every = SORTS if what == "resort" else GROUNDS
    group = "answers.pick" if what == "resort" else "answers.pick_ground"
    start = PER_PAGE if page == "1" else 0
    found = [
        Option(t.plain(f"{group}.{each}"), _leads(at, what, each), words=("@unknown",) if each == "other" else ())
        for each in every[start : start + PER_PAGE]
    ]
    if not start:
        return [*found, Option(t.plain("answers.button.next"), f"{what}:{at}:1")]
    goal = f"reply:{at}" if given.kind else f"{what}:{at}:0"
    return [*found, Option(t.plain("nav.back"), goal, words=("@back",))]


def _leads(at: str, what: str, each: str) -> str:
    if what == "resort" and each == "refuses":
        return f"reground:{at}"
    return f"sort:{at}:{each}" if what == "resort" else f"sort:{at}:refuses:{each}"


def resort(turn: Turn, number: str, seq: str, page: str = "0") -> View | None:
    """这句是哪一种？"""
    return _page(turn, number, seq, page, "resort", "answers.pick.head")


def reground(turn: Turn, number: str, seq: str, page: str = "0") -> View | None:
    """拒绝的理由是哪一种？"""
    return _page(turn, number, seq, page, "reground", "answers.pick.ground_head")


def _page(turn: Turn, number: str, seq: str, page: str, what: str, head: str) -> View | None:
    case = turn.case(number)
    given = answers.answer(turn, case, seq) if case else None
    if case is None or given is None or not turn.state(case).open:
        return None
    return View(lines(heading(turn, case), turn.t(head)), pairs(options_of(turn, case, given, page, what)))


def _sort(turn: Turn, number: str, seq: str, kind: str, ground: str = "") -> None:
    case = turn.case(number)
    given = answers.answer(turn, case, seq) if case else None
    if case is None or given is None or kind not in SORTS:
        turn.go("home")
        return
    data: dict[str, Json] = {"answer": given.seq, "kind": kind}
    if kind == "refuses":
        data["ground"] = ground or "none_given"
    if kind == "promise":
        found = answers.times(turn, given.text)
        data["until"] = found[0].to_json() if len(found) == 1 else None
    turn.record(case, "sorted", data)
    turn.toast = turn.t.plain("answers.sorted_toast")
    if kind == "asks_withdraw":
        turn.before.append(withdrawal(turn, case, given.text))
    turn.fresh = True
    turn.go(f"reply:{number}:{seq}")


def _agreed(turn: Turn, number: str, seq: str, event: Event) -> None:
    """What was agreed: a promise is kept with its words, anything else is asked for its date."""
    case = turn.case(number)
    given = answers.answer(turn, case, seq) if case else None
    if case is None or given is None or not can_happen(turn.state(case), event):
        turn.go(f"card:{number}")
        return
    if event not in PROMISES:
        report(turn, case, event)
        return
    said = Moment(given.at).to_json()
    turn.session.draft["promise"] = {"event": event, "when": said, "what": given.text[:120]}
    found = answers.times(turn, given.text)
    if len(found) == 1:
        promises.made(turn, case, found[0])
    else:
        turn.go(f"until:{number}")


PLACES = {"resort": resort, "reground": reground}
ACTS = {"sort": _sort, "agreed": _agreed}
__all__ = ["ACTS", "PLACES", "back", "options_of"]
