"""What Telegram's errors mean for us, and what of them may be written down."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Final

from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.messages import Delivery, Rejected, Retry, Unreachable
from bot.telemetry import get_logger, redact, tellable

log = get_logger(__name__)

SOON: Final = timedelta(seconds=15)
"""When to try again if Telegram is out of reach and names no time."""

_GONE = ("chat not found", "user not found", "peer_id_invalid", "user_deactivated", "input_user_deactivated")
_NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
_TOO_LARGE = ("file is too big", "entity too large")
_NO_PICTURE = ("photo", "image")
_KNOWN = (
    "can't parse entities",
    "message is too long",
    "message_too_long",
    "message caption is too long",
    "message text is empty",
    "file must be non-empty",
    "button_data_invalid",
    "button_text_invalid",
    "reply_markup",
    "can't parse inline keyboard button",
)
"""Beginnings that say what is wrong; what follows them may quote the message, so only these are passed on."""


class FloodError(TelegramError):
    """429: Telegram asks to wait. In place of PTB's RetryAfter, which warns of its own future at each creation."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many requests, retry after {seconds:g} s")
        self.seconds = seconds


def is_unchanged(error: BadRequest) -> bool:
    """The edit would have changed nothing, so the screen is already there."""
    return "message is not modified" in error.message.lower()


def is_not_editable(error: BadRequest) -> bool:
    """The message is gone or cannot be edited any more: a new one has to take its place."""
    return any(words in error.message.lower() for words in _NOT_EDITABLE)


def is_too_large(error: BadRequest) -> bool:
    """The file is over what getFile hands out, or what may be sent."""
    return any(words in error.message.lower() for words in _TOO_LARGE)


def is_no_picture(error: BadRequest) -> bool:
    """Telegram does not take it as a photo: too long and narrow, too large, or of a make that it cannot read."""
    return any(words in error.message.lower() for words in _NO_PICTURE)


def is_gone(error: TelegramError) -> bool:
    """The person blocked the bot, deleted the account, or never opened the chat."""
    if isinstance(error, BadRequest):
        return any(words in error.message.lower() for words in _GONE)
    return isinstance(error, Forbidden)


def reason(error: BadRequest) -> str:
    """Why Telegram refused a message, without anything of the message."""
    message = error.message.lower()
    return next((words for words in _KNOWN if words in message), "bad request")


def outcome(error: TelegramError, refused_retry: float) -> Delivery:
    """What a failed send means for a reminder. ``refused_retry``: seconds to wait while the token is refused."""
    if is_gone(error):
        return Unreachable()
    if isinstance(error, BadRequest):
        return Rejected(reason(error))
    if isinstance(error, FloodError):
        return Retry(timedelta(seconds=error.seconds))
    if isinstance(error, InvalidToken):
        return Retry(timedelta(seconds=refused_retry))
    return Retry(SOON)


def describe(error: BaseException, token: str) -> str:
    """One short line for the log, without the token (the URLs in the texts of HTTP errors hold it) and without what
    is quoted of a message."""
    text = tellable(error).replace(token, "[token]")
    return redact(f"{type(error).__name__}: {text}")[:200]


async def guarded(work: Awaitable[object], event: str) -> bool:
    """Run ``work``; log whatever it raises. The one place where an unexpected error ends, so that a mistake in one
    update stops neither its chat nor the channel. Returns whether it went well."""
    try:
        await work
    except Exception as error:
        log.error(event, exc_info=error)
        return False
    return True
