"""The words of answers from merchants and agents (`bot/data/lexicon/replies.toml`), read once and compiled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from bot.catalog.errors import CatalogError
from bot.conversation.understand.lexicon_tables import NormaliseTable, OrderWords, Table, read_table
from bot.conversation.understand.phrases import Phrases

Kind = Literal[
    "leave_app", "asks_withdraw", "part_offer", "coupon", "refuses", "promise", "blames_courier", "stalls", "agrees",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What an answer can be, in the order in which one of several stands for the whole: what costs most first."""

Ground = Literal[
    "buyer_damage", "resale", "too_late", "no_proof", "fresh", "no_fault", "shipped", "policy", "signed", "none_given",
]  # fmt: skip
GROUNDS: tuple[Ground, ...] = get_args(Ground)
"""Grounds of a refusal, the more telling first."""

What = Literal["resend", "exchange", "return", "refund", "ship"]
"""What is agreed to or promised."""

_NAMED_GROUNDS = GROUNDS[:-1]


class _KindTable(Table):
    says: list[str]
    denied: str
    undone: str
    asks: bool
    unless: str = ""
    again: bool = False
    settled: str = ""
    liability: tuple[str, ...] = ()
    rhetorical: tuple[str, ...] = ()


class _Offer(Table):
    sums: list[str]
    bare: str
    shares: list[str]
    discount: str
    number: str
    zero: str
    range: str
    not_before: str
    deduct: str
    full: str
    missing: list[str]


class _Pattern(Table):
    pattern: str


class _Clue(Table):
    kind: Kind | None = None
    ground: Ground | None = None
    points: float
    says: list[str]
    denied: str | None = None
    undone: str = ""
    asks: bool = False


class _Replies(Table):
    own_line: str
    retold: list[str]
    asked_end: str
    checking: str
    supposed: str
    same: dict[str, str]
    time: str
    ground_denied: str
    courier_word: str
    ground_head: str
    phrases: dict[str, str]
    kind: dict[Kind, _KindTable]
    grounds: dict[Ground, list[str]]
    refusing: dict[Ground, bool]
    what: dict[What, str]
    offer: _Offer
    confirm_receipt: _Pattern
    clue_denied: str
    clue: list[_Clue]


@dataclass(frozen=True, slots=True)
class KindWords:
    """How one kind of answer is said. ``denied`` ends right before a stretch and ``undone`` begins right after it if
    the stretch does not mean it; ``unless`` stands before it in the sentence; ``asks``: said as a question as well.
    ``again``: what a denied stretch holds may still say it."""

    says: re.Pattern[str]
    denied: re.Pattern[str]
    undone: re.Pattern[str]
    unless: re.Pattern[str]
    asks: bool
    again: bool


@dataclass(frozen=True, slots=True)
class Clue:
    """One family of ways to say a thing, worth ``points`` for its kind and its ground (see `reply.SURE`)."""

    kind: Kind | None
    ground: Ground | None
    points: float
    words: KindWords


@dataclass(frozen=True, slots=True)
class OfferWords:
    """How sums (groups ``money``, ``bare``), shares (``share``, ``discount``) and offers without either are said."""

    sums: tuple[re.Pattern[str], ...]
    bare: re.Pattern[str]
    shares: tuple[re.Pattern[str], ...]
    discount: re.Pattern[str]
    number: re.Pattern[str]
    zero: re.Pattern[str]
    range: re.Pattern[str]
    not_before: re.Pattern[str]
    deduct: re.Pattern[str]
    full: re.Pattern[str]
    missing: re.Pattern[str]
    numerals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ReplyWords:
    """Everything by which an answer is recognised. Immutable; one per process."""

    simplified: Mapping[int, str]
    same: Mapping[str, str]
    own_line: re.Pattern[str]
    retold: re.Pattern[str]
    asked_end: re.Pattern[str]
    checking: re.Pattern[str]
    supposed: re.Pattern[str]
    ground_denied: re.Pattern[str]
    courier_word: re.Pattern[str]
    ground_head: re.Pattern[str]
    kinds: Mapping[Kind, KindWords]
    liability: re.Pattern[str]
    rhetorical: re.Pattern[str]
    settled: re.Pattern[str]
    grounds: Mapping[Ground, re.Pattern[str]]
    refusing: frozenset[Ground]
    what: Mapping[What, re.Pattern[str]]
    offer: OfferWords
    time: re.Pattern[str]
    confirm_receipt: re.Pattern[str]
    clues: tuple[Clue, ...]


