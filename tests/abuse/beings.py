"""Who is in the crowd, what was found, and an ear for everything that is logged."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.channels.web.sessions import Session

BAD = ("decision_failed", "web_request_failed", "jobs_failed", "tick_failed", "reminder_rejected")
"""Log events that mean an unhandled error."""


@dataclass
class Being:
    """A person. ``number`` is the Telegram user, or what the web person is called here."""

    person: str
    number: int
    secrets: tuple[str, ...]
    session: Session | None = None
    pressed: list[str] = field(default_factory=list)
    """Data of buttons that were shown to them."""


@dataclass(frozen=True)
class Finding:
    """Something that must not be, at which input of the round; the same seed brings it again."""

    number: int
    what: str
    shown: str


class Listener(logging.Handler):
    """Every record of every logger, however quiet: an error that somebody logged is an error."""

    def __init__(self, note: Callable[[str, str], None]) -> None:
        super().__init__(logging.WARNING)
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == "aiohttp.server":
            # It tells of every broken request; what our own code could not do is told by the guard.
            return
        said = record.msg if isinstance(record.msg, dict) else {"event": record.getMessage()}
        trace = "".join(logging.Formatter().formatException(record.exc_info)[-1500:]) if record.exc_info else ""
        if said.get("event") in BAD or (
            record.levelno >= logging.ERROR and not record.name.startswith("jieru.channels")
        ):
            self._note(f"logged {said.get('event')}", f"{record.name}: {said} {trace}")
