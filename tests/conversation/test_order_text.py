"""Pasted order pages and typed amounts: what is read from them, and what must not be mistaken for an order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.understand.order_text import OrderText, read_amount, read_order

ORDER = "261118-123456789012345"

PAGE = """订单编号：261118-123456789012345 复制
商品：丹东草莓 3斤装
商品总价 ¥45.90
实付款：¥39.90（免运费）
下单时间：2026-11-18 10:12:33
支付时间：2026-11-18 10:12:40
成团时间：2026-11-18 10:20:01
发货时间：2026-11-19 08:00:00
快递单号：YT1234567890123"""


def test_a_pasted_order_page_is_read_whole() -> None:
    assert read_order(PAGE) == OrderText(
        order_no=ORDER,
        amount_fen=3990,
        goods="丹东草莓 3斤装",
        tracking_no="YT1234567890123",
        times=(
            ("下单时间", "2026-11-18 10:12:33"), ("支付时间", "2026-11-18 10:12:40"),
            ("成团时间", "2026-11-18 10:20:01"),
            ("发货时间", "2026-11-19 08:00:00"),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        ORDER, f"订单号{ORDER}", "261118 - 123456789012345", "261118-12345 67890 12345",
        "２６１１１８－１２３４５６７８９０１２３４５",
        "261118—123456789012345", "261118123456789012345", "261118 123456789012345", f"我的单子是{ORDER}，帮我看看",
    ],
)  # fmt: skip
def test_an_order_number_is_read_however_it_is_written(text: str) -> None:
    assert read_order(text).order_no == ORDER


@pytest.mark.parametrize(
    "text",
    [
        "13812345678", "身份证110101199003074233", "2026-11-18 10:12:33", "快递单号 773012345678901", "021-12345678",
        "269918-123456789012345", "6222021234567890123", "快递单号：261118123456789012345", "261118-1234",
        "20261118101233123456789",
    ],
)  # fmt: skip
def test_other_numbers_are_not_orders(text: str) -> None:
    assert read_order(text).order_no is None


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("退款金额 ¥10.00\n实付 ¥39.90", 3990), ("合计：39.9元", 3990), ("实付三十九块九", 3990),
        ("花了39块9买的", 3990),
        ("实付款\n¥1,299.00", 129900), ("订单261118-123456789012345", None), ("买了3斤草莓", None),
    ],
)  # fmt: skip
def test_the_paid_amount_is_preferred(text: str, fen: int | None) -> None:
    assert read_order(text).amount_fen == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("39.9", 3990), ("¥39.90", 3990), ("￥39.90元", 3990), ("39块9", 3990), ("39块9毛", 3990), ("39块9毛5", 3995),
        ("三十九块九毛", 3990),
        ("三十九块九", 3990), ("１２元", 1200), ("1,299.00", 129900), ("一百零五元", 10500), ("一百五", 15000),
        ("两千三百元", 230000),
        ("十二块", 1200), ("0.01", 1), ("1000000", 100_000_000), ("1000000.01", None), ("0", None), ("-5", None),
        ("1.234", None),
        ("12,34", None), ("", None), ("很多钱", None), ("39.9.9", None), ("三三", None), ("零元", None),
    ],
)  # fmt: skip
def test_a_typed_amount_is_read_in_fen(text: str, fen: int | None) -> None:
    assert read_amount(text) == fen


@given(st.text(max_size=400))
def test_nothing_that_is_pasted_breaks_reading(text: str) -> None:
    read_order(text)
    fen = read_amount(text)
    assert fen is None or 0 < fen <= 100_000_000


@given(
    day=st.dates().map(lambda day: f"26{day:%m%d}"),
    tail=st.integers(10**11, 10**18 - 1).map(str),
    fen=st.integers(1, 100_000_000),
    dash=st.sampled_from(["-", " - ", "－", "—"]),
)
def test_a_formatted_order_is_read_back(day: str, tail: str, fen: int, dash: str) -> None:
    amount = f"{fen // 100:,}.{fen % 100:02d}"
    found = read_order(f"订单编号：{day}{dash}{tail}\n实付：¥{amount}")
    assert (found.order_no, found.amount_fen) == (f"{day}-{tail}", fen)
    assert read_amount(amount) == fen


def test_a_long_paste_is_read_in_bounded_time() -> None:
    assert read_order("261118-" * 50_000 + "一" * 50_000).order_no is None
