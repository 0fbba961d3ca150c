"""An event loop whose time runs at any speed: timeouts, pauses and paces are real, only the waiting is short."""

import asyncio
import selectors
import socket
import time
from collections import Counter
from typing import Any


class _Selector(selectors.DefaultSelector):
    speed = 1.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / self.speed if timeout else timeout)


class ElasticLoop(asyncio.SelectorEventLoop):
    """``speed``: seconds of the loop in one of the world's. ``names_fail``: no name is found."""

    def __init__(self) -> None:
        self._selector_of_ours = _Selector()
        self._began, self._base = time.monotonic(), time.monotonic()
        self.names_fail = False
        self.attempts: Counter[int] = Counter()
        """Minute of the loop -> connections that were begun, and names that were not found."""
        super().__init__(self._selector_of_ours)

    @property
    def speed(self) -> float:
        """May be changed at any time."""
        return self._selector_of_ours.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._base, self._began = self.time(), time.monotonic()
        self._selector_of_ours.speed = speed

    def time(self) -> float:
        return self._base + (time.monotonic() - self._began) * self._selector_of_ours.speed

    def leap(self, seconds: float) -> None:
        """So much later at once, as after a sleep of the machine."""
        self._base += seconds
        self.call_soon_threadsafe(lambda: None)

    async def getaddrinfo(self, host: Any, *args: Any, **kwargs: Any) -> Any:
        if self.names_fail:
            self.attempts[int(self.time() // 60)] += 1
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return await super().getaddrinfo(host, *args, **kwargs)

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        self.attempts[int(self.time() // 60)] += 1
        await super().sock_connect(sock, address)
