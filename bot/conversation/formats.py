"""How instants, times left, money and order numbers are written (VOICE, Numbers and dates)."""

from datetime import datetime, timedelta, tzinfo
from typing import Literal

from bot.catalog.texts import Texts
from bot.domain.authorities import CLOCK_OF
from bot.domain.moment import Moment
from bot.domain.schedule import Deadline


def day(t: Texts, instant: datetime, zone: tzinfo, now: datetime) -> str:
    """``11月24日 周二``, with the year only if it is not this one."""
    here, today = instant.astimezone(zone), now.astimezone(zone)
    weekday = t.plain(f"format.weekday.{here.isoweekday()}")
    key = "format.day" if here.year == today.year else "format.day_year"
    return t.plain(key, year=here.year, month=here.month, day=here.day, weekday=weekday)


def clock(t: Texts, instant: datetime, zone: tzinfo, now: datetime) -> str:
    """``11月24日 周二 15:00``; midnight as the end of the day before: ``11月24日 周二 24:00（当天夜里12点）``."""
    here = instant.astimezone(zone)
    if (here.hour, here.minute) == (0, 0):
        return t.plain("format.midnight", day=day(t, instant - timedelta(seconds=1), zone, now))
    return t.plain("format.clock", day=day(t, instant, zone, now), time=f"{here.hour:02d}:{here.minute:02d}")


def relative(t: Texts, instant: datetime, zone: tzinfo, now: datetime) -> str:
    """``clock`` with 今天 or 明天 before it where that is so."""
    text, near = clock(t, instant, zone, now), _near(instant, zone, now)
    return text if near is None else t.plain(f"format.in_days_{near}", text=text)


def _near(instant: datetime, zone: tzinfo, now: datetime) -> int | None:
    """0 if that is today, 1 for tomorrow, else None; midnight is the end of the day before."""
    here = instant.astimezone(zone)
    if (here.hour, here.minute) == (0, 0):
        here = (instant - timedelta(seconds=1)).astimezone(zone)
    days = here.toordinal() - now.astimezone(zone).toordinal()
    return days if days in (0, 1) else None


def until(t: Texts, instant: datetime, zone: tzinfo, now: datetime, what: Literal["until", "ended", "latest"]) -> str:
    """``到 11月22日 周日 15:00``, but ``到今天 11月23日 周一 15:00``: a space stands only before a date."""
    dated = _near(instant, zone, now) is None
    return t.plain(f"format.{what}" if dated else f"format.{what}_near", text=relative(t, instant, zone, now))


def followed(t: Texts, text: str) -> str:
    """A date before a word: with a space, but with none after a full-width bracket."""
    return text if text.endswith(t.plain("format.bracket")) else f"{text} "


def moment(t: Texts, told: Moment, zone: tzinfo, now: datetime) -> str:
    """A moment as precise as it was told."""
    if told.precision == "day":
        return day(t, told.at, zone, now)
    text = clock(t, told.at, zone, now)
    return t.plain("format.about", text=text) if told.precision == "hour" else text


def left(t: Texts, until: datetime, now: datetime) -> str:
    """``还剩 1天2小时``, ``还剩 5小时20分``, ``还剩 40分钟``, ``不到1分钟``, ``已过 2小时``; rounded down."""
    seconds = (until - now).total_seconds()
    if 0 <= seconds < 60:
        return t.plain("format.left.moment")
    if -60 < seconds < 0:
        return t.plain("format.left.just_over")
    key = "format.left.over" if seconds < 0 else "format.left.left"
    return t.plain(key, length=length(t, timedelta(seconds=abs(seconds))))


def length(t: Texts, span: timedelta) -> str:
    """``1天2小时``, ``5小时20分``, ``40分钟``: the two largest units, rounded down."""
    minutes = int(span.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return t.plain("format.length.days_hours" if hours else "format.length.days", days=days, hours=hours)
    if hours:
        return t.plain("format.length.hours_minutes" if rest else "format.length.hours", hours=hours, minutes=rest)
    return t.plain("format.length.minutes", minutes=rest)


def source(t: Texts, deadline: Deadline) -> str:
    """Where the instant comes from, in brackets."""
    if deadline.estimated_years and deadline.source != "app":
        years = t.plain("format.list").join(str(year) for year in deadline.estimated_years)
        return t.plain("format.source.estimated_years", years=years)
    if deadline.source == "law" and deadline.law:
        return t.plain("format.source.law_cited", law=deadline.law)
    if t.has(f"format.source.{deadline.rule}"):
        return t.plain(f"format.source.{deadline.rule}")
    if deadline.rule == "promised_until":
        return t.plain("format.source.order_page")
    if deadline.source == "usual" and deadline.rule in CLOCK_OF:
        return t.plain("format.source.usual_elsewhere")
    return t.plain(f"format.source.{deadline.source}")


def money(fen: int) -> str:
    """On screen: ``¥39.90``."""
    return f"¥{fen // 100}.{fen % 100:02d}"


def masked(order_no: str) -> str:
    """On screen: ``261118-…2345``."""
    head, _, tail = order_no.partition("-")
    return f"{head}-…{tail[-4:]}" if tail else f"…{order_no[-4:]}"
