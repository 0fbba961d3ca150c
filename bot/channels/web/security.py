"""Who may ask: the name that was called, the page that asks, the machine that it comes from."""

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.web.errors import RefusedError

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
FORM_REFERRER = {"Referrer-Policy": "same-origin"}
"""For pages with a form: under no-referrer a browser sends ``Origin: null`` with it, and on plain http nothing else
tells that the form is ours (fetch.spec.whatwg.org, "append a request Origin header"; w3c/webappsec-fetch-metadata)."""

_OURS = frozenset({"same-origin", "none"})
_ANY = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - recognised, not bound
_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine alone."""
    if host.lower() == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


class Origins:
    """The names under which the server is called. Any other Host is DNS rebinding, or a mistake."""

    def __init__(self, host: str, port: int, public_url: str) -> None:
        names = {"127.0.0.1", "localhost", "[::1]"}
        if host not in _ANY:
            names.add(f"[{host.strip('[]')}]" if ":" in host else host.lower())
        self._port, self._any = port, host in _ANY
        self._hosts = {f"{name}:{port}" for name in names} | (names if port == 80 else set())
        parts = urlsplit(public_url)
        self.public = f"{parts.scheme}://{parts.netloc}".lower() if public_url else ""
        self._public_host = parts.netloc.lower()

    def check_host(self, request: web.Request) -> None:
        """Raises RefusedError (421) for a name that is not ours."""
        host = request.headers.get("Host", "").lower()
        if host in self._hosts or (host and host == self._public_host):
            return
        # Bound to all addresses, each of them is a name of ours; a rebound name is never a bare address.
        name, _, port = host.rpartition(":")
        if not (self._any and port == str(self._port) and _address(name) is not None):
            raise RefusedError(421, "host")

    def of(self, request: web.Request) -> str:
        """The origin that a page of ours has, if it was called by this request's Host."""
        host = request.headers.get("Host", "").lower()
        return self.public if host == self._public_host and host else f"http://{host}"

    def check_origin(self, request: web.Request) -> None:
        """Raises RefusedError (403) unless a page of ours asks. To be called after ``check_host``."""
        origin = request.headers.get("Origin", "null").lower()
        if origin == self.of(request):
            return
        if origin != "null" or request.headers.get("Sec-Fetch-Site") != "same-origin":
            raise RefusedError(403, "origin")

    def address(self, request: web.Request) -> str:
        """Where the request comes from, as the key of a limit: an IPv4 address or an IPv6 /64.

        A proxy on this machine is believed, if there is a public address at all; its own entry is the last one.
        """
        peer = request.remote or ""
        told = request.headers.get("X-Forwarded-For", "")
        if self.public and told and is_loopback(peer):
            peer = told.rpartition(",")[2].strip()
        found = _address(peer)
        if found is None:
            return "unknown"
        if isinstance(found, ipaddress.IPv6Address):
            return str(found.ipv4_mapped or ipaddress.IPv6Network((found, 64), strict=False))
        return str(found)

    def is_local(self, request: web.Request) -> bool:
        """Whether somebody on this machine asks, and not a proxy for somebody else."""
        if self.public and request.headers.get("Host", "").lower() == self._public_host:
            return False
        forwarded = any(name in request.headers for name in _FORWARDED)
        return is_loopback(request.remote or "") and not forwarded


def from_elsewhere(request: web.Request) -> bool:
    """Whether another site led here. A SameSite=Strict cookie is then withheld, so its absence means nothing."""
    return request.headers.get("Sec-Fetch-Site", "none") not in _OURS


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
