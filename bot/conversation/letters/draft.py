"""Looks over a draft that a person wrote themselves, and mends it: each finding with its stretch, reason and fix.

The reasons stand in the locale under ``drafts.why``, what to ask for if a fix is not known under ``drafts.need``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Literal

from bot.conversation.letters.draft_dates import out_of_order
from bot.conversation.letters.draft_demands import extra_demands
from bot.conversation.letters.draft_text import Fix, Span, apply, blanked, clause_at
from bot.conversation.letters.draft_words import EVENTS, Calm, DraftWords
from bot.conversation.understand.order_text import read_order

__all__ = ["MAX_DRAFT", "DraftCode", "DraftContext", "Finding", "Fix", "apply", "check_draft", "fixes", "mend"]

DraftCode = Literal[
    "no_order", "no_amount", "no_date", "no_request", "date_order", "two_requests", "insult", "threat", "unproved",
    "private",
]  # fmt: skip
MAX_DRAFT = 2000
"""Characters of a draft that are looked at and kept; one message to the service holds 256."""
_ROUNDS = 4
_MOST = 20
_MASK = "*"


@dataclass(frozen=True, slots=True)
class DraftContext:
    """What the case knows. ``amount_fen``: what was paid; ``dates``: event (``signed_at`` …) -> date as a letter writes
    it; ``request``: what is asked for, without the opening words; ``deadline``: until when an answer is wanted;
    ``proved``: words that the evidence backs. What is not known is empty. Raises ValueError for a naive ``now``."""

    now: datetime
    zone: tzinfo
    order_no: str = ""
    amount_fen: int | None = None
    dates: Mapping[str, str] = field(default_factory=dict)
    request: str = ""
    deadline: str = ""
    proved: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.now.utcoffset() is None:
            raise ValueError("now must be aware")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to change. ``quote`` is the stretch at ``span`` (None and empty: something is missing); ``fix`` is None
    if only the person knows, and ``need`` then says what to ask them (a key under ``drafts.need``)."""

    code: DraftCode
    span: Span | None
    quote: str
    fix: Fix | None
    need: str = ""

    @property
    def why(self) -> str:
        """The reason's key in the locale."""
        return f"drafts.why.{self.code}"


def check_draft(text: str, context: DraftContext, words: DraftWords) -> list[Finding]:
    """Everything that is better changed: what is missing first, then by place. Never raises; linear in the text."""
    text = text[:MAX_DRAFT]
    found = sorted(_standing(text, context, words), key=lambda each: each.span or (0, 0))[:_MOST]
    # What a cut takes away has to be said again, so what is missing is looked for in what will be left.
    left = apply(text, fixes(found))
    missing = {each.code: each for source in (text, left) for each in _missing(source, context, words)}
    if not any(each.code == "no_request" for each in _missing(left, context, words)):
        # A threat asked for it, and its fix does so in peace.
        missing.pop("no_request", None)
    return [*missing.values(), *found]


def fixes(findings: Sequence[Finding]) -> list[Fix]:
    """Those that need no answer of the person."""
    return [each.fix for each in findings if each.fix is not None]


def mend(text: str, context: DraftContext, words: DraftWords) -> str:
    """The draft with everything mended that can be without asking."""
    text = text[:MAX_DRAFT]
    for _ in range(_ROUNDS):
        known = fixes(check_draft(text, context, words))
        if not known:
            break
        text = apply(text, known)
    return text


def _standing(text: str, context: DraftContext, words: DraftWords) -> Iterator[Finding]:
    plain = blanked(words.quoted, text)
    threats = list(_threats(text, plain, context, words))
    yield from threats
    calm = _without(plain, threats)
    # Harsh words in a threat go with it, but are told all the same.
    yield from _calmed(text, plain, "insult", words.insults, context, words)
    unproved = list(_calmed(text, calm, "unproved", words.unproved, context, words))
    yield from unproved
    for span in dict.fromkeys(extra_demands(_without(calm, unproved), context.request, words)):
        yield Finding("two_requests", span, _quote(text, span), Fix(span, ""))
    yield from _private(text, words)
    yield from _dates(text, context, words)


def _threats(text: str, plain: str, context: DraftContext, words: DraftWords) -> Iterator[Finding]:
    """A threat goes with the condition before it; a date to answer by says the same in peace."""
    end = -1
    for found in words.threats.finditer(plain):
        if found.start() < end:
            continue
        first, last = (
            clause_at(plain, words.breaks, found.start())[0],
            clause_at(plain, words.breaks, found.end() - 1)[1],
        )
        before = clause_at(plain, words.breaks, max(0, first - 2))
        if before[1] < first and before[0] >= max(0, end) and words.condition.search(plain, *before):
            first = before[0]
        calm = words.add["deadline"].format(deadline=context.deadline) if context.deadline and end < 0 else ""
        if calm and calm in text:
            calm = ""
        end = last
        calm = _carried(plain, (first, last), words) + calm
        yield Finding("threat", (first, last), _quote(text, found.span()), Fix((first, last), calm))


