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
    assert desk.toast == "记下了，证据1：坏的近照。没发给我，在你手机里，别删。"
    assert desk.lines[3] == "② ✅ 证据1：坏的近照（没发给我，在你手机里）"
    assert desk.lines[-1] == "没发给我的，写话时不编号；发来就写上。原图别删。"
    assert desk.labels == ["①有了", "②还没有", "③有了", "下一页", "证据目录", "返回"]
    desk.press("②还没有")
    assert desk.state().proofs == ()
    desk.press("①有了")
    assert [(proof.number, proof.item) for proof in desk.state().proofs] == [(2, "box")]


def test_what_was_sent_is_not_ticked_off_and_takes_the_place_of_a_tick() -> None:
    desk = preparing()
    desk.record("proof", {"number": 1, "item": "bad"})
    desk.record("proof", {"number": 2, "item": "bad", "file": "AgACAgUAA"})
    desk.record("proof", {"number": 3, "item": "bad", "file": "AgACAgUAB"})
    desk.go("proof:1")
    assert desk.lines[3] == "② ✅ 证据2、证据3：坏的近照"
    assert desk.labels == ["①有了", "看证据2", "③有了", "下一页", "证据目录", "返回"]
    assert desk.say("2").splitlines()[1] == "证据2：坏的近照"


def test_a_file_that_could_not_be_kept_fills_nothing() -> None:
    desk = preparing()
    desk.record("proof", {"number": 1, "item": "box", "file": "AgACAgUAA"})
    desk.record("kept", {"number": 1, "fault": "broken"})
    desk.go("proof:1")
    assert desk.lines[1] == "证据清单，有了0样，共5样："
    assert desk.labels[0] == "①有了"


def test_the_list_opens_where_something_is_missing() -> None:
    desk = preparing()
    for number, item in enumerate(("box", "bad", "weight"), 1):
        desk.record("proof", {"number": number, "item": item})
    desk.go("proof:1")
    assert "商品页承诺" in desk.text
    assert desk.lines[1] == "证据清单，有了3样，共5样："


def test_what_nobody_named_is_asked_about_on_the_list_where_there_is_room() -> None:
    desk = preparing()
    desk.record("proof", {"number": 1, "file": "AgACAgUAA"})
    desk.go("proof:1:0")
    assert desk.lines[-1] == "证据1还没说是什么，到“证据目录”里点。"
    assert desk.labels == ["①有了", "②有了", "③有了", "下一页", "证据目录", "返回"]
    desk.go("proof:1:1")
    assert desk.lines[-1] == "证据1还没说是什么，点“证据1是？”。"
    desk.press("证据1是？")
    assert desk.place == "which_proof:1:1"


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
