"""What the channel is given besides its settings: how much it takes, how patient it is, what /cases shows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, NamedTuple

Metrics = Literal["loopback", "all", "off"]


class CaseText(NamedTuple):
    """A case as a plain page shows it. ``text`` is escaped if it is not Markup, else reduced to the allowed tags."""

    number: int
    title: str
    text: str


ReadCases = Callable[[str], Awaitable[Sequence[CaseText]]]
"""A person's cases for reading; nothing is changed by it."""

Health = Callable[[], Awaitable[Mapping[str, object]]]
"""Name -> True if well; a mapping inside is judged by its own values, anything that is no bool is only shown."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` at once, then ``each`` second so many more."""

    burst: float
    each: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What one person, or one address, may ask for."""

    body: int = 16 * 1024
    """Bytes of a request."""
    deeds: Rate = Rate(20, 1)
    """What a person says and presses."""
    reads: Rate = Rate(120, 10)
    """History, streams, QR codes of a person."""
    uploads: Rate = Rate(100, 0.5)
    """Files that a person sends."""
    kept: int = 0
    """Bytes of files that are kept for one person; 0: no limit. The last one may lead over it."""
    uploading: int = 2
    """Of these at the same time."""
    all_uploading: int = 24
    """The same of all people together."""
    people: Rate = Rate(20, 1 / 60)
    """New anonymous persons from one address."""
    streams: int = 24
    """Open streams of one person."""
    all_streams: int = 2000
    guesses: int = 3
    """Wrong passwords from one address before the waiting begins."""
    longest_wait: float = 300
    """Seconds; the wait after a wrong password doubles up to here."""
    link: timedelta = timedelta(minutes=10)
    """How long a one-time link is good."""


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds. Tests make them small."""

    beat: float = 15
    """A silent stream gets a comment this often, so that nothing between closes it and a gone reader is noticed."""
    health: float = 2
    """How long /healthz waits for its findings."""
    upload: float = 900
    """How long one file may take: 20 MB over a line of 180 kbit/s."""
    upload_silence: float = 30
    """How long nothing may come of it."""
    hold: float = 0.5
    """How long the answer to somebody who asks too often is held back."""
    body: float = 20
    """How long any other request may take to come."""
    idle: float = 75
    """How long a connection may take over the head of its next request. More than what proxies keep an idle one for
    (60 in most), so that it is the proxy that closes."""
    progress: float = 1
    """Slow work shows how far it is at most this often."""
    stop_streams: float = 0.7
    stop_requests: float = 1.5
    """The two steps of stopping; together they stay below the 4 s of ``Channel.stop``."""
