"""大字模式 on and off, and the pages of choices that it has. The person stays where they are."""

from collections.abc import Callable
from dataclasses import replace

from bot.conversation.big_text import PAGER
from bot.conversation.turn import Turn


def _switch(turn: Turn, wish: str) -> None:
    on = wish == "turn_on"
    turn.person = replace(turn.person, preferences=replace(turn.person.preferences, big_text=on))
    turn.session.page = 0
    turn.acted = turn.fresh = True
    turn.note = turn.t("big_text.on" if on else "big_text.off")


def _page(turn: Turn, page: str) -> None:
    turn.session.page = int(page)
    turn.paging = True


ACTS: dict[str, Callable[..., None]] = {"text_size": _switch, PAGER: _page}
