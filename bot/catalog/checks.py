"""What the files of the catalog say of each other, checked as a whole."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

from bot.catalog.check_problems import problem_mistakes
from bot.catalog.check_routes import advice_mistakes, route_mistakes, rung_mistakes
from bot.catalog.wording import said_wrong
from bot.domain.machine import Event, Outcome, Stage, Turn

if TYPE_CHECKING:
    from bot.catalog.content import Catalog

BUYER_PROBLEMS = 26
"""Entries of KNOWLEDGE D, the two doors included."""
LABEL = 8
"""Characters of a name that may become a button (VOICE, Buttons)."""
_NAMED = {"stage": Stage, "turn": Turn, "event": Event, "outcome": Outcome}


def cross_check(catalog: "Catalog") -> list[str]:
    """Every mistake that no file can know by itself, as "file: key: what"."""
    return [
        *_groups(catalog),
        *problem_mistakes(catalog),
        *route_mistakes(catalog),
        *rung_mistakes(catalog),
        *advice_mistakes(catalog),
        *_texts(catalog),
    ]


def _groups(catalog: "Catalog") -> Iterator[str]:
    for name, count in Counter(group.id for group in catalog.groups).items():
        if count > 1:
            yield f"groups.toml: {name}: there are {count} groups of this id"
    shown = Counter(problem for group in catalog.groups for problem in group.problems)
    for group in catalog.groups:
        for name in group.problems:
            if name not in catalog.problems:
                yield f"groups.toml: {group.id}.problems: there is no problem {name}"
            elif catalog.problems[name].side == "merchant":
                yield f"groups.toml: {group.id}.problems: {name} is the merchant's side"
            elif shown[name] > 1:
                yield f"groups.toml: {group.id}.problems: {name} stands in {shown[name]} places"
    buyers = [problem.id for problem in catalog.problems.values() if problem.side == "buyer"]
    for name in buyers:
        if name not in shown:
            yield f"groups.toml: groups: {name} is in no group"
    if len(buyers) != BUYER_PROBLEMS:
        yield f"problems: {len(buyers)} problems of buyers, there are {BUYER_PROBLEMS}"
    if len(buyers) == len(catalog.problems):
        yield "problems: the merchant's side is missing"


def _texts(catalog: "Catalog") -> Iterator[str]:
    texts = catalog.texts
    for prefix, names in _NAMED.items():
        for name in get_args(names):
            key = f"{prefix}.{name}"
            if not texts.has(key):
                yield f"locales/zh-CN: {key}: is missing"
            elif len(texts.plain(key)) > LABEL:
                yield f"locales/zh-CN: {key}: is longer than {LABEL} characters"
    for key in sorted(texts.keys()):
        yield from (f"locales/zh-CN: {key}: {what}" for what in said_wrong(texts.plain(key), catalog.wording))
