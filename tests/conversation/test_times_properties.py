"""What is written out in any usual style is read back; what is not a time never breaks the reader."""

from datetime import UTC, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.understand.numerals import fold, numeral
from bot.conversation.understand.times import Ambiguous, Left, Moment, find_times, read_time

ZONES = [ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), UTC]
SAID = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HALF_DAYS = [(5, "凌晨"), (9, "早上"), (12, "上午"), (18, "下午"), (24, "晚上")]
CN = "零一二三四五六七八九"
MINUTES = st.integers(min_value=5, max_value=300 * 24 * 60)
PIECES = [
    "昨天", "晚上", "8点", "三", "十", "半", ":", "-", ".", "/", "还剩", "天", "小时", "11", "月", "20", "号",
    "差", "刻", "上", "周", "个", "前", "内", "零", "双十一", "年", "pm", "多", "不是", "刚", "(", "左右",
    " ", "\n", "1111111111111111",
]  # fmt: skip
JUMBLE = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, CN[tens] + "十")
    return head + (CN[ones] if ones or not tens else "")


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def spoken_half_day(at: datetime) -> str:
    name = next(name for until, name in HALF_DAYS if at.hour < until)
    hour = at.hour if at.hour <= 12 else at.hour - 12
    return f"{name}{hour}点{at.minute:02}分"


STYLES = {
    "iso": lambda at: f"{at:%Y-%m-%d %H:%M}",
    "slashes": lambda at: f"{at:%Y/%m/%d %H:%M}",
    "full width": lambda at: wide(f"{at:%Y-%m-%d %H:%M}"),
    "characters": lambda at: f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
    "half day": lambda at: f"{at.year}年{at.month}月{at.day}号{spoken_half_day(at)}",
    "two digits": lambda at: f"{at:%y}年{at.month}月{at.day}日{at.hour + 0:02}:{at:%M}",
    "compact": lambda at: f"{at:%Y%m%d %H:%M}",
    "spaced": lambda at: f"{at.year} 年 {at.month} 月 {at.day} 日 {at:%H:%M:%S}",
    "no year": lambda at: f"{at.month}月{at.day}日{at:%H:%M}",
    "no year, figures": lambda at: f"{at.month}.{at.day} {at:%H:%M}",
    "in a sentence": lambda at: f"订单261118-123456789012345在{at.month}月{at.day}日{at:%H:%M}付了39.90元",
    "numerals": lambda at: "".join(CN[int(d)] for d in str(at.year)) + f"年{chinese(at.month)}月{chinese(at.day)}日"
    + ("凌晨零" if at.hour == 0 else spoken_half_day(at)[:2] + chinese(at.hour if at.hour <= 12 else at.hour - 12))
    + (f"点{chinese(at.minute)}分" if at.minute else "点"),
}  # fmt: skip

LENGTHS = {
    "app": lambda d, h, m, s: f"还剩{d}天{h}小时{m}分{s}秒",
    "spaced": lambda d, h, m, s: f"剩余 {d} 天 {h} 小时 {m} 分钟 {s} 秒",
    "clock": lambda d, h, m, s: f"{d * 24 + h}:{m:02}:{s:02}",
    "days and clock": lambda d, h, m, s: f"{d}天{h:02}:{m:02}:{s:02}",
    "Latin": lambda d, h, m, s: f"{d}d{h}h{m}m{s}s",
    "full width": lambda d, h, m, s: wide(f"{d}天{h}小时{m}分{s}秒"),
    "numerals": lambda d, h, m, s: f"还有{chinese(d)}天零{chinese(h)}个小时{chinese(m)}分{chinese(s)}秒",
    "sentence": lambda d, h, m, s: f"页面写着还剩{d}天{h}小时{m}分{s}秒,怎么办",
}


@given(ago=MINUTES, zone=st.sampled_from(ZONES), style=st.sampled_from(sorted(STYLES)))
@settings(max_examples=400, deadline=None)
def test_a_past_moment_written_out_is_read_back(ago: int, zone: ZoneInfo, style: str) -> None:
    local = (SAID - timedelta(minutes=ago)).astimezone(zone)
    text = STYLES[style](local)
    # The hour that a change of clocks repeats cannot be told apart in writing; the first one is meant.
    assert read_time(text, said=SAID, zone=zone, expect="past") == Moment(local.replace(fold=0)), text


