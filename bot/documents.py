"""A case as a document to take along: values with finished words, for whoever makes a page or a calendar of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A fact with its name, or something that happened with its time."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One end: when (finished words), whose move and what happens then, and where the figure comes from."""

    when: str
    what: str
    source: str
    """Such as 按 App 倒计时 or 法律规定：…; with the rule's version where there is one."""
    links: Sequence[str] = ()
    """Addresses of the rule's sources."""
    over: bool = False


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One numbered piece of evidence."""

    number: int
    name: str
    """What it shows; empty if that was never said."""
    received: str
    sha256: str = ""
    size: int = 0
    """Bytes."""
    type: str = ""
    """Media type; empty if there is no file (only ticked off) or it was not kept."""
    size_text: str = ""
    """The size in words, such as 1.2 MB."""
    file: str = ""
    """Its path beside the page, such as 证据/证据4.pdf; empty if the document travels alone."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Words that were handed out, as they were."""

    when: str
    kind: str
    """Such as 发给客服的话."""
    text: str
    rules: Sequence[str] = ()
    """What they lean on, in words with version, such as 《消费者权益保护法》第二十四条（2014-03-15 版）."""


@dataclass(frozen=True, slots=True)
class Headings:
    """The document's own words, in the reader's language."""

    facts: str
    deadlines: str
    history: str
    evidence: str
    letters: str
    none: str
    """Where a part is empty."""
    sha256: str
    rules: str
    source: str
    missing: str
    """In place of a picture that cannot be shown."""
    not_shown: str
    """Below a file that is no picture: {name} lies beside the page."""
    exhibit: str = "{number}"
    """What one piece of evidence is called, such as 证据{number}."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One 问题单, complete."""

    id: str
    number: int
    title: str
    stage: str
    made: str
    """When and from what the document was made."""
    disclaimer: str
    facts: Sequence[Line]
    deadlines: Sequence[DeadlineLine]
    history: Sequence[Line]
    evidence: Sequence[Exhibit]
    letters: Sequence[HandedOut]
    headings: Headings


@dataclass(frozen=True, slots=True)
class Appointment:
    """One end in a calendar."""

    id: str
    """Stable for this case and deadline, without an @."""
    at: datetime
    """Aware."""
    title: str
    text: str
    alarm_minutes: Sequence[int] = ()
    """How long before it the phone rings."""
    cancelled: bool = False
    """It stood in an earlier file of this case and does not hold any more."""
    opens: bool = False
    """From then on something is to be done (look, ask); otherwise it is to be done by then."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """The ends of one case for a phone's calendar; a later file of the same case replaces the earlier one."""

    name: str
    sequence: int
    """Rises with every change of the case."""
    made: datetime
    """Aware."""
    appointments: Sequence[Appointment]
