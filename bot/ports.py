"""What the core asks of the outside world: a store to remember in, and channels to speak through."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.domain.model import Dossier, Job, Json, Letter, Reminder
from bot.domain.retention import Warned
from bot.messages import Answer, Delivery, FileFault, Incoming, Screen


class ConflictError(Exception):
    """Somebody else saved this person since they were loaded; nothing was written, load and decide again."""


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that was claimed for sending: the row, and whose it is."""

    reminder: Reminder
    person: str


class FetchError(Exception):
    """A channel does not hand a file out: ``fault`` says why; None: it is out of reach now, try again later."""

    def __init__(self, fault: FileFault | None) -> None:
        super().__init__(fault or "away")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Work:
    """A job that was claimed, and whose it is."""

    job: Job
    person: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is on the disk now."""

    sha256: str
    size: int
    type: str
    """Media type, as found in the content."""


class Files(Protocol):
    """Contents by their SHA-256, each once. Who needs them is in the Store."""

    async def keep(self, parts: AsyncIterable[bytes]) -> Kept | FileFault:
        """Store what comes, if it is of a kind that is taken and not over FILE_LIMIT; nothing stays behind otherwise.
        What was kept just now is not removed for some minutes, so that its row can be committed."""

    def making(self) -> AbstractContextManager[Path]:
        """A private folder to make something in, gone afterwards. What a crash leaves of it goes at the next start."""

    async def keep_made(self, path: Path, media_type: str) -> Kept:
        """Take over a file that we made ourselves (an export), of any size. Raises OSError if there is no room."""

    def path(self, sha256: str) -> Path:
        """Where the content is. Raises ValueError for what is no SHA-256."""

    async def remove(self, sha256s: Sequence[str]) -> Sequence[str]:
        """Delete these contents. Returns those that are gone now; the others were kept again a moment ago."""

    async def shards(self) -> Sequence[str]:
        """The contents lie in parts: with which two digits those of each part begin."""

    async def unnamed(self, named: frozenset[str], shard: str = "") -> Sequence[str]:
        """SHA-256 of contents that are here (in that part, or in all) and not among the ``named``."""


@dataclass(frozen=True, slots=True)
class Use:
    """How a person's things are used: when they wrote last, and what of theirs was announced to go."""

    active: datetime
    warned: Mapping[str, Warned]
    """Case id -> what was announced; under an empty one, that everything goes."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a decision begins with."""

    dossier: Dossier | None
    """None: a stranger."""
    seen: bool
    """Whether the update was handled before."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one decision writes, all of it in one commit."""

    person: str
    now: datetime
    before: Dossier | None
    """What was recalled."""
    after: Dossier | None
    """None: everything of the person is deleted."""
    update: str = ""
    """Noted as handled; empty if it was before, or if it is none of a channel."""
    said: Sequence[Json] = ()
    """Rows that are added to the person's transcript."""
    misses: Sequence[str] = ()
    """Steps of walks that were not found, counted without whose they were; so are ``endings``."""
    endings: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(problem, outcome) -> how many cases more (or fewer) have ended so."""


class Transaction(Protocol):
    """One read-decide-write, alone on the writer connection. Leaving the block commits, an exception rolls back."""

    async def load(self, person: str) -> Dossier | None:
        """The whole dossier in as few statements as possible, or None for a stranger. Letters are not loaded."""

    async def save(self, before: Dossier | None, after: Dossier) -> None:
        """Write what differs: person (version + 1), new entries, cases, reminder rows, letters.

        Raises ConflictError if ``before`` is not what is stored.
        """

    async def forget(self, person: str) -> None:
        """Delete every row of the person, in every table."""

    async def use(self, person: str) -> Use:
        """How the things of somebody who is stored are used."""

    async def look(self, person: str, at: datetime, warned: Mapping[str, Warned] | None = None) -> None:
        """The person is to be looked at again then; ``warned`` was announced just now."""

    async def append(self, person: str, rows: Sequence[Json], now: datetime) -> int:
        """Add rows to the person's transcript, numbered on from 1. Returns the last number; 0, without effect, for
        somebody who is not stored (any more)."""


class Store(Protocol):
    """A durable memory. Every instant is aware UTC."""

    async def recall(self, person: str, update: str = "") -> Recalled:
        """What is committed of the person now, whatever is being written meanwhile, and whether the update is known."""

    async def commit(self, step: Step) -> None:
        """Write it. Steps of several people that wait for the disk at the same time share a commit; each is written
        as a whole or not at all, whatever becomes of the others.

        Raises ConflictError if the person was saved, or the update handled, since they were recalled, or a reminder
        that is changed has begun to be sent; nothing of the step was written then.
        """

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Begin (immediately, for writing); callers queue for it in order."""
        ...

    async def claim(self, now: datetime, lease: timedelta, limit: int) -> Sequence[Due]:
        """Take due planned rows (and those whose lease is over) of reachable persons for sending: state sending,
        attempts + 1, those first that could be taken the longest. At most one row per person at a time; of a person's
        rows the oldest."""

    async def settle(self, reminder: int, state: str, now: datetime, again: datetime | None = None) -> None:
        """Record the outcome of a send; ``planned`` for one that is tried ``again`` then (its ``due`` stays what it
        was). Only a row in state sending."""

    async def next_due(self) -> datetime | None:
        """When the earliest planned row of a reachable person (or the earliest lease end) comes up; None if none."""

    async def release_leases(self) -> int:
        """At start: rows that a dead process was sending become planned again. Returns how many."""

    async def set_reachable(self, person: str, reachable: bool) -> None:
        """Pause or resume everything that is sent to the person."""

    async def persons_told_otherwise(
        self, versions: Mapping[str, str], after: str = "", limit: int = 100
    ) -> Sequence[str]:
        """Persons with an open case that was told a version of a rule other than the one in ``versions``: in order,
        the first ones behind ``after``."""

    async def in_step(self, matter: str) -> Json:
        """With what everybody was last brought in step in this matter; None if never."""

    async def note_in_step(self, matter: str, value: Json) -> None:
        """Everybody is in step with that now: it need not be done again until it is another."""

    async def misses(self) -> Mapping[str, int]:
        """Step -> how often it was not found."""

    async def outcomes(self) -> Mapping[tuple[str, str], int]:
        """(problem, outcome) -> how many cases have ended so, those of forgotten people among them."""

    async def idle(self, now: datetime, limit: int) -> Sequence[str]:
        """Persons who are to be looked at by now, the longest due first."""

    async def retain(self, days: int) -> None:
        """So many days count from now on: if they are others than before, everybody is to be looked at."""

    async def prune_transcript(self, before: datetime) -> None:
        """Delete the rows of every transcript that are older."""

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

    async def letters(self, person: str) -> Sequence[Letter]:
        """Everything that was handed out to the person, the oldest first."""

    async def claim_job(self, now: datetime, lease: timedelta, kinds: Sequence[str]) -> Work | None:
        """Take the job of these kinds that could be taken the longest: due, and nobody is at it (or the lease is
        over). attempts + 1."""

    async def retry_job(self, job: int, due: datetime) -> None:
        """Not now: free again, due then. Without effect if it was called off."""

    async def has_job(self, job: int) -> bool:
        """False once it is done or was called off."""

    async def next_job(self) -> datetime | None:
        """When the next free job is due (or the earliest lease ends); None if there is none."""

    async def release_jobs(self) -> int:
        """At start: jobs that a dead process was at are free again. Returns how many."""

    async def orphans(self, now: datetime, limit: int = 100) -> Sequence[str]:
        """SHA-256 of contents that nobody needs any more (first, rows whose ``until`` is over are dropped)."""

    async def forget_orphans(self, sha256s: Sequence[str]) -> None:
        """Their contents are deleted from the disk."""

    async def named_files(self, begin: str = "") -> frozenset[str]:
        """SHA-256 of every content that somebody needs, of those that begin so."""

    async def bytes_of(self, person: str) -> int:
        """How much the person's files take, in bytes."""

    async def writable(self) -> bool:
        """Whether a commit reaches the disk now."""

    async def backup(self, target: Path) -> None:
        """Copy the live database to a new file (SQLite's online backup)."""

    async def close(self) -> None:
        """Finish what is running, close every connection. Calling it twice is harmless."""


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

    async def answer(self, address: str, answer: Answer) -> None:
        """Show what a job's outcome was answered with, below everything else. Best effort, like every answer to a
        person: a channel with a transcript only wakes its pages, for the rows are committed already."""

    async def progress(self, address: str, job: int, screen: Screen) -> None:
        """Show how far a job is, in one message per job that is replaced each time. Best effort; never raises."""

    def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """A file that somebody sent, in parts. Raises FetchError."""
        ...

    async def start(self) -> None:
        """Begin to receive; returns at once, also when the other side is out of reach."""

    async def stop(self) -> None:
        """Stop receiving, finish what is being handled. Within 4 s."""


class Handle(Protocol):
    """The conversation as channels see it."""

    async def __call__(self, incoming: Incoming) -> Answer: ...
