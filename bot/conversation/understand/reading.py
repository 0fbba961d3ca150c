"""What came out of reading a text, for whom and when it was said."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from bot.catalog import compiled
from bot.conversation.understand.countdown import Left
from bot.conversation.understand.days import Expect
from bot.domain.moment import Moment


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several moments fit and only the person can say which: 八点 (morning or evening)."""

    options: tuple[Moment, ...]


Reading = Moment | Left | Ambiguous

Kind = Literal["day", "clock", "full", "span", "left", "length", "now", "weak", "part", "broken", "none"]
"""``length``: a bare length (3天). ``weak``: figures like 11.20. ``broken``: certainly meant as a time but unreadable.
``none``: looks like a time and is none (3天没发货), passed over."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of the folded text and what it says."""

    start: int
    end: int
    kind: Kind
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks what, when and where."""

    said: datetime
    zone: tzinfo
    expect: Expect

    @property
    def here(self) -> datetime:
        return self.said.astimezone(self.zone)

    def fits(self, at: datetime) -> bool:
        """Whether an instant lies on the side that was asked about; clocks may differ by two minutes."""
        slack = timedelta(minutes=2)
        return at <= self.said + slack if self.expect == "past" else at >= self.said - slack

    def plausible(self, at: datetime) -> bool:
        return self.said - timedelta(days=1096) <= at <= self.said + timedelta(days=366)


_EMPTY = compiled.pattern(
    r"(?:[\s,.!?;:~。!?;:…()]|就|是|在|大概|大约|吧|了|的|呢|啊|呀|哦|嗯|应该|好像|可能|这|那|天)*"
)


def whole(text: str, start: int, end: int) -> bool:
    """Whether nothing but filler stands around a stretch."""
    return _EMPTY.fullmatch(text, 0, start) is not None and _EMPTY.fullmatch(text, end) is not None


def broken(start: int, end: int) -> Found:
    """A stretch that was meant as a time and cannot be read."""
    return Found(start, end, "broken", None)


def one_of(moments: list[Moment]) -> Moment | Ambiguous | None:
    """One moment as itself, several as a question, none as None."""
    options = tuple(sorted(set(moments), key=lambda moment: (moment.at, moment.precision)))
    return options[0] if len(options) == 1 else Ambiguous(options) if options else None
