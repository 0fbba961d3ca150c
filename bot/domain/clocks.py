"""Which rules' clocks run in which stage, and for whom: the buyer's case, or a merchant's own."""

from collections.abc import Mapping

from bot.domain import authorities
from bot.domain.facts import State
from bot.domain.machine import Stage

_PAY_TIMER: Mapping[str, str] = {
    "wechat": "timer.refund_wallet",
    "alipay": "timer.refund_wallet",
    "wallet": "timer.refund_wallet",
    "debit": "timer.refund_debit",
    "credit": "timer.refund_credit",
}

_STAGE_CLOCKS: Mapping[Stage, tuple[str, ...]] = {
    "rejected": ("timer.after_reject",),
    "return_agreed": ("timer.return_ship",),
    "remedy_promised": ("timer.remedy",),
    "platform": ("timer.platform_decision_ask", "timer.platform_decision_late"),
    "proof_wanted": ("timer.extra_evidence",),
    "decided_for": ("timer.decision_carried_out",),
}

RECHECK = "timer.recheck"
"""Our own: when to look again at what was said not to be done yet."""
OPENS_MERCHANT = "pdd.intervene.merchant.15d"
_MERCHANT_CLOCKS: Mapping[Stage, tuple[str, ...]] = {
    "waiting_merchant": (OPENS_MERCHANT,),
    "platform": _STAGE_CLOCKS["platform"],
    "proof_wanted": ("pdd.intervene.evidence.merchant",),
}
"""For a merchant's own case: the buyer's and the merchant's timers above are not theirs to wait for."""
_COUNTED_OWN: Mapping[str, tuple[Stage, ...]] = {
    "": ("preparing", "rejected", "return_agreed", "proof_wanted"),
    "merchant": ("waiting_merchant", "return_shipped", "remedy_promised", "proof_wanted"),
}
"""In which stages the app counts down for the person themselves, by ``side``."""


def merchants(state: State) -> bool:
    """Whether it is a merchant's own case."""
    return state.text("side") == "merchant"


def counted_own(state: State) -> bool:
    """Whether the app's countdown in this stage is the person's own time."""
    return state.stage in _COUNTED_OWN["merchant" if merchants(state) else ""]


def main_clocks(state: State) -> tuple[str, ...]:
    """The stage's own clock: the first rule that can be counted. Outside the platform every body has its own."""
    if state.stage == "outside":
        return authorities.clocks(state)
    if merchants(state):
        return _MERCHANT_CLOCKS.get(state.stage, ())
    if state.stage == "waiting_merchant":
        return (_answer_timer(state),)
    if state.stage == "return_shipped":
        unsent = "return_signed_at" in state.facts and "return_shipped_at" not in state.facts
        return ("timer.merchant_receive_signed" if unsent else "timer.merchant_receive",)
    if state.stage == "refund_agreed":
        return (_PAY_TIMER.get(state.text("pay_method"), "timer.refund_debit"),)
    if state.stage == "preparing" and state.order == "unshipped" and "ordered_at" in state.facts:
        return ("timer.ship_promise",)
    return _STAGE_CLOCKS.get(state.stage, ())


def _answer_timer(state: State) -> str:
    kind = state.text("refund_type")
    if state.order == "unshipped":
        return "timer.unshipped_refund_answer"
    if kind in ("exchange", "resend", "repair"):
        return "timer.exchange_answer"
    unreturnable = state.order == "in_transit" or state.text("goods") in ("fresh", "virtual")
    if kind == "refund_only" or (not kind and unreturnable):
        return "timer.shipped_refund_only_answer"
    return "timer.return_refund_answer"


def side_clocks(state: State) -> tuple[str, ...]:
    """Clocks that run beside it, whatever the problem."""
    clocks = [*authorities.clocks(state)] if state.stage != "outside" else []
    if merchants(state):
        return (*clocks, "timer.follow_up") if state.asked_service_seq else tuple(clocks)
    if "shipped_at" in state.facts and "confirmed_at" not in state.facts and state.order != "unshipped":
        clocks.append("timer.auto_confirm")
    if "confirmed_at" in state.facts:
        clocks.append("timer.after_sale_entry")
    if state.asked_service_seq:
        clocks.append("timer.follow_up")
    return tuple(clocks)
