"""A browser without a screen: cookies, the page's requests, and server-sent events with their reconnect."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self
from urllib.parse import quote

from aiohttp import ClientResponse, ClientSession, ClientTimeout, CookieJar

PATIENCE = ClientTimeout(total=20)


@dataclass
class Event:
    """One event of a stream."""

    name: str
    data: Any
    id: str | None


@dataclass
class Stream:
    """An open stream. Comments are counted, events are handed out."""

    response: ClientResponse
    beats: int = 0

    async def next(self) -> Event | None:
        """The next event, None when the server ended the stream."""
        fields: dict[str, str] = {}
        while raw := await self.response.content.readline():
            line = raw.decode().rstrip("\n")
            if line.startswith(":"):
                self.beats += 1
            elif line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                return Event(fields["event"], json.loads(fields["data"]), fields.get("id"))
            else:
                fields = {}
        return None

    async def beat(self) -> None:
        """Wait for a comment."""
        while not (await self.response.content.readline()).startswith(b":"):
            pass

    async def rows(self, last: int) -> list[Any]:
        """Events up to the row of that number."""
        found: list[Any] = []
        while not found or found[-1]["seq"] < last:
            event = await self.next()
            assert event is not None
            assert (event.name, event.id) == ("row", str(event.data["seq"]))
            found.append(event.data)
        return found


@dataclass
class Browser:
    """One browser profile: its cookie is a person."""

    url: str
    http: ClientSession
    token: str = ""
    session: dict[str, Any] = field(default_factory=dict)
    ids: Any = field(default_factory=count)

    @classmethod
    def at(cls, url: str) -> Self:
        return cls(url, ClientSession(cookie_jar=CookieJar(unsafe=True), timeout=PATIENCE))

    async def close(self) -> None:
        await self.http.close()

    async def open(self) -> Self:
        """Load the page and its session."""
        assert (await self.get("/")).status == 200
        self.session = await self.json("/session")
        self.token = self.session["token"]
        return self

    async def get(self, path: str, **more: Any) -> ClientResponse:
        response = await self.http.get(self.url + path, allow_redirects=False, **more)
        await response.read()
        return response

    async def json(self, path: str, **more: Any) -> Any:
        return await (await self.get(path, **more)).json()

    async def post(self, path: str, body: Any, **headers: str) -> ClientResponse:
        """As the page's script does; ``headers`` (with _ for -) replace or, if empty, leave out."""
        sent = {"Origin": self.url, "X-Token": self.token} | {k.replace("_", "-"): v for k, v in headers.items()}
        sent = {name: value for name, value in sent.items() if value}
        response = await self.http.post(self.url + path, json=body, headers=sent, allow_redirects=False)
        await response.read()
        return response

    async def form(self, path: str, fields: dict[str, str], **headers: str) -> ClientResponse:
        sent = {"Origin": self.url} | {k.replace("_", "-"): v for k, v in headers.items()}
        response = await self.http.post(self.url + path, data=fields, headers=sent, allow_redirects=False)
        await response.read()
        return response

    async def upload(self, content: Any, name: str = "图.png", **headers: str) -> ClientResponse:
        """A file, as the page sends it; headers as in ``post``."""
        sent = {
            "Origin": self.url,
            "X-Token": self.token,
            "X-Id": self.new_id(),
            "X-Name": quote(name),
            "Content-Type": "application/octet-stream",
        }
        sent |= {key.replace("_", "-"): value for key, value in headers.items()}
        sent = {key: value for key, value in sent.items() if value}
        response = await self.http.post(f"{self.url}/upload", data=content, headers=sent, allow_redirects=False)
        await response.read()
        return response

    def new_id(self) -> str:
        return f"deed-{next(self.ids):08}"

    async def say(self, text: str, name: str = "") -> dict[str, Any]:
        response = await self.post("/say", {"id": name or self.new_id(), "text": text})
        assert response.status == 200, await response.text()
        found: dict[str, Any] = await response.json()
        return found

    async def press(self, message: str, press: str, label: str) -> dict[str, Any]:
        body = {"id": self.new_id(), "message": message, "press": press, "label": label}
        response = await self.post("/press", body)
        assert response.status == 200, await response.text()
        found: dict[str, Any] = await response.json()
        return found

    async def rows(self, after: int = 0) -> list[Any]:
        found: list[Any] = (await self.json(f"/history?after={after}&limit=500"))["rows"]
        return found

    @asynccontextmanager
    async def stream(self, after: int = 0, last_id: str = "", **query: str) -> AsyncIterator[Stream]:
        headers = {"Last-Event-ID": last_id} if last_id else {}
        more = "".join(f"&{name}={value}" for name, value in query.items())
        async with self.http.get(f"{self.url}/events?after={after}{more}", headers=headers) as response:
            assert response.status == 200, await response.text()
            yield Stream(response)
