"""The Telegram that goes away in ``outage``: it remembers what arrived when, and fails for as long as asked."""

import re
from collections import Counter
from typing import Any, cast

from tests.fakes.telegram_api import FakeTelegram

ENDLESS = 100_000
"""Times that a fault strikes."""
_REMINDER = re.compile(r'"r(\d+)\.')


class Telegram(FakeTelegram):
    """By the loop's clock; ``url`` has a name that must be looked up."""

    def __init__(self, clock: Any) -> None:
        super().__init__(clock=clock)
        self.sent: list[tuple[float, int, str, int]] = []
        """When, to whom, the text, and the reminder row (0: an answer) of every message that was shown."""
        self.requests: Counter[int] = Counter()
        """Minute -> requests of any kind."""
        methods = cast("Any", self)._methods
        send = methods._known["sendMessage"]

        def sent(params: dict[str, Any]) -> Any:
            result = send(params)
            self._shown(int(params["chat_id"]), str(params["text"]), str(params.get("reply_markup", "")))
            return result

        methods._known["sendMessage"] = sent

    @property
    def url(self) -> str:
        return f"http://localhost:{self._port}"

    def fails_always(self, way: str) -> None:
        """Until ``faults.clear``: ``hanging``, ``html`` or ``lost``."""
        if way == "hanging":
            self.faults.hang("*", ENDLESS)
        elif way == "html":
            self.faults.html("*", 502, ENDLESS)
        else:
            self.faults.lose_answer("*", ENDLESS)

    def _record(self, method: str, params: dict[str, Any], status: int, description: str = "") -> None:
        self.requests[int(self.now() // 60)] += 1
        super()._record(method, params, status, description)

    def _shown(self, chat: int, text: str, markup: str) -> None:
        found = _REMINDER.search(markup)
        self.sent.append((self.now(), chat, text, int(found.group(1)) if found else 0))
