"""Commits that wait for the disk at the same time become one.

A commit costs a hop to the connection's thread and an fsync, whoever it is for. While one is under way, others gather
here, and all of them go with the next.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from storage.connection import Queued
from storage.database import Database

MOST = 32
"""Groups of one commit: what comes after them waits no longer than so many take."""


class _Waiting(NamedTuple):
    statements: Sequence[Queued]
    done: "asyncio.Future[None]"


class SharedCommits:
    """Groups of statements, in the order in which they came, each written as a whole or not at all."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def commit(self, statements: Sequence[Queued]) -> None:
        """Returns when they are on the disk. Raises what a statement asks for (see ``Queued``), sqlite3's
        IntegrityError, or a StorageError. If the caller is cancelled, they may be written all the same."""
        waiting = _Waiting(statements, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="commits")
        await waiting.done

    async def _write(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._together(group)
        finally:
            self._writing = None

    async def _together(self, group: Sequence[_Waiting]) -> None:
        try:
            failed = await self._database.run_each([waiting.statements for waiting in group])
        except Exception as error:  # noqa: BLE001 - whoever waits gets it
            if len(group) == 1:
                _fail(group[0], error)
                return
            # It may have been the matter of one: a damaged page, a text for which there is no room.
            for waiting in group:
                await self._together([waiting])
            return
        for waiting, why in zip(group, failed, strict=True):
            if why is not None:
                _fail(waiting, why)
            elif not waiting.done.done():
                waiting.done.set_result(None)


def _fail(waiting: _Waiting, error: Exception) -> None:
    # One that nobody waits for any more was cancelled.
    if not waiting.done.done():
        waiting.done.set_exception(error)
