"""One's 问题单 as plain pages, for reading without buttons or scripts."""

from datetime import datetime

from markupsafe import Markup

from bot.conversation.naming import title
from bot.conversation.places.card import card
from bot.conversation.places.home import kept_cases
from bot.conversation.turn import Knowledge, Turn
from bot.domain.model import Dossier


def case_pages(knowledge: Knowledge, dossier: Dossier, now: datetime) -> list[tuple[int, str, Markup]]:
    """Number, title and card of every 问题单, the open ones first, then the newest."""
    turn = Turn(knowledge, dossier, None, now)
    numbers = sorted(kept_cases(turn), key=lambda number: (not turn.state(turn.cases[number]).open, -number))
    pages = []
    for number in numbers:
        view = card(turn, str(number))
        if view is not None:
            pages.append((number, title(turn, turn.cases[number]), view.text))
    return pages
