"""What comes in the body of a request: a JSON object from the page's script, or a form of a page without one."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.channels.web.errors import RefusedError
from bot.domain.model import Json

FIELDS = 20
"""Of one form."""


async def read_json(request: web.Request, patience: float) -> Mapping[str, Json]:
    """The body, an object. ``patience``: seconds that it may take to come. Raises RefusedError, or aiohttp's 413."""
    try:
        body: Any = json.loads(await _whole(request, patience))
    except (ValueError, RecursionError):
        raise RefusedError(400, "bad_request") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "bad_request")
    return body


async def read_form(request: web.Request, patience: float) -> Mapping[str, str]:
    """The fields of a form that is encoded as ours are. As ``read_json``."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise RefusedError(415, "bad_request")
    body = (await _whole(request, patience)).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, errors="replace", max_num_fields=FIELDS))
    except ValueError:
        raise RefusedError(400, "bad_request") from None


async def _whole(request: web.Request, patience: float) -> bytes:
    # An encoded body would be unpacked on the way in, so that few bytes become many.
    if "Content-Encoding" in request.headers:
        raise RefusedError(415, "bad_request")
    try:
        async with asyncio.timeout(patience):
            return await request.read()
    except TimeoutError:
        # One that only trickles: its connection is free again.
        raise RefusedError(408, "stalled", {"Retry-After": "1"}) from None
