"""The files that Telegram holds: what persons send, what the bot sends, getFile, and the downloads."""

import asyncio
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from aiohttp import web

from tests.fakes.telegram_faults import Fault
from tests.fakes.telegram_html import ApiError, RefusedError

DOWNLOAD: Final = 20 << 20
UPLOAD: Final = 50 << 20
PHOTO: Final = 10 << 20
SIDES: Final = 10_000
"""Width and height of a photo together."""
RATIO: Final = 20
_FOLDERS = {"photo": ("photos", "jpg"), "video": ("videos", "mp4"), "document": ("documents", "bin")}
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


@dataclass
class File:
    """One file by one of its ids."""

    id: str
    kind: str
    content: bytes
    name: str = ""
    type: str = ""
    size: int = 0
    """As Telegram says; larger than the content for a file that no test has the memory for."""
    path: str = ""
    expired: bool = False
    """Its address does not hold any more."""

    @property
    def unique(self) -> str:
        """The same for the same content under another id."""
        return sha256(self.content + str(self.size).encode()).hexdigest()[:16]

    def described(self) -> dict[str, Any]:
        """As it stands inside a message."""
        named = {"file_name": self.name, "mime_type": self.type}
        plain = {"file_id": self.id, "file_unique_id": self.unique, "file_size": self.size}
        return plain | {key: value for key, value in named.items() if value}


@dataclass(frozen=True)
class Upload:
    """A file in a multipart request."""

    name: str
    type: str
    content: bytes


class Shelf:
    """``local``: getFile answers as a server of one's own with --local does."""

    def __init__(self) -> None:
        self.local = False
        self.go_on = asyncio.Event()
        """Ends the wait of a download that stalls."""
        self._files: dict[str, File] = {}

    def add(
        self,
        kind: str,
        content: bytes,
        *,
        name: str = "",
        type: str = "",  # noqa: A002
        size: int | None = None,
        id: str = "",  # noqa: A002
    ) -> File:
        """Put a file there. Returns it with its id."""
        number = len(self._files) + 1
        folder, ending = _FOLDERS.get(kind, (f"{kind}s", "bin"))
        file = File(id or f"{kind}-{number}", kind, content, name, type, len(content) if size is None else size)
        file.path = f"{folder}/file_{number}.{ending}"
        self._files[file.id] = file
        return file

    def get(self, params: dict[str, Any]) -> dict[str, Any]:
        """getFile. Raises RefusedError."""
        file = self._files.get(str(params.get("file_id", "")))
        if file is None:
            raise RefusedError("wrong file_id or the file is temporarily unavailable")
        if file.size > DOWNLOAD and not self.local:
            raise RefusedError("file is too big")
        path = f"/var/lib/telegram-bot-api/{file.path}" if self.local else file.path
        return {"file_id": file.id, "file_unique_id": file.unique, "file_size": file.size, "file_path": path}

    def receive(self, kind: str, given: object) -> File:
        """What the bot sends, as a new file or by the id of a known one. Raises RefusedError or ApiError."""
        if given is None or given == "":
            raise RefusedError(f"there is no {kind} in the request")
        if not isinstance(given, Upload):
            known = self._files.get(str(given))
            if known is None:
                raise RefusedError("wrong file identifier/HTTP URL specified")
            return known
        if not given.content:
            raise RefusedError("file must be non-empty")
        if len(given.content) > UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        if kind == "photo":
            _check_photo(given.content)
        return self.add(kind, given.content, name=given.name, type=given.type)

    async def serve(self, request: web.Request, fault: Fault | None) -> web.StreamResponse:
        """The download; by ``fault`` it is cut off in the middle, or stalls there until ``go_on``."""
        path = request.match_info["path"]
        file = next((one for one in self._files.values() if one.path == path and not one.expired), None)
        if file is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        response = web.StreamResponse(headers={"Content-Length": str(len(file.content))})
        response.content_type = "application/octet-stream"
        await response.prepare(request)
        half = len(file.content) // 2
        await response.write(file.content[:half])
        if fault is not None and fault.kind == "cut":
            assert request.transport is not None
            request.transport.abort()
            return response
        if fault is not None and fault.kind == "stall":
            await self.go_on.wait()
        await response.write(file.content[half:])
        return response


def _check_photo(content: bytes) -> None:
    if len(content) > PHOTO:
        raise RefusedError(
            f"file of size {len(content)} bytes is too big for a photo; the maximum size is {PHOTO} bytes"
        )
    if not content.startswith(_SIGNATURES):
        raise RefusedError("IMAGE_PROCESS_FAILED")
    if content.startswith(_SIGNATURES[1]):
        width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
        if width + height > SIDES or max(width, height) > RATIO * min(width, height):
            raise RefusedError("PHOTO_INVALID_DIMENSIONS")
