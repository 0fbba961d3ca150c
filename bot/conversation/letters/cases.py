"""The matter of a case as a turn knows it, and the letters that were handed out."""

import hashlib
from typing import cast, get_args

from bot.conversation.letters.compose import Words
from bot.conversation.letters.linter import Context
from bot.conversation.letters.matter import Kind, Matter
from bot.conversation.turn import Turn
from bot.domain.model import Case, Letter


def matter_for(turn: Turn, case: Case, kind: str) -> Matter | None:
    """What a letter about that case is made from; None for an unknown kind or a closed case."""
    state = turn.state(case)
    if kind not in get_args(Kind) or not state.open:
        return None
    main = turn.schedule(case).main
    problem, rules = turn.problem(case), turn.rules(case)
    return Matter(turn.t, problem, state, rules, turn.zone, turn.now, cast(Kind, kind), main)


def own_context(matter: Matter, letter: Words) -> Context:
    """What our own text must hold: what is known of number and amount, and always a date and a request."""
    required = {"request"}
    if matter.kind in ("service", "merchant"):
        required.add("date")
    if matter.known("order_no"):
        required.add("order_no")
    if matter.known("amount") and matter.value("amount") in letter.request:
        required.add("amount")
    return context_of(matter, frozenset(required))


def context_of(matter: Matter, required: frozenset[str]) -> Context:
    """The linter's knowledge of that matter. The length is not looked at: what is shown is in pieces already."""
    return Context(
        t=matter.t,
        now=matter.now,
        zone=matter.zone,
        required=required,
        order_no=matter.value("order_no") if matter.known("order_no") else "",
        money=matter.value("amount") if matter.known("amount") else "",
        reply_by=matter.reply_by,
        limit=0,
    )


def wanted_request(turn: Turn, case: Case) -> str:
    """Id of the request that the person chose instead of the usual one."""
    kept = turn.session.draft.get("request")
    return str(kept.get(str(case.number), "")) if isinstance(kept, dict) else ""


def hand_out(turn: Turn, case: Case, kind: str, letter: Words) -> None:
    """Keep the words as they were shown; the same text is kept once."""
    text = "\n".join(part for part in (letter.whole, letter.refused) if part)
    digest = hashlib.blake2s(text.encode(), digest_size=6).hexdigest()
    handed = turn.session.draft.get("handed")
    handed = dict(handed) if isinstance(handed, dict) else {}
    key = f"{case.number}:{kind}"
    if handed.get(key) != digest:
        turn.session.draft["handed"] = handed | {key: digest}
        turn.letters.append(Letter(case.id, turn.now, kind, text, dict(letter.rules)))
