"""Around every request: is it called by a name of ours, is the password known, and how a refusal is said."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web

from bot.channels.web.door import Door
from bot.channels.web.errors import RefusedError
from bot.channels.web.metrics import WebMetrics
from bot.channels.web.pages import Pages
from bot.channels.web.security import HEADERS, Origins
from bot.channels.web.settings import Metrics
from bot.telemetry import get_logger

log = get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_OPERATING = frozenset({"/healthz", "/metrics"})
_PAGES = frozenset({"/", "/cases", "/cases/{number}", "/join", "/join/{token}", "/login", "/file/{seq}"})
_KEYS = {404: "not_found", 405: "method", 413: "too_large"}


class Guard:
    """A middleware, and what it needs to know."""

    def __init__(
        self, door: Door, pages: Pages, texts: Mapping[str, str], metrics: WebMetrics, shown: Metrics, hold: float
    ) -> None:
        self._door, self._pages, self._texts, self._metrics, self._shown = door, pages, texts, metrics, shown
        self._hold = hold
        self.origins: Origins
        self.stopping = False

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Serve the request, or say why not. The one boundary where the unexpected ends."""
        route = _route(request)
        try:
            self._check(request, route)
            response = await handler(request)
        except RefusedError as refused:
            if refused.status == HTTPStatus.TOO_MANY_REQUESTS:
                # Refused at once, a flood would come the faster for it and take the processor from everybody else.
                await asyncio.sleep(self._hold)
            response = self._refusal(route, refused)
        except web.HTTPException as error:
            key = _KEYS.get(error.status, "bad_request")
            allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
            response = self._refusal(route, RefusedError(error.status, key, allow))
        except (ConnectionError, web.RequestPayloadError):
            # The browser went in the middle of its own request, or what it sent is no HTTP any more.
            response = web.Response(status=400)
        except Exception:
            log.exception("web_request_failed", route=route)
            response = self._refusal(route, RefusedError(500, "failed"))
        self._metrics.requests.labels(route, str(response.status)).inc()
        return response

    def _check(self, request: web.Request, route: str) -> None:
        if not (self._shown == "all" and route in _OPERATING):
            self.origins.check_host(request)
        if self.stopping:
            raise RefusedError(503, "stopping", {"Retry-After": "1"})
        if route in _OPERATING or route in ("/login", "/static/{name}") or self._door.lets_in(request):
            return
        if request.method == "GET" and route in _PAGES:
            raise RefusedError(303, "login", {"Location": f"/login?next={quote(request.path)}"})
        raise RefusedError(401, "login")

    def _refusal(self, route: str, refused: RefusedError) -> web.Response:
        sentence = self._texts[f"error.{refused.key}"].format(**refused.values)
        if route in _PAGES:
            return self._pages.error(refused.status, sentence, refused.headers)
        return web.json_response({**refused.told, "error": sentence}, status=refused.status, headers=refused.headers)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """What every answer says to the browser; an answer may have said otherwise."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "other"
