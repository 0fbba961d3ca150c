"""A case as a PDF, for a printer or an office (typst; extra ``pdf``)."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path

from bot.documents import CaseFile, Exhibit
from bot.domain.model import Json
from bot.exports.pictures import small
from bot.exports.text import clean, is_web_address, one_line

_HERE = Path(__file__).parent
_SOLID = re.compile(r"[^\s\u2e80-\uffef]{25,}")
"""Longer than an order number, without a place where a line may end."""
_STEP = re.compile(r".{10}(?=.)")
_VERBATIM = frozenset(("sha256", "links"))


def is_available() -> bool:
    """Whether the extra is installed."""
    return find_spec("typst") is not None


def document(case: CaseFile, pictures: Mapping[str, Path]) -> bytes:
    """The whole case, with the pictures whose SHA-256 is in ``pictures``; the same case gives the same bytes.

    Words reach the template as data, never as markup, and pictures inside of it: the template has no file to read.
    Letters that the font beside this file lacks come from the fonts of the machine. Takes 0.2 s and 0.1 s per photo:
    not for the event loop.
    """
    import typst

    data = json.dumps(_data(case, pictures), ensure_ascii=False)
    return typst.compile(
        _HERE / "case_file.typ",
        root=_HERE,
        font_paths=[_HERE / "fonts"],
        format="pdf",
        sys_inputs={"case": data},
    )


def _data(case: CaseFile, pictures: Mapping[str, Path]) -> Json:
    data = _fit(asdict(replace(case, title=one_line(case.title), evidence=())))
    for line in data["deadlines"]:
        line["links"] = [{"text": one, "site": is_web_address(one)} for one in line["links"]]
    data["evidence"] = [_exhibit(case, one, pictures) for one in case.evidence]
    return data


def _exhibit(case: CaseFile, one: Exhibit, pictures: Mapping[str, Path]) -> Json:
    words = case.headings
    path = pictures.get(one.sha256) if one.type.startswith("image/") else None
    picture = small(path) if path else None
    instead = ""
    if one.type.startswith("image/") and picture is None:
        instead = words.missing
    elif one.type and one.file and picture is None:
        instead = words.not_shown.replace("{name}", one_line(one.file))
    label = words.exhibit.replace("{number}", str(one.number))
    fitted: dict[str, Json] = _fit(
        {
            "title": one_line(f"{label} {one.name}"),
            "alt": one_line(f"{label} {one.name}"),
            "received": one.received,
            "size": one.size_text,
            "sha256": one.sha256,
            "instead": instead,
        }
    )
    if picture:
        fitted |= {"width": picture.width, "height": picture.height}
        # typst makes pictures of bytes, but JSON carries only text: an SVG is text and holds the JPEG as it is.
        fitted["svg"] = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{picture.width}" height="{picture.height}">'
            f'<image width="{picture.width}" height="{picture.height}" href="{picture.data_uri()}"/></svg>'
        )
    return fitted


def _fit(value: Json) -> Json:
    """Clean text throughout; long solid words (not checksums and addresses) get places where a line may end."""
    if isinstance(value, str):
        return _SOLID.sub(lambda found: _STEP.sub("\\g<0>\u200b", found[0]), clean(value))
    if isinstance(value, (list, tuple)):
        return [_fit(one) for one in value]
    if isinstance(value, dict):
        return {key: _verbatim(one) if key in _VERBATIM else _fit(one) for key, one in value.items()}
    return value


def _verbatim(value: Json) -> Json:
    return one_line(value) if isinstance(value, str) else [one_line(one) for one in value]
