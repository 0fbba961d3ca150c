"""What Telegram shows of the bot itself: the command menu and the descriptions."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from telegram import Bot, BotCommandScopeAllPrivateChats
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.telegram.errors import FloodError, describe, reason
from bot.channels.telegram.settings import Texts
from bot.telemetry import get_logger

log = get_logger(__name__)


async def introduce(
    bot: Bot, token: str, commands: Sequence[tuple[str, str]], texts: Texts, backoff: Sequence[float]
) -> None:
    """Set the menu (in private chats: the bot works nowhere else) and the descriptions; tried until Telegram takes or
    refuses them. Nothing depends on it."""
    steps: list[Callable[[], Awaitable[object]]] = []
    if commands:
        steps.append(lambda: bot.set_my_commands(list(commands), scope=BotCommandScopeAllPrivateChats()))
    if texts.description:
        steps.append(lambda: bot.set_my_description(texts.description))
    if texts.short_description:
        steps.append(lambda: bot.set_my_short_description(texts.short_description))
    for step in steps:
        await _until_taken(step, token, backoff)


async def _until_taken(step: Callable[[], Awaitable[object]], token: str, backoff: Sequence[float]) -> None:
    failures = 0
    while True:
        try:
            await step()
            return
        except BadRequest as error:
            log.error("introduction_rejected", reason=reason(error))
            return
        except InvalidToken:
            return
        except TelegramError as error:
            log.debug("introduction_failed", error=describe(error, token))
            pause = backoff[min(failures, len(backoff) - 1)]
            failures += 1
            await asyncio.sleep(max(pause, error.seconds) if isinstance(error, FloodError) else pause)
