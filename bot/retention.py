"""Deletes what has lain idle for RETENTION_DAYS: cases that ended, persons who do not come any more, old transcripts.

Guarantee. Nothing goes that was not announced ``retention.WARNED_BEFORE`` ahead, except to somebody who cannot be
written to any more, and nothing that was used since. An announcement is recorded once it was sent, so a crash in
between may send it twice. What is decided is decided and deleted in one transaction; the last message after it is
best effort.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.conversation import retention
from bot.conversation.retention import Idle, examine
from bot.conversation.turn import Knowledge, Turn
from bot.messages import Rejected, Retry, Screen, Unreachable
from bot.ports import Channel, Store
from bot.telemetry import get_logger, person_tag

EVERY = timedelta(hours=1)
BATCH = 25
"""Persons that are looked at in one round; when there are more, the next round follows at once."""
LATER = timedelta(minutes=30)
"""When an announcement that could not be sent is tried again."""
NO_CHANNEL = timedelta(days=1)
"""When somebody is looked at again whose channel is not running: nobody is deleted without having been told."""

log = get_logger("retention")


class _Found(NamedTuple):
    idle: Idle
    screen: Screen | None
    reachable: bool


class Retention:
    """``tick`` does what is due, at most once in ``EVERY``. ``days`` 0: nothing ever."""

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        channels: Mapping[str, Channel],
        days: int,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._knowledge, self._channels, self._days = store, knowledge, channels, days
        self._changed = changed
        self._next: datetime | None = None

    async def tick(self, now: datetime) -> None:
        """Look at whoever is due. ``changed`` is called if files may not be needed any more."""
        if not self._days or (self._next is not None and now < self._next <= now + EVERY):
            return
        if self._next is None:
            # Other days may have been set when the bot last ran.
            await self._store.retain(self._days)
        await self._store.prune_transcript(now - timedelta(days=self._days))
        people: Sequence[str] = await self._store.idle(now, BATCH)
        for person in people:
            await self._look_at(person, now)
        self._next = now if len(people) == BATCH else now + EVERY

    async def _look_at(self, person: str, now: datetime) -> None:
        found = await self._decide(person, now)
        if found is None:
            return
        idle, screen, reachable = found
        if idle.everything or idle.cases:
            log.info("deleted_idle", person=person_tag(person), cases=len(idle.cases), everything=idle.everything)
            self._changed()
            if screen is not None and reachable:
                await self._send(person, screen)
        elif screen is not None:
            await self._announce(person, idle, screen, reachable, now)

    async def _decide(self, person: str, now: datetime) -> _Found | None:
        async with self._store.transaction() as transaction:
            before = await transaction.load(person)
            if before is None:
                return None
            use = await transaction.use(person)
            turn = Turn(self._knowledge, before, None, now)
            idle = examine(turn, use.active, use.warned, self._days)
            reachable = turn.person.reachable
            if idle.everything:
                screen = retention.gone(turn, idle)
                await transaction.forget(person)
                return _Found(idle, screen, reachable)
            if idle.cases:
                screen = retention.gone(turn, idle)
                for case in idle.cases:
                    turn.delete_case(case)
                await transaction.save(before, turn.result())
                # What is to be announced of the others follows in the next round.
                await transaction.look(person, now)
                return _Found(idle, screen, reachable)
            if idle.warn:
                return _Found(idle, retention.warning(turn, idle), reachable)
            await transaction.look(person, idle.look)
            return None

    async def _announce(self, person: str, idle: Idle, screen: Screen, reachable: bool, now: datetime) -> None:
        """Who has blocked the bot cannot be told; their time runs all the same."""
        name = person.partition(":")[0]
        if reachable and name not in self._channels:
            await self._look_later(person, now + NO_CHANNEL)
            return
        delivery = await self._send(person, screen) if reachable else None
        match delivery:
            case Retry(after=after):
                await self._look_later(person, now + max(after, LATER))
                return
            case Rejected(why=why):
                log.error("warning_rejected", person=person_tag(person), why=why)
                await self._look_later(person, now + NO_CHANNEL)
                return
            case Unreachable():
                await self._store.set_reachable(person, False)
        async with self._store.transaction() as transaction:
            await transaction.look(person, idle.look, idle.warn)

    async def _look_later(self, person: str, at: datetime) -> None:
        async with self._store.transaction() as transaction:
            await transaction.look(person, at)

    async def _send(self, person: str, screen: Screen) -> object:
        name, _, address = person.partition(":")
        channel = self._channels.get(name)
        return await channel.send(address, screen) if channel is not None else None
