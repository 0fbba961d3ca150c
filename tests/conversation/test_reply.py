"""What a pasted answer means: sorted, with its own words as the reason, and open where it is not plain."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.understand.reply import Reply, read_reply
from bot.conversation.understand.reply_words import KINDS, ReplyWords
from bot.conversation.understand.times import find_times
from tests.bench.reply_bench import OTHER, Score, rows, score_replies
from tests.conversation.desk import SHANGHAI, at, knowledge

DEV = Path(__file__).parents[1] / "data" / "replies_dev.toml"
PRICE = 3990


def words() -> ReplyWords:
    return knowledge().replies


@cache
def score() -> Score:
    return score_replies(rows(DEV))


def read(text: str, price: int | None = PRICE) -> Reply:
    return read_reply(text, words(), price)


@pytest.mark.parametrize(
    ("question", "floor"), [("kind", 0.98), ("ground", 0.93), ("amount", 0.97), ("percent", 1.0), ("until", 0.97)]
)
def test_the_development_sentences_are_read(question: str, floor: float) -> None:
    assert score().share(question) >= floor, "\n".join(score().misses)


def test_nothing_is_taken_for_a_consent_that_is_none() -> None:
    table = score().table
    wrong = {wanted: table[wanted, "agrees"] for wanted in (*KINDS, OTHER) if wanted != "agrees"}
    assert {wanted: count for wanted, count in wrong.items() if count} == {}


@pytest.mark.parametrize("dangerous", ["leave_app", "asks_withdraw"])
def test_what_costs_most_is_not_missed(dangerous: str) -> None:
    missed = sum(score().table[dangerous, got] for got in (*KINDS, OTHER) if got not in (dangerous, "leave_app"))
    assert missed == 0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("不是不给您退，您先别急", "stalls"),
        ("没有说不退呀，等我们收到货再看", "stalls"),
        ("不用撤销申请，我们同意退款", "agrees"),
        ("不要加微信，谨防受骗", None),
        ("您是想退款吗？", None),
        ("能不能退？", None),
        ("我：你们到底退不退\n商家：正在核实，请稍等", "stalls"),
        ("2026-11-20 10:22:31 客服：加我微信 abc12345", "leave_app"),
        ("您反馈的商家不退款问题正在核实，请耐心等待", "stalls"),
        ("您说“不给退款就投诉”，我们已同意退款", "agrees"),
        ("拒绝理由：商品已发货", "refuses"),
        ("亲，影響二次銷售，不能退哦😊", "refuses"),
        ("给您补５元，您撤销申请可以吗", "asks_withdraw"),
        ("先加我薇信，再把申请撤了", "leave_app"),
        ("不退货也可以给您退款", "agrees"),
        ("我们是不可能同意退款的", "refuses"),
        ("退款会退到您的微信零钱，已同意", "agrees"),
        ("平台：请不要撤销申请", None),
        ("", None),
        ("👌", None),
    ],
)
def test_traps(text: str, kind: str | None) -> None:
    assert read(text).kind == kind


@pytest.mark.parametrize(
    ("text", "kind", "ground"),
    [
        ("把投诉先消了，咱有话好好说", "asks_withdraw", None),
        ("差评您先去掉，我再跟您谈", "asks_withdraw", None),
        ("投诉单对您没影响，先不用管它", None, None),
        ("您搜一下绿泡泡，号就是我手机", "leave_app", None),
        ("下回您再来，我给您改个底价", "coupon", None),
        ("这台激活过了，别人怎么会要", "refuses", "resale"),
        ("屏是您自己磕裂的，我们不认", "refuses", "buyer_damage"),
        ("入口都关了，现在才来说", "refuses", "too_late"),
        ("站点那边弄混了，您去驿站翻翻看", "blames_courier", None),
        ("上面还没批下来，轮到您再说", "stalls", None),
        ("已经给您点了同意了", "agrees", None),
        ("还没给您点同意", None, None),
        ("单号有吗", None, None),
    ],
)
def test_what_no_precise_pattern_says_is_weighed(text: str, kind: str | None, ground: str | None) -> None:
    reply = read(text)
    assert (reply.kind, reply.ground) == (kind, ground)


def test_what_speaks_against_the_buyer_and_nothing_else_is_a_refusal() -> None:
    assert (read("茶渍都在，已经泡过茶了").kind, read("茶渍都在吗").kind) == ("refuses", None)


def test_further_kinds_are_kept_the_graver_first() -> None:
    reply = read("加我微信，给您补5元，把申请撤了吧")
    assert (reply.kind, reply.also, reply.amount) == ("leave_app", ("asks_withdraw", "part_offer"), 500)


@pytest.mark.parametrize(
    ("text", "amount", "percent", "flags"),
    [
        ("给您补偿5元可以吗", 500, None, set()),
        ("补您两块五行不行", 250, None, set()),
        ("退您¥12.00", 1200, None, set()),
        ("给您退一半", None, 50, set()),
        ("打八折给您", None, 20, set()),
        ("补偿您0元", 0, None, {"zero"}),
        ("给您退100元", 10000, None, {"above_price"}),
        ("给您退一部分可以吗", None, None, {"missing"}),
        ("扣除10元运费后给您退", 2990, None, {"deducted"}),
        ("退您5元，最多给您退10元", 1000, None, {"several"}),
        ("实付39.9元，给您退10元", 1000, None, set()),
        ("订单261118-123456789012345，坏了5个，11月20日的，给您退6元", 600, None, set()),
        ("给您补5-10元", 1000, None, {"range"}),
    ],
)
def test_what_is_offered(text: str, amount: int | None, percent: int | None, flags: set[str]) -> None:
    reply = read(text)
    assert (reply.kind, reply.amount, reply.percent, set(reply.flags)) == ("part_offer", amount, percent, flags)


def test_the_whole_price_is_no_part() -> None:
    assert read("给您退39.9元").kind == "agrees"
    assert read("给您退39.9元", None).kind == "part_offer"


def test_a_coupons_face_value_is_no_money() -> None:
    reply = read("给您一张10元优惠券")
    assert (reply.kind, reply.amount) == ("coupon", None)


def test_the_ground_of_a_refusal_and_further_ones() -> None:
    reply = read("没有开箱视频，而且超过售后时效了，不能退")
    assert (reply.ground, reply.grounds) == ("too_late", ("too_late", "no_proof"))
    assert read("不退").ground == "none_given"
    assert read("您好").ground is None


def test_confirming_the_receipt_is_pointed_out() -> None:
    assert read("您先点一下确认收货，我再给您退款").confirm_receipt is True
    assert read("别点确认收货").confirm_receipt is False


@pytest.mark.parametrize(
    "text",
    ["24小时内给您回复", "明天下午给您发货", "11月25日前给您答复", "今晚8点前给您处理", "周三给您补发", "3天内到账"],
)
def test_the_time_of_a_promise_can_be_read(text: str) -> None:
    reply = read(text)
    assert reply.kind == "promise"
    assert len(find_times(reply.until_text, said=at(22, 10), zone=SHANGHAI, expect="future")) == 1


AGREED = [("给您补发一个", "resend"), ("同意换货", "exchange"), ("同意退款", "refund")]


@pytest.mark.parametrize(("text", "what"), AGREED)
def test_what_is_agreed(text: str, what: str) -> None:
    reply = read(text)
    assert (reply.kind, reply.what) == ("agrees", what)


PIECES = st.sampled_from(
    ["给您", "退", "不", "5元", "一半", "撤销", "申请", "加", "微信", "24小时", "内", "回复", "，", "。", "？", "“",
     "”", "我：", "\n", "😀", "影响二次销售", "快递", "优惠券", "同意", " ", "￥", "39.9", "11月20日"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=24).map("".join)), st.none() | st.integers(1, 10**7))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_quoted_as_it_stands(text: str, price: int | None) -> None:
    reply = read(text, price)
    assert reply.why in text
    assert reply.until_text in text
    assert bool(reply.why) == (reply.kind is not None)
    assert reply.amount is None or reply.amount >= 0
    assert reply.percent is None or 0 <= reply.percent <= 100
    assert reply.kind not in reply.also


@pytest.mark.parametrize("piece", ["不", "给您退", "24小时", "1", "撤销申请", "加我微信", "“", "退5元", "不不给您"])
def test_a_very_long_text_is_read_to_an_end(piece: str) -> None:
    """An expression that tries every division of it would not come back."""
    assert read(piece * (20_000 // len(piece))).confirm_receipt is False