def _carried(plain: str, cut: Span, words: DraftWords) -> str:
    """The request that a threat holds, said in peace, if the draft makes none beside it."""
    asked = words.demand.search(plain, *cut)
    if asked is None or words.request.search(plain[: cut[0]]) or words.request.search(plain[cut[1] :]):
        return ""
    return words.add["ask"].format(what=asked[0])


def _calmed(
    text: str, plain: str, code: DraftCode, calms: Sequence[Calm], context: DraftContext,
    words: DraftWords,
) -> Iterator[Finding]:  # fmt: skip
    taken: list[Span] = []
    for each in calms:
        for found in each.pattern.finditer(plain):
            span = found.span()
            if any(span[0] < end and start < span[1] for start, end in taken):
                continue
            named = {name: value or "" for name, value in found.groupdict().items()}
            if code == "unproved" and (found[0] in context.proved or set(named.values()) & context.proved):
                continue
            taken.append(span)
            calm = each.calm.format(**named)
            clause = clause_at(plain, words.breaks, span[0])
            rest = plain[clause[0] : span[0]] + plain[span[1] : clause[1]]
            quote = _quote(text, span)
            hollow = code == "insult" and words.hollow.fullmatch(rest)
            if span[1] <= clause[1] and (hollow or (each.clause and not _tells(plain[slice(*clause)], words))):
                span, calm = clause, ""
            elif not calm and text.startswith(words.add["of"], span[1]):
                span = (span[0], span[1] + len(words.add["of"]))
            yield Finding(code, span, quote, Fix(span, calm))


def _tells(clause: str, words: DraftWords) -> bool:
    """Whether a clause holds what the draft needs: a figure, a date or a request."""
    return any(char.isdecimal() for char in clause) or any(
        pattern.search(clause) for pattern in (words.demand, words.request, words.date)
    )


def _private(text: str, words: DraftWords) -> Iterator[Finding]:
    spared = blanked(words.spared, text)
    taken: list[Span] = []
    for pattern in words.private.values():
        for found in pattern.finditer(spared):
            span = next((found.span(name) for name in found.groupdict() if found[name]), found.span())
            if any(span[0] < end and start < span[1] for start, end in taken):
                continue
            taken.append(span)
            yield Finding("private", span, _quote(text, found.span()), Fix(span, _masked(text[slice(*span)])))


def _masked(private: str) -> str:
    """Three figures and the last four of a long number, nothing of what is short."""
    figures = sum(char.isdecimal() for char in private)
    if figures < 11:
        return _MASK * 2
    return f"{private[:3]}{_MASK * 4}{private[-4:]}"


def _dates(text: str, context: DraftContext, words: DraftWords) -> Iterator[Finding]:
    for early, late in out_of_order(text, context.now, context.zone, words):
        span = (min(early.span[0], late.span[0]), max(early.end, late.end))
        quote = _quote(text, span)
        wrong = [each for each in (early, late) if context.dates.get(each.event, each.text) != each.text]
        known = early.event in context.dates and late.event in context.dates
        if known and wrong:
            for each in wrong:
                yield Finding("date_order", each.span, quote, Fix(each.span, context.dates[each.event]))
        else:
            yield Finding("date_order", span, quote, None, late.event if late.event in EVENTS else early.event)


def _missing(text: str, context: DraftContext, words: DraftWords) -> Iterator[Finding]:
    def absent(code: DraftCode, known: str, need: str) -> Finding:
        return Finding(code, None, "", Fix(None, known) if known else None, "" if known else need)

    add = words.add
    if not (context.order_no and context.order_no in text) and read_order(text).order_no is None:
        yield absent(
            "no_order", add["order_no"].format(order_no=context.order_no) if context.order_no else "", "order_no"
        )
    fen = context.amount_fen
    if not words.amount.search(text):
        amount = f"{fen // 100}.{fen % 100:02d}" if fen is not None else ""
        yield absent("no_amount", add["amount"].format(amount=amount) if amount else "", "amount")
    plain = blanked(words.spared, text)
    if not words.date.search(plain):
        yield absent("no_date", _dated(context, words), "date")
    if not words.request.search(text):
        yield absent("no_request", add["request"].format(request=context.request) if context.request else "", "request")


def _dated(context: DraftContext, words: DraftWords) -> str:
    known = [words.dated[event].format(date=context.dates[event]) for event in EVENTS if context.dates.get(event)]
    told = words.add["dates"].format(dates=words.add["comma"].join(known)) if known else ""
    return told or (words.add["deadline"].format(deadline=context.deadline) if context.deadline else "")


def _without(plain: str, findings: Sequence[Finding]) -> str:
    for each in findings:
        if each.span:
            start, end = each.span
            plain = plain[:start] + _MASK * (end - start) + plain[end:]
    return plain


def _quote(text: str, span: Span) -> str:
    return re.sub(r"\s+", " ", text[slice(*span)]).strip() or text[slice(*span)]
