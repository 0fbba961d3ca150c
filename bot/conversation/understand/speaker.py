"""Who speaks in a pasted text: the merchant, an agent or the platform, or the person themselves.

What is looked for stands in ``data/lexicon/speakers.toml``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.catalog import compiled
from bot.catalog.errors import CatalogError
from bot.conversation.understand.lexicon_tables import Table, read_table
from bot.conversation.understand.phrases import Phrases
from bot.domain.ledger import Who

_LEXICON = Path(__file__).parents[2] / "data" / "lexicon" / "speakers.toml"
_QUOTED = compiled.pattern(r"\s*[“\"「『].+[”\"」』]\s*", re.DOTALL)


class _Says(Table):
    says: str


class _Line(Table):
    head: str
    colon: str


class _Table(Table):
    line: _Line
    named: dict[Who, str]
    retold: dict[Who, str]
    theirs: _Says
    own: _Says


@dataclass(frozen=True, slots=True)
class Speaker:
    """``who`` the text names; ``theirs``: it speaks as shops and agents do, or is quoted; ``own``: the person tells.

    ``retold``: the person retells it (商家说...); ``said`` is the text without the name of the speaker at its head.
    """

    who: Who | None
    theirs: bool
    own: bool
    retold: bool
    said: str

    @property
    def named(self) -> bool:
        """Whether the text says who speaks, as a pasted chat does."""
        return self.who is not None and not self.retold

    @property
    def plain(self) -> bool:
        """Whether it is certainly somebody else's answer, if it is one at all."""
        return self.named or (self.theirs and not self.own)


_ByWho = Mapping[Who, re.Pattern[str]]


@cache
def speaker_patterns() -> tuple[_ByWho, _ByWho, re.Pattern[str], re.Pattern[str]]:
    """What is looked for, compiled. Raises CatalogError with every mistake in the file."""
    mistakes: list[str] = []
    table = read_table(_LEXICON, _Table, mistakes)
    if table is None:
        raise CatalogError(mistakes)
    phrases = Phrases(_LEXICON.name, {}, mistakes)

    def build(key: str, pattern: str) -> re.Pattern[str]:
        return phrases.compile(key, pattern, gaps=False)

    head, colon = table.line.head, table.line.colon
    named = {who: build(f"named.{who}", head + pattern + colon) for who, pattern in table.named.items()}
    retold = {who: build(f"retold.{who}", pattern) for who, pattern in table.retold.items()}
    theirs, own = build("theirs.says", table.theirs.says), build("own.says", table.own.says)
    if mistakes:
        raise CatalogError(mistakes)
    return named, retold, theirs, own


def speaker(text: str) -> Speaker:
    """Who speaks. Never raises; linear in the text."""
    named, retold, theirs, own = speaker_patterns()
    heads = sorted((found.start(), found.end(), who) for who, each in named.items() if (found := each.search(text)))
    if heads:
        first, end, who = heads[0]
        alone = not text[:first].strip() and not any(each.search(text, end) for each in named.values())
        return Speaker(who, True, False, False, text[end:].strip() if alone else text)
    for who, each in retold.items():
        if found := each.match(text):
            return Speaker(who, False, True, True, text[found.end() :].strip())
    quoted = _QUOTED.fullmatch(text) is not None
    return Speaker(None, quoted or theirs.search(text) is not None, own.search(text) is not None, False, text)
