"""Words that a text must not hold, and figures that it must not state."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BaseModel, Field

from bot.catalog.reading import Data
from bot.catalog.texts import PLACEHOLDER

SENTENCE_ENDS = ("。", "？")


class Words(Data):
    """Words that no rule may hold, and how a figure is recognised: a numeral, perhaps a measure word, a unit."""

    banned: tuple[str, ...] = ()
    numerals: str = ""
    measure: str = ""
    units: tuple[str, ...] = ()


class Wording(Data):
    """What no text of the catalog may say (VOICE: Certainty, Glossary, Letters)."""

    banned: Annotated[tuple[str, ...], Field(min_length=1)]
    """Nowhere."""
    names: tuple[str, ...]
    """Other names of things that have one name here; not in problems, routes, rungs, advice."""
    letters: tuple[str, ...]
    """Not in words that go to the merchant or to the service."""
    numbers: tuple[str, ...]
    """Telephone numbers that are never shown."""
    hotline: Annotated[str, Field(min_length=5)]
    hotline_check: Annotated[str, Field(min_length=4)]
    """Stands wherever the hotline stands."""
    side_button: str
    """Button of the service page that no problem has as its own."""
    service_buttons: Annotated[tuple[str, ...], Field(min_length=6, max_length=6)]
    """All buttons of the official service page."""


def figure_in(text: str, words: Words) -> str | None:
    """The first number with a unit in the text, in any script ("48 小时", "七个工作日"), or None."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    numeral = ""
    for at, char in enumerate(text, start=1):
        if unicodedata.numeric(char, None) is None and char not in words.numerals:
            numeral = ""
            continue
        numeral += char
        rest = text[at:].lstrip(words.measure)
        if unit := next((unit for unit in words.units if rest.startswith(unit)), None):
            return numeral + text[at : len(text) - len(rest)] + unit
    return None


def pieces(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside a part of the catalog with its key, as in ``paragraphs.2.text``."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from pieces(getattr(value, name), f"{key}.{name}" if key else name)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from pieces(item, f"{key}.{name}" if key else str(name))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from pieces(item, f"{key}.{number}")


def said_wrong(text: str, wording: Wording, more: Iterable[str] = ()) -> Iterator[str]:
    """What must not be in this text; `more` adds words to those that may stand nowhere."""
    for word in filter(text.__contains__, (*wording.banned, *more)):
        yield f"holds {word}, which must not be said"
    for number in wording.numbers:
        if number in text:
            yield f"shows {number}, which nobody has checked"
    if wording.hotline in text and wording.hotline_check not in text:
        yield f"shows {wording.hotline} without “{wording.hotline_check}”"


def open_places(text: str, allowed: Iterable[str] = ()) -> Iterator[str]:
    """Placeholders that may not stand here, and braces that are none."""
    known = frozenset(allowed)
    for name in PLACEHOLDER.findall(text):
        if name not in known:
            yield f"{{{name}}} may not stand here"
    rest = PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        yield "has a brace that is no {placeholder}"


def sentence(text: str, most: int | None = None) -> Iterator[str]:
    """A text that is shown by itself ends like one, and is not more than `most` of them."""
    if not text.endswith(SENTENCE_ENDS):
        yield "must end like a sentence"
    if most and sum(text.count(end) for end in SENTENCE_ENDS) > most:
        yield f"is more than {most} sentences"


def part(text: str) -> Iterator[str]:
    """A text that is put into a line or a sentence has no end of its own."""
    if text.endswith((*SENTENCE_ENDS, "，", "；", ".", ",")):
        yield "must not end with a stop, it is put into a line"
