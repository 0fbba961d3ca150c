"""A draft that somebody wrote themselves, while it is looked over: kept with the person, so that nothing is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.catalog import compiled
from bot.conversation.letters.cases import matter_for, wanted_request
from bot.conversation.letters.draft import DraftContext, Finding, apply, check_draft, fixes
from bot.conversation.letters.draft_words import EVENTS
from bot.conversation.letters.requests import chosen
from bot.conversation.turn import Turn
from bot.domain.model import Json

ROUNDS = 4
_SENTENCE = compiled.pattern(r"[^。！？!?\n]*[。！？!?\n]+|[^。！？!?\n]+")


@dataclass(slots=True)
class OwnDraft:
    """``case`` 0: without a 问题单. ``refused``: what is to stay as it is; ``told``: what was asked and answered."""

    case: int
    kind: str
    text: str
    refused: list[str] = field(default_factory=list)
    told: dict[str, Json] = field(default_factory=dict)
    all: bool = False
    """都帮我改好 was wanted: only what nobody but the person knows is still asked."""
    handed: str = ""
    """What was kept as handed out."""


def load(turn: Turn, number: str) -> OwnDraft | None:
    """The draft that is being looked over for that case, or None."""
    raw = turn.session.draft.get("own")
    if not isinstance(raw, dict) or str(raw.get("case")) != number:
        return None
    return OwnDraft(**raw)


def save(turn: Turn, own: OwnDraft) -> None:
    turn.session.draft["own"] = {name: getattr(own, name) for name in OwnDraft.__slots__}
    turn.acted = True


def context(turn: Turn, own: OwnDraft) -> DraftContext:
    """What the case knows, and what was told on the way."""
    case = turn.case(own.case)
    matter = matter_for(turn, case, own.kind) if case else None
    known = DraftContext(turn.now, turn.zone)
    if case is not None and matter is not None:
        amount = turn.state(case).facts.get("amount")
        known = DraftContext(
            turn.now,
            turn.zone,
            order_no=matter.value("order_no") if matter.known("order_no") else "",
            amount_fen=amount if isinstance(amount, int) and amount > 0 else None,
            dates={event: matter.value(event) for event in EVENTS if matter.known(event)},
            request=chosen(matter, wanted_request(turn, case)).text.rstrip("。"),
            deadline=matter.reply_by,
            proved=_proved(turn, own),
        )
    return _with_told(known, own.told)


def _with_told(known: DraftContext, told: Mapping[str, Json]) -> DraftContext:
    return replace(
        known,
        order_no=str(told.get("order_no", known.order_no)),
        amount_fen=told.get("amount", known.amount_fen),
        request=str(told.get("request", known.request)),
    )


def _proved(turn: Turn, own: OwnDraft) -> frozenset[str]:
    """Words that a piece of evidence of the case backs: a report of the maker, 假货."""
    case = turn.case(own.case)
    if case is None:
        return frozenset()
    keys = [f"drafts.proved.{turn.problem(case).id}_{proof.item}" for proof in turn.state(case).proofs]
    return frozenset(word for key in keys if turn.t.has(key) for word in turn.t.plain(key).split("/"))


def mark(finding: Finding) -> str:
    """By which a finding is known again after the text changed elsewhere."""
    return f"{finding.code}:{finding.quote}"


def findings(turn: Turn, own: OwnDraft) -> list[Finding]:
    """What is better changed and was not refused."""
    found = check_draft(own.text, context(turn, own), turn.knowledge.drafts)
    return [each for each in found if mark(each) not in own.refused]


def mend_all(turn: Turn, own: OwnDraft) -> None:
    """Put in every fix that is known and was not refused. A fix may show something else that is missing."""
    for _ in range(ROUNDS):
        known = fixes(findings(turn, own))
        if not known:
            return
        own.text = apply(own.text, known)


def sentences(text: str) -> list[str]:
    """The text in sentences; joined they are the text again."""
    return _SENTENCE.findall(text)
