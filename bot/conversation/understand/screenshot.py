"""What an order or refund page says that was sent as a picture: from the pieces of text that OCR found on it.

Everything here is only *read*: it is shown back before it counts. What is not clear stays None. Never raises.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Literal, TypeVar

from bot.catalog import compiled
from bot.conversation.understand.countdown import match_countdown
from bot.conversation.understand.numerals import fold
from bot.conversation.understand.screenshot_fields import (
    SURE,
    Field,
    agreed,
    amount_of,
    fields_of,
    label_of,
    order_no_of,
    refund_no_of,
    times_of,
    tracking_no_of,
)
from bot.conversation.understand.screenshot_rows import Row, rows_of
from bot.conversation.understand.screenshot_words import ScreenshotWords, TimeLabel, load_screenshot_words, squeeze
from bot.domain.machine import LEADS_TO, Event, OrderState, Stage
from bot.reading import Page

Kind = Literal["order", "refund", "several", "other"]
Meaning = TypeVar("Meaning", OrderState, Event)

_DATA = Path(__file__).parents[2] / "data" / "lexicon"
_TALL = 1.25
"""A headline is so much higher than the usual text of its page."""
_TOP = 0.9
"""The part of the page, in widths, in which a headline stands."""
_LONGEST_COUNTDOWN = timedelta(days=31)
_FOREIGN_NO = compiled.pattern(r"[0-9]{10,24}")
_QUANTITY = compiled.pattern(r"(?:(?<![A-Za-z0-9])[xX×✕] ?[0-9]{1,3}|(?<![0-9])[x×]1)$")
_LABELLED = compiled.pattern(r"^[^:：]*[:：]\s*")
_COUNT = compiled.pattern(r"[0-9]+")
_HAN = compiled.pattern(r"[\u4e00-\u9fff]")
_QUOTES = " \"'\u201c\u201d\u300c\u300d"
_CUT = compiled.pattern(r"\s*(?:[¥￥]|\.{2,}|…).*$")


@dataclass(frozen=True, slots=True)
class Screenshot:
    """What the page says; None where it says nothing that is clear. All fields but ``text`` are empty for ``other``."""

    kind: Kind
    """``several``: a list of orders, so that nothing on it belongs to one; ``other``: no order or refund page."""
    text: str
    """All that was read, row by row. It may hold a name, a telephone number and an address."""
    order_no: str | None = None
    paid_fen: int | None = None
    refund_fen: int | None = None
    goods: str | None = None
    """The first line of the goods' title."""
    tracking_no: str | None = None
    refund_no: str | None = None
    reject_reason: str | None = None
    countdown: str | None = None
    """As the app shows it, for ``times.read_time(..., expect="left")``; it counts from when the picture was taken."""
    event: Event | None = None
    """What the headline of a refund page reports."""
    order: OrderState | None = None
    """What the headline of an order page says."""
    times: Mapping[TimeLabel, str] = field(default_factory=dict)
    """By fact: 2026-11-18 10:12:33 (or without seconds), in the app's zone."""

    @property
    def amount_fen(self) -> int | None:
        """What was paid or, where the page does not say it, what is asked back."""
        return self.paid_fen if self.paid_fen is not None else self.refund_fen

    @property
    def stage(self) -> Stage | None:
        """The stage that the event leads to."""
        return LEADS_TO[self.event] if self.event else None


def read_screenshot(page: Page) -> Screenshot:
    """Read a picture's text as an order or refund page."""
    words = screenshot_words()
    rows = rows_of(page.boxes)
    text = "\n".join(row.text for row in rows)
    fields = list(fields_of(rows, words))
    numbers = {number for each in fields if each.label == "order_no" and (number := order_no_of(each))}
    if _elsewhere(text, fields, words) and not numbers:
        return Screenshot("other", text)
    if any(word in squeeze(text) for word in words.chat):
        return Screenshot("other", text)
    labels = [each.label for each in fields]
    listed = any(squeeze(piece.text) in words.several_titles for row in rows[:6] for piece in row.pieces)
    if listed or len(numbers) > 1 or labels.count("paid") > 1 or labels.count("order_no") > 1:
        return Screenshot("several", text)
    headlines = list(_headlines(rows, page.width, words))
    event, order = _meaning(headlines, words.events), _meaning(headlines, words.orders)
    times = times_of(fields)
    titled = any(squeeze(piece.text) in words.refund_titles for row in rows for piece in row.pieces)
    marks = {"refund", "refund_no", "reject_reason", "refund_other", "applied_at"} & set(labels)
    if len(marks) + titled + (event is not None) > 1:
        kind: Kind = "refund"
    elif (numbers or order) and (times or order) and ("paid" in labels or times):
        kind = "order"
    else:
        return Screenshot("other", text)
    number, times = agreed(numbers.pop() if numbers else None, times)
    return Screenshot(
        kind,
        text,
        order_no=number,
        paid_fen=amount_of(fields, "paid"),
        refund_fen=amount_of(fields, "refund"),
        goods=_goods(rows, page.width, fields),
        tracking_no=tracking_no_of(fields),
        refund_no=refund_no_of(fields),
        reject_reason=_reason(fields, rows, words),
        countdown=_countdown(rows, words) if kind == "refund" else None,
        event=event if kind == "refund" and order is None else None,
        order=order if kind == "order" and event is None else None,
        times=times,
    )


