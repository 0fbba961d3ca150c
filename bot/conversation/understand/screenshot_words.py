"""Which words stand where on a page of the app: the table behind ``screenshot``, checked when it is read.

Everything is folded as the page's text is (NFKC, no spaces), so that the two can be compared.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, get_args

from bot.catalog.errors import CatalogError
from bot.conversation.understand.lexicon_tables import Table, read_table
from bot.domain.machine import Event, OrderState

Label = Literal[
    "order_no", "paid", "refund", "tracking_no", "refund_no", "reject_reason", "refund_other", "other",
]  # fmt: skip
TimeLabel = Literal[
    "ordered_at", "paid_at", "grouped_at", "shipped_at", "signed_at", "applied_at", "rejected_at", "intervened_at",
    "refunded_at",
]  # fmt: skip
"""Facts that a page dates; in the order in which they happen, except that of the last three."""
Meaning = TypeVar("Meaning", bound=str)


class _Words(Table):
    chat: tuple[str, ...]
    foreign: tuple[str, ...]
    refund_titles: tuple[str, ...]
    several_titles: tuple[str, ...]
    other_countdowns: tuple[str, ...]
    before_headline: tuple[str, ...]
    day_units: tuple[str, ...]
    labels: dict[Label, tuple[str, ...]]
    times: dict[TimeLabel, tuple[str, ...]]
    order: dict[OrderState, tuple[str, ...]]
    event: dict[Event, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ScreenshotWords:
    """The words of a page; the pairs are longest word first."""

    chat: tuple[str, ...]
    foreign: tuple[str, ...]
    refund_titles: tuple[str, ...]
    several_titles: tuple[str, ...]
    other_countdowns: tuple[str, ...]
    before_headline: tuple[str, ...]
    day_units: tuple[str, ...]
    labels: tuple[tuple[str, Label | TimeLabel], ...]
    orders: tuple[tuple[str, OrderState], ...]
    events: tuple[tuple[str, Event], ...]


def load_screenshot_words(folder: Path) -> ScreenshotWords:
    """Read ``screenshot.toml`` of `bot/data/lexicon`. Raises CatalogError with every mistake."""
    mistakes: list[str] = []
    table = read_table(folder / "screenshot.toml", _Words, mistakes)
    if table is None:
        raise CatalogError(mistakes)
    for name, given, wanted in (("labels", table.labels, get_args(Label)), ("times", table.times, get_args(TimeLabel))):
        mistakes.extend(f"screenshot.toml: {name}.{key}: missing" for key in wanted if key not in given)
    labelled: list[tuple[Label | TimeLabel, tuple[str, ...]]] = [*table.labels.items(), *table.times.items()]
    words = ScreenshotWords(
        chat=_folded(table.chat),
        foreign=_folded(table.foreign),
        refund_titles=_folded(table.refund_titles),
        several_titles=_folded(table.several_titles),
        other_countdowns=_folded(table.other_countdowns),
        before_headline=_folded(table.before_headline),
        day_units=_folded(table.day_units),
        labels=_pairs(labelled, mistakes),
        orders=_pairs(table.order.items(), mistakes),
        events=_pairs(table.event.items(), mistakes),
    )
    if mistakes:
        raise CatalogError(mistakes)
    return words


def squeeze(text: str) -> str:
    """Half-width and without spaces, as labels and headlines are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(squeeze(word) for word in words)


def _pairs(table: Iterable[tuple[Meaning, tuple[str, ...]]], mistakes: list[str]) -> tuple[tuple[str, Meaning], ...]:
    pairs = [(squeeze(word), meaning) for meaning, words in table for word in words]
    meanings = dict(pairs)
    mistakes.extend(
        f"screenshot.toml: {meaning}: {word!r} already means {meanings[word]}"
        for word, meaning in pairs
        if meanings[word] != meaning
    )
    return tuple(sorted(pairs, key=lambda pair: len(pair[0]), reverse=True))
