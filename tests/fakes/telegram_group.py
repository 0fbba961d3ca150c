"""A group that the bot was added to."""

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram_person import Message, Person, Press

if TYPE_CHECKING:
    from tests.fakes.telegram_api import FakeTelegram


class Group:
    """A supergroup: what is said there reaches the bot, and the bot may write."""

    def __init__(self, server: "FakeTelegram", number: int, title: str) -> None:
        self._server, self.number, self.title = server, number, title
        self.messages: list[Message] = []
        self.sender: dict[str, Any] = {}
        self.blocked = False

    @property
    def place(self) -> dict[str, Any]:
        """As Telegram describes the chat."""
        return {"id": self.number, "type": "supergroup", "title": self.title}

    @property
    def chat(self) -> list[Message]:
        """What the bot wrote."""
        return [message for message in self.messages if not message.mine]

    async def hears(self, person: Person, text: str) -> Message:
        """Somebody writes in the group."""
        message = Message(self._server.next_message(), text, mine=True, date=self._server.seconds())
        self.messages.append(message)
        self.sender = person.user
        self._server.push("message", self._server.describe(self, message))
        return message

    async def presses(self, person: Person, data: str) -> Press:
        """Somebody presses a button in the group."""
        message = Message(self._server.next_message(), "x", date=self._server.seconds())
        self.sender = self._server.me
        return self._server.press(person, message, self._server.describe(self, message), data)
