"""Reads the rule book and the holidays from their TOML files and checks them as a whole."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError

from bot.catalog_errors import CatalogError
from bot.domain.calendar import Holidays
from bot.domain.rules import Anchor, Confidence, Remind, Rule, RuleBook, Span, Tag, Turn, Unit, overlap

SOURCES = "sources.toml"
WORDS = "words.toml"
MAX_REMINDERS = 4
_SATURDAY = 5
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

RemindText = Annotated[str, Field(pattern=r"^(0|[+-]\d+[mhd])$")]
Sentence = Annotated[str, Field(min_length=4, max_length=60)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SpanEntry(_Entry):
    length: Annotated[StrictInt, Field(ge=0)]
    unit: Unit


class RuleEntry(_Entry):
    """One [[rule]] of a rules file; the meaning of each key is that of `bot.domain.rules.Rule`."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")]
    what: Sentence
    starts: Anchor
    turn: Turn
    tag: Tag
    confidence: Confidence
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    last_checked: date
    length: Annotated[StrictInt | None, Field(ge=0)] = None
    unit: Unit | None = None
    recheck: SpanEntry | None = None
    effect: Sentence | None = None
    law: Annotated[str | None, Field(min_length=4)] = None
    timer: str | None = None
    amounts: dict[str, Annotated[StrictInt, Field(gt=0)]] = {}
    effective_from: date | None = None
    effective_until: date | None = None
    remind: Annotated[tuple[RemindText, ...], Field(max_length=MAX_REMINDERS)] = ()


class Source(_Entry):
    """Where a figure comes from: a title or an address, and its date where known."""

    title: Annotated[str, Field(min_length=1)]
    date: Annotated[str | None, Field(pattern=r"^\d{4}(-\d\d){0,2}$")] = None


class Words(_Entry):
    """Words that no rule may hold, and how a figure is recognised: a numeral, perhaps a measure word, a unit."""

    banned: tuple[str, ...] = ()
    numerals: str = ""
    measure: str = ""
    units: tuple[str, ...] = ()


class HolidayEntry(_Entry):
    year: StrictInt
    source: str
    last_checked: date
    off: tuple[date, ...]
    work: tuple[date, ...]


class _Loaded(NamedTuple):
    place: str  # "<file>: <id>"
    entry: RuleEntry
    rule: Rule


def load_rules(folder: Path, today: date) -> RuleBook:
    """All rules of the folder. Raises CatalogError naming file and key of every mistake.

    `today` is the day that last_checked must not lie beyond.
    """
    problems: list[str] = []
    sources = _sources(folder / SOURCES, problems)
    words = _words(folder / WORDS, problems)
    loaded: list[_Loaded] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name not in (SOURCES, WORDS):
            loaded.extend(_read_file(path, problems))
    tags = {item.entry.id: item.entry.tag for item in loaded}
    for place, entry, rule in loaded:
        complaints = (*_sense(entry, rule, today), *_text(entry, words), *_links(entry, sources, tags))
        problems.extend(f"{place}.{complaint}" for complaint in complaints)
    problems.extend(_overlaps(loaded))
    if not loaded and not problems:
        problems.append(f"{folder.name}: no rules found")
    if problems:
        raise CatalogError(problems)
    return RuleBook(item.rule for item in loaded)


def load_sources(folder: Path) -> Mapping[str, Source]:
    """The sources by code. Raises CatalogError."""
    problems: list[str] = []
    sources = _sources(folder / SOURCES, problems)
    if problems:
        raise CatalogError(problems)
    return MappingProxyType(sources)


def load_holidays(folder: Path) -> Holidays:
    """The years of the folder, one file each (`<year>.toml`). Raises CatalogError."""
    problems: list[str] = []
    off: set[date] = set()
    work: set[date] = set()
    years: set[int] = set()
    for path in sorted(folder.glob("*.toml")):
        try:
            entry = HolidayEntry.model_validate(_toml(path, problems))
        except ValidationError as error:
            problems.extend(f"{path.name}: {line}" for line in _lines(error))
            continue
        problems.extend(f"{path.name}: {complaint}" for complaint in _holiday_sense(path, entry))
        off.update(entry.off)
        work.update(entry.work)
        years.add(entry.year)
    if problems:
        raise CatalogError(problems)
    return Holidays(frozenset(off), frozenset(work), frozenset(years))


def _read_file(path: Path, problems: list[str]) -> Iterator[_Loaded]:
    data = _toml(path, problems)
    problems.extend(f"{path.name}: {key}: unknown key" for key in data if key != "rule")
    rules = data.get("rule", [])
    if not isinstance(rules, list):
        problems.append(f"{path.name}: rule: must be a list of [[rule]] tables")
        return
    for number, raw in enumerate(rules, start=1):
        name = raw.get("id") if isinstance(raw, dict) else None
        place = f"{path.name}: {name or f'rule {number}'}"
        try:
            entry = RuleEntry.model_validate(raw)
        except ValidationError as error:
            problems.extend(f"{place}.{line}" for line in _lines(error))
            continue
        yield _Loaded(place, entry, _rule(entry))


