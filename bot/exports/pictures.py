"""Evidence pictures, small enough for a document. The originals lie beside it, untouched."""

import base64
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

EDGE = 2000
"""Pixels of the long edge: enough to read a screenshot on paper, a tenth of the bytes of a phone's photo."""
TALL_EDGE = 6000
"""The same for a screenshot that was scrolled while it was taken."""
TALL = 3
"""What is more than so many times as high as wide is such a one."""
QUALITY = 82


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG, turned the right way up, without the place and device that the camera noted."""

    content: bytes
    width: int
    height: int

    def data_uri(self) -> str:
        """For a page that needs nothing from outside."""
        return f"data:image/jpeg;base64,{base64.b64encode(self.content).decode('ascii')}"


def small(path: Path) -> Picture | None:
    """The picture at ``path`` (checked when it was kept), or None if it is missing or cannot be decoded (any more).
    A moving one gives its first frame. About 0.1 s for a phone's photo: not for the event loop."""
    from PIL import Image, ImageOps  # Costs 0.1 s; only who makes a document waits for it.

    try:
        with Image.open(path) as opened:
            width, height = opened.size
            edge = TALL_EDGE if height > TALL * width else EDGE
            opened.draft("RGB", (edge, edge))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((edge, edge))
            made = io.BytesIO()
            _on_white(upright).save(made, "JPEG", quality=QUALITY, optimize=True)
            return Picture(made.getvalue(), upright.width, upright.height)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _on_white(picture: "Image") -> "Image":
    """JPEG knows no transparency; what was clear becomes paper."""
    from PIL import Image

    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    paper = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(paper, clear).convert("RGB")
