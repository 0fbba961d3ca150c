"""Words that look like fraud: said before anything else, with the way out if money is gone already."""

from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, pairs


def suspicious(turn: Turn, text: str) -> bool:
    """Whether the text holds words that swindlers use; if so they are quoted on the red card."""
    plain = text.casefold()
    found = [phrase for phrase in turn.t.plain("fraud.phrases").split("/") if phrase in plain]
    if not found or turn.session.draft.get("trusted") == text[:200]:
        return False
    turn.session.draft["fraud"] = {"words": found[:3], "text": text[:200], "back": turn.session.place}
    turn.fresh = True
    turn.go("fraud")
    return True


def fraud(turn: Turn) -> View | None:
    """先停一下，这段话像诈骗"""
    draft = turn.session.draft.get("fraud")
    if not isinstance(draft, dict):
        return None
    t = turn.t
    words = "".join(t.plain("fraud.quoted", word=word) for word in draft["words"])
    options = [
        Option(t.plain("fraud.paid"), "fraud_paid"),
        Option(t.plain("fraud.mistaken"), "fraud_no", words=("@no",)),
        Option(t.plain("fraud.back"), "fraud_back", words=("@back",)),
    ]
    return View(t("fraud.text", words=words), pairs(options))


def fraud_paid(turn: Turn) -> View:
    """Money is gone already: 110 first, then the bank."""
    return View(turn.t("fraud.paid_text"), [[Option(turn.t.plain("nav.home"), "home", words=("@back",))]], kept=True)


def _mistaken(turn: Turn) -> None:
    draft = turn.session.draft.pop("fraud", {})
    # The same text, sent once more, is then taken for what it says.
    turn.session.draft["trusted"] = draft.get("text", "")
    turn.note = turn.t("fraud.trusted")
    turn.go(draft.get("back", "home"))


def _back(turn: Turn) -> None:
    turn.go(turn.session.draft.pop("fraud", {}).get("back", "home"))


PLACES = {"fraud": fraud, "fraud_paid": fraud_paid}
ACTS = {"fraud_no": _mistaken, "fraud_back": _back}
