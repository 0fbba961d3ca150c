"""Which one time begins at this place of the text, and how sure is it?"""

from datetime import date, datetime, timedelta

from bot.catalog import compiled
from bot.conversation.understand import clock as clocks
from bot.conversation.understand.clock import Clock, Part, instant, match_clock, match_part, offsets
from bot.conversation.understand.days import Day, match_day
from bot.conversation.understand.numerals import CN, NUMBER
from bot.conversation.understand.reading import Context, Found, Kind, broken, one_of, whole
from bot.conversation.understand.relative import ABOUT_BEFORE, RANGE_BEFORE, read_left, read_length
from bot.domain.moment import Moment

_GAP = compiled.pattern(r"(?:[ ,()的在约:\n]|大概|大约|差不多|好像|应该|可能|左右){0,4}")
_ABOUT = compiled.pattern(r"大概|大约|约|差不多|左右")
_ABOUT_AFTER = compiled.pattern(r"钟?(?:多|左右|前后|上下|来钟|许|的样子|差不多)")
_DAY_BLURRED = compiled.pattern(r"左右|前后|上下|附近|期间|那几天|[以之]?后(?![来面台续天])")
_DAY_BEFORE = compiled.pattern(r"[以之]?前(?![天台面])")
_UNKNOWN_DAY = compiled.pattern(
    r"(?:当天|那天|当日|当晚|那晚|次日|第二天|隔天|每天|每|天天|当|周末|[上下这]个?(?:周|星期|礼拜|月)|几天"
    r"|改天|有|第|差|几|共|的前|前)的?$"
)
_NOW = compiled.pattern(r"刚刚|刚才|方才|刚(?!开始|[好需性强果毅满度愎过])")
_LOOSE_END = compiled.pattern(r"$|[,.!?;。;\n)]|左右|前后|多|[买拒签收发退申寄到]")
_MONEY_BEFORE = compiled.pattern(
    r"(?:[付款价额计费惠退补赔元花共了坏烂约近剩差少缺给值卖抵返减扣省卡码第版¥$￥+=#*]|[a-z] ?)$"
)
_COUNTER = compiled.pattern(
    r" ?[天个件斤元块角分毛小秒周月年岁次条张份箱盒袋瓶公折成倍%人楼栋单室层克两寸米升页片包只双套颗粒枚工点万千百w]"
)
_EDGE = compiled.pattern(r"[0-9a-z][-./:~]?$")
_RANGE_AFTER = compiled.pattern(rf"[到至~-]{NUMBER}")
_CLOCK_REST = compiled.pattern(rf"[ ,]?{NUMBER}{{1,3}}[点:]{NUMBER}")


def read_at(text: str, start: int, context: Context) -> Found | None:
    """The longest time that begins at ``start``."""
    char, before = text[start], text[max(0, start - 12) : start]
    if char.isascii() and char.isalnum() and _EDGE.search(before) and not _unit_joint(before):
        return None
    if char in CN and before and (before[-1] in CN or before[-1] in "几第好"):
        return None
    length = read_length(text, start, before, context)
    if isinstance(length, Day):
        length = _from_day(text, start, before, length, context)
    tries = (read_left(text, start, context), length, _moment(text, start, before, context))
    found = [each for each in tries if each is not None]
    if not found:
        now = _NOW.match(text, start)
        return Found(start, now.end(), "now", Moment(context.said)) if now else None
    return max(found, key=lambda each: each.end)


def _unit_joint(before: str) -> bool:
    return before[-1] in "-./:~" and not before[-2:-1].isdecimal()


def _moment(text: str, start: int, before: str, context: Context) -> Found | None:
    day = match_day(text, start, context.here.date(), context.expect)
    if day is not None:
        return _from_day(text, start, before, day, context)
    part = match_part(text, start)
    clock_at = part[0] if part else start
    if part and text[clock_at : clock_at + 1] in (" ", ":", ","):
        clock_at += 1
    if part and not _UNKNOWN_DAY.search(before) and (more := match_part(text, clock_at)):
        part, clock_at = more, more[0]
    about = _ABOUT.match(text, clock_at)
    clock = match_clock(text, about.end() if about and part else clock_at, dotted=part is not None)
    if clock is None:
        if part is None or part[2] in clocks.SHORT or not whole(text, start, part[0]):
            return None
        return _settle(start, part[0], "part", _free_days(context), part[1], None, False, context)
    if RANGE_BEFORE.search(before) or _RANGE_AFTER.match(text, clock.end):
        return broken(start, clock.end)
    if _UNKNOWN_DAY.search(before):
        return Found(start, clock.end, "none", None)
    if part is None and clock.half_day is None:
        if context.expect == "left" and ":" in text[start : clock.end]:
            return broken(start, clock.end)
        if clock.loose and not whole(text, start, clock.end):
            return None
    end, hour = _about(text, start, clock.end, before, bool(about))
    return _settle(start, end, "clock", _free_days(context), part[1] if part else None, clock, False, context, hour)


