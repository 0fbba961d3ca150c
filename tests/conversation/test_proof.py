"""证据清单: ticking, photos, stable numbers; and 发给家人."""

from typing import get_args

import pytest

from bot.domain.machine import Stage
from bot.messages import COPY_LIMIT
from tests.conversation.desk import Desk, knowledge, told

ORDER = "261118-123456789012345"


def preparing() -> Desk:
    desk = Desk()
    desk.open("spoiled", "preparing", order="signed", goods="fresh", goods_name="草莓")
    return desk


def test_the_urgent_comes_first_three_a_page() -> None:
    desk = preparing()
    desk.go("proof:1")
    assert desk.lines[1:3] == [
        "证据清单，有了0样，共5样：",
        "① 现在就拍 · 整箱和面单：整箱一起拍，面单上的快递单号要看得清",
    ]
    assert desk.labels == ["①有了", "②有了", "③有了", "下一页", "返回"]
    desk.press("下一页")
    assert [line[:4] for line in desk.lines[2:4]] == ["① 商品", "② 有空"]
    assert desk.labels == ["①有了", "②有了", "第一页", "返回"]


def test_ticking_numbers_a_proof_and_a_number_is_never_given_twice() -> None:
    desk = preparing()
    desk.go("proof:1")
    desk.press("②有了")
    assert desk.toast == "记下了，证据1：坏的近照"
    assert desk.lines[3] == "② ✅ 证据1：坏的近照"
    assert desk.labels[:3] == ["①有了", "②还没有", "③有了"]
    desk.press("②还没有")
    assert desk.state().proofs == ()
    desk.press("①有了")
    assert [(proof.number, proof.item) for proof in desk.state().proofs] == [(2, "box")]


def test_the_list_opens_where_something_is_missing() -> None:
    desk = preparing()
    for number, item in enumerate(("box", "bad", "weight"), 1):
        desk.record("proof", {"number": number, "item": item})
    desk.go("proof:1")
    assert "商品页承诺" in desk.text
    assert desk.lines[1] == "证据清单，有了3样，共5样："


def test_a_photo_is_said_to_be_one_of_the_items_and_keeps_its_number_and_file() -> None:
    desk = preparing()
    desk.record("proof", {"number": 1, "item": "box"})
    desk.record("proof", {"number": 2, "file": "AgACAgUAA"})
    desk.go("proof:1")
    assert desk.lines[-1] == "证据2还没说是什么，点“证据2是？”。"
    desk.press("证据2是？")
    assert desk.lines[-1] == "证据2（11月22日 周日 10:00 收到）拍的是什么？"
    assert desk.labels == ["整箱和面单", "坏的近照", "坏的称重", "商品页承诺", "下一页", "先不说"]
    desk.press("坏的称重")
    assert [(each.number, each.item, each.file) for each in desk.state().proofs] == [
        (1, "box", ""),
        (2, "weight", "AgACAgUAA"),
    ]
    assert "证据2是？" not in desk.labels
    desk.press("③还没有")
    assert [(each.number, each.item, each.file) for each in desk.state().proofs][1:] == [(2, "", "AgACAgUAA")]


def test_records_of_the_case_itself_come_with_their_stage() -> None:
    def names(stage: str) -> str:
        desk = Desk()
        desk.open("spoiled", stage, order="signed")
        return "".join(desk.go(f"proof:1:{page}") for page in range(4))

    assert "申请页截图" not in names("preparing")
    assert "申请页截图" in names("waiting_merchant")
    assert "倒计时页" in names("waiting_merchant")
    assert "拒绝页和理由" not in names("waiting_merchant")
    assert "拒绝页和理由" in names("rejected")
    assert "工单号" in names("platform")
    assert "平台的决定" in names("decided_against")


def test_pressing_an_item_that_does_not_exist_changes_nothing() -> None:
    desk = preparing()
    desk.go("proof:1")
    before = desk.case()
    desk._decided("press", press=desk.choices[0].press.replace(":box:", ":gold:"))
    assert desk.case() == before


@pytest.mark.parametrize("stage", get_args(Stage))
def test_every_list_of_every_problem_fits_a_phone(stage: Stage) -> None:
    for problem in knowledge().catalog.problems.values():
        desk = Desk()
        desk.open(problem.id, stage, **({"side": "merchant"} if problem.side == "merchant" else {}))
        desk.record("proof", {"number": 1, "file": "AgACAgUAA"})
        for place in ("proof:1:0", "proof:1:1", "which_proof:1:1", "which_proof:1:1:1"):
            desk.go(place)
            assert (len(desk.lines) <= 6, len(desk.labels) <= 6) == (True, True)
            assert max(map(len, desk.labels)) <= 8


# --- 发给家人 ---------------------------------------------------------------------------------------------------------


def test_the_summary_for_the_family_is_short_and_masked() -> None:
    desk = Desk()
    desk.open(
        "spoiled", "rejected", goods_name="草莓", order_no=ORDER, rejected_at=told(21, 15, 2), reject_reason="张三说的"
    )
    desk.go("family:1")
    copied = next(choice.copy for choice in desk.choices if choice.label == "复制这段")
    assert copied == (
        "草莓坏果，订单 261118-…2345。现在：商家已拒绝，轮到我处理。"
        "到 11月23日 周一 15:02（估计，不是平台规定）。下一步：在退款页申请平台介入。"
    )
    assert copied in desk.text
    assert f"（{len(copied)}字）" in desk.text


def test_a_phone_number_in_the_name_of_the_goods_is_masked() -> None:
    desk = Desk()
    desk.open("quality", "platform", goods_name="水壶13812345678")
    assert "138" not in desk.go("family:1")


def test_the_summary_is_a_message_of_its_own() -> None:
    desk = preparing()
    desk.go("more:1:1")
    desk.press("发给家人")
    assert not desk.edited
    desk.press("回问题单")
    assert not desk.edited


@pytest.mark.parametrize("stage", get_args(Stage))
def test_every_summary_fits_a_copy_button(stage: Stage) -> None:
    for problem in knowledge().catalog.problems.values():
        desk = Desk()
        desk.open(problem.id, stage, goods_name="一个名字很长很长的东西" * 3, order_no=ORDER, applied_at=told(20))
        desk.go("family:1")
        copied = desk.choices[0].copy
        assert (0 < len(copied) <= COPY_LIMIT, copied.endswith("。")) == (True, True)
