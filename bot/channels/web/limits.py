"""Who asks too often: token buckets by key, few things at a time, and waits that grow with every wrong password. Memory
is bounded."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.channels.web.settings import Rate

REMEMBERED = 10_000
"""Keys that are known at a time; the one that was idle longest is dropped first."""
FORGIVEN = 3600
"""Seconds after which wrong passwords no longer count."""

Ticks = Callable[[], float]
"""Seconds of a clock that only goes forward."""


class Buckets:
    """A token bucket for every key. A key that is not known has a full one, so full ones are not kept."""

    def __init__(self, rate: Rate, ticks: Ticks, remembered: int = REMEMBERED) -> None:
        self._rate, self._ticks, self._remembered = rate, ticks, remembered
        self._level: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._level)

    def take(self, key: str) -> float:
        """Take one. Returns 0, or how many seconds too early it is (then nothing is taken)."""
        now = self._ticks()
        self._forget_full(now)
        level = self._now(key, now)
        if level < 1:
            return (1 - level) / self._rate.each
        self._level[key] = (level - 1, now)
        self._level.move_to_end(key)
        if len(self._level) > self._remembered:
            self._level.popitem(last=False)
        return 0

    def _now(self, key: str, now: float) -> float:
        level, at = self._level.get(key, (self._rate.burst, now))
        return min(self._rate.burst, level + (now - at) * self._rate.each)

    def _forget_full(self, now: float) -> None:
        # The front was used longest ago; two a call shrink faster than one a call can grow.
        for _ in range(2):
            first = next(iter(self._level), None)
            if first is None or self._now(first, now) < self._rate.burst:
                return
            del self._level[first]


class Slots:
    """So many things at a time, for one key and altogether."""

    def __init__(self, each: int, together: int) -> None:
        self._each, self._together = each, together
        self._taken: dict[str, int] = {}

    def __len__(self) -> int:
        return sum(self._taken.values())

    @contextmanager
    def take(self, key: str) -> Iterator[bool]:
        """Inside the block one is taken; False, without effect, if none is free."""
        mine = self._taken.get(key, 0)
        if mine >= self._each or len(self) >= self._together:
            yield False
            return
        self._taken[key] = mine + 1
        try:
            yield True
        finally:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]


class Guesses:
    """Wrong passwords by address. While an address has to wait its guesses are not even looked at, so asking in
    parallel gains nothing, and nobody else waits with it."""

    def __init__(self, free: int, longest: float, ticks: Ticks, remembered: int = REMEMBERED) -> None:
        self._free, self._longest, self._ticks, self._remembered = free, longest, ticks, remembered
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds until the address may guess again; 0 if now."""
        count, at = self._wrong.get(address, (0, 0.0))
        if count < self._free:
            return 0
        return max(0.0, at + min(self._longest, 2.0 ** min(count - self._free, 30)) - self._ticks())

    def wrong(self, address: str) -> None:
        """One more wrong password."""
        now = self._ticks()
        count, at = self._wrong.get(address, (0, now))
        self._wrong[address] = (1 if now - at > FORGIVEN else count + 1, now)
        self._wrong.move_to_end(address)
        if len(self._wrong) > self._remembered:
            self._wrong.popitem(last=False)

    def right(self, address: str) -> None:
        """The password was known; earlier mistakes are forgotten."""
        self._wrong.pop(address, None)
