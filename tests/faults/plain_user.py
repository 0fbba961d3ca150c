"""``python -m tests.faults.plain_user``: the bot without a superuser's rights, whoever starts it.

A superuser may write what is read-only, so that nothing could be tested there. Without its capabilities (Linux) the
process is an ordinary owner of its files; for an ordinary user nothing changes.
"""

import ctypes
import runpy
import sys

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


if __name__ == "__main__":
    give_up_rights()
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
