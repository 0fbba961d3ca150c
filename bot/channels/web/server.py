"""The web channel: the same conversation on a page, served by this process."""

import asyncio
import errno
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.channels.web.chat import ChatRoutes
from bot.channels.web.deeds import Deeds
from bot.channels.web.door import Door
from bot.channels.web.errors import CannotListenError, PasswordNeededError, PortTakenError
from bot.channels.web.guard import Guard, Handler, add_headers
from bot.channels.web.hub import Hub
from bot.channels.web.limits import Buckets, Guesses, Slots
from bot.channels.web.metrics import WebMetrics
from bot.channels.web.operating import OperatingRoutes
from bot.channels.web.pages import Pages
from bot.channels.web.progress import ProgressBubbles
from bot.channels.web.reading import ReadingRoutes
from bot.channels.web.security import Origins, is_loopback
from bot.channels.web.sessions import Sessions
from bot.channels.web.settings import Health, Limits, Metrics, ReadCases, Timing
from bot.channels.web.static_files import FOLDER, read_files
from bot.channels.web.uploads import UploadRoutes
from bot.messages import Answer, Delivery, Screen, Sent, Unreachable, screen_row
from bot.ports import FetchError, Files, Handle, Store
from bot.telemetry import get_logger

log = get_logger(__name__)

TRIED = 100
"""Ports above a taken one that are looked at."""


