"""An HTTP server that misbehaves by the name of what it is asked for, below HTTP where that is needed."""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Self
from urllib.parse import parse_qsl

OK = b'{"ok":true,"result":{"said":"yes"}}'
SLOWLY = 0.5
"""Seconds that a slow answer takes, or a trickling one in all."""


@dataclass
class Asked:
    """One request: its first line, headers in lower case, and what its body holds."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def params(self) -> dict[str, str]:
        """The parameters, in whichever of the three ways they were sent."""
        kind = self.headers.get("content-type", "")
        if kind.startswith("application/json"):
            return {key: str(value) for key, value in json.loads(self.body).items()}
        if kind.startswith("multipart/"):
            return {name: str(content.decode()) for name, (file, _, content) in self.parts.items() if file is None}
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))

    @property
    def parts(self) -> dict[str, tuple[str | None, str, bytes]]:
        """Of a form with files: name -> (file name, media type, content)."""
        message = BytesParser(policy=HTTP).parsebytes(
            b"Content-Type: " + self.headers["content-type"].encode() + b"\r\n\r\n" + self.body
        )
        found = {}
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            found[str(name)] = (part.get_filename(), part.get_content_type(), content)
        return found


@dataclass
class HttpServer:
    """``asked`` is what came in, whole. What is answered is in ``_BEHAVIOUR``, else ``OK``."""

    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    ended: int = 0
    """Of the connections."""
    status: int = 200
    answer: bytes = OK
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def has_ended(self, connections: int) -> bool:
        """Whether so many connections have ended."""
        return self.ended >= connections

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait for a request, or the end of a connection, that meets the condition."""
        async with asyncio.timeout(30), self._changed:
            await self._changed.wait_for(met)

    async def _note(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            writer.transport.abort()
            self._tasks.discard(task)
            self.ended += 1
            await self._note()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *fields = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in fields)}
        name = line.split()[1].rpartition("/")[2]
        if name == "deaf":
            await asyncio.Event().wait()
        body = await self._body(reader, headers)
        self.asked.append(Asked(line, headers, body))
        await self._note()
        if line.startswith("CONNECT"):
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return False
        behave: Behaviour | None = _BEHAVIOUR.get(name)
        if behave is not None:
            return await behave(writer)
        writer.write(_response(self.answer, self.status))
        await writer.drain()
        return True

    async def _body(self, reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return await reader.readexactly(int(headers.get("content-length", 0)))
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return body


Behaviour = Callable[[asyncio.StreamWriter], Awaitable[bool]]


def _response(body: bytes, status: int = 200, *fields: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", "Content-Type: application/json", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _pause(seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()


async def _hang(_: asyncio.StreamWriter) -> bool:
    await asyncio.Event().wait()
    return False


async def _slow(writer: asyncio.StreamWriter) -> bool:
    await _pause(SLOWLY)
    writer.write(_response(OK))
    return True


async def _trickle(writer: asyncio.StreamWriter) -> bool:
    answer = _response(OK)
    for at in range(0, len(answer), len(answer) // 5 + 1):
        writer.write(answer[at : at + len(answer) // 5 + 1])
        await _pause(SLOWLY / 5)
    return True


async def _cut(writer: asyncio.StreamWriter) -> bool:
    writer.write(_response(OK)[:-5])
    return False


async def _drop(_: asyncio.StreamWriter) -> bool:
    return False


async def _then_close(writer: asyncio.StreamWriter) -> bool:
    writer.write(_response(OK))
    await writer.drain()
    return False


def _always(answer: bytes) -> Behaviour:
    async def behave(writer: asyncio.StreamWriter) -> bool:
        writer.write(answer)
        await writer.drain()
        return True

    return behave


_BEHAVIOUR: dict[str, Any] = {
    "hang": _hang,
    "slow": _slow,
    "trickle": _trickle,
    "cut": _cut,
    "drop": _drop,
    "then_close": _then_close,
    "garbage": _always(b"this is no HTTP at all\r\n\r\n"),
    "redirect": _always(_response(b"", 302, "Location: /elsewhere")),
    "cookie": _always(_response(OK, 200, "Set-Cookie: a=b; Path=/")),
    "gzip": _always(_response(gzip.compress(OK), 200, "Content-Encoding: gzip")),
    "bytes": _always(_response(bytes(range(256)) * 400)),
}
