"""JSON as it is written and read many times a second: by orjson, and by the standard library what orjson refuses."""

import json
from collections.abc import Mapping
from typing import Any

import orjson

_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def to_json(value: Any) -> str:
    """Without spaces. A lone surrogate, which is no text that could be sent or stored, survives as an escape, and so
    does NUL. Raises TypeError for what is no JSON value; a Mapping of any kind is one."""
    try:
        return orjson.dumps(value, _plain, _OPTIONS).decode()
    except orjson.JSONEncodeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False, default=_plain)


def from_json(text: str | bytes) -> Any:
    """The reverse of ``to_json``. Raises ValueError."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def _plain(value: object) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"not a JSON value: {type(value).__name__}")
