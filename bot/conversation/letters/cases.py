"""The matter of a case as a turn knows it, and the letters that were handed out."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast, get_args

from bot.conversation.letters import wording
from bot.conversation.letters.compose import Words
from bot.conversation.letters.facts import speaks_of_now
from bot.conversation.letters.linter import Context
from bot.conversation.letters.matter import Claim, Kind, Matter
from bot.conversation.turn import Turn
from bot.conversation.understand.reply import read_reply
from bot.domain.history import undone
from bot.domain.model import Case, Letter

FRESH = timedelta(hours=6)
"""So long a letter may say 仍未发货 of what was said then; later it is asked about once."""
CLAIM = 40
"""Characters of a claim that are quoted."""
STILL = "still_at"
"""The fact that nothing has changed up to that moment."""
STATES = frozenset({"opened", "event", "countdown"})
"""Kinds of entries that say how things stand."""


def matter_for(turn: Turn, case: Case, kind: str) -> Matter | None:
    """What a letter about that case is made from; None for an unknown kind or a closed case."""
    state = turn.state(case)
    if kind not in get_args(Kind) or not state.open:
        return None
    main = turn.schedule(case).main
    problem, rules = turn.problem(case), turn.rules(case)
    claims = claims_of(turn, case) if kind == "evidence" else ()
    return Matter(turn.t, problem, state, rules, turn.zone, turn.now, cast(Kind, kind), main, stated(case), claims)


def claims_of(turn: Turn, case: Case) -> tuple[Claim, ...]:
    """Why the other side refuses, as it stands on record: each ground once, what the refusal itself says first."""
    state, found = turn.state(case), []
    reason = wording.clean(state.text("reject_reason"), CLAIM)
    if reason:
        read = read_reply(reason, turn.knowledge.replies).grounds
        found += [Claim(ground, reason, "reason") for ground in read[:1] or ("",)]
    for answer in state.ledger.answers:
        quote = wording.clean(str(answer.get("why") or answer.text), CLAIM)
        if "refuses" in answer.kinds:
            found.append(Claim(answer.ground, quote, answer.who))
        elif "blames_courier" in answer.kinds:
            found.append(Claim("blames_courier", quote, answer.who))
    return tuple({claim.ground: claim for claim in reversed(found)}.values())[::-1]


def stated(case: Case) -> datetime:
    """When the person last said how things stand: at the opening, with a result or a countdown, or when asked."""
    gone = undone(case.entries)
    return next(
        (
            entry.at
            for entry in reversed(case.entries)
            if entry.seq not in gone and (entry.kind in STATES or STILL in entry.data)
        ),
        case.opened,
    )


def needs_asking(turn: Turn, case: Case, matter: Matter) -> bool:
    """Whether the letter would claim for now what was said long ago, or before the time that ended since."""
    if matter.seller:
        # What waits there is their own to do; the letter says when it was so.
        return False
    told, main = stated(case), matter.main
    ended = main is not None and not main.own and told < main.at <= turn.now
    if not (ended or turn.now - told > FRESH) or turn.session.draft.get("still") == [case.number, told.isoformat()]:
        return False
    return speaks_of_now(replace(matter, told=None))


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