def load_reply_words(folder: Path) -> ReplyWords:
    """Read and compile `bot/data/lexicon`. Raises CatalogError with every mistake, each with file and key."""
    mistakes: list[str] = []
    normalise = read_table(folder / "normalise.toml", NormaliseTable, mistakes)
    table = read_table(folder / "replies.toml", _Replies, mistakes)
    order = read_table(folder / "order_text.toml", OrderWords, mistakes)
    if table is None or normalise is None or order is None:
        raise CatalogError(mistakes)
    mistakes += [f"replies.toml: kind.{kind}: missing" for kind in KINDS if kind not in table.kind]
    mistakes += [f"replies.toml: grounds.{each}: missing" for each in _NAMED_GROUNDS if each not in table.grounds]
    if mistakes:
        raise CatalogError(mistakes)
    phrases = Phrases("replies.toml", table.phrases, mistakes)
    build, refuses = phrases.compile, table.kind["refuses"]
    words = ReplyWords(
        simplified={ord(old): new for old, new in normalise.traditional.items() if len(old) == 1},
        same=table.same,
        own_line=build("own_line", table.own_line),
        retold=build("retold", table.retold),
        asked_end=build("asked_end", table.asked_end),
        checking=build("checking", table.checking),
        supposed=build("supposed", table.supposed),
        ground_denied=build("ground_denied", table.ground_denied),
        courier_word=build("courier_word", table.courier_word),
        ground_head=build("ground_head", table.ground_head),
        kinds={kind: _kind(kind, table.kind[kind], phrases) for kind in KINDS},
        liability=build("kind.refuses.liability", refuses.liability),
        rhetorical=build("kind.refuses.rhetorical", refuses.rhetorical),
        settled=build("kind.agrees.settled", table.kind["agrees"].settled or ()),
        grounds={each: build(f"grounds.{each}", table.grounds[each]) for each in _NAMED_GROUNDS},
        refusing=frozenset(each for each, alone in table.refusing.items() if alone),
        what={each: build(f"what.{each}", pattern) for each, pattern in table.what.items()},
        offer=_offer(table.offer, phrases, order.numerals | order.units),
        time=build("time", table.time),
        confirm_receipt=build("confirm_receipt", table.confirm_receipt.pattern),
        clues=tuple(_clue(number, each, table.clue_denied, phrases) for number, each in enumerate(table.clue)),
    )
    if mistakes:
        raise CatalogError(mistakes)
    return words


def _kind(kind: Kind, table: _KindTable, phrases: Phrases) -> KindWords:
    return KindWords(
        says=phrases.compile(f"kind.{kind}.says", table.says),
        denied=phrases.compile(f"kind.{kind}.denied", table.denied),
        undone=phrases.compile(f"kind.{kind}.undone", table.undone or ()),
        unless=phrases.compile(f"kind.{kind}.unless", table.unless or ()),
        asks=table.asks,
        again=table.again,
    )


def _clue(number: int, table: _Clue, denied: str, phrases: Phrases) -> Clue:
    key, no = f"clue.{number}", phrases.compile("clue", ())
    return Clue(
        kind=table.kind,
        ground=table.ground,
        points=table.points,
        words=KindWords(
            says=phrases.compile(f"{key}.says", table.says),
            denied=phrases.compile(f"{key}.denied", denied if table.denied is None else table.denied or ()),
            undone=phrases.compile(f"{key}.undone", table.undone or ()),
            unless=no,
            asks=table.asks,
            again=False,
        ),
    )


def _offer(table: _Offer, phrases: Phrases, numerals: Mapping[str, int]) -> OfferWords:
    def each(key: str, patterns: list[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(phrases.compile(f"offer.{key}", pattern) for pattern in patterns)

    return OfferWords(
        sums=each("sums", table.sums),
        bare=phrases.compile("offer.bare", table.bare),
        shares=each("shares", table.shares),
        discount=phrases.compile("offer.discount", table.discount),
        number=phrases.compile("offer.number", table.number),
        zero=phrases.compile("offer.zero", table.zero),
        range=phrases.compile("offer.range", table.range),
        not_before=phrases.compile("offer.not_before", f"(?:{table.not_before})"),
        deduct=phrases.compile("offer.deduct", table.deduct),
        full=phrases.compile("offer.full", table.full),
        missing=phrases.compile("offer.missing", table.missing),
        numerals=numerals,
    )
