"""Which labelled values stand on a page, and which of them can be believed?

A wrong order number or time is worse than none: values that check each other are both left out when they disagree.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeGuard, get_args

from bot.catalog import compiled
from bot.conversation.understand.order_text import read_amount, read_order
from bot.conversation.understand.screenshot_rows import Piece, Row
from bot.conversation.understand.screenshot_words import Label, ScreenshotWords, TimeLabel

SURE = 0.8
"""Score from which a piece is believed."""

_TAIL = 15
"""Digits after the dash of an order number. Fewer or more: OCR lost or doubled one."""
_HAPPENS: tuple[TimeLabel, ...] = ("ordered_at", "paid_at", "grouped_at", "shipped_at", "signed_at")
_PATIENCE = timedelta(days=3)
"""Paying and finding the group take no longer after the day that the order number names."""
_LONGEST_CASE = timedelta(days=366)
_AMOUNT = compiled.pattern(
    r"(?:\([^)]{0,12}\) ?)?¥ ?(?P<number>[0-9][0-9,]*(?:\.[0-9]{1,2})?)(?![0-9A-Za-z.,]| [0-9.])"
)
_STAMP = compiled.pattern(
    r"(?<![0-9])(20[0-9]{2})[-./](1[0-2]|0[1-9])[-./](3[01]|[12][0-9]|0[1-9]) ?([01][0-9]|2[0-3]):([0-5][0-9])"
    r"(?::([0-5][0-9]))?(?![0-9:])"
)
_TRACKING = compiled.pattern(r"(?<![A-Za-z0-9-])(?:[A-Z]{2,4}[0-9]{9,16}|[0-9]{10,18})(?![A-Za-z0-9-])")
_REFUND_NO = compiled.pattern(r"(?<![A-Za-z0-9-])[0-9]{8,24}(?![A-Za-z0-9-])")


@dataclass(frozen=True, slots=True)
class Field:
    """A label and what stands beside it."""

    label: Label | TimeLabel
    value: str
    score: float
    row: int
    piece: Piece
    """The one that holds the value."""


def fields_of(rows: Sequence[Row], words: ScreenshotWords) -> Iterator[Field]:
    """Every label of the page with what stands in the same piece or in the next one to the right."""
    for number, row in enumerate(rows):
        for index, piece in enumerate(row.pieces):
            found = label_of(piece.text, words)
            if found is None:
                continue
            label, rest = found
            beside = row.pieces[index + 1] if index + 1 < len(row.pieces) else None
            if not rest and beside is not None and label_of(beside.text, words) is None:
                score = min(piece.box.score, beside.box.score)
                yield Field(label, beside.text, score, number, beside)
            else:
                yield Field(label, rest, piece.box.score, number, piece)


def label_of(text: str, words: ScreenshotWords) -> tuple[Label | TimeLabel, str] | None:
    """The label with which a piece begins and the rest of it; a word that runs on into a sentence is none."""
    for word, label in words.labels:
        if text.startswith(word):
            rest = text[len(word) :]
            if not rest or rest[0] in " :(¥" or rest[0].isascii():
                return label, rest.lstrip(" :")
            return None
    return None


def order_no_of(found: Field) -> str | None:
    """The order number beside the label, without spaces."""
    number = read_order(found.value).order_no if found.score >= SURE else None
    return number if number and len(number.partition("-")[2]) == _TAIL else None


def amount_of(fields: Sequence[Field], label: Label) -> int | None:
    """Fen; None also where the label stands twice with different amounts."""
    read: set[int | None] = set()
    for each in fields:
        if each.label == label:
            found = _AMOUNT.match(each.value)
            read.add(read_amount(found["number"]) if found and each.score >= SURE else None)
    return read.pop() if len(read) == 1 else None


def tracking_no_of(fields: Sequence[Field]) -> str | None:
    return _only(fields, "tracking_no", _TRACKING)


def refund_no_of(fields: Sequence[Field]) -> str | None:
    return _only(fields, "refund_no", _REFUND_NO)


def _only(fields: Sequence[Field], label: Label, pattern: re.Pattern[str]) -> str | None:
    """The one number beside the label."""
    read = {
        number
        for each in fields
        if each.label == label and each.score >= SURE
        for number in pattern.findall(each.value)
    }
    return read.pop() if len(read) == 1 else None


def times_of(fields: Sequence[Field]) -> dict[TimeLabel, str]:
    """By fact: 2026-11-18 10:12:33, or without seconds."""
    read: dict[TimeLabel, set[str | None]] = {}
    for each in fields:
        if _is_time(label := each.label):
            read.setdefault(label, set()).add(_stamp(each.value) if each.score >= SURE else None)
    return {label: stamp for label, stamps in read.items() if len(stamps) == 1 and (stamp := stamps.pop())}


def _is_time(label: Label | TimeLabel) -> TypeGuard[TimeLabel]:
    return label in get_args(TimeLabel)


def _stamp(text: str) -> str | None:
    found = _STAMP.search(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return None
    return f"{year}-{month}-{day} {hour}:{minute}" + (f":{second}" if second else "")


def agreed(number: str | None, times: dict[TimeLabel, str]) -> tuple[str | None, dict[TimeLabel, str]]:
    """Number and times without those that contradict each other: either may be misread."""
    happened = [label for label in _HAPPENS if label in times]
    pairs = list(pairwise(happened)) + [
        (first, last)
        for first in ("ordered_at", "applied_at")
        for last in ("applied_at", "rejected_at", "intervened_at", "refunded_at")
        if first != last and first in times and last in times
    ]
    doubtful: set[TimeLabel] = {label for pair in pairs if times[pair[0]][:16] > times[pair[1]][:16] for label in pair}
    if number is not None:
        try:
            day = date(2000 + int(number[:2]), int(number[2:4]), int(number[4:6]))
        except ValueError:
            return None, _without(times, doubtful)
        for label, stamp in times.items():
            longest = timedelta() if label == "ordered_at" else _PATIENCE if label in _HAPPENS[:3] else _LONGEST_CASE
            if not timedelta() <= date.fromisoformat(stamp[:10]) - day <= longest:
                number = None
                doubtful.add(label)
    return number, _without(times, doubtful)


def _without(times: Mapping[TimeLabel, str], doubtful: set[TimeLabel]) -> dict[TimeLabel, str]:
    return {label: stamp for label, stamp in times.items() if label not in doubtful}
