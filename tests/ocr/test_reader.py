"""The process behind the reader may hang, crash or talk nonsense; the bot gets a value and the next picture is read."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.reading import Box, Page, Reader

WORKER = """
import json, os, signal, sys
for line in sys.stdin:
    match os.path.basename(json.loads(line)["path"]):
        case "hangs":
            signal.pause()
        case "crashes":
            os._exit(3)
        case "babbles":
            print("loading model", flush=True)
        case "invents":
            print(json.dumps({"fault": "tired"}), flush=True)
        case "floods":
            print("x" * 5_000_000, flush=True)
        case "blank":
            print(json.dumps({"fault": "no_text"}), flush=True)
        case _:
            print(json.dumps({"width": 1, "height": 2, "boxes": [[str(os.getpid()), 1, 2, 3, 4, 0.9]]}), flush=True)
"""
COMMAND = (sys.executable, "-I", "-S", "-c", WORKER)
FINE = Path("/fine")


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[Reader]:
    reader = Reader(command=COMMAND, time_limit=30)
    yield reader
    await reader.close()


def pid_in(read: Page | str) -> int:
    assert isinstance(read, Page)
    return int(read.boxes[0].text)


def is_there(pid: int) -> bool:
    """Also true for a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_boxes_come_with_their_place(fake: Reader) -> None:
    read = await fake.read(FINE)
    assert read == Page((Box(str(pid_in(read)), 1, 2, 3, 4, 0.9),), 1, 2)


async def test_one_process_reads_picture_after_picture(fake: Reader) -> None:
    read = await asyncio.gather(*(fake.read(FINE) for _ in range(3)))
    assert {pid_in(each) for each in read} == {fake.pid}


@pytest.mark.parametrize("name", ["crashes", "babbles", "invents", "floods"])
async def test_a_process_that_fails_costs_only_its_picture(fake: Reader, name: str) -> None:
    assert await fake.read(Path("/", name)) == "crashed"
    pid_in(await fake.read(FINE))


async def test_a_fault_of_the_picture_leaves_the_process_be(fake: Reader) -> None:
    before = pid_in(await fake.read(FINE))
    assert await fake.read(Path("/blank")) == "no_text"
    assert pid_in(await fake.read(FINE)) == before


async def test_a_picture_that_takes_too_long_is_given_up() -> None:
    reader = Reader(command=COMMAND, time_limit=2)
    before = pid_in(await reader.read(FINE))
    assert await reader.read(Path("/hangs")) == "timed_out"
    assert not is_there(before)
    assert pid_in(await reader.read(FINE)) != before
    await reader.close()


async def test_who_calls_it_off_ends_the_work(fake: Reader) -> None:
    pid = pid_in(await fake.read(FINE))
    reading = asyncio.create_task(fake.read(Path("/hangs")))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not is_there(pid)
    pid_in(await fake.read(FINE))


async def test_an_idle_process_ends_and_the_next_picture_starts_another() -> None:
    reader = Reader(command=COMMAND, time_limit=30, idle_limit=0)
    before = pid_in(await reader.read(FINE))
    await asyncio.wait([task for task in asyncio.all_tasks() if task is not asyncio.current_task()], timeout=30)
    assert not is_there(before)
    assert pid_in(await reader.read(FINE)) != before
    await reader.close()


async def test_closing_waits_for_nothing() -> None:
    reader = Reader(command=COMMAND, time_limit=30)
    pid = pid_in(await reader.read(FINE))
    readings = [asyncio.create_task(reader.read(Path("/hangs"))) for _ in range(2)]
    await asyncio.sleep(0)
    await reader.close()
    assert await asyncio.gather(*readings) == ["crashed", "crashed"]
    assert not is_there(pid)
    assert await reader.read(FINE) == "crashed"


async def test_a_process_that_cannot_start_is_a_value() -> None:
    reader = Reader(command=("/nowhere/python",))
    assert await reader.read(FINE) == "crashed"
    await reader.close()


def test_the_real_process_ends_with_its_input_and_says_nothing_unasked() -> None:
    run = subprocess.run([sys.executable, "-m", "bot.reading_worker"], input=b"", capture_output=True, check=False)
    assert (run.returncode, run.stdout) == (0, b"")


def test_the_process_holds_nothing_of_ours() -> None:
    code = "import sys, bot.reading_worker; print([n for n in sys.modules if n.startswith('bot') or n == 'numpy'])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['bot', 'bot.reading_worker']"
