"""Which dated fact an event sets, and from which one a stage's own clock runs."""

from collections.abc import Mapping

from bot.domain.machine import Stage

EVENT_DATE: Mapping[str, str] = {
    "applied": "applied_at",
    "agreed_refund": "refund_agreed_at",
    "agreed_return": "return_agreed_at",
    "agreed_exchange": "remedy_promised_at",
    "agreed_resend": "remedy_promised_at",
    "agreed_partial": "remedy_promised_at",
    "settled": "remedy_promised_at",
    "rejected": "rejected_at",
    "intervened": "intervened_at",
    "proof_wanted": "proof_wanted_at",
    "proof_sent": "proof_sent_at",
    "platform_for": "decided_at",
    "platform_for_return": "return_agreed_at",
    "platform_partly": "decided_at",
    "platform_against": "decided_at",
    "platform_refused": "decided_at",
    "return_shipped": "return_shipped_at",
    "return_signed": "return_signed_at",
    "goods_shipped": "shipped_at",
    "goods_received": "signed_at",
    "part_received": "refunded_at",
    "refunded": "refunded_at",
    "refunded_partly": "refunded_at",
}
"""Which dated fact an event sets."""

STAGE_DATE: Mapping[Stage, str] = {
    "waiting_merchant": "applied_at",
    "rejected": "rejected_at",
    "return_agreed": "return_agreed_at",
    "return_shipped": "return_shipped_at",
    "remedy_promised": "remedy_promised_at",
    "refund_agreed": "refund_agreed_at",
    "platform": "intervened_at",
    "proof_wanted": "proof_wanted_at",
    "decided_for": "decided_at",
    "decided_partly": "decided_at",
    "decided_against": "decided_at",
    "not_accepted": "decided_at",
}
"""The date from which a stage's own clock runs."""
