"""What people wrote, made fit for a document: nothing that breaks its encoding or turns the order of its letters."""

import unicodedata
from urllib.parse import urlsplit

_TURNS_ORDER = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Bidirectional embeddings, overrides and isolates: with them a document shows other words than it holds."""


def clean(text: str) -> str:
    """The text with ``\\n`` as its only line end, without control characters, lone surrogates and marks that reorder
    what follows. Emoji, rare characters and joiners stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(
        one
        for one in lines
        if one in "\n\t" or (one not in _TURNS_ORDER and unicodedata.category(one) not in ("Cc", "Cs"))
    )


def one_line(text: str) -> str:
    """The same for a title or a name."""
    return " ".join(clean(text).split())


def is_web_address(address: str) -> bool:
    """Whether a document may make a link of it: a site, over https."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)
