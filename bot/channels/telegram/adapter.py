"""The Telegram channel: PTB's bot and our own polling, in front of the conversation."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Literal

from markupsafe import escape
from telegram import ChatMemberUpdated, Update
from telegram.constants import ChatMemberStatus
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.channels.telegram.api import Api
from bot.channels.telegram.commands import introduce
from bot.channels.telegram.downloads import Downloads
from bot.channels.telegram.edits import LastHeld
from bot.channels.telegram.errors import FloodError, describe, guarded, outcome
from bot.channels.telegram.http import Backend, make_requests
from bot.channels.telegram.limiter import PacedRequests
from bot.channels.telegram.ordering import ChatOrder
from bot.channels.telegram.outbox import Outbox
from bot.channels.telegram.pacing import Pacer, Priority
from bot.channels.telegram.parsing import parse, parse_press, person_of
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.presses import Presses
from bot.channels.telegram.progress import Progress
from bot.channels.telegram.received import Place, Pressed, Received, place_of, read_update
from bot.channels.telegram.replies import PersonCall, Replies
from bot.channels.telegram.settings import Texts, Timing
from bot.channels.telegram.uploads import Uploads
from bot.messages import Answer, Delivery, Rejected, Reply, Screen, Sent
from bot.ports import Files, Handle
from bot.telemetry import get_logger

log = get_logger(__name__)

Fatal = Literal["refused_token", "conflict"]
"""``refused_token``: the channel has stopped. ``conflict``: another program uses the token; it goes on trying."""

_NOTICED = 1000
"""Groups of which is remembered that they have had their notice."""


class TelegramChannel:
    """A ``bot.ports.Channel``. Private chats only.

    ``rate`` and ``rate_chat`` are messages per second, for the whole bot and for one chat. ``on_fatal`` is called
    once for each kind. ``on_unreachable`` and ``on_reachable`` are told when a person (``telegram:42``) blocks the
    bot or comes back.
    """

    name = "telegram"

    def __init__(
        self,
        token: str,
        handle: Handle,
        *,
        files: Files,
        commands: Sequence[tuple[str, str]],
        texts: Texts,
        clock: Callable[[], datetime],
        on_fatal: Callable[[Fatal], None],
        on_unreachable: PersonCall,
        on_reachable: PersonCall,
        api_url: str = "https://api.telegram.org",
        proxy: str | None = None,
        http: Backend = "aiohttp",
        rate: float = 30,
        rate_chat: float = 1,
        timing: Timing | None = None,
    ) -> None:
        self._token, self._handle, self._clock = token, handle, clock
        self._commands, self._texts, self._timing = tuple(commands), texts, timing or Timing()
        self._on_fatal, self._told = on_fatal, set[Fatal]()
        self._on_unreachable, self._on_reachable = on_unreachable, on_reachable
        wait = self._timing.request
        self._requests = make_requests(http, read=wait, poll_slack=self._timing.poll_slack, wait=wait, proxy=proxy)
        self._limiter = PacedRequests(Pacer(rate, rate_chat))
        api = api_url.rstrip("/")
        self._bot: ExtBot[Priority] = ExtBot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
            rate_limiter=self._limiter,
        )
        self._api = Api(f"{api}/bot{token}", *self._requests, self._limiter)
        self._outbox = Outbox()
        self._replies = Replies(
            self._api,
            token,
            self._outbox,
            Uploads(self._bot, self._api, files, texts, self._timing.upload),
            pauses=self._timing.reply_pauses,
            on_unreachable=on_unreachable,
        )
        self._progress = Progress(self._api, token, self._timing.progress)
        self._downloads = Downloads(self._bot, token, proxy=proxy, wait=wait)
        self._held = LastHeld()
        self._presses = Presses(self._api, token, self._timing.toast)
        self._poller = Poller(
            self._api.updates,
            self._dispatch,
            token=token,
            timing=self._timing,
            on_conflict=lambda: self._tell("conflict"),
        )
        self._order = ChatOrder()
        self._working: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._noticed: OrderedDict[int, None] = OrderedDict()
        self._known = self._stopping = False

    @property
    def connected(self) -> bool:
        """Whether Telegram knew us and the last fetch went well."""
        return self._known and not self._poller.failing

    async def start(self) -> None:
        """Begin to connect and to receive, in the background."""
        self._tasks.append(asyncio.create_task(self._run(), name="telegram"))

    async def stop(self) -> None:
        """Stop receiving, finish what is being handled, confirm it. Within 4 s whatever hangs."""
        timing = self._timing
        await _cancel(self._tasks)
        await self._poller.settle(timing.stop_handling)
        self._stopping = True
        await _cancel(self._working)
        with suppress(TelegramError, TimeoutError):
            await asyncio.wait_for(self._poller.confirm(), timing.stop_confirming)
        await self._progress.stop()
        await asyncio.gather(self._outbox.drain(timing.stop_sending), self._presses.drain(timing.stop_sending))
        await self._limiter.shutdown()
        for request in (*self._requests, self._downloads):
            await request.shutdown()

    async def send(self, address: str, screen: Screen, due: datetime | None = None) -> Delivery:
        """Send a reminder, after all answers to people. It is tried once; the caller keeps it for later."""
        try:
            chat = int(address)
        except ValueError:
            return Rejected("not the number of a chat")
        try:
            await self._api.send(chat, screen, Priority.REMINDER)
        except TelegramError as error:
            delivery = outcome(error, self._timing.refused_retry)
            log.info("reminder_not_sent", outcome=type(delivery).__name__, error=type(error).__name__)
            return delivery
        return Sent()

    async def answer(self, address: str, answer: Answer) -> None:
        """Show what a job's outcome was answered with, in new messages; returns before they are there."""
        if address.isdecimal() and not self._stopping:
            self._replies.show(int(address), answer.replies)

    async def progress(self, address: str, job: int, screen: Screen) -> None:
        """Show how far a job is; returns before it is there."""
        if address.isdecimal() and not self._stopping:
            self._progress.show(int(address), job, screen)

    def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """A file that somebody sent, in parts. Raises FetchError."""
        return self._downloads.fetch(ref)

    async def _run(self) -> None:
        while await self._connect():
            if self._known:
                await asyncio.sleep(self._timing.conflict)  # polling ended although the token is good: not at once
            else:
                self._known = True
                self._tasks.append(asyncio.create_task(self._introduce(), name="telegram introduction"))
            await guarded(self._poll(), "polling_failed")

    async def _poll(self) -> None:
        with suppress(InvalidToken):  # asked again in _connect, which decides
            await self._poller.run()

    async def _connect(self) -> bool:
        """Until Telegram knows us. Returns False if it refuses the token."""
        failures = 0
        while True:
            try:
                await (self._bot.get_me() if self._known else self._bot.initialize())
                with suppress(TelegramError):  # one left from elsewhere would make every getUpdates a conflict
                    await self._bot.delete_webhook()
            except InvalidToken:
                log.error("telegram_token_refused")
                self._tell("refused_token")
                return False
            except TelegramError as error:
                if not failures:
                    log.warning("telegram_away", error=describe(error, self._token))
                pause = self._timing.backoff[min(failures, len(self._timing.backoff) - 1)]
                failures += 1
                await asyncio.sleep(max(pause, error.seconds) if isinstance(error, FloodError) else pause)
            else:
                log.info("telegram_connected")
                return True

    async def _introduce(self) -> None:
        await introduce(self._bot, self._token, self._commands, self._texts, self._timing.backoff)

    def _tell(self, kind: Fatal) -> None:
        if kind not in self._told:
            self._told.add(kind)
            self._on_fatal(kind)

    def _dispatch(self, received: Received) -> "asyncio.Future[None]":
        """Begin to handle an update. The future ends when it may be confirmed, and is cancelled if it may not."""
        update = read_update(received)
        if isinstance(update, Pressed):
            self._presses.received(update.update_id, update.query)
        work = asyncio.create_task(self._take(update))
        self._working.add(work)
        work.add_done_callback(self._working.discard)
        return work

    async def _take(self, update: Update | Pressed) -> None:
        place = place_of(update)
        async with self._order.turn(place.chat if place else 0):
            await self._persist(update, place)
            self._presses.decided(update.update_id)

    async def _persist(self, update: Update | Pressed, place: Place | None) -> None:
        """Handle an update, a few times if need be. One that always fails is let go: it would stop all the others."""
        for pause in (*self._timing.handle_pauses, None):
            if await guarded(self._receive(update, place), "update_failed"):
                return
            if pause is not None:
                await asyncio.sleep(pause)
        if place is not None and place.private and self._texts.failed:
            self._replies.show(place.chat, (Reply(Screen(escape(self._texts.failed))),))

    async def _receive(self, update: Update | Pressed, place: Place | None) -> None:
        if place is None:
            return
        if isinstance(update, Pressed):
            if place.private and update.data is not None:
                await self._pressed(update, place.chat, update.data)
        elif not place.private:
            self._notice(place.chat, update)
        elif update.my_chat_member is not None:
            await self._membership(update.my_chat_member)
        elif (incoming := parse(update, self._clock(), self._held.before(update))) is not None:
            answer = await self._handle(incoming)
            self._held.note(update)
            self._replies.show(place.chat, answer.replies)

    async def _pressed(self, update: Pressed, chat: int, data: str) -> None:
        answer = await self._handle(parse_press(update.update_id, chat, update.message, data, self._clock()))
        self._presses.decided(update.update_id, answer.toast)
        self._replies.show(chat, answer.replies, update.message)

    async def _membership(self, change: ChatMemberUpdated) -> None:
        person = person_of(change.chat.id)
        if change.new_chat_member.status == ChatMemberStatus.MEMBER:
            await self._on_reachable(person)
        elif change.new_chat_member.status == ChatMemberStatus.BANNED:
            await self._on_unreachable(person)

    def _notice(self, chat: int, update: Update) -> None:
        """Say once where the bot works. Nothing of a group goes further."""
        change = update.my_chat_member
        if change is not None and change.new_chat_member.status in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED):
            self._noticed.pop(chat, None)
            return
        if chat in self._noticed:
            return
        self._noticed[chat] = None
        if len(self._noticed) > _NOTICED:
            self._noticed.popitem(last=False)
        self._replies.show(chat, (Reply(Screen(escape(self._texts.group_notice))),))


async def _cancel(tasks: "Collection[asyncio.Task[None]]") -> None:
    running = [task for task in tasks if not task.done()]
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running)
