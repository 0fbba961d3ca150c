"""All that is known of a person, as JSON: for a program, where the pages are for people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, time

from bot.domain.model import Dossier, Json, Letter

FORMAT = 1
"""Raised when the shape of the export changes."""


def everything(
    dossier: Dossier, letters: Sequence[Letter], transcript: Iterable[tuple[int, datetime, Json]], made: datetime
) -> dict[str, Json]:
    """Instants are ISO 8601 in UTC, money is in fen. The files themselves lie beside it."""
    whole: dict[str, Json] = {"format": FORMAT, "made": _plain(made)}
    for name in ("person", "cases", "reminders"):
        whole[name] = _plain(getattr(dossier, name))
    whole["letters"] = _plain(letters)
    whole["chat"] = [{"number": seq, "at": _plain(at), **_plain(row)} for seq, at, row in transcript]
    return whole


def _plain(value: object) -> Json:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, datetime | time):
        return value.isoformat()
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, Iterable):
        return [_plain(each) for each in value]
    raise TypeError(f"{type(value).__name__} has no place in an export")