def _free_days(context: Context) -> tuple[date, ...]:
    today = context.here.date()
    return (today, today + timedelta(days=-1 if context.expect == "past" else 1))


def _about(text: str, start: int, end: int, before: str, inside: bool) -> tuple[int, bool]:
    after = _ABOUT_AFTER.match(text, end)
    hour = inside or after is not None or ABOUT_BEFORE.search(before) is not None
    return (after.end() if after else end), hour


def _from_day(text: str, start: int, before: str, day: Day, context: Context) -> Found | None:
    gap = _GAP.match(text, day.end)
    at = gap.end() if gap else day.end
    about = bool(gap and _ABOUT.search(gap[0]))
    part = match_part(text, at)
    small_after = False
    if part:
        at = part[0]
        more = match_part(text, at)
        if more:
            small_after, part, at = part[1] in ("evening", "night") and more[1] == "small", more, more[0]
        between = _GAP.match(text, at)
        about = about or bool(between and _ABOUT.search(between[0]))
        clock = match_clock(text, between.end() if between else at, dotted=True)
    else:
        clock = match_clock(text, at)
    if clock and clock.loose and not _LOOSE_END.match(text, clock.end):
        clock = None
    if clock is None and _CLOCK_REST.match(text, at):
        return broken(start, at + 1)
    end = clock.end if clock else part[0] if part else day.end
    if not day.days:
        return Found(start, end, "none", None) if day.weak and not whole(text, start, end) else broken(start, end)
    if clock is None and part is None:
        if _DAY_BLURRED.match(text, end) or (context.expect == "past" and _DAY_BEFORE.match(text, end)):
            return broken(start, end + 1)
        if day.weak and not whole(text, start, end):
            if _MONEY_BEFORE.search(before) or _COUNTER.match(text, end):
                return Found(start, end, "none", None)
        elif day.weak and context.expect == "left" and "." in text[start:end]:
            return broken(start, end)
        return _settle(start, end, "weak" if day.weak else "day", day.days, None, None, False, context)
    hour = False
    if clock:
        end, hour = _about(text, start, end, before, about)
        if ":" in text[day.end : end] and (day.dated or (day.figures and clock.hour >= 10)):
            clock = Clock(clock.end, clock.hour, clock.minute, clock.second, plain=True, half_day=clock.half_day)
    days = day.days
    nightly = part is not None and (part[1] == "evening" or part[2] in ("夜", "夜里") or small_after)
    if text[start] == "今" and nightly and context.expect == "past" and context.here.hour < 6:
        days = (days[0], days[0] - timedelta(days=1))
    night = day.spoken and nightly and (part is None or part[1] != "small" or small_after)
    return _settle(start, end, "full", days, part[1] if part else None, clock, night, context, hour)


def _settle(
    start: int, end: int, kind: Kind, days: tuple[date, ...], part: Part | None, clock: Clock | None,
    night: bool, context: Context, hour: bool = False,
) -> Found:  # fmt: skip
    """The first of ``days`` on which the time lies on the side asked about; if on none, the first day as it stands."""
    if clock is None:
        begins: clocks.Offset = (0, clocks.STARTS[part] if part else 0, 0, 0)
        fitting = [day for day in days if _day_fits(day, begins if part else None, context)]
        chosen = (fitting or list(days))[0]
        at = instant(chosen, (0, 0, 0, 0), context.zone)
        return Found(start, end, kind, Moment(at, "day")) if context.plausible(at) else broken(start, end)
    likely, spare = offsets(clock, part, spoken_night=night)
    every = [instant(day, offset, context.zone) for day in days[:1] for offset in likely]
    for group in (likely, spare):
        for day in days:
            fitting_at = [at for offset in group if context.fits(at := instant(day, offset, context.zone))]
            if fitting_at:
                return _options(start, end, kind, fitting_at, hour, context)
    return _options(start, end, kind, every, hour, context)


def _day_fits(day: date, begins: clocks.Offset | None, context: Context) -> bool:
    today = context.here.date()
    if context.expect != "past":
        return day >= today
    return day < today or (day == today and (begins is None or context.fits(instant(day, begins, context.zone))))


def _options(start: int, end: int, kind: Kind, at: list[datetime], hour: bool, context: Context) -> Found:
    reading = one_of([Moment(each, "hour" if hour else "minute") for each in at if context.plausible(each)])
    return Found(start, end, kind, reading) if reading else broken(start, end)
