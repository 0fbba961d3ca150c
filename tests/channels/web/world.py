"""The world of the journeys over the web channel: every deed is a request, every screen comes by the stream."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from bot.channels.web import CaseText, Limits, Rate, Timing, WebChannel
from bot.channels.web.richtext import markup
from bot.channels.web.sessions import COOKIE, hash_of
from bot.conversation.engine import Engine
from bot.domain.model import Preferences
from bot.messages import Answer, Attachment, Choice, Delivery, Kind, Screen
from bot.reminders import Reminders
from storage.store import SqliteStore
from tests.channels.web.browser import Browser, Stream
from tests.channels.web.pictures import png
from tests.harness import Chat, Message, World, knowledge

STATIC = Path(__file__).with_name("static")
UNHURRIED = Limits(deeds=Rate(1e6, 1e6), reads=Rate(1e6, 1e6), people=Rate(1e6, 1e6))
QUICK = Timing(beat=60, health=0.05, stop_streams=0.5, stop_requests=0.5, progress=0, hold=0.01)


def texts() -> dict[str, str]:
    """What the composition root hands over."""
    shipped = knowledge().catalog.texts
    return {key.removeprefix("web."): shipped.plain(key) for key in sorted(shipped.keys()) if key.startswith("web.")}


async def well() -> Mapping[str, object]:
    return {"database": True, "reminders": True, "channels": {"web": True}}


async def no_cases(_: str) -> list[CaseText]:
    return []


def channel(world: World, store: SqliteStore, engine: Any, **other: Any) -> WebChannel:
    """A channel on a free port of this machine, unhurried unless told otherwise."""
    settings: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": 0,
        "password": "",
        "public_url": "",
        "metrics": "loopback",
        "texts": texts(),
        "clock": lambda: world.now,
        "files": world.files,
        "read_cases": no_cases,
        "health": well,
        "limits": UNHURRIED,
        "timing": QUICK,
        "static": STATIC,
    }
    return WebChannel(engine, store, **(settings | other))


@dataclass
class Doorstep:
    """The channel as the reminder loop sees it; the story may let it refuse."""

    chat: Chat
    web: WebChannel
    name: str = "web"
    connected: bool = True

    async def send(self, address: str, screen: Screen, due: datetime | None = None) -> Delivery:
        return self.chat.refuses.pop(0) if self.chat.refuses else await self.web.send(address, screen, due)

    async def answer(self, address: str, answer: Answer) -> None:
        await self.web.answer(address, answer)

    async def progress(self, address: str, job: int, screen: Screen) -> None:
        await self.web.progress(address, job, screen)

    def fetch(self, ref: str) -> AsyncIterator[bytes]:
        return self.web.fetch(ref)

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class WebWorld(World):
    """One person in one browser. Options of the channel may be given before it opens."""

    def __init__(self, folder: Path, person: str = "") -> None:
        super().__init__(folder, "")
        self.options: dict[str, Any] = {}
        self.web: WebChannel
        self.other: WebChannel
        """A second one that a story may start; it stops it too."""
        self.browser: Browser
        self.seen = 0
        self._owner = ""
        self._stream: Stream
        self._bubbles: dict[int, Message] = {}
        self._open = AsyncExitStack()

    async def _start(self) -> None:
        await super()._start()
        channels: dict[str, Any] = {}
        self.reminders = Reminders(self.store, self.knowledge, channels, self._clock)
        self.engine = Engine(
            self.store,
            self.knowledge,
            self._clock,
            Preferences(),
            self.reminders.wake,
            transcripts=frozenset({"web"}),
        )
        self.jobs = self.jobs_over(channels)
        self.web = channel(self, self.store, self.engine.handle, **self.options)
        await self.web.start()
        self.options["port"] = self.web.port
        channels["web"] = Doorstep(self.chat, self.web)
        if not self.person:
            await self._come_in()
        self._stream = await self._open.enter_async_context(self.browser.stream(self.seen, last_id=str(self.seen)))

    async def _come_in(self) -> None:
        self.browser = await Browser.at(self.web.url).open()
        self.person = self._owner = await self.person_of(self.browser)

    async def _change_places(self) -> None:
        """The story goes on with somebody else, in a browser of their own."""
        if self.person == self._owner:
            return
        await self._open.aclose()
        await self.browser.close()
        self.seen, self._bubbles = 0, {}
        await self._come_in()
        self._stream = await self._open.enter_async_context(self.browser.stream())

    async def person_of(self, browser: Browser) -> str:
        cookies = {cookie.key: cookie.value for cookie in browser.http.cookie_jar}
        return await self.store.find_session(hash_of(cookies[COOKIE]), self.now) or ""

    async def close(self) -> None:
        await self.stop()
        await self.browser.close()

    async def stop(self) -> None:
        """The server goes, the browser stays."""
        await self.web.stop()
        await self._open.aclose()
        await self.store.close()

    async def restart(self, knowledge: Any = None) -> None:
        await self.stop()
        self.knowledge = knowledge or self.knowledge
        await self._start()

    async def send(self, kind: Kind, **fields: Any) -> Message:
        await self._change_places()
        if "attached" in fields:
            return await self._upload(fields["attached"].ref, fields["album"], fields["text"])
        self.transcript.append(f"        {fields['text']}")
        return await self._answered(await self.browser.say(fields["text"]))

    async def _upload(self, ref: str, album: str, text: str) -> Message:
        self.transcript.append(f"        {text or ref}")
        known = self.chat.uploads.get(ref)
        content = known if isinstance(known, bytes) else png(len(self.transcript))
        caption = {"X_Caption": quote(text), "X_Album": f"album-{album:0>8}" if album else ""}
        response = await self.browser.upload(content, f"{ref}.png", **caption)
        assert response.status == 200, await response.text()
        return await self._answered(await response.json())

    async def press_data(self, data: str, where: Message | None = None, label: str = "") -> Message:
        self.transcript.append(f"        [{label or data}]")
        seq = next((seq for seq, bubble in self._bubbles.items() if bubble is where), "")
        body = {"id": self.browser.new_id(), "message": str(seq), "press": data, "label": label or data}
        response = await self.browser.post("/press", body)
        # What no page sends is not even handed on.
        return self.last if response.status == 400 else await self._answered(await response.json())

    async def later(self, **span: float) -> list[Message]:
        begun = len(self.chat.messages)
        await super().later(**span)
        return await self._arrived(begun)

    async def work(self) -> list[Message]:
        begun = len(self.chat.messages)
        await super().work()
        return await self._arrived(begun)

    async def _arrived(self, begun: int) -> list[Message]:
        await self._read(await self.store.last_seq(self.person))
        came = self.chat.messages[begun:]
        reminders = [each for each in came if each.reminder]
        self.transcript += [f"--- {each.text}\n{' '.join(f'[{label}]' for label in each.labels)}" for each in reminders]
        return came

    async def _answered(self, answer: Mapping[str, Any]) -> Message:
        if answer["toast"]:
            self.chat.toasts.append(answer["toast"])
        if answer.get("reset"):
            event = await self._stream.next()
            assert event is not None
            assert event.name == "reset"
        else:
            await self._read(answer["last"])
        return self.last

    async def _read(self, last: int) -> None:
        if self.seen >= last:
            return
        for each in await self._stream.rows(last):
            assert each["seq"] == self.seen + 1
            self.seen = each["seq"]
            row = each["row"]
            if row["op"] == "said":
                continue
            screen = screen_of(row["screen"])
            if row["op"] == "edit":
                shown = self._bubbles[row["target"]]
                shown.screen, shown.edits = screen, shown.edits + 1
            else:
                shown = self._bubbles[self.seen] = Message(screen, reminder=row["reminder"], file=await self._file(row))
                self.chat.messages.append(shown)
            if not row.get("reminder"):
                self.transcript.append(f"{shown.text}\n{' '.join(f'[{label}]' for label in shown.labels)}")

    async def _file(self, row: Any) -> Attachment | None:
        """What the page hands out with the row."""
        if "file" not in row:
            return None
        response = await self.browser.get(row["file"]["href"])
        assert response.status == 200
        return Attachment(row["file"]["name"], row["file"]["type"], await response.read())


def screen_of(raw: Any) -> Screen:
    """A screen from what the page gets."""
    rows = tuple(
        tuple(Choice(cast(str, one["label"]), one.get("press", ""), one.get("copy", "")) for one in row)
        for row in raw["rows"]
    )
    return Screen(markup(raw["text"]), rows)
