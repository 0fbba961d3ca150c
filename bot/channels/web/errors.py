"""What can keep the web chat from starting, as plain facts, and a request that is refused."""

from collections.abc import Mapping
from typing import Any


class PortTakenError(Exception):
    """Another program listens on ``port``; ``next_free`` is the next one up that nobody has, None if none was found."""

    def __init__(self, port: int, next_free: int | None) -> None:
        super().__init__(f"port {port} is taken")
        self.port = port
        self.next_free = next_free


class CannotListenError(Exception):
    """The address cannot be listened on: not of this machine, or not allowed."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"{host}:{port}: {reason}")
        self.host = host
        self.port = port
        self.reason = reason


class PasswordNeededError(Exception):
    """Others than this machine could reach ``host``, and no password is set."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not loopback and there is no password")
        self.host = host


class RefusedError(Exception):
    """A request is not served. ``key`` names the sentence (``error.<key>``), ``values`` fill its placeholders;
    ``told`` goes along with the sentence."""

    def __init__(
        self,
        status: int,
        key: str,
        headers: Mapping[str, str] | None = None,
        told: Mapping[str, Any] | None = None,
        **values: object,
    ) -> None:
        super().__init__(f"{status} {key}")
        self.status = status
        self.key = key
        self.headers = dict(headers or {})
        self.told = dict(told or {})
        self.values = values


def too_fast(key: str, wait: float) -> RefusedError:
    """Not now, but in so many seconds."""
    seconds = max(1, int(-(-wait // 1)))
    return RefusedError(429, key, {"Retry-After": str(seconds)}, seconds=seconds)
