"""Reads one data file: what TOML or a model has against it becomes a line that names file and key."""

from collections.abc import Iterator
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.catalog import compiled


class Data(BaseModel):
    """A part of a data file: unknown keys are mistakes, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_toml(path: Path, mistakes: list[str], where: str = "") -> dict[str, Any] | None:
    """The tables of a file; None, and a line in `mistakes` under `where` (its name by default), if it is unreadable."""
    try:
        return compiled.toml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        mistakes.append(f"{where or path.name}: the file is missing")
    except (OSError, TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(f"{where or path.name}: not readable as TOML: {error}")
    return None


def lines(error: ValidationError) -> Iterator[str]:
    """Every complaint of a model as "key: what"."""
    for detail in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in detail["loc"]) or "entry"
        yield f"{key}: {detail['msg']}"
