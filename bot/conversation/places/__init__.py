"""Every place of the conversation: how it is drawn, and what typing there means.

A module of this package exports up to three tables: ``PLACES`` (name -> view, or None if it cannot be drawn),
``ACTS`` (name -> what an option does) and ``TYPED`` (place -> what a typed text means there; True = understood).
"""

from collections.abc import Callable

from bot.conversation.places import card, home, intake, moments, order_text, outcomes, problem, snooze
from bot.conversation.turn import Turn
from bot.conversation.view import View

_MODULES = (home, problem, intake, moments, card, outcomes, order_text, snooze)

PLACES: dict[str, Callable[..., View | None]] = {}
ACTS: dict[str, Callable[..., None]] = {}
TYPED: dict[str, Callable[..., bool]] = {}

for _module in _MODULES:
    for _name, _place in getattr(_module, "PLACES", {}).items():
        PLACES[_name] = _place
    ACTS.update(getattr(_module, "ACTS", {}))
    TYPED.update(getattr(_module, "TYPED", {}))

__all__ = ["ACTS", "PLACES", "TYPED", "Turn"]
