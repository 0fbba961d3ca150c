"""What is kept of one person, counted; so that whoever deletes it can say what went."""

from collections.abc import Mapping

from storage.database import Database

HELD = """
SELECT
    (SELECT count(*) FROM persons WHERE person = ?1),
    (SELECT count(*) FROM cases WHERE person = ?1),
    (SELECT count(*) FROM reminders WHERE person = ?1),
    (SELECT count(*) FROM cases JOIN letters ON letters.case_id = cases.id WHERE cases.person = ?1),
    (SELECT count(DISTINCT sha256) FROM files WHERE person = ?1),
    (SELECT count(*) FROM transcript WHERE person = ?1),
    (SELECT count(*) FROM sessions WHERE person = ?1) + (SELECT count(*) FROM links WHERE person = ?1),
    (SELECT count(*) FROM seen WHERE person = ?1)
"""
NAMES = ("person", "cases", "reminders", "letters", "files", "transcript", "sessions", "seen")


async def held(database: Database, person: str) -> Mapping[str, int]:
    """Name -> how many rows; all 0 for somebody who is not known."""
    counts = (await database.read(HELD, (person,)))[0]
    return dict(zip(NAMES, map(int, counts), strict=True))
