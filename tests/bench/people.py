"""Many people who all stand at the same place of the conversation, in a database made once."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.app import load_knowledge
from bot.conversation.engine import Engine
from bot.domain.model import Dossier, Preferences
from bot.messages import Answer, Incoming
from storage.store import SqliteStore, open_store

FIRST = 1_000_000
"""The number of the first person; numbers of Telegram have about that length."""
TO_THE_QUESTION = ("货不对", "和描述不一样", "还没申请", "刚刚")
TO_THE_CARD = (*TO_THE_QUESTION, "普通商品")


@dataclass(frozen=True)
class Place:
    """Where people stand, and the button that they press there."""

    name: str
    way: tuple[str, ...]
    label: str


PLACES = (Place("third question", TO_THE_QUESTION, "普通商品"), Place("card", TO_THE_CARD, "教我申请"))


async def prepare(path: Path, count: int) -> dict[str, str]:
    """Fill a new database: ``count`` people at each of PLACES, one place after the other. Returns the press of each
    place."""
    store = await open_store(path)
    knowledge = load_knowledge()
    engine = Engine(store, knowledge, lambda: datetime.now(UTC), Preferences())
    presses = {}
    for number, place in enumerate(PLACES):
        example = f"telegram:{number + 1}"
        answer = await _say(engine, example, "command", text="/new")
        for label in place.way:
            answer = await _say(engine, example, "press", press=_button(answer, label))
        presses[place.name] = _button(answer, place.label)
        await _copy(store, example, FIRST + number * count, count)
    await store.close()
    return presses


async def _say(engine: Engine, person: str, kind: str, text: str = "", press: str = "") -> Answer:
    now = datetime.now(UTC)
    said = Incoming(f"{person}:{kind}:{now}", person, now, kind, text=text, press=press)  # type: ignore[arg-type]
    return await engine.handle(said)


def _button(answer: Answer, label: str) -> str:
    choices = [choice for reply in answer.replies for row in reply.screen.rows for choice in row]
    return next(choice.press for choice in choices if choice.label == label)


async def _copy(store: SqliteStore, example: str, first: int, count: int) -> None:
    async with store.transaction() as transaction:
        dossier = await transaction.load(example)
        assert dossier is not None
        for number in range(first, first + count):
            await transaction.save(None, _renamed(dossier, number))


def _renamed(dossier: Dossier, number: int) -> Dossier:
    names = {case.id: f"{number:x}-{case.number}" for case in dossier.cases}
    return replace(
        dossier,
        person=replace(dossier.person, id=f"telegram:{number}"),
        cases=tuple(replace(case, id=names[case.id]) for case in dossier.cases),
        reminders=tuple(replace(one, case=names[one.case], id=0) for one in dossier.reminders),
    )
