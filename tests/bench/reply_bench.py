"""How well answers, drafts and fraud are read: a confusion table and every miss, for any labelled file.

    python -m tests.bench.reply_bench tests/data/replies_dev.toml [more.toml ...]

Tables of a file: [[reply]] text, label, ground, amount (fen, or yuan as 12.50), price_percent, until · [[draft]] text,
order, findings · [[fraud]] text · [[harmless]] text. ``price`` (fen) at the top or in a reply is what was paid.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tomllib import loads
from typing import Any, get_args
from zoneinfo import ZoneInfo

from bot.catalog.content import DATA
from bot.conversation.letters.draft import DraftCode, DraftContext, check_draft, mend
from bot.conversation.letters.draft_words import load_draft_words
from bot.conversation.understand.fraud import load_fraud_words, read_fraud
from bot.conversation.understand.reply import Reply, read_reply
from bot.conversation.understand.reply_words import KINDS, load_reply_words

Row = Mapping[str, Any]
OTHER = "other"
CODES = get_args(DraftCode)
_ZONE = ZoneInfo("Asia/Shanghai")
CONTEXT = DraftContext(
    now=datetime(2026, 11, 22, 10, tzinfo=_ZONE),
    zone=_ZONE,
    order_no="261118-123456789012345",
    amount_fen=3990,
    dates={"ordered_at": "11月18日", "signed_at": "11月20日18:20", "applied_at": "11月20日19:40"},
    request="退款39.90元",
    deadline="11月23日18:00",
)
"""A case that knows everything a draft may lack."""


@dataclass
class Score:
    """Right ones of all, per question; ``misses`` in words."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    table: Counter[tuple[str, str]] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def mark(self, question: str, text: str, wanted: object, got: object) -> None:
        """Count one answer and remember it if it is wrong."""
        self.asked[question] += 1
        self.right[question] += wanted == got
        if wanted != got:
            self.misses.append(f"{question}: wanted {wanted!r}, got {got!r}: {text}")

    def share(self, question: str) -> float:
        """Right ones of all, 1.0 if nothing was asked."""
        return self.right[question] / self.asked[question] if self.asked[question] else 1.0


def rows(path: Path) -> Mapping[str, Any]:
    """The labelled file."""
    return loads(path.read_text(encoding="utf-8"))


def score_replies(data: Mapping[str, Any]) -> Score:
    """Kinds, grounds, sums, shares and times of all [[reply]] rows."""
    words, score = load_reply_words(DATA / "lexicon"), Score()
    for row in data.get("reply", ()):
        reply = read_reply(row["text"], words, row.get("price", data.get("price")))
        label = row["label"] if row["label"] in KINDS else OTHER
        score.table[label, reply.kind or OTHER] += 1
        score.mark("kind", row["text"], label, reply.kind or OTHER)
        _details(row, reply, score)
    return score


def _details(row: Row, reply: Reply, score: Score) -> None:
    if row.get("ground"):
        score.mark("ground", row["text"], row["ground"], reply.ground)
    if "amount" in row:
        score.mark("amount", row["text"], _fen(row["amount"]), reply.amount)
    if "price_percent" in row:
        score.mark("percent", row["text"], row["price_percent"], reply.percent)
    if row.get("until"):
        score.mark("until", row["text"], row["until"], reply.until_text)


def _fen(amount: float) -> int:
    """A sum of a file in fen: whole numbers are fen, decimal ones yuan."""
    return amount if isinstance(amount, int) else round(amount * 100)


def score_drafts(data: Mapping[str, Any]) -> Score:
    """Findings of all [[draft]] rows: whole sets, and each code by itself."""
    words, score = load_draft_words(DATA / "lexicon"), Score()
    for row in data.get("draft", ()):
        context = replace(CONTEXT, order_no=row.get("order", ""))
        got = {each.code for each in check_draft(row["text"], context, words)}
        wanted = set(row["findings"])
        score.mark("findings", row["text"], sorted(wanted), sorted(got))
        for code in CODES:
            here = "hit" if code in got else "missed"
            score.table[code, here if code in wanted else "false" if code in got else ""] += 1
        left = {each.code for each in check_draft(mend(row["text"], context, words), context, words) if each.fix}
        score.mark("mended", row["text"], set(), left)
    return score


def score_fraud(data: Mapping[str, Any]) -> Score:
    """Found of all [[fraud]] rows, passed of all [[harmless]] ones."""
    words, score = load_fraud_words(DATA / "lexicon"), Score()
    for question, wanted in (("fraud", True), ("harmless", False)):
        for row in data.get(question, ()):
            score.mark(question, row["text"], wanted, read_fraud(row["text"], words) is not None)
    return score


def _lines(score: Score) -> list[str]:
    said = [f"{name}: {score.right[name]}/{count} = {score.share(name):.1%}" for name, count in score.asked.items()]
    if "findings" in score.asked:
        said += [
            f"{code:<15}" + "".join(f"{score.table[code, name]:>5} {name}" for name in ("hit", "missed", "false"))
            for code in CODES
        ]
    elif score.table:
        said += _confusion(score.table)
    return [*said, *(f"  {miss}" for miss in score.misses)]


def _confusion(table: Mapping[tuple[str, str], int]) -> list[str]:
    names = [*KINDS, OTHER]
    head = " " * 15 + "".join(f"{name[:9]:>10}" for name in names) + "    recall"
    body = []
    for wanted in names:
        total = sum(table.get((wanted, got), 0) for got in names)
        cells = "".join(f"{table.get((wanted, got), 0) or '.':>10}" for got in names)
        body.append(f"{wanted:<15}{cells}{table.get((wanted, wanted), 0) / total if total else 1:>10.0%}")
    precise = [table.get((got, got), 0) / max(1, sum(table.get((wanted, got), 0) for wanted in names)) for got in names]
    return [head, *body, f"{'precision':<15}" + "".join(f"{each:>10.0%}" for each in precise)]


def main(paths: Sequence[str]) -> int:
    """Print the figures of each file."""
    for path in paths:
        data = rows(Path(path))
        for name, scored in (("reply", score_replies), ("draft", score_drafts), ("fraud", score_fraud)):
            if data.get(name):
                print(f"== {path}: {name}", *_lines(scored(data)), sep="\n")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
