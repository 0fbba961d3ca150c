"""Whether a text reads like the words of a swindler: an act asked of the person, with what tempts or frightens to it.

Precise patterns come first. Where they find nothing, points are added up: what is asked for, and what is said to make
the person do it (money back, trouble, authority, haste); a buyer's own question or complaint takes points off.

Warnings against fraud and the harmless neighbours of its words (a pick-up code, a refund to WeChat Pay) are passed
over. Asking about such words still counts: who asks has been asked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from bot.catalog.errors import CatalogError
from bot.conversation.understand.lexicon_tables import NormaliseTable, Table, read_table
from bot.conversation.understand.phrases import Phrases
from bot.conversation.understand.spelling import COMMA, Spelled, spell

FraudKind = Literal[
    "code", "screen", "transfer", "loan", "card", "membership", "rebate", "link", "contact",
]  # fmt: skip
"""A one-time code or password, the screen, money sent, a loan, card data, a membership to be ended, paid tasks, a link
or QR code, a contact outside; what does the most harm first."""

_KINDS: tuple[FraudKind, ...] = get_args(FraudKind)
_SUSPECT = 3.0
"""Points of acts and pretexts together from which a text is suspect; an act of so many is suspect by itself."""
_FURTHER = 0.5
"""Share of its points that every further act or pretext adds."""
_MOST_PRETEXT = 2.0
_MOST_WORDS = 3
_LONGEST_WORD = 20
_BEFORE = 24


@dataclass(frozen=True, slots=True)
class Fraud:
    """``words``: at most three stretches of the text as it was written; ``kinds``: all that were found."""

    kind: FraudKind
    kinds: tuple[FraudKind, ...]
    words: tuple[str, ...]


class _KindTable(Table):
    alone: list[str]
    lured: list[str]


class _Act(Table):
    kind: FraudKind
    points: float
    says: list[str]


class _Weight(Table):
    points: float
    says: list[str]


class _FraudTable(Table):
    same: dict[str, str]
    reach: int
    harmless: list[str]
    warned: str
    denied: str
    undone: str
    lure: str
    phrases: dict[str, str]
    kind: dict[FraudKind, _KindTable]
    act: list[_Act]
    pretext: list[_Weight]
    calm: list[_Weight]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One family of words with its points; ``kind``: what it asks for, None for a pretext or a calming word."""

    kind: FraudKind | None
    points: float
    says: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class FraudWords:
    """Everything by which fraud is recognised. Immutable; one per process. ``reach``: how near a lure must be."""

    simplified: Mapping[int, str]
    same: Mapping[str, str]
    reach: int
    harmless: re.Pattern[str]
    warned: re.Pattern[str]
    denied: re.Pattern[str]
    undone: re.Pattern[str]
    lure: re.Pattern[str]
    alone: Mapping[FraudKind, re.Pattern[str]]
    lured: Mapping[FraudKind, re.Pattern[str]]
    acts: tuple[Weighed, ...]
    pretexts: tuple[Weighed, ...]
    calms: tuple[Weighed, ...]


def load_fraud_words(folder: Path) -> FraudWords:
    """Read and compile `bot/data/lexicon/fraud.toml`. Raises CatalogError with every mistake."""
    mistakes: list[str] = []
    normalise = read_table(folder / "normalise.toml", NormaliseTable, mistakes)
    table = read_table(folder / "fraud.toml", _FraudTable, mistakes)
    if table is None or normalise is None:
        raise CatalogError(mistakes)
    mistakes += [f"fraud.toml: kind.{kind}: missing" for kind in _KINDS if kind not in table.kind]
    phrases = Phrases("fraud.toml", table.phrases, mistakes)

    def weighed(key: str, entries: Iterable[_Act | _Weight]) -> tuple[Weighed, ...]:
        return tuple(
            Weighed(each.kind if isinstance(each, _Act) else None, each.points, phrases.compile(key, each.says))
            for each in entries
        )

    words = FraudWords(
        simplified={ord(old): new for old, new in normalise.traditional.items() if len(old) == 1},
        same=table.same,
        reach=table.reach,
        harmless=phrases.compile("harmless", table.harmless),
        warned=phrases.compile("warned", table.warned),
        denied=phrases.compile("denied", table.denied),
        undone=phrases.compile("undone", table.undone),
        lure=phrases.compile("lure", table.lure),
        alone={kind: phrases.compile(f"kind.{kind}.alone", each.alone) for kind, each in table.kind.items()},
        lured={kind: phrases.compile(f"kind.{kind}.lured", each.lured) for kind, each in table.kind.items()},
        acts=weighed("act", table.act),
        pretexts=weighed("pretext", table.pretext),
        calms=weighed("calm", table.calm),
    )
    if mistakes:
        raise CatalogError(mistakes)
    return words


