"""What an answer offers: a sum, a share of the price, or neither said. Coupons, prices and deductions are no offers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bot.conversation.understand.order_text import read_amount
from bot.conversation.understand.reply_words import KindWords, OfferWords, ReplyWords
from bot.conversation.understand.spelling import Spelled

OfferFlag = Literal["zero", "above_price", "missing", "several", "range", "deducted"]
"""What is odd about an offer: nothing is offered, more than was paid, no sum is named, more than one is, between two
figures, or what is left after a deduction."""

_BEFORE = 14
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Offer:
    """A part offer with where it stands; ``amount`` in fen, ``percent`` of the price given back."""

    start: int
    end: int
    amount: int | None = None
    percent: int | None = None
    full: bool = False
    flags: frozenset[OfferFlag] = field(default_factory=frozenset)


def read_offer(spelled: Spelled, text: str, words: ReplyWords, price_fen: int | None) -> Offer | None:
    """The offer of an answer, or None. ``text`` is the spelled text with what is not the answer blanked out."""
    offer, kind = words.offer, words.kinds["part_offer"]
    sums = [each for each in _sums(text, offer) if _stands(spelled, text, each, kind, offer)]
    shares = [each for each in _shares(text, offer) if _stands(spelled, text, each, kind, offer)]
    if not sums and not shares:
        return _unnamed(spelled, text, kind, offer, price_fen)
    last = max([*sums, *shares], key=lambda each: each.start)
    amounts = {each.amount for each in sums}
    percents = {each.percent for each in shares}
    flags: set[OfferFlag] = {flag for each in sums for flag in each.flags}
    if len(amounts) > 1 or len(percents) > 1:
        flags.add("several")
    amount = sums[-1].amount if sums else None
    percent = shares[-1].percent if shares else None
    if amount == 0 or percent == 0:
        flags.add("zero")
    if amount is not None and price_fen is not None and amount > price_fen:
        flags.add("above_price")
    full = percent == _WHOLE or (amount is not None and amount == price_fen)
    start = min(each.start for each in (sums or shares) if each.amount == amount or each.percent == percent)
    return Offer(start, last.end, amount, percent, full, frozenset(flags))


def _unnamed(spelled: Spelled, text: str, kind: KindWords, offer: OfferWords, price: int | None) -> Offer | None:
    for found in offer.deduct.finditer(text):
        taken = read_amount(found["money"])
        back = price - taken if price is not None and taken is not None and taken < price else None
        return Offer(found.start(), found.end(), back, flags=frozenset(("deducted",) if back else ("missing",)))
    for found in offer.missing.finditer(text):
        here = Offer(found.start(), found.end(), flags=frozenset(("missing",)))
        if _stands(spelled, text, here, kind, offer):
            return here
    return None


def _sums(text: str, words: OfferWords) -> Iterator[Offer]:
    seen: set[int] = set()
    for pattern in words.sums:
        for found in pattern.finditer(text):
            at = found.start("money")
            if at in seen or words.not_before.search(text[max(0, at - _BEFORE) : at]):
                continue
            seen.add(at)
            zero = words.zero.fullmatch(found["money"]) is not None
            amount = 0 if zero else read_amount(found["money"])
            if amount is not None:
                between = words.range.search(text[max(0, at - 3) : found.end("money")]) is not None
                yield Offer(found.start(), found.end(), amount, flags=frozenset(("range",) if between else ()))
    if seen:
        return
    for found in words.bare.finditer(text):
        figure = next(each for each in found.groups() if each)
        amount = 0 if not figure.strip("0.") else read_amount(figure)
        if amount is not None:
            yield Offer(found.start(), found.end(), amount)


def _shares(text: str, words: OfferWords) -> Iterator[Offer]:
    for pattern in words.shares:
        for found in pattern.finditer(text):
            percent = _percent(found["share"], words)
            if percent is not None and not words.not_before.search(text[: found.start("share")][-_BEFORE:]):
                yield Offer(found.start(), found.end(), percent=percent)
    for found in words.discount.finditer(text):
        # What is kept at eight tenths gives two tenths back.
        yield Offer(found.start(), found.end(), percent=_WHOLE - 10 * _digit(found["discount"], words))


def _percent(share: str, words: OfferWords) -> int | None:
    found = words.number.match(share)
    if found is None:
        return None
    if found["percent"]:
        percent = round(float(found["percent"]))
    elif found["said"]:
        amount = read_amount(found["said"])
        percent = amount // 100 if amount else 0
    elif found["tenths"]:
        percent = 10 * _digit(found["tenths"], words)
    elif found["half"]:
        percent = 50
    else:
        percent = round(_WHOLE * _digit(found["of"], words) / _digit(found["part"], words))
    return percent if 0 <= percent <= _WHOLE else None


def _digit(char: str, words: OfferWords) -> int:
    return int(char) if char.isdecimal() else words.numerals.get(char, 0)


def _stands(spelled: Spelled, text: str, each: Offer, kind: KindWords, words: OfferWords) -> bool:
    first, _ = spelled.clause(each.start)
    if kind.unless.search(text, spelled.sentence(each.start)[0], each.end):
        return False
    return not kind.denied.search(text[first : each.start]) and not kind.undone.match(text, each.end)
