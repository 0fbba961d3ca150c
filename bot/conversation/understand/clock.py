"""What time of day: 下午三点一刻, 差五分九点, 20:04:32, 8pm."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from bot.catalog import compiled
from bot.conversation.understand.numerals import CN, NUMBER, SMALL, numeral

Part = Literal["small", "morning", "noon", "afternoon", "dusk", "evening", "night", "am", "pm"]
Offset = tuple[int, int, int, int]
"""Days after the named day, hour, minute, second."""

_PARTS: dict[Part, str] = {
    "small": "凌晨 零晨 后半夜 下半夜",
    "morning": "大清早 清早 清晨 早晨 早上 上午 一大早 一早 早间 早 晨",
    "noon": "中午 正午 晌午",
    "afternoon": "下午 午后",
    "dusk": "傍晚 黄昏",
    "evening": "晚上 晚间 晚",
    "night": "半夜 深夜 午夜 夜里 夜间 夜晚 大半夜 夜",
    "am": "am a.m.",
    "pm": "pm p.m.",
}
_OF = {name: part for part, names in _PARTS.items() for name in names.split()}
_PART = compiled.pattern("|".join(re.escape(name) for name in sorted(_OF, key=len, reverse=True)))
SHORT = frozenset({"早", "晨", "晚", "夜", "一早", "am", "pm", "a.m.", "p.m."})
"""Parts of the day that mean one only beside a day or a clock."""

STARTS: dict[Part, int] = {
    "small": 0, "morning": 5, "noon": 11, "afternoon": 12, "dusk": 17, "evening": 18, "night": 20, "am": 0, "pm": 12,
}  # fmt: skip

_DIGITAL = compiled.pattern(
    r"(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2}))?(?:\.[0-9]{3})?(?![0-9a-z]|[:.][0-9]| ?[ap]\.?m)"
    r"|(?P<h2>[0-9]{1,2})(?::(?P<m2>[0-9]{2}))? ?(?P<ap>[ap]\.?m\.?)(?![a-z])"
)
_DOTTED = compiled.pattern(r"(?P<h>[0-9]{1,2})\.(?P<m>[0-5][0-9])(?![0-9a-z]|[.:/-][0-9]| ?[元块斤公千折倍%号日])")
_QUARTERS = {"一": 15, "1": 15, "两": 30, "二": 30, "2": 30, "三": 45, "3": 45}
_SPOKEN = compiled.pattern(
    rf"(?:差(?P<to>{SMALL}分钟?|[一1]刻钟?|{SMALL}(?=[ 0-9]))[ 到]?)?(?P<h>{SMALL})[点时](?![候间代])"
    rf"(?:差(?P<less>{SMALL}分|[一1]刻)|过?(?P<q>[一三13])刻|过?(?P<half>半)"
    rf"|过?(?P<m>{SMALL})分(?![之钱])(?:(?P<s>{SMALL})秒)?"
    rf"|过?(?P<m2>[0-5][0-9]|[零〇][{CN}]|[{CN}]{{2,3}}|[十廿卅])(?!{NUMBER}|[.][0-9]|个?小时|[元斤块公千克倍折成万%度天号月])"
    rf"|(?P<whole>钟|整)|(?!{NUMBER}))"
)
_NO_HOUR = compiled.pattern(r"[原建要问意理说不疑缺优希诉需和以也都儿没点内赞水钱东道]|个小时|小时|分之")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as it was written; ``plain`` means that it can only be meant in 24 hours."""

    end: int
    hour: int
    minute: int
    second: int
    plain: bool = False
    half_day: Part | None = None
    loose: bool = False


def match_part(text: str, start: int) -> tuple[int, Part, str] | None:
    """The part of the day that begins at ``start``: its end, kind and the word."""
    found = _PART.match(text, start)
    return (found.end(), _OF[found[0]], found[0]) if found else None


