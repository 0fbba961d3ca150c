"""Telegram's updates as the conversation knows them. No decision is taken here."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from telegram import Message, PhotoSize, Update
from telegram.ext import filters

from bot.messages import FILE_LIMIT, Attached, Incoming, Kind

PHOTO: Final = "image/jpeg"
"""What Telegram makes of every picture that is not sent as a file."""
ROUND_VIDEO: Final = "video/mp4"
"""Always, see VideoNote in the Bot API."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What no database takes: JSON may hold half a character, where a client cut a text in its middle."""


class Mark(NamedTuple):
    """Tells what a message holds from what it held, without keeping a word of it."""

    text: int
    file: str


class Content(NamedTuple):
    """What a message holds."""

    kind: Kind
    text: str = ""
    attached: Attached | None = None
    unique: str = ""
    """Names the content of the file: the same for every reference to it."""

    @property
    def mark(self) -> Mark:
        """Another one if a person would see a change."""
        return Mark(hash(self.text), self.unique)


def person_of(chat: int) -> str:
    """A private chat has the number of its person."""
    return f"telegram:{chat}"


def parse(update: Update, now: datetime, before: Mark | None = None) -> Incoming | None:
    """What the person did in a private chat, or None if there is nothing to answer: a kind of update that is not
    known, a notice of Telegram itself (a pinned message), an edit in which a person would see no change.

    ``before`` is what an edited message held so far, if that is known.
    """
    message = update.message or update.edited_message
    if message is None or filters.StatusUpdate.ALL.check_update(update):
        return None
    content = read(message)
    if update.message is None:
        edited = _edited(content, before)
        return None if edited is None else _incoming(update.update_id, message, edited, edited=True)
    return _incoming(update.update_id, message, content, edited=False)


def read(message: Message) -> Content:
    """What the message holds now."""
    caption = _storable(message.caption or "")
    if message.text is not None:
        text = _storable(message.text)
        return Content("command", _command(text)) if text.startswith("/") else Content("text", text)
    if message.photo:
        return _with_file("photo", caption, _largest(message.photo), media_type=PHOTO)
    # Telegram also fills ``document`` for an animation.
    moving = message.animation or message.video
    if moving:
        return _with_file("video", caption, moving, moving.file_name, moving.mime_type)
    if message.video_note:
        return _with_file("video", caption, message.video_note, media_type=ROUND_VIDEO)
    document = message.document
    if document:
        return _with_file("document", caption, document, document.file_name, document.mime_type)
    if message.sticker:
        return Content("sticker")
    return Content("voice" if message.voice or message.audio else "other", caption)


class _File(Protocol):
    file_id: str
    file_unique_id: str
    file_size: int | None


def _with_file(kind: Kind, caption: str, file: _File, name: str | None = "", media_type: str | None = "") -> Content:
    size = file.file_size or 0
    attached = Attached(
        ref=file.file_id,
        # A name may hold signs that turn the direction of writing or break lines; none of them can be seen.
        name="".join(char for char in name or "" if char.isprintable()).strip(),
        size=size,
        type=_storable(media_type or ""),
        refused="too_large" if size > FILE_LIMIT else None,
    )
    return Content(kind, caption, attached, file.file_unique_id)


def _largest(sizes: Sequence[PhotoSize]) -> PhotoSize:
    return max(sizes, key=lambda size: size.width * size.height)


def parse_press(update: int, chat: int, message: int, data: str, now: datetime) -> Incoming:
    """A press in a private chat."""
    return Incoming(
        id=f"telegram:{update}",
        person=person_of(chat),
        said=now,
        kind="press",
        press=_storable(data),
        message=str(message),
    )


def _edited(content: Content, before: Mark | None) -> Content | None:
    """What an edit says, None if nothing. Telegram also calls it an edit when it adds something itself, such as a
    translation, and for a live location every few seconds."""
    if before == content.mark:
        return None
    same_file = before is None or before.file == content.unique
    if content.attached is None or not same_file:
        return content if content.text or content.attached else None
    # The file is known; what is new are the words beneath it.
    return Content("text", content.text) if content.text else None


def _incoming(update_id: int, message: Message, content: Content, *, edited: bool) -> Incoming:
    return Incoming(
        id=f"telegram:{update_id}",
        person=person_of(message.chat.id),
        said=message.date,
        kind=content.kind,
        text=content.text,
        message=str(message.message_id),
        edited=edited,
        attached=content.attached,
        album=(content.attached and message.media_group_id) or "",
    )


def is_sound(update: Update) -> bool:
    """Whether what is read of it here has the type that it should have: PTB takes whatever the JSON holds."""
    message = update.message or update.edited_message
    if message is None:
        change = update.my_chat_member
        return change is None or (is_numbered(change.chat.id) and isinstance(change.new_chat_member.status, str))
    words = (message.text, message.caption, message.media_group_id)
    files = (*message.photo, message.document, message.video, message.animation, message.video_note)
    return (
        is_numbered(message.message_id, message.chat.id)
        and isinstance(message.date, datetime)
        and all(isinstance(each, str | None) for each in words)
        and all(file is None or _is_sound_file(file) for file in files)
    )


def _is_sound_file(file: Any) -> bool:
    words = (file.file_id, file.file_unique_id, getattr(file, "file_name", ""), getattr(file, "mime_type", ""))
    numbers = (file.file_size or 0, getattr(file, "width", 0), getattr(file, "height", 0))
    return all(isinstance(each, str | None) for each in words) and is_numbered(*numbers) and bool(file.file_id)


def is_numbered(*numbers: object) -> bool:
    """Whether all are whole numbers, and none of them a truth value."""
    return all(type(each) is int for each in numbers)


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)


def _command(text: str) -> str:
    """``/start@our_bot c_3`` -> ``/start c_3``."""
    name, space, argument = text.partition(" ")
    return name.partition("@")[0] + space + argument
