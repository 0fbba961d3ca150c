"""The composition root: what is configured is built, started in order, and stopped in the reverse order."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Self

from bot import reading
from bot.catalog import Catalog, compiled, load_catalog
from bot.catalog.content import DATA
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.settings import Texts as TelegramTexts
from bot.channels.web import CaseText, Limits, PortTakenError, Rate, WebChannel
from bot.config import Settings
from bot.conversation.commands import menu
from bot.conversation.engine import Engine
from bot.conversation.letters.draft_words import load_draft_words
from bot.conversation.letters.linter import letter_patterns
from bot.conversation.plain import case_pages
from bot.conversation.throttle import Throttle
from bot.conversation.turn import Knowledge
from bot.conversation.understand.fraud import load_fraud_words
from bot.conversation.understand.lexicon import load_lexicon
from bot.conversation.understand.order_text import order_grammar
from bot.conversation.understand.reply_words import load_reply_words
from bot.conversation.understand.screenshot import screenshot_words
from bot.conversation.understand.speaker import speaker_patterns
from bot.domain.model import Preferences
from bot.exports import pdf
from bot.jobs import Jobs
from bot.jobs.catch_up import remove_unnamed, tell_of_changed_rules
from bot.jobs.tidy import tidy
from bot.jobs.workers import workers
from bot.ports import Channel
from bot.reading import Reader
from bot.reminders import Reminders
from bot.retention import Retention
from bot.telemetry import get_logger
from storage.files import DiskFiles
from storage.store import SqliteStore

MEGABYTE = 1024 * 1024

log = get_logger("app")


def utc_now() -> datetime:
    """The one clock of the program."""
    return datetime.now(UTC)


def load_knowledge() -> Knowledge:
    """Content and words, checked, and what is installed. Raises CatalogError with every mistake."""
    installed = {"ocr": reading.is_available(), "pdf": pdf.is_available()}
    abilities = frozenset(name for name, there in installed.items() if there)
    words = DATA / "lexicon"
    for patterns in (letter_patterns, order_grammar, screenshot_words, speaker_patterns):
        patterns()  # They keep themselves; the first who writes to us should not wait for them.
    knowledge = Knowledge(
        load_catalog(),
        load_lexicon(words),
        abilities,
        fraud=load_fraud_words(words),
        drafts=load_draft_words(words),
        replies=load_reply_words(words),
    )
    compiled.keep()
    return knowledge


class App:
    """Everything that runs. ``files`` is where evidence is kept. ``tell`` receives what the operator must know: a key
    of ``__main__``'s sentences, and what fills it."""

    def __init__(
        self,
        settings: Settings,
        store: SqliteStore,
        files: DiskFiles,
        knowledge: Knowledge,
        tell: Callable[..., None],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store, self._files = store, files
        self._knowledge = knowledge
        self._clock = clock
        self._tell = tell
        self._channels: dict[str, Channel] = {}
        self.reminders = Reminders(store, knowledge, self._channels, clock, telling_of_jumps(tell))
        kept = frozenset({"web"} if settings.web_port else ())
        self.engine = Engine(
            store,
            knowledge,
            clock,
            Preferences(zone=settings.timezone),
            self.reminders.wake,
            transcripts=kept,
            work_changed=lambda: self.jobs.wake(),
        )
        self._tidy_files = tidy(store, files)
        self._retention = Retention(store, knowledge, self._channels, settings.retention_days)
        self._reader = Reader()
        self.jobs = Jobs(
            store,
            knowledge,
            self._channels,
            self.engine.handle,
            workers(store, files, knowledge, self._channels, self._reader, clock, settings.evidence_max_mb * MEGABYTE),
            clock,
            time.monotonic,
            self._tidy,
        )
        self._web_is_extra = bool(
            settings.telegram_bot_token.get_secret_value() and "web_port" not in settings.model_fields_set
        )
        if settings.web_port:
            self._channels["web"] = self._web(settings)
        if settings.telegram_bot_token.get_secret_value():
            self._channels["telegram"] = self._telegram(settings, tell)
        self._loop: asyncio.Task[None] | None = None
        self._working: asyncio.Task[None] | None = None
        self._catching_up: asyncio.Task[None] | None = None

    @property
    def channels(self) -> Mapping[str, Channel]:
        return self._channels

    async def start(self) -> Self:
        """Returns once everything is under way; a channel that is out of reach goes on trying by itself.

        Raises PortTakenError or CannotListenError of the web chat, unless it is only the default beside Telegram: that
        somebody else has the port must not keep reminders from going out there.
        """
        await self._store.release_leases()
        await self._store.release_jobs()
        self._catching_up = asyncio.create_task(self._catch_up(), name="catching up")
        self._loop = asyncio.create_task(self.reminders.run(), name="reminders")
        self._working = asyncio.create_task(self.jobs.run(), name="jobs")
        for channel in tuple(self._channels.values()):
            try:
                await channel.start()
            except PortTakenError as taken:
                if not self._web_is_extra:
                    raise
                del self._channels[channel.name]
                self._tell("web_port_taken", port=taken.port, free=taken.next_free or taken.port + 1)
        return self

    async def stop(self) -> None:
        """First nothing new comes in, then what is under way is finished. The store is closed by its owner."""
        self.reminders.stop()
        self.jobs.stop()
        await asyncio.gather(*(channel.stop() for channel in self._channels.values()), return_exceptions=True)
        await self._reader.close()
        loops = {loop for loop in (self._loop, self._working, self._catching_up) if loop is not None}
        if loops:
            _, pending = await asyncio.wait(loops, timeout=3)
            for task in pending:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _tidy(self, now: datetime) -> None:
        """What lies idle too long goes first, then the files that nobody needs any more."""
        await self._retention.tick(now)
        await self._tidy_files(now)

    async def _catch_up(self) -> None:
        """What is not done now is done at the next start."""
        try:
            await remove_unnamed(self._store, self._files)
            rules, today = self._knowledge.catalog.rules, self._clock().date()
            await tell_of_changed_rules(self._store, rules, today, self.engine.refresh)
        except Exception:
            log.exception("not_caught_up")

    def _web(self, settings: Settings) -> Channel:
        texts = self._knowledge.catalog.texts
        return WebChannel(
            self.engine.handle,
            self._store,
            files=self._files,
            host=settings.web_host,
            port=settings.web_port,
            password=settings.web_password.get_secret_value(),
            public_url=settings.web_public_url,
            metrics=settings.web_metrics,
            texts={key.removeprefix("web."): texts.plain(key) for key in texts.keys() if key.startswith("web.")},  # noqa: SIM118
            clock=self._clock,
            read_cases=self._read_cases,
            health=self._health,
            limits=_limits(settings),
        )

    async def _read_cases(self, person: str) -> list[CaseText]:
        dossier = (await self._store.recall(person)).dossier
        if dossier is None:
            return []
        return [CaseText(*page) for page in case_pages(self._knowledge, dossier, self._clock())]

    async def _health(self) -> Mapping[str, object]:
        return {
            "database": await self._store.writable(),
            "reminders": self._loop is not None and not self._loop.done() and self.reminders.alive(self._clock()),
            "channels": {name: channel.connected for name, channel in self._channels.items()},
        }

    def _telegram(self, settings: Settings, tell: Callable[..., None]) -> Channel:
        texts = self._knowledge.catalog.texts
        pace = settings.rate_limit_person
        return TelegramChannel(
            settings.telegram_bot_token.get_secret_value(),
            Throttle(self.engine.handle, texts, pace, time.monotonic) if pace else self.engine.handle,
            files=self._files,
            commands=menu(texts),
            texts=TelegramTexts(
                group_notice=texts.plain("telegram.group"),
                failed=texts.plain("telegram.failed"),
                file_too_large=texts.plain("telegram.file_too_large"),
                file_gone=texts.plain("telegram.file_gone"),
                description=texts.plain("telegram.description"),
                short_description=texts.plain("telegram.short"),
            ),
            clock=self._clock,
            on_fatal=lambda kind: tell(f"telegram_{kind}"),
            on_unreachable=lambda person: self._store.set_reachable(person, False),
            on_reachable=lambda person: self._store.set_reachable(person, True),
            api_url=settings.telegram_api_url,
            proxy=settings.telegram_proxy.get_secret_value() or None,
            http=settings.telegram_http,
            rate=settings.send_rate,
            rate_chat=settings.send_rate_chat,
        )


def telling_of_jumps(tell: Callable[..., None]) -> Callable[[timedelta], None]:
    """For ``Reminders``: the operator reads which way the clock went, and how far."""

    def told(jump: timedelta) -> None:
        minutes = round(abs(jump).total_seconds() / 60)
        tell("clock_forward" if jump > timedelta() else "clock_back", hours=minutes // 60, minutes=minutes % 60)

    return told


def _limits(settings: Settings) -> Limits:
    """The page itself asks to slow down, and sends again what was refused; so a third of a minute's messages at once
    is enough there."""
    pace = settings.rate_limit_person
    deeds = Rate(max(1.0, pace / 3), pace / 60) if pace else Rate(1e9, 1e9)
    return Limits(deeds=deeds, kept=settings.evidence_max_mb * MEGABYTE)


__all__ = ["App", "Catalog", "load_knowledge", "telling_of_jumps", "utc_now"]
