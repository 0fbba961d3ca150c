"""The stages of a case and what leads from one to the next.

Aligned with the after-sale states that merchants' systems see (rule ``pdd.api.states``).
"""

from collections.abc import Mapping
from typing import Literal

OrderState = Literal["unshipped", "in_transit", "signed"]

Stage = Literal[
    "preparing",
    "waiting_merchant",
    "rejected",
    "return_agreed",
    "return_shipped",
    "remedy_promised",
    "refund_agreed",
    "platform",
    "proof_wanted",
    "decided_for",
    "decided_partly",
    "decided_against",
    "not_accepted",
    "outside",
    "closed",
]

Turn = Literal["you", "merchant", "platform", "money", "others", "nobody"]

Outcome = Literal["refunded", "refunded_partly", "settled", "gave_up", "unknown"]

Event = Literal[
    "applied",
    "agreed_refund",
    "agreed_return",
    "agreed_exchange",
    "agreed_resend",
    "agreed_partial",
    "rejected",
    "no_answer",
    "intervened",
    "proof_wanted",
    "proof_sent",
    "platform_for",
    "platform_for_return",
    "platform_partly",
    "platform_against",
    "platform_refused",
    "return_shipped",
    "return_signed",
    "goods_shipped",
    "goods_received",
    "settled",
    "broken",
    "app_closed",
    "withdrawn",
    "went_outside",
    "part_received",
    "refunded",
    "refunded_partly",
    "gave_up",
    "solved",
]
"""What a person reports (RESULTS of the card)."""

TURN: Mapping[Stage, Turn] = {
    "preparing": "you",
    "waiting_merchant": "merchant",
    "rejected": "you",
    "return_agreed": "you",
    "return_shipped": "merchant",
    "remedy_promised": "merchant",
    "refund_agreed": "money",
    "platform": "platform",
    "proof_wanted": "you",
    "decided_for": "money",
    "decided_partly": "you",
    "decided_against": "you",
    "not_accepted": "you",
    "outside": "others",
    "closed": "nobody",
}

LEADS_TO: Mapping[Event, Stage | None] = {
    "applied": "waiting_merchant",
    "agreed_refund": "refund_agreed",
    "agreed_return": "return_agreed",
    "agreed_exchange": "remedy_promised",
    "agreed_resend": "remedy_promised",
    "agreed_partial": "remedy_promised",
    "rejected": "rejected",
    "no_answer": None,
    "intervened": "platform",
    "proof_wanted": "proof_wanted",
    "proof_sent": "platform",
    "platform_for": "decided_for",
    "platform_for_return": "return_agreed",
    "platform_partly": "decided_partly",
    "platform_against": "decided_against",
    "platform_refused": "not_accepted",
    "return_shipped": "return_shipped",
    "return_signed": None,
    "goods_shipped": None,
    "goods_received": None,
    "settled": "remedy_promised",
    "broken": None,
    "app_closed": "preparing",
    "withdrawn": "preparing",
    "went_outside": "outside",
    "part_received": None,
    "refunded": "closed",
    "refunded_partly": "closed",
    "gave_up": "closed",
    "solved": "closed",
}
"""Where an event leads; None = the stage stays, the event is kept with its date."""

LEADS_FROM: Mapping[tuple[Event, Stage], Stage] = {
    ("return_signed", "return_agreed"): "return_shipped",
    # What was promised is still owed, with or without the application.
    ("withdrawn", "remedy_promised"): "remedy_promised",
    ("app_closed", "remedy_promised"): "remedy_promised",
}
"""Where it leads from this very stage, if that is elsewhere."""

_ALWAYS: tuple[Event, ...] = (
    "settled",
    "refunded",
    "part_received",
    "refunded_partly",
    "solved",
    "gave_up",
    "goods_shipped",
    "goods_received",
)
_CLOSED: tuple[Event, ...] = ("app_closed", "withdrawn")
"""An application that is no more: wherever there can be one."""
_MERCHANT: tuple[Event, ...] = (
    "agreed_refund",
    "agreed_return",
    "agreed_exchange",
    "agreed_resend",
    "agreed_partial",
    "rejected",
)
_PLATFORM: tuple[Event, ...] = (
    "platform_for",
    "platform_for_return",
    "platform_partly",
    "platform_against",
    "platform_refused",
)

POSSIBLE: Mapping[Stage, tuple[Event, ...]] = {
    "preparing": (
        "applied",
        "goods_shipped",
        "goods_received",
        *_MERCHANT,
        "intervened",
        "went_outside",
        *_ALWAYS[:-2],
    ),
    "waiting_merchant": (
        *_MERCHANT,
        "no_answer",
        "intervened",
        "proof_wanted",
        *_PLATFORM,
        *_CLOSED,
        "went_outside",
        *_ALWAYS,
    ),
    "rejected": (
        "intervened",
        "applied",
        "rejected",
        *_MERCHANT[:5],
        "proof_wanted",
        *_PLATFORM,
        *_CLOSED,
        "went_outside",
        *_ALWAYS,
    ),
    "return_agreed": ("return_shipped", "return_signed", *_CLOSED, "intervened", "went_outside", *_ALWAYS),
    "return_shipped": (
        "return_signed",
        "no_answer",
        "agreed_refund",
        "rejected",
        "intervened",
        *_CLOSED,
        "went_outside",
        *_ALWAYS,
    ),
    "remedy_promised": ("broken", "applied", "rejected", "intervened", *_CLOSED, "went_outside", *_ALWAYS),
    "refund_agreed": ("no_answer", "intervened", *_CLOSED, "went_outside", *_ALWAYS),
    "platform": (
        "proof_wanted",
        *_PLATFORM,
        "agreed_refund",
        "agreed_return",
        "no_answer",
        *_CLOSED,
        "went_outside",
        *_ALWAYS,
    ),
    "proof_wanted": ("proof_sent", *_PLATFORM, "agreed_refund", "agreed_return", *_CLOSED, "went_outside", *_ALWAYS),
    "decided_for": ("return_shipped", "broken", "platform_for_return", "intervened", "went_outside", *_ALWAYS),
    "decided_partly": ("agreed_refund", "broken", "intervened", "applied", "went_outside", *_ALWAYS),
    "decided_against": ("intervened", "applied", "went_outside", *_ALWAYS),
    "not_accepted": ("intervened", "applied", "went_outside", *_ALWAYS),
    "outside": (*_MERCHANT[:5], *_PLATFORM[:3], "intervened", *_ALWAYS),
    "closed": (),
}
"""What can be reported in each stage; what the state of the order rules out as well, ``facts.can_happen`` says."""

CHECKS: frozenset[Event] = frozenset({"no_answer", "broken", "part_received"})
"""Somebody looked, and it is not done yet: there is reason to look again."""
ORDER_AFTER: Mapping[Event, OrderState] = {"goods_shipped": "in_transit", "goods_received": "signed"}
"""News of the parcel moves the order, not the stage."""

CLOSES: Mapping[Event, Outcome] = {
    "refunded": "refunded",
    "refunded_partly": "refunded_partly",
    "solved": "settled",
    "gave_up": "gave_up",
}
