"""Which pictures first, if the app takes only few."""

from dataclasses import dataclass

from markupsafe import Markup

from bot.conversation.evidence import filling, kind, numbers, only_ticked
from bot.conversation.naming import title
from bot.conversation.places.proof import RECORDS, Item, items, shown_name
from bot.conversation.sayings import say_certainty
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import Proof
from bot.domain.model import Case

MOST = 5
"""How many are suggested. The sources disagree about how many the app takes, so no figure of the app is named."""
MOST_OF_MERCHANT = 3
"""As rule ``pdd.intervene.evidence.merchant`` says."""
FORMAT, FORMAT_OF_MERCHANT = "pdd.intervene.evidence.format", "pdd.intervene.evidence.merchant"
_NAMED = 2
"""Items that are named as missing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to hand in, in this order, and what would be better than the last of it."""

    chosen: tuple[Proof, ...]
    missing: tuple[Item, ...]
    """Neither here nor ticked off."""
    in_phone: tuple[Item, ...]
    """Ticked off, but not sent."""


def ranked(turn: Turn, case: Case) -> tuple[Item, ...]:
    """The checklist by what it is worth. The record that the present stage needs is never crowded out."""
    every = items(turn, case)
    records = [item for item in every if item.id in RECORDS and item.urgency == "now"]
    needed = max(records, key=lambda item: RECORDS.index(item.id), default=None)
    most = _most(turn, case)
    if needed is None or every.index(needed) < most:
        return every
    rest = [item for item in every if item != needed]
    return (*rest[: most - 1], needed, *rest[most - 1 :])


def choose(turn: Turn, case: Case) -> Choice:
    """One picture per item in the order of the items, the newest of several; then what else is there."""
    state, most, order = turn.state(case), _most(turn, case), ranked(turn, case)
    pictures = [proof for proof in state.proofs if proof.kept and kind(proof) == "picture"]
    by_item = {proof.item: proof for proof in pictures if proof.item}
    named = [by_item[item.id] for item in order if item.id in by_item]
    first = list({each.kept: each for each in reversed(named)}.values())[::-1]
    # A named picture says more than one of which nobody said what it shows.
    shown = {each.kept for each in first}
    once = {each.kept: each for each in reversed(pictures) if each.kept not in shown}
    further = sorted(once.values(), key=lambda each: (not each.item, each.number))
    chosen = tuple([*first, *further][:most])
    last = next((index for index, item in enumerate(order) if chosen and item.id == chosen[-1].item), len(order))
    full = len(chosen) == most and chosen[-1] in first
    before = order[: min(last, most)] if full else order[:most]
    better = [item for item in before if item.id not in by_item]
    in_phone = [item for item in better if any(only_ticked(each) for each in filling(state, item.id))]
    missing = [item for item in better if not filling(state, item.id)]
    return Choice(chosen, tuple(missing), tuple(in_phone))


def best(turn: Turn, number: str) -> View | None:
    """App 里放不下时，先放这5张."""
    case = turn.case(number)
    if case is None:
        return None
    t, choice = turn.t, choose(turn, case)
    checklist = Option(t.plain("proof.button.list"), f"proof:{number}")
    index = Option(t.plain("proof.button.index"), f"exhibits:{number}:0")
    back = Option(t.plain("nav.back"), f"card:{number}", words=("@back",))
    if not choice.chosen:
        told = lines(title(turn, case), t("proof.best.none"), _lacking(turn, choice))
        return View(told, pairs([checklist, back]))
    marks = t.plain("proof.best.marks")
    listed = [
        t(
            "proof.best.line",
            mark=mark,
            number=each.number,
            name=shown_name(turn, case, each),
            why=_why(turn, case, each),
        )
        for mark, each in zip(marks, choice.chosen, strict=False)
    ]
    head = t("proof.best.head" if len(choice.chosen) > 1 else "proof.best.head_one", count=len(choice.chosen))
    text = lines(title(turn, case), head, *listed, _foot(turn, case, choice))
    options = [checklist, index, back] if choice.missing or choice.in_phone else [index, checklist, back]
    return View(text, pairs(options))


def _foot(turn: Turn, case: Case, choice: Choice) -> Markup:
    t = turn.t
    rule = turn.rules(case).rule(FORMAT_OF_MERCHANT if _merchant(turn, case) else FORMAT)
    sure = say_certainty(turn, rule)
    told = [_lacking(turn, choice), _films(turn, case)]
    told = [each for each in told if each]
    if not told and rule is not None:
        told = [t("proof.best.rule", what=rule.what)]
    else:
        told.append(t("proof.best.how_many"))
    return Markup("").join([*told, sure])


def _lacking(turn: Turn, choice: Choice) -> Markup:
    t, told = turn.t, []
    for key, found in (("missing", choice.missing), ("in_phone", choice.in_phone)):
        if found:
            names = t.plain("format.list").join(item.name for item in found[:_NAMED])
            told.append(t(f"proof.best.{key}", names=names))
    return Markup("").join(told)


def _films(turn: Turn, case: Case) -> Markup | str:
    films = [each.number for each in turn.state(case).proofs if each.kept and kind(each) == "video"]
    return turn.t("proof.best.films", numbers=numbers(turn.t, films)) if films else ""


def _why(turn: Turn, case: Case, proof: Proof) -> str:
    t = turn.t
    own = f"proof.record.{proof.item}.why"
    if proof.item and t.has(own):
        return t.plain(own)
    urgency = next((item.urgency for item in items(turn, case) if item.id == proof.item), "")
    same = [each for each in turn.state(case).proofs if each.item == proof.item and each.number > proof.number]
    if proof.item and any(each.kept and kind(each) == "picture" for each in same):
        urgency = "second"
    return t.plain(f"proof.best.why.{urgency or 'other'}")


def _most(turn: Turn, case: Case) -> int:
    return MOST_OF_MERCHANT if _merchant(turn, case) else MOST


def _merchant(turn: Turn, case: Case) -> bool:
    return turn.problem(case).side == "merchant" or turn.state(case).text("side") == "merchant"


PLACES = {"best": best}
