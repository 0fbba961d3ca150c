"""Lengths of time in a text: is it time left, a moment (3小时前, 24小时内), a day (3天前), or nothing to count with?"""

import re
from calendar import monthrange
from datetime import datetime, timedelta
from typing import Literal

from bot.catalog import compiled
from bot.conversation.understand.countdown import Left, Span, match_countdown, match_length
from bot.conversation.understand.days import Day
from bot.conversation.understand.numerals import NUMBER
from bot.conversation.understand.reading import Context, Found, broken
from bot.domain.moment import Moment

ABOUT_BEFORE = compiled.pattern(r"(?:大概|大约|约|差不多)[是在]?$")
RANGE_BEFORE = compiled.pattern(rf"{NUMBER}(?:[天号日个半刻分]|点[钟半]?|点{NUMBER}+分?)?[到至~-]$")
_MORE = compiled.pattern(rf"{NUMBER}(?!{NUMBER}*[点:月号])")
_BESIDE = compiled.pattern(r"前后|[以之]?前|[以之过]?后(?![来台面])|[以之]?内")
_ABOUT_AFTER = compiled.pattern(r"左右|的样子")
_NOT_RELATIVE = compiled.pattern(r"(?:[第近满超每过]|最近|过去|超过|不到|前后)$")
_PROMISE_NOT = compiled.pattern(r"(?:[后起近满]|过去|最近|超过)$")


def read_left(text: str, start: int, context: Context) -> Found | None:
    """A length that calls itself time left."""
    span = match_countdown(text, start)
    if span is None:
        return None
    return Found(start, span.end, "left", Left(span.length)) if span.length is not None else broken(start, span.end)


def read_length(text: str, start: int, before: str, context: Context) -> Found | Day | None:
    """What a length that begins at ``start`` means; a ``Day`` (3天前) may still be followed by a clock."""
    span = match_length(text, start)
    if span is None:
        return None
    ranged = RANGE_BEFORE.search(before) is not None
    side = _BESIDE.match(text, span.end)
    day_of_month = text[span.end - 1] == "日" and text[start : span.end - 1].isalnum() and span.whole_days
    if day_of_month and not (side and side[0].endswith("内")):
        return None
    if side is None:
        if span.clocklike and context.expect != "left":
            return None
        unclear = span.length is None or span.vague or span.months > 0 or _MORE.match(text, span.end) is not None
        if ranged or _NOT_RELATIVE.search(before) or (unclear and context.expect == "past"):
            return Found(start, span.end, "none", None)
        if unclear or span.length is None:
            return broken(start, span.end)
        counted = ":" in text[start : span.end] and not span.clocklike
        return Found(start, span.end, "left" if counted else "length", Left(span.length))
    if span.clocklike or _NOT_RELATIVE.search(before):
        return Found(start, side.end(), "none", None)
    if span.length is None or ranged or side[0] == "前后":
        return broken(start, side.end())
    if side[0].endswith("内"):
        if _PROMISE_NOT.search(before) or re.match(r"[没未不]", text[side.end() : side.end() + 1]):
            return Found(start, side.end(), "none", None)
        return _span_found(start, side.end(), _shift(span, context, +1), "minute", context)
    sign = -1 if "前" in side[0] else 1
    exact = context.expect == "left" and sign > 0  # 2天后自动关闭 is a countdown in other words
    if span.whole_days and not span.vague and not exact:
        at = _shift(span, context, sign)
        return None if at is None else Day(side.end(), (at.astimezone(context.zone).date(),), spoken=True)
    after = _ABOUT_AFTER.match(text, side.end())
    end = after.end() if after else side.end()
    blurred = span.vague or text[start : span.end].endswith(("半天", "天半")) or after or ABOUT_BEFORE.search(before)
    if span.vague and (span.length % timedelta(hours=1) or span.length >= timedelta(days=1)):
        return broken(start, side.end())
    moved = _shift(span, context, sign)
    if moved is not None and span.vague and sign < 0:
        moved -= timedelta(hours=1)
    return _span_found(start, end, moved, "hour" if blurred else "minute", context)


def _span_found(
    start: int, end: int, at: datetime | None, precision: Literal["minute", "hour"], context: Context
) -> Found:
    if at is None or not context.plausible(at):
        return broken(start, end)
    return Found(start, end, "span", Moment(at, precision))


def _shift(span: Span, context: Context, sign: int) -> datetime | None:
    """``said`` moved by a length; days and months keep the time of day, hours are exact."""
    if span.length is None:
        return None
    here = context.here
    if not span.whole_days:
        return context.said + sign * span.length
    months = here.year * 12 + here.month - 1 + sign * span.months
    year, month = months // 12, months % 12 + 1
    moved = here.replace(year=year, month=month, day=min(here.day, monthrange(year, month)[1]))
    return moved + sign * span.length
