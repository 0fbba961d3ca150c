"""What others notice of one person who sends as fast as the line allows: text, presses, pictures.

    python -m tests.bench.flood [--seconds 10] [--people 10] [--rate 50]

``--rate`` is what the flood sends to Telegram per second; 50 is far more than one person gets into a chat there. 0 is
without end: then 200 of the flood's updates always wait at Telegram before anybody else's, so that what the others wait
for is above all that queue, which is Telegram's. On the page the flood is 24 connections that never pause.

The whole program runs in a process of its own, the fake Telegram and the browsers here. Calm people act about once a
second each; the time from their deed to the answer is measured without the flood, with it, and with it while
RATE_LIMIT_PERSON is off. Printed are median and p99 in milliseconds, and the ratios to the quiet run of the same
channel. The web has limits of its own, which the setting moves along.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.channels.web.browser import Browser
from tests.channels.web.pictures import png
from tests.fakes.telegram_api import TOKEN, FakeTelegram
from tests.fakes.telegram_person import Person
from tests.test_process import Program, free_port, program

BACKLOG = 200
"""Updates of the flood that always wait at Telegram: two getUpdates full."""
CONNECTIONS = 24
"""Of the one who floods the page."""

Deed = Callable[[], Awaitable[None]]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def pause(seconds: float) -> None:
    never = asyncio.Event()
    try:
        async with asyncio.timeout(seconds):
            await never.wait()
    except TimeoutError:
        return


async def calmly(deeds: list[Deed], seconds: float) -> list[float]:
    """Everybody acts about once a second. Returns how long each answer took, in milliseconds."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def one(number: int, deed: Deed) -> None:
        await pause(1.2 * number / len(deeds))
        while time.perf_counter() < end:
            began = time.perf_counter()
            await deed()
            took.append((time.perf_counter() - began) * 1000)
            await pause(max(0.05, 1.2 - (time.perf_counter() - began)))

    await asyncio.gather(*(one(number, deed) for number, deed in enumerate(deeds)))
    return took


async def with_flood(
    flood: Callable[[asyncio.Event], Awaitable[int]], deeds: list[Deed], seconds: float
) -> tuple[list[float], int]:
    """How long the answers to the calm took meanwhile, and how much the flood sent."""
    stop = asyncio.Event()
    task = asyncio.ensure_future(flood(stop))
    await pause(1)
    took = await calmly(deeds, seconds)
    stop.set()
    return took, await task


def told(name: str, took: list[float], quiet: list[float] | None = None, sent: int = 0) -> float:
    median, p99 = statistics.median(took), statistics.quantiles(took, n=100)[98]
    line = f"{name:44} median {median:7.1f} ms   p99 {p99:8.1f} ms   ({len(took)} answers)"
    ratio = median / statistics.median(quiet) if quiet else 1.0
    if quiet:
        line += (
            f"   x{ratio:.2f} median, x{p99 / statistics.quantiles(quiet, n=100)[98]:.2f} p99; {sent} sent by the flood"
        )
    say(line)
    return ratio


# --- Telegram --------------------------------------------------------------------------------------------------------


def answered(server: FakeTelegram, person: Person) -> Deed:
    """Type something and wait for the answer."""

    async def deed() -> None:
        before = len(person.chat)
        await person.says("/cases")
        await server.until(lambda: len(person.chat) > before, lambda: "no answer", timeout=60)

    return deed


def telegram_flood(server: FakeTelegram, who: Person, rate: float) -> Callable[[asyncio.Event], Awaitable[int]]:
    async def flood(stop: asyncio.Event) -> int:
        sent, began = 0, time.perf_counter()
        while not stop.is_set():
            while len(server.waiting) < BACKLOG and (not rate or sent < (time.perf_counter() - began) * rate):
                sent += 1
                if sent % 3 == 0:
                    await who.forges("s1.home", who.chat[0])
                elif sent % 10 == 1:
                    await who.sends_photo()
                else:
                    await who.says(f"草莓烂了一半商家不给退 {sent}")
            await pause(0.005)
        server.waiting.clear()
        return sent

    return flood


