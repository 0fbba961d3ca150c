"""The sentences that the bot says, by key, from ``data/locales/<code>.toml``."""

import re
from collections.abc import Mapping
from pathlib import Path
from tomllib import TOMLDecodeError
from types import MappingProxyType
from typing import Any

from markupsafe import Markup, escape

from bot.catalog import compiled
from bot.catalog.errors import CatalogError

PLACEHOLDER = re.compile(r"{([a-z_]+)}")


class Texts:
    """Sentences by dotted key. Immutable; an unknown key is a mistake of ours and raises KeyError."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._plain = MappingProxyType(dict(sentences))
        self._rich = MappingProxyType({key: Markup(value) for key, value in sentences.items()})  # noqa: S704 - our own
        self._parts: dict[str, list[str]] = {}

    def __call__(self, key: str, **values: object) -> Markup:
        """Rich text; every value is escaped as it is put in."""
        if not values:
            return self._rich[key]
        # Markup.format does the same, but reads the sentence anew and in Python every time.
        parts = self._parts.get(key)
        if parts is None:
            parts = self._parts[key] = PLACEHOLDER.split(self._plain[key])
        filled = parts.copy()
        filled[1::2] = [escape(values[name]) for name in parts[1::2]]
        return Markup("".join(filled))  # noqa: S704 - our own, and escaped

    def plain(self, key: str, **values: object) -> str:
        """For button labels, toasts and letters: no markup, nothing escaped."""
        text = self._plain[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        return key in self._plain

    def keys(self) -> frozenset[str]:
        return frozenset(self._plain)


def load_texts(folder: Path, code: str = "zh-CN") -> Texts:
    """All of ``<code>.toml`` and ``<code>/*.toml``. Raises CatalogError naming file and key."""
    problems: list[str] = []
    found: dict[str, str] = {}
    for path in sorted([folder / f"{code}.toml", *folder.glob(f"{code}/*.toml")]):
        if not path.exists():
            continue
        try:
            raw = compiled.toml(path.read_text("utf-8"))
        except TOMLDecodeError as error:
            problems.append(f"{path.name}: {error}")
            continue
        for key, value in _flat(raw):
            if not isinstance(value, str):
                problems.append(f"{path.name}: {key}: must be a text")
            elif key in found:
                problems.append(f"{path.name}: {key}: is said twice")
            elif problem := _malformed(value):
                problems.append(f"{path.name}: {key}: {problem}")
            else:
                found[key] = value
    if problems:
        raise CatalogError(problems)
    return Texts(found)


def _flat(raw: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    result: list[tuple[str, Any]] = []
    for key, value in raw.items():
        if isinstance(value, dict):
            result += _flat(value, f"{prefix}{key}.")
        else:
            result.append((f"{prefix}{key}", value))
    return result


def _malformed(value: str) -> str:
    if not value.strip():
        return "is empty"
    rest = PLACEHOLDER.sub("", value)
    if "{" in rest or "}" in rest:
        return "has a brace that is no {placeholder}"
    if "!" in rest or "！" in rest:
        return "has an exclamation mark"
    return ""
