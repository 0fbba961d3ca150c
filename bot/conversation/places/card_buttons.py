"""The buttons of the card: the recommended step, likely results, the words, 更多."""

from collections.abc import Mapping

from bot.conversation.agenda import offer
from bot.conversation.ledger_words import disputed
from bot.conversation.naming import event_words
from bot.conversation.turn import Turn
from bot.conversation.view import Option
from bot.domain.facts import State
from bot.domain.machine import Stage
from bot.domain.model import Case

BUTTONS: Mapping[Stage, tuple[str, ...]] = {
    "preparing": ("how_apply", "did:applied", "proof", "words"),
    "waiting_merchant": ("proof", "agreed", "did:rejected", "words"),
    "rejected": ("check", "words", "did:intervened", "countdown"),
    "return_agreed": ("how_return", "did:return_shipped", "words"),
    "return_shipped": ("did:return_signed", "did:refunded", "did:rejected", "words"),
    "remedy_promised": ("kept", "did:broken", "words"),
    "refund_agreed": ("did:refunded", "how_bank", "words"),
    "platform": ("ticket", "did:proof_wanted", "decided", "words"),
    "proof_wanted": ("proof", "how_proof", "did:proof_sent", "claims", "words"),
    "decided_for": ("did:refunded", "did:broken", "words"),
    "decided_partly": ("ladder", "did:refunded_partly", "words"),
    "decided_against": ("ladder", "did:intervened", "words"),
    "not_accepted": ("check", "did:intervened", "words"),
    "outside": ("heard", "ladder", "did:refunded", "words"),
    "closed": (),
}
"""The recommended step first, then likely results, then the words; 更多 is added. Six at most."""

_MERCHANT_SIDE: Mapping[Stage, tuple[str, ...]] = {
    "waiting_merchant": ("how_merchant", "shop_owed", "words", "did:solved"),
    "proof_wanted": ("how_merchant_proof", "proof", "did:proof_sent", "countdown", "words"),
    "preparing": ("proof", "shop_owed", "words", "did:solved"),
    "rejected": ("proof", "did:intervened", "words", "did:solved"),
    "return_agreed": ("did:return_shipped", "proof", "words", "did:solved"),
    "return_shipped": ("did:return_signed", "proof", "words", "did:solved"),
    "remedy_promised": ("did:solved", "did:broken", "words"),
    "refund_agreed": ("did:solved", "words"),
    "decided_for": ("did:solved", "did:broken", "words"),
    "decided_partly": ("ladder", "did:solved", "words"),
    "outside": ("heard", "ladder", "did:solved", "words"),
}
"""For a merchant's own case, where it differs."""

_OVER: Mapping[Stage, tuple[str, ...]] = {
    "waiting_merchant": ("check", "words", "did:no_answer", "did:refunded", "did:rejected"),
    "return_shipped": ("check", "words", "did:no_answer", "did:refunded", "did:rejected"),
    "remedy_promised": ("words", "kept", "did:broken"),
    "refund_agreed": ("how_bank", "did:refunded", "did:no_answer", "words"),
    "decided_for": ("words", "did:refunded", "did:broken"),
}
"""Once the other side's time is over: what can be done now comes first."""


_LEADS: Mapping[str, str] = {
    "how_apply": "walk:apply_refund:0:{number}",
    "how_return": "walk:return_ship:0:{number}",
    "how_bank": "walk:bank_trace:0:{number}",
    "how_proof": "walk:upload_evidence:0:{number}",
    "how_merchant": "walk:merchant_intervene:0:{number}",
    "how_merchant_proof": "walk:merchant_proof:0:{number}",
    "shop_owed": "shop:owed:{number}",
    "check": "check:{number}",
    "service": "service:{number}",
    "proof": "proof:{number}",
    "words": "words:{number}:service",
    "claims": "words:{number}:evidence",
    "countdown": "countdown:{number}",
    "ladder": "ladder:{number}",
    "heard": "heard:{number}",
    "ticket": "ticket:{number}",
    "agreed": "results:{number}:agreed",
    "decided": "results:{number}:decided",
    "kept": "kept:{number}",
    "adopt": "adopt:{number}",
    "calendar": "make:ics:{number}",
    "calendar_again": "make:ics:{number}",
}
"""Where a button leads, or what it does, unless it says what happened."""


def buttons(turn: Turn, case: Case, state: State) -> list[Option]:
    """The recommended step first; six at most."""
    merchant = state.text("side") == "merchant"
    wanted = list(_MERCHANT_SIDE.get(state.stage, BUTTONS[state.stage]) if merchant else BUTTONS[state.stage])
    main = turn.schedule(case).main
    waits = state.stage in _OVER and not merchant
    if waits and main is not None and main.over(turn.now):
        wanted = list(_OVER[state.stage])
    elif waits and "return_signed_at" in state.facts and state.stage == "return_shipped":
        wanted = ["did:refunded", "did:no_answer", "did:rejected", "words"]
    if state.stage == "preparing" and _service_first(turn, case):
        wanted.insert(0, "service")
    if state.stage == "platform" and not merchant and disputed(state):
        wanted.append("claims")
    if turn.rules_changed(case):
        wanted.insert(0, "adopt")
    calendar = offer(turn, case)
    if calendar and len(wanted) < 5:
        wanted.append(calendar)
    options = [_button(turn, case, each) for each in wanted[:5]]
    return [*options, Option(turn.t.plain("home.more"), f"more:{case.number}")]


def _service_first(turn: Turn, case: Case) -> bool:
    """Nothing can be applied for before a person of the platform has opened the entry again."""
    ladder = turn.problem(case).ladder
    return "apply" in ladder and "service" in ladder and ladder.index("service") < ladder.index("apply")


def _button(turn: Turn, case: Case, wanted: str) -> Option:
    t, number = turn.t, case.number
    if wanted.startswith("did:"):
        event = wanted.partition(":")[2]
        key, merchant = f"card.did.{event}", turn.state(case).text("side") == "merchant"
        label = t.plain(key) if t.has(key) and not merchant else event_words(turn, turn.state(case), event)
        return Option(label, f"did:{number}:{event}")
    return Option(t.plain(f"card.button.{wanted}"), _LEADS[wanted].format(number=number))
