"""The numbered pieces of evidence of a case, as its history tells of them."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.model import Case, Entry

_TOLD = frozenset({"item", "file", "kept", "type", "size", "name", "album", "fault"})


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence; its number never changes."""

    number: int
    item: str = ""
    """Id of the checklist item, or empty."""
    file: str = ""
    """The channel's reference of what was sent."""
    at: datetime | None = None
    """When it was first received or ticked off."""
    kept: str = ""
    """SHA-256 of the file that is kept."""
    type: str = ""
    """Media type of what is kept."""
    size: int = 0
    """Bytes of what is kept."""
    name: str = ""
    """What the sender's device called the file."""
    album: str = ""
    fault: str = ""
    """Why what was sent could not be kept, see ``messages.FileFault``."""

    @property
    def sent(self) -> bool:
        """Whether a file came, kept already or on its way; otherwise it is only ticked off."""
        return bool(self.file or self.kept)


def told(proofs: tuple[Proof, ...], entry: Entry) -> tuple[tuple[Proof, ...], bool]:
    """The proofs after an entry that gives a new number, or tells more of a given one: values that are not named stay.
    And whether a file came with it for the first time."""
    number = int(entry.data["number"])
    before = next((proof for proof in proofs if proof.number == number), Proof(number, at=entry.at))
    proof = replace(before, **{key: value for key, value in entry.data.items() if key in _TOLD})
    others = [each for each in proofs if each.number != number]
    return tuple(sorted((*others, proof), key=lambda each: each.number)), proof.sent and not before.sent


def next_proof_number(case: Case) -> int:
    """Numbers are given once, also if the proof was taken back later."""
    used = [int(entry.data["number"]) for entry in case.entries if entry.kind == "proof"]
    return max(used, default=0) + 1
