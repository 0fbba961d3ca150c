"""The PDF holds the whole case as text that can be found and copied, its pictures, and no file that was not meant."""

import re
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from bot.documents import CaseFile
from bot.exports import pdf
from bot.exports.pdf import document

from .cases import HOSTILE, PHOTO, SCREENSHOT, SPOILED, spoilt_by
from .drawing import photo, screenshot

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "bot" / "exports" / "fonts"


def letters(content: bytes) -> set[str]:
    """Every character that a reader can search for and copy, by the tables of the embedded fonts."""
    found: set[str] = set()
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        if stream[:1] == b"\x78" and b"begincmap" in (table := zlib.decompressobj().decompress(stream)):
            for code in re.findall(rb"<[0-9A-F]+> <([0-9A-F]+)>", table):
                found |= set(bytes.fromhex(code.decode()).decode("utf-16-be", "replace"))
    return found


def outline(content: bytes) -> list[str]:
    """The titles beside the pages (a heading stands behind those below it)."""
    titles = re.findall(rb"/Title ?(?:<FEFF([0-9A-F]*)>|\((.*?)\))/Dest", content)
    return [bytes.fromhex(code.decode()).decode("utf-16-be") if code else plain.decode() for code, plain in titles]


def pages(content: bytes) -> int:
    (count,) = re.findall(rb"/Type/Pages/Count (\d+)/Kids", content)
    return int(count)


def text_of(case: CaseFile) -> str:
    return "".join(
        (
            case.title,
            case.stage,
            case.made,
            case.disclaimer,
            *(one.label + one.text for one in (*case.facts, *case.history)),
            *(one.when + one.what + one.source for one in case.deadlines),
            *(one.name + one.received + one.size_text for one in case.evidence),
            *(one.when + one.kind + one.text + "".join(one.rules) for one in case.letters),
        )
    )


def test_every_letter_of_the_case_can_be_found_and_copied() -> None:
    content = document(SPOILED, {})
    assert content.startswith(b"%PDF-")
    assert set(text_of(SPOILED)) - letters(content) - {"\n"} == set()


def test_it_is_small_tagged_and_the_same_every_time() -> None:
    content = document(SPOILED, {})
    assert len(content) < 100_000
    assert b"/MarkInfo" in content
    assert b"(zh-CN)" in content
    assert content == document(SPOILED, {})


def test_the_outline_names_the_parts_and_the_evidence() -> None:
    before = ["订单和问题", "截止", "处理经过"]
    evidence = ["证据1 整箱和面单", "证据2 商家拒绝的页面", "证据3 坏果称重", "证据4 开箱视频", "证据5", "证据"]
    after = ["发给客服的话", "发出去的话", "问题单3 · 草莓坏果"]
    assert outline(document(SPOILED, {})) == [*before, *evidence, *after]


def test_pictures_are_in_it_and_a_lost_one_is_told(tmp_path: Path) -> None:
    paths = {PHOTO: photo(tmp_path / "photo"), SCREENSHOT: screenshot(tmp_path / "screenshot")}
    both = document(SPOILED, paths)
    assert both.count(b"/DCTDecode") == 2
    lost = document(SPOILED, paths | {PHOTO: tmp_path / "nowhere"})
    assert lost.count(b"/DCTDecode") == 1
    broken = tmp_path / "broken"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    assert document(SPOILED, paths | {PHOTO: broken}).count(b"/DCTDecode") == 1


def test_a_file_that_is_no_picture_is_never_opened(tmp_path: Path) -> None:
    case = replace(SPOILED, evidence=tuple(replace(one, type="application/pdf") for one in SPOILED.evidence))
    assert document(case, {PHOTO: photo(tmp_path / "photo")}).count(b"/DCTDecode") == 0


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_words_are_never_code(text: str) -> None:
    content = document(spoilt_by(SPOILED, text), {})
    assert content.startswith(b"%PDF-")
    assert b"root:" not in content


def test_markup_stays_as_it_was_typed() -> None:
    typed = '#panic("out") *fett* $x$ #read("x") = y'
    assert outline(document(replace(SPOILED, title=typed, evidence=()), {}))[-1] == typed


def test_a_long_history_goes_on_over_the_pages() -> None:
    """A row stays whole; one that is longer than a page does not run out of it."""
    assert pages(document(SPOILED, {})) == 2
    assert pages(document(replace(SPOILED, history=[*SPOILED.history] * 40), {})) > 4
    endless = replace(SPOILED.history[0], text="商家说再等等。" * 1500)
    assert pages(document(replace(SPOILED, history=(endless,)), {})) > 6


def test_nothing_to_tell_is_told() -> None:
    bare = replace(SPOILED, facts=(), deadlines=(), history=(), evidence=(), letters=())
    assert pages(document(bare, {})) == 1
    assert set(SPOILED.headings.none) - letters(document(bare, {})) == set()


def test_the_extra_is_noticed() -> None:
    assert pdf.is_available() is True


def characters_of_the_font() -> set[str]:
    """What is in the font that we ship: its ``cmap`` table, format 4 (OpenType specification)."""
    (path,) = FONTS.glob("*.otf")
    raw = path.read_bytes()
    count = struct.unpack_from(">H", raw, 4)[0]
    tables = {raw[at : at + 4]: struct.unpack_from(">I", raw, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    at = tables[b"cmap"] + struct.unpack_from(">I", raw, tables[b"cmap"] + 8)[0]
    form, _, _, twice = struct.unpack_from(">4H", raw, at)
    assert form == 4
    ends = struct.unpack_from(f">{twice // 2}H", raw, at + 14)
    starts = struct.unpack_from(f">{twice // 2}H", raw, at + 16 + twice)
    return {chr(code) for start, end in zip(starts, ends, strict=True) for code in range(start, end + 1)}


def test_the_font_that_we_ship_has_what_our_own_texts_use() -> None:
    """Else a PDF made on a machine without Chinese fonts has gaps; fonts/README.md says how to make it again. The
    lexicon is what people write to us, in every script."""
    paths = [path for path in (ROOT / "bot" / "data").rglob("*.toml") if path.parent.name != "lexicon"]
    texts = "".join(path.read_text(encoding="utf-8") for path in paths)
    pictographs = re.compile("[\u23f0\u2705\u270b\ufe0f\U0001f300-\U0001faff]")
    assert {one for one in texts if one > "\x20"} - characters_of_the_font() - set(pictographs.findall(texts)) == set()


def test_its_license_goes_with_it() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
