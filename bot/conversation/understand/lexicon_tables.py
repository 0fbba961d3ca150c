"""The shape of the lexicon's files: what `bot/data/lexicon/*.toml` may hold, checked key by key when it is read."""

from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.catalog import compiled

OrderState = Literal["unshipped", "in_transit", "signed"]
GoodsKind = Literal["normal", "fresh", "virtual"]
GoodsGroup = Literal["fresh", "virtual", "phone", "food", "normal", "none"]
Stage = Literal[
    "preparing", "waiting_merchant", "rejected", "return_agreed", "return_shipped", "refund_agreed", "platform",
    "proof_wanted", "decided_for", "decided_partly", "decided_against", "not_accepted", "outside",
]  # fmt: skip


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


AnyTable = TypeVar("AnyTable", bound=Table)


class NormaliseTable(Table):
    traditional: dict[str, str]
    typos: dict[str, str]
    noise: list[str]


class WhenTable(Table):
    goods: list[GoodsGroup]
    decisive: list[str] = []
    strong: list[str] = []
    plain: list[str] = []
    hint: list[str] = []
    weak: list[str] = []
    against: list[str] = []


class ProblemTable(Table):
    order: OrderState | None = None
    stage: Stage | None = None
    goods: GoodsKind | None = None
    door: bool = False
    decisive: list[str] = []
    strong: list[str] = []
    plain: list[str] = []
    hint: list[str] = []
    weak: list[str] = []
    against: list[str] = []
    when: list[WhenTable] = []


class ProblemsTable(Table):
    phrases: dict[str, str]
    ground: str
    denial: str
    rhetorical: str
    problem: dict[str, ProblemTable]


class FactsTable(Table):
    phrases: dict[str, str]
    stage: dict[Stage, list[str]]
    order: dict[OrderState, list[str]]
    reason: list[str]
    reason_end: str


class GoodsTable(Table):
    processed: list[str]
    groups: dict[Literal["fresh", "virtual", "phone", "food", "normal"], list[str]]
    not_goods: list[str]


class WordsTable(Table):
    prefixes: list[str]
    suffixes: list[str]
    no_typo: list[str]
    meaning: dict[str, list[str]]


class OutcomesTable(Table):
    phrases: dict[str, str]
    fillers: list[str]
    outcome: dict[str, list[str]]


class OrderWords(Table):
    """The labels and numerals of an order page, for `order_text`."""

    amount_labels: tuple[str, ...]
    other_amount_labels: tuple[str, ...]
    time_labels: tuple[str, ...]
    order_labels: tuple[str, ...]
    tracking_labels: tuple[str, ...]
    goods_labels: tuple[str, ...]
    currency_before: tuple[str, ...]
    currency_after: tuple[str, ...]
    tenth: tuple[str, ...]
    hundredth: tuple[str, ...]
    numerals: dict[str, int]
    units: dict[str, int]


def read_table(path: Path, table: type[AnyTable], mistakes: list[str]) -> AnyTable | None:
    """The checked table of one file, or None; every mistake is noted with file and key."""
    try:
        return table.model_validate(compiled.toml(path.read_text(encoding="utf-8")))
    except (OSError, TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(f"{path.name}: {type(error).__name__}: {error}")
    except ValidationError as error:
        mistakes.extend(
            f"{path.name}: {'.'.join(str(part) for part in detail['loc'])}: {detail['msg']}"
            for detail in error.errors()
        )
    return None
