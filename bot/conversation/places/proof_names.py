"""Which item of the checklist do a few words name: 称重那张, 烂果近照, 都是聊天."""

import re
import unicodedata
from collections import Counter
from collections.abc import Set

from bot.catalog.texts import Texts
from bot.conversation.places.proof import Item

SHORT = 12
"""Characters up to which a part of a name is enough."""
LONGEST = 40
"""Characters of what is read at all: a whole name may stand in a caption."""
_BETWEEN = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """Without spaces and punctuation, in one width."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def words(t: Texts, key: str) -> tuple[str, ...]:
    """A list of words from the texts, the longest first."""
    return tuple(sorted(t.plain(f"proof.typed.{key}").split(), key=len, reverse=True))


def named(t: Texts, every: tuple[Item, ...], text: str) -> tuple[Item, ...]:
    """The item that is meant, several if it could be any of them, none if no item is."""
    said = bare(text)
    if not 1 < len(said) <= LONGEST or any(word in said for word in words(t, "asking")):
        return ()
    names = {item.id: bare(item.name) for item in every}
    whole = [item for item in every if names[item.id] in said]
    if whole:
        longest = max(len(names[item.id]) for item in whole)
        return tuple(item for item in whole if len(names[item.id]) == longest)
    return _by_part(t, every, names, said) if len(said) <= SHORT else ()


def _by_part(t: Texts, every: tuple[Item, ...], names: dict[str, str], said: str) -> tuple[Item, ...]:
    """By pairs of characters; a pair that stands in few names counts for more."""
    generic = {pair for word in words(t, "generic") for pair in _pairs(word)}
    told = _pairs(said)
    for same in words(t, "same"):
        spelling, _, meant = same.partition("=")
        if spelling in said:
            told |= _pairs(meant)
    pairs = {item.id: _pairs(names[item.id]) - generic for item in every}
    often = Counter(pair for each in pairs.values() for pair in each)
    scores = {item.id: sum(1 / often[pair] for pair in pairs[item.id] & told) for item in every}
    best = max(scores.values(), default=0)
    return tuple(item for item in every if best > 0 and best - scores[item.id] < 1e-9)


def _pairs(text: str) -> Set[str]:
    return {text[index : index + 2] for index in range(len(text) - 1)}
