"""Which number, and which plain characters, did the person type?"""

import unicodedata
from dataclasses import dataclass

CN = "零〇一二三四五六七八九十百两俩仨廿卅"
"""Characters of which Chinese numerals are made, after folding."""

SMALL = f"(?:[0-9]{{1,2}}|[{CN}]{{1,4}})"
"""Pattern of a number up to two digits."""

NUMBER = f"[0-9{CN}]"

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_SAME = str.maketrans(
    "點後週號時間兩個鐘鍾還餘內過剛現國慶勞動節雙淩幾計禮從無裡裏壹贰貳叁參肆伍陆陸柒捌玖拾○∶–—−⁄〜、",
    "点后周号时间两个钟钟还余内过刚现国庆劳动节双凌几计礼从无里里一二二三三四五六六七八九十〇:---/~,",
)
_LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Folded:
    """Text in one spelling; ``origin[i]`` is the index in the source of its character i."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the folded text stood in the source."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """NFKC, lower case, simplified characters; spaces stay only where they part two numbers or two Latin words.

    What lies beyond the first 5,000 characters is not read.
    """
    kept: list[tuple[str, int]] = []
    for index, source in enumerate(text[:_LONGEST]):
        for char in unicodedata.normalize("NFKC", source).lower().translate(_SAME):
            if char in "\n\r":
                kept.append(("\n", index))
            elif char.isspace():
                kept.append((" ", index))
            elif unicodedata.category(char) not in ("Cf", "Cc", "Mn"):
                kept.append((char, index))
    solid: list[tuple[str, int]] = []
    for position, (char, index) in enumerate(kept):
        if char == " ":
            following = next((c for c, _ in kept[position + 1 : position + 20] if c != " "), "\n")
            if not solid or not _parts(solid[-1][0], following):
                continue
        elif char == "。" and solid and solid[-1][0].isdecimal() and kept[position + 1 : position + 2]:
            char = "." if kept[position + 1][0].isdecimal() else char
        solid.append((char, index))
    return Folded("".join(c for c, _ in solid), tuple(i for _, i in solid))


def _parts(before: str, after: str) -> bool:
    if before in " \n" or after == "\n":
        return False
    return (before.isascii() and after.isascii()) or (_numeric(before) and _numeric(after))


def _numeric(char: str) -> bool:
    return char in CN or char in "0123456789"


def numeral(text: str) -> int | None:
    """The value of ``12``, ``十二``, ``廿三``, ``零五``, ``两百``; None for what is no single number (``二三``)."""
    if text.isascii():
        return int(text) if text.isdecimal() else None
    total = 0
    pending: int | None = None
    smallest = 1000
    for char in text:
        if char in _DIGITS:
            if pending:
                return None
            pending = _DIGITS[char]
        elif char in "百十":
            unit = 100 if char == "百" else 10
            if unit >= smallest:
                return None
            total += (1 if pending in (None, 0) else pending or 1) * unit
            pending, smallest = None, unit
        elif char in "廿卅":
            if pending or smallest <= 10:
                return None
            total += 20 if char == "廿" else 30
            pending, smallest = None, 10
        else:
            return None
    return total + (pending or 0)


def year_number(text: str) -> int | None:
    """A year of two or four digits as written before 年: ``26``, ``2026``, ``二〇二六``."""
    digits = text if text.isascii() else "".join(str(_DIGITS[c]) if c in _DIGITS else "x" for c in text)
    if not digits.isdecimal() or len(digits) not in (2, 4):
        return None
    return int(digits) + (2000 if len(digits) == 2 else 0)
