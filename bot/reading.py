"""What text stands in a picture, and where? Read by OCR in a process of its own, so that the chat stays quick.

The extra ``ocr`` (rapidocr, onnxruntime) may be missing; then every picture is ``not_installed``.
"""

import asyncio
import importlib.util
import json
from asyncio.subprocess import Process
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from bot.child_process import module, start_child

ReadingFault = Literal["not_installed", "too_many_pixels", "timed_out", "broken", "crashed", "no_text"]
"""``broken``: no picture that can be decoded. ``crashed``: the process ended over it; another try may help."""

TIME_LIMIT = 40.0
"""Seconds for one picture, the start of the process included."""
IDLE_LIMIT = 240.0
"""Seconds without a picture after which the process ends and its 500 MB are free again."""
GRACE = 3.0
"""Seconds that the process has to end by itself."""

_ANSWER_LIMIT = 4 * 1024 * 1024
# glibc then gives the large pieces of memory back after each picture instead of keeping what the largest took.
_ENVIRONMENT = {"MALLOC_MMAP_THRESHOLD_": "8388608"}


@dataclass(frozen=True, slots=True)
class Box:
    """One piece of text and where it stands, in pixels of the upright and straightened picture."""

    text: str
    x: float
    y: float
    width: float
    height: float
    score: float
    """0 to 1: how sure the reading is."""


@dataclass(frozen=True, slots=True)
class Page:
    """All text of one picture."""

    boxes: tuple[Box, ...]
    width: int
    height: int


def is_available() -> bool:
    """Whether the extra ``ocr`` is installed; nothing is imported for it."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "PIL"))


class Reader:
    """Reads pictures one after the other. The process starts with the first one and ends when none came for a while."""

    def __init__(
        self,
        *,
        time_limit: float = TIME_LIMIT,
        idle_limit: float = IDLE_LIMIT,
        grace: float = GRACE,
        command: Sequence[str] | None = None,
    ) -> None:
        """Limits in seconds; ``command`` is a process that speaks as ``bot.reading_worker`` does, in its place."""
        self._time_limit, self._idle_limit, self._grace = time_limit, idle_limit, grace
        self._command = command
        self._one_at_a_time = asyncio.Lock()
        self._process: Process | None = None
        self._closed = False
        self._idle: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Of the process that is there now, for whoever measures it."""
        return self._process.pid if self._process else None

    async def read(self, path: Path) -> Page | ReadingFault:
        """All text of the picture at the absolute ``path``, or why there is none. Cancelling ends the process."""
        if self._command is None and not is_available():
            return "not_installed"
        async with self._one_at_a_time:
            self._rest_no_longer()
            if self._closed:
                return "crashed"
            answered = False
            try:
                async with asyncio.timeout(self._time_limit):
                    line = await self._ask(json.dumps({"path": str(path)}).encode() + b"\n")
                answered = bool(line)
            except TimeoutError:
                return "timed_out"
            except (OSError, ValueError):
                # It could not start or ended before it took the picture, or it said more than an answer can be.
                return "crashed"
            finally:
                if answered:
                    self._idle = asyncio.create_task(self._end_when_idle())
                else:
                    await self._kill()
            return _page(line) if line else "crashed"

    async def close(self) -> None:
        """End the process, if there is one; what it is reading is ``crashed``."""
        self._closed = True
        if self._one_at_a_time.locked() and self._process is not None and self._process.returncode is None:
            self._process.kill()
        async with self._one_at_a_time:
            self._rest_no_longer()
            await self._end()

    async def _ask(self, question: bytes) -> bytes:
        """The answer line; empty if the process ended instead."""
        if self._process is None or self._process.returncode is not None:
            command = self._command or module("bot.reading_worker")
            self._process = await start_child(command, _ANSWER_LIMIT, _ENVIRONMENT)
        asked, answers = self._process.stdin, self._process.stdout
        if asked is None or answers is None:
            return b""
        asked.write(question)
        await asked.drain()
        return await answers.readline()

    def _rest_no_longer(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    async def _end_when_idle(self) -> None:
        await asyncio.sleep(self._idle_limit)
        async with self._one_at_a_time:
            await self._end()

    async def _end(self) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            async with asyncio.timeout(self._grace):
                await process.wait()
        except TimeoutError:
            await self._kill()
        self._process = None

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.wait()


def _page(line: bytes) -> Page | ReadingFault:
    try:
        answer = json.loads(line)
        if "fault" in answer:
            fault: ReadingFault = answer["fault"]
            return fault if fault in get_args(ReadingFault) else "crashed"
        return Page(tuple(Box(*row) for row in answer["boxes"]), answer["width"], answer["height"])
    except (ValueError, TypeError, KeyError):
        return "crashed"
