"""One file per thing that can go wrong with an order: what is asked, what to do, which words."""

from typing import Annotated, Literal

from pydantic import Field

from bot.catalog.reading import Data
from bot.domain.machine import OrderState, Stage

Name = Annotated[str, Field(min_length=2, max_length=8)]
Line = Annotated[str, Field(min_length=4, max_length=60)]
Sentence = Annotated[str, Field(min_length=4, max_length=120)]

GoodsKind = Literal["normal", "fresh", "virtual"]
RefundType = Literal["refund_only", "return_refund", "exchange", "resend", "repair"]
Urgency = Literal["now", "soon", "later"]

FACTS = frozenset(
    {
        "goods_name",
        "order_no",
        "amount",
        "detail",
        "ordered_at",
        "promised_until",
        "shipped_at",
        "tracking_no",
        "track_stopped_at",
        "signed_at",
        "confirmed_at",
        "first_applied_at",
        "applied_at",
        "refund_type",
        "rejected_at",
        "reject_reason",
        "contacted_at",
        "merchant_words",
        "urged_at",
        "intervened_at",
        "ticket_no",
        "service_at",
        "service_words",
        "return_agreed_at",
        "return_shipped_at",
        "return_tracking",
        "return_signed_at",
        "refund_agreed_at",
        "pay_method",
        "freight",
        "difference",
        "charged_at",
        "decided_at",
        "decision",
        "promise",
        "promise_until",
        "evidence",
        "goods",
        "now",
    }
)
"""Names that a letter paragraph may use as ``{placeholder}`` or list under ``needs``."""


class Harm(Data):
    """A reason in the app that must not be chosen, and why."""

    reason: Annotated[str, Field(max_length=12)]
    why: Line


class AppForm(Data):
    """What to choose in the app's refund form."""

    types: tuple[RefundType, ...]
    """Preferred first; those that the order's state and the goods exclude are left out by the code."""
    reasons: Annotated[tuple[str, ...], Field(min_length=1, max_length=3)]
    """Names as the app may show them; the person picks the nearest."""
    harms: tuple[Harm, ...] = ()


class Service(Data):
    """The one button of the official service page for this problem."""

    button: Annotated[str, Field(max_length=8)]
    """As the app shows it; one of ``wording.toml``'s ``service_buttons``."""
    why: Line


class Evidence(Data):
    """One thing to photograph, film or save."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,15}$")]
    name: Annotated[str, Field(min_length=2, max_length=12)]
    """Stands in letters as 证据1：<name>."""
    how: Line
    urgency: Urgency
    stages: tuple[Stage, ...] = ()
    """Only in these stages; empty = always."""


class Request(Data):
    """One thing to ask for. The first whose conditions hold is used, the rest are offered as 换个请求."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,20}$")]
    name: Annotated[str, Field(max_length=16)]
    """On screen."""
    orders: tuple[OrderState, ...] = ()
    stages: tuple[Stage, ...] = ()
    goods: tuple[GoodsKind, ...] = ()
    needs: tuple[str, ...] = ()
    service: Sentence
    """To human service, after 我的请求：; no full stop."""
    merchant: Sentence
    """To the merchant, after the facts; no full stop. The time limit is added by the code."""


class Paragraph(Data):
    """A sentence of the facts. Appears only if every fact it needs is known, the stage fits, and it is true."""

    text: Sentence
    needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """Appears only while these are unknown."""
    stages: tuple[Stage, ...] = ()
    orders: tuple[OrderState, ...] = ()
    late: bool = False
    """After the sentences about application, rejection and platform, instead of before them."""


class Refused(Data):
    """What to say when the agent refuses: at most one article."""

    law: str = ""
    """Id of a LAW rule, or empty; ``{law}`` in the text becomes its citation."""
    text: Sentence


class Clock(Data):
    """A clock of this very problem, besides those of the stage: a rule id and when it matters."""

    rule: str
    stages: tuple[Stage, ...] = ()
    orders: tuple[OrderState, ...] = ()
    goods: tuple[GoodsKind, ...] = ()


class Detail(Data):
    """How to ask for the one sentence that says what is wrong."""

    ask: Line
    example: Annotated[str, Field(max_length=40)]


class Problem(Data):
    """Everything that belongs to one problem."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z_]+$")]
    side: Literal["buyer", "merchant"] = "buyer"
    door: bool = False
    """True for rejected and silent: they lead into a stage, the problem behind them is asked."""
    stage: Stage | None = None
    """The stage that the problem itself implies (returned_no_refund -> return_shipped)."""
    name: Name
    icon: Annotated[str, Field(min_length=1, max_length=2)]
    short: Annotated[str, Field(min_length=2, max_length=6)]
    """After the goods' name: 草莓 + 坏果."""
    noun: Annotated[str, Field(min_length=1, max_length=6)]
    """Instead of the goods' name while it is unknown."""
    when: Line
    first: str = ""
    """Said before any question, when minutes count."""
    goods: GoodsKind | None = None
    orders: tuple[OrderState, ...] = ("unshipped", "in_transit", "signed")
    """In which order states it can happen; a single one is implied and not asked."""
    asks: tuple[str, ...] = ()
    """Facts to ask before the first card, besides order state, stage and date (ids of questions)."""
    key_facts: tuple[str, ...] = ("order_no", "amount", "detail")
    """Asked for before a letter is shown; each can honestly be left out."""
    detail: Detail
    app: AppForm
    service: Service
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=3)]
    requests: Annotated[tuple[Request, ...], Field(min_length=1)]
    headline: Annotated[str, Field(max_length=30)]
    """What is wrong, in the first sentence to the agent; may use {goods}."""
    paragraphs: Annotated[tuple[Paragraph, ...], Field(min_length=1)]
    refused: Refused
    clocks: tuple[Clock, ...] = ()
    rules: tuple[str, ...] = ()
    """Rules told about this problem on 规则 (ids)."""
    ladder: Annotated[tuple[str, ...], Field(min_length=2)]
    do: dict[Stage, Line] = Field(default_factory=dict)
    """你先做, where it differs from the stage's usual step."""
    warning: Line
    closing: str
    """Id of the 买前提醒 that would have prevented it."""
