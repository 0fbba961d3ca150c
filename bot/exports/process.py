"""Files are made in a process of their own: the chat stays quick, and to call one off is to end the process."""

import json
import pickle
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

from bot.child_process import module, start_child
from bot.exports.making import Task

Progress = Callable[[int, int], Awaitable[None]]
Make = Callable[[Task, Path, Progress], Awaitable[None]]
"""Writes the file; cancelling ends the work, and nothing is written afterwards."""

_LINE = 64 * 1024


class MakingError(Exception):
    """The process could not make it; says the kind of error and where it was."""


class Maker:
    """A ``Make``."""

    def __init__(self, command: Sequence[str] = module("bot.exports.worker")) -> None:
        """``command`` is a process that speaks as ``bot.exports.worker`` does, in its place."""
        self._command = command

    async def __call__(self, task: Task, target: Path, progress: Progress) -> None:
        """Raises MakingError, or OSError if the process cannot start."""
        process = await start_child(self._command, _LINE, {})
        try:
            if process.stdin is not None and process.stdout is not None:
                await _ask(process.stdin, pickle.dumps((task, target)))
                await _listen(process.stdout, progress)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
            await process.wait()


async def _ask(stdin: StreamWriter, question: bytes) -> None:
    # One that ended before it has read everything is noticed by its silence.
    with suppress(OSError):
        stdin.write(question)
        await stdin.drain()
        stdin.close()


async def _listen(stdout: StreamReader, progress: Progress) -> None:
    while line := await stdout.readline():
        answer = json.loads(line)
        if "failed" in answer:
            raise MakingError(answer["failed"])
        if "made" in answer:
            return
        await progress(answer["done"], answer["total"])
    raise MakingError("the process ended")