def read_fraud(text: str, words: FraudWords) -> Fraud | None:
    """The fraud that the text reads like, or None. Never raises; linear in the text."""
    spelled = spell(text, words.simplified, words.same)
    said = words.harmless.sub(lambda found: COMMA * len(found[0]), spelled.text)
    found = sorted(_found(spelled, said, words) or _suspect(spelled, said, words), key=lambda each: each[1])
    if not found:
        return None
    kinds = sorted({kind for kind, _, _ in found}, key=_KINDS.index)
    return Fraud(kinds[0], tuple(kinds), _quotes(spelled, found))


def _quotes(spelled: Spelled, found: list[tuple[FraudKind, int, int]]) -> tuple[str, ...]:
    quotes: dict[str, None] = {}
    last = -1
    for _, start, end in found:
        quote = spelled.quote(start, end, _LONGEST_WORD)
        if start >= last and quote:
            quotes[quote] = None
            last = end
    return tuple(quotes)[:_MOST_WORDS]


def _found(spelled: Spelled, said: str, words: FraudWords) -> list[tuple[FraudKind, int, int]]:
    return list(_plain(spelled, said, words))


def _suspect(spelled: Spelled, said: str, words: FraudWords) -> list[tuple[FraudKind, int, int]]:
    """What is asked for, if acts and pretexts weigh enough together."""
    acts: list[tuple[float, FraudKind, int, int]] = []
    for act in words.acts:
        for found in act.says.finditer(said):
            if act.kind is not None and _meant(spelled, said, found.start(), found.end(), words):
                acts.append((act.points, act.kind, *found.span()))
                break
    if not acts:
        return []
    pretext = min(_MOST_PRETEXT, _total([each.points for each in words.pretexts if each.says.search(said)]))
    weight = _total([points for points, _, _, _ in acts])
    if weight < _SUSPECT:
        weight += pretext - sum(each.points for each in words.calms if each.says.search(said))
    return [(kind, start, end) for _, kind, start, end in acts] if weight >= _SUSPECT else []


def _total(gains: list[float]) -> float:
    return max(gains) + _FURTHER * (sum(gains) - max(gains)) if gains else 0.0


def _plain(spelled: Spelled, said: str, words: FraudWords) -> Iterator[tuple[FraudKind, int, int]]:
    for kind in _KINDS:
        for found in words.alone[kind].finditer(said):
            if _meant(spelled, said, found.start(), found.end(), words):
                yield kind, *found.span()
        for found in words.lured[kind].finditer(said):
            near = (max(0, found.start() - words.reach), found.end() + words.reach)
            tempting = any(
                not (found.start() <= lure.start() < found.end()) for lure in words.lure.finditer(said, *near)
            )
            if tempting and _meant(spelled, said, found.start(), found.end(), words):
                yield kind, *found.span()


def _meant(spelled: Spelled, said: str, start: int, end: int, words: FraudWords) -> bool:
    """Whether it is asked for, and not warned against or denied."""
    first, _ = spelled.sentence(start)
    clause = max(spelled.clause(start)[0], start - _BEFORE)
    if words.denied.search(said[clause:start]) or words.undone.match(said, end):
        return False
    return words.warned.search(said, max(first, start - words.reach), start) is None
