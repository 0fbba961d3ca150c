"""Throws random and mutated Telegram updates and HTTP requests at the bot, and looks at every answer.

    python -m tests.bench.fuzz                       100,000 inputs, 60 of 100 of them updates
    python -m tests.bench.fuzz --seed 7 --rounds 1   one round again, as a finding names it

Each round is a new database with people who have something to hide (see ``tests.abuse.crowd``). Ends with 1 if
anything was found: an unhandled error, a word of somebody else's, a reply over a limit of Telegram, a changed case of
somebody who did nothing, an answer that does not come.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.abuse.beings import Finding
from tests.abuse.driving import run

UPDATES, REQUESTS = 3000, 2000
"""Of one round."""


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def one(seed: int, updates: int, requests: int) -> tuple[Counter[str], list[Finding]]:
    """A round."""
    with tempfile.TemporaryDirectory(prefix="jieru-fuzz-") as folder:
        crowd, drive = await run(Path(folder), seed, updates, requests)
    return drive.counts, crowd.findings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="of the first round; each further one has the next")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--updates", type=int, default=UPDATES)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    found = 0
    for seed in range(options.seed, options.seed + options.rounds):
        began = time.perf_counter()
        came, findings = asyncio.run(one(seed, options.updates, options.requests))
        counts += came
        found += len(findings)
        inputs, took = options.updates + options.requests, time.perf_counter() - began
        say(f"seed {seed}: {inputs} inputs in {took:.1f} s, {len(findings)} findings")
        for finding in findings:
            say(f"  seed {seed}, input {finding.number}: {finding.what}\n    {finding.shown}")
    say(f"\n{options.rounds * (options.updates + options.requests)} inputs, {found} findings")
    for what, number in sorted(counts.items()):
        say(f"{number:8}  {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
