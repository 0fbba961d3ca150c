"""What a person reports of a body outside the platform: 12315受理了, 消协给我打电话了, 已经投诉快递了."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot.catalog import compiled
from bot.catalog.errors import CatalogError
from bot.conversation.understand.lexicon import Lexicon
from bot.conversation.understand.lexicon_tables import Table, read_table

LONGEST = 30
"""Characters of a report; what is longer tells a story."""


class _HandedTable(Table):
    first: str
    past: str


class _OutsideTable(Table):
    before: str
    between: str
    after: str
    body: dict[str, str]
    result: dict[str, str]
    handed: _HandedTable
    alone: dict[str, str]


@dataclass(frozen=True, slots=True)
class OutsideWords:
    """The patterns, compiled."""

    named: tuple[tuple[str, str, re.Pattern[str]], ...]
    """Body, result, and how both are said together."""
    alone: tuple[tuple[str, re.Pattern[str]], ...]
    """Result, and how it is said without the body."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was said: a body's id (empty if it was not named) and a result of ``outside.toml``."""

    body: str
    result: str


def load_outside_words(folder: Path) -> OutsideWords:
    """Read and compile `bot/data/lexicon/outside.toml`. Raises CatalogError with every mistake."""
    mistakes: list[str] = []
    table = read_table(folder / "outside.toml", _OutsideTable, mistakes)
    if table is None:
        raise CatalogError(mistakes)
    try:
        return _compiled(table)
    except re.error as error:
        raise CatalogError([f"outside.toml: {error}"]) from error


def _compiled(table: _OutsideTable) -> OutsideWords:
    before, between, after = (f"{each}*" for each in (table.before, table.between, table.after))
    named = []
    alone = tuple((result, compiled.pattern(f"(?:{said}){after}")) for result, said in table.alone.items())
    past = f"(?=.*(?:{table.handed.past}))"
    for body, called in table.body.items():
        for result, said in table.result.items():
            needs = past if result == "handed" else ""
            named.append((body, result, compiled.pattern(f"{needs}{before}(?:{called}){between}(?:{said}){after}")))
        behind = compiled.pattern(f"{past}{before}{table.handed.first}(?:{called}){between}{after}")
        named.append((body, "handed", behind))
    return OutsideWords(tuple(named), alone)


def reported(text: str, words: OutsideWords, lexicon: Lexicon) -> Report | None:
    """The report that the whole message is, or None."""
    if len(text) > LONGEST:
        return None
    said = lexicon.outcome_fillers.sub("", lexicon.normalise(text))
    for body, result, pattern in words.named:
        if pattern.fullmatch(said):
            return Report(body, result)
    return next((Report("", result) for result, pattern in words.alone if pattern.fullmatch(said)), None)
