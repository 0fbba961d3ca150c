"""Every place of the conversation: how it is drawn, and what typing there means.

A module of this package exports up to three tables: ``PLACES`` (name -> view, or None if it cannot be drawn),
``ACTS`` (name -> what an option does) and ``TYPED`` (place -> what a typed text means there; True = understood).
"""

from collections.abc import Callable
from typing import cast

from bot.conversation import current
from bot.conversation.places import (
    advice,
    answer,
    answer_case,
    answer_offer,
    answer_pick,
    answer_words,
    beyond,
    card,
    card_typed,
    case_settings,
    check,
    deletion,
    drafts,
    ended,
    family,
    history,
    home,
    intake,
    intake_typed,
    ladder,
    ledger,
    merchant,
    moments,
    order_text,
    outcomes,
    part,
    privacy,
    problem,
    promises,
    proof,
    proof_best,
    proof_index,
    proof_what,
    reminded,
    safety,
    service,
    settings,
    snooze,
    take,
    text_size,
    walk,
    words,
)
from bot.conversation.places import help as guide
from bot.conversation.view import View

_MODULES = (
    home,
    problem,
    intake,
    intake_typed,
    moments,
    card,
    card_typed,
    outcomes,
    ended,
    promises,
    part,
    answer,
    answer_case,
    answer_pick,
    answer_offer,
    answer_words,
    ledger,
    order_text,
    snooze,
    current,
    settings,
    privacy,
    guide,
    advice,
    merchant,
    walk,
    words,
    service,
    check,
    ladder,
    beyond,
    proof,
    proof_what,
    proof_index,
    proof_best,
    safety,
    history,
    family,
    case_settings,
    deletion,
    drafts,
    take,
    text_size,
    reminded,
)

PLACES: dict[str, Callable[..., View | None]] = {}
ACTS: dict[str, Callable[..., None]] = {}
TYPED: dict[str, Callable[..., bool]] = {}

for _module in _MODULES:
    for _table, _whole in (("PLACES", PLACES), ("ACTS", ACTS), ("TYPED", TYPED)):
        _part: dict[str, Callable[..., object]] = getattr(_module, _table, {})
        if _twice := _part.keys() & _whole.keys():
            raise LookupError(f"{_table} are named twice: {sorted(_twice)}")
        cast("dict[str, Callable[..., object]]", _whole).update(_part)

__all__ = ["ACTS", "PLACES", "TYPED"]
