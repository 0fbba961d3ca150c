"""The shape of the house: what may import what (import-linter, contracts in pyproject.toml), and nobody outside."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES = sorted(path for package in ("bot", "storage") for path in (ROOT / package).rglob("*.py"))


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """The modules that a file names; for ``from a import b`` both a and a.b, as b may be a module."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield str(node.module)


def layers() -> list[str]:
    """The modules that the layers contract names, without import-linter's marks."""
    (contract,) = [one for one in PYPROJECT["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    return [name.strip(" ()") for layer in contract["layers"] for name in layer.split("|")]


def test_the_contracts_hold() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_module_is_in_a_layer() -> None:
    named = layers()
    outside = [
        name
        for name in map(module, SOURCES)
        if name != "bot" and not any(name == layer or name.startswith(f"{layer}.") for layer in named)
    ]
    assert outside == []


def test_the_top_package_is_empty() -> None:
    """``import bot`` stands above every layer, so nothing may be there."""
    assert (ROOT / "bot" / "__init__.py").read_text(encoding="utf-8").strip() == ""


@pytest.mark.parametrize(
    ("folder", "allowed"),
    [
        ("bot/domain", {"bot.domain"}),
        ("storage", {"storage", "bot.ports", "bot.messages", "bot.domain", "bot.telemetry", "bot.json_text"}),
        ("bot/channels", {"bot.channels", "bot.ports", "bot.messages", "bot.domain", "bot.telemetry", "bot.json_text"}),
    ],
)
def test_what_a_part_may_know_of_ours(folder: str, allowed: set[str]) -> None:
    surplus = {
        (module(path), name)
        for path in (ROOT / folder).rglob("*.py")
        for name in imports(path)
        if name.partition(".")[0] in ("bot", "storage", "tests")
        and not any(name == one or name.startswith(f"{one}.") for one in allowed)
    }
    assert surplus == set()


def test_the_domain_stands_on_the_standard_library_alone() -> None:
    foreign = {
        (module(path), name)
        for path in (ROOT / "bot" / "domain").rglob("*.py")
        for name in imports(path)
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("bot.domain")
    }
    assert foreign == set()


def test_the_domain_reads_and_writes_nothing() -> None:
    doors = {"asyncio", "io", "logging", "os", "pathlib", "random", "secrets", "socket", "subprocess", "time"}
    opened = {
        (module(path), name)
        for path in (ROOT / "bot" / "domain").rglob("*.py")
        for name in imports(path)
        if name.partition(".")[0] in doors
    }
    assert opened == set()
