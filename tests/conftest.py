"""Tests see none of the variables of the machine they run on, nor do the processes that they start."""

import gc
import os

from hypothesis import HealthCheck, settings

from bot.config import SETTINGS

# How long an example takes says how busy the machine is, so it decides nothing.
settings.register_profile("jieru", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jieru")

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

for _name in list(os.environ):
    if _name.upper() in (*SETTINGS, *_PROXIES):
        del os.environ[_name]


def pytest_collection_finish() -> None:
    """What was loaded for all tests stays to the end: the collector need not look through it at every round."""
    gc.collect()
    gc.freeze()
