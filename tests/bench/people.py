"""Many people who all stand at the same place of the conversation, in a database made once."""

from collections.abc import Callable
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
        answer = await say(engine, example, "command", text="/new")
        for label in place.way:
            answer = await say(engine, example, "press", press=button(answer, label))
        presses[place.name] = button(answer, place.label)
        await copy(store, example, FIRST + number * count, count)
    await store.close()
    return presses


async def say(engine: Engine, person: str, kind: str, text: str = "", press: str = "") -> Answer:
    """What the bot answers to somebody's deed."""
    now = datetime.now(UTC)
    said = Incoming(f"{person}:{kind}:{now}", person, now, kind, text=text, press=press)  # type: ignore[arg-type]
    return await engine.handle(said)


def button(answer: Answer, label: str) -> str:
    """The data of a button."""
    return buttons(answer)[label]


def buttons(answer: Answer) -> dict[str, str]:
    """Label and data of all buttons."""
    choices = [choice for reply in answer.replies for row in reply.screen.rows for choice in row]
    return {choice.label: choice.press for choice in choices}


async def copy(
    store: SqliteStore, example: str, first: int, count: int, change: Callable[[Dossier], Dossier] = lambda same: same
) -> None:
    """So many people who stand where the example stands, but for the ``change``."""
    async with store.transaction() as transaction:
        dossier = await transaction.load(example)
        assert dossier is not None
        dossier = change(dossier)
        for number in range(first, first + count):
            await transaction.save(None, renamed(dossier, number))


def renamed(dossier: Dossier, number: int) -> Dossier:
    names = {case.id: f"{number:x}-{case.number}" for case in dossier.cases}
    return replace(
        dossier,
        person=replace(dossier.person, id=f"telegram:{number}"),
        cases=tuple(replace(case, id=names[case.id]) for case in dossier.cases),
        reminders=tuple(replace(one, case=names[one.case], id=0) for one in dossier.reminders),
    )
