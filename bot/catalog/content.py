"""The catalog: what is loaded from ``bot/data`` as one immutable value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tomllib import TOMLDecodeError, loads
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, ValidationError

from bot.catalog.checks import cross_check
from bot.catalog.problems import Data, Problem
from bot.catalog.routes import Advice, Route, Rung
from bot.catalog.texts import Texts, load_texts
from bot.catalog_errors import CatalogError
from bot.catalog_rules import load_holidays, load_rules
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


_Model = TypeVar("_Model", bound=BaseModel)


def load_catalog(folder: Path = DATA) -> Catalog:
    """Read and check everything. Raises CatalogError with every mistake found, each with file and key."""
    mistakes: list[str] = []
    rules = _collected(mistakes, lambda: load_rules(folder / "rules"), RuleBook(()))
    holidays = _collected(mistakes, lambda: load_holidays(folder / "holidays"), Holidays())
    texts = _collected(mistakes, lambda: load_texts(folder / "locales"), Texts({}))
    problems = _by_id(mistakes, _models(mistakes, folder / "problems", Problem))
    routes = _by_id(mistakes, _models(mistakes, folder / "routes", Route))
    groups = _model(mistakes, folder / "groups.toml", _Groups)
    ladder = _model(mistakes, folder / "ladder.toml", _Ladder)
    advice = _model(mistakes, folder / "advice" / "before_buying.toml", _Advice)
    catalog = Catalog(
        rules=rules,
        holidays=holidays,
        problems={name: problem for name, (_, problem) in problems.items()},
        groups=groups.groups if groups else (),
        routes={name: route for name, (_, route) in routes.items()},
        rungs={rung.id: rung for rung in ladder.rungs} if ladder else {},
        advice={item.id: item for item in advice.advice} if advice else {},
        merchant_advice={item.id: item for item in advice.merchant} if advice else {},
        texts=texts,
    )
    if not mistakes:
        mistakes += cross_check(catalog)
    if mistakes:
        raise CatalogError(mistakes)
    return catalog


_Value = TypeVar("_Value")


def _collected(mistakes: list[str], load: Callable[[], _Value], empty: _Value) -> _Value:
    try:
        return load()
    except CatalogError as error:
        mistakes += error.problems
        return empty


def _models(mistakes: list[str], folder: Path, model: type[_Model]) -> list[tuple[Path, _Model]]:
    found = ((path, _model(mistakes, path, model)) for path in sorted(folder.glob("*.toml")))
    return [(path, value) for path, value in found if value is not None]


def _model(mistakes: list[str], path: Path, model: type[_Model]) -> _Model | None:
    where = f"{path.parent.name}/{path.name}"
    try:
        return model.model_validate(loads(path.read_text("utf-8")))
    except (OSError, TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(f"{where}: {error}")
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            key = ".".join(str(part) for part in problem["loc"])
            mistakes.append(f"{where}: {key}: {problem['msg']}")
    return None


_Named = TypeVar("_Named", Problem, Route)


def _by_id(mistakes: list[str], found: list[tuple[Path, _Named]]) -> dict[str, tuple[Path, _Named]]:
    result: dict[str, tuple[Path, _Named]] = {}
    for path, value in found:
        if value.id != path.stem:
            mistakes.append(f"{path.parent.name}/{path.name}: id: is {value.id}, must be {path.stem}")
        result[value.id] = (path, value)
    return result
