"""A pasted message in one spelling, in which every stretch can be shown again as it was written."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.catalog import compiled
from bot.conversation.understand.numerals import Folded

MAX_TEXT = 5000
"""Characters of one message that are read."""

COMMA, STOP, ASKED, OPENED, CLOSED = ",", ".", "?", "“", "”"
"""All that is left of punctuation, beside the colon and what stands inside numbers."""

_SIGNS = (
    dict.fromkeys(",、~(){}[]<>《》【】〈〉|/\\_=*•·", COMMA)
    | dict.fromkeys("。.!;…\n\r", STOP)
    | {"?": ASKED, ":": ":", "%": "%", "¥": "¥", "+": "+", "@": "@", "-": "-", "“": OPENED, "”": CLOSED}
    | dict.fromkeys("「『", OPENED)
    | dict.fromkeys("」』", CLOSED)
)
_IN_NUMBERS = frozenset(".:/-")
_BREAKS = frozenset((COMMA, STOP, ASKED))
_EDGES = compiled.pattern(r"^[\s,.!?;:，。！？；：、~…()（）【】\[\]_-]+|[\s,.!?;:，。！？；：、~…()（）【】\[\]_-]+$")


@dataclass(frozen=True, slots=True)
class Spelled:
    """``text`` is what patterns are searched in, ``source`` what the person pasted."""

    text: str
    source: str
    origin: tuple[int, ...]

    def quote(self, start: int, end: int, longest: int = 40) -> str:
        """A stretch of ``text`` in the words of the source, without the punctuation at its ends."""
        if start >= end:
            return ""
        first, last = Folded(self.text, self.origin).span(start, end)
        return _EDGES.sub("", _EDGES.sub("", self.source[first:last])[:longest])

    def without_quotes(self, masked: str) -> tuple["Spelled", str]:
        """This and ``masked``, a text of the same length, both without quotation marks."""
        kept = [index for index, char in enumerate(self.text) if char not in (OPENED, CLOSED)]
        text = "".join(self.text[index] for index in kept)
        spelled = Spelled(text, self.source, tuple(self.origin[index] for index in kept))
        return spelled, "".join(masked[index] for index in kept)

    def sentence(self, at: int) -> tuple[int, int]:
        """Where the sentence around an index begins and ends (its end sign not included)."""
        return self._around(at, (STOP, ASKED))

    def clause(self, at: int) -> tuple[int, int]:
        """Where the clause around an index begins and ends."""
        return self._around(at, (STOP, ASKED, COMMA))

    def _around(self, at: int, signs: tuple[str, ...]) -> tuple[int, int]:
        start = max(self.text.rfind(sign, 0, at) for sign in signs) + 1
        ends = [end for end in (self.text.find(sign, at) for sign in signs) if end >= 0]
        return start, min(ends, default=len(self.text))


def spell(text: str, simplified: Mapping[int, str], same: Mapping[str, str] | None = None) -> Spelled:
    """Half-width, lower case, simplified, without spaces; emoji and brackets are commas, lines end sentences.

    ``same``: further characters that stand for another (a plus sign for the word), looked up before anything else.
    """
    kept: list[tuple[str, int]] = []
    shape = unicodedata.normalize
    quoted = False
    for index, source in enumerate(text[:MAX_TEXT]):
        for char in (same or {}).get(source) or shape("NFKC", source).lower().translate(simplified):
            if char == '"':
                char, quoted = CLOSED if quoted else OPENED, not quoted
            sign = _sign(char, kept[-1][0] if kept else "", text[index + 1 : index + 2])
            if sign and not (sign in _BREAKS and kept and kept[-1][0] == sign):
                kept.append((sign, index))
    return Spelled("".join(char for char, _ in kept), text, tuple(index for _, index in kept))


def _sign(char: str, before: str, after: str) -> str:
    """What a character is written as; nothing for a space."""
    if char in _IN_NUMBERS and before.isdecimal() and after.isdecimal():
        return char
    if char in _SIGNS:
        return _SIGNS[char]
    if char.isspace() and before.isdecimal() and after.isdecimal():
        return COMMA
    if char.isspace() or unicodedata.category(char) in ("Cf", "Cc", "Mn", "Me"):
        return ""
    return char if char.isalnum() else COMMA
