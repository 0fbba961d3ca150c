"""The real channel, a strict Bot API on loopback, and a conversation of ten lines."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from bot.channels.telegram import Fatal, TelegramChannel, Texts, Timing
from bot.messages import Answer, Choice, Incoming, Reply, Screen
from tests.fakes.telegram_api import FakeTelegram
from tests.fakes.telegram_kept import FolderFiles

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TEXTS = Texts(
    group_notice="我只在私聊里用，点我头像再点发消息。",
    failed="刚才没存上，请再发一次。",
    file_too_large="这个文件太大，发不了。",
    file_gone="这个文件找不到了。",
    description="从申请退款到平台介入，一步一步带你走。",
    short_description="退款和平台介入助手",
)
COMMANDS = (("start", "开始"), ("cases", "我的问题单"))
QUICK = Timing(
    poll=1,
    poll_slack=2,
    request=2,
    batch=0.2,
    behind=0.1,
    backoff=(0.02, 0.05),
    conflict=0.1,
    reply_pauses=(0.01, 0.02, 0.05, 0.1),
    handle_pauses=(0.01, 0.01),
    progress=0.01,
)


def screen(text: str, *labels: str) -> Screen:
    """A screen with one press button per label, its data being the label."""
    return Screen(escape(text), tuple((Choice(label, press=label),) for label in labels))


@dataclass
class Conversation:
    """Counts each update once, as the engine does, and answers with what was said and two buttons."""

    seen: list[Incoming] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    before: Callable[[Incoming], Awaitable[None]] | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    """What to answer to a text or a press; else it is repeated."""

    def pauses(self) -> asyncio.Event:
        """From now on nothing is handled until the event is set."""
        go_on = asyncio.Event()

        async def wait(_: Incoming) -> None:
            await go_on.wait()

        self.before = wait
        return go_on

    async def __call__(self, incoming: Incoming) -> Answer:
        if self.before is not None:
            await self.before(incoming)
        if incoming.id not in self.ids:
            self.ids.add(incoming.id)
            self.seen.append(incoming)
        said = incoming.text or incoming.press or incoming.kind
        edit = incoming.kind == "press"
        toast = f"好，{said}" if edit else ""
        return self.answers.get(said, Answer(toast, (Reply(screen(f"收到：{said}", "下一步", "返回"), edit=edit),)))


@dataclass
class Bench:
    """The server, the conversation, and channels that are stopped at the end of the test."""

    server: FakeTelegram
    files: FolderFiles
    talk: Conversation = field(default_factory=Conversation)
    fatal: list[Fatal] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)
    reachable: list[str] = field(default_factory=list)
    channels: list[TelegramChannel] = field(default_factory=list)
    noted: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever one of the lists grows."""

    def channel(self, *, timing: Timing = QUICK, **options: Any) -> TelegramChannel:
        """A channel that is not started yet."""

        async def note_unreachable(person: str) -> None:
            self._note(self.unreachable, person)

        async def note_reachable(person: str) -> None:
            self._note(self.reachable, person)

        channel = TelegramChannel(
            **{
                "token": self.server.token,
                "handle": self.talk,
                "files": self.files,
                "api_url": self.server.url,
                "commands": COMMANDS,
                "texts": TEXTS,
                "clock": lambda: NOW,
                "on_fatal": lambda kind: self._note(self.fatal, kind),
                "on_unreachable": note_unreachable,
                "on_reachable": note_reachable,
                "rate": 1000,
                "rate_chat": 100,
                "timing": timing,
                **options,
            }
        )
        self.channels.append(channel)
        return channel

    async def started(self, **options: Any) -> TelegramChannel:
        """A channel that receives."""
        channel = self.channel(**options)
        await channel.start()
        return channel

    async def told(self) -> None:
        """Wait until the owner of the channel is told something."""
        async with asyncio.timeout(self.server.patience):
            await self.noted.wait()

    def _note(self, where: list[Any], what: Any) -> None:
        where.append(what)
        self.noted.set()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """Everything but a started channel."""
    async with FakeTelegram() as server:
        bench = Bench(server, FolderFiles(tmp_path))
        yield bench
        for channel in bench.channels:
            await channel.stop()


@pytest.fixture
async def server(bench: Bench) -> FakeTelegram:
    """The Bot API of the bench."""
    return bench.server
