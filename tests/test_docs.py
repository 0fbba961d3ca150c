"""Documentation that is wrong is worse than none: settings, commands and both languages are kept in step."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot.config import SETTINGS
from bot.reminders import PARALLEL

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ENGLISH, CHINESE = README.partition("## English")[2].split("\n## 简体中文\n")
HALVES = pytest.mark.parametrize("half", [ENGLISH, CHINESE], ids=["english", "chinese"])
COMMANDS = ("check", "migrate", "backup", "restore", "forget")
BANNED = ("一定", "保证", "百分百", "必赢", "秒退", "内部", "维权到底", "！")


def code_blocks(text: str) -> list[str]:
    """The commands of each fenced block; what follows a # is for the reader."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return ["\n".join(line.partition(" #")[0].rstrip() for line in block.splitlines()) for block in blocks]


def example_settings() -> dict[str, list[str]]:
    """Setting -> the comment lines right above it in .env.example, in the order of the file."""
    found: dict[str, list[str]] = {}
    comments: list[str] = []
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            comments.append(line.removeprefix("#").strip())
        else:
            name, equals, _ = line.partition("=")
            if equals:
                found[name] = comments
            comments = []
    return found


def test_every_setting_is_in_the_example_file_and_the_other_way_round() -> None:
    assert tuple(example_settings()) == SETTINGS


def test_every_setting_is_explained_where_it_stands() -> None:
    assert [name for name, comments in example_settings().items() if not any(comments)] == []


@HALVES
def test_the_readme_lists_every_setting_with_the_default_of_the_example_file(half: str) -> None:
    table = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", half, re.MULTILINE)
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]", line))
    assert [name for name, _ in table] == list(SETTINGS)
    assert {name: default.strip("`") for name, default in table} == {
        name: value or ("empty" if half == ENGLISH else "空") for name, value in values.items()
    }


@HALVES
def test_the_readme_names_how_many_reminders_a_crash_can_double(half: str) -> None:
    assert re.search(rf"(at most|最多) ?{PARALLEL}(?!\d)", half.replace("\n", " "))


@HALVES
def test_the_readme_shows_every_command(half: str) -> None:
    shown = "\n".join(code_blocks(half))
    assert [command for command in COMMANDS if f"python -m bot {command}" not in shown] == []


def test_both_halves_have_the_same_structure() -> None:
    def shape(text: str) -> list[str]:
        return [line.split()[0] for line in text.splitlines() if re.match(r"#+ |\d\. |\|", line)]

    assert shape(CHINESE) == shape(ENGLISH)
    assert code_blocks(CHINESE) == code_blocks(ENGLISH)
    assert sorted(re.findall(r"\]\((.*?)\)", CHINESE)) == sorted(re.findall(r"\]\((.*?)\)", ENGLISH))


def test_the_chinese_half_is_chinese_and_promises_nothing() -> None:
    assert [word for word in BANNED if word in CHINESE] == []
    assert len(re.findall(r"[\u3400-\u9fff]", CHINESE)) > 1000


def test_what_the_documents_point_to_is_there() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        targets = [target for target in re.findall(r"\]\((.*?)\)", text) if not target.startswith(("http", "#"))]
        assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_test_command_is_the_same_for_people_contributors_and_the_machine() -> None:
    (marked,) = code_blocks(README.partition("<!-- ci:test -->")[2].partition("## 简体中文")[0])
    assert marked in code_blocks((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    script = ROOT / ".ci" / "run"
    assert "<!-- ci:test -->" in script.read_text(encoding="utf-8")
    assert script.stat().st_mode & 0o111


def test_the_ci_script_is_valid_and_stops_at_the_first_error() -> None:
    script = ROOT / ".ci" / "run"
    run = subprocess.run(["bash", "-n", script], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")


def test_constraints_are_exact_versions_and_cover_what_is_declared() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9A-Za-z.]*", pin)] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    declared = [*project["dependencies"], *(requirement for extra in extras for requirement in extra)]
    pinned = {pin.partition("==")[0].lower().replace("_", "-") for pin in pins}
    names = {re.split(r"[\[><=~! ]", requirement)[0].lower().replace("_", "-") for requirement in declared}
    assert names - pinned == {project["name"]}, "an extra that takes in other extras names the project itself"
