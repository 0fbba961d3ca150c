"""The child process behind ``bot.reading``: one picture at a time through OCR, JSON lines on stdin and stdout.

A line in is ``{"path": …}``, a line out ``{"width", "height", "boxes": [[text, x, y, width, height, score], …]}`` or
``{"fault": …}``. It ends with its stdin. It imports nothing of ours, so that it holds the models and little else.
"""

import importlib
import json
import logging
import math
import os
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, BinaryIO

PIXEL_LIMIT = 50_000_000
"""Pixels of a picture that is opened at all."""
READ_LIMIT = 10_000_000
"""Pixels that are read; a larger picture is made smaller first. About 20 s on one slow core."""
WIDTH = 736
"""Pixels of width at which a page of a phone is read: the least that the detector works on. More only takes longer."""
LANDSCAPE = 2000
"""Pixels of width of a picture that is wider than high."""
TILE = 1700
"""Pixels of height read in one go; the library itself would shrink a longer page until it is unreadable."""
OVERLAP = 150
"""Pixels that neighbouring tiles share: more than one line of text, so that each line is whole in one of them."""
SLACK = 8
"""Pixels by which two tiles may disagree on where a line stands."""
SURE = 0.5
"""Score below which the library's reading of a box is dropped."""
TILT = (0.3, 15.0)
"""Degrees: a page that leans this much is straightened; less is measuring error, more is no page."""

_ORIENTATION = 0x0112
"""EXIF tag; from 5 on, width and height change places."""
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error)
"""What Pillow raises for broken pictures (SyntaxError for PNG); anything else ends the process."""

Quad = tuple[str, float, list[list[float]]]
"""Text, score and four corners from the top left one on, clockwise."""
Row = tuple[str, float, float, float, float, float]


def main() -> None:
    """Answer until stdin ends."""
    answers = _private_stdout()
    engine: Any = None
    for line in sys.stdin.buffer:
        path = Path(json.loads(line)["path"])
        if engine is None:
            try:
                engine = _engine()
            except ImportError:
                _answer(answers, {"fault": "not_installed"})
                continue
        _answer(answers, _read(engine, path))


def _private_stdout() -> BinaryIO:
    # Whatever a library prints goes to stderr; the answers keep the pipe for themselves.
    mine = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return mine


def _answer(answers: BinaryIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
    answers.flush()


def _engine() -> Any:
    logging.disable(logging.CRITICAL)
    importlib.import_module("cv2").setNumThreads(1)
    rapidocr = importlib.import_module("rapidocr")
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.text_score": SURE,
            "Global.max_side_len": TILE,
            # Nobody sends a page upside down, and the classifier turns short numbers round (69, 96).
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _read(engine: Any, path: Path) -> dict[str, Any]:
    images = importlib.import_module("PIL.Image")
    try:
        with images.open(path) as opened:
            if opened.width * opened.height > PIXEL_LIMIT:
                return {"fault": "too_many_pixels"}
            picture, full = _prepared(opened)
    except images.DecompressionBombError:
        return {"fault": "too_many_pixels"}
    except _UNREADABLE:
        return {"fault": "broken"}
    scale = full[0] / picture.width
    rows = [
        (text, x * scale, y * scale, width * scale, height * scale, score)
        for text, x, y, width, height, score in _page(engine, picture)
    ]
    if not rows:
        return {"fault": "no_text"}
    boxes = [[row[0], *(round(number, 1) for number in row[1:5]), round(row[5], 3)] for row in rows]
    return {"width": full[0], "height": full[1], "boxes": boxes}


def _prepared(opened: Any) -> tuple[Any, tuple[int, int]]:
    """The picture upright, without transparency, in the size that is read; and its full size."""
    width, height = opened.size
    lies = opened.getexif().get(_ORIENTATION, 1) >= 5
    opened.draft("RGB", _fitting(width, height))
    picture = importlib.import_module("PIL.ImageOps").exif_transpose(opened)
    if "A" in picture.getbands() or "transparency" in picture.info:
        images = importlib.import_module("PIL.Image")
        picture = picture.convert("RGBA")
        picture = images.alpha_composite(images.new("RGBA", picture.size, "white"), picture)
    picture = picture.convert("RGB")
    picture.thumbnail(_fitting(*picture.size))
    return picture, (height, width) if lies else (width, height)


def _fitting(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, (WIDTH if height >= width else LANDSCAPE) / width, math.sqrt(READ_LIMIT / (width * height)))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _page(engine: Any, picture: Any) -> list[Row]:
    quads: list[Quad] = []
    for top, bottom in _tiles(picture.height):
        crop = picture.crop((0, top, picture.width, bottom))
        # The library takes arrays as blue, green, red.
        result = engine(importlib.import_module("numpy").asarray(crop)[:, :, ::-1].copy())
        for text, score, quad in zip(result.txts or (), result.scores or (), _lists(result.boxes), strict=True):
            middle = sum(y for _, y in quad) / 4
            above = OVERLAP / 2 - SLACK if top else 0.0
            below = bottom - top - (OVERLAP / 2 - SLACK if bottom < picture.height else 0.0)
            if above <= middle <= below:
                _add(quads, (text, float(score), [[x, y + top] for x, y in quad]))
    return list(_straight(quads, picture.width / 2, picture.height / 2))


def _add(quads: list[Quad], new: Quad) -> None:
    """Append what is new; of a line that two tiles share, the surer reading stays."""
    for number, old in enumerate(quads):
        if math.dist(old[2][0], new[2][0]) < 2 * SLACK and math.dist(old[2][2], new[2][2]) < 2 * SLACK:
            if new[1] > old[1]:
                quads[number] = new
            return
    quads.append(new)


def _lists(boxes: Any) -> list[list[list[float]]]:
    return [] if boxes is None else boxes.tolist()


def _tiles(height: int) -> Iterator[tuple[int, int]]:
    """Top and bottom of each part, of about the same height."""
    count = max(1, math.ceil((height - OVERLAP) / (TILE - OVERLAP)))
    step = (height - OVERLAP) / count
    for number in range(count):
        yield round(number * step), height if number + 1 == count else round((number + 1) * step) + OVERLAP


def _straight(quads: list[Quad], middle_x: float, middle_y: float) -> Iterator[Row]:
    """Upright boxes; those of a page that leans are turned back about its middle."""
    sized = [
        (text, score, quad, math.dist(quad[0], quad[1]), math.dist(quad[1], quad[2])) for text, score, quad in quads
    ]
    lean = [math.atan2(q[1][1] - q[0][1], q[1][0] - q[0][0]) for _, _, q, width, height in sized if width > 3 * height]
    angle = median(lean) if lean else 0.0
    if not TILT[0] <= abs(math.degrees(angle)) <= TILT[1]:
        angle = 0.0
    for text, score, quad, width, height in sized:
        x, y = sum(x for x, _ in quad) / 4 - middle_x, sum(y for _, y in quad) / 4 - middle_y
        x, y = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
        yield text, x + middle_x - width / 2, y + middle_y - height / 2, width, height, score


if __name__ == "__main__":
    main()
