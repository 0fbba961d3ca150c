"""Names of files as they may be shown and sent: nothing in them is a path, ends a header or turns the text around."""

import re
from urllib.parse import quote

from bot.channels.web.deeds import storable

LONGEST = 120
"""Characters of a name."""
ENDING = 20
"""Of these the last, which tell the kind, are kept when a name is cut."""

# Control characters, and those that turn the direction of writing (a name that ends in gpj.exe looks like exe.jpg).
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)


def shown_name(given: str) -> str:
    """The last part of what may be a path, without what cannot be seen, of bounded length; may be empty."""
    name = _UNSEEN.sub("", storable(_FOLDERS.sub("", given))).strip(" .")
    return name if len(name) <= LONGEST else f"{name[: LONGEST - ENDING - 1]}…{name[-ENDING:]}"


def disposition(how: str, name: str) -> str:
    """The value of Content-Disposition (RFC 6266), ASCII whatever the name is."""
    shown = shown_name(name)
    return f"{how}; filename*=UTF-8''{quote(shown, safe='')}" if shown else how
