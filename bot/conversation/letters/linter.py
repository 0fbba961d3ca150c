"""Looks over a text before it is pasted: ours before it is shown, and drafts that a person wrote themselves.

What is looked for stands in ``data/lexicon/letters.toml``; the reasons and the ways out in the locale.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path

from bot.catalog import compiled
from bot.catalog.errors import CatalogError
from bot.catalog.texts import Texts
from bot.conversation.understand.lexicon_tables import Table, read_table
from bot.conversation.understand.order_text import read_order
from bot.conversation.understand.phrases import Phrases
from bot.messages import COPY_LIMIT

_LEXICON = Path(__file__).parents[2] / "data" / "lexicon" / "letters.toml"
_QUOTED = compiled.pattern(r"“[^”]*”|‘[^’]*’")
REQUIRED = frozenset({"order_no", "amount", "date", "request"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to change: ``quote`` is the stretch of the text (empty if something is missing), ``why`` the reason in
    one sentence and ``fix`` what to do about it."""

    code: str
    quote: str
    why: str
    fix: str


@dataclass(frozen=True, slots=True)
class Context:
    """What the looker knows. ``required``: what the text must hold; ``proved``: words that the case's evidence backs
    (抽检 proves 假货); ``limit``: characters that fit one message, 0 = not looked at."""

    t: Texts
    now: datetime
    zone: tzinfo
    required: frozenset[str] = REQUIRED
    order_no: str = ""
    money: str = ""
    reply_by: str = ""
    proved: frozenset[str] = frozenset()
    limit: int = COPY_LIMIT


class _Table(Table):
    banned: tuple[str, ...]
    insults: tuple[str, ...]
    threats: tuple[str, ...]
    charges: tuple[str, ...]
    requests: tuple[str, ...]
    request_head: str
    demand: str
    until: str
    money: str
    article: str
    dated: str
    happens: dict[str, int]
    same_demand: dict[str, str]
    private: dict[str, str]
    ticket: dict[str, str]
    answer: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Patterns:
    table: _Table
    wording: Mapping[str, re.Pattern[str]]
    private: Mapping[str, re.Pattern[str]]
    demand: re.Pattern[str]
    until: re.Pattern[str]
    money: re.Pattern[str]
    article: re.Pattern[str]
    dated: re.Pattern[str]
    ticket: re.Pattern[str]
    withdraw: re.Pattern[str]
    promised: re.Pattern[str]


@cache
def letter_patterns() -> _Patterns:
    """What is looked for, compiled. Raises CatalogError with every mistake in the file."""
    mistakes: list[str] = []
    table = read_table(_LEXICON, _Table, mistakes)
    if table is None:
        raise CatalogError(mistakes)
    phrases = Phrases(_LEXICON.name, {}, mistakes)

    def build(key: str, *pattern: str) -> re.Pattern[str]:
        return phrases.compile(key, pattern, gaps=False)

    patterns = _Patterns(
        table=table,
        wording={
            "insult": build("insults", *table.insults),
            "threat": build("threats", *table.threats),
            "charge": build("charges", *table.charges),
            "banned": build("banned", *table.banned),
        },
        private={kind: build(f"private.{kind}", pattern) for kind, pattern in table.private.items()},
        demand=build("demand", table.demand),
        until=build("until", table.until),
        money=build("money", table.money),
        article=build("article", table.article),
        dated=build("dated", table.dated),
        ticket=build("ticket.number", table.ticket["number"]),
        withdraw=build("answer.withdraw", table.answer["withdraw"]),
        promised=build("answer.promised", table.answer["promised"]),
    )
    if mistakes:
        raise CatalogError(mistakes)
    return patterns


def lint(text: str, context: Context) -> list[Finding]:
    """Everything that is better changed, in the order in which it is said. Never raises; linear in the text."""
    return [*_missing(text, context), *_dates(text, context), *_twice(text, context), *_wording(text, context)]


def unfit(text: str, context: Context) -> list[Finding]:
    """Only what must not stand in any sentence: insults, threats, unproved charges, private data. A banned word may be
    a fact (商家保证当天发), so a single sentence is not held to those."""
    return [each for each in _wording(text, context) if each.code != "banned"]


