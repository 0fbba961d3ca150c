"""Who does which kind of slow work, how many at a time, and for how long at most."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.conversation.turn import Knowledge
from bot.exports.process import Make, Maker
from bot.jobs.export import Export
from bot.jobs.fetch import Fetch, album
from bot.jobs.loop import Worker
from bot.jobs.read import Read, Reads
from bot.ports import Channel, Files, Store

FETCHING = 4
"""Downloads at the same time."""


def workers(
    store: Store,
    files: Files,
    knowledge: Knowledge,
    channels: Mapping[str, Channel],
    reader: Reads,
    clock: Callable[[], datetime],
    quota: int = 0,
    make: Make | None = None,
) -> Mapping[str, Worker]:
    """What costs a processor (reading, exporting) is done one at a time, so that the chat stays quick. ``quota``: bytes
    of files that are kept for one person, 0 for no limit. ``make``: who writes the files of exports; None: a process
    of its own for each."""
    return {
        "album": Worker(album, 64, "waiting", timedelta(seconds=5)),
        "fetch": Worker(Fetch(channels, files, store, quota), FETCHING, "network", timedelta(minutes=3)),
        "export": Worker(Export(store, files, knowledge, clock, make or Maker()), 1, "heavy", timedelta(minutes=10)),
        "read": Worker(Read(files, reader), 1, "heavy", timedelta(minutes=2)),
    }
