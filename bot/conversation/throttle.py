"""Whoever sends faster than anybody can is slowed down, before anything is read or written for them."""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from bot.catalog.texts import Texts
from bot.messages import TOAST_LIMIT, Answer, Incoming, Reply, Screen
from bot.ports import Handle
from bot.telemetry import get_logger, person_tag

FILE = 0.25
"""What a picture or file costs, in messages: an album of ten is one deed, and what is proof should not be lost."""
REMEMBERED = 10_000
"""Persons that are known at a time; the one that was silent longest is dropped first."""

log = get_logger("throttle")


class _Bucket(NamedTuple):
    level: float
    at: float
    told: bool
    """Whether the person was asked to slow down since the bucket was half full."""


class Throttle:
    """A ``bot.ports.Handle`` in front of another: at most ``per_minute`` messages of a person, which may come at once.

    What comes beyond that is let go without a trace. The first of it is answered with one sentence, the rest with
    nothing, until the person has calmed down. Commands are counted apart, so that /start always leads back.
    ``ticks`` are seconds of a clock that only goes forward.
    """

    def __init__(
        self, handle: Handle, texts: Texts, per_minute: int, ticks: Callable[[], float], remembered: int = REMEMBERED
    ) -> None:
        self._handle, self._texts = handle, texts
        self._burst, self._each = float(per_minute), per_minute / 60
        self._ticks, self._remembered = ticks, remembered
        self._buckets: OrderedDict[tuple[str, bool], _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    async def __call__(self, incoming: Incoming) -> Answer:
        key = incoming.person, incoming.kind == "command"
        now = self._ticks()
        known = self._buckets.get(key, _Bucket(self._burst, now, told=False))
        level = min(self._burst, known.level + (now - known.at) * self._each)
        cost = FILE if incoming.attached is not None else 1.0
        enough = level >= cost
        told = known.told and level < self._burst / 2
        self._remember(key, _Bucket(level - cost if enough else level, now, told or not enough))
        if enough:
            return await self._handle(incoming)
        if told:
            return Answer()
        log.info("person_slowed_down", person=person_tag(incoming.person))
        return self._slower(incoming)

    def _slower(self, incoming: Incoming) -> Answer:
        if incoming.kind == "press":
            return Answer(self._texts.plain("throttle.text")[:TOAST_LIMIT])
        return Answer(replies=(Reply(Screen(self._texts("throttle.text"))),))

    def _remember(self, key: tuple[str, bool], bucket: _Bucket) -> None:
        self._buckets[key] = bucket
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._remembered:
            self._buckets.popitem(last=False)
