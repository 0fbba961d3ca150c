"""The two ways in which a screen gets into a chat: as a new message, or in place of an old one."""

from telegram.error import BadRequest

from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import is_not_editable, is_unchanged
from bot.channels.telegram.pacing import Priority
from bot.messages import Screen


async def replace_screen(api: Api, chat: int, message: int, screen: Screen) -> int:
    """Put the screen into the message, or into a new one if that cannot be: it is gone, or it is a file, whose caption
    says what the file is. Returns the number of the message that shows it now. Raises TelegramError."""
    try:
        await api.edit(chat, message, screen)
    except BadRequest as error:
        if is_not_editable(error):
            return await api.send(chat, screen, Priority.REPLY)
        if not is_unchanged(error):
            raise
    return message
