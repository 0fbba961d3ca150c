"""Words for 12315 and for a public board: the form's own order, and nothing of anybody's identity, however hostile."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.problems import Problem
from bot.conversation.letters import Words, asks, compose
from bot.conversation.letters.linter import Context, unfit
from bot.conversation.letters.matter import Kind
from bot.domain.machine import Stage
from bot.domain.model import Json
from bot.messages import COPY_LIMIT
from tests.conversation.desk import SHANGHAI, Desk, told
from tests.conversation.test_letters import CATALOG, FACTS, MONEY, NOW, PROBLEMS, STAGES, TEXTS, matter

PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
LONG_NUMBERS = st.from_regex(r"[0-9]{6,20}", fullmatch=True)
COURIER_NUMBERS = st.from_regex(r"(YT|SF|JT|JDVB|7|4)[0-9]{8,16}", fullmatch=True)
NAMES = st.sampled_from(["欧阳翠花", "司马建国", "诸葛铁柱", "Zhang Wei", "买买提江"])
ADDRESSES = st.sampled_from(["朝阳区望京西路88号", "3号楼2单元501室", "浦江镇联航路1588号", "翠苑三区17栋301"])
PRIVATE = st.one_of(PHONES, LONG_NUMBERS, COURIER_NUMBERS, NAMES, ADDRESSES)
HOSTILE = st.builds(
    lambda before, private, after: before + private + after,
    st.sampled_from(["", "收件人", "打", "寄到", "单号", "我是", "草莓"]),
    PRIVATE,
    st.sampled_from(["", "的草莓", "，坏了一半", "！！", "\n第二行", "{order_no}", "<b>"]),
)
TYPED = [name for name in TEXTS if name not in ("refund_type", "pay_method")]
FACT_SETS = st.fixed_dictionaries({}, optional=dict.fromkeys((*TYPED, "refund_type", "pay_method", "seen"), HOSTILE))
AMOUNTS = st.fixed_dictionaries({}, optional={name: st.integers(1, 10**10) for name in (*MONEY, "refunded_amount")})
RUN = re.compile(r"\d{6,}")
CONTEXT = Context(CATALOG.texts, NOW, SHANGHAI, frozenset(), limit=0)


def parts(letter: Words) -> tuple[str, ...]:
    return (*letter.facts, letter.request, *letter.proof)


@given(st.sampled_from(PROBLEMS), st.sampled_from(STAGES), FACT_SETS, AMOUNTS)
def test_nothing_private_reaches_a_public_board(
    problem: Problem, stage: Stage, texts: dict[str, Json], amounts: dict[str, Json]
) -> None:
    dates = {name: value for name, value in FACTS.items() if isinstance(value, dict)}
    letter = compose(matter(problem, stage, {**dates, **amounts, **texts}, "public", proofs=("", "track")))
    text = "".join(parts(letter))
    assert RUN.search(text) is None
    # Nothing that was typed stands there, so no name, address or number can.
    assert [value for value in texts.values() if value in text] == []
    same = compose(matter(problem, stage, {**dates, **amounts}, "public", proofs=("", "track")))
    assert letter == same


@given(st.sampled_from(PROBLEMS), st.sampled_from(STAGES), FACT_SETS)
def test_12315_is_told_no_phone_identity_card_or_address(
    problem: Problem, stage: Stage, texts: dict[str, Json]
) -> None:
    numbers = {name: TEXTS[name] for name in ("order_no", "tracking_no", "return_tracking", "ticket_no")}
    letter = compose(matter(problem, stage, {**FACTS, **texts, **numbers}, "12315"))
    text = "".join(parts(letter))
    assert [each.quote for each in unfit(text, CONTEXT) if each.code.startswith("private")] == []


@pytest.mark.parametrize("kind", ["12315", "public"])
@pytest.mark.parametrize("stage", [stage for stage in get_args(Stage) if stage != "closed"])
def test_every_piece_fits_a_copy_button_and_there_is_one_request(stage: Stage, kind: Kind) -> None:
    long: dict[str, Json] = {**FACTS, "detail": "坏" * 100, "reject_reason": "不" * 60, "merchant_words": "等" * 60}
    for problem in PROBLEMS:
        about = matter(problem, stage, long, kind, proofs=tuple(each.id for each in problem.evidence))
        letter = compose(about)
        assert max(map(len, parts(letter))) <= COPY_LIMIT
        assert min(map(len, parts(letter))) > 0
        assert letter.chunks == parts(letter)
        assert ("请" in letter.request, letter.asked) == (True, asks(about)[0].id)
        assert "您好" not in letter.whole


def test_the_form_in_its_own_order_whole() -> None:
    facts: dict[str, Json] = {
        "order_no": TEXTS["order_no"], "amount": 3990, "goods_name": "草莓3斤", "goods": "fresh",
        "detail": "约2斤半发霉，我电话13812345678", "ordered_at": told(18, 9), "signed_at": told(20, 18, 20),
        "applied_at": told(20, 19, 40), "refund_type": "refund_only", "rejected_at": told(21, 15, 2),
        "reject_reason": "属于正常损耗",
    }  # fmt: skip
    letter = compose(matter("spoiled", "decided_against", facts, "12315", proofs=("whole", "close")))
    facts_told = (
        "在拼多多购买，订单261118-123456789012345，草莓3斤收到时已经坏了。11月18日09:00下单，草莓3斤，实付39.90元。11月20日18:20签收。"
        "约2斤半发霉，我电话（已打码）。当天19:40申请仅退款。11月21日15:02商家拒绝，理由是“属于正常损耗”。"
    )
    assert (letter.facts, letter.request) == ((facts_told,), "请商家退款39.90元。")
    assert len(letter.proof) == 1


def test_the_same_case_on_a_public_board() -> None:
    desk = Desk()
    facts: dict[str, Json] = {**TEXTS, "amount": 3990, "signed_at": told(20, 18, 20), "rejected_at": told(21, 15, 2)}
    desk.open("spoiled", "decided_against", **facts)
    desk.go("rung:1:12315")
    desk.press("公开投诉")
    desk.press("拿要发的话")
    assert "公开投诉的话（已打码）" in desk.lines[0]
    assert "过审后删不掉，别写个人信息" in desk.text
    copied = "".join(choice.copy for choice in desk.choices)
    assert copied.startswith("在拼多多购买，")
    assert [value for value in TEXTS.values() if value in copied] == []
    assert "我已经发了" not in desk.labels


def test_an_own_field_of_the_form_has_its_own_copy_button() -> None:
    desk = Desk()
    desk.open("spoiled", "decided_against", amount=3990, signed_at=told(20, 18, 20), left_out=["order_no", "detail"])
    desk.go("rung:1:12315")
    desk.press("拿要发的话")
    copies = [choice.copy for choice in desk.choices if choice.copy]
    assert [copies[0][:7], copies[1]] == ["在拼多多购买，", "请商家退款39.90元。"]
    assert "证据清单还是空的" in desk.text
    assert "姓名、证件、电话、地址直接填在表里。我不问，也不存。" in desk.text
