"""The way to a person, with and without a 问题单, and the three checks before 平台介入."""

from typing import get_args

import pytest

from bot.domain.machine import Stage
from tests.conversation.desk import Desk, at, knowledge, told

STRAWBERRIES = {"order": "signed", "goods": "fresh", "goods_name": "草莓"}


def rejected() -> Desk:
    desk = Desk()
    desk.open("spoiled", "rejected", rejected_at=told(21, 15, 2), applied_at=told(20, 19, 40), **STRAWBERRIES)
    return desk


# --- 找人工客服 -------------------------------------------------------------------------------------------------------


def test_with_open_cases_the_order_is_asked_and_the_phone_only_once() -> None:
    desk = rejected()
    desk.open("not_shipped", "waiting_merchant", order="unshipped", goods_name="水壶")
    desk.go("service")
    assert desk.labels == ["水壶未发货", "草莓坏果", "别的订单", "返回"]
    desk.press("草莓坏果")
    assert desk.labels == ["iPhone", "安卓", "不清楚", "返回"]
    desk.press("安卓")
    assert desk.dossier.person.preferences.phone == "android"
    assert "点「售后纠纷」" in desk.text
    assert desk.goal("教我怎么走") == "walk:service_android:0:1"
    desk.go("service:2")
    assert "你用的是哪种手机" not in desk.text
    assert "点「催发货」" in desk.text


def test_somebody_who_does_not_know_their_phone_goes_the_common_way_and_is_not_asked_again() -> None:
    desk = rejected()
    desk.go("service:1")
    desk.say("不知道")
    assert desk.goal("教我怎么走") == "walk:service_direct:0:1"
    desk.go("service:1")
    assert desk.goal("教我怎么走") == "walk:service_direct:0:1"


def test_without_a_case_the_way_to_a_person_works_and_can_be_kept() -> None:
    desk = Desk()
    desk.go("service")
    assert desk.labels == ["没发货", "没收到货", "坏了有毛病", "货不对", "下一页", "返回"]
    desk.press("坏了有毛病")
    desk.press("质量有问题")
    assert desk.state().facts["loose"] is True
    assert desk.state().ready
    desk.press("iPhone")
    desk.press("教我怎么走")
    for _ in range(5):
        desk.press("找到了，下一步")
    assert desk.labels == ["拿要发的话", "已发给客服", "没转到人工", "客服答复了", "存成问题单", "返回"]
    desk.press("存成问题单")
    assert "loose" not in desk.state().facts
    assert desk.text.startswith("存成问题单1了")
    assert desk.place == "ask:1"
    desk.press("商家拒绝了")
    desk.press("昨天")
    assert desk.place == "card:1"
    assert "商家已拒绝（轮到你）" in desk.text
    assert [row.case for row in desk.dossier.reminders if row.state == "planned"] != []


def test_a_sentence_instead_of_a_group_opens_the_hidden_case() -> None:
    desk = Desk()
    desk.go("service_what")
    desk.say("草莓烂了一半商家不给退")
    assert desk.place == "service:1"
    assert (desk.state().problem, desk.state().facts["loose"]) == ("spoiled", True)


def test_a_sentence_that_could_be_several_things_is_asked_about() -> None:
    desk = Desk()
    desk.go("service_what")
    desk.say("货不对板 照骗")
    names = [knowledge().catalog.problems[each].name for each in ("not_as_described", "wrong_item")]
    assert desk.labels == [*names, "都不是", "返回"]
    assert desk.dossier.cases == ()
    desk.press("都不是")
    assert desk.place == "service_what"
    assert "换个说法" in desk.say("这个那个")
    assert desk.place == "service_what"


def test_the_merchant_goes_the_third_route_whatever_the_phone() -> None:
    desk = Desk()
    desk.open("merchant", "waiting_merchant", side="merchant")
    desk.go("service:1")
    desk.press("iPhone")
    assert desk.goal("教我怎么走") == "walk:service_direct:0:1"


# --- 介入前三查 -------------------------------------------------------------------------------------------------------


def test_the_three_checks_count_what_is_there_and_promise_nothing() -> None:
    desk = rejected()
    desk.record("proof", {"number": 1, "item": "box"})
    desk.go("check:1")
    assert desk.lines[2:] == [
        "① 证据：要紧的6样，有了1样。下一样补：坏的近照。补上更清楚，结果还是平台定。",
        "② 联系：11月20日 周五 19:40 申请过，商家看得到。",
        "③ 规矩：原因照实写，图不修，在 App 里聊，不骂人；没有新东西，别反复申请。",
    ]
    assert desk.labels == ["去申请介入", "补证据", "给商家的话", "返回"]
    assert desk.goal("去申请介入") == "walk:intervene_refund_page:0:1"


def test_before_the_merchants_time_is_over_going_there_is_not_the_first_button() -> None:
    desk = Desk()
    desk.open("spoiled", "waiting_merchant", applied_at=told(21, 19, 40), **STRAWBERRIES)
    desk.go("check:1")
    assert "商家还有时间，到 11月23日 周一 19:40（估计，不是平台规定）" in desk.text
    assert desk.labels == ["补证据", "给商家的话", "去申请介入", "返回"]
    desk.now = at(23, 20)
    desk.go("check:1")
    assert "商家的时间过了" in desk.text
    assert desk.labels[0] == "去申请介入"


def test_once_the_platform_has_it_nobody_is_sent_there_again() -> None:
    desk = Desk()
    desk.open("spoiled", "platform", intervened_at=told(22, 9), **STRAWBERRIES)
    desk.go("check:1")
    assert "不用再申请" in desk.text
    assert "去申请介入" not in desk.labels


def test_the_merchant_is_sent_the_merchants_way() -> None:
    desk = Desk()
    desk.open("merchant", "waiting_merchant", side="merchant", first_applied_at=told(2))
    desk.go("check:1")
    assert "（可能已变）" in desk.text
    assert desk.goal("去申请介入") == "walk:merchant_intervene:0:1"
    assert "给买家的话" in desk.labels


@pytest.mark.parametrize("stage", get_args(Stage))
def test_the_checks_fit_every_stage(stage: Stage) -> None:
    for problem in knowledge().catalog.problems.values():
        desk = Desk()
        desk.open(problem.id, stage, **({"side": "merchant"} if problem.side == "merchant" else {}))
        desk.go("check:1")
        assert (len(desk.lines) <= 6, len(desk.labels) <= 6) == (True, True)
