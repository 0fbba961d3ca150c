"""Server-sent events: the rows of a transcript as they are committed, from where the browser left off."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from aiohttp import web

from bot.channels.web.hand_out import shown_file
from bot.channels.web.hub import Hub
from bot.channels.web.richtext import shown_screen
from bot.domain.model import Json
from bot.ports import Store

PAGE = 200
"""Rows read at a time."""
RETRY = b"retry: 1000\n\n"
BEAT = b": \n\n"


def shown(rows: Sequence[tuple[int, datetime, Json]]) -> list[Json]:
    """Rows as the browser gets them."""
    return [{"seq": seq, "at": at.isoformat(), "row": shown_row(seq, row)} for seq, at, row in rows]


def shown_row(seq: int, row: Json) -> Json:
    """A row as the browser gets it."""
    shown = {**row, "screen": shown_screen(row["screen"])} if "screen" in row else row
    return {**shown, "file": shown_file(seq, row["file"])} if "file" in row else shown


def event(name: str, data: Json, number: int | None = None) -> bytes:
    """One event. The JSON is ASCII and one line, so nothing in it can end the event."""
    numbered = "" if number is None else f"id: {number}\n"
    return f"{numbered}event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


async def serve(
    request: web.Request, store: Store, hub: Hub, person: str, after: int, *, reset: bool, beat: float
) -> web.StreamResponse:
    """Until the browser goes, the server stops or the person is forgotten. ``reset`` starts by telling the browser to
    drop what it has: it was another person's."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
    )
    # It listens before it reads: what is committed in between is then seen in the next round.
    with hub.listen(person) as listener, suppress(ConnectionError):
        await response.prepare(request)
        await response.write(RETRY)
        if reset or after > await store.last_seq(person):
            await response.write(event("reset", {}, 0))
            after = 0
        while True:
            listener.changed.clear()
            rows = await store.transcript(person, after, PAGE)
            for row in shown(rows):
                await response.write(event("row", row, row["seq"]))
            after = rows[-1][0] if rows else after
            if len(rows) == PAGE:
                continue
            if listener.ending:
                await response.write(event(listener.ending, {}, 0 if listener.ending == "reset" else None))
                await response.write_eof()
                break
            if await _silent(listener.changed, beat):
                await response.write(BEAT)
    return response


async def _silent(changed: asyncio.Event, beat: float) -> bool:
    """Wait for the event; True if it did not come in time."""
    try:
        async with asyncio.timeout(beat):
            await changed.wait()
    except TimeoutError:
        return True
    return False
