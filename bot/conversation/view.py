"""What a place shows: rich text and options, before they become buttons with a revision."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from bot.messages import Attachment


@dataclass(frozen=True, slots=True)
class Option:
    """One button. ``action`` names a place (browsing) or an act; ``copy`` is text to copy instead.

    ``words`` are further spellings that a person may type for it.
    """

    label: str
    action: str = ""
    copy: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A place as it looks now. ``kept`` views are never edited away: words to copy, reminders, results."""

    text: Markup
    rows: Sequence[Sequence[Option]] = field(default=())
    kept: bool = False
    file: Attachment | None = None
    """Handed out with it; then it is a new message."""


def pairs(options: Sequence[Option], width: int = 2) -> list[list[Option]]:
    """Options in rows of that width; a label over 8 characters gets a row of its own."""
    rows: list[list[Option]] = []
    for option in options:
        if rows and len(rows[-1]) < width and len(option.label) <= 8 and len(rows[-1][-1].label) <= 8:
            rows[-1].append(option)
        else:
            rows.append([option])
    return rows


def lines(*parts: Markup | str) -> Markup:
    """Non-empty parts, one per line; plain strings are escaped."""
    return Markup("\n").join(part for part in parts if part)