@cache
def screenshot_words() -> ScreenshotWords:
    return load_screenshot_words(_DATA)


def _elsewhere(text: str, fields: Sequence[Field], words: ScreenshotWords) -> bool:
    """Whether it is the page of another shop: by its words, or by an order number of another make."""
    squeezed = squeeze(text)
    return any(word in squeezed for word in words.foreign) or any(
        each.label == "order_no" and _FOREIGN_NO.match(squeeze(each.value)) for each in fields
    )


def _headlines(rows: Sequence[Row], width: int, words: ScreenshotWords) -> Iterator[str]:
    """What is larger than the rest near the top, the way it is worded on such pages stripped off."""
    pieces = [piece for row in rows for piece in row.pieces]
    usual = median(piece.box.height for piece in pieces) if pieces else 0.0
    for piece in pieces:
        if piece.box.height >= _TALL * usual and piece.middle <= _TOP * width and piece.box.score >= SURE:
            text = squeeze(piece.text)
            for word in words.before_headline:
                text = text.removeprefix(word)
            yield text


def _meaning(headlines: Sequence[str], table: Sequence[tuple[str, Meaning]]) -> Meaning | None:
    """What the headlines say, if they say one thing."""
    said = {
        meaning
        for headline in headlines
        if (meaning := next((meaning for word, meaning in table if headline.startswith(word)), None)) is not None
    }
    return said.pop() if len(said) == 1 else None


def _countdown(rows: Sequence[Row], words: ScreenshotWords) -> str | None:
    """The one time left that the page counts down for the application itself."""
    read: dict[timedelta, str] = {}
    for row in rows:
        squeezed = squeeze(row.text)
        if row.score < SURE or any(word in squeezed for word in words.other_countdowns):
            continue
        folded = fold(row.text)
        for start in range(len(folded.text)):
            span = match_countdown(folded.text, start)
            if span is None:
                continue
            if span.length is None or span.length > _LONGEST_COUNTDOWN:
                return None
            shown = folded.text[start : span.end]
            counts = [int(count) for count in _COUNT.findall(shown)]
            limits = (24, 60, 60) if any(unit in shown for unit in words.day_units) else (60, 60)
            if any(count >= limit for count, limit in zip(counts[1:], limits, strict=False)):
                return None
            first, last = folded.span(start, span.end)
            read.setdefault(span.length, row.text[first:last])
    return next(iter(read.values())) if len(read) == 1 else None


def _goods(rows: Sequence[Row], width: int, fields: Sequence[Field]) -> str | None:
    """The first line right of the goods' picture, above or beside the one number of pieces (×1)."""
    pieces = [piece for row in rows for piece in row.pieces]
    counted = [piece for piece in pieces if _QUANTITY.search(piece.text)]
    if len(counted) != 1:
        return None
    anchor, labelled = counted[0], {id(each.piece) for each in fields}
    lines = [
        piece
        for piece in pieces
        if anchor.middle - 5 * anchor.box.height <= piece.middle <= anchor.middle + 0.6 * anchor.box.height
        if 0.1 * width <= piece.box.x <= 0.6 * width and id(piece) not in labelled
        if len(_HAN.findall(piece.text)) >= 4 and piece.box.score >= SURE
    ]
    return _CUT.sub("", lines[0].box.text) or None if lines else None


def _reason(fields: Sequence[Field], rows: Sequence[Row], words: ScreenshotWords) -> str | None:
    """The words beside the label, with the line below them if they run on."""
    found = [each for each in fields if each.label == "reject_reason" and each.value]
    if len(found) != 1 or found[0].score < SURE:
        return None
    above = found[0].piece
    # As it was written, with the punctuation that normalising makes half-width.
    text = above.box.text if above.text == found[0].value else _LABELLED.sub("", above.box.text)
    for row in rows[found[0].row + 1 :]:
        below = row.pieces[0]
        close = below.middle - above.middle < 1.45 * above.box.height
        if len(row.pieces) > 1 or not close or label_of(below.text, words) is not None:
            break
        text, above = text + below.box.text, below
    return text.strip(_QUOTES) or None
