"""A point in time as well as a person knows it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal, cast, get_args

Precision = Literal["minute", "hour", "day"]


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant with the precision in which it was told.

    ``at`` is aware and kept in UTC. For ``day`` it is 00:00 of that day in the person's zone, so a day always needs the
    zone to be shown or to be ended. Raises ValueError for a naive datetime or an unknown precision.
    """

    at: datetime
    precision: Precision = "minute"

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ValueError("a moment needs an aware datetime")
        if self.precision not in get_args(Precision):
            raise ValueError(f"unknown precision {self.precision!r}")
        object.__setattr__(self, "at", self.at.astimezone(UTC))

    def earliest(self) -> datetime:
        """The earliest plausible instant, in UTC: the person's own deadlines count from it."""
        return self.at

    def latest(self, zone: tzinfo) -> datetime:
        """The latest plausible instant, in UTC: the other side's deadlines count from it.

        A day ends at 24:00 in ``zone``, also where the clock is changed that night; an hour ends 60 minutes later.
        """
        if self.precision == "minute":
            return self.at
        if self.precision == "hour":
            return self.at + timedelta(hours=1)
        return midnight(self.at.astimezone(zone) + timedelta(days=1), zone)

    def to_json(self) -> dict[str, str]:
        """A plain mapping: ISO 8601 in UTC and the precision."""
        return {"at": self.at.isoformat(), "precision": self.precision}

    @classmethod
    def from_json(cls, raw: dict[str, str]) -> "Moment":
        """The reverse of ``to_json``. Raises KeyError or ValueError for anything else."""
        return cls(datetime.fromisoformat(raw["at"]), cast(Precision, raw["precision"]))


def midnight(day: datetime, zone: tzinfo) -> datetime:
    """00:00 in ``zone`` of the calendar day that ``day`` names, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
