"""What is slow to make out of text, kept from one start to the next: parsed TOML and compiled regular expressions.

Both depend on nothing but the text and the Python that reads it. So they are kept under the text itself, for this very
Python, in the place where it keeps its own bytecode and under the same rules (``__pycache__``, ``PYTHONPYCACHEPREFIX``,
``PYTHONDONTWRITEBYTECODE``): whoever can write there can change the program anyhow. Where nothing may be written, in
a folder of somebody else's, everything is made anew at each start. What is kept is plain data (marshal) that its own
digest vouches for; nothing of it is run.

Neither ``re`` nor ``tomllib`` offers this. Of ``re`` its inner parts are used, with a way back to the front door.
"""

import importlib.util
import marshal
import os
import re
import sys
import tempfile
from array import array
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import blake2b
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from tomllib import loads
from typing import Any, Final, cast

_DIGEST = 16
_WORD = "I"
"""The C type of one word of a compiled pattern."""
_Bytes = bytes | memoryview


class Compiled:
    """Makes and remembers; one per process is enough (`toml`, `pattern`, `keep`).

    ``place`` is its file, None: it remembers nothing. Without ``writes`` it only reads there.
    """

    def __init__(self, place: Path | None, *, writes: bool = True) -> None:
        self._place = place
        self._writes = writes
        self._kept: Mapping[bytes, _Bytes] | None = None
        self._used: dict[bytes, _Bytes] = {}
        self._new = False
        self._engine = _engine()

    def toml(self, text: str) -> dict[str, Any]:
        """What a file says. Raises TOMLDecodeError. Nobody else has the tables, they may be changed."""
        key = _key("toml", text)
        if (found := self._find(key)) is not None:
            return cast(dict[str, Any], marshal.loads(found))  # noqa: S302 - vouched for, see above
        tables = loads(text)
        with suppress(ValueError):  # Dates are nothing that marshal knows: such a file is parsed each time.
            self._remember(key, marshal.dumps(tables))
        return tables

    def pattern(self, text: str, flags: int = 0) -> re.Pattern[str]:
        """``re.compile``, with its errors."""
        if self._engine is None:
            return re.compile(text, flags)
        key = _key(f"re {int(flags)}", text)
        if (found := self._find(key)) is None:
            found = marshal.dumps(self._engine.parts(text, flags))
            self._remember(key, found)
        try:
            return self._engine.pattern(text, marshal.loads(found))  # noqa: S302 - vouched for, see above
        except (RuntimeError, TypeError, ValueError):
            return re.compile(text, flags)

    def keep(self) -> None:
        """Everything is made: it is written down if anything is new, and let go. What comes later is not remembered."""
        if self._new and self._place is not None and self._writes:
            with suppress(OSError):  # Then the next start makes it again.
                _write(self._place, _packed(self._used))
        self._place, self._kept, self._used, self._new = None, {}, {}, False

    def _find(self, key: bytes) -> _Bytes | None:
        if self._kept is None:
            self._kept = _read(self._place) if self._place is not None else {}
        if (found := self._kept.get(key)) is not None:
            self._used[key] = found
        return found

    def _remember(self, key: bytes, value: bytes) -> None:
        if self._place is not None:
            self._used[key] = value
            self._new = True


class _Engine:
    """The inner parts of ``re``: what a pattern is compiled to, and a pattern out of that."""

    def __init__(self) -> None:
        self._parse: Callable[..., Any] = import_module("re._parser").parse
        self._code: Callable[..., list[int]] = import_module("re._compiler")._code
        self._sre = import_module("_sre")
        if array(_WORD).itemsize != self._sre.CODESIZE:
            raise ImportError

    def parts(self, text: str, flags: int) -> tuple[int, bytes, int, dict[str, int]]:
        """Flags, code, number of groups, and their names. Raises re.error and RecursionError as ``re.compile`` does."""
        parsed = self._parse(text, flags)
        state = parsed.state
        code = array(_WORD, self._code(parsed, flags)).tobytes()
        return int(flags | state.flags), code, state.groups - 1, dict(state.groupdict)

    def pattern(self, text: str, parts: tuple[int, bytes, int, dict[str, int]]) -> re.Pattern[str]:
        """Raises RuntimeError for code that is none: it is looked over before it is taken."""
        flags, code, groups, named = parts
        names: list[str | None] = [None] * (groups + 1)
        for name, number in named.items():
            names[number] = name
        words = array(_WORD, code).tolist()
        return cast(re.Pattern[str], self._sre.compile(text, flags, words, groups, named, tuple(names)))


def _engine() -> _Engine | None:
    """None for a Python whose ``re`` is built differently."""
    try:
        return _Engine()
    except (ImportError, AttributeError):
        return None


def _key(kind: str, text: str) -> bytes:
    return _digest(f"{kind}\n{text}".encode("utf-8", "surrogatepass"))


def _digest(whole: _Bytes) -> bytes:
    return blake2b(whole, digest_size=_DIGEST).digest()


def _seal(body: _Bytes) -> bytes:
    return f"{sys.version} {sys.byteorder}\n".encode() + _digest(body)


def _packed(values: Mapping[bytes, _Bytes]) -> bytes:
    """The seal, where each value ends, and all of them in one piece: thousands of small ones would leave the memory
    full of holes when they are let go."""
    ends = dict(zip(values, accumulate(map(len, values.values())), strict=True))
    body = b"".join((marshal.dumps(ends), *values.values()))
    return _seal(body) + body


def _read(place: Path) -> Mapping[bytes, _Bytes]:
    """What an earlier start has kept; nothing if there is none, or another Python's, or a torn one."""
    try:
        whole = memoryview(place.read_bytes())
    except OSError:
        return {}
    head = len(_seal(b""))
    body = whole[head:]
    if whole[:head] != _seal(body):
        return {}
    ends: dict[bytes, int] = marshal.loads(body)  # noqa: S302 - vouched for, see above
    values = body[len(body) - max(ends.values(), default=0) :]
    return {key: values[start:end] for (key, end), start in zip(ends.items(), (0, *ends.values()), strict=False)}


def _write(place: Path, whole: bytes) -> None:
    """At once or not at all: another process may be reading. Raises OSError."""
    place.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=place.parent, prefix=f"{place.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(whole)
        Path(name).chmod(0o644)  # As bytecode is: made by one who may write, used by all.
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _place() -> Path | None:
    """Beside the bytecode of this module; None for a Python that keeps none."""
    try:
        bytecode = importlib.util.cache_from_source(str(Path(__file__).with_name("knowledge.py")))
        return Path(bytecode).with_suffix(".data")
    except NotImplementedError:
        return None


_OURS: Final = Compiled(_place(), writes=not sys.dont_write_bytecode)
toml, pattern, keep = _OURS.toml, _OURS.pattern, _OURS.keep
