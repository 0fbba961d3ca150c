"""One thing that a person did -> one decision, one commit, one answer."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

from bot.conversation.decide import decide, stranger
from bot.conversation.transcript import transcript_rows
from bot.conversation.turn import Knowledge, Turn
from bot.domain.model import Dossier, Json, Preferences
from bot.messages import Answer, Incoming, Reply, Screen
from bot.ports import ConflictError, Step, Store
from bot.telemetry import get_logger, person_tag

log = get_logger("engine")

CONFLICTS = 3
"""So often a decision is taken anew because of what was saved meanwhile; each new try finds less time for another."""


class Engine:
    """The conversation, as channels call it. ``changed`` is called after a commit that changed the plan of reminders,
    with the moment of the person's soonest one, or None if all have to be looked at (it wakes the reminder loop).

    ``work_changed`` is called when slow work was asked for or called off, or files are not needed any more.
    ``transcripts`` names the channels whose messages are kept: what was said and answered there is in the commit.
    """

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        clock: Callable[[], datetime],
        preferences: Preferences,
        changed: Callable[[datetime | None], None] = lambda _: None,
        transcripts: frozenset[str] = frozenset(),
        work_changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._outcomes: dict[tuple[str, str], int] | None = None
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
        self._changed(None)

    async def _handle(self, incoming: Incoming) -> Answer:
        for _ in range(CONFLICTS):
            try:
                return await self._once(incoming)
            except ConflictError:
                # A reminder of the person was claimed or settled in between; once more from what is stored now.
                continue
        return await self._once(incoming)

    async def _once(self, incoming: Incoming) -> Answer:
        now = self._clock()
        knowledge = await self._known()
        if incoming.kind == "job":
            return await self._outcome(knowledge, incoming, now)
        recalled = await self._store.recall(incoming.person, incoming.id)
        before, new = recalled.dossier, not recalled.seen
        dossier = before or stranger(incoming.person, now, self._preferences)
        decision = decide(knowledge, dossier, incoming, now, repeated=not new)
        after = decision.dossier
        await self._store.commit(
            Step(
                incoming.person,
                now,
                before,
                None if decision.forget else after,
                incoming.id if new else "",
                self._said(incoming, decision.answer) if new else (),
                decision.misses,
                decision.outcomes,
            )
        )
        self._count(decision.outcomes)
        self._wake(dossier, after)
        if decision.forget or after.jobs != dossier.jobs or after.dropped or len(after.cases) < len(dossier.cases):
            self._work_changed()
        return decision.answer

    async def _known(self) -> Knowledge:
        """What the bot knows, with how cases ended: read once, then counted along (the database has one process)."""
        if self._outcomes is None:
            stored = dict(await self._store.outcomes())
            # Two people's first messages may wait here together: the first one's counts go on.
            if self._outcomes is None:
                self._outcomes = stored
                self._knowledge = replace(self._knowledge, outcomes=stored)
        return self._knowledge

    def _count(self, changes: Mapping[tuple[str, str], int]) -> None:
        for ending, by in changes.items():
            if self._outcomes is not None:
                self._outcomes[ending] = max(0, self._outcomes.get(ending, 0) + by)

    async def _outcome(self, knowledge: Knowledge, incoming: Incoming, now: datetime) -> Answer:
        """Decide upon what slow work brought, once: the job goes with the same commit. If it was called off, or its
        person is not known any more, nothing happens."""
        before = (await self._store.recall(incoming.person)).dossier
        if before is None or all(job.id != incoming.result["id"] for job in before.jobs):
            return Answer()
        decision = decide(knowledge, before, incoming, now)
        said = self._said(incoming, decision.answer)
        await self._store.commit(Step(incoming.person, now, before, decision.dossier, said=said))
        self._wake(before, decision.dossier)
        self._work_changed()
        return decision.answer

    def _said(self, incoming: Incoming, answer: Answer) -> Sequence[Json]:
        """What is added to the transcript, if the channel keeps one."""
        return transcript_rows(incoming, answer) if incoming.person.partition(":")[0] in self._transcripts else ()

    def _wake(self, before: Dossier, after: Dossier) -> None:
        """To look for due reminders costs a write, so a step that plans none must not cause it."""
        if before.person.reachable != after.person.reachable:
            self._changed(None)
        elif before.reminders != after.reminders:
            planned = [row.due for row in after.reminders if row.state == "planned"]
            if planned:
                self._changed(min(planned))

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
