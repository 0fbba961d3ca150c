"""What must hold in the database and in the folder of files, at every death and at the end."""

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from bot.conversation.engine import Engine
from bot.conversation.turn import Knowledge, Turn
from bot.domain.history import fold
from bot.domain.model import Dossier, Preferences
from bot.messages import Incoming
from storage.files import contents
from storage.store import open_store

PHOTOS = """
SELECT json_extract(p.data, '$.file'), count(DISTINCT p.seq), count(k.seq)
FROM entries AS p LEFT JOIN entries AS k ON k.case_id = p.case_id AND k.kind = 'kept'
    AND json_extract(k.data, '$.number') = json_extract(p.data, '$.number')
WHERE p.kind = 'proof' AND json_extract(p.data, '$.file') IS NOT NULL GROUP BY 1
"""
"""The reference of a picture, how often it became evidence, and how often it was kept."""

GAPS = """
SELECT case_id FROM entries GROUP BY case_id HAVING min(seq) <> 1 OR max(seq) <> count(*)
"""

WITHOUT = "SELECT id FROM cases WHERE id NOT IN (SELECT case_id FROM entries)"

TWICE = "SELECT message FROM entries WHERE message <> '' GROUP BY person, message HAVING count(DISTINCT at) > 1"
"""What one message said is written at one moment; at a second one it would have had its effect twice. The messages of
the bot, whose buttons are pressed again and again, are left out by the caller."""


class Snapshot:
    """The database as a dead process left it: a copy is looked at, so that the next start finds all as it was."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def read(self, *statements: str) -> list[list[tuple[object, ...]]]:
        """The rows of each statement."""
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(sqlite3.connect(copied(self._database, Path(folder)))) as connection,
        ):
            return [connection.execute(statement).fetchall() for statement in statements]


def copied(database: Path, folder: Path) -> Path:
    """The database as it is there now, with its log, in that folder."""
    copy = folder / "copy.db"
    for end in ("", "-wal"):
        source = database.with_name(database.name + end)
        if source.exists():
            shutil.copy(source, copy.with_name(copy.name + end))
    return copy


def at_death(database: Path, confirmed: int, pushed: Mapping[int, tuple[str, int]]) -> tuple[list[str], set[int]]:
    """What is wrong after a kill, and the reminder rows whose sending had begun and was not settled."""
    if not database.exists():
        return ([] if not any(number < confirmed for number in pushed) else ["no database"]), set()
    tables = "SELECT count(*) FROM sqlite_master WHERE name = 'jobs'"
    if Snapshot(database).read(tables)[0][0][0] == 0:
        return [], set()
    ok, foreign, torn, empty, seen, sending = Snapshot(database).read(
        "PRAGMA integrity_check", "PRAGMA foreign_key_check", GAPS, WITHOUT, "SELECT person, id FROM seen",
        "SELECT id FROM reminders WHERE state = 'sending'",
    )  # fmt: skip
    wrong = [f"integrity: {row[0]}" for row in ok if row[0] != "ok"]
    wrong += [f"{row[0]} row {row[1]} belongs to nothing" for row in foreign]
    wrong += [f"torn case {row[0]}" for row in (*torn, *empty)]
    wrong += lost(seen, confirmed, pushed)
    return wrong, {int(str(row[0])) for row in sending}


def lost(seen: Iterable[tuple[object, ...]], confirmed: int, pushed: Mapping[int, tuple[str, int]]) -> list[str]:
    """Updates that were confirmed and are not in the database under their person, exactly once."""
    known = Counter(str(row[1]) for row in seen if str(row[1]).startswith("telegram:"))
    owners = {str(row[1]): str(row[0]) for row in seen}
    wrong = []
    for number, (kind, person) in pushed.items():
        name = f"telegram:{number}"
        if number < confirmed and (known[name], owners.get(name)) != (1, f"telegram:{person}"):
            wrong.append(f"update {number} ({kind}) was confirmed and is there {known[name]} times")
    return wrong


async def at_the_end(database: Path, knowledge: Knowledge, now: datetime, own: set[str]) -> tuple[list[str], int]:
    """What is wrong with the cases, the plans and the jobs once everything is done; and how many cases there are.
    ``own`` are the messages that persons wrote."""
    wrong: list[str] = []
    persons, twice, jobs, waiting, photos = Snapshot(database).read(
        "SELECT person FROM persons", TWICE, "SELECT kind FROM jobs",
        f"SELECT id FROM reminders WHERE state = 'sending' OR wake <= {int(now.timestamp() * 1e6)}",  # noqa: S608
        PHOTOS,
    )  # fmt: skip
    wrong += [f"message {row[0]} had its effect twice" for row in twice if row[0] in own]
    wrong += [f"a job was left: {row[0]}" for row in jobs]
    wrong += [f"reminder {row[0]} is due and was not sent" for row in waiting]
    wrong += [f"picture {ref} is evidence {times} times, kept {kept} times" for ref, times, kept in photos
              if (times, kept) != (1, 1)]  # fmt: skip
    cases = 0
    store = await open_store(database)
    try:
        for (person,) in persons:
            async with store.transaction() as transaction:
                dossier = await transaction.load(str(person))
            assert dossier is not None
            cases += len(dossier.cases)
            wrong += _inconsistent(knowledge, dossier, now)
    finally:
        await store.close()
    return wrong, cases


async def present_screen(database: Path, knowledge: Knowledge, person: str, now: datetime) -> list[str]:
    """The buttons of the first screen, as things stood then."""
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(copied(database, Path(folder)))
        try:
            engine = Engine(store, knowledge, lambda: now, Preferences())
            answer = await engine.handle(Incoming("look", person, now, "command", text="/start"))
        finally:
            await store.close()
    return [one.label for reply in answer.replies for row in reply.screen.rows for one in row]


def _inconsistent(knowledge: Knowledge, dossier: Dossier, now: datetime) -> list[str]:
    wrong = [f"case {case.id} is open as {case.open}" for case in dossier.cases if fold(case).open != case.open]
    turn = Turn(knowledge, dossier, None, now)
    for case in turn.open_cases():
        turn.touch(case)
    turn.settle()
    before, after = ({replace(row, attempts=0) for row in rows} for rows in (dossier.reminders, turn.reminders))
    changed = sorted(str(row) for row in before ^ after)
    return wrong + ([f"the plan of {dossier.person.id} is another one: {changed}"] if changed else [])


def files_apart(database: Path, folder: Path) -> list[str]:
    """Contents that are named and missing, damaged, or there without being named."""
    (rows,) = Snapshot(database).read("SELECT DISTINCT sha256 FROM files")
    named, there = {str(row[0]) for row in rows}, set(contents(folder))
    wrong = [f"file {one} is missing" for one in named - there] + [f"file {one} is nobody's" for one in there - named]
    damaged = [one for one in there if sha256((folder / one[:2] / one).read_bytes()).hexdigest() != one]
    wrong += [f"file {one} is damaged" for one in damaged]
    unfinished = (*folder.glob(".*.part"), *folder.glob(".*.making"))
    return wrong + [f"{left.name} was left half written" for left in unfinished]
