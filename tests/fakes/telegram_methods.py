"""The methods of the Bot API that the bot uses."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.fakes import telegram_limits as limits
from tests.fakes.telegram_files import File
from tests.fakes.telegram_html import ApiError, RefusedError, Rich, utf16
from tests.fakes.telegram_person import Button, Message, Person, content_of

if TYPE_CHECKING:
    from tests.fakes.telegram_api import FakeTelegram
    from tests.fakes.telegram_group import Group

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Methods:
    """One method here for one of the API, found by its name."""

    def __init__(self, server: "FakeTelegram") -> None:
        self._server = server
        self._known: dict[str, Callable[[dict[str, Any]], Any]] = {
            "getMe": lambda _: server.me,
            "deleteWebhook": lambda _: True,
            "sendChatAction": lambda _: True,
            "sendMessage": self._send_message,
            "sendPhoto": lambda params: self._send_file(params, "photo"),
            "sendDocument": lambda params: self._send_file(params, "document"),
            "editMessageText": self._edit,
            "editMessageReplyMarkup": self._edit,
            "deleteMessage": self._delete,
            "answerCallbackQuery": self._answer_query,
            "setMyCommands": self._set_commands,
            "getMyCommands": lambda _: server.commands,
            "setMyDescription": lambda params: self._describe(params, "description", 512),
            "setMyShortDescription": lambda params: self._describe(params, "short_description", 120),
            "getFile": server.files.get,
        }  # fmt: skip

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        """The ``result`` of the answer. Raises ApiError or RefusedError."""
        if method == "getUpdates":
            return await self._server.poll(
                int(params.get("offset", 0)),
                int(params.get("limit", 100)),
                float(params.get("timeout", 0)),
                params.get("allowed_updates"),
            )
        known = self._known.get(method)
        if known is None:
            raise ApiError(404, "Not Found")
        return known(params)

    def _send_message(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(params)
        rich = limits.rich_text(params, "text", limits.TEXT, "message is too long")
        return self._add(chat, params, rich, str(params["text"]))

    def _send_file(self, params: dict[str, Any], kind: str) -> dict[str, Any]:
        chat = self._chat(params)
        file = self._server.files.receive(kind, params.get(kind))
        rich = limits.rich_text(params, "caption", limits.CAPTION, "message caption is too long")
        return self._add(chat, params, rich, str(params.get("caption", "")), file)

    def _add(
        self, chat: "Person | Group", params: dict[str, Any], rich: Rich, html: str, file: File | None = None
    ) -> dict[str, Any]:
        markup = limits.inline_keyboard(params)
        self._pace(chat.number)
        server = self._server
        message = Message(server.next_message(), rich.text, html, rich.entities, _buttons(markup), markup, file=file)
        message.date = server.seconds()
        if file is not None:
            server.contents[message.id] = content_of(file)
        chat.messages.append(message)
        server.touch(message)
        return server.describe(chat, message)

    def _edit(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(params)
        message = self._message(chat, params, "message to edit not found")
        if message.mine:
            raise RefusedError("message can't be edited")
        markup = limits.inline_keyboard(params)
        rich, html = Rich(message.text, message.entities), message.html
        if "text" in params:
            if message.file is not None:
                raise RefusedError("there is no text in the message to edit")
            rich = limits.rich_text(params, "text", limits.TEXT, "MESSAGE_TOO_LONG")
            html = str(params["text"])
        if (rich.text, rich.entities, markup) == (message.text, message.entities, message.markup):
            raise RefusedError(NOT_MODIFIED)
        message.text, message.html, message.entities = rich.text, html, rich.entities
        message.rows, message.markup = _buttons(markup), markup
        message.edited += 1
        self._server.touch(message)
        return self._server.describe(chat, message)

    def _delete(self, params: dict[str, Any]) -> bool:
        self._message(self._chat(params), params, "message to delete not found").deleted = True
        return True

    def _answer_query(self, params: dict[str, Any]) -> bool:
        text = str(params.get("text", ""))
        if utf16(text) > limits.TOAST:
            raise RefusedError("MESSAGE_TOO_LONG")
        press = self._server.presses.get(str(params.get("callback_query_id")))
        now = self._server.now()
        if press is None or press.answered or now - press.at >= self._server.query_lifetime:
            raise RefusedError(TOO_OLD)
        press.answered, press.toast, press.after = True, text, now - press.at
        return True

    def _set_commands(self, params: dict[str, Any]) -> bool:
        commands: list[dict[str, str]] = params["commands"]
        for one in commands:
            name = one["command"]
            if not (1 <= len(name) <= 32 and name.replace("_", "a").isalnum() and name.isascii() and name.islower()):
                raise RefusedError("BOT_COMMAND_INVALID")
            if not 1 <= utf16(one["description"]) <= 256:
                raise RefusedError("BOT_COMMAND_DESCRIPTION_INVALID")
        if len(commands) > 100:
            raise RefusedError("BOT_COMMANDS_TOO_MUCH")
        self._server.commands = commands
        return True

    def _describe(self, params: dict[str, Any], key: str, limit: int) -> bool:
        text = str(params.get(key, ""))
        if utf16(text) > limit:
            raise RefusedError(f"{key} is too long")
        self._server.descriptions[key] = text
        return True

    def _chat(self, params: dict[str, Any]) -> "Person | Group":
        number = int(params["chat_id"])
        chat = self._server.persons.get(number) or self._server.groups.get(number)
        if chat is None:
            raise RefusedError("chat not found")
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _message(self, chat: "Person | Group", params: dict[str, Any], missing: str) -> Message:
        number = int(params["message_id"])
        found = next((one for one in chat.messages if one.id == number and not one.deleted), None)
        if found is None:
            raise RefusedError(missing)
        return found

    def _pace(self, chat: int) -> None:
        wait = self._server.rates.refused_for(chat, self._server.now())
        if wait:
            raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)


def _buttons(markup: list[list[dict[str, Any]]]) -> list[list[Button]]:
    return [
        [
            Button(one["text"], one.get("callback_data", ""), one["copy_text"]["text"] if "copy_text" in one else "")
            for one in row
        ]
        for row in markup
    ]
