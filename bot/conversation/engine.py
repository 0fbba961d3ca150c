"""One thing that a person did -> one decision, one commit, one answer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from weakref import WeakValueDictionary

from bot.conversation.decide import decide, stranger
from bot.conversation.transcript import transcript_rows
from bot.conversation.turn import Knowledge, Turn
from bot.domain.model import Preferences
from bot.messages import Answer, Incoming, Reply, Screen
from bot.ports import ConflictError, Store
from bot.telemetry import get_logger, person_tag

log = get_logger("engine")


class Engine:
    """The conversation, as channels call it. ``changed`` is called after every commit (it wakes the reminder loop).

    ``work_changed`` is called when slow work was asked for or called off, or files are not needed any more.
    ``transcripts`` names the channels whose messages are kept: what was said and answered there is in the commit.
    """

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        clock: Callable[[], datetime],
        preferences: Preferences,
        changed: Callable[[], None] = lambda: None,
        transcripts: frozenset[str] = frozenset(),
        work_changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._clock = clock
        self._preferences = preferences
        self._changed, self._work_changed = changed, work_changed
        self._transcripts = transcripts
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, incoming: Incoming) -> Answer:
        """Never raises for what a person did: the unexpected is logged here, told kindly, and nothing is half-saved."""
        async with self._alone(incoming.person):
            try:
                return await self._handle(incoming)
            except Exception:
                log.exception("decision_failed", person=person_tag(incoming.person), kind=incoming.kind)
                return self._apology()

    async def refresh(self, person: str) -> None:
        """Derive the reminders of a person's open cases again, though they did nothing (rules or settings changed)."""
        async with self._alone(person), self._store.transaction() as transaction:
            before = await transaction.load(person)
            if before is not None:
                turn = Turn(self._knowledge, before, None, self._clock())
                for case in turn.open_cases():
                    turn.touch(case)
                turn.settle()
                await transaction.save(before, turn.result())
        self._changed()

    async def _handle(self, incoming: Incoming) -> Answer:
        try:
            return await self._once(incoming)
        except ConflictError:
            # The reminder loop saved the person in between; once more from what is stored now.
            return await self._once(incoming)

    async def _once(self, incoming: Incoming) -> Answer:
        now = self._clock()
        if incoming.kind == "job":
            return await self._outcome(incoming, now)
        async with self._store.transaction() as transaction:
            first_time = await transaction.first_time(incoming.id, incoming.person, now)
            before = await transaction.load(incoming.person)
            dossier = before or stranger(incoming.person, now, self._preferences)
            decision = decide(self._knowledge, dossier, incoming, now, repeated=not first_time)
            if decision.forget:
                await transaction.forget(incoming.person)
            else:
                await transaction.save(before, decision.dossier)
                if first_time and incoming.person.partition(":")[0] in self._transcripts:
                    await transaction.append(incoming.person, transcript_rows(incoming, decision.answer), now)
            for step in decision.misses:
                await transaction.count_miss(step)
        self._changed()
        after = decision.dossier
        if decision.forget or after.jobs != dossier.jobs or after.dropped or len(after.cases) < len(dossier.cases):
            self._work_changed()
        return decision.answer

    async def _outcome(self, incoming: Incoming, now: datetime) -> Answer:
        """Decide upon what slow work brought, once: the job goes with the same commit. If it was called off, or its
        person is not known any more, nothing happens."""
        async with self._store.transaction() as transaction:
            before = await transaction.load(incoming.person)
            if before is None or all(job.id != incoming.result["id"] for job in before.jobs):
                return Answer()
            decision = decide(self._knowledge, before, incoming, now)
            await transaction.save(before, decision.dossier)
            if incoming.person.partition(":")[0] in self._transcripts:
                await transaction.append(incoming.person, transcript_rows(incoming, decision.answer), now)
        self._changed()
        self._work_changed()
        return decision.answer

    def _apology(self) -> Answer:
        texts = self._knowledge.catalog.texts
        return Answer(toast=texts.plain("error.toast"), replies=(Reply(Screen(texts("error.text"))),))

    @asynccontextmanager
    async def _alone(self, person: str) -> AsyncIterator[None]:
        # Two taps at once are decided one after the other, so that the second sees what the first did.
        lock = self._locks.get(person)
        if lock is None:
            lock = self._locks[person] = asyncio.Lock()
        async with lock:
            yield
