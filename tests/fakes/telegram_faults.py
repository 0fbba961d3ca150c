"""What goes wrong on purpose."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["status", "html", "hang", "drop", "lose", "cut", "stall"]


@dataclass(frozen=True)
class Fault:
    """One thing that happens to one request."""

    kind: Kind
    status: int = 200
    description: str = ""
    retry_after: float = 0
    chat: int | None = None


DESCRIPTIONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    429: "Too Many Requests: retry after {retry_after}",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass
class Faults:
    """``next`` strikes the next requests of a method, ``always`` every one until ``clear``. ``*`` is any method;
    ``download`` is the download of a file."""

    _next: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[str, Fault] = field(default_factory=dict)

    def next(
        self,
        method: str,
        status: int,
        *,
        retry_after: float = 0,
        description: str = "",
        chat: int | None = None,
        times: int = 1,
    ) -> None:
        """Answer with an error of the Bot API."""
        self._next[method].extend([_error(status, retry_after, description, chat)] * times)

    def always(self, method: str, status: int, *, retry_after: float = 0, description: str = "") -> None:
        """Answer with that error until ``clear``."""
        self._always[method] = _error(status, retry_after, description, None)

    def html(self, method: str, status: int = 502, times: int = 1) -> None:
        """Answer as a gateway does: a page, no JSON."""
        self._next[method].extend([Fault("html", status)] * times)

    def hang(self, method: str, times: int = 1) -> None:
        """Never answer (until the server stops)."""
        self._next[method].extend([Fault("hang")] * times)

    def drop(self, method: str, times: int = 1) -> None:
        """Close the connection before anything has happened."""
        self._next[method].extend([Fault("drop")] * times)

    def lose_answer(self, method: str, times: int = 1) -> None:
        """Do what was asked, then close the connection without an answer."""
        self._next[method].extend([Fault("lose")] * times)

    def cut(self, times: int = 1) -> None:
        """Break a download off in its middle."""
        self._next["download"].extend([Fault("cut")] * times)

    def stall(self, times: int = 1) -> None:
        """Send half of a download, and the rest when ``server.files.go_on`` is set."""
        self._next["download"].extend([Fault("stall")] * times)

    def clear(self) -> None:
        """Everything works again."""
        self._next.clear()
        self._always.clear()

    def strike(self, method: str, chat: int | None) -> Fault | None:
        """The fault for this request, if there is one; it is used up."""
        for key in (method, "*"):
            queue = self._next[key]
            for fault in queue:
                if fault.chat is None or fault.chat == chat:
                    queue.remove(fault)
                    return fault
            if key in self._always:
                return self._always[key]
        return None


def _error(status: int, retry_after: float, description: str, chat: int | None) -> Fault:
    text = description or DESCRIPTIONS[status].format(retry_after=retry_after)
    return Fault("status", status, text, retry_after, chat)
