"""What Telegram refuses, in its words: lengths, keyboards, rates."""

import json
from collections import deque
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

from tests.fakes.telegram_html import RefusedError, Rich, parse_html, utf16

TEXT: Final = 4096
CAPTION: Final = 1024
TOAST: Final = 200
COPY: Final = 256
DATA_BYTES: Final = 64
ROW: Final = 8
BUTTONS: Final = 100


def rich_text(params: dict[str, Any], key: str, limit: int, too_long: str) -> Rich:
    """The text of a message without its markup. Raises RefusedError."""
    source = str(params.get(key, ""))
    mode = params.get("parse_mode")
    if mode not in (None, "", "HTML"):
        raise RefusedError("unsupported parse_mode")
    rich = parse_html(source) if mode == "HTML" else Rich(source)
    if utf16(rich.text) > limit:
        raise RefusedError(too_long)
    if key == "text" and not rich.text.strip():
        raise RefusedError("message text is empty")
    return rich


def inline_keyboard(params: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The rows of buttons; none if there is no keyboard. Raises RefusedError."""
    raw = params.get("reply_markup")
    if not raw:
        return []
    markup = json.loads(raw) if isinstance(raw, str) else raw
    if set(markup) != {"inline_keyboard"}:
        raise RefusedError("this fake takes inline keyboards only: the bot sends no other")
    rows: list[list[dict[str, Any]]] = markup["inline_keyboard"]
    if sum(len(row) for row in rows) > BUTTONS or any(len(row) > ROW for row in rows):
        raise RefusedError("reply_markup is too long")
    for row in rows:
        for button in row:
            _check(button)
    return [row for row in rows if row]


def _check(button: dict[str, Any]) -> None:
    if not str(button.get("text", "")).strip():
        raise RefusedError("BUTTON_TEXT_INVALID")
    actions = set(button) - {"text", "style", "icon_custom_emoji_id"}
    if len(actions) != 1:
        raise RefusedError("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in actions and not 1 <= len(str(button["callback_data"]).encode()) <= DATA_BYTES:
        raise RefusedError("BUTTON_DATA_INVALID")
    if "copy_text" in actions and not 1 <= utf16(str(button["copy_text"].get("text", ""))) <= COPY:
        raise RefusedError("BUTTON_COPY_TEXT_INVALID")


@dataclass
class Rates:
    """Telegram's speed limits; off until a test sets them, as (messages, seconds)."""

    per_chat: tuple[int, float] | None = None
    overall: tuple[int, float] | None = None
    _sent: dict[int | None, deque[float]] = field(default_factory=dict)

    def refused_for(self, chat: int, now: float) -> int:
        """Count a message. Returns the seconds to wait, 0 if it may pass."""
        windows = [(key, limit) for key, limit in ((chat, self.per_chat), (None, self.overall)) if limit is not None]
        for key, (count, seconds) in windows:
            sent = self._sent.setdefault(key, deque())
            while sent and sent[0] <= now - seconds:
                sent.popleft()
            if len(sent) >= count:
                return max(1, ceil(sent[0] + seconds - now))
        for key, _ in windows:
            self._sent[key].append(now)
        return 0