def match_clock(text: str, start: int, *, dotted: bool = False) -> Clock | None:
    """The clock that begins exactly at ``start``; an impossible one (25点, 8:75) comes back as such.

    ``dotted``: a part of the day stands before it, so 8.30 is a time and no amount.
    """
    if dotted and (dots := _DOTTED.match(text, start)):
        return Clock(dots.end(), int(dots["h"]), int(dots["m"]), 0)
    digital = _DIGITAL.match(text, start)
    if digital:
        if digital["ap"]:
            half: Part = "am" if digital["ap"][0] == "a" else "pm"
            return Clock(digital.end(), int(digital["h2"]), int(digital["m2"] or 0), 0, half_day=half)
        plain = digital["s"] is not None or digital["h"][0] == "0"
        return Clock(digital.end(), int(digital["h"]), int(digital["m"]), int(digital["s"] or 0), plain=plain)
    spoken = _SPOKEN.match(text, start)
    if not spoken:
        return None
    hour = numeral(spoken["h"])
    if hour is None:
        return None
    bare = spoken.end() == spoken.end("h") + 1 and not spoken["to"]
    if bare and _NO_HOUR.match(text, spoken.end()):
        return None
    minute, second = _minutes(spoken), numeral(spoken["s"] or "0")
    if minute is None or second is None:
        return Clock(spoken.end(), hour, 99, 0)
    if minute < 0:
        hour, minute = (12 if hour == 1 else hour - 1), minute + 60
    return Clock(spoken.end(), hour, minute, second, loose=bare and spoken["h"] == "一")


def _minutes(spoken: re.Match[str]) -> int | None:
    earlier = spoken["to"] or spoken["less"]
    if earlier:
        quarter = "刻" in earlier
        minutes = 15 if quarter else numeral(earlier.removesuffix("钟").removesuffix("分"))
        return -minutes if minutes is not None and 0 < minutes < 60 else None
    if spoken["half"]:
        return 30
    if spoken["q"]:
        return _QUARTERS[spoken["q"]]
    return numeral(spoken["m"] or spoken["m2"] or "0")


def offsets(clock: Clock, part: Part | None, *, spoken_night: bool) -> tuple[list[Offset], list[Offset]]:
    """The instants that a clock can mean on a day: first the likely ones, then those for when none of these fits.

    ``spoken_night``: 昨晚, 今晚 and the like, whose small hours belong to the morning after.
    Both lists are empty for what is impossible (25点).
    """
    hour, part = clock.hour, part or clock.half_day
    if hour > 24 or clock.minute > 59 or clock.second > 59 or (hour == 24 and (clock.minute or clock.second)):
        return [], []

    likely, else_ = _meant(hour, part, plain=clock.plain, spoken_night=spoken_night)
    minute, second = clock.minute, clock.second
    return [(d, h, minute, second) for d, h in likely], [(d, h, minute, second) for d, h in else_]


_Hours = list[tuple[int, int]]


def _meant(hour: int, part: Part | None, *, plain: bool, spoken_night: bool) -> tuple[_Hours, _Hours]:
    if part is None:
        if hour in (0, 24):
            return [(hour // 24, 0)], []
        return [(0, hour)] + ([(0, hour + 12)] if hour < 12 and not plain else []), []
    if part in ("evening", "night"):
        return _at_night(hour, part, spoken_night)
    if part == "small" and spoken_night:
        return ([(1, hour % 12)] if hour <= 8 or hour == 12 else []), []
    return [(0, value) for value in _by_day(hour, part)], []


def _at_night(hour: int, part: Part, spoken: bool) -> tuple[_Hours, _Hours]:
    if hour in (0, 12, 24):
        return [(1, 0)], [(0, 0)]
    if hour > 12:
        return ([(0, hour)] if hour >= 17 else []), []
    if hour >= (5 if part == "evening" else 6):
        return [(0, hour + 12)], []
    if spoken:
        return [(1, hour)], [(0, hour)]
    return [(0, hour), (1, hour)], []


def _by_day(hour: int, part: Part) -> list[int]:
    table: dict[Part, dict[int, int]] = {
        "small": {h: h for h in range(9)} | {12: 0},
        "morning": {h: h for h in range(13)},
        "noon": {10: 10, 11: 11, 12: 12} | {h: h + 12 for h in (1, 2, 3)} | {h: h for h in (13, 14, 15)},
        "afternoon": {h: h + 12 for h in range(1, 12)} | {h: h for h in range(12, 20)},
        "dusk": {h: h + 12 for h in range(4, 9)} | {h: h for h in range(16, 21)},
        "am": {h: h for h in range(12)} | {12: 0},
        "pm": {h: h + 12 for h in range(1, 12)} | {h: h for h in range(12, 24)},
    }
    return [table[part][hour]] if hour in table[part] else []


def instant(day: date, offset: Offset, zone: tzinfo) -> datetime:
    """The instant of an offset on a day in a zone."""
    days, hour, minute, second = offset
    named = day + timedelta(days=days)
    return datetime(named.year, named.month, named.day, hour, minute, second, tzinfo=zone)
