"""When something that lies idle is deleted: never before it was announced, never while it is used (our choice)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

WARNED_BEFORE = timedelta(days=7)
"""So long before it goes, it is announced; also if it was noticed late."""
LONGER = timedelta(days=90)
"""多留90天"""


@dataclass(frozen=True, slots=True)
class Warned:
    """That it was announced, and that it was never to go before ``ends``."""

    since: datetime
    """From when the time was counted; if that has moved since, nothing was announced."""
    ends: datetime


@dataclass(frozen=True, slots=True)
class Lapse:
    """What is to be done now. ``at``: rest - when to look again; warn - from when on it will be deleted."""

    verdict: Literal["rest", "warn", "delete"]
    at: datetime


def judge(since: datetime, days: int, keep: datetime | None, warned: Warned | None, now: datetime) -> Lapse:
    """``since``: the last use; ``days``: how long it may lie idle; ``keep``: not before, whatever was said earlier."""
    end = since + timedelta(days=days)
    if keep is not None and keep > end:
        end = keep
    if warned is not None and warned.since == since and end <= warned.ends:
        return Lapse("delete" if warned.ends <= now else "rest", warned.ends)
    if now >= end - WARNED_BEFORE:
        return Lapse("warn", max(end, now + WARNED_BEFORE))
    return Lapse("rest", end - WARNED_BEFORE)
