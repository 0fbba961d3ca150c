"""``python -m bot`` in this process: exit code and output without the cost of a start. ``test_process`` runs the same
program as a process of its own."""

import asyncio
import io
import logging
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from bot.__main__ import main


class Ran(tuple[int, str]):
    """The exit code, and what the operator reads."""

    __slots__ = ()

    @property
    def code(self) -> int:
        return self[0]

    @property
    def output(self) -> str:
        return self[1]


def command(folder: Path, *words: str, **settings: str) -> Ran:
    """Run it in that folder, with these settings in ``.env``, until it ends by itself."""
    if settings:
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        (folder / ".env").write_text(lines, encoding="utf-8")
    printed = io.StringIO()
    with chdir(folder), _logging_restored(), redirect_stdout(printed), redirect_stderr(printed):
        try:
            code = main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Ran((code, printed.getvalue()))


async def command_meanwhile(folder: Path, *words: str, **settings: str) -> Ran:
    """The same beside what else is open here; not for ``run``, whose signals need the main thread."""
    return await asyncio.to_thread(command, folder, *words, **settings)


@contextmanager
def _logging_restored() -> Iterator[None]:
    """Levels and handlers are the process's."""
    root, ours = logging.getLogger(), logging.getLogger("jieru")
    handlers, level, our_level = list(root.handlers), root.level, ours.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        ours.setLevel(our_level)
