"""A case in finished words, complete: what the exports are made from."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from bot.conversation import formats
from bot.conversation.naming import effect, name, stage_words
from bot.conversation.places.history import describe, shown_fact, when
from bot.conversation.places.proof import item_name
from bot.conversation.turn import Turn
from bot.documents import CaseFile, DeadlineLine, Exhibit, HandedOut, Headings, Line
from bot.domain.deadline import Deadline
from bot.domain.facts import Proof
from bot.domain.history import undone
from bot.domain.model import Case, Letter

_ADDRESS = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s,;()]*")
"""An address at the beginning of a source's title."""
_KB, _MB = 1024, 1024 * 1024
ENDINGS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/avif": "avif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "application/pdf": "pdf",
}
"""Media type -> the ending of a file's name."""


def case_file(turn: Turn, case: Case, letters: Sequence[Letter], *, beside: bool = False) -> CaseFile:
    """The document of one case. ``beside``: the evidence lies in files beside it."""
    t, state = turn.t, turn.state(case)
    stage, whose = stage_words(turn, state)
    heading = t.plain("card.stage", stage=stage, turn=whose)
    if not state.open:
        heading = t.plain(f"outcome.{state.outcome or 'unknown'}")
    clock = partial(formats.clock, t, zone=turn.zone, now=turn.now)
    return CaseFile(
        id=case.id,
        number=case.number,
        title=document_title(turn, case),
        stage=heading,
        made=t.plain("document.made", when=clock(turn.now)),
        disclaimer=t.plain("document.disclaimer"),
        facts=_facts(turn, case),
        deadlines=[_deadline(turn, case, each) for each in turn.schedule(case).deadlines],
        history=_history(turn, case),
        evidence=[_exhibit(turn, case, each, beside) for each in state.proofs],
        letters=[_letter(turn, each) for each in letters if each.case == case.id],
        headings=headings(turn),
    )


def headings(turn: Turn) -> Headings:
    """The document's own words. {name} and {number} stay, for whoever fills them."""
    t = turn.t
    words = ("facts", "deadlines", "history", "evidence", "letters", "none", "sha256", "rules", "source", "missing")
    return Headings(
        **{word: t.plain(f"document.{word}") for word in words},
        not_shown=t.plain("document.not_shown", name="{name}"),
        exhibit=t.plain("document.exhibit", number="{number}"),
    )


def document_title(turn: Turn, case: Case) -> str:
    """问题单3 · 草莓坏果"""
    return turn.t.plain("document.title", number=case.number, name=name(turn, case))


def exhibit_file(turn: Turn, case: Case, proof: Proof) -> str:
    """证据4-坏的称重.jpg: the name of a piece of evidence as a file; empty if nothing is kept."""
    if not proof.kept:
        return ""
    item = item_name(turn, case, proof.item)
    key = "document.exhibit_file" if item else "document.exhibit_file_unnamed"
    return turn.t.plain(key, number=proof.number, item=item, ending=ENDINGS.get(proof.type, "bin"))


def exhibit_entry(turn: Turn, case: Case, proof: Proof) -> str:
    """Where it lies in an export of everything, beside the pages; empty if nothing is kept."""
    file = exhibit_file(turn, case, proof)
    return turn.t.plain("document.file.evidence", number=case.number, file=file) if file else ""


def size_text(turn: Turn, size: int) -> str:
    """1.2 MB, 340 KB."""
    if size >= _MB:
        return turn.t.plain("document.megabytes", size=f"{size / _MB:.1f}")
    return turn.t.plain("document.kilobytes", size=max(1, round(size / _KB))) if size else ""


def _facts(turn: Turn, case: Case) -> list[Line]:
    state = turn.state(case)
    problem = Line(turn.t.plain("document.problem"), turn.problem(case).name)
    shown = [shown_fact(turn, fact, value) for fact, value in state.facts.items()]
    return [problem, *(Line(label, text) for label, text in shown if label and text)]


def _history(turn: Turn, case: Case) -> list[Line]:
    t, gone = turn.t, undone(case.entries)
    lines = []
    for entry in case.entries:
        words = describe(turn, case, entry)
        if words:
            text = t.plain("document.undone", what=words) if entry.seq in gone else words
            lines.append(Line(when(turn, entry), text))
    return lines


def _deadline(turn: Turn, case: Case, deadline: Deadline) -> DeadlineLine:
    t = turn.t
    whose = "own" if deadline.own else "theirs"
    what = t.plain(f"document.deadline.{whose}", effect=effect(turn, turn.state(case), deadline))
    rule = turn.rules(case).rule(deadline.rule)
    source = formats.source(t, deadline)
    links: list[str] = []
    if rule is not None and deadline.source != "app":
        source = t.plain("document.deadline.source", source=source, what=rule.what, version=rule.version)
        titles = [turn.catalog.sources[code].title for code in rule.sources]
        links = [f"https://{found[0]}" for title in titles if (found := _ADDRESS.match(title))]
    return DeadlineLine(
        formats.clock(t, deadline.at, turn.zone, turn.now), what, source, links, over=deadline.over(turn.now)
    )


def _exhibit(turn: Turn, case: Case, proof: Proof, beside: bool) -> Exhibit:
    t = turn.t
    if proof.kept:
        state = "received"
    elif proof.fault:
        state = "lost"
    else:
        state = "coming" if proof.sent else "ticked"
    at = formats.clock(t, proof.at, turn.zone, turn.now) if proof.at else ""
    return Exhibit(
        proof.number,
        item_name(turn, case, proof.item),
        t.plain(f"document.{state}", at=at),
        proof.kept,
        proof.size,
        proof.type if proof.kept else "",
        size_text(turn, proof.size) if proof.kept else "",
        exhibit_entry(turn, case, proof) if beside else "",
    )


def _letter(turn: Turn, letter: Letter) -> HandedOut:
    t = turn.t
    key = f"document.kind.{letter.kind.replace(':', '_')}"
    kind = t.plain(key if t.has(key) else "document.kind.other")
    book = turn.catalog.rules
    rules = []
    for rule_id, version in sorted(letter.rules.items()):
        rule = book.get(version)
        rules.append(t.plain("document.rule", what=(rule.law or rule.what) if rule else rule_id, version=version))
    return HandedOut(_clock(turn, letter.at), kind, letter.text, rules)


def _clock(turn: Turn, at: datetime) -> str:
    return formats.clock(turn.t, at, turn.zone, turn.now)
