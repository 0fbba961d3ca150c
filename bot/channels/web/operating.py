"""For whoever runs it: /healthz and /metrics, and the password page."""

import asyncio
import re
from collections.abc import Mapping

from aiohttp import web

from bot.channels.web.bodies import read_form
from bot.channels.web.door import Door
from bot.channels.web.errors import RefusedError, too_fast
from bot.channels.web.metrics import CONTENT_TYPE, WebMetrics
from bot.channels.web.pages import Pages
from bot.channels.web.security import Origins
from bot.channels.web.settings import Health, Metrics, Timing

_ONWARD = re.compile(r"/(cases(/[0-9]{1,6})?|join/[A-Za-z0-9_-]{1,100})?", re.ASCII)


class OperatingRoutes:
    """No personal data on any of these."""

    def __init__(
        self,
        health: Health,
        metrics: WebMetrics,
        shown: Metrics,
        door: Door,
        pages: Pages,
        texts: Mapping[str, str],
        timing: Timing,
    ) -> None:
        self._health, self._metrics, self._shown = health, metrics, shown
        self._door, self._pages, self._texts, self._timing = door, pages, texts, timing
        self.origins: Origins

    async def healthz(self, request: web.Request) -> web.Response:
        """200 if everything is well, else 503; the findings by name. ``off`` hides it from others only: something on
        this machine has to be able to ask."""
        self._check_reader(request)
        try:
            async with asyncio.timeout(self._timing.health):
                found = dict(await self._health())
        except TimeoutError:
            found = {"answered": False}
        well = _well(found)
        return web.json_response({"ok": well, **found}, status=200 if well else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        if self._shown == "off":
            raise RefusedError(404, "not_found")
        self._check_reader(request)
        return web.Response(body=self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    async def ask_password(self, request: web.Request) -> web.Response:
        onward = onward_of(request.query.get("next", "/"))
        if self._door.lets_in(request):
            return web.Response(status=303, headers={"Location": onward})
        return self._pages.login(onward)

    async def login(self, request: web.Request) -> web.Response:
        self.origins.check_origin(request)
        form = await read_form(request, self._timing.body)
        onward = onward_of(form.get("next", "/"))
        response = web.Response(status=303, headers={"Location": onward})
        if not self._door.locked:
            return response
        address = self.origins.address(request)
        wait = self._door.wait(address)
        if wait > 0:
            refused = too_fast("too_many_guesses", wait)
            sentence = self._texts["error.too_many_guesses"].format(**refused.values)
            return self._pages.login(onward, sentence, 429, refused.headers)
        if not self._door.knows(address, form.get("password", "")):
            return self._pages.login(onward, self._texts["error.password"], 403)
        self._door.keep(response)
        return response

    def _check_reader(self, request: web.Request) -> None:
        if self._shown != "all" and not self.origins.is_local(request):
            raise RefusedError(404, "not_found")


def onward_of(path: str) -> str:
    """Where to go after the password: a page of ours, never another site."""
    return path if _ONWARD.fullmatch(path) else "/"


def _well(found: Mapping[str, object]) -> bool:
    return all(_well(each) if isinstance(each, Mapping) else each is not False for each in found.values())
