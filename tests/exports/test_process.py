"""The process that makes files: what it makes is there, what it cannot make is told apart, and it can be ended."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.exports.making import Page
from bot.exports.process import Maker, MakingError
from tests.exports.cases import PHOTO, SPOILED
from tests.exports.drawing import photo


def fake(said: str) -> Maker:
    """A process that reads what it is asked, and says this instead."""
    code = f"import sys, os; sys.stdin.buffer.read(); {said}"
    return Maker((sys.executable, "-I", "-S", "-c", code))


class Heard:
    """Progress, as it was told. ``first`` is set with the first of it."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []
        self.first = asyncio.Event()

    async def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))
        self.first.set()


async def test_a_page_is_made_and_told_about(tmp_path: Path) -> None:
    picture, target, heard = photo(tmp_path / "photo.jpg"), tmp_path / "page.html", Heard()
    await Maker()(Page(SPOILED, {PHOTO: picture}), target, heard)
    assert "问题单3 · 草莓坏果" in target.read_text(encoding="utf-8")
    assert heard.told == [(1, 1)]


async def test_what_cannot_be_made_is_told_without_words_of_the_person(tmp_path: Path) -> None:
    with pytest.raises(MakingError, match=r"^FileNotFoundError at pathlib\.py:\d+$"):
        await Maker()(Page(SPOILED, {}), tmp_path / "nowhere" / "page.html", Heard())


@pytest.mark.parametrize("said", ["os._exit(3)", "pass"])
async def test_a_process_that_ends_without_a_word_has_made_nothing(tmp_path: Path, said: str) -> None:
    with pytest.raises(MakingError, match="ended"):
        await fake(said)(Page(SPOILED, {}), tmp_path / "page.html", Heard())


async def test_a_process_that_does_not_listen_has_made_nothing(tmp_path: Path) -> None:
    deaf = Maker((sys.executable, "-I", "-S", "-c", "pass"))
    with pytest.raises(MakingError, match="ended"):
        await deaf(Page(SPOILED, {"0" * 64: tmp_path / ("x" * 200)} | _many(tmp_path)), tmp_path / "page.html", Heard())


async def test_who_calls_it_off_ends_the_process(tmp_path: Path) -> None:
    heard = Heard()
    hangs = fake(
        "import json, signal; print(json.dumps({'done': os.getpid(), 'total': 0}), flush=True); signal.pause()"
    )
    making = asyncio.create_task(hangs(Page(SPOILED, {}), tmp_path / "page.html", heard))
    await heard.first.wait()
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    with pytest.raises(ProcessLookupError):
        os.kill(heard.told[0][0], 0)


async def test_it_steps_back_behind_the_chat(tmp_path: Path) -> None:
    """In our session, because Linux compares niceness only there; and out of reach of a Ctrl-C that is for us."""
    heard = Heard()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    await fake(
        "import json; print(json.dumps({'done': os.getpriority(os.PRIO_PROCESS, 0), 'total': os.getsid(0)})); "
        "print(json.dumps({'done': os.getpgid(0), 'total': os.getpid()})); print(json.dumps({'made': True}))"
    )(Page(SPOILED, {}), tmp_path / "page.html", heard)
    (niceness, session), (group, process) = heard.told
    assert (niceness, session) == (min(19, own + 10), os.getsid(0))
    assert group == process


async def test_what_stands_in_our_environment_stays_with_the_bot(tmp_path: Path) -> None:
    ours = "PYTEST_CURRENT_TEST"
    assert ours in os.environ
    heard = Heard()
    await fake(
        f"import json; print(json.dumps({{'done': len(os.environ.get('{ours}', '')), 'total': 0}})); "
        "print(json.dumps({'made': True}))"
    )(Page(SPOILED, {}), tmp_path / "page.html", heard)
    assert heard.told == [(0, 0)]


def test_the_process_does_not_load_the_bot() -> None:
    code = "import sys, bot.exports.worker; print([n for n in sys.modules if n.startswith(('telegram', 'aiohttp'))])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def _many(folder: Path) -> dict[str, Path]:
    """More than a pipe holds."""
    names: Sequence[str] = [f"{number:064x}" for number in range(1, 2000)]
    return {name: folder / name for name in names}
