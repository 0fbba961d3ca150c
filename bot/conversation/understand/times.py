"""What moment or time left did the person type? Read, ask back, or admit that it is unreadable; never guess.

Own grammar, because the libraries that were tried read some Chinese times silently wrong.
"""

from datetime import date, datetime, tzinfo

from bot.catalog import compiled
from bot.conversation.understand.countdown import Left
from bot.conversation.understand.days import Expect
from bot.conversation.understand.numerals import fold
from bot.conversation.understand.phrase import read_at
from bot.conversation.understand.reading import Ambiguous, Context, Found, Reading, one_of, whole
from bot.domain.moment import Moment

__all__ = ["Ambiguous", "Expect", "Left", "Moment", "Reading", "find_times", "read_time"]

_SAID_NOW = compiled.pattern(r"(?:就)?(?:现在|此刻|这会儿?|刚)")
_WAITED = compiled.pattern(r"[没未不等拖超满]|已|过[了去]|[0-9]\s*[斤元块个件]")
_NEGATED = compiled.pattern(r"不是(?:在)?$")
_NEAR = compiled.pattern(r"[ ,.的()\n]{0,2}")
_MOST_OPTIONS = 4


def read_time(text: str, *, said: datetime, zone: tzinfo, expect: Expect) -> Reading | None:
    """The time in an answer typed at ``said`` (aware) to a question for a past or future date or for the time left.

    ``expect`` only decides what is open: a clear countdown stays a ``Left`` and a clear date a ``Moment`` whichever was
    asked, and a date on the wrong side of ``said`` is returned as it stands. Two different times are ``Ambiguous``.
    None: unreadable, impossible (2月30日), or more than three years ago or one year ahead.
    Raises ValueError if ``said`` is naive.
    """
    context = _context(said, zone, expect)
    folded = fold(text).text
    found = [each for each in _scan(folded, context) if not _NEGATED.search(folded[: each.start])]
    if not found:
        now = _SAID_NOW.search(folded)
        return Moment(said) if now and whole(folded, now.start(), now.end()) else None
    if any(each.kind == "broken" for each in found):
        return None
    lefts = {each.reading for each in found if each.kind == "left"}
    if expect != "past":
        lefts |= {each.reading for each in found if each.kind == "length" and _answers(folded, each)}
    timed = _timed(folded, found, context)
    if lefts and (expect == "left" or not timed):
        return lefts.pop() if len(lefts) == 1 else None
    return _union(timed, context)


def find_times(
    text: str, said: datetime, zone: tzinfo, expect: Expect = "past"
) -> list[tuple[tuple[int, int], Reading]]:
    """All times inside a sentence or a pasted order, each with the half-open span in ``text`` where it stands.

    Order numbers, amounts, counts, telephone numbers and bare lengths (3天没发货) are no times.
    """
    context = _context(said, zone, expect)
    folded = fold(text)
    return [
        (folded.span(each.start, each.end), each.reading)
        for each in _scan(folded.text, context)
        if each.reading is not None and each.kind not in ("length", "part")
        if not _NEGATED.search(folded.text[: each.start])
    ]


def _context(said: datetime, zone: tzinfo, expect: Expect) -> Context:
    if said.utcoffset() is None:
        raise ValueError("said must be aware")
    return Context(said, zone, expect)


def _scan(text: str, context: Context) -> list[Found]:
    found: list[Found] = []
    at = 0
    while at < len(text):
        here = read_at(text, at, context)
        if here is not None and here.kind != "none":
            found.append(here)
        at = here.end if here is not None else at + 1
    return found


def _answers(text: str, found: Found) -> bool:
    """Whether a bare length is the answer itself (写的1天3小时) and not a complaint (3天没发货)."""
    rest = text[: found.start] + "|" + text[found.end :]
    return not text.startswith("了", found.end) and len(rest) <= 16 and not _WAITED.search(rest)


def _timed(text: str, found: list[Found], context: Context) -> list[Found]:
    """The moments among what was found; 下午3点,昨天 is one, and 刚 counts only where nothing better stands."""
    timed = [each for each in found if each.kind not in ("left", "length")]
    if any(each.kind != "now" for each in timed):
        timed = [each for each in timed if each.kind != "now"]
    if [each.kind for each in timed] in (["clock", "day"], ["day", "clock"]):
        clock, day = sorted(timed, key=lambda each: each.kind)
        near = _NEAR.fullmatch(text, timed[0].end, timed[1].start) is not None
        joined = near and read_at(text[day.start : day.end] + " " + text[clock.start : clock.end], 0, context)
        if joined and joined.kind == "full":
            timed = [joined]
    return timed


def _union(timed: list[Found], context: Context) -> Reading | None:
    """One reading of several: a bare day yields to an hour on it, and the wrong side of now to the right one."""
    told = [(each.kind, moment) for each in timed for moment in _options(each.reading)]
    finer = {_date(m, context) for _, m in told if m.precision != "day"}
    moments = {m for kind, m in told if kind not in ("day", "weak") or _date(m, context) not in finer}
    if len(timed) > 1:
        fitting = {m for m in moments if _fits(m, context)}
        moments = fitting or moments
    return one_of(list(moments)) if len(moments) <= _MOST_OPTIONS else None


def _options(reading: Reading | None) -> tuple[Moment, ...]:
    if isinstance(reading, Ambiguous):
        return reading.options
    return (reading,) if isinstance(reading, Moment) else ()


def _date(moment: Moment, context: Context) -> date:
    return moment.at.astimezone(context.zone).date()


def _fits(moment: Moment, context: Context) -> bool:
    today = moment.precision == "day" and _date(moment, context) == context.here.date()
    return today or context.fits(moment.at)
