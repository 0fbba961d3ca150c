"""The processes of ``reminder_bench``: ``python -m tests.bench.reminder_parts start|idle DATABASE``, which print one
line of JSON each."""

import asyncio
import gc
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bot.app import load_knowledge
from bot.reminders import Reminders
from storage.store import open_store
from tests.bench.bots import built
from tests.bench.flood import pause

NOWHERE = "http://127.0.0.1:9"
"""Nobody answers there; the channel goes on trying by itself."""
SETTLED = 2.0
"""Seconds after which what a start does in the background is done as well."""
TICKS = 3000


async def start(database: str) -> dict[str, float]:
    """Milliseconds from the closed file to the running application, CPU with what it does in the background, and the
    most memory (MB) that all this has added to a process that had everything imported and read."""
    knowledge = load_knowledge()
    gc.collect()
    before, cpu, began = _memory("VmRSS"), time.process_time(), time.perf_counter()
    app, store = await built(NOWHERE, database, knowledge)
    await app.start()
    took = time.perf_counter() - began
    await pause(SETTLED)
    used, most = time.process_time() - cpu, _memory("VmHWM")
    await app.stop()
    await store.close()
    return {"ms": took * 1e3, "cpu_ms": used * 1e3, "mb": most - before}


async def idle(database: str) -> dict[str, float]:
    """Microseconds of a look at the table when nothing is due."""
    store = await open_store(Path(database))
    reminders = Reminders(store, load_knowledge(), {}, lambda: datetime.now(UTC))
    taken = []
    cpu = 0.0
    for _ in range(TICKS):
        used, began = time.process_time(), time.perf_counter()
        due = await reminders.tick(datetime.now(UTC))
        taken.append((time.perf_counter() - began) * 1e6)
        cpu += time.process_time() - used
        assert due is not None, "nothing is pending"
        assert due > datetime.now(UTC), "something is due"
    await store.close()
    return {"median": median(taken), "p99": sorted(taken)[int(TICKS * 0.99)], "cpu": cpu / TICKS * 1e6}


def _memory(name: str) -> float:
    """Megabytes; VmRSS is what the process has, VmHWM the most that it ever had."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    part, path = sys.argv[1:]
    sys.stdout.write(json.dumps(asyncio.run({"start": start, "idle": idle}[part](path))) + "\n")
