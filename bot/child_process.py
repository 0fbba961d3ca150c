"""Processes beside the bot, for what would keep a processor from the chat: few rights, no secrets, lower priority."""

import os
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_PARENT = Path(__file__).parents[1]
_STEP_BACK = 10
"""Steps of niceness: the chat is answered first, and they get on with what it leaves."""
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
# What strangers send is decoded there: our secrets stay out of their environment.
_PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV",
)  # fmt: skip


def module(name: str) -> Sequence[str]:
    """The command that runs a module of ours."""
    return (sys.executable, "-m", name)


async def start_child(command: Sequence[str], answer_limit: int, environment: dict[str, str]) -> Process:
    """A process that is talked to over its stdin and stdout; a line of its may be ``answer_limit`` bytes long. What it
    says on stderr is dropped. It computes in one thread. Raises OSError if it cannot start."""
    process = await create_subprocess_exec(
        *command,
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        limit=answer_limit,
        cwd=_PARENT,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _ONE_THREAD | environment,
        # Ctrl-C is for us; the process ends when we close its stdin. A group and not a session of its own: Linux weighs
        # sessions against each other (sched_autogroup), and niceness only within one.
        process_group=0,
    )
    if sys.platform != "win32":
        # From here, so that it does not come first while it starts either.
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + _STEP_BACK)
    return process
