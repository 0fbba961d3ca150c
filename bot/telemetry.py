"""Logs for the operator: structured, and without anything that belongs to a person or opens a door.

Every event, also of other libraries and with the text of its exceptions, passes ``redact`` before it is written, and
what an exception quotes is left out: that is where a person's words would be (``invalid literal for int(): '...'``).
Log event names are English; values go into keywords: ``log.info("reminder_sent", case=case.id)``.
"""

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator, Mapping
from hashlib import blake2s
from typing import Any, Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor

OURS = "jieru"
"""Root of our loggers; LOG_LEVEL is theirs alone."""
QUIET = ("telegram", "httpx", "httpcore", "aiosqlite", "aiohttp.access", "asyncio")
"""At lower levels these write tokens (httpx), what people said (telegram) and SQL parameters (aiosqlite)."""

MUTE = ("aiohttp.server",)
"""What it has to tell is what a stranger's broken request held, cookies included; our own failures are told by us."""

_KEY = secrets.token_bytes(32)
_HIDDEN: set[str] = set()
_PERSON_KEYS = frozenset({"person", "address", "chat", "chat_id", "user", "user_id"})
_TAG = re.compile(r"p[0-9a-f]{6}")
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bbot\d+(?::|%3[Aa])[\w-]+"), "bot[token]"),
    (re.compile(r"\d{6,}(?::|%3[Aa])[\w-]{30,}"), "[token]"),
    (re.compile(r"(?<=://)[^/\s@]+(?=@)"), "[login]"),
    (re.compile(r"(?<!\d)\d{6}-\d{12,}"), "[order]"),
    (re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"), "[phone]"),
)
_PERSON = re.compile(r"\b(?:telegram|web|wechat):-?\w+")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\x00-\x7f]+")
_LONG_NUMBER = re.compile(r"\d{8,}")


def person_tag(person: str) -> str:
    """Stands for a person (``telegram:42``) in the logs. The key is drawn at each start and kept nowhere, so a tag
    joins lines of one run and cannot be traced back to an id by trying them all."""
    return "p" + blake2s(person.encode(), key=_KEY, digest_size=3).hexdigest()


def hide(secret: str) -> None:
    """From now on this very text is never written, whatever it looks like. An empty one is ignored."""
    if secret:
        _HIDDEN.add(secret)


def redact(text: str) -> str:
    """The text without bot tokens, logins in URLs, order numbers, phone numbers, person ids and long numbers."""
    for secret in _HIDDEN:
        text = text.replace(secret, "[secret]")
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    text = _PERSON.sub(lambda found: person_tag(found.group()), text)
    return _LONG_NUMBER.sub("[number]", text)


def tellable(error: BaseException) -> str:
    """The text of an exception without what it quotes and without what is not English: our own words are neither."""
    if isinstance(error, OSError) and error.strerror:
        # The name of a file is no word of a person: contents are named by their SHA-256.
        return f"[Errno {error.errno}] {error.strerror}" + (f": {error.filename}" if error.filename else "")
    return _QUOTED.sub("[...]", str(error))


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Our logger for a module: ``get_logger(__name__)``. Making one does no work and needs no set-up."""
    own = name.removeprefix("bot.").removeprefix(f"{OURS}.")
    logger = structlog.wrap_logger(
        logging.getLogger(f"{OURS}.{own}"),
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        context_class=dict,
    )
    return cast(structlog.stdlib.BoundLogger, logger)


def configure_logging(level: str, fmt: Literal["console", "json"], stream: TextIO | None = None) -> None:
    """Send all logs to ``stream`` (default: stderr): ours from ``level`` on, those of libraries from WARNING on.

    Called again, it replaces what it set up before.
    """
    handler = _Handler(stream or sys.stderr)
    handler.set_name(OURS)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_shared(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _tell_exception,
                _redact_event,
                *_renderer(fmt),
            ],
        )
    )
    root = logging.getLogger()
    for old in [one for one in root.handlers if one.get_name() == OURS]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


class _Handler(logging.StreamHandler[TextIO]):
    """A stream handler that says that a record was lost, where logging's own would print its arguments bare."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        error = sys.exc_info()[0]
        self.stream.write(f"log record lost: {record.name} line {record.lineno}: {error and error.__name__}\n")


def _shared() -> list[Processor]:
    return [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _renderer(fmt: Literal["console", "json"]) -> list[Processor]:
    if fmt == "json":
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]


def _tell_exception(_: Any, __: str, event: EventDict) -> EventDict:
    """Where it happened and what it was, in place of the exception itself."""
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else info[1] if isinstance(info, tuple) else sys.exc_info()[1]
    if info and error is not None:
        event["exception"] = "\n".join(_traced(error, set()))
    if not str(event.get("logger", "")).startswith(OURS):
        # What a library writes into its events may be the repr of an exception or of a request.
        event["event"] = _QUOTED.sub("[...]", str(event.get("event", "")))
    return event


def _traced(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _traced(before, seen)
        yield "and then:"
    yield "Traceback (most recent call last):"
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    yield f"{type(error).__qualname__}: {tellable(error)}"
    for each in getattr(error, "exceptions", ()):
        yield from _traced(each, seen)


def _redact_event(_: Any, __: str, event: EventDict) -> EventDict:
    # The library's own fields are told apart from what the caller gave: a time stamp is no long number.
    return {key: value if key in ("timestamp", "level") else _clean(value, key) for key, value in event.items()}


def _clean(value: object, key: str = "") -> object:
    """The value as it may be written: plain JSON types, redacted."""
    if isinstance(value, bool) or value is None:
        return value
    if key in _PERSON_KEYS:
        text = str(value)
        return text if _TAG.fullmatch(text) else person_tag(text)
    if isinstance(value, int | float):
        return value if abs(value) < 10_000_000 else "[number]"
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {redact(str(name)): _clean(one, str(name)) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(one) for one in value]
    return redact(repr(value))
