"""What the core asks of the outside world: a store to remember in, and channels to speak through."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.domain.model import Case, Dossier, Reminder
from bot.messages import Answer, Delivery, Incoming, Screen


class ConflictError(Exception):
    """Somebody else saved this person since they were loaded; nothing was written, load and decide again."""


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that was claimed for sending: the row, and whose it is."""

    reminder: Reminder
    person: str


class Transaction(Protocol):
    """One read-decide-write, alone on the writer connection. Leaving the block commits, an exception rolls back."""

    async def first_time(self, update: str, person: str, now: datetime) -> bool:
        """Note that an update was seen. Returns False, without effect, if it already was."""

    async def load(self, person: str) -> Dossier | None:
        """The whole dossier in as few statements as possible, or None for a stranger. Letters are not loaded."""

    async def save(self, before: Dossier | None, after: Dossier) -> None:
        """Write what differs: person (version + 1), new entries, cases, reminder rows, letters.

        Raises ConflictError if ``before`` is not what is stored.
        """

    async def forget(self, person: str) -> None:
        """Delete every row of the person, in every table."""

    async def count_miss(self, step: str) -> None:
        """Count that a step of a walk was not found by somebody; no person is stored."""


class Store(Protocol):
    """A durable memory. Every instant is aware UTC."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Begin (immediately, for writing); callers queue for it in order."""
        ...

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Due]:
        """Take due planned rows (and those whose lease is over) of reachable persons for sending: state sending,
        attempts + 1, oldest due first. At most one row per person at a time."""

    async def settle(self, reminder: int, state: str, now: datetime, due: datetime | None = None) -> None:
        """Record the outcome of a send; ``planned`` with a new ``due`` for a retry. Only a row in state sending."""

    async def next_due(self) -> datetime | None:
        """When the earliest planned row of a reachable person (or the earliest lease end) comes up; None if none."""

    async def release_leases(self) -> int:
        """At start: rows that a dead process was sending become planned again. Returns how many."""

    async def set_reachable(self, person: str, reachable: bool) -> None:
        """Pause or resume everything that is sent to the person."""

    async def persons_told_otherwise(self, versions: Mapping[str, str]) -> Sequence[str]:
        """Persons with an open case that was told a version of a rule other than the one in ``versions``."""

    async def misses(self) -> Mapping[str, int]:
        """Step -> how often it was not found."""

    async def backup(self, target: Path) -> None:
        """Copy the live database to a new file (SQLite's online backup)."""

    async def close(self) -> None:
        """Finish what is running, close every connection. Calling it twice is harmless."""


class Channel(Protocol):
    """A way to reach people. ``name`` is the part of a person's id before the colon."""

    name: str

    async def send(self, address: str, screen: Screen) -> Delivery:
        """Send a reminder (after all answers to people). Never raises for what a channel is expected to do."""

    async def start(self) -> None:
        """Begin to receive; returns at once, also when the other side is out of reach."""

    async def stop(self) -> None:
        """Stop receiving, finish what is being handled. Within 4 s."""


class Handle(Protocol):
    """The conversation as channels see it."""

    async def __call__(self, incoming: Incoming) -> Answer: ...


__all__ = [
    "Answer",
    "Case",
    "Channel",
    "ConflictError",
    "Delivery",
    "Dossier",
    "Due",
    "Handle",
    "Incoming",
    "Screen",
    "Store",
    "Transaction",
]
