"""Order number, amount, times and courier number out of pasted order-page text, and an amount that is typed.

Everything here is only *read*: it is shown back before it counts. Never raises; time is linear in the text.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.catalog import compiled
from bot.conversation.understand.lexicon import OrderWords, load_order_words

MAX_TEXT = 4000
MAX_FEN = 100_000_000
"""1,000,000 yuan: more is a slip of the finger."""

_DATA = Path(__file__).parents[2] / "data" / "lexicon"
_DASHES = compiled.pattern(r"[‐‑‒–—―−﹣－ー﹘]")
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_ORDER = compiled.pattern(r"(?<![\da-z-])(\d{6}) ?- ?(\d(?: ?\d){11,17})(?!\d)(?! ?-\d)", re.IGNORECASE)
_ORDER_PLAIN = compiled.pattern(r"(?<![\da-z.-])(\d{6})(\d{15})(?![\d-])", re.IGNORECASE)
_ORDER_SPACED = compiled.pattern(r"(?<![\da-z.-])(\d{6}) +(\d{12,18})(?![\d-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OrderText:
    """What a pasted page says; None where it says nothing. `times` keeps the raw text after each label."""

    order_no: str | None
    amount_fen: int | None
    goods: str | None
    tracking_no: str | None
    times: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Grammar:
    words: OrderWords
    amount: re.Pattern[str]
    coins: re.Pattern[str]
    priced: re.Pattern[str]
    paid: re.Pattern[str]
    other: re.Pattern[str]
    times: re.Pattern[str]
    tracking: re.Pattern[str]
    goods: re.Pattern[str]


@cache
def order_grammar() -> _Grammar:
    """What is looked for, compiled. Raises CatalogError."""
    words = load_order_words(_DATA)
    chinese = "[" + "".join([*words.numerals, *words.units]) + "]"
    before, after = _any(words.currency_before), _any(words.currency_after)
    digit = rf"\d|{chinese}"
    number = rf"(?P<whole>{_NUMBER}|{chinese}{{1,12}})"
    tail = rf"(?:(?P<tenth>{digit})(?:{_any(words.tenth)})?(?:(?P<hundredth>{digit})(?:{_any(words.hundredth)})?)?)?"
    priced = rf"(?:(?P<sign>{before}) ?)?{number} ?(?:(?P<unit>{after})(?:{tail}))?"
    label_gap = r"[^\S\n]*[:：]?\s*"
    return _Grammar(
        words=words,
        amount=compiled.pattern(priced),
        coins=compiled.pattern(rf"(?P<tenth>{digit})(?:{_any(words.tenth)})(?:(?P<hundredth>{digit})(?:{_any(words.hundredth)})?)?"),
        priced=compiled.pattern(rf"(?<![\d.\-]){priced}"),
        paid=compiled.pattern(rf"(?:{_any(words.amount_labels)}){label_gap}(?P<rest>.{{0,30}})"),
        other=compiled.pattern(rf"(?:{_any(words.other_amount_labels)}){label_gap}(?P<rest>.{{0,30}})"),
        times=compiled.pattern(
            rf"(?P<label>{_any(words.time_labels)}){label_gap}(?P<rest>[^\n]{{1,40}}?)"
            rf"(?=\s*(?:\n|$|[;,，。；]|{_any([*words.time_labels, *words.tracking_labels, *words.order_labels])}))"
        ),
        tracking=compiled.pattern(
            rf"(?:{_any(words.tracking_labels)}){label_gap}(?P<no>(?=[a-z0-9-]*\d{{6}})[a-z]{{0,6}}[a-z0-9-]{{8,26}})"
            r"(?![a-z0-9])", re.IGNORECASE,
        ),
        goods=compiled.pattern(rf"(?:^|\n)\s*(?:{_any(words.goods_labels)})[^\S\n]*[::]\s*(?P<rest>[^\n]{{2,60}})"),
    )  # fmt: skip


def read_order(text: str) -> OrderText:
    """Read a pasted order or refund page. Fields that are not plainly there stay None."""
    plain = _plain(text[:MAX_TEXT])
    grammar = order_grammar()
    tracking = grammar.tracking.search(plain)
    goods = grammar.goods.search(plain)
    return OrderText(
        order_no=_order_no(plain, tracking.span("no") if tracking else None),
        amount_fen=_labelled_amount(plain, grammar),
        goods=goods["rest"].strip() if goods else None,
        tracking_no=tracking["no"].upper() if tracking else None,
        times=tuple((found["label"], found["rest"].strip()) for found in grammar.times.finditer(plain)),
    )


def read_amount(text: str) -> int | None:
    """A typed amount in fen, or None if the whole text is not one positive amount up to 1,000,000 yuan."""
    if len(text) > 40:
        return None
    grammar, bare = order_grammar(), _plain(text).strip().replace(" ", "")
    if coins := grammar.coins.fullmatch(bare):
        return _digit(coins["tenth"], grammar.words) * 10 + _digit(coins["hundredth"], grammar.words) or None
    found = grammar.amount.fullmatch(bare)
    return _fen(found, grammar) if found else None


def _plain(text: str) -> str:
    return _DASHES.sub("-", unicodedata.normalize("NFKC", _DASHES.sub("-", text)).lower())


def _any(names: tuple[str, ...] | list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _order_no(plain: str, tracking: tuple[int, int] | None) -> str | None:
    for pattern in (_ORDER, _ORDER_PLAIN, _ORDER_SPACED):
        for found in pattern.finditer(plain):
            if tracking and found.start() < tracking[1] and tracking[0] < found.end():
                continue
            head, rest = found.group(1), found.group(2).replace(" ", "")
            if _is_day(head) and 12 <= len(rest) <= 18:
                return f"{head}-{rest}"
    return None


def _is_day(head: str) -> bool:
    # An order number opens with the day of the order (YYMMDD); an ID number or a phone number does not.
    return 15 <= int(head[:2]) <= 60 and 1 <= int(head[2:4]) <= 12 and 1 <= int(head[4:]) <= 31


def _labelled_amount(plain: str, grammar: _Grammar) -> int | None:
    for labels in (grammar.paid, grammar.other):
        for found in labels.finditer(plain):
            priced = grammar.amount.match(found["rest"])
            if priced and (fen := _fen(priced, grammar)) is not None:
                return fen
    for priced in grammar.priced.finditer(plain):
        if (priced["sign"] or priced["unit"]) and (fen := _fen(priced, grammar)) is not None:
            return fen
    return None


def _fen(found: re.Match[str], grammar: _Grammar) -> int | None:
    words = grammar.words
    whole = found["whole"].replace(",", "")
    if whole[0].isdecimal():
        yuan, _, decimals = whole.partition(".")
        if len(decimals) > 2 or len(yuan) > 9 or (decimals and found["tenth"]):
            return None
        fen = int(yuan) * 100 + int(decimals.ljust(2, "0") or 0)
    else:
        number = _chinese_number(whole, words)
        if number is None:
            return None
        fen = number * 100
    fen += _digit(found["tenth"], words) * 10 + _digit(found["hundredth"], words)
    return fen if 0 < fen <= MAX_FEN else None


def _digit(text: str | None, words: OrderWords) -> int:
    if text is None:
        return 0
    return int(text) if text.isdecimal() else words.numerals.get(text, 0)


def _chinese_number(text: str, words: OrderWords) -> int | None:
    """The value of a numeral such as 三十九, 一千二百 or 一百零五; None if it is not one."""
    total = section = 0
    digit: int | None = None
    last_unit = 0
    for character in text:
        if character in words.numerals:
            if digit not in (None, 0):
                return None
            digit = words.numerals[character]
            if digit == 0:
                last_unit = 1
            continue
        unit = words.units[character]
        if unit == 10_000:
            total, section = (total + section + (digit or 0)) * unit, 0
        else:
            section += (1 if digit is None else digit) * unit
        digit, last_unit = None, unit
    # A last digit right after a unit counts tenths of that unit: 一百五 is 150, 一百零五 is 105.
    return total + section + (digit or 0) * (last_unit // 10 if last_unit > 10 else 1)
