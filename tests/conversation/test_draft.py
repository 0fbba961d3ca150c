"""A draft that a person wrote: what is wrong with it is found, told and mended, and then nothing is left to mend."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.letters.draft import DraftContext, Fix, apply, check_draft, fixes, mend
from bot.conversation.letters.draft_words import DraftWords
from tests.bench.reply_bench import CODES, CONTEXT, rows, score_drafts
from tests.conversation.desk import SHANGHAI, knowledge

DEV = Path(__file__).parents[1] / "data" / "drafts_dev.toml"
GOOD = f"您好，订单{CONTEXT.order_no}，草莓11月20日签收后发现烂了一半，实付39.90元，请退款39.90元。"
KNOWN_DATES = "11月18日下单，11月20日18:20签收，11月20日19:40申请退款。"
NOTHING = DraftContext(CONTEXT.now, SHANGHAI)


def words() -> DraftWords:
    return knowledge().drafts


def codes(text: str, context: DraftContext = CONTEXT) -> set[str]:
    return {finding.code for finding in check_draft(text, context, words())}


def test_the_development_drafts_are_looked_over() -> None:
    data = rows(DEV)
    score = score_drafts(data)
    assert len(data["draft"]) >= 120
    assert score.share("findings") >= 0.98, "\n".join(score.misses)
    assert score.share("mended") == 1.0, "\n".join(score.misses)


def test_a_good_draft_passes() -> None:
    assert codes(GOOD) == set()


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (GOOD + "不退就曝光你们。", GOOD + "请在11月23日18:00前回复。"),
        (GOOD + "你们这些骗子！", GOOD),
        (
            GOOD.replace("请退款39.90元", "再不退款我就曝光你们"),
            GOOD.replace("请退款39.90元。", "请退款。请在11月23日18:00前回复。"),
        ),
        (GOOD + "商家偷了我的包裹。", GOOD),
        (GOOD + "我的登录密码是abc123456。", GOOD + "我的登录密码是**。"),
        (GOOD.replace("您好", "无良商家"), GOOD.replace("您好，", "")),
        (GOOD + "这是假货。", GOOD + "这是疑似假货。"),
        (GOOD + "要求退一赔三。", GOOD + "要求退款。"),
        (GOOD + "电话13812345678。", GOOD + "电话138****5678。"),
        (GOOD + "还要商家道歉。", GOOD),
        (GOOD + "要求退款并道歉。", GOOD + "要求退款。"),
        (GOOD.replace("11月20日", "11月16日") + "11月18日下单。", GOOD.replace("20日", "20日18:20") + "11月18日下单。"),
        (
            f"草莓烂了，订单{CONTEXT.order_no}",
            f"草莓烂了，订单{CONTEXT.order_no}。实付39.90元。{KNOWN_DATES}我的请求：退款39.90元。",
        ),
    ],
)  # fmt: skip
def test_what_is_mended(text: str, mended: str) -> None:
    assert mend(text, CONTEXT, words()) == mended


@pytest.mark.parametrize(
    "more",
    [
        "商家说“你就是骗子，去告啊”。", "疑似假货，请核实。", "买了垃圾袋2卷。", "快递单号773012345678901。",
        "商家说他们不是故意的。", "胶卷曝光过了。", "收到《骗子的艺术》一本。", "商家说王八路上死了。",
        "商家让我换货，我不接受换货。", "11月21日商家拒绝了。", "商家承诺11月17日前发货。", "请给我工单号。",
    ],
)  # fmt: skip
def test_what_is_no_fault_passes(more: str) -> None:
    assert codes(GOOD + more) == set()


def test_what_only_the_person_knows_is_asked_for() -> None:
    found = check_draft("11月20日下单，11月18日签收，草莓烂了", NOTHING, words())
    assert [(each.code, each.fix, each.need) for each in found] == [
        ("no_order", None, "order_no"),
        ("no_amount", None, "amount"),
        ("no_request", None, "request"),
        ("date_order", None, "signed_at"),
    ]
    assert fixes(found) == []


def test_every_reason_and_every_question_has_its_words() -> None:
    texts = knowledge().catalog.texts
    needs = ["order_no", "amount", "date", "request", *words().dated]
    wanted = [*(f"drafts.why.{code}" for code in CODES), *(f"drafts.need.{need}" for need in needs)]
    assert [key for key in wanted if not texts.has(key)] == []


def test_proof_allows_the_word() -> None:
    text = GOOD + "收到的是假货。"
    assert codes(text) == {"unproved"}
    assert codes(text, replace(CONTEXT, proved=frozenset({"假货"}))) == set()


def test_the_request_of_the_case_says_which_demand_stays() -> None:
    text = f"订单{CONTEXT.order_no}，11月20日签收，39.9元，请换货，还要退款。"
    assert "换货" not in mend(text, CONTEXT, words())
    assert "退款" not in mend(text, replace(CONTEXT, request="换货"), words())


def test_fixes_do_not_say_a_sentence_twice_nor_leave_stray_marks() -> None:
    twice = [Fix((3, 5), ""), Fix(None, "谢谢。"), Fix(None, "谢谢。")]
    assert apply("坏了，骗子，请退款", twice) == "坏了，请退款。谢谢。"
    assert apply("骗子！请退款", [Fix((0, 2), "")]) == "请退款"


def test_a_clock_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        DraftContext(datetime(2026, 11, 22), SHANGHAI)  # noqa: DTZ001


PIECES = [
    "您好", f"订单{CONTEXT.order_no}", "11月20日签收", "11月25日下单", "11月15日商家拒绝", "39.90元", "请退款",
    "我要换货", "还要赔偿200元", "要求商家道歉", "你们这些骗子", "垃圾商家", "真他妈恶心", "去死吧",
    "不退就曝光你们", "再不处理", "我就打12315投诉你们", "卖假货", "这是诈骗", "要求退一赔三", "电话13812345678",
    "我叫王小明", "住幸福路12号3单元501室", "身份证110101199003071234", "商家说“骗子”", "草莓烂了一半",
    "39.9元的假货请退款", "请退款并处罚商家", "故意的",
]  # fmt: skip
DRAFTS = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from("，。！？\n ")), max_size=9).map(
    lambda parts: "".join(piece + mark for piece, mark in parts)
)


@given(st.one_of(DRAFTS, st.text(max_size=80)))
@settings(max_examples=400, deadline=None)
def test_what_was_mended_has_nothing_left_to_mend(text: str) -> None:
    found = check_draft(text, CONTEXT, words())
    for finding in found:
        if finding.span is not None:
            start, end = finding.span
            assert 0 <= start < end <= len(text)
            assert finding.quote.split()[0] in text if finding.quote.strip() else True
    assert fixes(check_draft(mend(text, CONTEXT, words()), CONTEXT, words())) == []


@given(st.one_of(DRAFTS, st.text(max_size=80)))
@settings(max_examples=200, deadline=None)
def test_nothing_is_invented_when_nothing_is_known(text: str) -> None:
    added = [finding for finding in check_draft(text, NOTHING, words()) if finding.fix and finding.fix.replace is None]
    assert added == []


@pytest.mark.parametrize("piece", ["骗子", "请退款", "11月20日签收", "1", "，", "不退就曝光", "“", "幸福路1号"])
def test_a_very_long_draft_is_mended_to_an_end(piece: str) -> None:
    """An expression that tries every division of it would not come back."""
    assert mend(piece * (20_000 // len(piece)), CONTEXT, words()) != ""
