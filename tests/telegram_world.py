"""The same world over Telegram: the real channel, real HTTP, the strict fake Bot API; only the clock is ours."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from markupsafe import Markup, escape

from bot.channels.telegram import TelegramChannel, Texts, Timing
from bot.channels.telegram.uploads import parts
from bot.conversation.commands import menu
from bot.conversation.turn import Knowledge
from bot.messages import Answer, Choice, Delivery, Incoming, Kind, Screen
from bot.reminders import Reminders
from tests.fakes.telegram_api import FakeTelegram
from tests.fakes.telegram_methods import NOT_MODIFIED
from tests.fakes.telegram_person import Message as Bubble
from tests.fakes.telegram_person import Person, Press
from tests.harness import Message, World

QUICK = Timing(poll=1, backoff=(0.01,), batch=5, toast=5, reply_pauses=(0.01,), handle_pauses=(0.01,), progress=0)
SHOWS = ("sendMessage", "editMessageText", "sendPhoto", "sendDocument")


class TelegramWorld(World):
    """Every word and press goes through Telegram's protocol, and what is seen is what Telegram would show."""

    server: FakeTelegram
    channel: TelegramChannel

    @classmethod
    async def open(cls, folder: Path, person: str = "telegram:42") -> Self:
        world = cls(folder, person)
        world.server = await FakeTelegram().__aenter__()
        await world._start()
        return world

    async def _start(self) -> None:
        await super()._start()
        self._answers: asyncio.Queue[Answer] = asyncio.Queue()
        self.channel = TelegramChannel(
            self.server.token,
            self._handled,
            files=self.files,
            commands=menu(self.knowledge.catalog.texts),
            texts=Texts(group_notice="-"),
            clock=lambda: self.now,
            on_fatal=lambda kind: None,
            on_unreachable=lambda person: self.store.set_reachable(person, False),
            on_reachable=lambda person: self.store.set_reachable(person, True),
            api_url=self.server.url,
            rate=10_000,
            rate_chat=10_000,
            timing=QUICK,
        )
        channels = {"telegram": _Sender(self)}
        self.reminders = Reminders(self.store, self.knowledge, channels, self._clock)
        self.jobs = self.jobs_over(channels)
        await self.channel.start()
        await self.server.polled()

    async def close(self) -> None:
        await self.channel.stop()
        await super().close()
        await self.server.__aexit__()

    async def restart(self, knowledge: Knowledge | None = None) -> None:
        await self.channel.stop()
        await super().restart(knowledge)

    async def _handled(self, incoming: Incoming) -> Answer:
        answer = await self.engine.handle(replace(incoming, said=self.now))
        await self._answers.put(answer)
        return answer

    @property
    def li(self) -> Person:
        return self.server.person(int(self.person.partition(":")[2]))

    # --- doing ---------------------------------------------------------------------------------------------------

    async def press_data(self, data: str, where: Message | None = None, label: str = "") -> Message:
        self.transcript.append(f"        [{label or data}]")
        before = self._shown_so_far()
        press = await self.li.forges(data, self._bubble(where))
        return await self._settled(before, press)

    async def send(self, kind: Kind, **fields: Any) -> Message:
        self.transcript.append(f"        {fields.get('text') or kind}")
        before = self._shown_so_far()
        if kind in ("text", "command"):
            await self.li.says(fields["text"])
        elif kind == "photo":
            await self.li.sends_photo(fields.get("text", ""), fields.get("album", ""))
        elif kind == "document":
            await self.li.sends_document(caption=fields.get("text", ""), album=fields.get("album", ""))
        elif kind == "video":
            await self.li.sends_video(fields.get("text", ""), fields.get("album", ""))
        else:
            await self.li.sends(kind)
        return await self._settled(before)

    async def _settled(self, before: int, press: Press | None = None) -> Message:
        """Wait until the answer to what was done is in the chat."""
        async with asyncio.timeout(30):
            answer = await self._answers.get()
        after = before + sum(len(parts(reply)) for reply in answer.replies)
        await self.server.until(lambda: self._shown_so_far() >= after, lambda: f"no answer\n{self.li.transcript()}")
        if press is not None:
            await self.li.answered(press)
        if answer.toast:
            self.chat.toasts.append(answer.toast)
        self._look()
        return self.last

    def _shown_so_far(self) -> int:
        return sum(
            call.method in SHOWS and (call.status == 200 or call.description.endswith(NOT_MODIFIED))
            for call in self.server.calls
        )

    async def send_reminder(self, address: str, screen: Screen) -> Delivery:
        delivery = await self.channel.send(address, screen)
        self._look(reminder=True)
        return delivery

    async def show_outcome(self, address: str, answer: Answer) -> None:
        """Until what slow work brought is in the chat."""
        after = self._shown_so_far() + sum(len(parts(reply)) for reply in answer.replies)
        await self.channel.answer(address, answer)
        await self.server.until(lambda: self._shown_so_far() >= after, self.li.transcript)
        self._look()

    # --- seeing --------------------------------------------------------------------------------------------------

    def _look(self, reminder: bool = False) -> None:
        known = {message.name: message for message in self.chat.messages}
        for bubble in self.li.chat:
            screen = Screen(_text(bubble), _rows(bubble))
            name = str(bubble.id)
            if name in known:
                known[name].screen, known[name].edits = screen, bubble.edited
            else:
                self.chat.messages.append(Message(screen, reminder=reminder, name=name))

    def _bubble(self, message: Message | None) -> Bubble | None:
        return next((each for each in self.li.chat if message and str(each.id) == message.name), None)


class _Sender:
    """The channel as the reminder loop sees it, with a look at the chat after every send."""

    name = "telegram"
    connected = True

    def __init__(self, world: TelegramWorld) -> None:
        self._world = world

    async def send(self, address: str, screen: Screen, due: datetime | None = None) -> Delivery:
        if self._world.chat.refuses:
            return self._world.chat.refuses.pop(0)
        return await self._world.send_reminder(address, screen)

    async def answer(self, address: str, answer: Answer) -> None:
        await self._world.show_outcome(address, answer)

    async def progress(self, address: str, job: int, screen: Screen) -> None:
        await self._world.channel.progress(address, job, screen)

    def fetch(self, ref: str) -> AsyncIterator[bytes]:
        return self._world.channel.fetch(ref)

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


def _text(bubble: Bubble) -> Markup:
    return escape(bubble.text)


def _rows(bubble: Bubble) -> tuple[tuple[Choice, ...], ...]:
    return tuple(tuple(Choice(each.text, each.press or "", each.copy or "") for each in row) for row in bubble.rows)