async def on_telegram(limit: str, people: int, seconds: float, rate: float, quiet: list[float] | None) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        async with FakeTelegram() as server:
            server.patience, server.query_lifetime = 60, 600
            settings = _settings(server, RATE_LIMIT_PERSON=limit)
            async with program(Path(folder), **settings) as bot, _drained(bot):
                calm = [server.person(1000 + number) for number in range(people)]
                who = server.person(999)
                for person in (who, *calm):
                    await person.says("/start")
                    await person.sees("我不是拼多多")
                deeds = [answered(server, person) for person in calm]
                if quiet is None:
                    quiet = await calmly(deeds, seconds)
                    told("Telegram, quiet", quiet)
                took, sent = await with_flood(telegram_flood(server, who, rate), deeds, seconds)
                told(f"Telegram, flood, RATE_LIMIT_PERSON={limit or '60'}", took, quiet, sent)
    return quiet


# --- web -------------------------------------------------------------------------------------------------------------


def web_flood(who: Browser) -> Callable[[asyncio.Event], Awaitable[int]]:
    async def one(stop: asyncio.Event, number: int) -> int:
        sent = 0
        while not stop.is_set():
            sent += 1
            if (sent + number) % 10 == 1:
                await who.upload(png(sent % 200))
            elif sent % 3 == 0:
                body = {"id": who.new_id(), "message": "1", "press": "s1.home", "label": "好"}
                await who.post("/press", body)
            else:
                await who.post("/say", {"id": who.new_id(), "text": "草莓烂了一半商家不给退"})
        return sent

    async def flood(stop: asyncio.Event) -> int:
        return sum(await asyncio.gather(*(one(stop, number) for number in range(CONNECTIONS))))

    return flood


def spoken(browser: Browser) -> Deed:
    async def deed() -> None:
        response = await browser.post("/say", {"id": browser.new_id(), "text": "/cases"})
        if response.status != 200:
            raise SystemExit(f"a calm person was refused: {response.status} {await response.text()}")

    return deed


async def on_web(limit: str, people: int, seconds: float, _: float, quiet: list[float] | None) -> list[float]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        async with program(Path(folder), WEB_PORT=str(port), RATE_LIMIT_PERSON=limit) as bot:
            await bot.prints("网页聊天：")
            async with _drained(bot):
                browsers = [await Browser.at(f"http://127.0.0.1:{port}").open() for _ in range(people + 1)]
                who, *calm = browsers
                deeds = [spoken(browser) for browser in calm]
                if quiet is None:
                    quiet = await calmly(deeds, seconds)
                    told("web, quiet", quiet)
                took, sent = await with_flood(web_flood(who), deeds, seconds)
                told(f"web, flood, RATE_LIMIT_PERSON={limit or '60'}", took, quiet, sent)
                for browser in browsers:
                    await browser.close()
    return quiet


def _settings(server: FakeTelegram, **more: str) -> dict[str, str]:
    # Without a send limit: what is measured is the work, not the pace that Telegram asks for.
    free = {"SEND_RATE": "100000", "SEND_RATE_CHAT": "100000"}
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": server.url, "LOG_LEVEL": "WARNING"} | free | more


class _drained:  # noqa: N801 - used as a function
    """What the program prints is read, so that it never waits for a full pipe."""

    def __init__(self, bot: Program) -> None:
        self._bot = bot

    async def __aenter__(self) -> None:
        assert self._bot.process.stdout is not None
        self._task = asyncio.ensure_future(self._bot.process.stdout.read())

    async def __aexit__(self, *_: object) -> None:
        self._bot.process.terminate()
        await self._task


async def everything(people: int, seconds: float, rate: float) -> None:
    for channel in (on_telegram, on_web):
        quiet = await channel("", people, seconds, rate, None)
        await channel("0", people, seconds, rate, quiet)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--rate", type=float, default=50)
    options = parser.parse_args()
    asyncio.run(everything(options.people, options.seconds, options.rate))


if __name__ == "__main__":
    main()
