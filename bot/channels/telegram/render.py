"""A screen as Telegram takes it."""

import re
from html import unescape
from typing import Any, Final

from markupsafe import Markup

from bot.messages import Choice, Screen

NAME_LIMIT: Final = 100
"""Characters of a file's name. Our choice; Telegram publishes no figure."""

_TAG = re.compile(r"<[^>]*>")
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|]')


def keyboard(screen: Screen) -> dict[str, Any] | None:
    """The buttons under a message, an InlineKeyboardMarkup of the Bot API as it travels; None for a screen without
    choices (which takes away those of an edited one)."""
    rows = [[_button(choice) for choice in row] for row in screen.rows if row]
    return {"inline_keyboard": rows} if rows else None


def length(text: Markup) -> int:
    """How long Telegram finds the text: without its markup, in UTF-16 units, in which an emoji counts two."""
    return len(unescape(_TAG.sub("", text)).encode("utf-16-le", "surrogatepass")) // 2


def file_name(name: str) -> str:
    """A name that every system can save a file under: one line, no signs with a meaning in paths, not too long, its
    ending kept."""
    plain = _NOT_IN_NAMES.sub("_", "".join(char for char in name if char.isprintable())).strip()
    if len(plain) <= NAME_LIMIT:
        return plain
    stem, dot, ending = plain.rpartition(".")
    if not stem or len(ending) > NAME_LIMIT // 10:
        return plain[:NAME_LIMIT]
    return stem[: NAME_LIMIT - len(dot + ending)] + dot + ending


def _button(choice: Choice) -> dict[str, Any]:
    if choice.copy:
        return {"text": choice.label, "copy_text": {"text": choice.copy}}
    return {"text": choice.label, "callback_data": choice.press}
