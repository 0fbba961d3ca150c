"""What is kept between starts is what would have been made, or is not taken at all."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.catalog.compiled import Compiled
from bot.catalog.content import DATA

PATTERN = r"(?<!没)(?:退|换)(?P<what>货|款)(?:了|吧){0,2}|(?P<day>[一二三1-7])(?=天)"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The file, in a folder that is not there yet."""
    return tmp_path / "__pycache__" / "knowledge.data"


def filled(place: Path) -> Path:
    compiled = Compiled(place)
    compiled.pattern(PATTERN)
    compiled.toml('name = "草莓"')
    compiled.keep()
    return place


def test_a_kept_pattern_finds_what_a_fresh_one_finds(place: Path) -> None:
    kept, fresh = Compiled(filled(place)).pattern(PATTERN), re.compile(PATTERN)
    assert (kept.pattern, kept.flags, kept.groups, kept.groupindex) == (
        fresh.pattern, fresh.flags, fresh.groups, fresh.groupindex,
    )  # fmt: skip
    for text in ("退货了吧", "没退款", "我要换款了", "3天", "三天没退货", ""):
        assert [found.groupdict() for found in kept.finditer(text)] == [
            found.groupdict() for found in fresh.finditer(text)
        ]


def test_flags_belong_to_a_pattern(place: Path) -> None:
    compiled = Compiled(place)
    assert compiled.pattern("ok") != compiled.pattern("ok", re.IGNORECASE)
    compiled.keep()
    again = Compiled(place)
    assert (again.pattern("ok").match("OK"), bool(again.pattern("ok", re.IGNORECASE).match("OK"))) == (None, True)


def test_every_data_file_reads_the_same_when_it_was_kept(place: Path) -> None:
    texts = [path.read_text("utf-8") for path in sorted(DATA.rglob("*.toml"))]
    first = Compiled(place)
    made = [first.toml(text) for text in texts]
    first.keep()
    again = Compiled(place)
    assert [again.toml(text) for text in texts] == made == [tomllib.loads(text) for text in texts]


def test_a_changed_text_is_made_anew(place: Path) -> None:
    assert Compiled(filled(place)).toml('name = "苹果"') == {"name": "苹果"}


def test_what_is_no_longer_used_is_dropped_with_the_next_change(place: Path) -> None:
    size = filled(place).stat().st_size
    compiled = Compiled(place)
    compiled.toml("a = 1")
    compiled.keep()
    assert place.stat().st_size < size


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[:-1],
        lambda whole: whole[:40] + bytes([whole[40] ^ 1]) + whole[41:],
        lambda whole: b"3.9.0" + whole[5:],
        lambda whole: b"",
    ],
    ids=["torn", "changed", "another Python's", "empty"],
)
def test_a_file_that_is_not_sound_counts_as_none(place: Path, spoil: object) -> None:
    whole = filled(place).read_bytes()
    place.write_bytes(spoil(whole))  # type: ignore[operator]
    compiled = Compiled(place)
    assert compiled.pattern(PATTERN).pattern == PATTERN
    assert compiled.toml('name = "草莓"') == {"name": "草莓"}
    compiled.keep()
    assert place.read_bytes() == whole


def test_mistakes_are_those_of_re_and_tomllib(place: Path) -> None:
    compiled = Compiled(place)
    with pytest.raises(re.error, match="unterminated"):
        compiled.pattern("(退")
    with pytest.raises(tomllib.TOMLDecodeError):
        compiled.toml("name =")


def test_where_nothing_can_be_written_everything_works(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for compiled in (Compiled(tmp_path / "file" / "knowledge.data"), Compiled(None)):
        assert compiled.pattern("退").match("退")
        compiled.keep()


def test_it_writes_only_if_it_may(place: Path) -> None:
    compiled = Compiled(place, writes=False)
    compiled.pattern(PATTERN)
    compiled.keep()
    assert not place.parent.exists()


def test_nothing_is_written_when_nothing_is_new(place: Path) -> None:
    before = filled(place).stat().st_mtime_ns
    filled(place)
    assert place.stat().st_mtime_ns == before
