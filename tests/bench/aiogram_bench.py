"""One whole durable step of ours next to the same step of a wizard in aiogram-dialog, which forgets it at the end.

Run ``python -m tests.bench.aiogram_bench PYTHON [--quick]``, where PYTHON is that of an environment with
``requirements-aiogram.txt``; see ``README.md`` here.
"""

import argparse
import asyncio
import shutil
from pathlib import Path

from tests.bench.step_bench import Bot, bots, main

PRESS = "bench\x1dnormal"
"""The button of the third question as aiogram-dialog names it: context, separator, button."""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("python", help="the Python of the environment with aiogram")
    parser.add_argument("--quick", action="store_true", help="a quarter of the steps, one round")
    parser.add_argument("--rounds", type=int, default=0)
    options = parser.parse_args()
    found = shutil.which(options.python) or parser.error(f"there is no {options.python}")
    wizard = Bot("aiogram-dialog", (found, str(Path(__file__).with_name("aiogram_wizard.py"))), press=PRESS)
    asyncio.run(main((wizard, *bots()[1:]), options.rounds or (1 if options.quick else 5), options.quick))
