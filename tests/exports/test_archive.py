"""The archive holds everything, unpacks everywhere, and leaves nothing behind when it is called off."""

import errno
import json
import os
import stat
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from bot.exports.archive import entry_name, write_export

from .cases import HOSTILE, MADE

PAGES = {"index.html": "<h1>问题单</h1>", "问题单3.html": "<p>草莓</p>" * 100}
DATA = {"cases": [{"number": 3, "title": "草莓坏果"}]}


@pytest.fixture
def evidence(tmp_path: Path) -> dict[str, Path]:
    """Two files: one small, one of several parts."""
    (tmp_path / "store").mkdir()
    files = {}
    for number, size in ((1, 1000), (2, 3 * 1024 * 1024 + 1)):
        path = tmp_path / "store" / f"content{number}"
        path.write_bytes(bytes([number]) * size)
        files[f"证据/证据{number}.jpg"] = path
    return files


def contents(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def data_of(path: Path) -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads(contents(path)["data.json"])
    return found


def beside(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir() if path.is_file())


def test_everything_is_in_it_in_a_fixed_order(tmp_path: Path, evidence: dict[str, Path]) -> None:
    target = tmp_path / "export.zip"
    write_export(target, PAGES, DATA, evidence)
    found = contents(target)
    assert list(found) == ["index.html", "问题单3.html", "证据/证据1.jpg", "证据/证据2.jpg", "data.json"]
    assert found["问题单3.html"].decode() == PAGES["问题单3.html"]
    assert [found[name] for name in evidence] == [path.read_bytes() for path in evidence.values()]
    assert data_of(target) == {**DATA, "missing_files": []}
    assert "草莓坏果" in found["data.json"].decode()
    assert beside(target) == ["export.zip"]


def test_text_is_packed_pictures_are_not_and_names_are_utf8(tmp_path: Path, evidence: dict[str, Path]) -> None:
    target = tmp_path / "export.zip"
    write_export(target, PAGES, DATA, evidence, made=datetime(2026, 11, 22, 10, 30, tzinfo=MADE.tzinfo))
    with ZipFile(target) as archive:
        entries = archive.infolist()
    assert {entry.filename.partition(".")[2]: entry.compress_type for entry in entries} == {
        "html": ZIP_DEFLATED,
        "jpg": ZIP_STORED,
        "json": ZIP_DEFLATED,
    }
    assert [entry.flag_bits & 0x800 != 0 for entry in entries] == [False, True, True, True, False]
    assert {entry.date_time for entry in entries} == {(2026, 11, 22, 10, 30, 0)}
    assert {stat.filemode(entry.external_attr >> 16) for entry in entries} == {"-rw-------"}


def test_only_its_owner_may_read_it(tmp_path: Path, evidence: dict[str, Path]) -> None:
    target = tmp_path / "export.zip"
    write_export(target, PAGES, DATA, evidence)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_the_same_gives_the_same_bytes(tmp_path: Path, evidence: dict[str, Path]) -> None:
    for name in ("a.zip", "b.zip"):
        write_export(tmp_path / name, PAGES, DATA, evidence)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_lost_file_is_named_and_breaks_nothing(tmp_path: Path, evidence: dict[str, Path]) -> None:
    evidence["证据/证据1.jpg"].unlink()
    heard: list[tuple[int, int]] = []
    target = tmp_path / "export.zip"
    write_export(target, PAGES, DATA, evidence, lambda done, of: heard.append((done, of)))
    assert data_of(target)["missing_files"] == ["证据/证据1.jpg"]
    assert "证据/证据2.jpg" in contents(target)
    assert heard == [(1, 2), (2, 2)]


def test_what_a_killed_run_left_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "export.zip.part").write_bytes(b"half")
    write_export(tmp_path / "export.zip", PAGES, DATA, {})
    assert beside(tmp_path / "export.zip") == ["export.zip"]


def test_no_room_is_an_error_that_leaves_nothing(tmp_path: Path, evidence: dict[str, Path]) -> None:
    def fill(done: int, of: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_export(tmp_path / "export.zip", PAGES, DATA, evidence, fill)
    assert beside(tmp_path / "export.zip") == []


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\x.dll", "C__Windows_x.dll"),
        ("证据/./a//b.jpg", "证据/a/b.jpg"),
        ("con.txt", "_con.txt"),
        ("证据/LPT1", "证据/_LPT1"),
        ("问题单3 · 草莓?.html", "问题单3 · 草莓_.html"),
        ("name. ", "name"),
        (".hidden", "hidden"),
        ("\u202egpj.exe\x00\n", "gpj.exe"),
        ("...", "_"),
        ("", "_"),
        ("e\u0301.jpg", "é.jpg"),
    ],
)
def test_names_unpack_everywhere_and_nowhere_else(wanted: str, name: str) -> None:
    assert entry_name(wanted) == name


@pytest.mark.parametrize("text", [*HOSTILE, "证" * 300 + ".jpg", "." + "x" * 300], ids=range(len(HOSTILE) + 2))
def test_no_name_is_too_long_or_leaves_the_folder(tmp_path: Path, text: str) -> None:
    write_export(tmp_path / "export.zip", {text: "x"}, {}, {})
    with ZipFile(tmp_path / "export.zip") as archive:
        archive.extractall(tmp_path / "out")
    found = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(found) == 2
    assert max(len(os.fsencode(part)) for path in found for part in path.relative_to(tmp_path / "out").parts) <= 120


def test_a_name_that_is_cut_keeps_its_kind() -> None:
    assert entry_name("证" * 300 + ".jpg").endswith("证.jpg")


def test_no_two_entries_share_a_name_even_on_windows(tmp_path: Path, evidence: dict[str, Path]) -> None:
    (path, other) = evidence.values()
    write_export(
        tmp_path / "export.zip",
        {"A.html": "1", "a.html": "2", "data.json": "3"},
        DATA,
        {"a.HTML": path, "a?html": other},
    )
    assert list(contents(tmp_path / "export.zip")) == [
        "A.html",
        "a-2.html",
        "data-2.json",
        "a-3.HTML",
        "a_html",
        "data.json",
    ]
    assert data_of(tmp_path / "export.zip")["cases"] == DATA["cases"]


def test_text_with_half_a_letter_is_still_json(tmp_path: Path) -> None:
    write_export(tmp_path / "export.zip", {"a.html": "\ud800"}, {"text": "\ud800 草莓"}, {})
    assert data_of(tmp_path / "export.zip")["text"] == "\ud800 草莓"