class WebChannel:
    """A ``bot.ports.Channel`` whose messages are the transcript; the engine must keep one for ``web``.

    ``files`` is where uploads are kept. ``texts`` are the sentences of ``[web]``, keys without that prefix.
    ``public_url`` is where a proxy shows it, empty if none does. ``port`` 0 takes any free one. Raises
    PasswordNeededError if others than this machine could reach ``host`` and there is no password.
    """

    name = "web"

    def __init__(
        self,
        handle: Handle,
        store: Store,
        *,
        files: Files,
        host: str,
        port: int,
        password: str,
        public_url: str,
        metrics: Metrics,
        texts: Mapping[str, str],
        clock: Callable[[], datetime],
        read_cases: ReadCases,
        health: Health,
        limits: Limits | None = None,
        timing: Timing | None = None,
        ticks: Callable[[], float] | None = None,
        static: Path = FOLDER,
    ) -> None:
        if not is_loopback(host) and not password:
            raise PasswordNeededError(host)
        limits, timing = limits or Limits(), timing or Timing()
        ticks = ticks or (lambda: asyncio.get_running_loop().time())
        self._host, self._port, self._public_url = host, port, public_url.rstrip("/")
        self._store, self._clock, self._static = store, clock, static
        self._limits, self._timing = limits, timing
        secure = public_url.startswith("https://")
        self._origins: Origins
        self._hub = Hub()
        self._metrics = WebMetrics(self._hub)
        self._door = Door(password, Guesses(limits.guesses, limits.longest_wait, ticks), secure=secure)
        pages = Pages(texts)
        sessions = Sessions(store, clock, lambda: self._origins, Buckets(limits.people, ticks), limits, secure=secure)
        self._guard = Guard(self._door, pages, texts, self._metrics, metrics, timing.hold)
        self._operating = OperatingRoutes(health, self._metrics, metrics, self._door, pages, texts, timing)
        self._progress = ProgressBubbles(store, self._hub, clock, ticks, timing.progress)
        deeds = Deeds(handle, store, sessions, self._hub, self._metrics, clock, ticks)
        self._chat = ChatRoutes(deeds, store, sessions, Buckets(limits.deeds, ticks), timing)
        slots = Slots(limits.uploading, limits.all_uploading)
        uploads = Buckets(limits.uploads, ticks)
        self._uploads = UploadRoutes(deeds, store, sessions, files, uploads, slots, timing, limits.kept)
        self._reading = ReadingRoutes(
            store,
            sessions,
            self._hub,
            Buckets(limits.reads, ticks),
            self._metrics,
            pages,
            read_cases,
            texts,
            limits,
            timing,
            files,
        )
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """The port that is listened on, once started."""
        return self._port

    @property
    def url(self) -> str:
        """Where the page is found from this machine, or from everywhere if there is a public address."""
        name = "127.0.0.1" if self._host in ("0.0.0.0", "::") else self._host  # noqa: S104 - compared, not bound
        return self._public_url or f"http://{f'[{name}]' if ':' in name else name}:{self._port}"

    @property
    def metrics(self) -> WebMetrics:
        """Its counters; ``metrics.registry`` takes others."""
        return self._metrics

    @property
    def connected(self) -> bool:
        """Whether the page is being served."""
        return self._runner is not None

    async def start(self) -> None:
        """Listen. Raises PortTakenError or CannotListenError; nothing stays open then."""
        self._reading.files = await asyncio.to_thread(read_files, self._static)
        await self._door.prepare()
        runner = web.AppRunner(
            self._application(),
            access_log=None,
            handle_signals=False,
            shutdown_timeout=self._timing.stop_requests,
            keepalive_timeout=self._timing.idle,
        )
        await runner.setup()
        # The name may be called before the port is known here; a request finds the guard ready nevertheless.
        self._know_origins()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            await runner.cleanup()
            raise await self._start_error(error) from error
        self._runner = runner
        self._port = runner.addresses[0][1]
        self._know_origins()
        log.info("web_listening", port=self._port)

    async def stop(self) -> None:
        """Tell the open pages to come again, finish what is being handled. Within 4 s whatever hangs."""
        if self._runner is None:
            return
        self._guard.stopping = True
        await self._progress.stop()
        await self._hub.close(self._timing.stop_streams)
        runner, self._runner = self._runner, None
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timing.stop_requests + 1):
                await runner.cleanup()

    async def send(self, address: str, screen: Screen, due: datetime | None = None) -> Delivery:
        """Put a reminder into the transcript: with that it is sent, whether a page is open or not. Without one the row
        says when it was ``due``, for the page that is opened later; who has one open is not told of being away."""
        person = f"{self.name}:{address}"
        row = {
            "op": "new",
            "screen": screen_row(screen),
            "reminder": True,
            "due": None if due is None or self._hub.count(person) else due.isoformat(),
        }
        async with self._store.transaction() as transaction:
            seq = await transaction.append(person, [row], self._clock())
        if not seq:
            return Unreachable()
        self._metrics.reminders.inc()
        self._hub.wake(person)
        return Sent()

    async def answer(self, address: str, answer: Answer) -> None:
        """Let the open pages read what was committed."""
        self._hub.wake(f"{self.name}:{address}")

    async def progress(self, address: str, job: int, screen: Screen) -> None:
        """Show how far a job is, in a bubble that is replaced each time."""
        await self._progress.show(f"{self.name}:{address}", job, screen)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """Nothing is left to fetch: what comes over the page is kept before the conversation hears of it."""
        raise FetchError("gone")
        yield b""

    def _know_origins(self) -> None:
        self._origins = Origins(self._host, self._port, self._public_url)
        self._guard.origins = self._reading.origins = self._operating.origins = self._origins

    async def _start_error(self, error: OSError) -> Exception:
        if error.errno == errno.EADDRINUSE:
            return PortTakenError(self._port, await asyncio.to_thread(next_free, self._host, self._port))
        return CannotListenError(self._host, self._port, os.strerror(error.errno or 0))

    def _application(self) -> web.Application:
        @web.middleware
        async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._guard.around(request, handler)

        application = web.Application(middlewares=[around], client_max_size=self._limits.body)
        application.on_response_prepare.append(add_headers)
        reading, chat, operating = self._reading, self._chat, self._operating
        application.add_routes(
            [
                web.get("/", reading.home),
                web.get("/static/{name}", reading.static),
                web.get("/session", reading.session),
                web.get("/history", reading.history),
                web.get("/events", reading.events, allow_head=False),
                web.get("/qr", reading.qr),
                web.post("/say", chat.say),
                web.post("/press", chat.press),
                web.post("/start", chat.start),
                web.post("/upload", self._uploads.upload),
                web.get(r"/file/{seq:[0-9]{1,12}}", reading.file),
                web.post("/link", reading.link),
                web.get(r"/join/{token:[A-Za-z0-9_-]{1,100}}", reading.ask_join),
                web.post("/join", reading.join),
                web.get("/cases", reading.cases),
                web.get(r"/cases/{number:[0-9]{1,6}}", reading.case),
                web.get("/healthz", operating.healthz),
                web.get("/metrics", operating.metrics),
                web.get("/login", operating.ask_password),
                web.post("/login", operating.login),
            ]
        )
        return application


def next_free(host: str, port: int) -> int | None:
    """The next port above that could be listened on now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port + 1, min(port + TRIED, 65535) + 1):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
                probe.listen(1)
            except OSError:
                continue
            return candidate
    return None
