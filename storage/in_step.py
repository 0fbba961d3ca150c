"""What is done to everybody once, and again only when it would come out otherwise: with what it was last done."""

from bot.domain.model import Json
from bot.json_text import from_json, to_json
from storage.database import Database, Work

KNOWN = "SELECT value FROM in_step WHERE matter = ?"
NOTE = "INSERT INTO in_step (matter, value) VALUES (?, ?) ON CONFLICT (matter) DO UPDATE SET value = excluded.value"


async def known(database: Database, matter: str) -> Json:
    """See ``bot.ports.Store.in_step``."""
    found = await database.read(KNOWN, (matter,))
    return from_json(found[0][0]) if found else None


async def note(work: Work, matter: str, value: Json) -> bool:
    """Note it; False if it was known, and nothing is written."""
    found = await work.read(KNOWN, (matter,))
    text = to_json(value)
    if found and found[0][0] == text:
        return False
    await work.write(NOTE, (matter, text))
    return True
