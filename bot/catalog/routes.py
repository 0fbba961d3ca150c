"""Walks through the app, the ladder of later rungs, and the advice before buying: all data."""

from typing import Annotated, Literal

from pydantic import Field

from bot.catalog.problems import Line, Sentence
from bot.catalog.reading import Data

RouteKind = Literal["service", "apply", "intervene", "return", "proof", "outside", "punish", "merchant", "other"]
Phone = Literal["", "iphone", "android"]

PLACEHOLDERS = frozenset({"button", "types", "reasons", "harms", "agent_words", "times"})
"""What a step may leave open: the problem's button of the service page, the refund types that its order state and goods
allow, its reasons and the harmful ones, the route's agent words, and how often they are sent (a digit)."""


class Step(Data):
    """One screen of a walk."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,15}$")]
    text: Sentence
    """What to press, as one or two short sentences; may use the names in PLACEHOLDERS."""
    rule: str = ""
    """Rule whose certainty phrase is said below; empty = 可能已变."""
    otherwise: Annotated[str, Field(min_length=4, max_length=80)]
    """For 我没看到这个按钮: the other way, or an honest 不确定."""


class Route(Data):
    """A walk: 第1步/共4步 and so on."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{2,23}$")]
    name: Annotated[str, Field(max_length=20)]
    kind: RouteKind
    phone: Phone = ""
    written_for: Annotated[str, Field(min_length=2, max_length=40)]
    """Phone, system and app version it was written for, or 不清楚."""
    steps: Annotated[tuple[Step, ...], Field(min_length=2, max_length=6)]
    fallback: str = ""
    """Route id that 我没看到 leads to when the step's other way fails too."""
    agent_words: str = ""
    agent_repeat: Annotated[int, Field(ge=0, le=4)] = 0
    """How often the agent words are sent in a row (0 = nothing is sent: no person at its end, or by phone)."""
    hands: Literal["", "service", "merchant", "12315", "punish"] = ""
    """Which words the last step hands over; punish = its own, never those about the refund."""


class Rung(Data):
    """One rung of the ladder (后续流程)."""

    id: str
    name: Annotated[str, Field(min_length=2, max_length=8)]
    what: Line
    before: Line
    """Why it comes before the next rung."""
    takes: str = ""
    """Id of the rule that says how long it usually takes; empty = nothing is said."""
    takes_plain: Annotated[str, Field(max_length=40)] = ""
    """Said instead where no rule exists, without a figure."""
    excludes: Annotated[str, Field(max_length=60)] = ""
    """What it excludes, in words."""
    limit: str = ""
    """Id of the LAW rule after which it is too late (limitation), or empty."""
    route: str = ""
    """Walk that shows how."""
    either: Annotated[str, Field(max_length=40)] = ""
    """That it can go either way."""


class Advice(Data):
    """One item of 买前提醒."""

    id: Annotated[str, Field(pattern=r"^[a-z_]{3,20}$")]
    name: Annotated[str, Field(min_length=2, max_length=8)]
    text: Sentence
    closing: Line
    """As the last line of a solved problem: what would have prevented it."""
    source: Literal["seed", "ours"]
