"""证据清单: what to photograph for this very problem, the urgent first, and the records of the case itself."""

from dataclasses import dataclass

from bot.conversation import formats
from bot.conversation.naming import title
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import Proof, next_proof_number
from bot.domain.model import Case

PER_PAGE = 3
PER_CHOICE = 4
"""Items that a photo can be assigned to, on one screen."""
RECORDS = ("r_apply", "r_count", "r_reject", "r_chat", "r_agent", "r_ticket", "r_decision")
"""Records of the case itself; names, how and stages are texts under ``proof.record``."""
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
    """The proof that fills an item, the first given if there are several."""
    return next((proof for proof in turn.state(case).proofs if proof.item == item_id), None)


def proof(turn: Turn, number: str, page: str = "") -> View | None:
    """Three items a page; the first page with something missing if none is named."""
    case = turn.case(number)
    if case is None:
        return None
    t, every = turn.t, items(turn, case)
    pages = max(1, -(-len(every) // PER_PAGE))
    at = min(int(page), pages - 1) if page.isdecimal() else _first_open(turn, case, every)
    shown = every[at * PER_PAGE : (at + 1) * PER_PAGE]
    listed, options = [], []
    for mark, item in zip(t.plain("proof.marks"), shown, strict=False):
        given = ticked(turn, case, item.id)
        if given is not None:
            listed.append(t("proof.given", mark=mark, number=given.number, name=item.name))
        else:
            listed.append(t(f"proof.wanted.{item.urgency}", mark=mark, name=item.name, how=item.how))
        label = t.plain("proof.button.not_yet" if given else "proof.button.have", mark=mark)
        options.append(Option(label, f"tick:{number}:{item.id}:{at}"))
    if pages > 1:
        following = (at + 1) % pages
        key = "nav.next_page" if following else "nav.first_page"
        options.append(Option(t.plain(key), f"proof:{number}:{following}"))
    unnamed = next((each for each in turn.state(case).proofs if each.file and not each.item), None)
    if unnamed is not None:
        options.append(
            Option(t.plain("proof.button.name", number=unnamed.number), f"which_proof:{number}:{unnamed.number}")
        )
    options.append(Option(t.plain("nav.back"), f"card:{number}", words=("@back",)))
    have = sum(1 for item in every if ticked(turn, case, item.id))
    head = t("proof.head", have=have, total=len(every))
    foot = t("proof.unnamed", number=unnamed.number) if unnamed else t("proof.foot")
    return View(lines(title(turn, case), head, *listed, foot), pairs(options))


def _first_open(turn: Turn, case: Case, every: tuple[Item, ...]) -> int:
    missing = next((index for index, item in enumerate(every) if not ticked(turn, case, item.id)), 0)
    return missing // PER_PAGE


def _tick(turn: Turn, number: str, item_id: str, page: str = "") -> None:
    """有了 or 还没有; a number once given is never given again."""
    case = turn.case(number)
    if case is None or not item_name(turn, case, item_id):
        turn.go("home")
        return
    given = [proof for proof in turn.state(case).proofs if proof.item == item_id]
    if not given:
        fresh = next_proof_number(case)
        turn.record(case, "proof", {"number": fresh, "item": item_id})
        turn.toast = turn.t.plain("proof.ticked", number=fresh, name=item_name(turn, case, item_id))
    for each in given:
        # A picture stays in the case, it only is no longer this item.
        if each.file:
            turn.record(case, "proof", {"number": each.number, "file": each.file})
        else:
            turn.record(case, "unproof", {"number": each.number})
    turn.go(f"proof:{number}:{page}" if page else f"proof:{number}")


def which_proof(turn: Turn, number: str, proof_number: str, page: str = "0") -> View | None:
    """What does this photo show?"""
    case = turn.case(number)
    given = _given(turn, case, proof_number) if case else None
    if case is None or given is None:
        return None
    t, every = turn.t, items(turn, case)
    start = int(page) * PER_CHOICE if page.isdecimal() and int(page) * PER_CHOICE < len(every) else 0
    options = [
        Option(item.name[:8], f"assign:{number}:{proof_number}:{item.id}") for item in every[start : start + PER_CHOICE]
    ]
    if len(every) > PER_CHOICE:
        following = start // PER_CHOICE + 1 if start + PER_CHOICE < len(every) else 0
        key = "nav.next_page" if following else "nav.first_page"
        options.append(Option(t.plain(key), f"which_proof:{number}:{proof_number}:{following}"))
    options.append(Option(t.plain("proof.button.none"), f"proof:{number}", words=("@no", "@back", "@skip", "@unknown")))
    received = formats.clock(t, given.at, turn.zone, turn.now) if given.at else ""
    text = lines(title(turn, case), t("proof.which", number=given.number, at=received))
    return View(text, pairs(options))


def _given(turn: Turn, case: Case, proof_number: str) -> Proof | None:
    return next((each for each in turn.state(case).proofs if str(each.number) == proof_number), None)


def _assign(turn: Turn, number: str, proof_number: str, item_id: str) -> None:
    case = turn.case(number)
    given = _given(turn, case, proof_number) if case else None
    if case is None or given is None or not item_name(turn, case, item_id):
        turn.go("home")
        return
    turn.record(case, "proof", {"number": given.number, "item": item_id, "file": given.file})
    turn.toast = turn.t.plain("proof.ticked", number=given.number, name=item_name(turn, case, item_id))
    turn.go(f"proof:{number}")


PLACES = {"proof": proof, "which_proof": which_proof}
ACTS = {"tick": _tick, "assign": _assign}
