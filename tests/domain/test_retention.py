"""Nothing goes that was not announced a week before, nor anything that was used since."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.retention import WARNED_BEFORE, Lapse, Warned, judge

SINCE = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
DAYS = 30


def day(number: float) -> datetime:
    return SINCE + timedelta(days=number)


@pytest.mark.parametrize(
    ("now", "keep", "warned", "expected"),
    [
        (0, None, None, Lapse("rest", day(23))),
        (22.9, None, None, Lapse("rest", day(23))),
        (23, None, None, Lapse("warn", day(30))),
        (400, None, None, Lapse("warn", day(407))),
        (29, None, Warned(SINCE, day(30)), Lapse("rest", day(30))),
        (30, None, Warned(SINCE, day(30)), Lapse("delete", day(30))),
        (30, None, Warned(day(-1), day(29)), Lapse("warn", day(37))),
        (30, 120, Warned(SINCE, day(30)), Lapse("rest", day(113))),
        (113, 120, Warned(SINCE, day(30)), Lapse("warn", day(120))),
        (120, 120, Warned(SINCE, day(120)), Lapse("delete", day(120))),
        (25, 10, None, Lapse("warn", day(32))),
    ],
)
def test_when_it_is_announced_and_when_it_goes(
    now: float, keep: float | None, warned: Warned | None, expected: Lapse
) -> None:
    assert judge(SINCE, DAYS, None if keep is None else day(keep), warned, day(now)) == expected


@given(
    days=st.integers(14, 3650),
    looks=st.lists(st.floats(0, 4000), min_size=1, max_size=40),
    used=st.floats(0, 4000),
)
def test_whenever_it_is_looked_at_it_never_goes_unannounced(days: int, looks: list[float], used: float) -> None:
    warned: Warned | None = None
    told = SINCE
    for now in map(day, sorted(looks)):
        since = day(used) if now >= day(used) else SINCE
        lapse = judge(since, days, None, warned, now)
        if lapse.verdict == "warn":
            warned, told = Warned(since, lapse.at), now
        if lapse.verdict == "delete":
            assert warned is not None
            assert (warned.since, now - told >= WARNED_BEFORE, now - since >= timedelta(days=days)) == (
                since,
                True,
                True,
            )
            return