def _rule(entry: RuleEntry) -> Rule:
    own = entry.model_dump(exclude={"length", "unit", "recheck", "remind", "amounts"})
    return Rule(
        **own,
        span=None if entry.length is None or entry.unit is None else Span(entry.length, entry.unit),
        recheck=Span(entry.recheck.length, entry.recheck.unit) if entry.recheck else None,
        remind=tuple(_remind(text) for text in entry.remind),
        amounts=MappingProxyType(dict(entry.amounts)),
    )


def _remind(text: str) -> Remind:
    if text == "0":
        return Remind("end", timedelta())
    offset = timedelta(**{_UNITS[text[-1]]: int(text[:-1])})
    return Remind("start" if text.startswith("+") else "end", offset)


def _sense(entry: RuleEntry, rule: Rule, today: date) -> Iterator[str]:
    """Mistakes that one entry shows by itself, as "key: what is wrong"."""
    if (entry.length is None) != (entry.unit is None):
        yield "length: length and unit belong together"
    if entry.length == 0 and entry.unit != "days_from_next_midnight":
        yield f"length: 0 {entry.unit} is no span"
    if entry.tag in ("UNC", "SINGLE") and entry.length is not None:
        yield f"length: {entry.tag} must not carry a span"
    if entry.tag == "UNC" and entry.amounts:
        yield "amounts: UNC must not carry a figure"
    if entry.tag == "LAW" and entry.law is None:
        yield "law: LAW needs the article that is cited"
    if entry.tag != "LAW" and entry.law is not None:
        yield f"law: only LAW cites an article, not {entry.tag}"
    if entry.tag == "OURS" and not (rule.span and entry.effect):
        yield "tag: OURS needs a span and an effect"
    if (entry.tag == "OURS") != (entry.sources == ("ours",)):
        yield 'sources: "ours" stands alone and only with tag OURS'
    if (entry.tag == "OURS") != entry.id.startswith("timer."):
        yield "id: exactly the entries with tag OURS are named timer.*"
    if rule.span and entry.turn != "none" and not entry.remind:
        yield "remind: a clock of somebody's needs a reminder"
    if rule.span and (entry.starts == "none" or entry.turn == "none"):
        yield "starts: a span needs its start and whose move it is"
    if entry.length is None and entry.unit is None and (entry.remind or entry.recheck):
        yield "remind: without a span there is nothing to remind of"
    if rule.span and entry.timer:
        yield "timer: a rule with a span of its own needs none"
    if entry.last_checked > today:
        yield f"last_checked: {entry.last_checked} lies in the future"
    if (entry.effective_from or date.min) > (entry.effective_until or date.max):
        yield "effective_until: before effective_from"


def _text(entry: RuleEntry, words: Words) -> Iterator[str]:
    for key, text in (("what", entry.what), ("effect", entry.effect or "")):
        for word in words.banned:
            if word in text:
                yield f"{key}: holds {word}, which must not be said"
        if text.endswith(("。", ".")):
            yield f"{key}: ends with a full stop"
        if entry.tag == "UNC" and (figure := figure_in(text, words)):
            yield f"{key}: UNC must not state a figure, but says {figure}"


def _links(entry: RuleEntry, sources: Mapping[str, Source], tags: Mapping[str, Tag]) -> Iterator[str]:
    for code in entry.sources:
        if sources and code not in sources:
            yield f"sources: {code} is not in {SOURCES}"
    if entry.timer and tags.get(entry.timer) != "OURS":
        yield f"timer: there is no timer {entry.timer}"


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


def _overlaps(loaded: list[_Loaded]) -> Iterator[str]:
    by_id: dict[str, list[_Loaded]] = {}
    for item in loaded:
        by_id.setdefault(item.entry.id, []).append(item)
    for items in by_id.values():
        if clash := overlap(item.rule for item in items):
            place = next(item.place for item in items if item.rule is clash[1])
            yield f"{place}.effective_from: in force at the same time as {clash[0].version}"


def _holiday_sense(path: Path, entry: HolidayEntry) -> Iterator[str]:
    if path.stem != str(entry.year):
        yield f"year: {entry.year} in a file for {path.stem}"
    for key, days in (("off", entry.off), ("work", entry.work)):
        for day in days:
            if day.year != entry.year:
                yield f"{key}: {day} is not in {entry.year}"
        if len(set(days)) != len(days):
            yield f"{key}: a day is listed twice"
    for day in entry.work:
        if day.weekday() < _SATURDAY:
            yield f"work: {day} is no weekend day"
        if day in entry.off:
            yield f"work: {day} is listed as off too"


def _sources(path: Path, problems: list[str]) -> dict[str, Source]:
    found = {}
    for code, raw in _toml(path, problems).items():
        try:
            found[code] = Source.model_validate(raw)
        except ValidationError as error:
            problems.extend(f"{path.name}: {code}.{line}" for line in _lines(error))
    return found


def _words(path: Path, problems: list[str]) -> Words:
    try:
        return Words.model_validate(_toml(path, problems))
    except ValidationError as error:
        problems.extend(f"{path.name}: {line}" for line in _lines(error))
        return Words()


def _toml(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"{path.name}: the file is missing")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: not readable as TOML: {error}")
    return {}


def _lines(error: ValidationError) -> Iterator[str]:
    for detail in error.errors(include_url=False):
        key = ".".join(str(part) for part in detail["loc"]) or "entry"
        yield f"{key}: {detail['msg']}"
