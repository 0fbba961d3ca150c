"""A form with files, as a body for aiohttp.

aiohttp's own form closes a file after the request, so that it could not be sent once more in another way; and it has no
limit for the time that sending takes.
"""

import asyncio
import io
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import IO, Any, Final

from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload

PART: Final = 64 * 1024
"""Bytes that are read, and have to be on their way in time, at once."""

Upload = tuple[str, bytes | IO[bytes], str]
"""Name, content and media type; what PTB calls a field tuple."""

_ESCAPED = {'"': "%22", "\\": "\\\\"} | {chr(code): f"%{code:02X}" for code in range(32) if code != 27}
_ESCAPES = str.maketrans(_ESCAPED)
"""As browsers and httpx do it."""


class Form(Payload):
    """Files are sent from their beginning and stay open. ``wait``: seconds for each part to leave; None: for ever.

    Writing raises TimeoutError, and ValueError for a file that has been closed.
    """

    def __init__(self, fields: Mapping[str, str], files: Mapping[str, Upload], wait: float | None) -> None:
        boundary = secrets.token_hex(16)
        super().__init__(None, content_type=f"multipart/form-data; boundary={boundary}")
        self._wait = wait
        # Bytes are what lies in memory, everything else is a file and its size.
        self._pieces: list[bytes | tuple[IO[bytes], int]] = []
        for name, value in fields.items():
            self._pieces.append(_head(boundary, name) + value.encode())
        for name, (filename, content, media_type) in files.items():
            self._pieces.append(_head(boundary, name, filename, media_type))
            self._pieces.append(content if isinstance(content, bytes) else _measured(content))
        self._pieces.append(f"\r\n--{boundary}--\r\n".encode())
        self._size = sum(len(piece) if isinstance(piece, bytes) else piece[1] for piece in self._pieces)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Of no use here: a form with files is no text."""
        raise TypeError("a form with files is no text")

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Send everything."""
        async for part in self._parts():
            async with asyncio.timeout(self._wait):
                await writer.write(part)

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Send everything; the length is always that of the form."""
        await self.write(writer)

    async def _parts(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                for at in range(0, len(piece), PART):
                    yield piece[at : at + PART]
                continue
            file, left = piece
            await asyncio.to_thread(file.seek, 0)
            while left:
                part = await asyncio.to_thread(file.read, min(PART, left))
                if not part:
                    raise OSError("the file became shorter")
                left -= len(part)
                yield part


def _head(boundary: str, name: str, filename: str | None = None, media_type: str = "") -> bytes:
    lines = [f"\r\n--{boundary}", f'Content-Disposition: form-data; name="{name.translate(_ESCAPES)}"']
    if filename is not None:
        lines[-1] += f'; filename="{filename.translate(_ESCAPES)}"'
        lines.append(f"Content-Type: {media_type}")
    return "\r\n".join([*lines, "", ""]).encode()


def _measured(content: Any) -> bytes | tuple[IO[bytes], int]:
    return (content, content.seek(0, io.SEEK_END)) if content.seekable() else content.read()
