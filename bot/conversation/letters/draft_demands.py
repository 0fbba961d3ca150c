"""What a draft asks for: more than one thing, and nothing is done."""

from bot.conversation.letters.draft_text import Span, clause_at
from bot.conversation.letters.draft_words import DraftWords

_BEFORE = 16


def extra_demands(plain: str, request: str, words: DraftWords) -> list[Span]:
    """The stretches to leave out so that one demand remains: the one that ``request`` names if the draft makes it, else
    the first."""
    asked = _demands(plain, words)
    kinds = [kind for kind, _ in asked]
    if len(set(kinds)) < 2:
        return []
    named = words.demand.search(request)
    keep = named.lastgroup if named and named.lastgroup in kinds else kinds[0]
    spans: list[Span] = []
    for kind, (start, end) in asked:
        if kind != keep:
            spans.append(_stretch(plain, start, end, [span for other, span in asked if other == keep], words))
    return spans


def _demands(plain: str, words: DraftWords) -> list[tuple[str, Span]]:
    asked: list[tuple[str, Span]] = []
    for found in words.demand.finditer(plain):
        clause = clause_at(plain, words.breaks, found.start())
        before = plain[clause[0] : found.start()]
        if found.lastgroup and not words.not_demanded.search(before) and words.wanted.search(before[-_BEFORE:]):
            asked.append((found.lastgroup, found.span()))
    return asked


def _stretch(plain: str, start: int, end: int, kept: list[Span], words: DraftWords) -> Span:
    """The whole clause, or as much of it as does not hold the demand that is kept."""
    first, last = clause_at(plain, words.breaks, start)
    for keep_start, keep_end in kept:
        if first <= keep_start < last:
            if keep_end <= start:
                first = keep_end
            else:
                first, last = start, keep_start
    return first, last
