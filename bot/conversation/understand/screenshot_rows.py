"""The pieces of text on a page put into rows, as a person reads them."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from bot.catalog import compiled
from bot.reading import Box

_DASHES = compiled.pattern(r"[‐‑‒–—―−﹣－﹘]")
_GLUED = compiled.pattern(r"(?<![0-9])(20[0-9]{2}[-./][0-9]{2}[-./][0-9]{2})(?=[0-9]{2}:[0-9]{2})")
_SPACES = compiled.pattern(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One box with its text in one spelling: half-width, plain dashes, the space between date and hour put back."""

    text: str
    box: Box

    @property
    def middle(self) -> float:
        return self.box.y + self.box.height / 2

    @property
    def right(self) -> float:
        return self.box.x + self.box.width


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces beside each other, from left to right."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def score(self) -> float:
        return min(piece.box.score for piece in self.pieces)


def rows_of(boxes: Iterable[Box]) -> list[Row]:
    """From top to bottom; boxes whose middles are at about the same height share a row."""
    rows: list[list[Piece]] = []
    for piece in sorted((_piece(box) for box in boxes), key=lambda piece: piece.middle):
        if not piece.text:
            continue
        if rows:
            middle = fmean(each.middle for each in rows[-1])
            low = min(piece.box.height, *(each.box.height for each in rows[-1]))
            if abs(piece.middle - middle) < low / 2:
                rows[-1].append(piece)
                continue
        rows.append([piece])
    return [Row(tuple(sorted(row, key=lambda piece: piece.box.x))) for row in rows]


def _piece(box: Box) -> Piece:
    text = unicodedata.normalize("NFKC", _DASHES.sub("-", box.text))
    return Piece(_SPACES.sub(" ", _GLUED.sub(r"\1 ", text)).strip(), box)
