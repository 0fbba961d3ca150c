"""What a letter is made from: the problem, what is known of the case, and who writes to whom at what time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Literal

from bot.catalog import compiled
from bot.catalog.problems import Problem
from bot.catalog.texts import Texts
from bot.conversation.letters import wording
from bot.domain.facts import State
from bot.domain.moment import Moment
from bot.domain.schedule import Deadline, Told

Kind = Literal["service", "merchant", "punish", "12315", "public", "evidence"]
"""To the official service, to the merchant (from the merchant: to the buyer), the side action against the merchant,
the form of 12315, a public complaint board (``authority``), or what goes with added evidence (``claims``)."""

_PLACEHOLDER = compiled.pattern(r"{([a-z_]+)}")
MONEY = frozenset({"amount", "difference", "freight"})
NUMBERS = frozenset({"order_no", "tracking_no", "return_tracking", "ticket_no"})
CONTACT = frozenset({"contacted_at", "merchant_words", "urged_at"})
"""Facts about talks with the merchant; they have no place in a letter to the merchant."""
REPLY_HOUR = 18
_LENGTHS: Mapping[str, int] = {
    "goods_name": 20,
    "reject_reason": 60,
    "merchant_words": 60,
    "service_words": 80,
    "promise": 80,
    "decision": 60,
    "detail": 100,
}
_PROMISED_HOURS: Mapping[str, int] = {"h24": 24, "h48": 48}
"""Answers to when the goods were to be sent; any other text under that name is what somebody gave their word for."""


@cache
def names_in(template: str) -> tuple[str, ...]:
    """The placeholders of a sentence of ours, in their order."""
    return tuple(_PLACEHOLDER.findall(template))


@dataclass(frozen=True, slots=True)
class Claim:
    """Why the other side refused, in their words (``quote``), and the ground that this is."""

    ground: str
    quote: str
    who: str


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything that one letter is made from. ``main`` is the deadline of the present stage, if it has one; ``told``
    is when the person last said how things stand (None: just now); ``claims`` are those that are on record."""

    t: Texts
    problem: Problem
    state: State
    rules: Told
    zone: tzinfo
    now: datetime
    kind: Kind = "service"
    main: Deadline | None = None
    told: datetime | None = None
    claims: tuple[Claim, ...] = ()
    _moments: dict[str, Moment | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def seller(self) -> bool:
        """Whether the writer is the merchant."""
        return self.problem.side == "merchant" or self.state.text("side") == "merchant"

    @property
    def as_of(self) -> datetime:
        """Up to when anything may be claimed: nobody said what has been so since."""
        return min(self.told, self.now) if self.told else self.now

    @property
    def overdue(self) -> bool:
        """Whether the other side's time is over, by the clock of the stage or by what the person reports."""
        if self.main is not None:
            return not self.main.own and self.main.at <= self.as_of
        return self.state.last_event in ("no_answer", "broken")

    @property
    def broken(self) -> bool:
        """Whether what was agreed was not done in time."""
        until = self.state.moment("promise_until")
        if self.state.last_event == "broken":
            return True
        return until is not None and until.latest(self.zone) <= self.as_of

    @property
    def phase(self) -> str:
        """The stage, told apart by whether the other side's time is over."""
        stage = self.state.stage
        if stage == "waiting_merchant" and self.overdue:
            return "waiting_over"
        if stage == "return_shipped" and self.overdue:
            return "return_shipped_over"
        if stage == "remedy_promised" and self.broken:
            return "remedy_over"
        if stage == "decided_for" and not self.seller and (self.overdue or self.state.last_event == "broken"):
            return "decided_for_over"
        return stage

    @property
    def shipping_late(self) -> timedelta | None:
        """How long the promised time of dispatch is over; None if it is not, or is not known."""
        until = self.state.moment("promised_until")
        if until is None or self.order != "unshipped":
            return None
        late = self.as_of - until.latest(self.zone)
        return late if late > timedelta() else None

    @property
    def order(self) -> str | None:
        """未发货, 在途 or 已签收; a problem that has only one of them implies it."""
        orders = self.problem.orders
        return self.state.order or (orders[0] if len(orders) == 1 else None)

    @property
    def shipping_promise(self) -> int | None:
        """Hours within which the order page says that the goods are sent."""
        return _PROMISED_HOURS.get(self.state.text("dispatch_promise"))

    @property
    def refund_type(self) -> str:
        kind = self.state.text("refund_type")
        return kind if kind in ("refund_only", "return_refund", "exchange", "resend", "repair") else "unknown"

    @property
    def reply_until(self) -> datetime:
        """Until when an answer is asked for: the next day at 18:00, but never before the end that was agreed upon."""
        day = self.now.astimezone(self.zone) + timedelta(days=1)
        by = day.replace(hour=REPLY_HOUR, minute=0, second=0, microsecond=0)
        return max((by, *(end for end in self._agreed())), key=lambda each: each.astimezone(UTC))

    @property
    def reply_by(self) -> str:
        """The same, as a letter writes it."""
        return wording.when(self.t, Moment(self.reply_until), self.zone, self.now, end=True)

    def _agreed(self) -> list[datetime]:
        facts = ["promise_until"] if self.state.stage == "remedy_promised" else []
        facts += ["service_until"] if self.kind == "service" else []
        return [until.latest(self.zone) for fact in facts if (until := self.moment(fact))]

    def moment(self, fact: str) -> Moment | None:
        """A dated fact, or None."""
        if fact not in self._moments:
            self._moments[fact] = self.state.moment(fact)
        return self._moments[fact]

    def known(self, fact: str) -> bool:
        """Whether a sentence may use that fact."""
        if fact in ("goods", "now", "type"):
            return True
        if self.kind == "merchant" and fact in CONTACT:
            return False
        value = self.state.facts.get(fact)
        if fact in MONEY:
            return isinstance(value, int) and value > 0
        if fact.endswith(("_at", "_until")):
            return self.moment(fact) is not None
        return isinstance(value, str) and bool(wording.clean(value, 100))

    def value(self, fact: str, same_day: bool = False) -> str:
        """A known fact as a letter writes it."""
        state, t = self.state, self.t
        if fact == "now":
            return wording.when(t, Moment(self.as_of), self.zone, self.now)
        if fact == "goods":
            return self.value("goods_name") if self.known("goods_name") else self.problem.noun
        if fact == "type":
            return t.plain(f"letters.type.{self.refund_type}")
        if fact in MONEY:
            return wording.money(t, state.facts[fact])
        told = self.moment(fact) if fact.endswith(("_at", "_until")) else None
        if told is not None:
            end = fact.endswith("_until")
            return wording.when(t, told, self.zone, self.now, end=end, same_day=same_day)
        if fact == "pay_method":
            key = f"ask.pay_method.{state.text(fact)}"
            return t.plain(key) if t.has(key) else state.text(fact)
        if fact in NUMBERS:
            return state.text(fact).strip()
        return wording.clean(state.text(fact), _LENGTHS.get(fact, 40))

    def values(self, template: str, same_day: str = "") -> dict[str, str]:
        """Values for every placeholder of a template; ``same_day`` names a date that is said as 当天."""
        return {fact: self.value(fact, fact == same_day) for fact in names_in(template)}
