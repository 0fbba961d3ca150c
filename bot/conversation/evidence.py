"""What one piece of evidence is worth: whether its file came, what it is, and how several are numbered."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Literal

from bot.catalog.texts import Texts
from bot.domain.facts import Proof, State

TOGETHER = timedelta(minutes=5)
"""Pictures that come one by one within this time are asked about one after the other, as those of an album are."""
_MOST_RUNS = 8
"""Numbers, or runs of numbers, that one sentence lists."""

Kind = Literal["picture", "video", "file"]


def came(proof: Proof) -> bool:
    """Whether its file is kept or on its way. Only such a piece may be quoted by its number."""
    return bool(proof.kept) or (bool(proof.file) and not proof.fault)


def only_ticked(proof: Proof) -> bool:
    """有了, but nothing was ever sent: it is in the person's phone."""
    return not proof.sent


def kind(proof: Proof) -> Kind:
    """What it is; nothing is known of the type of what an earlier version took, and that was pictures."""
    if proof.type.startswith("video/"):
        return "video"
    return "picture" if not proof.type or proof.type.startswith("image/") else "file"


def filling(state: State, item: str) -> tuple[Proof, ...]:
    """What fills an item of the checklist: the files that came for it, else what was ticked off."""
    mine = [proof for proof in state.proofs if proof.item == item]
    return tuple(proof for proof in mine if came(proof)) or tuple(proof for proof in mine if only_ticked(proof))


def listed(state: State) -> tuple[Proof, ...]:
    """Every piece, without ticks in whose place a file came."""
    sent = {proof.item for proof in state.proofs if came(proof)}
    return tuple(proof for proof in state.proofs if not (only_ticked(proof) and proof.item in sent))


def unnamed(state: State) -> tuple[Proof, ...]:
    """Files of which nobody said what they show."""
    return tuple(proof for proof in state.proofs if came(proof) and not proof.item)


def together(state: State, given: Proof) -> tuple[Proof, ...]:
    """The files that were sent with this one, itself included: its album, or what came shortly before or after it."""
    sent = [proof for proof in state.proofs if came(proof)]
    if given.album:
        return tuple(proof for proof in sent if proof.album == given.album)
    at = given.at
    return tuple(proof for proof in sent if not proof.album and at and proof.at and abs(proof.at - at) <= TOGETHER) or (
        given,
    )


def numbers(t: Texts, given: Iterable[int]) -> str:
    """证据2、证据5; three and more in a row as 证据2到证据9. A very long list is cut."""
    runs: list[list[int]] = []
    for number in sorted(given):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [part for run in runs for part in _run(t, run)]
    told = t.plain("format.list").join(parts[:_MOST_RUNS])
    return told if len(parts) <= _MOST_RUNS else t.plain("proof.numbers_more", numbers=told)


def _run(t: Texts, run: Sequence[int]) -> list[str]:
    if len(run) > 2:
        return [t.plain("proof.numbers_run", first=run[0], last=run[-1])]
    return [t.plain("proof.number", number=number) for number in run]
