"""What is read from the pieces of text on a page: recorded from real OCR, and spoilt on purpose. Nothing is guessed."""

import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.understand.screenshot import Screenshot, read_screenshot
from bot.reading import Box, Page
from tests.ocr.shots import Truth
from tests.ocr.verdict import verdicts

FILE = Path(__file__).parents[1] / "data" / "screenshots.toml"
RECORDED: dict[str, dict[str, Any]] = {
    each["name"]: each for each in tomllib.loads(FILE.read_text(encoding="utf-8"))["page"]
}
ORDER = RECORDED["an order on its way, as saved"]
WAITING = RECORDED["a refund that waits, tilted and blurred"]
REFUSED = RECORDED["a refusal, dark and small"]


def page(recorded: dict[str, Any], changes: dict[str, str] | None = None, score: float | None = None) -> Page:
    """The recorded page, with some pieces of text replaced (and as unsure as ``score``, those that are)."""
    changes = changes or {}
    boxes = [Box(*row) for row in recorded["boxes"]]
    assert set(changes) <= {box.text for box in boxes}
    changed = (
        replace(box, text=changes[box.text], score=box.score if score is None else score)
        if box.text in changes
        else box
        for box in boxes
    )
    return Page(tuple(box for box in changed if box.text), recorded["width"], recorded["height"])


def read(recorded: dict[str, Any], changes: dict[str, str] | None = None, score: float | None = None) -> Screenshot:
    return read_screenshot(page(recorded, changes, score))


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_page_is_read_field_by_field(name: str) -> None:
    says = dict(RECORDED[name]["says"])
    left, reason = says.pop("seconds_left", None), says.pop("reject_reason", None)
    truth = Truth(**says, reason=reason, left=None if left is None else timedelta(seconds=left))
    assert [each for each in verdicts(truth, read(RECORDED[name])) if each[1] != "right"] == []


def test_the_text_reads_as_the_page_does() -> None:
    lines = read(ORDER).text.splitlines()
    assert lines[:3] == ["7:51 5G 87%", "订单详情", "运输中"]
    assert "订单编号 260919-105674277099821 复制" in lines
    assert "发货时间 2026-09-20 15:28:09" in lines
    assert "实付 ¥155.74(免运费)" in lines


def test_what_a_headline_reports_is_an_event_and_its_stage() -> None:
    found = read(REFUSED)
    assert (found.event, found.stage, found.order, found.amount_fen) == ("rejected", "rejected", None, 20603)


@pytest.mark.parametrize(
    "said",
    [
        "260918-105674277099821", "26091-105674277099821", "260919-10567427709982", "260919-1056742770998212",
        "260919-10567427709982l",
    ],
)  # fmt: skip
def test_a_misread_order_number_is_left_out(said: str) -> None:
    """The day of the order, or the count of digits, gives it away."""
    assert read(ORDER, {"260919-105674277099821": said}).order_no is None


def test_a_number_and_a_date_that_disagree_are_both_left_out() -> None:
    found = read(ORDER, {"2026-09-19 02:17:51": "2026-09-13 02:17:51"})
    assert (found.order_no, "ordered_at" in found.times) == (None, False)
    assert found.times["shipped_at"] == "2026-09-20 15:28:09"


def test_times_in_the_wrong_order_are_left_out() -> None:
    found = read(ORDER, {"2026-09-19 03:23:29": "2026-09-29 03:23:29"})
    assert set(found.times) == {"ordered_at", "paid_at"}


@pytest.mark.parametrize("said", ["2026-09-31 02:17:51", "2026-09-19 25:17:51", "09-19 02:17:51", "2026-09-19", "昨天"])
def test_an_unclear_time_is_left_out(said: str) -> None:
    assert "ordered_at" not in read(ORDER, {"2026-09-19 02:17:51": said}).times


@pytest.mark.parametrize("said", ["155.74", "¥155 74", "¥155.", "¥1O5.74", "¥155.745", "-¥155.74", "¥", ""])
def test_an_unclear_amount_is_left_out(said: str) -> None:
    assert read(ORDER, {"¥155.74（免运费）": said}).paid_fen is None


@pytest.mark.parametrize(
    ("said", "fen"), [("¥155.74", 15574), ("￥155.7", 15570), ("¥1,155", 115500), ("(免运费)¥155.74", 15574)]
)
def test_an_amount_is_read_however_it_is_printed(said: str, fen: int) -> None:
    assert read(ORDER, {"¥155.74（免运费）": said}).paid_fen == fen


