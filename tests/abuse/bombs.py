"""Files that are made to hurt whoever opens them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, *before: bytes, lines: bytes = b"\0" * 99) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), *before, chunk(b"IDAT", zlib.compress(lines)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def bomb_of_text() -> bytes:
    """Small, with a comment that unpacks to 200 MB."""
    packed = zlib.compressobj(9)
    comment = packed.compress(b"Comment") + b"".join(packed.compress(bytes(2**20)) for _ in range(200)) + packed.flush()
    return png_of(2, 2, chunk(b"zTXt", b"Comment\0\0" + comment), lines=(b"\0" + b"\xff" * 6) * 2)


def huge_gif() -> bytes:
    made = io.BytesIO()
    Image.new("P", (8, 8)).save(made, "GIF")
    content = bytearray(made.getvalue())
    content[6:10] = struct.pack("<HH", 65535, 65535)
    at = content.index(b"\x2c", 13)
    content[at + 5 : at + 9] = struct.pack("<HH", 65535, 65535)
    return bytes(content)


def huge_jpeg() -> bytes:
    made = io.BytesIO()
    Image.new("L", (8, 8)).save(made, "JPEG")
    content = bytearray(made.getvalue())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", 65500, 65500)
    return bytes(content)


def huge_bmp() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "BMP")
    content = bytearray(made.getvalue())
    content[18:26] = struct.pack("<ii", 60_000, 60_000)
    return bytes(content)


def zipped(*entries: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return made.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "a hundred thousand wide": lambda: png_of(100_000, 100_000),
    "a number of pixels beyond 32 bits": lambda: png_of(2**31 - 1, 2**31 - 1),
    "nothing but a comment": bomb_of_text,
    "gif": huge_gif,
    "jpeg": huge_jpeg,
    "bmp": huge_bmp,
}
NO_PICTURES: dict[str, Callable[[], bytes]] = {
    "zip": lambda: zipped(("a", bytes(20 * 2**20))),
    "zip in a zip": lambda: zipped(("b.zip", zipped(("a", bytes(10 * 2**20))))),
    "docx": lambda: zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b" " * 20 * 2**20)),
    "zip with a way out": lambda: zipped(("../../../../etc/cron.d/x", b"* * * * * root true")),
    "svg": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "html": lambda: b"<!doctype html><script>alert(1)</script>",
    "html with a mark before it": lambda: b"\xef\xbb\xbf<html>",
    "gif that is a script": lambda: b"GIF89a=1;alert(1)//",
    "program": lambda: b"\x7fELF" + bytes(200),
    "playlist": lambda: b"#EXTM3U\nfile:///etc/passwd",
}
