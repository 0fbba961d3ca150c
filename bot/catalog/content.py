"""The catalog: what is loaded from ``bot/data`` as one immutable value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, ValidationError

from bot.catalog.checks import cross_check
from bot.catalog.errors import CatalogError
from bot.catalog.holidays import load_holidays
from bot.catalog.problems import Problem
from bot.catalog.reading import Data, lines, read_toml
from bot.catalog.routes import Advice, Route, Rung
from bot.catalog.rules import Source, load_rules, load_sources
from bot.catalog.texts import Texts, load_texts
from bot.catalog.wording import Wording
from bot.domain.calendar import Holidays
from bot.domain.rules import RuleBook

DATA = Path(__file__).parent.parent / "data"


class Group(Data):
    """Problems that stand on one screen."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    name: Annotated[str, Field(max_length=8)]
    problems: Annotated[tuple[str, ...], Field(min_length=1, max_length=6)]


class _Groups(Data):
    groups: Annotated[tuple[Group, ...], Field(max_length=8)]


class _Ladder(Data):
    rungs: tuple[Rung, ...]


class _Advice(Data):
    advice: tuple[Advice, ...]
    merchant: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that the conversation says and knows, by id."""

    rules: RuleBook
    holidays: Holidays
    problems: Mapping[str, Problem]
    groups: tuple[Group, ...]
    routes: Mapping[str, Route]
    rungs: Mapping[str, Rung]
    advice: Mapping[str, Advice]
    merchant_advice: Mapping[str, Advice]
    texts: Texts
    wording: Wording
    sources: Mapping[str, Source]
    """What the codes in a rule's ``sources`` stand for."""


_Model = TypeVar("_Model", bound=Data)


def load_catalog(folder: Path = DATA, today: date | None = None) -> Catalog:
    """Read and check everything. Raises CatalogError with every mistake found, each with file and key.

    What the files say of each other is looked at only when each is sound by itself, else one slip would be told many
    times over. `today` is the day that no date of checking may lie beyond; without it that is not looked at.
    """
    mistakes: list[str] = []
    rules = _collected(mistakes, lambda: load_rules(folder / "rules", today), RuleBook(()))
    holidays = _collected(mistakes, lambda: load_holidays(folder / "holidays"), Holidays())
    no_sources: Mapping[str, Source] = {}
    sources = _collected(mistakes, lambda: load_sources(folder / "rules"), no_sources)
    texts = _collected(mistakes, lambda: load_texts(folder / "locales"), Texts({}))
    problems = _named(mistakes, folder, "problems", Problem)
    routes = _named(mistakes, folder, "routes", Route)
    groups = _read(mistakes, folder, "groups.toml", _Groups)
    ladder = _read(mistakes, folder, "ladder.toml", _Ladder)
    advice = _read(mistakes, folder, "advice/before_buying.toml", _Advice)
    wording = _read(mistakes, folder, "wording.toml", Wording)
    rungs = _by_id(mistakes, "ladder.toml", ladder.rungs if ladder else ())
    before = _by_id(mistakes, "advice/before_buying.toml", advice.advice if advice else ())
    merchant = _by_id(mistakes, "advice/before_buying.toml", advice.merchant if advice else ())
    if mistakes or not wording or not groups:
        raise CatalogError(mistakes)
    catalog = Catalog(
        rules, holidays, problems, groups.groups, routes, rungs, before, merchant, texts, wording, sources
    )
    if mistakes := cross_check(catalog):
        raise CatalogError(mistakes)
    return catalog


_Value = TypeVar("_Value")


def _collected(mistakes: list[str], load: Callable[[], _Value], empty: _Value) -> _Value:
    try:
        return load()
    except CatalogError as error:
        mistakes += error.problems
        return empty


def _read(mistakes: list[str], folder: Path, where: str, model: type[_Model]) -> _Model | None:
    if (raw := read_toml(folder / where, mistakes, where)) is None:
        return None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        mistakes += [f"{where}: {line}" for line in lines(error)]
    return None


_Named = TypeVar("_Named", Problem, Route)


def _named(mistakes: list[str], folder: Path, part: str, model: type[_Named]) -> dict[str, _Named]:
    """All files of a folder, each named after the id in it."""
    found: dict[str, _Named] = {}
    for path in sorted((folder / part).glob("*.toml")):
        where = f"{part}/{path.name}"
        value = _read(mistakes, folder, where, model)
        if value is None:
            continue
        if value.id != path.stem:
            mistakes.append(f"{where}: id: is {value.id}, must be {path.stem}")
        found[value.id] = value
    return found


_Listed = TypeVar("_Listed", Rung, Advice)


def _by_id(mistakes: list[str], where: str, items: tuple[_Listed, ...]) -> dict[str, _Listed]:
    found: dict[str, _Listed] = {}
    for item in items:
        if item.id in found:
            mistakes.append(f"{where}: {item.id}: is there twice")
        found[item.id] = item
    return found
