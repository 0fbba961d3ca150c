"""A file is what its content says, whatever it is called; and a picture counts only if it can really be seen."""

import io
import struct
from pathlib import Path
from zlib import crc32

import pytest
from PIL import Image

from bot.inspection import PIXEL_LIMIT, inspect

PICTURES = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/avif": "AVIF",
}


def picture(form: str, size: tuple[int, int] = (320, 200), mode: str = "RGB", **options: object) -> bytes:
    """Noise, so that a cut anywhere cuts the picture."""
    made = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(made, form, **options)
    return made.getvalue()


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def brands(*names: bytes) -> bytes:
    return box(b"ftyp", names[0] + b"\0\0\0\0" + b"".join(names[1:]))


def extent(width: int, height: int) -> bytes:
    return box(b"ispe", b"\0\0\0\0" + struct.pack(">II", width, height))


def heif(*names: bytes, size: tuple[int, int] = (4032, 3024)) -> bytes:
    return brands(*names) + box(b"meta", b"\0\0\0\0" + extent(*size)) + box(b"mdat", b"x" * 500)


MOVIE = box(b"moov", b"x" * 200) + box(b"mdat", b"x" * 500)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87\x81\x04\x18\x53\x80\x67\x01\xff"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\nstartxref\n9\n%%EOF\n"


def looked_at(tmp_path: Path, content: bytes, name: str = "claimed.png") -> str:
    (tmp_path / name).write_bytes(content)
    return inspect(tmp_path / name)


@pytest.mark.parametrize("found", PICTURES)
def test_a_picture_is_known_under_any_name_and_a_cut_one_is_broken(tmp_path: Path, found: str) -> None:
    content = picture(PICTURES[found])
    assert {looked_at(tmp_path, content, name) for name in ("a.txt", "a.html", "a", "a.gif")} == {found}
    for size in (len(content) // 3, len(content) * 9 // 10):
        assert looked_at(tmp_path, content[:size]) == "broken"


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_screenshots_of_any_colour_depth_are_taken(tmp_path: Path, mode: str) -> None:
    made = io.BytesIO()
    Image.new(mode, (30, 20)).save(made, "PNG")
    assert looked_at(tmp_path, made.getvalue()) == "image/png"


def test_the_smallest_and_the_narrowest_picture(tmp_path: Path) -> None:
    for size in ((1, 1), (1, 5000), (5000, 3)):
        assert looked_at(tmp_path, picture("JPEG", size)) == "image/jpeg"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (heif(b"heic", b"mif1", b"heic"), "image/heic"),
        (heif(b"mif1", b"heic", b"mif1"), "image/heic"),
        (heif(b"mif1", b"mif1"), "image/heif"),
        (brands(b"mp42", b"mp41", b"isom") + MOVIE, "video/mp4"),
        (brands(b"isom", b"iso2", b"avc1") + MOVIE, "video/mp4"),
        (brands(b"qt  ") + MOVIE, "video/quicktime"),
        (box(b"wide") + MOVIE, "video/quicktime"),
        (brands(b"isom") + MOVIE + b"\0" * 7, "video/mp4"),
        (WEBM, "video/webm"),
        (PDF, "application/pdf"),
        (PDF + b"signed " * 1000, "application/pdf"),
    ],
)
def test_what_else_is_taken(tmp_path: Path, content: bytes, found: str) -> None:
    assert looked_at(tmp_path, content) == found


@pytest.mark.parametrize(
    "content",
    [
        heif(b"heic", b"mif1")[:-1],
        brands(b"heic"),
        (brands(b"mp42") + MOVIE)[:-1],
        brands(b"mp42") + box(b"mdat", b"x" * 500),
        WEBM[:-8],
        PDF[:40],
        b"%PDF-1.7",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
    ],
)
def test_what_was_cut_off_is_broken(tmp_path: Path, content: bytes) -> None:
    assert looked_at(tmp_path, content) == "broken"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04 word/document.xml",
        b"MZ\x90\0",
        b"\x7fELF",
        b"#!/bin/sh\n",
        b"BM is how this letter begins",
        b"\0" * 1000,
        b"\0\0\0",
        b"a letter",
        b"ID3\x04",
        b"RIFF\0\0\0\0WAVE",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\0\0\0\x0cJXL \r\n\x87\n",
        brands(b"M4A ", b"mp42", b"isom") + MOVIE,
        brands(b"jp2 ") + MOVIE,
        WEBM.replace(b"\x84webm", b"\x88matroska"),
        box(b"free", b"not a movie"),
    ],
)
def test_everything_else_is_unknown_whatever_it_is_called(tmp_path: Path, content: bytes) -> None:
    assert looked_at(tmp_path, content) == "unknown"


def test_nothing_is_empty(tmp_path: Path) -> None:
    assert looked_at(tmp_path, b"") == "empty"


def test_what_begins_as_a_jpeg_counts_as_one(tmp_path: Path) -> None:
    assert looked_at(tmp_path, picture("JPEG") + b"PK\x03\x04<html><script>", "a.html") == "image/jpeg"


@pytest.mark.parametrize("pixels", [PIXEL_LIMIT + 10_000, 100_000_000, 400_000_000])
def test_more_pixels_than_the_limit_are_not_decoded(tmp_path: Path, pixels: int) -> None:
    made = io.BytesIO()
    Image.new("1", (10_000, 10)).save(made, "PNG")
    header = b"IHDR" + struct.pack(">II", 10_000, pixels // 10_000) + made.getvalue()[24:29]
    crc = struct.pack(">I", crc32(header))
    content = made.getvalue()[:12] + header + crc + made.getvalue()[33:]
    assert looked_at(tmp_path, content) == "too_many_pixels"


def test_a_picture_right_at_the_limit_is_taken(tmp_path: Path) -> None:
    made = io.BytesIO()
    Image.new("1", (10_000, PIXEL_LIMIT // 10_000)).save(made, "PNG")
    assert looked_at(tmp_path, made.getvalue()) == "image/png"


def test_the_pixels_of_what_cannot_be_decoded_here_count_too(tmp_path: Path) -> None:
    assert looked_at(tmp_path, heif(b"heic", size=(8064, 6048))) == "image/heic"
    assert looked_at(tmp_path, heif(b"heic", size=(9000, 6048))) == "too_many_pixels"
