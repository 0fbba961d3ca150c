"""Telegram's updates as the conversation knows them. No decision is taken here."""

from datetime import datetime
from typing import NamedTuple

from telegram import CallbackQuery, Message, Update
from telegram.ext import filters

from bot.messages import Incoming, Kind


class _Content(NamedTuple):
    kind: Kind
    text: str = ""
    file: str = ""


def person_of(chat: int) -> str:
    """A private chat has the number of its person."""
    return f"telegram:{chat}"


def parse(update: Update, now: datetime) -> Incoming | None:
    """What the person did in a private chat, or None if there is nothing to answer: a kind of update that is not
    known, a notice of Telegram itself (a pinned message), an edit that leaves neither words nor a file."""
    if update.callback_query is not None:
        return _press(update.update_id, update.callback_query, now)
    message = update.message or update.edited_message
    if message is None or filters.StatusUpdate.ALL.check_update(update):
        return None
    return _message(update.update_id, message, edited=update.message is None)


def _press(update_id: int, query: CallbackQuery, now: datetime) -> Incoming | None:
    # A message that has become inaccessible still has its chat and number; one of inline mode has neither.
    if query.message is None or query.data is None:
        return None
    return Incoming(
        id=f"telegram:{update_id}",
        person=person_of(query.message.chat.id),
        said=now,
        kind="press",
        press=query.data,
        message=str(query.message.message_id),
    )


def _message(update_id: int, message: Message, *, edited: bool) -> Incoming | None:
    content = _content(message)
    if edited and not content.text and content.kind not in ("photo", "document"):
        return None  # a live location, for example, is "edited" every few seconds
    return Incoming(
        id=f"telegram:{update_id}",
        person=person_of(message.chat.id),
        said=message.date,
        kind=content.kind,
        text=content.text,
        message=str(message.message_id),
        edited=edited,
        file=content.file,
        album=message.media_group_id or "",
    )


def _content(message: Message) -> _Content:
    caption = message.caption or ""
    if message.text is not None:
        is_command = message.text.startswith("/")
        return _Content("command", _command(message.text)) if is_command else _Content("text", message.text)
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return _Content("photo", caption, largest.file_id)
    if message.animation or message.video:
        # Telegram also fills ``document`` for an animation.
        moving = message.animation or message.video
        return _Content("other", caption, moving.file_id if moving else "")
    if message.document:
        return _Content("document", caption, message.document.file_id)
    if message.sticker:
        return _Content("sticker", file=message.sticker.file_id)
    spoken = message.voice or message.video_note or message.audio
    if spoken:
        return _Content("voice", caption, spoken.file_id)
    return _Content("other", caption)


def _command(text: str) -> str:
    """``/start@our_bot c_3`` -> ``/start c_3``."""
    name, space, argument = text.partition(" ")
    return name.partition("@")[0] + space + argument
