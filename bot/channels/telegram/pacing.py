"""Whose turn it is to send: pure bookkeeping, in which time is an argument (seconds of any monotonic clock)."""

import heapq
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count

_EPSILON = 1e-6
SLACK = 1.02
"""Requests sent evenly arrive unevenly, so the bot's second is taken 2% longer than Telegram's."""
AT_ONCE = 5
"""So many reminders may leave together after a rest or a late turn; more of them are spread over the second. So the
answer to a person waits for the next turn, a thirtieth of a second, and not until a whole second's allowance comes
back."""
KEPT_FREE = 20
"""One message of so many is kept for answers to people: a backlog leaves at 95% of the rate, an answer at once."""
SPREAD = 5.0
SPREAD_CHATS = 3
"""429s of three chats within five seconds mean the bot, not a chat. Our estimate."""


class Priority(IntEnum):
    """Lower goes first."""

    REPLY = 0
    REMINDER = 1


@dataclass(slots=True)
class Ticket:
    """A request that waits for its turn."""

    chat: int
    priority: Priority
    edit: bool
    number: int
    abandoned: bool = False
    released: bool = False


@dataclass(slots=True)
class _Lane:
    """A chat's token bucket, and until when Telegram told it to wait."""

    tokens: float
    at: float
    held: float = field(default=float("-inf"))


class Pacer:
    """Lets at most ``rate`` messages per second out, ``rate_chat`` per chat after a burst of ``burst``.

    Edits do not count into the bot's rate (Telegram's limit is for messages) and count half in their chat. That half
    is our estimate: Telegram publishes no figure for edits.
    """

    def __init__(self, rate: float, rate_chat: float, burst: float = 5.0) -> None:
        self._slots = max(1, int(rate))
        self._for_reminders = self._slots - self._slots // KEPT_FREE
        self._period = self._slots / rate * SLACK
        self._sent: deque[float] = deque(maxlen=self._slots)
        """When the last messages left, in order; never earlier than they did."""
        self._rate_chat = rate_chat
        self._burst = burst
        self._lanes: OrderedDict[int, _Lane] = OrderedDict()
        self._held = float("-inf")
        self._even = float("-inf")
        """When the next reminder would leave if they left evenly; it may be ``AT_ONCE`` - 1 of them ahead of that."""
        self._floods: deque[tuple[float, int]] = deque(maxlen=16)
        self._numbers = count()
        self._messages: list[tuple[int, int, Ticket]] = []
        self._edits: list[tuple[int, int, Ticket]] = []
        self._parked: list[tuple[float, int, Ticket]] = []

    @property
    def lanes(self) -> int:
        """How many chats are remembered."""
        return len(self._lanes)

    def submit(self, chat: int, priority: Priority, *, edit: bool = False) -> Ticket:
        """Queue up. The ticket is released by ``release`` or given back by setting ``abandoned``."""
        ticket = Ticket(chat, priority, edit, next(self._numbers))
        self._queue(ticket)
        return ticket

    def hold(self, chat: int, seconds: float, now: float) -> None:
        """Telegram answered 429: this chat waits, and the whole bot if that is not about one chat."""
        lane = self._lane(chat, now)
        lane.held = max(lane.held, now + seconds)
        self._floods.append((now, chat))
        recent = {one for at, one in self._floods if now - at <= SPREAD}
        if len(recent) >= SPREAD_CHATS:
            self._held = max(self._held, now + seconds)

    def held(self, chat: int, now: float) -> float:
        """Seconds for which Telegram asked this chat (or the bot) to wait; 0 if it did not."""
        lane = self._lanes.get(chat)
        return max(0.0, self._held - now, lane.held - now if lane else 0.0)

    def release(self, now: float) -> list[Ticket]:
        """The tickets whose turn has come, in order."""
        while self._parked and self._parked[0][0] <= now + _EPSILON:
            self._queue(heapq.heappop(self._parked)[2])
        out: list[Ticket] = []
        while self._edits:
            self._let_out(heapq.heappop(self._edits)[2], now, out)
        while self._messages and self._wait(now) <= _EPSILON:
            self._let_out(heapq.heappop(self._messages)[2], now, out)
        self._forget_idle(now, 2 * len(out) + 2)
        return out

    def next_time(self, now: float) -> float | None:
        """When ``release`` will have something to do; None if nobody waits."""
        times = [self._parked[0][0]] if self._parked else []
        if self._messages:
            times.append(now + self._wait(now))
        return min(times) if times else None

    def _queue(self, ticket: Ticket) -> None:
        heapq.heappush(self._edits if ticket.edit else self._messages, (ticket.priority, ticket.number, ticket))

    def _let_out(self, ticket: Ticket, now: float, out: list[Ticket]) -> None:
        if ticket.abandoned:
            return
        lane = self._lane(ticket.chat, now)
        cost = 0.5 if ticket.edit else 1.0
        wait = max((cost - lane.tokens) / self._rate_chat, lane.held - now, self._held - now)
        if wait > _EPSILON:
            heapq.heappush(self._parked, (now + wait, ticket.number, ticket))
            return
        lane.tokens -= cost
        self._lanes.move_to_end(ticket.chat)
        if not ticket.edit:
            self._note_sent(now)
            if ticket.priority is Priority.REMINDER:
                self._even = max(self._even, now) + self._period / self._for_reminders
        ticket.released = True
        out.append(ticket)

    def _note_sent(self, now: float) -> None:
        """Messages that leave together are noted as if they left evenly, so the places that they took come free one by
        one. A whole second's messages may be held up on their way (connections have to be made, this machine is busy):
        were the next ones let out together too, both could arrive in the same second.
        """
        self._sent.append(max(now, self._sent[-1] + self._period / self._slots) if self._sent else now)

    def _wait(self, now: float) -> float:
        """Seconds until the message that is next in the queue may leave."""
        reminder = self._messages[0][2].priority is Priority.REMINDER
        slots = self._for_reminders if reminder else self._slots
        full = len(self._sent) >= slots
        wait = max(0.0, self._held - now, self._sent[-slots] + self._period - now if full else 0.0)
        ahead = (AT_ONCE - 1) * self._period / self._for_reminders
        return max(wait, self._even - ahead - now) if reminder else wait

    def _lane(self, chat: int, now: float) -> _Lane:
        lane = self._lanes.get(chat)
        if lane is None:
            lane = self._lanes[chat] = _Lane(self._burst, now)
        lane.tokens = min(self._burst, lane.tokens + (now - lane.at) * self._rate_chat)
        lane.at = now
        return lane

    def _forget_idle(self, now: float, looks: int) -> None:
        """Drop chats that have their whole burst again. Looking at two for each one let out keeps the memory flat
        without ever walking over all of them."""
        for _ in range(min(looks, len(self._lanes))):
            chat = next(iter(self._lanes))
            lane = self._lane(chat, now)
            if lane.tokens >= self._burst - _EPSILON and lane.held <= now:
                del self._lanes[chat]
            else:
                self._lanes.move_to_end(chat)
