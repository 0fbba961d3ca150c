"""``python -m tests.faults.plain_user``: the bot without a superuser's rights, whoever starts it.

A superuser may write what is read-only, so that nothing could be tested there. Without its capabilities (Linux) the
process is an ordinary owner of its files; for an ordinary user nothing changes.
"""

import asyncio
import ctypes
import runpy
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

R = TypeVar("R")

_VERSION = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def give_up_rights() -> None:
    """For this thread and those that it will start."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.capset(ctypes.byref(_Header(_VERSION, 0)), (_Sets * 2)()) != 0:
            raise OSError(ctypes.get_errno(), "capset")


async def as_plain_user(do: Callable[[], R]) -> R:
    """Do it in a thread that gives up these rights and ends with it; those that it starts have them no more either."""
    with ThreadPoolExecutor(1, initializer=give_up_rights) as thread:
        return await asyncio.get_running_loop().run_in_executor(thread, do)


if __name__ == "__main__":
    give_up_rights()
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
