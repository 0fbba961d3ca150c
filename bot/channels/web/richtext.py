"""The neutral rich text as nodes: strings and ``{"tag", "nodes"}``. The page builds its elements from these alone."""

from html.parser import HTMLParser
from typing import Any

from markupsafe import Markup, escape

from bot.domain.model import Json

ALLOWED = frozenset({"b", "i", "u", "s", "code", "pre", "blockquote"})
SAME = {"strong": "b", "em": "i", "ins": "u", "del": "s", "strike": "s"}
DEEPEST = 8
"""Tags inside each other; what is deeper keeps its text only."""


def nodes(html: str) -> list[Json]:
    """Parse through the allow-list. An unknown tag is dropped and its text kept; attributes and comments go too."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.root


def markup(tree: list[Json]) -> Markup:
    """The nodes as HTML again, for pages that need no script."""
    parts = []
    for node in tree:
        if isinstance(node, str):
            parts.append(escape(node))
        else:
            parts.append(Markup("<{0}>{1}</{0}>").format(Markup(node["tag"]), markup(node["nodes"])))  # noqa: S704 - of ALLOWED
    return Markup("").join(parts)


def shown_screen(screen: Json) -> Json:
    """A screen of the transcript as the page gets it: its markup parsed."""
    return {"text": nodes(screen["html"]), "rows": screen["rows"]}


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Json] = []
        self._open: list[tuple[str, list[Json]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = SAME.get(tag, tag)
        if name in ALLOWED and len(self._open) < DEEPEST:
            inside: list[Json] = []
            self._here.append({"tag": name, "nodes": inside})
            self._open.append((name, inside))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing: an element without content shows nothing."""

    def handle_endtag(self, tag: str) -> None:
        name = SAME.get(tag, tag)
        if any(name == one for one, _ in self._open):
            while self._open.pop()[0] != name:
                pass

    def handle_data(self, data: str) -> None:
        here: list[Any] = self._here
        if here and isinstance(here[-1], str):
            here[-1] += data
        else:
            here.append(data)

    @property
    def _here(self) -> list[Json]:
        return self._open[-1][1] if self._open else self.root