def ticket_in(text: str) -> str:
    """The agent's reference in a pasted answer, or an empty string."""
    found = letter_patterns().ticket.search(text)
    return found["number"].strip("-") if found else ""


def asks_withdrawal(text: str) -> str:
    """The stretch of an answer that asks to withdraw the application, or an empty string."""
    found = letter_patterns().withdraw.search(text)
    return found[0] if found else ""


def promises(after: str) -> bool:
    """Whether what follows a time in an answer (24小时 | 内回复您) gives one's word for it."""
    return letter_patterns().promised.match(after) is not None


def _finding(context: Context, code: str, quote: str = "") -> Finding:
    t = context.t
    known = {
        "no_order": context.order_no,
        "no_amount": context.money,
        "no_date": context.reply_by,
        "threat": context.reply_by,
    }.get(code, "")
    values = {"quote": quote, "order_no": context.order_no, "money": context.money, "reply_by": context.reply_by}
    fix = f"lint.{code}.fix" if known or not t.has(f"lint.{code}.fix_unknown") else f"lint.{code}.fix_unknown"
    return Finding(code, quote, t.plain(f"lint.{code}.why", quote=quote), t.plain(fix, **values))


def _missing(text: str, context: Context) -> Iterator[Finding]:
    patterns, wanted = letter_patterns(), context.required
    written = context.order_no and context.order_no in text
    if "order_no" in wanted and not written and read_order(text).order_no is None:
        yield _finding(context, "no_order")
    if "amount" in wanted and not patterns.money.search(text):
        yield _finding(context, "no_amount")
    if "date" in wanted and not patterns.until.search(text):
        yield _finding(context, "no_date")
    if "request" in wanted and not any(word in text for word in patterns.table.requests):
        yield _finding(context, "no_request")


def _dates(text: str, context: Context) -> Iterator[Finding]:
    """What happened before what it follows from, or has not happened yet."""
    patterns = letter_patterns()
    today = context.now.astimezone(context.zone)
    seen: list[tuple[int, datetime, bool, str]] = []
    last: datetime | None = None
    for found in patterns.dated.finditer(text):
        clock = found["clock"] or ""
        hour, minute = (int(part) for part in clock.split(":")) if clock else (0, 0)
        if found["same"]:
            day = last
        else:
            day = _day(int(found["year"] or today.year), int(found["month"]), int(found["day"]), today)
        if day is None or hour > 23 or minute > 59:
            continue
        last = day
        at = day.replace(hour=hour, minute=minute)
        if at > today:
            yield _finding(context, "future_date", found[0])
            continue
        rank = patterns.table.happens[found["what"]]
        for other_rank, other, other_clock, quote in seen:
            early, late = ((other, at) if other_rank < rank else (at, other)) if other_rank != rank else (at, at)
            if early.date() > late.date() or (clock and other_clock and early > late):
                yield _finding(context, "date_order", f"{quote}…{found[0]}")
                break
        seen.append((rank, at, bool(clock), found[0]))


def _day(year: int, month: int, day: int, today: datetime) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=today.tzinfo)
    except ValueError:
        return None


def _twice(text: str, context: Context) -> Iterator[Finding]:
    patterns = letter_patterns()
    head = patterns.table.request_head
    if text.count(head) > 1:
        yield _finding(context, "two_requests", head)
        return
    part = text.partition(head)[2].partition("。")[0] if head in text else text
    asked = list(patterns.demand.finditer(_QUOTED.sub("", part)))
    kinds = {patterns.table.same_demand.get(found["what"], found["what"]) for found in asked}
    if len(kinds) > 1:
        yield _finding(context, "two_requests", asked[-1][0])


def _wording(text: str, context: Context) -> Iterator[Finding]:
    patterns = letter_patterns()
    # What somebody else said stays as it was said.
    spoken = _QUOTED.sub("", text)
    for code, pattern in patterns.wording.items():
        for found in pattern.finditer(spoken):
            if not (code == "charge" and found[0] in context.proved):
                yield _finding(context, code, found[0])
                break
    for kind, pattern in patterns.private.items():
        if found_private := pattern.search(text):
            yield _finding(context, f"private_{kind}", found_private[0])
    if context.limit and len(text) > context.limit:
        yield _finding(context, "too_long", str(len(text)))
    if len(patterns.article.findall(text)) > 1:
        yield _finding(context, "articles")
