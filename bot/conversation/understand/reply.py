"""What a merchant's, an agent's or a robot's answer means: the kind, the ground of a refusal, what is offered, by when.

Precise patterns come first, then clues that add up: a family of clues that is SURE says it by itself, weaker ones only
together and where nothing else was found. What is not said plainly enough is left open, and then the person is asked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from bot.conversation.understand.offers import Offer, OfferFlag, read_offer
from bot.conversation.understand.reply_words import GROUNDS, KINDS, Clue, Ground, Kind, KindWords, ReplyWords, What
from bot.conversation.understand.spelling import ASKED, STOP, Spelled, spell

SURE = 3.0
"""Points of one clue, or of several, that say a kind or refuse by themselves."""
LIKELY = 2.0
"""Points that say a kind where nothing else, or only patience, was found."""
LEAD = 0.5
"""Points by which the likeliest kind must stand before the next; else the person is asked."""
FURTHER_CLUE = 0.5
"""Share of its points that each clue after the strongest adds."""
NAMED_GROUND = 1.5
"""Points from which a ground counts as named."""
PLAIN_GROUND = 2.0
"""Points of a ground that a precise pattern names."""
_COSTLY: tuple[Kind, ...] = ("leave_app", "asks_withdraw")
_BEFORE = 24
_END = 16
_SHORT = 20
_SENTENCE = 120
"""Characters of a sentence that are looked back upon; a text without any stop would cost too much otherwise."""


@dataclass(frozen=True, slots=True)
class Reply:
    """``kind`` stands for the whole (None: ask the person); ``also`` are the further kinds found, the graver first.

    ``why`` is the stretch of the text that led there, word by word. ``amount`` (fen) and ``percent`` are what is
    offered in money, with ``flags`` for what is odd about it. ``until_text`` is the time of a promise as written, for
    ``times.read_time``. ``confirm_receipt``: it also asks to confirm the receipt.
    """

    kind: Kind | None
    also: tuple[Kind, ...] = ()
    ground: Ground | None = None
    grounds: tuple[Ground, ...] = ()
    why: str = ""
    amount: int | None = None
    percent: int | None = None
    flags: frozenset[OfferFlag] = field(default_factory=frozenset)
    what: What | None = None
    until_text: str = ""
    confirm_receipt: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int


def read_reply(text: str, words: ReplyWords, price_fen: int | None = None) -> Reply:
    """Sort an answer. ``price_fen``: what was paid, if known. Never raises; linear in the text."""
    spelled = spell(text, words.simplified, words.same)
    spelled, said = spelled.without_quotes(_own_words(spelled.text, words))
    hits: dict[Kind, list[_Hit]] = {
        kind: list(_hits(spelled, said, words.kinds[kind], words)) for kind in KINDS if kind != "part_offer"
    }
    offer = read_offer(spelled, said, words, price_fen)
    clues = [(clue, hit) for clue in words.clues for hit in islice(_hits(spelled, said, clue.words, words), 1)]
    _add_sure(clues, hits)
    grounds = _grounds(spelled, said, words, hits, clues)
    _settle_offer(spelled, said, offer, hits, words)
    if not any(found for kind, found in hits.items() if kind != "stalls"):
        _add_likely(clues, hits)
    if not any(hits.values()):
        # What speaks against the buyer and nothing else is a refusal in other words.
        hits["refuses"] = [hit for clue, hit in clues if clue.ground in words.refusing and clue.points >= LIKELY]
    found = _in_order(said, hits, words)
    until = _until(said, hits["promise"], words)
    confirm = words.confirm_receipt.search(said) is not None
    if not found:
        return Reply(None, confirm_receipt=confirm)
    kind = found[0]
    first = min(hits[kind], key=lambda hit: hit.start)
    whole = (spelled.clause(first.start)[0], spelled.clause(first.end - 1)[1])
    # A short clause reads better as a reason than the few signs that were matched in it.
    why = spelled.quote(*(whole if whole[1] - whole[0] <= _SHORT else (first.start, first.end)))
    parts = offer if offer is not None and "part_offer" in found else None
    what = _what(spelled, said, hits, words)
    return Reply(
        kind=kind,
        also=tuple(found[1:]),
        ground=(grounds[0] if grounds else "none_given") if "refuses" in found else None,
        grounds=tuple(grounds) if "refuses" in found else (),
        why=why,
        amount=parts.amount if parts else None,
        percent=parts.percent if parts else None,
        flags=parts.flags if parts else frozenset(),
        what=what,
        until_text=spelled.quote(*until) if until else "",
        confirm_receipt=confirm,
    )


def _own_words(text: str, words: ReplyWords) -> str:
    """The text with the person's own lines and retold wishes blanked out, in the same length."""
    for pattern in (words.own_line, words.retold):
        text = pattern.sub(lambda found: STOP * len(found[0]), text)
    return text


def _hits(spelled: Spelled, said: str, kind: KindWords, words: ReplyWords) -> Iterator[_Hit]:
    at = 0
    while found := kind.says.search(said, at):
        if _stands(spelled, said, found, kind, words):
            yield _Hit(*found.span())
            at = found.end()
        else:
            at = found.start() + 1 if kind.again else found.end()


def _stands(spelled: Spelled, said: str, found: re.Match[str], kind: KindWords, words: ReplyWords) -> bool:
    """Whether what matched is meant: not denied, taken back, supposed or only asked about."""
    first, last = spelled.sentence(found.start())
    clause = max(first, spelled.clause(found.start())[0])
    before = said[max(clause, found.start() - _BEFORE) : found.start()]
    if kind.denied.search(before) or kind.undone.match(said, found.end()):
        return False
    if not kind.asks and words.supposed.search(before):
        return False
    if kind.unless.search(said, max(first, found.start() - _SENTENCE), found.end()):
        return False
    if not _asked(said, first, last, words):
        return True
    near = (max(first, found.start() - _SENTENCE), min(last, found.end() + _SENTENCE))
    return kind.asks and not words.checking.search(said, *near)


