"""Tests see none of the variables of the machine they run on, nor do the processes that they start."""

import gc
import os
import sys

import pytest
from hypothesis import HealthCheck, settings

# A start without bytecode, and what is kept beside it, takes twice as long: here it is as for whoever runs the program.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

from bot.config import SETTINGS  # noqa: E402 - only now

# How long an example takes says how busy the machine is, so it decides nothing.
settings.register_profile("jieru", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jieru")

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

for _name in list(os.environ):
    if _name.upper() in (*SETTINGS, *_PROXIES):
        del os.environ[_name]


LONG = (
    "tests/faults/", "tests/test_quality.py", "tests/abuse/test_fuzz.py", "tests/abuse/test_logs.py", "tests/browser/",
    "tests/ocr/", "tests/test_process.py", "tests/test_forget_everything.py", "tests/journeys/test_no_dead_end.py",
)  # fmt: skip
"""Where single tests take seconds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first: at the end, when the processes share what is left, it comes in small pieces."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """What was loaded for all tests stays to the end: the collector need not look through it at every round."""
    gc.collect()
    gc.freeze()
