"""What is said of a text before it is pasted: each finding with its reason and a way out."""

import pytest

from bot.conversation.letters import Context, lint
from bot.conversation.letters.linter import ticket_in, unfit
from tests.conversation.desk import SHANGHAI, at, knowledge

TEXTS = knowledge().catalog.texts
ORDER = "261118-123456789012345"
CONTEXT = Context(TEXTS, at(22, 10, 40), SHANGHAI, order_no=ORDER, money="39.90元", reply_by="11月23日18:00")
GOOD = f"您好，订单{ORDER}，草莓烂了。11月20日18:20签收。请在11月23日18:00前退款39.90元。谢谢。"


def codes(text: str, context: Context = CONTEXT) -> list[str]:
    return [finding.code for finding in lint(text, context)]


def test_a_good_text_passes() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (GOOD.replace(f"订单{ORDER}，", ""), "no_order"),
        (GOOD.replace("39.90元", ""), "no_amount"),
        (GOOD.replace("在11月23日18:00前", ""), "no_date"),
        (f"订单{ORDER}，草莓烂了，39.90元，11月23日18:00前退我。", "no_request"),
        (GOOD + "请换货。", "two_requests"),
        ("我的请求：退款。我的请求：赔偿。" + GOOD, "two_requests"),
        (GOOD.replace("11月20日18:20签收", "11月20日18:20签收。11月19日9:00申请仅退款"), "date_order"),
        (GOOD.replace("11月20日18:20签收", "11月20日18:20签收。当天17:00申请仅退款"), "date_order"),
        (GOOD.replace("11月20日18:20签收", "11月20日18:20签收。11月21日下单"), "date_order"),
        (GOOD.replace("11月20日18:20签收", "11月25日18:20签收"), "future_date"),
        (GOOD + "你们这些骗子。", "insult"),
        (GOOD + "不退就曝光你们。", "threat"),
        (GOOD + "我要打12315。", "threat"),
        (GOOD + "这是假货。", "charge"),
        (GOOD + "要三倍赔偿。", "charge"),
        (GOOD + "要退一赔三。", "charge"),
        (GOOD + "你们保证过。", "banned"),
        (GOOD + "电话13800138000。", "private_phone"),
        (GOOD + "身份证11010119900307123X。", "private_identity"),
        (GOOD + "卡号6222020200012345678。", "private_card"),
        (GOOD + "住在和平路12号。", "private_address"),
        (GOOD + "长" * 256, "too_long"),
        (GOOD + "第二十条。第四十八条。", "articles"),
    ],
)
def test_each_fault_is_found_alone(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    "more",
    [
        "商家说“你就是骗子，保证不退”。",
        "疑似假货，请核实。",
        "买了垃圾袋2卷，放在3号楼门口。",
        "想知道是不是假货。",
        "11月20日签收。当天申请仅退款。",
        "快递单号YT1234567890123。",
        "买了3袋，少了10个。",
        "《消费者权益保护法》第二十四条。",
    ],
)
def test_what_is_no_fault_passes(more: str) -> None:
    assert codes(GOOD + more) == []


def test_a_finding_has_its_stretch_a_reason_and_a_fix() -> None:
    found = lint("不退就曝光你们。", CONTEXT)
    assert [(each.code, each.quote, each.fix) for each in found] == [
        ("no_order", "", f"加上：订单{ORDER}"),
        ("no_amount", "", "加上：39.90元"),
        ("no_date", "", "加上：请在11月23日18:00前回复"),
        ("no_request", "", "加一句：我的请求：退款。"),
        ("threat", "不退就", "改成：请在11月23日18:00前回复"),
    ]
    assert found[-1].why == "“不退就”像威胁，反而难办。"


def test_what_is_not_known_is_asked_for_in_general() -> None:
    context = Context(TEXTS, at(22, 10, 40), SHANGHAI)
    assert [each.fix for each in lint("草莓烂了", context)[:3]] == [
        "在订单页复制订单号，加在开头。",
        "加上实付多少，比如：39.90元。",
        "加上一个日期，比如：请在11月23日18:00前回复。",
    ]


def test_proof_allows_the_word() -> None:
    assert unfit("收到的是假货", Context(TEXTS, at(22), SHANGHAI, proved=frozenset({"假货"}))) == []
    assert [each.code for each in unfit("收到的是假货", CONTEXT)] == ["charge"]


def test_a_single_sentence_is_only_looked_at_for_what_it_must_not_hold() -> None:
    assert unfit("3斤里约2斤半发霉出水，商家保证过当天换", CONTEXT) == []
    assert [each.code for each in unfit("垃圾商家，打我电话13800138000", CONTEXT)] == ["insult", "private_phone"]


@pytest.mark.parametrize(
    ("text", "ticket"),
    [
        ("您的工单号是GD20261122001，24小时内回复", "GD20261122001"),
        ("工单号：8812345678，请耐心等待", "8812345678"),
        ("受理编号 A-100-22", "A-100-22"),
        ("会有专员联系", ""),
        ("工单已提交", ""),
    ],
)
def test_the_ticket_is_found_in_the_agents_answer(text: str, ticket: str) -> None:
    assert ticket_in(text) == ticket
