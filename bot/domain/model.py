"""The values that are kept: a person, their cases with dated history, and the reminders planned for them.

Everything here is plain data; what it means is in ``machine`` (stages), ``history`` (its fold, to ``facts``) and
``schedule`` (deadlines).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from types import MappingProxyType
from typing import Any, Literal

Json = Any
"""A JSON value: None, bool, int, str, or lists and string-keyed dicts of these."""

EMPTY: Mapping[str, Json] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person wants to be reminded and guided."""

    zone: str = "Asia/Shanghai"
    quiet: bool = True
    quiet_from: time = time(22, 0)
    quiet_to: time = time(8, 0)
    phone: Literal["", "iphone", "android"] = ""
    big_text: bool = False
    """大字模式: three choices at most on a screen, answered by 1, 2, 3; short sentences, no emoji."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a channel. ``session`` is the conversation's own state (where they are), opaque to storage."""

    id: str
    first_seen: datetime
    preferences: Preferences = Preferences()
    session: Mapping[str, Json] = field(default_factory=lambda: EMPTY)
    version: int = 0
    """Compare-and-swap counter, raised by every save; 0 = never stored."""
    reachable: bool = True
    """False after the channel said that they blocked the bot; no reminder is sent until they come back."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change in a case's history: what, when it was recorded, from which message. Never altered, only undone."""

    seq: int
    """1, 2, 3 ... within the case."""
    at: datetime
    kind: str
    """See ``history.KINDS``."""
    data: Mapping[str, Json] = field(default_factory=lambda: EMPTY)
    message: str = ""
    """The channel's name of the message that said it, so that editing the message corrects the entry."""


@dataclass(frozen=True, slots=True)
class Case:
    """A 问题单: an order that went wrong. Its state is the fold of ``entries`` (see ``history.fold``)."""

    id: str
    """Short random-looking token, unique in the database; used in links."""
    number: int
    """1, 2, 3 ... within the person; what is shown on screen."""
    opened: datetime
    entries: tuple[Entry, ...] = ()
    told: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    """Rule id -> the version of it that this person was told."""
    open: bool = True
    """Derived from the entries, kept beside them so that storage can select by it."""


ReminderState = Literal["planned", "sending", "sent", "done", "unreachable", "failed", "missed", "dropped"]


@dataclass(frozen=True, slots=True)
class Reminder:
    """One row of the reminder plan. Unique by (case, kind, deadline, occurrence)."""

    case: str
    kind: str
    """own | opens | promise | nudge | rules, see ``plan``."""
    deadline: str
    """The deadline's id: its rule and the history entry that started it, never its instant."""
    occurrence: int
    due: datetime
    state: ReminderState = "planned"
    snoozed: bool = False
    """True once the person moved it; a re-derived plan then leaves ``due`` alone."""
    attempts: int = 0
    id: int = 0
    """Row id; 0 = not stored yet."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Words that were handed out, as they were: kept for the export."""

    case: str
    at: datetime
    kind: str
    text: str
    rules: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    """Rule id -> version of every rule that the text leans on."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """That a person needs a file; when nobody needs it any more it is deleted."""

    sha256: str
    """Hex, of the content."""
    size: int
    """Bytes."""
    type: str
    """Media type, as found in the content."""
    case: str = ""
    """Id of the case that it goes with; empty: waits for one, or is an export."""
    until: datetime | None = None
    """When it is not needed any more (exports); None: as long as the case is there."""


@dataclass(frozen=True, slots=True)
class Job:
    """Slow work that a decision asked for: durable, done outside of any transaction, its outcome decided upon."""

    kind: str
    """fetch | album | read | export"""
    data: Mapping[str, Json]
    due: datetime
    """Not begun earlier."""
    id: int = 0
    """Row id; 0 = not stored yet."""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known of one person: what a decision reads, and what it returns changed."""

    person: Person
    cases: tuple[Case, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    """Rows of open cases that may still be acted upon: planned, sending, sent, unreachable, missed."""
    letters: tuple[Letter, ...] = field(default=())
    """Only those to be added; what was handed out before is not loaded."""
    jobs: tuple[Job, ...] = ()
    """What is not done yet; one that is missing in a saved dossier is called off."""
    files: tuple[KeptFile, ...] = ()
    """Only those to be added."""
    dropped: tuple[tuple[str, str], ...] = ()
    """(case id, SHA-256) of files that are not needed there any more."""
