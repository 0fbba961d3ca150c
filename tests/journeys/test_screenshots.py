"""A picture of an order or refund page instead of typing: read aside, shown back, and only then believed."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.history import fold
from bot.reading import Box, Page
from tests.harness import World

ORDER = "261118-123456789012345"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    opened = await World.open(tmp_path)
    opened.knowledge = replace(opened.knowledge, abilities=frozenset({"ocr"}))
    await opened.restart()
    yield opened
    await opened.close()


def page(*rows: str) -> Page:
    """A page as OCR would find it: ``# `` before a headline, ``|`` between a label and its value."""
    boxes, y = [], 100.0
    for row in rows:
        big = row.startswith("# ")
        height = 72.0 if big else 45.0
        left, _, right = row.removeprefix("# ").partition("|")
        boxes.append(Box(left, 50, y, 40 * len(left), height, 0.99))
        if right:
            boxes.append(Box(right, 600, y, 30 * len(right), height, 0.99))
        y += 110
    return Page(tuple(boxes), 1080, 2400)


REJECTED = page(
    "退款详情",
    "# 商家已拒绝",
    "剩余1天3小时自动关闭",
    "拒绝原因|属于正常损耗",
    "退款金额|¥39.90",
    "申请时间|2026-11-20 19:40:11",
    "订单编号|" + ORDER,
)
SHIPPED = page(
    "订单详情",
    "# 运输中",
    "实付|¥39.90",
    "订单编号|" + ORDER,
    "下单时间|2026-11-18 20:04:10",
    "发货时间|2026-11-19 09:00:00",
)
TWO = page("我的订单", "# 待收货", "实付|¥10.00", "# 待发货", "实付|¥20.00")
FRUIT = page("3斤")
SWINDLE = page("按住说话", "您好，请加微信 tuikuan888 我给您退款，需要共享屏幕操作")


async def sends(world: World, shown: Page, name: str = "shot", text: str = "") -> None:
    """A picture with that on it, downloaded and read."""
    made = io.BytesIO()
    Image.new("RGB", (80 + len(world.chat.uploads), 160), (160, 90, 90)).save(made, "JPEG")
    world.chat.uploads[name] = made.getvalue()
    world.reader.pages[sha256(made.getvalue()).hexdigest()] = shown
    await world.photo(name, text=text)
    await world.work()


async def rejected(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.say("昨天下午三点")
    await world.press("对，没错")


async def test_the_first_thing_sent_may_be_a_picture_of_the_refund_page(world: World) -> None:
    await sends(world, REJECTED)
    assert world.text.splitlines()[1:] == [
        f"订单号 {ORDER}",
        "退款金额 ¥39.90（先当实付记）",
        "申请 11月20日 周五 19:40",
        "退款 商家已拒绝",
        "拒绝理由 “属于正常损耗”",
        "倒计时 还剩 1天3小时，到明天 11月23日 周一 13:00",
    ]
    await world.press("对，没错")
    assert world.text.startswith("订单记下了。哪里不对？")
    await world.say("草莓烂了一半")
    await world.press("对，没错")
    while "更多" not in world.labels:
        await world.press(next(each for each in world.labels if each not in ("返回", "先停下")))
    state = fold(await world.case())
    assert (state.stage, state.text("order_no"), state.facts["amount"]) == ("rejected", ORDER, 3990)
    assert "还剩 1天3小时，到明天 11月23日 周一 13:00（按 App 倒计时）" in world.text
    assert [proof.number for proof in state.proofs] == [1]


async def test_what_is_new_on_the_page_moves_the_case(world: World) -> None:
    await world.say("草莓烂了一半，昨天申请了退款，商家还没处理")
    for _ in range(6):
        if "更多" in world.labels:
            break
        await world.press(next(each for each in world.labels if each not in ("返回", "先停下", "改一下", "都不是")))
    await sends(world, REJECTED)
    assert world.text.splitlines()[0].startswith("证据1里我读到")
    await world.press("对，没错")
    state = fold(await world.case())
    assert (state.stage, state.text("reject_reason")) == ("rejected", "属于正常损耗")
    assert "（按 App 倒计时）" in world.text


async def test_the_same_page_again_says_nothing_new_and_is_kept(world: World) -> None:
    await rejected(world)
    await sends(world, REJECTED, "one")
    await world.press("对，没错")
    before = len(world.chat.messages)
    await sends(world, REJECTED, "two")
    assert [each.text for each in world.chat.messages[before + 1 :]] == []
    assert [proof.number for proof in fold(await world.case()).proofs] == [1, 2]


async def test_what_was_read_wrong_is_not_kept(world: World) -> None:
    await rejected(world)
    await sends(world, REJECTED)
    await world.press("改一下")
    assert "order_no" not in fold(await world.case()).facts


async def test_another_orders_page_is_said_to_be_another_orders(world: World) -> None:
    await rejected(world)
    await world.say("订单号261101-999999999999999 实付20元")
    await world.press("对，没错")
    await sends(world, SHIPPED)
    assert "注意：问题单1的订单是 261101-…9999，和这个不一样。" in world.text
    assert "是另一单" in world.labels


async def test_a_list_of_orders_is_not_guessed_from(world: World) -> None:
    await rejected(world)
    await sends(world, TWO)
    assert "不止一笔订单" in world.text


async def test_a_picture_of_the_goods_is_read_in_silence(world: World) -> None:
    await rejected(world)
    before = len(world.chat.messages)
    await sends(world, FRUIT)
    assert len(world.chat.messages) == before + 1


async def test_a_swindlers_words_in_a_picture_are_warned_of_first(world: World) -> None:
    await rejected(world)
    await sends(world, SWINDLE)
    assert world.text.startswith("🔴 先停一下")


async def test_a_picture_that_was_no_fraud_is_read_after_all(world: World) -> None:
    await rejected(world)
    await sends(world, replace(REJECTED, boxes=(*REJECTED.boxes, *page("加我微信退款").boxes)))
    assert world.text.startswith("🔴 先停一下")
    await world.restart()
    await world.press("是我误会了")
    assert world.text.startswith("好，这张图我再看一遍。")
    await world.work()
    assert "倒计时 还剩 1天3小时" in world.text


async def test_a_question_about_the_countdown_is_answered_by_a_picture(world: World) -> None:
    await rejected(world)
    await world.say("改倒计时")
    await sends(world, REJECTED)
    assert "倒计时 还剩 1天3小时，到明天 11月23日 周一 13:00" in world.text
    await world.press("对，没错")
    assert "（按 App 倒计时）" in world.text


async def test_nothing_legible_where_words_were_waited_for_is_said(world: World) -> None:
    await rejected(world)
    await world.say("改倒计时")
    await sends(world, FRUIT)
    assert "图里没认出订单号、金额或倒计时。要填的请打给我。" in world.text


async def test_without_the_reader_it_is_kept_and_the_text_is_asked_for(world: World) -> None:
    world.knowledge = replace(world.knowledge, abilities=frozenset())
    await world.restart()
    await rejected(world)
    await world.say("改倒计时")
    await world.photo("shot")
    assert "图里的字我认不了，要填的请打给我。" in world.text
