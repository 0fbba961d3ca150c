"""Reads the rule book from its TOML files and checks it as a whole."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, NamedTuple

from pydantic import Field, StrictInt, ValidationError

from bot.catalog.errors import CatalogError
from bot.catalog.reading import Data, lines, read_toml
from bot.catalog.wording import Words, figure_in
from bot.domain.rules import Anchor, Confidence, Remind, Rule, RuleBook, Span, Tag, Turn, Unit, overlap

SOURCES = "sources.toml"
WORDS = "words.toml"
MAX_REMINDERS = 4
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}

RemindText = Annotated[str, Field(pattern=r"^(0|[+-]\d+[mhd])$")]
Sentence = Annotated[str, Field(min_length=4, max_length=60)]


class SpanEntry(Data):
    length: Annotated[StrictInt, Field(ge=0)]
    unit: Unit


class RuleEntry(Data):
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
    amounts: dict[str, Annotated[StrictInt, Field(gt=0)]] = Field(default_factory=dict)
    effective_from: date | None = None
    effective_until: date | None = None
    remind: Annotated[tuple[RemindText, ...], Field(max_length=MAX_REMINDERS)] = ()


class Source(Data):
    """Where a figure comes from: a title or an address, and its date where known."""

    title: Annotated[str, Field(min_length=1)]
    date: Annotated[str | None, Field(pattern=r"^\d{4}(-\d\d){0,2}$")] = None


class _Loaded(NamedTuple):
    place: str  # "<file>: <id>"
    entry: RuleEntry
    rule: Rule


def load_rules(folder: Path, today: date | None = None) -> RuleBook:
    """All rules of the folder. Raises CatalogError naming file and key of every mistake.

    `today` is the day that last_checked must not lie beyond; without it that is not looked at.
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


def _read_file(path: Path, problems: list[str]) -> Iterator[_Loaded]:
    data = read_toml(path, problems) or {}
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
            problems.extend(f"{place}.{line}" for line in lines(error))
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


def _sense(entry: RuleEntry, rule: Rule, today: date | None) -> Iterator[str]:
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
    if today and entry.last_checked > today:
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


def _overlaps(loaded: list[_Loaded]) -> Iterator[str]:
    by_id: dict[str, list[_Loaded]] = {}
    for item in loaded:
        by_id.setdefault(item.entry.id, []).append(item)
    for items in by_id.values():
        if clash := overlap(item.rule for item in items):
            place = next(item.place for item in items if item.rule is clash[1])
            yield f"{place}.effective_from: in force at the same time as {clash[0].version}"


def _sources(path: Path, problems: list[str]) -> dict[str, Source]:
    found = {}
    for code, raw in (read_toml(path, problems) or {}).items():
        try:
            found[code] = Source.model_validate(raw)
        except ValidationError as error:
            problems.extend(f"{path.name}: {code}.{line}" for line in lines(error))
    return found


def _words(path: Path, problems: list[str]) -> Words:
    try:
        return Words.model_validate(read_toml(path, problems) or {})
    except ValidationError as error:
        problems.extend(f"{path.name}: {line}" for line in lines(error))
        return Words()
