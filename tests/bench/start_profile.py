"""What the start of the bot consists of: the heaviest imports, and the parts of what it knows."""

import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = 25
PACKAGES = 15
ROUNDS = 5


def profile(python: str) -> str:
    """The report, in milliseconds. Imports under ``-X importtime``, which itself takes some; the least of several
    processes counts, for each module and part by itself."""
    with tempfile.TemporaryDirectory() as bytecode:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = kept | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": bytecode}
        own: dict[str, float] = {}
        whole: dict[str, float] = {}
        parts: dict[str, float] = {}
        for number in range(ROUNDS + 1):
            imported = _run(python, environment, "-X", "importtime", "-c", "import bot.__main__, bot.app")
            loaded = _run(python, environment, "-m", "tests.bench.start_profile")
            if not number:
                continue  # The first one compiles.
            for line in imported.splitlines():
                if line.startswith("import time:") and not line.endswith("imported package"):
                    first, second, name = line.removeprefix("import time:").split("|")
                    own[name.strip()] = min(own.get(name.strip(), 1e9), int(first) / 1000)
                    whole[name.strip()] = min(whole.get(name.strip(), 1e9), int(second) / 1000)
            for line in loaded.splitlines():
                name, value = line.rsplit(maxsplit=1)
                parts[name] = min(parts.get(name, 1e9), float(value))
    packages: dict[str, float] = defaultdict(float)
    for name, spent in own.items():
        packages[name.partition(".")[0]] += spent
    return "\n".join(
        [
            f"{len(own)} modules, {sum(own.values()):.0f} ms",
            *_table("package", packages, PACKAGES),
            *_table("module, with what it is the first to import", whole, MODULES),
            *_table("knowledge", parts, len(parts)),
        ]
    )


def _table(title: str, values: dict[str, float], most: int) -> list[str]:
    heaviest = sorted(values.items(), key=lambda pair: -pair[1])[:most]
    return ["", title, *(f"{value:9.1f}  {name}" for name, value in heaviest)]


def _run(python: str, environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([python, *arguments], env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def _loads() -> None:
    """Print what each part of load_knowledge takes in this process."""
    from bot import app
    from bot.catalog import load_catalog
    from bot.catalog.content import DATA
    from bot.conversation.letters.draft_words import load_draft_words
    from bot.conversation.understand.fraud import load_fraud_words
    from bot.conversation.understand.lexicon import load_lexicon
    from bot.conversation.understand.reply_words import load_reply_words

    words = DATA / "lexicon"
    for name, load in (
        ("catalog", load_catalog),
        ("lexicon", lambda: load_lexicon(words)),
        ("fraud", lambda: load_fraud_words(words)),
        ("drafts", lambda: load_draft_words(words)),
        ("replies", lambda: load_reply_words(words)),
        ("all of it again", app.load_knowledge),
    ):
        began = time.process_time()
        load()
        sys.stdout.write(f"{name} {(time.process_time() - began) * 1000:.1f}\n")


if __name__ == "__main__":
    _loads()
