"""A person in front of Telegram, for tests that read like a transcript."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram_files import File

if TYPE_CHECKING:
    from tests.fakes.telegram_api import FakeTelegram


@dataclass(frozen=True)
class Button:
    """One inline button: pressed (``press``) or copied (``copy``)."""

    text: str
    press: str = ""
    copy: str = ""


@dataclass
class Message:
    """One message of a chat as it stands there now."""

    id: int
    text: str
    html: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[Button]] = field(default_factory=list)
    markup: list[list[dict[str, Any]]] = field(default_factory=list)
    mine: bool = False
    """The person wrote it."""
    edited: int = 0
    deleted: bool = False
    revision: int = 0
    """When it last changed, in steps of the server."""
    date: int = 0
    file: File | None = None
    """The picture or file that comes with it; the text is its caption then."""

    @property
    def buttons(self) -> list[str]:
        """The labels, row after row."""
        return [button.text for row in self.rows for button in row]

    def button(self, label: str) -> Button | None:
        """The button with this label, else the first that contains it."""
        found = [button for row in self.rows for button in row if label in button.text]
        return next((button for button in found if button.text == label), found[0] if found else None)


@dataclass
class Press:
    """A press under way: how the bot answers the query."""

    query: str
    message: Message
    at: float
    answered: bool = False
    toast: str = ""
    after: float = 0.0
    """Seconds until the bot answered."""


class Person:
    """``number`` is the user and the private chat. Everything that is done here returns at once with the thing done;
    ``sees`` and ``presses`` wait for the bot, and fail with the chat as it stands if it does not come."""

    def __init__(self, server: "FakeTelegram", number: int, name: str) -> None:
        self._server = server
        self.number, self.name = number, name
        self.messages: list[Message] = []
        self.blocked = False
        self._mark = 0
        self._files = 0

    @property
    def chat(self) -> list[Message]:
        """The bot's messages, oldest first."""
        return [message for message in self.messages if not message.mine and not message.deleted]

    @property
    def user(self) -> dict[str, Any]:
        """As Telegram describes the person."""
        return {"id": self.number, "is_bot": False, "first_name": self.name, "language_code": "zh-hans"}

    @property
    def place(self) -> dict[str, Any]:
        """As Telegram describes the private chat."""
        return {"id": self.number, "type": "private", "first_name": self.name}

    async def says(self, text: str) -> Message:
        """Type a text or a command."""
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text[:1] == "/" else []
        return self._sends({"text": text, **({"entities": entities} if entities else {})}, text)

    async def sends(self, kind: str, **fields: Any) -> Message:
        """Send anything else: ``sends("sticker")``, ``sends("voice")``, ``sends("location", latitude=1.0, ...)``."""
        if kind in _FIELDS:
            return self._sends_file(self._file(kind, None))
        return self._sends({kind: fields}, "")

    async def sends_photo(
        self, caption: str = "", album: str = "", content: bytes | None = None, size: int | None = None
    ) -> Message:
        """One picture, which Telegram hands on in two sizes; with the same ``album`` they belong together."""
        return self._sends_file(self._file("photo", content, size=size), caption, album)

    async def sends_document(
        self,
        name: str = "a.pdf",
        caption: str = "",
        album: str = "",
        content: bytes | None = None,
        type: str = "application/pdf",  # noqa: A002
        size: int | None = None,
    ) -> Message:
        """One file as it is."""
        return self._sends_file(self._file("document", content, name=name, type=type, size=size), caption, album)

    async def sends_video(
        self, caption: str = "", album: str = "", content: bytes | None = None, size: int | None = None
    ) -> Message:
        """One film."""
        file = self._file("video", content, name="IMG_0001.MOV", type="video/quicktime", size=size)
        return self._sends_file(file, caption, album)

    async def album(self, contents: Sequence[bytes], caption: str = "") -> list[Message]:
        """2 to 10 pictures at once: Telegram makes a message of each, and the caption goes with the first."""
        assert 2 <= len(contents) <= 10
        album = f"137{self._server.next_message()}"
        captions = [caption] + [""] * (len(contents) - 1)
        return [
            await self.sends_photo(words, album, content) for words, content in zip(captions, contents, strict=True)
        ]

    async def edits(self, message: Message, text: str | None = None, content: bytes | None = None) -> None:
        """Correct the words of a message of one's own, or exchange its picture. With neither Telegram notes an edit
        in which nobody sees a change."""
        if text is not None:
            message.text = text
        if content is not None:
            message.file = self._file("photo", content)
            self._server.contents[message.id] |= content_of(message.file)
        message.edited += 1
        self._act()
        payload = self._server.describe(self, message) | {"edit_date": self._server.seconds()}
        self._server.push("edited_message", payload)

    async def presses(self, label: str, message: Message | None = None) -> Press:
        """Press the button with this label: in ``message``, else in the newest message that has it (waits for one)."""

        def find() -> tuple[Message, Button] | None:
            for one in [message] if message else reversed(self.chat):
                button = one.button(label)
                if button is not None and button.press:
                    return one, button
            return None

        await self._server.until(find, lambda: f"no button {label!r}\n{self.transcript()}")
        found = find()
        assert found is not None
        return await self.forges(found[1].press, found[0])

    async def forges(self, data: str, message: Message | None = None, *, inaccessible: bool = False) -> Press:
        """Press with any data, in any message (by default the bot's last). ``inaccessible``: the message is so old
        that Telegram sends only its number."""
        target = message or self.chat[-1]
        self._act()
        if inaccessible:
            described: dict[str, Any] = {"chat": self.place, "message_id": target.id, "date": 0}
        else:
            described = self._server.describe(self, target)
        return self._server.press(self, target, described, data)

    async def sees(self, *parts: str, since: int | None = None) -> Message:
        """Wait for a message of the bot that came or changed after this person last did something, holding all
        ``parts`` (in its text or on its buttons)."""
        mark = self._mark if since is None else since

        def find() -> Message | None:
            for one in reversed(self.chat):
                whole = "\n".join([one.text, *one.buttons])
                if one.revision > mark and all(part in whole for part in parts):
                    return one
            return None

        await self._server.until(find, lambda: f"{parts!r} did not come\n{self.transcript()}")
        found = find()
        assert found is not None
        return found

    async def answered(self, press: Press) -> Press:
        """Wait until the bot has answered the query of a press."""
        await self._server.until(lambda: press.answered, lambda: "the press was not answered")
        return press

    def copies(self, label: str) -> str:
        """What the copy button puts into the clipboard."""
        buttons = [one.button(label) for one in reversed(self.chat)]
        return next(button.copy for button in buttons if button is not None and button.copy)

    async def deletes(self, message: Message) -> None:
        """Remove a message from the chat; no bot is told of that."""
        message.deleted = True

    async def blocks(self) -> None:
        """Block the bot."""
        self.blocked = True
        self._membership("member", "kicked")

    async def unblocks(self) -> None:
        """Allow it again."""
        self.blocked = False
        self._membership("kicked", "member")

    def transcript(self) -> str:
        """The whole chat in words, for a failed test and for a note."""
        lines = []
        for one in self.messages:
            lines.append(f"{'我' if one.mine else 'bot'} #{one.id}{' (edited)' if one.edited else ''}: {one.text}")
            lines += ["    " + "  ".join(f"[{button.text}]" for button in row) for row in one.rows]
        return "\n".join(lines)

    def _file(self, kind: str, content: bytes | None, **described: Any) -> File:
        self._files += 1
        content = f"{kind} {self._files} of {self.number}".encode() if content is None else content
        return self._server.files.add(kind, content, id=f"{kind}-{self.number}-{self._files}", **described)

    def _sends_file(self, file: File, caption: str = "", album: str = "") -> Message:
        if file.kind == "photo":
            self._server.files.add("photo", b"small", id=f"{file.id}-small")
        return self._sends(content_of(file) | ({"media_group_id": album} if album else {}), caption, file)

    def _sends(self, content: dict[str, Any], text: str, file: File | None = None) -> Message:
        self._act()
        message = Message(self._server.next_message(), text, mine=True, date=self._server.seconds(), file=file)
        self.messages.append(message)
        self._server.contents[message.id] = content
        self._server.push("message", self._server.describe(self, message))
        return message

    def _act(self) -> None:
        self._mark = self._server.revision

    def _membership(self, old: str, new: str) -> None:
        bot = self._server.me
        self._server.push(
            "my_chat_member",
            {
                "chat": self.place,
                "from": self.user,
                "date": self._server.seconds(),
                "old_chat_member": {"user": bot, **_STATUS[old]},
                "new_chat_member": {"user": bot, **_STATUS[new]},
            },
        )


def content_of(file: File) -> dict[str, Any]:
    """The part of a message that holds the file."""
    described = file.described() | _FIELDS.get(file.kind, {})
    if file.kind == "photo":
        small = {"file_id": f"{file.id}-small", "file_unique_id": f"{file.unique}s", "file_size": 5}
        return {"photo": [small | {"width": 90, "height": 90}, described | {"width": 1280, "height": 1280}]}
    if file.kind == "animation":
        return {"animation": described, "document": file.described()}
    return {file.kind: described}


_STATUS: dict[str, dict[str, Any]] = {
    "member": {"status": "member"},
    "left": {"status": "left"},
    "kicked": {"status": "kicked", "until_date": 0},
}
_FIELDS: dict[str, dict[str, Any]] = {
    "sticker": {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular", "emoji": "😡"},
    "voice": {"duration": 3},
    "video_note": {"duration": 3, "length": 240},
    "audio": {"duration": 3},
    "video": {"duration": 3, "width": 640, "height": 480},
    "animation": {"duration": 3, "width": 640, "height": 480},
}
