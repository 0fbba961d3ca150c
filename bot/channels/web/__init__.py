"""The web channel: a chat page of our own, its transcript in the store."""

from bot.channels.web.errors import CannotListenError, PasswordNeededError, PortTakenError
from bot.channels.web.server import WebChannel
from bot.channels.web.settings import CaseText, Limits, Rate, Timing

__all__ = [
    "CannotListenError",
    "CaseText",
    "Limits",
    "PasswordNeededError",
    "PortTakenError",
    "Rate",
    "Timing",
    "WebChannel",
]
