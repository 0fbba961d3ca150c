"""Words that look like fraud: said before anything else, with the way out if money is gone already."""

import hashlib
from collections.abc import Mapping

from bot.conversation.sayings import say_rule
from bot.conversation.turn import Turn
from bot.conversation.understand.fraud import read_fraud
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Json

LONGEST = 20_000
"""Characters that are looked at; what a picture or a message holds is shorter."""
LONGEST_KEPT = 3000
"""Characters that are kept, to be understood after 是我误会了."""
TRUSTED = 5
"""Texts that somebody called harmless and that are not warned of again."""
STEPS = 4
"""Of what to do when money is gone."""
_OWN = frozenset({"fraud", "fraud_paid"})


def suspicious(turn: Turn, text: str, picture: Mapping[str, Json] | None = None) -> bool:
    """Whether the text holds words that swindlers use; if so they are quoted on the red card.

    ``picture``: the job that reads the picture in which it stands; done again if it was no fraud.
    """
    found = read_fraud(text[:LONGEST], turn.knowledge.fraud)
    if found is None or _mark(text) in turn.session.draft.get("trusted", ()):
        return False
    earlier, place = turn.session.draft.get("fraud"), turn.session.place
    if place.partition(":")[0] in _OWN and isinstance(earlier, dict):
        place = str(earlier.get("back", "home"))
    told: dict[str, Json] = {"words": list(found.words), "kind": found.kind, "mark": _mark(text), "back": place}
    if picture is None:
        told["text"] = text[:LONGEST_KEPT]
    else:
        told["picture"] = {name: picture[name] for name in ("kept", "case", "number", "said")}
    turn.session.draft["fraud"] = told
    turn.fresh, turn.silent = True, False
    turn.go("fraud")
    return True


def _mark(text: str) -> str:
    return hashlib.blake2s(text[:LONGEST].encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def fraud(turn: Turn) -> View | None:
    """先停一下，这段话像诈骗"""
    draft = turn.session.draft.get("fraud")
    if not isinstance(draft, dict):
        return None
    t = turn.t
    words = "".join(t.plain("fraud.quoted", word=word) for word in draft["words"])
    kind = f"fraud.kind.{draft.get('kind', '')}"
    options = [
        Option(t.plain("fraud.paid"), "fraud_paid", words=tuple(t.plain("fraud.paid_words").split("/"))),
        Option(t.plain("fraud.mistaken"), "fraud_no", words=("@no",)),
        Option(t.plain("fraud.back"), "fraud_back", words=("@back",)),
    ]
    return View(lines(t("fraud.text", words=words), t(kind) if t.has(kind) else ""), pairs(options))


def fraud_paid(turn: Turn, step: str = "1") -> View | None:
    """Money is gone already: 110 first, then the bank, then the official service; nothing is deleted."""
    at = int(step) if step.isdecimal() else 0
    if not 1 <= at <= STEPS:
        return None
    t, rule = turn.t, turn.rules().rule("pdd.cs.fraud")
    said = say_rule(turn, rule) if at == STEPS - 1 and rule else ""
    text = lines(t("fraud.step", step=at, steps=STEPS), t(f"fraud.gone.{at}"), said)
    options = []
    if at < STEPS:
        options.append(Option(t.plain("fraud.next"), f"fraud_paid:{at + 1}", words=("@next", "@yes")))
    if at > 1:
        options.append(Option(t.plain("nav.back"), f"fraud_paid:{at - 1}", words=("@back",)))
    if at == STEPS - 1:
        options.append(Option(t.plain("fraud.official"), "service"))
    options.append(Option(t.plain("fraud.back"), "fraud_back", words=("@stop",)))
    return View(text, pairs(options))


def paid(turn: Turn) -> None:
    """已经转钱了, said on any screen: what to do now, and afterwards back to that screen."""
    if turn.session.place.partition(":")[0] not in _OWN:
        turn.session.draft["fraud"] = {"words": [], "mark": "", "back": turn.session.place}
    turn.fresh = True
    turn.go("fraud_paid")


def _mistaken(turn: Turn) -> None:
    """It counts as harmless, and as said just now."""
    draft = turn.session.draft.pop("fraud", None)
    if not isinstance(draft, dict):
        turn.go("home")
        return
    trusted = [each for each in turn.session.draft.get("trusted", ()) if each != draft["mark"]]
    turn.session.draft["trusted"] = [*trusted, draft["mark"]][-TRUSTED:]
    turn.fresh = True
    turn.go(str(draft.get("back", "home")))
    if "picture" in draft:
        turn.begin_job("read", draft["picture"])
        turn.note = turn.t("fraud.reads_again")
    elif draft.get("text"):
        from bot.conversation.typed import reread

        reread(turn, str(draft["text"]))


def _back(turn: Turn) -> None:
    draft = turn.session.draft.pop("fraud", None)
    turn.go(str(draft.get("back", "home")) if isinstance(draft, dict) else "home")


PLACES = {"fraud": fraud, "fraud_paid": fraud_paid}
ACTS = {"fraud_no": _mistaken, "fraud_back": _back}
