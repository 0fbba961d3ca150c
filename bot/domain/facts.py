"""What is true of a case now: the facts, stage and countdown that its history amounts to (``history.fold``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from bot.domain.dates import EVENT_DATE as EVENT_DATE
from bot.domain.dates import STAGE_DATE as STAGE_DATE
from bot.domain.ledger import Ledger
from bot.domain.machine import POSSIBLE, Event, OrderState, Outcome, Stage
from bot.domain.model import Json
from bot.domain.moment import Moment
from bot.domain.proof import Proof as Proof
from bot.domain.proof import next_proof_number as next_proof_number

CHECKED = "checked_at"
"""The fact that dates the last look at something that was not done yet (``machine.CHECKS``)."""
ENDED = "ended"
"""The fact that says how it ended, told after a closing that left that open (an ``Outcome``)."""
COUNTED = "countdown"
"""Under which ``State.known`` keeps when the app's countdown was told."""


@dataclass(frozen=True, slots=True)
class Countdown:
    """What the person read from the app: it beats every figure of ours while its stage lasts."""

    until: datetime
    read: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class State:
    """A case, folded."""

    problem: str = ""
    facts: Mapping[str, Json] = field(default_factory=dict)
    origin: Mapping[str, int] = field(default_factory=dict)
    """Fact -> the entry that first set it (a correction keeps the origin, a new event renews it)."""
    known: Mapping[str, datetime] = field(default_factory=dict)
    """Fact -> when its present value was told; what had passed by then is no news."""
    stage: Stage = "preparing"
    stage_seq: int = 0
    """The entry that began the stage."""
    before: Stage = "preparing"
    """The stage that the closing ended; money that came only in part opens it again."""
    checks: tuple[datetime, ...] = ()
    """When somebody looked in this stage and it was not done yet."""
    countdown: Countdown | None = None
    proofs: tuple[Proof, ...] = ()
    ready: bool = False
    """True once every question before the first card is answered."""
    muted: bool = False
    outcome: Outcome | None = None
    last_event: Event | None = None
    last_change: datetime | None = None
    asked_service_seq: int = 0
    """The entry that says the words were sent to human service and no answer is known; 0 = none."""
    last_photo_seq: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    """Answers and promises."""
    calendar: Mapping[str, Json] = field(default_factory=dict)
    """Deadline id -> instant (ISO), as they stood in the last file for the phone's calendar."""

    def moment(self, fact: str) -> Moment | None:
        """A dated fact, or None."""
        value = self.facts.get(fact)
        return Moment.from_json(value) if isinstance(value, dict) else None

    def text(self, fact: str) -> str:
        """A text fact, or an empty string."""
        value = self.facts.get(fact)
        return value if isinstance(value, str) else ""

    @property
    def order(self) -> OrderState | None:
        value = self.facts.get("order")
        return cast(OrderState, value) if value in ("unshipped", "in_transit", "signed") else None

    @property
    def open(self) -> bool:
        return self.stage != "closed"

    @property
    def rest(self) -> int | None:
        """What has not arrived yet of the price, in fen, once a part has; None if there is nothing to say."""
        paid, arrived = self.facts.get("amount"), self.facts.get("refunded_amount")
        return paid - arrived if isinstance(paid, int) and isinstance(arrived, int) and arrived < paid else None

    @property
    def began(self) -> Moment | None:
        """From when the present stage's clock runs."""
        fact = STAGE_DATE.get(self.stage)
        return self.moment(fact) if fact else None


_BUYERS_ONLY: frozenset[Event] = frozenset(
    {"refunded", "part_received", "refunded_partly", "goods_shipped", "goods_received"}
)


def can_happen(state: State, event: Event) -> bool:
    """Whether it can be reported now: in this stage, of this parcel, by this side."""
    if state.text("side") == "merchant" and event in _BUYERS_ONLY:
        return False
    if event == "goods_shipped" and state.order != "unshipped":
        return False
    if event == "goods_received" and state.order not in ("unshipped", "in_transit"):
        return False
    return event in POSSIBLE[state.stage]
