"""Telegram's HTML: parsed as its server does, with the words of its refusals."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final


class RefusedError(Exception):
    """A 400 with Telegram's description."""


class ApiError(Exception):
    """An answer with ``ok: false``."""

    def __init__(self, status: int, description: str, **parameters: float) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*>")
_ATTRIBUTE = re.compile(r"([\w-]+)=(?:\"([^\"]*)\"|'([^']*)')")
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#[xX][0-9a-fA-F]+);")


def utf16(text: str) -> int:
    """Length as Telegram counts offsets and limits: an emoji counts two."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class Rich:
    """Text as a person sees it, and what is marked in it."""

    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)


def parse_html(source: str) -> Rich:
    """Raises RefusedError for a tag that Telegram does not know, that is not closed, or that is none."""
    parts: list[str] = []
    length = 0
    entities: list[dict[str, Any]] = []
    stack: list[tuple[str, int, dict[str, Any]]] = []
    position = 0
    while position < len(source):
        char = source[position]
        if char == "<":
            at = len(source[:position].encode())
            tag = _TAG.match(source, position)
            if tag is None:
                raise _unparsable(f"Unsupported start tag or unclosed start tag at byte offset {at}")
            closing, name, attributes = tag[1], tag[2].lower(), tag[3]
            if closing:
                if not stack:
                    raise _unparsable(f"Unexpected end tag at byte offset {at}")
                opened, start, entity = stack.pop()
                if opened != name:
                    raise _unparsable(
                        f'Unmatched end tag at byte offset {at}, expected "</{opened}>", found "</{name}>"'
                    )
                if length > start:
                    entities.append({**entity, "offset": start, "length": length - start})
            else:
                if name not in TAGS or (name == "span" and "tg-spoiler" not in attributes):
                    raise _unparsable(f'Unsupported start tag "{name}" at byte offset {at}')
                stack.append((name, length, _entity(name, attributes)))
            position = tag.end()
            continue
        reference = _REFERENCE.match(source, position) if char == "&" else None
        piece = unescape(reference[0]) if reference else char
        parts.append(piece)
        length += utf16(piece)
        position = reference.end() if reference else position + 1
    if stack:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    return Rich("".join(parts), sorted(entities, key=lambda one: (one["offset"], -one["length"])))


def _entity(name: str, attributes: str) -> dict[str, Any]:
    values = {
        key: first or second for key, first, second in re.findall(r"([\w-]+)=(?:\"([^\"]*)\"|'([^']*)')", attributes)
    }
    if name == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    if name == "a":
        return {"type": "text_link", "url": unescape(values.get("href", ""))}
    return {"type": TAGS[name]}


def _unparsable(why: str) -> RefusedError:
    return RefusedError(f"can't parse entities: {why}")
