"""证据清单: what to photograph for this very problem, the urgent first, and the records of the case itself."""

from dataclasses import dataclass

from markupsafe import Markup

from bot.conversation.evidence import came, filling, numbers, only_ticked, unnamed
from bot.conversation.naming import title
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import Proof, next_proof_number
from bot.domain.model import Case

PER_PAGE = 3
MOST = 6
"""Buttons of a screen."""
RECORDS = ("r_apply", "r_count", "r_reject", "r_chat", "r_agent", "r_ticket", "r_decision")
"""Records of the case itself, in the order in which they are made; names, how and stages are texts under
``proof.record``."""
_URGENCY = {"now": 0, "soon": 1, "later": 2}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist."""

    id: str
    name: str
    how: str
    urgency: str


def items(turn: Turn, case: Case) -> tuple[Item, ...]:
    """What matters in the present stage, the urgent first; the order does not change when something is ticked."""
    t, state = turn.t, turn.state(case)
    found = [
        Item(each.id, each.name, each.how, each.urgency)
        for each in turn.problem(case).evidence
        if not each.stages or state.stage in each.stages
    ]
    if state.text("side") != "merchant":
        for record in RECORDS:
            key = f"proof.record.{record}"
            if state.stage in t.plain(f"{key}.stages").split():
                found.append(Item(record, t.plain(f"{key}.name"), t.plain(f"{key}.how"), t.plain(f"{key}.urgency")))
    return tuple(sorted(found, key=lambda item: _URGENCY[item.urgency]))


def important(turn: Turn, case: Case) -> tuple[Item, ...]:
    """The items that should be there before the platform is called in; all of them if none is urgent."""
    every = items(turn, case)
    return tuple(item for item in every if item.urgency != "later") or every


def item_name(turn: Turn, case: Case, item_id: str) -> str:
    """How a letter calls an item (证据1：<name>), also after its stage is over; empty for an unknown id."""
    if item_id in RECORDS:
        return turn.t.plain(f"proof.record.{item_id}.name")
    return next((each.name for each in turn.problem(case).evidence if each.id == item_id), "")


def ticked(turn: Turn, case: Case, item_id: str) -> Proof | None:
    """The proof that fills an item, the first given if there are several; what could not be kept fills none."""
    return next(iter(filling(turn.state(case), item_id)), None)


def shown_name(turn: Turn, case: Case, proof: Proof) -> str:
    """What a piece of evidence is called on screen."""
    return item_name(turn, case, proof.item) or turn.t.plain("proof.no_name")


def proof(turn: Turn, number: str, page: str = "") -> View | None:
    """Three items a page; the first page with something missing if none is named."""
    case = turn.case(number)
    if case is None:
        return None
    t, state, every = turn.t, turn.state(case), items(turn, case)
    pages = max(1, -(-len(every) // PER_PAGE))
    at = min(int(page), pages - 1) if page.isdecimal() else _first_open(turn, case, every)
    shown = every[at * PER_PAGE : (at + 1) * PER_PAGE]
    listed, options = [], []
    for mark, item in zip(t.plain("proof.marks"), shown, strict=False):
        listed.append(_line(turn, case, item, mark))
        options.append(_button(turn, case, item, mark, at))
    if pages > 1:
        following = (at + 1) % pages
        key = "nav.next_page" if following else "nav.first_page"
        options.append(Option(t.plain(key), f"proof:{number}:{following}"))
    if state.proofs:
        options.append(Option(t.plain("proof.button.index"), f"exhibits:{number}:0"))
    waiting = unnamed(state)
    room = len(options) + 1 < MOST
    if waiting and room:
        options.append(name_button(turn, number, waiting[0].number))
    options.append(Option(t.plain("nav.back"), f"card:{number}", words=("@back",)))
    have = sum(1 for item in every if ticked(turn, case, item.id))
    head = t("proof.head", have=have, total=len(every))
    return View(lines(title(turn, case), head, *listed, _foot(turn, case, waiting, room)), pairs(options))


def name_button(turn: Turn, number: str | int, proof_number: int) -> Option:
    """证据2是？"""
    return Option(turn.t.plain("proof.button.name", number=proof_number), f"which_proof:{number}:{proof_number}")


def _line(turn: Turn, case: Case, item: Item, mark: str) -> Markup:
    t, given = turn.t, filling(turn.state(case), item.id)
    if not given:
        return t(f"proof.wanted.{item.urgency}", mark=mark, name=item.name, how=item.how)
    key = "proof.ticked_only" if only_ticked(given[0]) else "proof.given"
    return t(key, mark=mark, numbers=numbers(t, (each.number for each in given)), name=item.name)


def _button(turn: Turn, case: Case, item: Item, mark: str, page: int) -> Option:
    """Every line has its button, so that a typed number means the line of that number."""
    t, given = turn.t, ticked(turn, case, item.id)
    if given is not None and came(given):
        return Option(t.plain("proof.button.see", number=given.number), f"exhibit:{case.number}:{given.number}")
    label = t.plain("proof.button.not_yet" if given else "proof.button.have", mark=mark)
    return Option(label, f"tick:{case.number}:{item.id}:{page}")


def _foot(turn: Turn, case: Case, waiting: tuple[Proof, ...], room: bool) -> Markup:
    t = turn.t
    if waiting:
        told = numbers(t, (each.number for each in waiting))
        return t(f"proof.unnamed.{'here' if room else 'index'}", numbers=told, first=waiting[0].number)
    if any(only_ticked(each) for item in items(turn, case) for each in filling(turn.state(case), item.id)):
        return t("proof.foot_ticked")
    return t("proof.foot")


def _first_open(turn: Turn, case: Case, every: tuple[Item, ...]) -> int:
    missing = next((index for index, item in enumerate(every) if not ticked(turn, case, item.id)), 0)
    return missing // PER_PAGE


def _tick(turn: Turn, number: str, item_id: str, page: str = "") -> None:
    """有了 or 还没有; a number once given is never given again. What a file fills is not ticked."""
    case = turn.case(number)
    if case is None or not item_name(turn, case, item_id):
        turn.go("home")
        return
    given = filling(turn.state(case), item_id)
    if not given:
        fresh = next_proof_number(case)
        turn.record(case, "proof", {"number": fresh, "item": item_id})
        turn.toast = turn.t.plain("proof.ticked_toast", number=fresh, name=item_name(turn, case, item_id))
    for each in given:
        if only_ticked(each):
            turn.record(case, "unproof", {"number": each.number})
    turn.go(f"proof:{number}:{page}" if page else f"proof:{number}")


PLACES = {"proof": proof}
ACTS = {"tick": _tick}