@given(ago=st.integers(0, 300), style=st.sampled_from(["%Y-%m-%d", "%m/%d", "%m月%d日", "%m-%d", "%m.%d"]))
@settings(max_examples=150, deadline=None)
def test_a_past_day_written_out_is_read_back(ago: int, style: str) -> None:
    zone = ZONES[0]
    day = (SAID.astimezone(zone) - timedelta(days=ago)).replace(hour=0)
    assert read_time(f"{day:{style}}", said=SAID, zone=zone, expect="past") == Moment(day, "day")


@given(days=st.integers(1, 60), style=st.sampled_from(["{}天前", "{} 天以前", "{}天之前"]), spoken=st.booleans())
@settings(max_examples=80, deadline=None)
def test_days_ago_are_counted_on_the_calendar(days: int, style: str, spoken: bool) -> None:
    zone = ZONES[2]
    text = style.format(chinese(days) if spoken else days)
    day = (SAID.astimezone(zone) - timedelta(days=days)).replace(hour=0)
    assert read_time(text, said=SAID, zone=zone, expect="past") == Moment(day, "day"), text


@given(
    d=st.integers(1, 40), h=st.integers(0, 23), m=st.integers(0, 59), s=st.integers(0, 59),
    style=st.sampled_from(sorted(LENGTHS)),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_a_countdown_written_out_is_read_back(d: int, h: int, m: int, s: int, style: str) -> None:
    text = LENGTHS[style](d, h, m, s)
    expected = Left(timedelta(days=d, hours=h, minutes=m, seconds=s))
    assert read_time(text, said=SAID, zone=ZONES[0], expect="left") == expected, text


@given(text=st.one_of(st.text(max_size=80), JUMBLE), expect=st.sampled_from(["past", "future", "left"]))
@settings(max_examples=600, deadline=None)
def test_no_text_breaks_the_reader(text: str, expect: str) -> None:
    reading = read_time(text, said=SAID, zone=ZONES[1], expect=expect)  # type: ignore[arg-type]
    assert reading is None or isinstance(reading, Moment | Left | Ambiguous)
    if isinstance(reading, Moment):
        assert SAID - timedelta(days=1100) <= reading.at <= SAID + timedelta(days=367)
    if isinstance(reading, Ambiguous):
        assert len(set(reading.options)) >= 2
    ends = [0] + [edge for span, _ in find_times(text, SAID, ZONES[1]) for edge in span]
    assert ends == sorted(ends)
    assert ends[-1] <= len(text)


@given(piece=st.one_of(JUMBLE.filter(bool), st.sampled_from(PIECES)))
@settings(max_examples=12, deadline=None)
def test_long_text_is_read_in_bounded_time(piece: str) -> None:
    text = (piece * (10_000 // len(piece) + 1))[:10_000]
    began = perf_counter()
    read_time(text, said=SAID, zone=ZONES[0], expect="past")
    assert perf_counter() - began < 3


@given(st.integers(0, 999))
def test_plain_numerals_mean_what_they_say(number: int) -> None:
    assert numeral(str(number)) == number
    if number < 100:
        assert numeral(chinese(number)) == number


@given(st.text(max_size=60))
def test_folding_keeps_the_way_back_to_the_source(text: str) -> None:
    folded = fold(text)
    assert len(folded.origin) == len(folded.text)
    assert list(folded.origin) == sorted(folded.origin)
    assert all(0 <= index < len(text) for index in folded.origin)


@given(st.integers(0, 10**8), st.sampled_from(["minute", "hour", "day"]))
def test_a_moment_survives_storage(seconds: int, precision: str) -> None:
    moment = Moment(SAID + timedelta(seconds=seconds), precision)  # type: ignore[arg-type]
    assert Moment.from_json(moment.to_json()) == moment
    assert moment.earliest() <= moment.latest(ZONES[2])
