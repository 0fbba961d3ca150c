"""The words of the draft linter (`bot/data/lexicon/drafts.toml`), read once and compiled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.catalog.errors import CatalogError
from bot.conversation.understand.lexicon_tables import Table, read_table
from bot.conversation.understand.phrases import Phrases

EVENTS = ("ordered_at", "shipped_at", "signed_at", "applied_at", "rejected_at")
"""What can happen to an order, in the only order in which it can."""
HAPPENINGS = ("ordered_at", "shipped_at", "signed_at", "opened_at", "applied_at", "rejected_at")
"""The same with what only the draft tells."""
DEMANDS = ("refund", "exchange", "resend", "ship", "pay", "sorry", "punish", "repair", "invoice")


class _Calm(Table):
    pattern: str
    calm: str
    clause: bool = False


class _Threats(Table):
    threats: list[str]
    condition: str


class _Between(Table):
    gap: str
    not_fact: str


class _Pasted(Table):
    greeting: str
    ours: str
    theirs: str
    addressed: str
    to_us: str


class _DraftTable(Table):
    break_: str
    quoted: str
    amount: str
    date: str
    request: str
    demand: str
    not_demanded: str
    wanted: str
    hollow: str
    insult: list[_Calm]
    threats: _Threats
    unproved: list[_Calm]
    private: dict[str, str]
    happens: dict[str, str]
    between: _Between
    add: dict[str, str]
    dated: dict[str, str]
    pasted: _Pasted

    model_config = Table.model_config | {"alias_generator": lambda name: name.removesuffix("_")}


@dataclass(frozen=True, slots=True)
class Calm:
    """Words that are better said otherwise; ``calm`` may hold the named groups of the pattern, or nothing at all: then
    the words are left out, with ``clause`` all that stands with them if it says no more."""

    pattern: re.Pattern[str]
    calm: str
    clause: bool


@dataclass(frozen=True, slots=True)
class DraftWords:
    """Everything that a draft is looked over for. Immutable; one per process."""

    breaks: re.Pattern[str]
    quoted: re.Pattern[str]
    amount: re.Pattern[str]
    date: re.Pattern[str]
    request: re.Pattern[str]
    demand: re.Pattern[str]
    not_demanded: re.Pattern[str]
    wanted: re.Pattern[str]
    hollow: re.Pattern[str]
    insults: tuple[Calm, ...]
    threats: re.Pattern[str]
    condition: re.Pattern[str]
    unproved: tuple[Calm, ...]
    private: Mapping[str, re.Pattern[str]]
    spared: re.Pattern[str]
    happens: Mapping[str, re.Pattern[str]]
    not_fact: re.Pattern[str]
    add: Mapping[str, str]
    dated: Mapping[str, str]
    greeting: re.Pattern[str]
    """How a letter begins."""
    ours: re.Pattern[str]
    """A buyer speaks."""
    theirs: re.Pattern[str]
    """A merchant or an agent speaks to the buyer."""
    addressed: re.Pattern[str]
    """The service or the merchant is asked for something, or an order is named to them."""
    to_us: re.Pattern[str]
    """A question that only we can be meant to answer."""


def load_draft_words(folder: Path) -> DraftWords:
    """Read and compile `bot/data/lexicon/drafts.toml`. Raises CatalogError with every mistake."""
    mistakes: list[str] = []
    table = read_table(folder / "drafts.toml", _DraftTable, mistakes)
    if table is None:
        raise CatalogError(mistakes)
    mistakes += [f"drafts.toml: happens.{event}: missing" for event in HAPPENINGS if event not in table.happens]
    mistakes += [f"drafts.toml: dated.{event}: missing" for event in EVENTS if event not in table.dated]
    if mistakes:
        raise CatalogError(mistakes)
    phrases = Phrases("drafts.toml", {}, mistakes)

    def build(key: str, pattern: str | list[str]) -> re.Pattern[str]:
        return phrases.compile(key, pattern, gaps=False)

    def calm(key: str, entries: list[_Calm]) -> tuple[Calm, ...]:
        return tuple(Calm(build(key, each.pattern), each.calm, each.clause) for each in entries)

    private = {name: build(f"private.{name}", each) for name, each in table.private.items() if name != "spared"}
    words = DraftWords(
        breaks=build("break", table.break_),
        quoted=build("quoted", table.quoted),
        amount=build("amount", table.amount),
        date=build("date", table.date),
        request=build("request", table.request),
        demand=build("demand", table.demand),
        not_demanded=build("not_demanded", table.not_demanded),
        wanted=build("wanted", table.wanted),
        hollow=build("hollow", table.hollow),
        insults=calm("insult", table.insult),
        threats=build("threats", table.threats.threats),
        condition=build("threats.condition", table.threats.condition),
        unproved=calm("unproved", table.unproved),
        private=private,
        spared=build("private.spared", table.private["spared"]),
        happens={
            event: build(f"happens.{event}", f"{table.between.gap}(?:{table.happens[event]})") for event in HAPPENINGS
        },
        not_fact=build("between.not_fact", table.between.not_fact),
        add=table.add,
        dated=table.dated,
        greeting=build("pasted.greeting", table.pasted.greeting),
        ours=build("pasted.ours", table.pasted.ours),
        theirs=build("pasted.theirs", table.pasted.theirs),
        addressed=build("pasted.addressed", table.pasted.addressed),
        to_us=build("pasted.to_us", table.pasted.to_us),
    )
    if mistakes:
        raise CatalogError(mistakes)
    return words
