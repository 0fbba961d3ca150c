"""Several people on two channels, each with secrets that nobody else may ever be shown, and what holds for any answer.

The engine, the store, the files, the jobs, the reminders and the web server are the real ones. Telegram's side is cut
off behind ``parse``: what would be sent is looked at here instead.
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.channels.telegram.render import file_name, keyboard
from bot.channels.telegram.uploads import parts
from bot.channels.web import CaseText, WebChannel
from bot.channels.web.sessions import Session, hash_of
from bot.conversation.decide import stranger
from bot.conversation.engine import Engine
from bot.conversation.plain import case_pages
from bot.conversation.turn import Turn
from bot.domain.model import Dossier, Preferences
from bot.domain.moment import Moment
from bot.inspection import inspect
from bot.messages import Answer, Attached, Delivery, Incoming, Kind, Screen, Sent
from bot.ports import FetchError
from bot.reminders import Reminders
from storage.files import open_files
from tests.abuse.beings import Being, Finding, Listener
from tests.channels.web.pictures import png
from tests.channels.web.world import channel
from tests.fakes.telegram_html import RefusedError, parse_html, utf16
from tests.fakes.telegram_limits import BUTTONS, CAPTION, COPY, DATA_BYTES, ROW, TEXT, TOAST
from tests.harness import World
from tests.storage.fresh import fresh_store

TELEGRAM, WEB = 6, 5
"""People who attack and are attacked; two more on each channel only watch."""
MOST_ENTRIES = 80
"""Changes of one person after which they begin anew."""


class Crowd:
    """``async with Crowd(folder) as crowd``."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.folder = folder
        self.beings: list[Being] = []
        self.watching: list[Being] = []
        self.findings: list[Finding] = []
        self.input = 0
        """The number of the present input."""
        self.uploads: dict[str, bytes] = {}
        self._ids = count(1)
        self.web: WebChannel

    @property
    def now(self) -> datetime:
        return self.world.now

    async def __aenter__(self) -> Self:
        world = self.world
        self._listener = Listener(lambda what, shown: self.note(what, shown))
        logging.getLogger().addHandler(self._listener)
        logging.getLogger("jieru").setLevel(logging.WARNING)
        world.store = await fresh_store(self.folder / "jieru.db")
        world.files = await open_files(self.folder / "evidence", inspect)
        channels: dict[str, Any] = {"telegram": _Telegram(self)}
        world.reminders = Reminders(world.store, world.knowledge, channels, lambda: world.now)
        world.engine = Engine(
            world.store, world.knowledge, lambda: world.now, Preferences(), transcripts=frozenset({"web"})
        )
        world.jobs = world.jobs_over(channels)
        self.web = channel(world, world.store, world.engine.handle, read_cases=self._read_cases)
        await self.web.start()
        channels["web"] = self.web
        for number in range(TELEGRAM + 2):
            await self._settle_in(f"telegram:{7_100_000 + number}", 7_100_000 + number, number >= TELEGRAM)
        for number in range(WEB + 2):
            await self._settle_in(f"web:{number:016x}", number, number >= WEB)
        self._before = {being.person: _kept(await self.dossier(being)) for being in self.watching}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.web.stop()
        await self.world.store.close()
        logging.getLogger().removeHandler(self._listener)

    # --- people ------------------------------------------------------------------------------------------------------

    async def _settle_in(self, person: str, number: int, watches: bool) -> None:
        index = len(self.beings) + len(self.watching)
        secrets = (
            f"2611{10 + index % 18}-{884_400_000_000_000 + index * 1_010_101}",
            f"金丝雀商品{chr(0x4E00 + index * 37)}{chr(0x5E00 + index * 41)}",
            f"鹦鹉说的话{chr(0x6E00 + index * 43)}{chr(0x7E00 + index * 47)}",
            f"CANARY-FILE-{index:04}-{index * 7919:06}",
            f"NAME-OF-FILE-{index:04}",
        )
        being = Being(person, number, secrets)
        (self.watching if watches else self.beings).append(being)
        await self.plant(being)

    async def plant(self, being: Being) -> None:
        """Give them a case with all their secrets in it, words that were handed out, a file, a reminder."""
        world, order, goods, said = self.world, *being.secrets[:3]
        if being.person.startswith("web:"):
            being.session = Session(f"token-of-{being.number}-{next(self._ids)}".ljust(43, "x"), being.person)
            await world.store.add_session(hash_of(being.session.token), being.person, self.now)
        async with world.store.transaction() as transaction:
            before = await transaction.load(being.person)
            dossier = before or stranger(being.person, self.now, Preferences())
            incoming = Incoming(f"planted:{being.person}:{next(self._ids)}", being.person, self.now, "text")
            turn = Turn(world.knowledge, dossier, incoming, self.now)
            when = Moment(self.now - timedelta(hours=5)).to_json()
            facts = {"order_no": order, "goods": goods, "amount": 3990, "rejected_at": when, "detail": said}
            case = turn.open_case({"problem": "spoiled", "stage": "rejected", "questions": [], **facts})
            turn.record(case, "ready")
            turn.go(f"card:{case.number}")
            turn.settle()
            await transaction.save(before, turn.result())
        content, name = png(being.number, 4, 4) + being.secrets[3].encode(), f"{being.secrets[4]}.png"
        if being.session is not None:
            kept = await world.files.keep(_whole(content))
            assert not isinstance(kept, str)
            attached = Attached(name=name, size=kept.size, type=kept.type, kept=kept.sha256)
        else:
            ref = f"ref-{being.number}-{next(self._ids)}"
            self.uploads[ref] = content
            attached = Attached(ref, name, len(content), "image/png")
        deeds: tuple[tuple[Kind, dict[str, Any]], ...] = (
            ("photo", {"attached": attached}),
            ("text", {"text": "给客服的话"}),
            ("text", {"text": said}),
        )
        for kind, fields in deeds:
            named = f"{being.person}:{next(self._ids)}"
            await self.handle(being, Incoming(named, being.person, self.now, kind, **fields))
        await world.jobs.tick(self.now)

    async def dossier(self, being: Being) -> Dossier | None:
        async with self.world.store.transaction() as transaction:
            return await transaction.load(being.person)

    async def replant(self) -> None:
        """Whoever deleted everything begins anew, so that there is always something to steal; so does whoever has
        more than anybody would have, or the run would be about long histories alone."""
        for being in self.beings:
            dossier = await self.dossier(being)
            lost = being.session and not await self.world.store.find_session(hash_of(being.session.token), self.now)
            if dossier is not None and sum(len(case.entries) for case in dossier.cases) > MOST_ENTRIES:
                async with self.world.store.transaction() as transaction:
                    await transaction.forget(being.person)
                dossier = None
            if dossier is None or not dossier.cases or lost:
                await self.plant(being)

    async def later(self, **span: float) -> None:
        """Time passes; what is due is done and sent."""
        self.world.now += timedelta(**span)
        await self.world.jobs.tick(self.now)
        await self.world.reminders.tick(self.now)

    async def check_watching(self) -> None:
        """Those who did nothing have what they had."""
        for being in self.watching:
            if _kept(await self.dossier(being)) != self._before[being.person]:
                self.note("somebody else's case was changed", being.person)

    # --- looking -----------------------------------------------------------------------------------------------------

    async def handle(self, being: Being, incoming: Incoming) -> Answer:
        """Let the conversation decide, and look at every word of the answer."""
        answer = await self.world.engine.handle(incoming)
        self.look(being.person, answer)
        return answer

    def look(self, person: str, answer: Answer) -> None:
        being = next((each for each in (*self.beings, *self.watching) if each.person == person), None)
        if utf16(_encodable(answer.toast)) > TOAST:
            self.note("toast too long", answer.toast)
        self.search(person, answer.toast)
        for reply in answer.replies:
            for part in parts(reply):
                limit = TEXT if part.file is None else CAPTION
                self._look_at(person, part.screen, limit)
                if part.file is not None:
                    self.search(person, part.file.name + part.file.content.decode("utf-8", "replace"))
                    if part.file.name and not file_name(part.file.name):
                        self.note("a file without a name", repr(part.file.name))
            if being is not None:
                being.pressed += [one.press for row in reply.screen.rows for one in row if one.press]
                del being.pressed[:-60]

    def _look_at(self, person: str, screen: Screen, limit: int) -> None:
        text = str(screen.text)
        try:
            rich = parse_html(_encodable(text))
        except RefusedError as error:
            self.note(f"Telegram would refuse it: {error}", text)
            return
        if utf16(rich.text) > limit:
            self.note(f"longer than {limit}", text)
        if not rich.text.strip() and limit == TEXT:
            self.note("an empty message", repr(screen))
        if text != _encodable(text):
            self.note("half a character", repr(text))
        for row in screen.rows:
            if len(row) > ROW:
                self.note("too many buttons in a row", repr(row))
            for one in row:
                if not one.label.strip() or not (one.press or one.copy):
                    self.note("an empty button", repr(one))
                if len(one.press.encode()) > DATA_BYTES or utf16(_encodable(one.copy)) > COPY:
                    self.note("a button over its limit", repr(one))
        if sum(map(len, screen.rows)) > BUTTONS:
            self.note("too many buttons", text)
        keyboard(screen)
        self.search(person, text + "".join(one.label + one.copy for row in screen.rows for one in row))

    def search(self, person: str, text: str, *also: str) -> None:
        """Nothing of anybody but the person (and ``also``) may stand there."""
        for being in (*self.beings, *self.watching):
            if being.person != person and being.person not in also:
                for secret in being.secrets:
                    if secret in text:
                        self.note(
                            f"{person or 'a stranger'} is shown what belongs to {being.person}", f"{secret} {text}"
                        )

    def note(self, what: str, shown: str) -> None:
        self.findings.append(Finding(self.input, what, shown[:3000]))

    async def _read_cases(self, person: str) -> list[CaseText]:
        async with self.world.store.transaction() as transaction:
            dossier = await transaction.load(person)
        return [CaseText(*page) for page in case_pages(self.world.knowledge, dossier, self.now)] if dossier else []


class _Telegram:
    """The channel as the loops see it: what would be sent is looked at."""

    name = "telegram"
    connected = True

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd

    async def send(self, address: str, screen: Screen, due: datetime | None = None) -> Delivery:
        self._crowd._look_at(f"telegram:{address}", screen, TEXT)
        return Sent()

    async def answer(self, address: str, answer: Answer) -> None:
        self._crowd.look(f"telegram:{address}", answer)

    async def progress(self, address: str, job: int, screen: Screen) -> None:
        self._crowd._look_at(f"telegram:{address}", screen, TEXT)

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        if ref not in self._crowd.uploads:
            raise FetchError("gone")
        yield self._crowd.uploads[ref]

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


def _kept(dossier: Dossier | None) -> object:
    """What only the person may change: all but what slow work and reminders note by themselves."""
    if dossier is None:
        return None
    own = [replace(case, entries=tuple(one for one in case.entries if one.kind in _OWN)) for case in dossier.cases]
    return own, dossier.person.preferences, dossier.person.session.get("place")


_OWN = ("opened", "ready", "proof", "unproof", "event", "facts", "undo")


def _encodable(text: str) -> str:
    return text.encode("utf-16-le", "replace").decode("utf-16-le")


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
