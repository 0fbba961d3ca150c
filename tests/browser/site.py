"""The real server with the real page, and a clock that only the test moves."""

from datetime import datetime
from typing import Any

from markupsafe import Markup
from playwright.async_api import BrowserContext

from bot.channels.web.sessions import COOKIE, hash_of
from bot.channels.web.static_files import FOLDER
from bot.conversation.engine import Engine
from bot.domain.model import Preferences
from bot.messages import Choice, Screen, Sent
from bot.reminders import Reminders
from tests.channels.web.world import channel
from tests.harness import World


class Site(World):
    """Everybody who opens the page is somebody of their own; ``later`` and ``restart`` are those of the world."""

    port = 0

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
        self.web = channel(self, self.store, self.engine.handle, static=FOLDER, port=self.port)
        await self.web.start()
        self.port = self.web.port
        channels["web"] = self.web

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def stop(self) -> None:
        """The server goes; what is stored stays."""
        await self.web.stop()
        await self.store.close()

    async def begin(self) -> None:
        """The server comes back at the same address."""
        await self._start()

    async def close(self) -> None:
        await self.stop()

    async def person_of(self, browser: BrowserContext) -> str:
        """The address of the person whom this browser is to the server."""
        tokens = [cookie["value"] for cookie in await browser.cookies() if cookie["name"] == COOKIE]
        return (await self.store.find_session(hash_of(tokens[0]), self.now) or "").partition(":")[2]

    async def remind(
        self, browser: BrowserContext, text: str, *rows: tuple[Choice, ...], due: datetime | None = None
    ) -> None:
        """A reminder with these words, markup and all."""
        screen = Screen(Markup(text), rows)  # noqa: S704 - what the page must withstand
        assert await self.web.send(await self.person_of(browser), screen, due) == Sent()
