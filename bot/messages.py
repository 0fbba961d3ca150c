"""What passes between a channel and the conversation: channel-neutral values, without behaviour.

At the end: how a transcript keeps them, as JSON.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from markupsafe import Markup

COPY_LIMIT = 256
"""Characters that one copy button may carry (Telegram's CopyTextButton)."""
PRESS_LIMIT = 64
"""Bytes of a button's data (Telegram's callback_data)."""
TEXT_LIMIT = 4096
"""Characters of one message after its markup is parsed (Telegram's sendMessage)."""
TOAST_LIMIT = 200
"""Characters of the short notice that answers a press."""
FILE_LIMIT = 20 * 1024 * 1024
"""Bytes of one file that is taken (what Telegram's getFile hands out)."""

Kind = Literal["text", "command", "press", "photo", "document", "video", "sticker", "voice", "other", "job"]
"""``job``: no deed of the person, but the outcome of slow work that was begun for them."""
FileFault = Literal["too_large", "empty", "unknown", "broken", "too_many_pixels", "gone", "full", "quota"]
"""Why a file was not kept. ``unknown``: no kind that is taken, whatever its name says. ``gone``: the channel does not
hand it out any more. ``full``: no room on the disk. ``quota``: the person has used up theirs."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture or file that somebody sent: still with the channel (``ref``), kept already, or refused."""

    ref: str = ""
    """The channel's reference, for fetching it."""
    name: str = ""
    """As the sender's device calls it; for showing only."""
    size: int = 0
    """Bytes; 0 if the channel does not say."""
    type: str = ""
    """Media type; as found in the content once it is kept, before that as it was claimed."""
    kept: str = ""
    """SHA-256 (hex), once it is kept."""
    refused: FileFault | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is handed out: a small one as ``content``, one that is kept by its SHA-256."""

    name: str
    type: str
    content: bytes = b""
    kept: str = ""
    size: int = 0
    """Bytes of a kept one."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that a person did, as the conversation needs to know it."""

    id: str
    """Names the update for good, e.g. ``telegram:8123``; a re-delivered update carries the same id."""
    person: str
    """``<channel>:<address>``, e.g. ``telegram:42``; the address is what the channel sends to."""
    said: datetime
    """When the person did it (aware); relative dates such as 刚刚 count from here, not from when it was read."""
    kind: Kind
    text: str = ""
    """What was typed, a caption, or a command with its argument (``/start c_3``)."""
    press: str = ""
    """The data of the pressed button."""
    message: str = ""
    """The channel's own name of the message that was typed, or on which the pressed button stands."""
    edited: bool = False
    """True if the text replaces what ``message`` said before."""
    attached: Attached | None = None
    album: str = ""
    """Files sent together share this."""
    result: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What slow work brought (kind ``job``): "job" names its kind, the rest is its data and outcome, as JSON."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One button: either it is pressed (``press``) or it copies (``copy``)."""

    label: str
    press: str = ""
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """One message: rich text in Telegram's small HTML subset (b, i, code, pre, blockquote), and rows of buttons."""

    text: Markup
    rows: tuple[tuple[Choice, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A screen and where it goes: into the message whose button was pressed (``edit``) or below as a new one."""

    screen: Screen
    edit: bool = False
    file: Attachment | None = None
    """Comes with the screen, in a new message."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that one Incoming brings back: a notice for the press, and the screens in order."""

    toast: str = ""
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The message is with the channel."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now: the channel is down or asks to wait ``after``."""

    after: timedelta


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The person blocked the bot or is gone; nothing more is sent until they come back."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The channel refuses this very message: a mistake of ours, logged loudly, never tried again."""

    why: str


Delivery = Sent | Retry | Unreachable | Rejected


def file_row(file: Attachment) -> dict[str, Any]:
    """A handed-out file inside a transcript row; a small one is part of the row."""
    named: dict[str, Any] = {"name": file.name, "type": file.type}
    if file.kept:
        return named | {"kept": file.kept, "size": file.size}
    return named | {"data": b64encode(file.content).decode("ascii"), "size": len(file.content)}


def screen_row(screen: Screen) -> dict[str, Any]:
    """A screen inside a transcript row. The text stays the markup that it was: whoever shows it picks from it by an
    allow-list, so that a stricter list holds for old rows too."""
    rows = [
        [{"label": one.label, **({"copy": one.copy} if one.copy else {"press": one.press})} for one in row]
        for row in screen.rows
    ]
    return {"html": str(screen.text), "rows": rows}
