"""An end that matters, and all that run in a case: the values that ``schedule`` derives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain.rules import Remind

Source = Literal["app", "promise", "law", "usual", "estimate"]
"""Where an instant comes from: the app's countdown, somebody's word, a statute, what is usual, our guess."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """An end that matters now. ``id`` is its rule and the entry that started it, so it survives a corrected date."""

    id: str
    rule: str
    at: datetime
    """UTC."""
    start: datetime
    source: Source
    own: bool
    """True: the person must have acted before it. False: from then on the other side is overdue."""
    main: bool
    """The stage's own clock, as opposed to one that runs beside it."""
    effect: str = ""
    """What silence leads to, in words; empty if the rule does not say."""
    law: str = ""
    remind: tuple[Remind, ...] = ()
    recheck: datetime | None = None
    estimated_years: tuple[int, ...] = ()
    """Years whose list of holidays is missing, if the span counts working days in them."""
    latest: datetime | None = None
    """UTC. The end by the latest reading of a start that is known only roughly; None if ``at`` is the only one."""
    fact: str = ""
    """The dated fact that it counts from, if there is one."""
    known: datetime | None = None
    """When that fact was told: what lay in the past by then is no news."""

    def over(self, now: datetime) -> bool:
        """Whether it has ended by the reading that counts, the earliest for an own end."""
        return self.at <= now

    def maybe_over(self, now: datetime) -> bool:
        """Whether it may have ended already, and may also still be running."""
        return self.latest is not None and self.at <= now < self.latest


@dataclass(frozen=True, slots=True)
class Schedule:
    """What runs in a case: the deadlines, the stage's own first, and the versions of the rules they stand on."""

    deadlines: tuple[Deadline, ...] = ()
    used: Mapping[str, str] = field(default_factory=dict)

    @property
    def main(self) -> Deadline | None:
        return next((deadline for deadline in self.deadlines if deadline.main), None)
