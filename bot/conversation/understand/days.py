"""Which calendar day: 上周三, 大前天, 11.20, 二〇二六年十一月二十号, 月底, 双十一."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.catalog import compiled
from bot.conversation.understand.numerals import CN, NUMBER, SMALL, numeral, year_number

Expect = Literal["past", "future", "left"]
_Days = tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """Days that an expression can mean, the likeliest first; none: the day does not exist.

    ``weak``: figures that in a sentence may as well be an amount (11.20). ``spoken``: a word like 昨 or 今.
    ``dated``: written with its year, so a clock beside it is one of 24 hours. ``figures``: written as day and month.
    """

    end: int
    days: _Days
    weak: bool = False
    spoken: bool = False
    dated: bool = False
    figures: bool = False


_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日")} | {c: i for i, c in enumerate("1234567")} | {"天": 6}
_WEEK = r"(?:周|星期|礼拜)"
_ALONE = rf"(?!{NUMBER}(?!{NUMBER}{{0,3}}[点:])|[天个次岁年])"
_BESIDE = compiled.pattern(rf"[ ,]?\(?{_WEEK}(?P<w>[一二三四五六日天1-7]){_ALONE}\)?")
_WORDS = {
    "大前天": -3, "大前日": -3, "大前儿": -3, "前天": -2, "前日": -2, "前儿": -2, "前晚": -2, "前夜": -2,
    "昨天": -1, "昨日": -1, "昨儿": -1, "昨个": -1, "昨": -1, "今天": 0, "今日": 0, "今儿": 0, "今个": 0, "今": 0,
    "大后天": 3, "大后日": 3, "大后儿": 3, "后天": 2, "后日": 2, "后儿": 2, "后晚": 2, "明天": 1, "明日": 1, "明儿": 1,
    "明个": 1, "明": 1,
}  # fmt: skip
_WORD = compiled.pattern(
    r"(?:大?前|大?后|昨|今|明)(?:天|日|儿个?|个儿)|[昨今明](?=早|晚|夜|晨|凌晨|上午|中午|下午|傍晚|半夜)|[前后](?=晚上?[0-9一二两三四五六七八九十]|晚$|夜$)"
)
_FEASTS = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "女神节": (3, 8), "三八节": (3, 8), "愚人节": (4, 1),
    "劳动节": (5, 1), "五一": (5, 1), "五一节": (5, 1), "五一劳动节": (5, 1), "儿童节": (6, 1), "六一": (6, 1),
    "六一节": (6, 1), "六一儿童节": (6, 1), "618": (6, 18), "六一八": (6, 18), "教师节": (9, 10), "国庆": (10, 1),
    "国庆节": (10, 1), "十一国庆": (10, 1), "十一国庆节": (10, 1), "双十一": (11, 11), "双11": (11, 11),
    "双十二": (12, 12), "双12": (12, 12), "平安夜": (12, 24), "圣诞": (12, 25), "圣诞节": (12, 25),
}  # fmt: skip
_NAMES = "|".join(sorted(_FEASTS, key=len, reverse=True))
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1}
_FEAST = compiled.pattern(
    rf"(?:(?:(?P<y>{'|'.join(_YEARS)})|(?P<year>[0-9]{{4}}|[0-9]{{2}}|[{CN}]{{4}})年)的?)?(?P<feast>{_NAMES})(?:那天|当天)?"
    rf"(?!{NUMBER}|期间|假期|那几|前几|后几|这几|[元块个件路广斤号街折.])"
)
_FULL = compiled.pattern(
    r"(?P<y>20[0-9]{2})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})[日号]?(?![0-9a-z]|[-/.:][0-9])"
    r"|(?P<y2>20[0-9]{2})(?P<m2>[0-9]{2})(?P<d2>[0-9]{2})(?![0-9a-z]|[-/.:][0-9])"
    r"|(?P<y3>[0-9]{2})(?P<sep3>[-/.])(?P<m3>[0-9]{1,2})(?P=sep3)(?P<d3>[0-9]{1,2})(?![0-9a-z]|[-/.:][0-9])"
)
_NOT_CLOCK = rf"(?!{NUMBER}|[点时:.%]|个|分)"
_MONTH_DAY = compiled.pattern(
    rf"(?:(?:(?P<y>[0-9]{{4}}|[0-9]{{2}}|[{CN}]{{4}}|[{CN}]{{2}})年|(?P<rel>{'|'.join(_YEARS)})的?) ?)?"
    rf"(?P<m>{SMALL})月(?:份的?)?(?:(?P<d>{SMALL})(?:日|号|{_NOT_CLOCK})|(?P<edge>初(?![一二三四五六七八九十])|底|末|中旬?(?!午)))"
)
_OF_MONTH = compiled.pattern(
    rf"(?P<rel>上上个?月|上个?月|这个?月|本月|下个?月|当月)?的?(?:(?P<d>{SMALL})[号日]|(?P<edge>月初|月底|月末|月中旬?|初|底|末|中旬?))"
)
_FIGURES = compiled.pattern(
    r"(?P<m>[0-9]{1,2})(?P<sep>[./-])(?P<d>[0-9]{1,2})(?P<mark>[日号])?(?![0-9a-z%:]|[-/.][0-9])"
)
_WEEKDAY = compiled.pattern(rf"(?P<rel>上上|上|这|本|下下|下)?(?P<ge>个)?{_WEEK}(?P<w>[一二三四五六日天1-7]){_ALONE}")
_MONTHS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1}
_HOUSES = compiled.pattern(r"[楼栋院店仓库线门铺单机房桌柜馆厅路车床码球铁链箱款色键文字粉]")


def match_day(text: str, start: int, today: date, expect: Expect) -> Day | None:
    """The day that begins exactly at ``start``, with a weekday beside it when one is written (11月20日 周五).

    A weekday that contradicts its date leaves no day at all, so that it is asked about.
    """
    for reader in (_full, _month_day, _feast, _word, _weekday, _of_month, _figures):
        day = reader(text, start, today, expect)
        if day is not None:
            break
    else:
        return None
    if reader is _weekday:
        return day
    beside = _BESIDE.match(text, day.end)
    if not beside:
        return day
    days = tuple(d for d in day.days if d.weekday() == _WEEKDAYS[beside["w"]])
    return Day(beside.end(), days, spoken=day.spoken, dated=day.dated, figures=day.figures)


def _date(year: int, month: int, day: int) -> _Days:
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()


def _nearest(options: Iterator[_Days], today: date, expect: Expect) -> _Days:
    """Past: the latest that is not ahead. Future: the next that is not gone. Left: the nearest of all."""
    days = sorted({day for found in options for day in found})
    if expect == "past":
        return tuple(day for day in days if day <= today)[-1:]
    if expect == "future":
        return tuple(day for day in days if day >= today)[:1]
    return tuple(sorted(days, key=lambda day: abs(day - today)))[:1]


def _yearly(month: int, day: int, today: date, expect: Expect) -> _Days:
    return _nearest((_date(today.year + n, month, day) for n in range(-4, 5)), today, expect)


def _edge_day(edge: str) -> int:
    return {"初": 1, "中": 15}.get(edge.removeprefix("月")[:1], 0)


def _in_month(today: date, shift: int, day: int) -> _Days:
    """Day ``day`` (0: the last) of the month that lies ``shift`` months away."""
    months = today.year * 12 + today.month - 1 + shift
    if day:
        return _date(months // 12, months % 12 + 1, day)
    return (date((months + 1) // 12, (months + 1) % 12 + 1, 1) - timedelta(days=1),)


def _full(text: str, start: int, today: date, expect: Expect) -> Day | None:
    found = _FULL.match(text, start)
    if not found:
        return None
    if found["y3"]:
        year = 2000 + int(found["y3"])
        if abs(year - today.year) > 1:
            return None
        return Day(found.end(), _date(year, int(found["m3"]), int(found["d3"])), weak=True)
    year, month, day = (int(found[a] or found[b]) for a, b in (("y", "y2"), ("m", "m2"), ("d", "d2")))
    return Day(found.end(), _date(year, month, day), dated=True)


def _month_day(text: str, start: int, today: date, expect: Expect) -> Day | None:
    found = _MONTH_DAY.match(text, start)
    if not found:
        return None
    month, day = numeral(found["m"]), numeral(found["d"]) if found["d"] else _edge_day(found["edge"])
    year = year_number(found["y"]) if found["y"] else None
    if found["rel"]:
        year = today.year + _YEARS[found["rel"]]
    if month is None or day is None or not 1 <= month <= 12 or (found["y"] and year is None):
        return Day(found.end(), ())
    if found["d"]:
        days = _date(year, month, day) if year else _yearly(month, day, today, expect)
        return Day(found.end(), days, dated=found["y"] is not None, figures=True)
    years = [year] if year else [today.year + n for n in (-1, 0, 1)]
    options = (_in_month(date(y, month, 1), 0, day) for y in years if 1 <= y < 9999)
    return Day(found.end(), next(options, ()) if year else _nearest(options, today, expect))


def _feast(text: str, start: int, today: date, expect: Expect) -> Day | None:
    found = _FEAST.match(text, start)
    if not found or (found["feast"] in ("五一", "六一", "六一八") and start and text[start - 1] in CN):
        return None
    month, day = _FEASTS[found["feast"]]
    if found["y"] or found["year"]:
        year = year_number(found["year"]) if found["year"] else today.year + _YEARS[found["y"]]
        return Day(found.end(), _date(year or 0, month, day))
    return Day(found.end(), _yearly(month, day, today, expect), weak=found["feast"].isdecimal())


def _word(text: str, start: int, today: date, expect: Expect) -> Day | None:
    found = _WORD.match(text, start)
    if not found:
        return None
    stem = found[0].replace("个儿", "天").replace("儿个", "天")
    shift = _WORDS[stem] if stem in _WORDS else {"前": -2, "后": 2}[stem]
    return Day(found.end(), (today + timedelta(days=shift),), spoken=True)


def _weekday(text: str, start: int, today: date, expect: Expect) -> Day | None:
    found = _WEEKDAY.match(text, start)
    if not found or (start and text[start - 1] in f"每第上下0123456789{CN}"):
        return None
    named = today - timedelta(days=today.weekday()) + timedelta(days=_WEEKDAYS[found["w"]])
    if found["rel"]:
        weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(found["rel"], 0)
        return Day(found.end(), (named + timedelta(weeks=weeks),))
    if found["ge"]:
        return None
    week = timedelta(weeks=1)
    if expect == "past":
        latest = named if named <= today else named - week
        return Day(found.end(), (latest, latest - week))
    soonest = named if named >= today else named + week
    return Day(found.end(), (soonest, soonest + week))


def _of_month(text: str, start: int, today: date, expect: Expect) -> Day | None:
    found = _OF_MONTH.match(text, start)
    if not found or (start and text[start - 1] in "每第"):
        return None
    if found["d"]:
        if _HOUSES.match(text, found.end()) or text.startswith(("内", "以内", "之内"), found.end()):
            return None
        day = numeral(found["d"])
        if day is None or not 1 <= day <= 31:
            return None
    elif not found["edge"].startswith("月") and not found["rel"]:
        return None
    else:
        day = _edge_day(found["edge"])
    if found["rel"]:
        return Day(found.end(), _in_month(today, _MONTHS[found["rel"].removesuffix("月").removesuffix("个")], day))
    options = (_in_month(today, shift, day) for shift in (-3, -2, -1, 0, 1, 2, 3))
    return Day(found.end(), _nearest(options, today, expect))


def _figures(text: str, start: int, today: date, expect: Expect) -> Day | None:
    found = _FIGURES.match(text, start)
    if not found or (found["sep"] == "-" and found["mark"]):
        return None
    days = _yearly(int(found["m"]), int(found["d"]), today, expect) if 1 <= int(found["m"]) <= 12 else ()
    return Day(found.end(), days, weak=not found["mark"], figures=True)
