"""Hands files out: with the screen as caption, or with a sentence in the file's place."""

import asyncio
from io import BytesIO
from os import SEEK_END
from typing import BinaryIO, Final

from markupsafe import Markup, escape
from telegram import InputFile
from telegram.constants import FileSizeLimit, MessageLimit, ParseMode
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import is_gone, is_no_picture, is_too_large, reason
from bot.channels.telegram.pacing import Priority
from bot.channels.telegram.render import file_name, keyboard, length
from bot.channels.telegram.settings import Texts
from bot.messages import Attachment, Reply, Screen
from bot.ports import Files
from bot.telemetry import get_logger

log = get_logger(__name__)

PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What Telegram shows in the chat when it is sent as a photo."""


def parts(reply: Reply) -> tuple[Reply, ...]:
    """The messages of a reply. A screen that is too long for a caption comes first, on its own."""
    if reply.file is None or length(reply.screen.text) <= MessageLimit.CAPTION_LENGTH:
        return (reply,)
    return (Reply(reply.screen), Reply(Screen(Markup("")), file=reply.file))


class Uploads:
    """``patience``: seconds that Telegram may take over a file that it has received."""

    def __init__(self, bot: ExtBot[Priority], api: Api, files: Files, texts: Texts, patience: float) -> None:
        self._bot, self._api, self._files, self._texts, self._patience = bot, api, files, texts, patience

    async def send(self, chat: int, screen: Screen, file: Attachment) -> None:
        """One new message. Raises TelegramError."""
        sentence = await self._try(chat, screen, file)
        if sentence is None:
            return
        text = Markup("\n\n").join(one for one in (screen.text, escape(sentence)) if one)
        if text:
            await self._api.send(chat, Screen(text, screen.rows), Priority.REPLY)

    async def _try(self, chat: int, screen: Screen, file: Attachment) -> str | None:
        """Returns the sentence that has to be said in place of the file, if it was not sent."""
        content = await asyncio.to_thread(self._open, file)
        if content is None:
            log.warning("file_gone", type=file.type)
            return self._texts.file_gone
        with content:
            size = content.seek(0, SEEK_END)
            if size > FileSizeLimit.FILESIZE_UPLOAD:
                return self._texts.file_too_large
            try:
                await self._send(chat, screen, file, content, size)
            except BadRequest as error:
                if is_gone(error):
                    raise
                log.error("file_rejected", type=file.type, reason=reason(error))
                return self._texts.file_too_large if is_too_large(error) else self._texts.file_gone
        return None

    def _open(self, file: Attachment) -> BinaryIO | None:
        """The content from its beginning; None if there is none."""
        if not file.kept:
            return BytesIO(file.content) if file.content else None
        try:
            return self._files.path(file.kept).open("rb")
        except (OSError, ValueError):
            return None

    async def _send(self, chat: int, screen: Screen, file: Attachment, content: BinaryIO, size: int) -> None:
        # With read_file_handle PTB would hold the whole file in memory. The content is read from its beginning at
        # every attempt.
        upload = InputFile(content, filename=file_name(file.name), read_file_handle=False)
        upload.mimetype = file.type
        caption, buttons = str(screen.text) or None, {"reply_markup": keyboard(screen)}
        if file.type in PICTURES and size <= FileSizeLimit.PHOTOSIZE_UPLOAD:
            try:
                await self._bot.send_photo(
                    chat,
                    upload,
                    caption=caption,
                    parse_mode=ParseMode.HTML,
                    api_kwargs=buttons,
                    read_timeout=self._patience,
                    rate_limit_args=Priority.REPLY,
                )
                return
            except BadRequest as error:
                if not is_no_picture(error):
                    raise
        await self._bot.send_document(
            chat,
            upload,
            caption=caption,
            parse_mode=ParseMode.HTML,
            api_kwargs=buttons,
            # What is handed out stays what it is, also a film, which Telegram would otherwise send as one.
            disable_content_type_detection=True,
            read_timeout=self._patience,
            rate_limit_args=Priority.REPLY,
        )
