"""HTTP requests as no browser sends them: valid ones with their parts exchanged, left out, blown up or forged."""

import gzip
import json
import random
from typing import Any
from urllib.parse import quote

from tests.abuse.beings import Being
from tests.abuse.crowd import Crowd
from tests.abuse.updates import CONTENTS, STRANGE, Updates
from tests.channels.web.pictures import png

GETS = (
    "/", "/session", "/history?after=0&limit=500", "/history?before=9&limit=3", "/qr?seq=2&row=0&col=0", "/cases",
    "/cases/1", "/file/1", "/file/2", "/static/app.js", "/healthz", "/metrics", "/login", "/join/" + "a" * 43, "/no",
    "/favicon.ico",
)  # fmt: skip
PATHS = (
    "/../../etc/passwd", "/static/../server.py", "/static/%2e%2e/%2e%2e/data/jieru.db", "/static/..%5c..%5cx",
    "/file/../../jieru.db", "/file/1%00.png", "/file/999999999999", "/file/1/../2", "/file/%31", "/cases/0",
    "/cases/999999", "/cases/-1", "/history?after=-1", "/history?after=" + "9" * 40, "/history?limit=99999999",
    "/history?after=0&after=1", "/history?after=%D9%A3", "/qr?seq=1&row=99&col=99", "/qr?seq=-1", "/qr?row=x",
    "/join/", "/join/%00", "/join/" + "b" * 101, "//evil.example/", "/\\evil.example", "http://127.0.0.1/",
    "http://evil.example/session", "*", "/?" + "a=1&" * 500, "/" + "a" * 9000, "/%", "/%zz", "/%ff%fe", "/session;x",
    "/session/", "/SESSION", "/events?after=x", "/login?next=//evil.example", "/login?next=%0d%0aX-Evil:1",
)  # fmt: skip
METHODS = (
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "PATCH",
    "CONNECT",
    "get",
    "G\x00T",
    "A" * 50,
    "PRI",
    "",
)
HEADERS = (
    "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: evil.example", "X-Original-URL: /metrics",
    "Range: bytes=0-0,5-9,-1", "Range: bytes=99999-1", "Range: lines=x", "If-None-Match: *",
    "If-Modified-Since: Thu, 01 Jan 1970 99:00:00 GMT", "Expect: 100-continue", "Expect: 200-ok",
    "Upgrade: websocket", "Connection: upgrade", "Accept-Encoding: gzip, br;q=9", "Content-Encoding: gzip",
    "Content-Encoding: br", "Content-Encoding: x", "Transfer-Encoding: chunked",
    "Transfer-Encoding: chunked, identity", "Content-Length: 5", "Content-Length: -1", "Content-Length: 1e3",
    "Content-Length: 99999999999999999999", "Content-Type: multipart/form-data",
    "Content-Type: multipart/form-data; boundary=" + "x" * 300, "Content-Type: text/plain; charset=klingon",
    "Content-Type: application/x-www-form-urlencoded; charset=utf-7", "Sec-Fetch-Site: cross-site", "Origin: null",
    "Origin: http://evil.example", "Last-Event-ID: 1", "Last-Event-ID: -1", "Cookie: jieru=",
    "Cookie: jieru=x; jieru=y; =; ;;", "Cookie: " + "a=b; " * 900, "X-Big: " + "b" * 7000, "X-Bad\x00: 1",
    "X Bad: 1", ": empty", "X-Fold: 1\r\n  2", "X-Utf: \xe4\xbd\xa0", "X-Token: \udcff",
    "Cookie: jieru=\udcff\udc80", "Host: \udcff", "Origin: \udcff", "Host: evil.example", "Host: ",
    "X-Size: 99999999999999", "X-Id: ../../etc", "X-Name: %0d%0aX-Evil: 1",
)  # fmt: skip


