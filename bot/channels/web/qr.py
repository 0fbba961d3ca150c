"""A text as a QR code, drawn as SVG that a page may hold inline."""

import asyncio
from io import BytesIO

import segno

LONGEST = 1200
"""Bytes; a code of more is too fine for the camera of an old phone (version 27 of 40)."""


async def draw(text: str) -> str | None:
    """The SVG, None if the text is too long. Always bytes in UTF-8: segno would put some Chinese into kanji mode, which
    not every reader turns back."""
    if len(text.encode("utf-8", "replace")) > LONGEST:
        return None
    return await asyncio.to_thread(_draw, text)


def _draw(text: str) -> str:
    code = segno.make(text.encode("utf-8", "replace").decode(), encoding="utf-8", mode="byte", error="l", micro=False)
    out = BytesIO()
    look = {"dark": "#000", "light": "#fff", "border": 4, "svgclass": "qr-code"}
    code.save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, **look)
    return out.getvalue().decode()