def test_what_ocr_is_not_sure_of_is_left_out() -> None:
    unsure = ("260919-105674277099821", "¥155.74（免运费）", "2026-09-19 02:17:51", "YT8612356264589", "运输中")
    found = read(ORDER, {text: text for text in unsure}, score=0.7)
    assert (found.order_no, found.paid_fen, found.tracking_no, found.order) == (None, None, None, None)
    assert "ordered_at" not in found.times


COUNTDOWN = "剩余1天18时59分28秒"


@pytest.mark.parametrize(
    ("said", "countdown"),
    [
        ("剩余 23:59:12", "剩余 23:59:12"), ("还剩1天3小时，逾期自动关闭", "还剩1天3小时"),
        ("还剩 2 天 3 小时", "还剩 2 天 3 小时"), ("剩余1天99分", None), ("剩余1天28时", None),
        ("剩余2天3时61分", None),
        ("剩余61:61:01", None), ("剩余15:04", None), ("剩余90天", None),
        ("红包还剩1天3小时失效", None), ("剩余几天", None), ("1天3小时", None), ("还剩1天3小时，剩余2天", None),
    ],
)  # fmt: skip
def test_only_a_clear_countdown_of_the_application_is_read(said: str, countdown: str | None) -> None:
    assert read(WAITING, {COUNTDOWN: said}).countdown == countdown


@pytest.mark.parametrize(
    ("headline", "event"),
    [
        ("等待商家处理", "applied"), ("商家拒绝了您的申请", "rejected"), ("客服介入处理中", "intervened"),
        ("请补充凭证", "proof_wanted"), ("待寄回", "agreed_return"), ("请寄回商品", "agreed_return"),
        ("待商家收货", "return_shipped"), ("退款处理中", "agreed_refund"), ("退款成功 ¥199.55", "refunded"),
        ("退款已关闭", "app_closed"), ("商家回复了你", None), ("平台介入已结束", None),
    ],
)  # fmt: skip
def test_headlines_of_a_refund(headline: str, event: str | None) -> None:
    assert read(WAITING, {"请等待商家处理": headline}).event == event


def test_the_steps_below_the_headline_are_no_state() -> None:
    """退款成功 stands there from the first day on."""
    found = read(WAITING, {"请等待商家处理": ""})
    assert (found.kind, found.event) == ("refund", None)


def test_two_order_numbers_belong_to_no_one() -> None:
    found = read(ORDER, {"支付方式": "订单编号", "微信支付": "260918-105674277099822"})
    assert (found.kind, found.order_no, found.paid_fen) == ("several", None, None)


def test_a_reason_that_runs_on_is_read_whole() -> None:
    recorded = REFUSED | {"boxes": [*REFUSED["boxes"], ["，影响二次销售", 20.0, 504.0, 90.0, 17.0, 1.0]]}
    assert read(recorded).reject_reason == "超过48小时不支持售后，影响二次销售"


@pytest.mark.parametrize(
    "texts",
    [
        [], ["您好，订单260919-105674277099821，实付¥155.74，9月20日发货"], ["退款金额将在3天内原路退回"],
        ["草莓", "¥9.9"],
        ["订单编号", "2518334567890123456", "实付款", "¥45.84", "付款时间", "2026-09-12 13:40:37"],
    ],
)  # fmt: skip
def test_what_is_no_page_gives_nothing_but_its_text(texts: list[str]) -> None:
    boxes = [Box(text, 10, 60.0 * number, 300, 40, 0.99) for number, text in enumerate(texts)]
    assert read_screenshot(Page(tuple(boxes), 1080, 2400)) == Screenshot("other", "\n".join(texts).replace("，", ","))


WORDS = [
    "订单编号",
    "260919-105674277099821",
    "实付",
    "¥155.74",
    "申请时间：2026-09-1902:17:51",
    "退款金额",
    "还剩1天",
    "×1",
]
NUMBERS = st.floats(0, 3000, allow_nan=False)
BOXES = st.builds(
    Box, st.sampled_from(WORDS) | st.text(max_size=20), NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.floats(0, 1)
)


@given(st.lists(BOXES, max_size=20))
def test_no_page_breaks_the_reading(boxes: list[Box]) -> None:
    found = read_screenshot(Page(tuple(boxes), 1080, 2400))
    assert found.kind != "other" or found == Screenshot("other", found.text)
