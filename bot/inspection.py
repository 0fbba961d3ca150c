"""What a file is, found in its content alone: what it is called and what was claimed of it count for nothing.

Taken are pictures that can really be decoded, MP4, MOV and WebM videos, and PDF documents. Whatever begins as one of
these counts as that; it is only ever handed out under the type that was found here.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.messages import FileFault

PIXEL_LIMIT = 50_000_000
"""Pixels of a picture that is decoded; the largest photos of today's phones have 48 million."""

JPEG_QUALITY = 85

_PILLOW: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/avif": "AVIF",
}
"""How Pillow calls what it decodes. HEIC it does not, and AVIF only as it was built."""

# Sizes of the header that follows the file header (BITMAPCOREHEADER to BITMAPV5HEADER).
_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}

# Brands of the ftyp box: ISO/IEC 23008-12 (HEIF), the AVIF specification, the MP4 registration authority.
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"hevc": "image/heic",
    b"hevx": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"qt  ": "video/quicktime",
    b"mp41": "video/mp4",
    b"mp42": "video/mp4",
    b"avc1": "video/mp4",
    b"dash": "video/mp4",
    b"isom": "video/mp4",
    **{b"iso%d" % version: "video/mp4" for version in range(2, 10)},
    b"M4V ": "video/mp4",
    b"M4VH": "video/mp4",
    b"M4VP": "video/mp4",
    b"MSNV": "video/mp4",
}
_NO_VIDEO = {b"M4A ", b"M4B ", b"M4P ", b"crx ", b"jp2 ", b"jpx ", b"jpm "}
_OLD_MOVIE = {b"moov", b"mdat", b"wide", b"free", b"skip"}
"""A QuickTime file from before ftyp begins with one of these."""

_EXTENT = re.compile(rb"ispe\0\0\0\0(.{4})(.{4})", re.DOTALL)
_DOCTYPE = re.compile(rb"\x42\x82[\x80-\x8f]webm")
_SEGMENT = b"\x18\x53\x80\x67"

# All that decoders raise for bytes that are not what they should be.
_UNDECODABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    EOFError,
    RuntimeError,
    AttributeError,
    AssertionError,
    MemoryError,
    struct.error,
    zlib.error,
)


def inspect(path: Path) -> str | FileFault:
    """The media type, or why the file is not taken: empty, unknown, broken, too_many_pixels. Raises OSError."""
    content = path.read_bytes()
    if not content:
        return "empty"
    found = _kind(content)
    if found is None:
        return "unknown"
    if found == "application/pdf":
        whole = b"%%EOF" in content[-65536:]
    elif found == "video/webm":
        whole = _SEGMENT in content[:65536]
    elif found.startswith("video/"):
        whole = _whole_boxes(content, {b"moov"})
    elif found in _PILLOW and _decodes(_PILLOW[found]):
        return _picture(content, found)
    else:
        if any(_pixels(*extent) > PIXEL_LIMIT for extent in _EXTENT.findall(content[:1_000_000])):
            return "too_many_pixels"
        whole = _whole_boxes(content, {b"meta"})
    return found if whole else "broken"


def _kind(content: bytes) -> str | None:
    """What the content begins as."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"BM") and int.from_bytes(content[14:18], "little") in _BMP_HEADERS:
        return "image/bmp"
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x1a\x45\xdf\xa3") and _DOCTYPE.search(content[:256]):
        return "video/webm"
    return _boxed(content)


def _boxed(content: bytes) -> str | None:
    """Of the family of ISO/IEC 14496-12, by its brands; the main one first."""
    if content[4:8] in _OLD_MOVIE:
        kinds = [kind for kind, _, _ in _boxes(content)]
        return "video/quicktime" if b"moov" in kinds or b"mdat" in kinds else None
    if content[4:8] != b"ftyp":
        return None
    size = int.from_bytes(content[:4], "big")
    brands = [content[8:12], *(content[at : at + 4] for at in range(16, min(size, 512), 4))]
    if brands[0] in _NO_VIDEO:
        return None
    kinds_of = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    # A general main brand of pictures says less than the special one beside it.
    special = [kind for kind in kinds_of if kind in ("image/heic", "image/avif")]
    if kinds_of[:1] == ["image/heif"] and special:
        return special[0]
    return kinds_of[0] if kinds_of else None


def _boxes(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, begin and end of each outermost box; the end may be beyond the file's. Stops at what is no box."""
    at = 0
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        elif size == 0:
            size = len(content) - at
        if size < 8:
            return
        yield kind, at, at + size
        at += size


def _whole_boxes(content: bytes, needed: set[bytes]) -> bool:
    """Whether nothing that counts was cut off."""
    ends = {kind: end for kind, _, end in _boxes(content)}
    return needed <= ends.keys() and all(ends[kind] <= len(content) for kind in ({b"mdat"} | needed) & ends.keys())


def _pixels(width: bytes, height: bytes) -> int:
    return int.from_bytes(width, "big") * int.from_bytes(height, "big")


def _decodes(pillow: str) -> bool:
    from PIL import Image

    Image.init()
    return pillow in Image.OPEN


def _picture(content: bytes, found: str) -> str | FileFault:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=[_PILLOW[found]]) as image:
            if image.width * image.height > PIXEL_LIMIT:
                return "too_many_pixels"
            # A JPEG is read to its end at an eighth of its size, which takes a 64th of the memory.
            image.draft(image.mode, (max(1, image.width // 8), max(1, image.height // 8)))
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "too_many_pixels"
    except _UNDECODABLE:
        return "broken"
    return found
