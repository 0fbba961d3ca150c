"""What the core asks of the outside world: a store to remember in, and channels to speak through."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.domain.model import Case, Dossier, Json, Reminder
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

    async def append(self, person: str, rows: Sequence[Json], now: datetime) -> int:
        """Add rows to the person's transcript, numbered on from 1. Returns the last number; 0, without effect, for
        somebody who is not stored (any more)."""


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

    async def transcript(self, person: str, after: int, limit: int = 500) -> Sequence[tuple[int, datetime, Json]]:
        """What was committed of the person's transcript after that number: number, when, row; in order, no gaps."""

    async def last_seq(self, person: str) -> int:
        """The number of the newest row of the transcript; 0 if there is none."""

    async def add_session(self, token_hash: str, person: str, now: datetime) -> None:
        """A browser belongs to the person from now on. Sessions that nobody can come back to are dropped."""

    async def find_session(self, token_hash: str, now: datetime) -> str | None:
        """The person of a session, which counts as used; None if there is no such session."""

    async def add_link(self, token_hash: str, person: str, expires: datetime, now: datetime) -> None:
        """A link that makes one more session for the person; an earlier one of theirs ends."""

    async def has_link(self, token_hash: str, now: datetime) -> bool:
        """Whether the link could be followed now; it is not used up."""

    async def follow_link(self, link_hash: str, token_hash: str, now: datetime) -> str | None:
        """Use the link up for a new session. Returns its person; None, without a session, if it is used or over."""

    async def writable(self) -> bool:
        """Whether a commit reaches the disk now."""

    async def backup(self, target: Path) -> None:
        """Copy the live database to a new file (SQLite's online backup)."""

    async def close(self) -> None:
        """Finish what is running, close every connection. Calling it twice is harmless."""


def screen_row(screen: Screen) -> Json:
    """A screen inside a transcript row. The text stays the markup that it was: whoever shows it picks from it by an
    allow-list, so that a stricter list holds for old rows too."""
    rows = [
        [{"label": one.label, **({"copy": one.copy} if one.copy else {"press": one.press})} for one in row]
        for row in screen.rows
    ]
    return {"html": str(screen.text), "rows": rows}


class Channel(Protocol):
    """A way to reach people. ``name`` is the part of a person's id before the colon."""

    name: str

    @property
    def connected(self) -> bool:
        """Whether people can be reached through it right now."""
        ...

    async def send(self, address: str, screen: Screen, due: datetime | None = None) -> Delivery:
        """Send a reminder (after all answers to people), which was due then. Never raises for what a channel is
        expected to do."""

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
    "screen_row",
]
