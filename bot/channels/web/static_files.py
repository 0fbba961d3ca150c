"""The page's own files, read once; browsers ask each time whether theirs is still the one."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).with_name("static")
INDEX = "index.html"
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
"""Files of other kinds are not served. Without our own table the type would depend on the machine."""


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is sent."""

    body: bytes
    type: str
    etag: str


def read_files(folder: Path) -> dict[str, File]:
    """Name -> file. There are no folders inside."""
    found: dict[str, File] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in TYPES and path.is_file():
            body = path.read_bytes()
            found[path.name] = File(body, TYPES[path.suffix], hashlib.sha256(body).hexdigest()[:16])
    return found


def respond(request: web.Request, file: File) -> web.Response:
    """The file, or 304 if the browser has it."""
    if any(tag.value in (file.etag, "*") for tag in request.if_none_match or ()):
        response = web.Response(status=304)
    else:
        charset = "utf-8" if file.type != "image/png" else None
        response = web.Response(body=file.body, content_type=file.type, charset=charset)
    response.etag = file.etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
