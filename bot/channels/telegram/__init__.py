"""Telegram as a channel: the only package that knows python-telegram-bot."""

from bot.channels.telegram.adapter import Fatal, TelegramChannel
from bot.channels.telegram.settings import Texts, Timing

__all__ = ["Fatal", "TelegramChannel", "Texts", "Timing"]
