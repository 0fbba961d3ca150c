"""What Telegram sent, as objects: PTB's, but for a press, which is the most frequent and needs five values of it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from telegram import Update
from telegram.constants import ChatType

from bot.channels.telegram.parsing import is_numbered, is_sound
from bot.telemetry import get_logger

log = get_logger(__name__)


class Received(NamedTuple):
    """An update as it came, and its number."""

    update_id: int
    sent: dict[str, Any]


class Place(NamedTuple):
    """The chat that an update belongs to."""

    chat: int
    private: bool


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button was pressed. For the whole message on which it stands PTB needs longer than for all else of a step, and
    where that is, is all that is read of it."""

    update_id: int
    query: str
    place: Place | None
    """None: a message of inline mode, which is in no chat of ours."""
    message: int
    data: str | None


def read_update(received: Received) -> Update | Pressed:
    """An update as Telegram sends it; an empty one with its number if PTB or we could not read it."""
    number, sent = received
    query = sent.get("callback_query")
    try:
        if query is not None:
            return _pressed(number, query)
        update = Update.de_json(sent, None)
        if is_sound(update):
            return update
        why = "a value of another type"
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        # The last two come of dates out of any calendar.
        why = type(error).__name__
    log.error("update_unreadable", update=number, error=why)
    return Update(number)


def place_of(update: object) -> Place | None:
    """Where it happened; None for what belongs to no chat."""
    if isinstance(update, Pressed):
        return update.place
    chat = update.effective_chat if isinstance(update, Update) else None
    return None if chat is None else Place(chat.id, chat.type == ChatType.PRIVATE)


def _pressed(number: int, query: dict[str, Any]) -> Pressed:
    name, data, message = query["id"], query.get("data"), query.get("message")
    if not isinstance(name, str) or not isinstance(data, str | None):
        raise TypeError
    if message is None:
        return Pressed(number, name, None, 0, data)
    chat, place = message["chat"], message["message_id"]
    if not is_numbered(chat["id"], place):
        raise TypeError
    return Pressed(number, name, Place(chat["id"], chat["type"] == ChatType.PRIVATE), place, data)
