"""The two ways in which a screen gets into a chat: as a new message, or in place of an old one."""

from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.channels.telegram.errors import is_not_editable, is_unchanged
from bot.channels.telegram.pacing import Priority
from bot.channels.telegram.render import NO_PREVIEW, keyboard
from bot.messages import Screen

TelegramBot = ExtBot[Priority]


async def send_screen(bot: TelegramBot, chat: int, screen: Screen, priority: Priority) -> int:
    """One new message. Returns its number. Raises TelegramError."""
    message = await bot.send_message(
        chat,
        str(screen.text),
        parse_mode=ParseMode.HTML,
        link_preview_options=NO_PREVIEW,
        reply_markup=keyboard(screen),
        rate_limit_args=priority,
    )
    return message.message_id


async def replace_screen(bot: TelegramBot, chat: int, message: int, screen: Screen) -> int:
    """Put the screen into the message, or into a new one if that cannot be: it is gone, or it is a file, whose caption
    says what the file is. Returns the number of the message that shows it now. Raises TelegramError."""
    try:
        await bot.edit_message_text(
            str(screen.text),
            chat_id=chat,
            message_id=message,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard(screen),
            rate_limit_args=Priority.REPLY,
        )
    except BadRequest as error:
        if is_not_editable(error):
            return await send_screen(bot, chat, screen, Priority.REPLY)
        if not is_unchanged(error):
            raise
    return message