class Requests:
    """``next`` makes one connection's worth of bytes, by the dice alone."""

    def __init__(self, crowd: Crowd, dice: random.Random, updates: Updates) -> None:
        self._crowd, self._dice, self._updates = crowd, dice, updates
        self._origin = crowd.web.url
        self._host = crowd.web.url.removeprefix("http://")
        self._ids = 0

    def next(self) -> tuple[bytes, bool]:
        """What is written to the socket, and whether every answer to it must come at once."""
        dice = self._dice
        if dice.random() < 0.03:
            return dice.randbytes(dice.randrange(1, 400)), False
        last = dice.choice((1, 1, 1, 1, 2, 3))
        whole = b"".join(self._request(close=number == last - 1) for number in range(last))
        kind = dice.random()
        if kind < 0.8:
            return whole, "Content-Length: 9" not in whole.decode("latin-1")
        at = dice.randrange(len(whole))
        if kind < 0.87:
            return whole[:at], False
        if kind < 0.94:
            return whole[:at] + dice.choice((b"\x00", b"\r\n", b"\n", b"\xff", b" ", b":", b"\r")) + whole[at:], False
        return whole[:at] + bytes([dice.randrange(256)]) + whole[at + 1 :], False

    def _request(self, close: bool) -> bytes:
        dice = self._dice
        being = dice.choice([each for each in self._crowd.beings if each.session is not None])
        assert being.session is not None
        path, body, headers = dice.choice(
            (self._get, self._get, self._say, self._say, self._press, self._upload, self._form)
        )(being)
        method = "POST" if body is not None else "GET"
        lines = [f"Host: {self._host}", f"Cookie: jieru={being.session.token}", *headers]
        if body is not None:
            lines += [f"Origin: {self._origin}", f"X-Token: {being.session.csrf}"]
        if close and dice.random() < 0.9:
            lines.append("Connection: close")
        version = "HTTP/1.1"
        for _ in range(dice.choice((0, 0, 0, 0, 1, 1, 2))):
            kind = dice.random()
            if kind < 0.1:
                method = dice.choice(METHODS)
            elif kind < 0.25:
                path = dice.choice(PATHS)
            elif kind < 0.3:
                version = dice.choice(("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "http/1.1", "", "HTTP/1.1 x"))
            elif kind < 0.45:
                lines.pop(dice.randrange(len(lines))) if lines else None
            elif kind < 0.85:
                lines.insert(dice.randrange(len(lines) + 1), dice.choice(HEADERS))
            elif body is not None:
                body = self._spoiled(body)
        if body is not None and not any(line.startswith(("Content-Length", "Transfer-Encoding")) for line in lines):
            lines.append(f"Content-Length: {len(body)}")
        if any(line == "Transfer-Encoding: chunked" for line in lines) and body is not None and dice.random() < 0.7:
            body = (
                b"".join(
                    b"%x\r\n%s\r\n" % (len(body[i : i + 7]), body[i : i + 7]) for i in range(0, min(len(body), 700), 7)
                )
                + b"0\r\n\r\n"
            )
        if any(line == "Content-Encoding: gzip" for line in lines) and body is not None and dice.random() < 0.7:
            body = gzip.compress(body + b" " * dice.choice((0, 2_000_000)))
            lines = [line for line in lines if not line.startswith("Content-Length")] + [f"Content-Length: {len(body)}"]
        head = f"{method} {path} {version}\r\n" + "".join(f"{line}\r\n" for line in lines) + "\r\n"
        return head.encode("utf-8", "surrogateescape") + (body or b"")

    def _get(self, being: Being) -> tuple[str, bytes | None, list[str]]:
        dice = self._dice
        return dice.choice((*GETS, f"/file/{dice.randrange(40)}", f"/history?after={dice.randrange(60)}")), None, []

    def _say(self, being: Being) -> tuple[str, bytes | None, list[str]]:
        return "/say", self._json({"id": self._id(), "text": self._updates.word(being)}), []

    def _press(self, being: Being) -> tuple[str, bytes | None, list[str]]:
        dice = self._dice
        body = {
            "id": self._id(),
            "message": str(dice.randrange(30)),
            "press": self._updates.action(being),
            "label": "按钮",
        }
        return "/press", self._json(body), []

    def _upload(self, being: Being) -> tuple[str, bytes | None, list[str]]:
        dice = self._dice
        content = dice.choice((*CONTENTS, png(dice.randrange(9)))) + dice.choice((b"", being.secrets[3].encode()))
        name = dice.choice(
            (
                "图.png",
                "../../../etc/passwd",
                "C:\\x\\y.png",
                "a\r\nX-Evil: 1",
                "\u202egpj.exe",
                being.secrets[4],
                "名" * 90,
            )
        )
        headers = [f"X-Id: {self._id()}", f"X-Name: {quote(name)}", "Content-Type: application/octet-stream"]
        return (
            "/upload",
            content,
            [*headers, *dice.choice(([], ["X-Album: album-0001"], [f"X-Caption: {quote('坏果')}"]))],
        )

    def _form(self, being: Being) -> tuple[str, bytes | None, list[str]]:
        dice = self._dice
        path = dice.choice(("/join", "/login", "/start", "/link"))
        fields = dice.choice(
            (b"token=" + b"a" * 43, b"password=x&next=//evil.example", b"", b"%ff=%zz&a", b"token[]=1", b"a" * 20_000)
        )
        return (
            path,
            fields,
            [
                dice.choice(
                    ("Content-Type: application/x-www-form-urlencoded", "Content-Type: multipart/form-data; boundary=b")
                )
            ],
        )

    def _json(self, body: dict[str, Any]) -> bytes:
        dice = self._dice
        for _ in range(dice.choice((0, 0, 0, 1, 2))):
            body[dice.choice(list(body))] = dice.choice(STRANGE)
        if dice.random() < 0.05:
            return dice.choice(
                (b"[" * 15_000, b'{"a":' * 3000, b"NaN", b"\xff\xfe", b'{"id": 1e999}', b'"\\ud800"', b"{}" * 99)
            )
        return json.dumps(body).encode()

    def _id(self) -> str:
        self._ids += 1
        return self._dice.choice((f"deed-{self._ids:08}",) * 20 + ("deed-00000001", "short", "x" * 65, "deed:0001", ""))

    def _spoiled(self, body: bytes) -> bytes:
        dice = self._dice
        at = dice.randrange(len(body) + 1)
        return dice.choice((body[:at], body[:at] + b"\x00" + body[at:], body * 3, body[::-1], b"", dice.randbytes(64)))
