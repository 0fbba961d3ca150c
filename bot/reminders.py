"""The durable loop that sends reminders when they are due.

Guarantee. A reminder is a row. It is claimed under a lease, checked once more against the facts, sent, and only then
settled. So a reminder is never lost: a process that dies in between leaves a row that is claimed again. It may come
twice, but only those whose sending had begun and was not settled when the process died (at most ``PARALLEL``). A
reminder whose step no longer matters is dropped, one that could not be sent for ``plan.TOO_LATE`` is only shown.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.conversation.reminding import reminder_screen
from bot.conversation.turn import Knowledge
from bot.messages import Delivery, Rejected, Retry, Screen, Sent, Unreachable
from bot.ports import Channel, Due, Store
from bot.telemetry import get_logger, person_tag

PARALLEL = 16
"""Reminders being sent at the same time; also the most that a crash can double."""
LEASE = timedelta(minutes=5)
"""Longer than any send may take; after it a claimed row is free again."""
LONGEST_SLEEP = timedelta(seconds=60)
"""The clock may jump and rows may come from elsewhere: the table is looked at this often whatever happens."""
NO_CHANNEL = timedelta(minutes=10)
"""When a reminder for a channel that is not running comes up again."""
JUMP = timedelta(minutes=2)
"""By so much the clock and the time that passed must differ for the clock to have been set, or the machine asleep."""
BACKOFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
"""Least waits after failed attempts; the last one repeats."""

log = get_logger("reminders")


class Reminders:
    """``tick`` does all the work; ``run`` sleeps between ticks until something is due, ``wake`` or ``stop``."""

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
        on_jump: Callable[[timedelta], None] = lambda _: None,
    ) -> None:
        """``on_jump`` is told when the clock has jumped, or the machine has slept: by how much, negative if back."""
        self._store, self._knowledge, self._channels, self._clock = store, knowledge, channels, clock
        self._on_jump = on_jump
        self._woken = asyncio.Event()
        self._stopping = False
        self._sending: set[asyncio.Task[None]] = set()
        self._failed: BaseException | None = None
        """Why one of them could not be recorded."""
        self._looked: datetime | None = None
        self._until: datetime | None = None
        """While it sleeps: when it will look by itself."""
        self._unsettled: list[tuple[int, str, datetime, datetime | None]] = []
        """Outcomes that could not be written yet: a full disk must not make a reminder come twice."""

    def wake(self, due: datetime | None = None) -> None:
        """Something may be due earlier than was thought; with ``due``, nothing before that moment."""
        if due is None or self._until is None or due < self._until:
            self._woken.set()

    def stop(self) -> None:
        """Let ``run`` end after the sends that are under way."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Until ``stop``. What failed is logged and tried again; nothing that is due is skipped."""
        passed = asyncio.get_running_loop().time
        clock, running = self._clock(), passed()
        try:
            while not self._stopping:
                self._woken.clear()
                # What the loop counts stands still while the machine sleeps, and nobody sets it.
                jump = (self._clock() - clock) - timedelta(seconds=passed() - running)
                clock, running = self._clock(), passed()
                if abs(jump) >= JUMP:
                    self._on_jump(jump)
                try:
                    due = await self._begin(self._clock())
                except Exception:
                    # The loop must outlive a full disk: the rows are still there.
                    log.exception("tick_failed")
                    due = self._clock() + BACKOFF[0]
                await self._sleep(due)
            if self._sending:
                await asyncio.wait(self._sending)
        finally:
            await self._break_off()

    async def _sleep(self, due: datetime | None) -> None:
        wait = LONGEST_SLEEP
        if due is not None:
            wait = min(wait, max(due - self._clock(), timedelta()))
        self._until = self._clock() + wait
        try:
            async with asyncio.timeout(wait.total_seconds()):
                await self._woken.wait()
        except TimeoutError:
            return
        finally:
            self._until = None

    def alive(self, now: datetime) -> bool:
        """Whether the table was looked at lately: it must be at least every ``LONGEST_SLEEP``."""
        return self._looked is not None and now - self._looked < 2 * LONGEST_SLEEP

    async def tick(self, now: datetime) -> datetime | None:
        """Send everything that is due; returns when the next reminder is due, None if none is planned."""
        try:
            while True:
                due = await self._begin(now)
                if self._sending:
                    await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
                elif self._failed is None:
                    return due
        finally:
            await self._break_off()

    async def _begin(self, now: datetime) -> datetime | None:
        """Begin to send what is due, as far as there is room; whoever ends makes room, and wakes the loop.

        Returns when to look again: None if not before one of them has ended. Raises what went wrong in one that ended.
        With nothing due this is one read: nothing is written, and it does not wait for anybody who writes.
        """
        failed, self._failed = self._failed, None
        if failed is not None:
            raise failed
        while self._unsettled:
            await self._store.settle(*self._unsettled[0])
            del self._unsettled[0]
        while not self._stopping and len(self._sending) < PARALLEL:
            # A backlog takes minutes at the pace that is allowed; what is sent last must not speak of the first moment.
            self._looked = now = max(now, self._clock())
            due = await self._store.next_due()
            if due is None or due > now:
                return due
            for one in await self._store.claim(now, LEASE, PARALLEL - len(self._sending)):
                task = asyncio.create_task(self._deliver(one, now), name="reminder")
                self._sending.add(task)
                task.add_done_callback(self._ended)
        return None

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if not task.cancelled():
            self._failed = task.exception() or self._failed
        self._woken.set()

    async def _break_off(self) -> None:
        sending = tuple(self._sending)
        for task in sending:
            task.cancel()
        if sending:
            await asyncio.wait(sending)

    async def _deliver(self, due: Due, now: datetime) -> None:
        row = due.reminder
        name, _, address = due.person.partition(":")
        channel = self._channels.get(name)
        if channel is None:
            await self._record(row.id, "planned", now, now + NO_CHANNEL)
            return
        dossier = (await self._store.recall(due.person)).dossier
        verdict = reminder_screen(self._knowledge, dossier, row.id, now) if dossier else "dropped"
        if not isinstance(verdict, Screen):
            await self._record(row.id, verdict, now)
            return
        delivery: Delivery = await channel.send(address, verdict, row.due)
        # What was sent must be known to be sent, even while the process is being stopped.
        await asyncio.shield(self._settle(due, delivery, now))

    async def _settle(self, due: Due, delivery: Delivery, now: datetime) -> None:
        row = due.reminder
        match delivery:
            case Sent():
                await self._record(row.id, "sent", now)
            case Retry(after=after):
                wait = max(after, BACKOFF[min(row.attempts, len(BACKOFF)) - 1])
                await self._record(row.id, "planned", now, self._clock() + wait)
            case Unreachable():
                await self._record(row.id, "unreachable", now)
                await self._store.set_reachable(due.person, False)
            case Rejected(why=why):
                log.error("reminder_rejected", person=person_tag(due.person), kind=row.kind, why=why)
                await self._record(row.id, "failed", now)

    async def _record(self, row: int, state: str, now: datetime, again: datetime | None = None) -> None:
        try:
            await self._store.settle(row, state, now, again)
        except Exception:
            self._unsettled.append((row, state, now, again))
            raise