def _scores(clues: list[tuple[Clue, _Hit]]) -> dict[Kind, tuple[float, list[_Hit]]]:
    """Points and stretches per kind: the strongest clue in full, of each further one a share."""
    scores: dict[Kind, tuple[float, list[_Hit]]] = {}
    for kind in KINDS:
        said = [(clue.points, hit) for clue, hit in clues if clue.kind == kind]
        gains = [points for points, _ in said]
        if gains:
            scores[kind] = _total(gains), [hit for _, hit in sorted(said, key=lambda each: -each[0])]
    return scores


def _total(gains: list[float]) -> float:
    return max(gains) + FURTHER_CLUE * (sum(gains) - max(gains))


def _add_sure(clues: list[tuple[Clue, _Hit]], hits: dict[Kind, list[_Hit]]) -> None:
    for kind, (points, found) in _scores(clues).items():
        if points >= SURE:
            hits.setdefault(kind, []).extend(found)


def _add_likely(clues: list[tuple[Clue, _Hit]], hits: dict[Kind, list[_Hit]]) -> None:
    scores = {kind: each for kind, each in _scores(clues).items() if each[0] >= LIKELY}
    # Patience is asked for beside anything else.
    weighty = {kind: points for kind, (points, _) in scores.items() if kind != "stalls" or len(scores) == 1}
    ranked = sorted(weighty, key=lambda kind: -weighty[kind])
    costly = [kind for kind in ranked if kind in _COSTLY]
    if len(ranked) > 1 and not costly and scores[ranked[0]][0] - scores[ranked[1]][0] < LEAD:
        return
    for kind in costly or ranked[:1]:
        hits.setdefault(kind, []).extend(scores[kind][1])


def _asked(said: str, first: int, last: int, words: ReplyWords) -> bool:
    return said[last : last + 1] == ASKED or words.asked_end.search(said[max(first, last - _END) : last]) is not None


def _grounds(
    spelled: Spelled, said: str, words: ReplyWords, hits: dict[Kind, list[_Hit]], clues: list[tuple[Clue, _Hit]]
) -> list[Ground]:
    """Every ground that is named, the likeliest first; the telling ones refuse by themselves."""
    refuses, courier = hits["refuses"], hits["blames_courier"]
    rhetorical = [_Hit(*found.span()) for found in words.rhetorical.finditer(said)]
    refuses += rhetorical
    refuses += [_Hit(*found.span()) for found in words.ground_head.finditer(said)]
    blamed = [_Hit(*found.span()) for found in words.liability.finditer(said)]
    (courier if words.courier_word.search(said) else refuses).extend(blamed)
    points: dict[Ground, list[float]] = {}
    for ground, pattern in words.grounds.items():
        for found in pattern.finditer(said):
            first, last = spelled.sentence(found.start())
            if not _meant(said, found, spelled, words) or (
                _asked(said, first, last, words) and not any(first <= hit.start < last for hit in rhetorical)
            ):
                continue
            if ground in words.refusing:
                refuses.append(_Hit(*found.span()))
            points[ground] = [PLAIN_GROUND]
    for clue, _ in clues:
        if clue.ground is not None:
            points.setdefault(clue.ground, []).append(clue.points)
    total = {ground: _total(gains) for ground, gains in points.items()}
    named = [ground for ground in GROUNDS if total.get(ground, 0.0) >= NAMED_GROUND]
    return sorted(named, key=lambda each: -total[each])


def _meant(said: str, found: re.Match[str], spelled: Spelled, words: ReplyWords) -> bool:
    clause = spelled.clause(found.start())[0]
    before = said[max(clause, found.start() - _BEFORE) : found.start()]
    return not words.ground_denied.search(before) and not words.supposed.search(before)


def _settle_offer(
    spelled: Spelled, said: str, offer: Offer | None, hits: dict[Kind, list[_Hit]], words: ReplyWords
) -> None:
    """An offer of a part is no consent to what was asked for; one of the whole price is."""
    if offer is None:
        return
    first, last = spelled.sentence(offer.start)
    if "missing" in offer.flags and any(first <= hit.start < last for hit in hits["coupon"]):
        return
    if offer.full:
        hits["agrees"].append(_Hit(offer.start, offer.end))
        return
    hits["part_offer"] = [_Hit(offer.start, offer.end)]
    hits["agrees"] = [hit for hit in hits["agrees"] if not (first <= hit.start < last)]


def _in_order(said: str, hits: dict[Kind, list[_Hit]], words: ReplyWords) -> list[Kind]:
    """The kinds, the one that stands for the whole first; a plain consent is not undone by a word of patience."""
    found = [kind for kind in KINDS if hits.get(kind)]
    if found[:1] == ["stalls"] and any(
        words.settled.search(said, hit.start - 4, hit.end + 6) for hit in hits["agrees"]
    ):
        found = ["agrees", *(kind for kind in found if kind != "agrees")]
    return found


def _until(said: str, promises: list[_Hit], words: ReplyWords) -> tuple[int, int] | None:
    for hit in promises:
        for found in words.time.finditer(said, hit.start, hit.end):
            return found.span()
    return None


def _what(spelled: Spelled, said: str, hits: dict[Kind, list[_Hit]], words: ReplyWords) -> What | None:
    for kind in ("agrees", "promise"):
        for hit in hits[kind]:
            first, last = spelled.sentence(hit.start)
            for what, pattern in words.what.items():
                if pattern.search(said, max(first, hit.start - 6), min(last, hit.end + 6)):
                    return what
    return None
