"""Those who tap, those who wait for a reminder, and two who have slow work done, in a database made once."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from PIL import Image
from playwright.async_api import async_playwright

from bot.app import load_knowledge
from bot.conversation.engine import Engine
from bot.domain.model import Dossier, Preferences
from bot.inspection import inspect
from bot.messages import Attached, Incoming
from bot.ports import Kept
from storage.files import DiskFiles, open_files
from storage.store import SqliteStore, open_store
from tests.bench.people import FIRST, TO_THE_CARD, button, buttons, copy, say
from tests.browser.conftest import ARGUMENTS, CHROMIUM, NEEDED
from tests.ocr.shots import Shot, render

PEOPLE = 100
EXPORTER, SENDER = 11, 12
"""Who takes everything along, and who sends screenshots."""
CASES, PICTURES = 3, 3
"""Of the exporter, and in each case: an archive of 30 MB."""
PHOTO = (4000, 3000)
"""Pixels, as a phone takes them."""
LONG_AGO = timedelta(minutes=30)
"""How long the reminders of a backlog have been due: late, but in time to be sent."""


@dataclass(frozen=True)
class Prepared:
    """The buttons that the people see at the beginning."""

    tapping: dict[str, str]
    sender: dict[str, str]


async def prepare(folder: Path, waiting: int = 0) -> Prepared:
    """Fill a new ``bot.db`` in the folder, and its evidence: the people FIRST and following stand at their card, and so
    many more after them have a reminder that is due."""
    store = await open_store(folder / "bot.db")
    try:
        files = await open_files(folder / "data" / "evidence", inspect, await store.identity())
        knowledge = load_knowledge()
        # Nothing is read while this is prepared.
        engine = Engine(store, replace(knowledge, abilities=frozenset({"pdf"})), _now, Preferences())
        tapping = await _to_the_card(engine, "telegram:1")
        await copy(store, "telegram:1", FIRST, PEOPLE)
        await copy(store, "telegram:1", FIRST + PEOPLE, waiting, _due)
        sender = await _to_the_card(engine, f"telegram:{SENDER}")
        if not waiting:
            await _exporter(engine, store, files)
    finally:
        await store.close()
    return Prepared(tapping, sender)


async def screenshots(count: int) -> list[bytes]:
    """Pages of orders and refunds, each another one, as a phone saves them (PNG)."""
    if CHROMIUM is None:
        raise SystemExit(NEEDED)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        layouts = (("order", "signed"), ("refund", "waiting_merchant"), ("refund_big", "rejected"))
        made = [await render(browser, Shot(*layouts[number % 3], 5000 + number)) for number in range(count)]
        await browser.close()
    return made


async def _to_the_card(engine: Engine, person: str) -> dict[str, str]:
    shown = await say(engine, person, "command", text="/new")
    for label in TO_THE_CARD:
        shown = await say(engine, person, "press", press=button(shown, label))
    return buttons(shown)


def _due(dossier: Dossier) -> Dossier:
    soonest = min(dossier.reminders, key=lambda one: one.due)
    return replace(dossier, reminders=(replace(soonest, due=_now() - LONG_AGO),))


async def _exporter(engine: Engine, store: SqliteStore, files: DiskFiles) -> None:
    person = f"telegram:{EXPORTER}"
    for case in range(CASES):
        await _to_the_card(engine, person)
        for number in range(PICTURES):
            picture = await asyncio.to_thread(_photo, case * PICTURES + number)
            kept = await files.keep(_at_once(picture))
            assert isinstance(kept, Kept), kept
            attached = Attached(kept=kept.sha256, size=kept.size, type=kept.type)
            said = Incoming(f"photo:{case}:{number}", person, _now(), "photo", attached=attached)
            await engine.handle(said)


async def _at_once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _photo(seed: int) -> bytes:
    """Something with as much detail as a photo has: about 2 MB."""
    random, small = Random(seed), Image.new("L", (PHOTO[0] // 8, PHOTO[1] // 8))
    small.putdata(random.choices(range(256), k=small.width * small.height))
    out = io.BytesIO()
    small.resize(PHOTO, Image.Resampling.BICUBIC).convert("RGB").save(out, "JPEG", quality=75)
    return out.getvalue()


def _now() -> datetime:
    return datetime.now(UTC)
