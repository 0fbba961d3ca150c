"""Compares what was read from a picture with what was put on it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

from bot.conversation.understand.screenshot import Screenshot
from bot.conversation.understand.times import Left, read_time
from tests.ocr.shots import Truth

Verdict = Literal["right", "wrong", "missing"]
SAID = datetime(2026, 11, 22, 12, tzinfo=UTC)


def verdicts(truth: Truth, found: Screenshot) -> Iterator[tuple[str, Verdict, object, object]]:
    """Field, verdict, what is there, what was read; nothing for a field that is neither there nor read."""
    left = read_time(found.countdown, said=SAID, zone=UTC, expect="left") if found.countdown else None
    read_times: dict[str, str] = {str(key): stamp for key, stamp in found.times.items()}
    pairs: list[tuple[str, object, object]] = [
        ("kind", truth.kind, found.kind),
        ("order number", truth.order_no, found.order_no),
        ("paid", truth.paid_fen, found.paid_fen),
        ("refund amount", truth.refund_fen, found.refund_fen),
        ("goods", truth.goods, whole_title(truth.goods, found.goods)),
        ("tracking number", truth.tracking_no, found.tracking_no),
        ("refund number", truth.refund_no, found.refund_no),
        ("reject reason", truth.reason, found.reject_reason),
        ("state", truth.state, found.stage or found.order),
        ("countdown", truth.left, left.length if isinstance(left, Left) else found.countdown),
        *(("times", truth.times.get(key), read_times.get(key)) for key in dict.fromkeys([*truth.times, *read_times])),
    ]
    for name, there, read in pairs:
        if there is not None and read is None:
            yield name, "missing", there, read
        elif read is not None:
            yield name, "right" if there == read else "wrong", there, read


def whole_title(there: str | None, read: str | None) -> str | None:
    """The whole title where its first line was read: that is all that is asked for. OCR loses spaces."""
    if there is None or read is None:
        return read
    first, title = "".join(read.split()), "".join(there.split())
    return there if title.startswith(first) and len(first) >= min(8, len(title)) else read
