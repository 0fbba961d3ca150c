"""GET /file/{seq}: what a row of the person's own transcript carries, a picture to look at or a file to keep."""

import asyncio
import re
from base64 import b64decode
from collections.abc import Mapping

from aiohttp import web

from bot.channels.web.errors import RefusedError
from bot.channels.web.names import disposition
from bot.domain.model import Json
from bot.ports import Files

INLINE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp"})
"""What every browser shows by itself and runs nothing of. All else is saved."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A file is nobody's page. The style is that of the browser's own picture viewer."""

_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}")


def shown_file(seq: int, file: Mapping[str, Json]) -> Json:
    """A row's file as the page gets it: ``href`` if there is anything behind it, not where and what it is kept as."""
    shown = {"name": file.get("name", ""), "type": file.get("type", ""), "size": file.get("size", 0)}
    return shown | ({"href": f"/file/{seq}"} if file.get("kept") or file.get("data") else {})


async def respond(files: Files, file: Mapping[str, Json]) -> web.StreamResponse:
    """The content. Raises RefusedError (404) if it is gone."""
    media_type = str(file.get("type", ""))
    how = "inline" if media_type in INLINE else "attachment"
    headers = {
        "Content-Type": media_type if _TYPE.fullmatch(media_type) else "application/octet-stream",
        "Content-Disposition": disposition(how, str(file.get("name", ""))),
        "Content-Security-Policy": POLICY,
        # Asked for again each time: after everything was deleted the same address is another file.
        "Cache-Control": "private, no-cache",
    }
    if "data" in file:
        return web.Response(body=b64decode(file["data"]), headers=headers)
    try:
        path = files.path(str(file.get("kept", "")))
    except ValueError:
        raise RefusedError(404, "no_file") from None
    if not await asyncio.to_thread(path.is_file):
        raise RefusedError(404, "no_file")
    return web.FileResponse(path, headers=headers)
