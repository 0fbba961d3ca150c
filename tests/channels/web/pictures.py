"""Small files of every kind that is taken, made here so that each can be another one."""

import struct
import zlib

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def png(number: int = 0, width: int = 2, height: int = 2) -> bytes:
    """A picture; every number is another content."""
    colour = bytes(number * step % 256 for step in (53, 101, 197))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = b"".join(
        b"\0" + b"".join(colour if (x // 16 + y // 16) % 2 else b"\xf4\xf0\xe6" for x in range(width))
        for y in range(height)
    )
    said = b"Comment\0" + str(number).encode()
    parts = ((b"IHDR", header), (b"tEXt", said), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def mp4(size: int = 64) -> bytes:
    """A film of that many bytes, as far as its boxes go."""

    def box(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", 8 + len(data)) + kind + data

    begin = box(b"ftyp", b"isom\0\0\0\0mp42") + box(b"moov", b"\0" * 8)
    return begin + box(b"mdat", b"\0" * max(0, size - len(begin) - 8))
