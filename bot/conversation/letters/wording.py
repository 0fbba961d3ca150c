"""How dates, money and the person's own words stand in a letter (VOICE, Letters)."""

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from bot.catalog import compiled
from bot.catalog.texts import Texts
from bot.domain.moment import Moment

_ENDS = " 。．.！!？?，,；;、：:~～…"
_SPACE = compiled.pattern(r"\s*\n\s*")
_RUN = compiled.pattern(r"([。．！？，；、：!?,;:])[。．！？，；、：!?,;:\s]+")
_EXCLAIMED = compiled.pattern(r"[！!]")
_PRIVATE = compiled.pattern(r"(?<![A-Za-z\d-])(?:1[3-9]\d{9}|\d{17}[\dXx]|[3-69]\d{15,18})(?![\dXx])")
"""Phone, identity and card numbers; courier and ticket numbers are left alone."""
_QUOTES = str.maketrans({"“": "‘", "”": "’", '"': "’", "{": "（", "}": "）", "<": "（", ">": "）"})


def when(t: Texts, told: Moment, zone: tzinfo, now: datetime, *, end: bool = False, same_day: bool = False) -> str:
    """``11月20日18:20``, ``11月20日`` or ``当天19:40``; an end at midnight as 24:00 of the day before."""
    here = told.at.astimezone(zone)
    midnight = (here.hour, here.minute) == (0, 0)
    if end and (told.precision == "day" or midnight):
        last = here if told.precision == "day" else here - timedelta(minutes=1)
        return t.plain("letters.end_of_day", day=_day(t, last, zone, now))
    if same_day:
        if told.precision == "day":
            return t.plain("letters.same_day_plain")
        if told.precision == "hour":
            return t.plain("letters.same_day_hour", hour=here.hour)
        return t.plain("letters.same_day", time=f"{here:%H:%M}")
    day = _day(t, here, zone, now)
    if told.precision == "day":
        return day
    if told.precision == "hour":
        return t.plain("letters.hour", day=day, hour=here.hour)
    return t.plain("letters.minute", day=day, time=f"{here:%H:%M}")


def _day(t: Texts, here: datetime, zone: tzinfo, now: datetime) -> str:
    key = "letters.day" if here.year == now.astimezone(zone).year else "letters.day_year"
    return t.plain(key, year=here.year, month=here.month, day=here.day)


def money(t: Texts, fen: int) -> str:
    """``39.90元``"""
    return t.plain("letters.money", amount=f"{fen // 100}.{fen % 100:02d}")


@lru_cache(maxsize=512)
def clean(text: str, limit: int) -> str:
    """The person's words, fit to stand inside a sentence: one line, no punctuation at its ends, no long private
    number, not longer than ``limit``."""
    text = _SPACE.sub("，", text.strip()).translate(_QUOTES)
    text = _EXCLAIMED.sub("。", text)
    text = _RUN.sub(r"\1", text).strip(_ENDS)
    text = _PRIVATE.sub(lambda found: found[0][:3] + "****" + found[0][-4:], text)
    return text[:limit].strip(_ENDS)
