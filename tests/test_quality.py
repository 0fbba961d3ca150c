"""What a reviewer would otherwise have to look for in every change."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = sorted(path for package in ("bot", "storage") for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LINES = 320
"""About 300 is the signal to split a file; a little above it is somebody's half-finished thought."""
HAN = re.compile(r"[\u3400-\u9fff]")
SPEAKS_CHINESE = {
    "bot/__main__.py",
    "bot/troubles.py",
    "bot/config/checks.py",
    "bot/config/settings.py",
    # The date grammar.
    "bot/conversation/understand/clock.py",
    "bot/conversation/understand/countdown.py",
    "bot/conversation/understand/days.py",
    "bot/conversation/understand/numerals.py",
    "bot/conversation/understand/phrase.py",
    "bot/conversation/understand/reading.py",
    "bot/conversation/understand/relative.py",
    "bot/conversation/understand/spans.py",
    "bot/conversation/understand/times.py",
}
READS_THE_CLOCK = {"bot/__main__.py", "bot/app.py"}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
FORBIDDEN_IN_TESTS = {"monkeypatch", "mock", "MagicMock", "AsyncMock", "skip", "skipif", "importorskip"}
SLEEP = re.compile(r"([\w.]+\.)?sleep\((?!0\)).*\)")
MAY_SKIP = {(f"tests/{part}/conftest.py", "pytest.mark.skip") for part in ("browser", "ocr")}
"""The places that skip: without a browser or a reader of pictures, and never where all tests are wanted."""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())


def spoken(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of the string literals of a module, without docstrings and the like."""
    silent = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value


@pytest.mark.parametrize("command", [["ruff", "check", "--no-cache"], ["mypy"]], ids=["ruff", "mypy"])
def test_checker_is_content(command: list[str]) -> None:
    run = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_file_is_too_long_to_answer_one_question() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in (*CODE, *TESTS)}
    assert {file: lines for file, lines in lengths.items() if lines > LINES} == {}


def test_no_text_that_a_person_reads_stands_in_python() -> None:
    found = [
        f"{name(path)}:{line}: {text}"
        for path in CODE
        if name(path) not in SPEAKS_CHINESE
        for line, text in spoken(tree(path))
        if HAN.search(text)
    ]
    assert found == []


def test_the_clock_is_read_in_one_place_and_handed_down() -> None:
    """``now`` is an argument everywhere else; asyncio's monotonic loop time is not meant."""
    found = [
        f"{name(path)}:{node.lineno}: {ast.unparse(node)}"
        for path in CODE
        if name(path) not in READS_THE_CLOCK
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ".".join(ast.unparse(node).split(".")[-2:]) in CLOCKS
    ]
    assert found == []


def test_no_test_sleeps_patches_or_skips() -> None:
    """``asyncio.sleep(0)`` lets others run and is no waiting. A program that measures may wait; no test runs it."""
    found = [
        f"{name(path)}: {ast.unparse(node)}"
        for path in TESTS
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id in FORBIDDEN_IN_TESTS)
        or (isinstance(node, ast.arg) and node.arg in FORBIDDEN_IN_TESTS)
        or (
            isinstance(node, ast.Attribute)
            and node.attr in FORBIDDEN_IN_TESTS
            and (name(path), ast.unparse(node)) not in MAY_SKIP
        )
        or (
            not name(path).startswith("tests/bench/")
            and isinstance(node, ast.Call)
            and SLEEP.fullmatch(ast.unparse(node))
        )
    ]
    assert found == []
