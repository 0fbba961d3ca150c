"""How long: lengths of time as typed or as the app counts them down."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.catalog import compiled
from bot.conversation.understand.numerals import CN, numeral


@dataclass(frozen=True, slots=True)
class Left:
    """Time left, as a countdown shows it."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time found in folded text; ``length`` is None where it cannot be right (还剩1天99分).

    ``months`` stand apart because their length depends on the date. ``whole_days``: told in days or longer only.
    ``clocklike``: may as well be a time of day (15:04:32, 15时4分).
    """

    end: int
    length: timedelta | None
    months: int = 0
    whole_days: bool = False
    clocklike: bool = False
    vague: bool = False


_UNITS: dict[str, tuple[int, timedelta]] = {
    name: (rank, length)
    for rank, length, names in (
        (6, timedelta(days=30), "月"),
        (5, timedelta(days=7), "星期 礼拜 周"),
        (4, timedelta(days=1), "天 日 days day d"),
        (3, timedelta(hours=1), "小时 钟头 时 hours hour hrs hr h"),
        (2, timedelta(minutes=15), "刻钟"),
        (1, timedelta(minutes=1), "分钟 分 minutes minute mins min m"),
        (0, timedelta(seconds=1), "秒钟 秒 seconds second secs sec s"),
    )
    for name in names.split()
}
_NAMES = "|".join(sorted((f"{name}(?![a-z])" if name.isascii() else name for name in _UNITS), key=len, reverse=True))
_PART = compiled.pattern(
    rf"(?:(?P<half>半)|(?P<q>[0-9]{{1,5}}(?:\.[0-9]{{1,2}})?|[{CN}]{{1,5}})) ?(?P<ge>个)?(?P<mid>半)?(?P<vague>多)? ?"
    rf"(?P<unit>{_NAMES})(?P<tail>半(?!个?(?:小时|钟头|天|分|月)))?"
)
_JOINT = compiled.pattern(r"[ ,]?(?:零(?=[半0-9])|又|加|and )?[ ,]?")
_CLOCK = compiled.pattern(r"(?P<h>[0-9]{1,4}):(?P<m>[0-9]{2}):(?P<s>[0-9]{2})(?![0-9]|[:.][0-9])")
_AFTER_DAYS = compiled.pattern(r"[ ,]?(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2}))?(?![0-9]|[:.][0-9])")
_HOUR_MINUTE = compiled.pattern(r"[0-9]{1,3}:[0-9]{2}(?![0-9])")
_PREFIX = compiled.pattern(
    r"(?:还剩|剩余|剩下|仅剩|只剩|尚余|余下|还有|尚有|倒计时|剩)"
    r"(?:下|余|有|还|剩|时间|倒计时|大概|大约|约|是|为|:|,| |\n){0,5}"
)
_NOT_LEFT = compiled.pattern(r"[以之]?[前后内]|[到至~-][0-9]|个?工作日")
_LONGEST = timedelta(days=366)


def match_length(text: str, start: int) -> Span | None:
    """The stretch of time that begins exactly at ``start``, as long as possible."""
    clock = _CLOCK.match(text, start)
    if clock:
        return _from_clock(clock, timedelta(), whole_day=False)
    total = timedelta()
    months = 0
    ranks: list[int] = []
    names: list[str] = []
    sound, vague, at = True, False, start
    while part := _PART.match(text, at):
        rank, length = _UNITS[part["unit"]]
        amount = 0.5 if part["half"] else _amount(part["q"])
        if (ranks and rank >= ranks[-1]) or (part["unit"] == "月" and not part["ge"]):
            break
        if part["unit"] in ("天", "日", "时", "分", "秒") and part["ge"] and not part["half"] and not part["mid"]:
            break
        if amount is None or (ranks and amount * length >= _UNITS[names[-1]][1]):
            sound, amount = False, 0.0
        amount += 0.5 if part["mid"] or part["tail"] else 0.0
        if rank == 6:
            months = int(amount)
            total += (amount - months) * length
        else:
            total += min(amount, 20000.0) * length
        vague = vague or part["vague"] is not None
        ranks.append(rank)
        names.append(part["unit"])
        at = part.end()
        joint = _JOINT.match(text, at)
        following = joint.end() if joint else at
        if part["tail"] or not _PART.match(text, following):
            break
        at = following
    if not ranks:
        return None
    # A trailing joint was skipped only to find that no further part follows.
    at = len(text[:at].rstrip(" ,"))
    if ranks[-1] == 4 and names[-1] != "日" and (rest := _AFTER_DAYS.match(text, at)):
        return _from_clock(rest, total, whole_day=True) if sound else Span(rest.end(), None)
    if text.startswith(("多", "来", "几"), at):
        at, vague = at + 1, True
    return Span(
        at,
        total if sound and total <= _LONGEST and months <= 12 else None,
        months,
        whole_days=ranks[-1] >= 4 and total % timedelta(days=1) == timedelta(),
        clocklike=names[0] == "时",
        vague=vague,
    )


def _amount(text: str) -> float | None:
    if "." in text:
        return float(text)
    value = numeral(text)
    return None if value is None else float(value)


def _from_clock(found: re.Match[str], before: timedelta, *, whole_day: bool) -> Span:
    hours, minutes, seconds = int(found["h"]), int(found["m"]), int(found["s"] or 0)
    sound = minutes < 60 and seconds < 60 and (hours < 24 or not whole_day)
    length = before + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    clocklike = not whole_day and hours < 24
    return Span(found.end(), length if sound and length <= _LONGEST else None, clocklike=clocklike)


def match_countdown(text: str, start: int) -> Span | None:
    """A length that says of itself that it is time left: 还剩1天3小时, 剩余23小时59分, 倒计时47:59:30.

    还剩15:04 is taken up without a length, because hours and minutes cannot be told from minutes and seconds.
    """
    prefix = _PREFIX.match(text, start)
    if not prefix:
        return None
    length = match_length(text, prefix.end())
    if length is None:
        doubtful = _HOUR_MINUTE.match(text, prefix.end())
        return Span(doubtful.end(), None) if doubtful else None
    if _NOT_LEFT.match(text, length.end):
        return None
    if length.vague or length.months:
        return Span(length.end, None)
    return length
