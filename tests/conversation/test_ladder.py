"""后续流程: the whole ladder from the start, its dates, and handing in outside."""

from typing import get_args

import pytest

from bot.domain.machine import Stage
from bot.domain.model import Json
from tests.conversation.desk import Desk, at, knowledge, told


def ladder(problem: str, stage: str, **facts: Json) -> Desk:
    desk = Desk()
    desk.open(problem, stage, **facts)
    desk.go("ladder:1")
    return desk


def line(desk: Desk, name: str) -> str:
    return next(each.partition("：")[2] for each in desk.lines if each[2:].startswith(f"{name}："))


def test_the_whole_ladder_is_there_from_the_start() -> None:
    desk = ladder("lost", "preparing")
    assert desk.lines[2:] == [
        "① 和商家谈：随时可以",
        "② 申请退款/售后：现在",
        "③ 平台介入：商家拒绝，或到时间没处理后",
        "④ 找人工客服：随时可以",
        "⑤ 投诉快递公司：随时可以",
        "⑥ 12315投诉：平台之后更合适，现在也可以",
        "⑦ 12305申诉：先投诉快递公司，看它答复后",
        "⑧ 小额诉讼：前面都不行时",
    ]
    assert desk.labels == ["和商家谈", "申请退款/售后", "平台介入", "找人工客服", "看其他几步", "返回"]
    desk.press("看其他几步")
    assert desk.labels == ["投诉快递公司", "12315投诉", "12305申诉", "小额诉讼", "看其他几步", "返回"]


def test_what_was_done_is_dated_and_the_next_rung_opens_when_the_merchants_time_is_over() -> None:
    desk = ladder("spoiled", "waiting_merchant", applied_at=told(21, 19, 40))
    assert line(desk, "申请退款/售后") == "已做，11月21日 周六 19:40"
    assert line(desk, "平台介入") == "从 11月23日 周一 19:40 起可以（估计，不是平台规定）"
    desk.now = at(23, 20)
    desk.go("ladder:1")
    assert line(desk, "平台介入") == "现在"


def test_the_countdown_from_the_app_beats_our_figure() -> None:
    desk = ladder("spoiled", "waiting_merchant", applied_at=told(21, 19, 40))
    desk.record("countdown", {"until": at(24, 9).isoformat(), "read": desk.now.isoformat()})
    desk.go("ladder:1")
    assert line(desk, "平台介入") == "从 11月24日 周二 09:00 起可以（按 App 倒计时）"


def test_a_rejection_opens_intervention_with_its_end() -> None:
    desk = ladder("quality", "rejected", rejected_at=told(21, 15, 2))
    assert line(desk, "平台介入") == "现在，在 11月23日 周一 15:02 前（估计，不是平台规定）"
    assert line(desk, "寄回商品") == "商家同意退货后"


def test_a_decision_against_leads_outside() -> None:
    desk = ladder("quality", "decided_against", intervened_at=told(15, 9), decided_at=told(20, 9))
    assert line(desk, "平台介入") == "已做，11月15日 周日 09:00"
    assert line(desk, "12315投诉") == "现在"


def test_three_years_count_from_the_signing_and_end_with_the_day() -> None:
    desk = ladder("quality", "rejected", signed_at=told(18, 18, 20), ordered_at=told(15, 9))
    assert line(desk, "小额诉讼") == "前面都不行时，2029年11月18日 周日 24:00 前（法律规定）"
    desk.go("rung:1:court")
    assert (
        "最晚 2029年11月18日 周日 24:00 前（法律规定，《民法典》第一百八十八条、第一百九十五条），早点办更好。"
        in desk.text
    )


def test_without_a_date_the_limit_is_said_as_a_span() -> None:
    desk = ladder("quality", "rejected")
    desk.go("rung:1:12315")
    assert "知道出问题起3年内（法律规定，" in desk.text


def test_a_rung_says_what_why_how_long_either_way_and_what_it_excludes() -> None:
    desk = ladder("quality", "decided_against")
    desk.press("看其他几步") if "12315投诉" not in desk.labels else None
    desk.press("12315投诉")
    assert desk.lines[0] == "12315投诉：现在"
    assert [text.partition("？")[0] for text in desk.lines[2:4]] == ["为什么排在这里", "多久"]
    assert "法律规定：受理后60天内没谈成的，终止调解" in desk.lines[3]
    assert "商家可能不同意" in desk.lines[4]
    assert desk.lines[5].startswith("注意：")
    assert desk.labels == ["教我怎么走", "拿要发的话", "已经交了", "绿色通道", "公开投诉", "返回"]


def test_handing_in_at_12315_is_dated_runs_its_clocks_and_shuts_out_the_association() -> None:
    desk = ladder("quality", "decided_against")
    desk.go("rung:1:12315")
    desk.press("已经交了")
    assert not desk.edited
    assert "同一件事" in desk.text
    assert desk.state().stage == "decided_against"
    desk.say("11月20日 上午9点")
    desk.press("对，没错")
    assert (desk.place, desk.state().stage) == ("card:1", "outside")
    desk.go("ladder:1")
    assert line(desk, "12315投诉") == "已交，11月20日 周五 09:00"
    assert line(desk, "消协调解") == "先别交，12315投诉已经在办"
    desk.go("rung:1:12315")
    assert "最晚 12月1日 周二 24:00（当天夜里12点） 有答复（法律规定，《消费者权益保护法》第四十六条）。" in desk.text
    desk.press("已受理")
    desk.say("11月22日 上午9点")
    desk.press("对，没错")
    desk.go("rung:1:12315")
    assert (
        "最晚 2027年1月21日 周四 24:00（当天夜里12点） 有答复（法律规定，《市场监督管理投诉举报处理办法》第二十三条）。"
        in desk.text
    )


def test_working_days_over_new_years_eve_are_labelled_an_estimate() -> None:
    desk = Desk(now=at(29, 10, month=12))
    desk.open("quality", "outside", outside="12315", complaint_received_at=told(28, 9, month=12))
    desk.go("rung:1:12315")
    assert "2027年的放假安排还没有，先按周一到周五算" in desk.text


def test_going_to_the_association_beside_12315_is_warned_of() -> None:
    desk = ladder("quality", "outside", complaint_received_at=told(20, 9), outside="12315")
    desk.go("rung:1:association")
    desk.press("已经交了")
    assert desk.text.startswith("先看清楚：12315投诉那边已经交了。")


def test_a_complaint_to_the_courier_leaves_the_case_with_the_merchant_and_opens_12305() -> None:
    desk = ladder("lost", "waiting_merchant", applied_at=told(21, 9))
    desk.go("rung:1:courier")
    desk.press("已经交了")
    assert desk.state().stage == "waiting_merchant"
    desk.press("刚刚")
    desk.go("ladder:1")
    assert line(desk, "投诉快递公司") == "已交，11月22日 周日 10:00"
    # The seventh day is Sunday the 29th; a last day that is off moves to the next working day.
    expected = "从 11月30日 周一 24:00（当天夜里12点） 起可以（法律规定，《快递暂行条例》第二十八条）"
    assert line(desk, "12305申诉") == expected
    desk.now = at(1, 0, 1, month=12)
    desk.go("ladder:1")
    assert line(desk, "12305申诉") == "现在"


def test_after_fifteen_days_the_merchant_may_ask_too() -> None:
    said = "从首次申请起超过15天了，商家也可以请平台介入（可能已变）。"
    desk = ladder("spoiled", "waiting_merchant", first_applied_at=told(7, 10, 30), applied_at=told(20, 9))
    assert desk.lines[-1] != said
    desk.later(hours=1)
    desk.go("ladder:1")
    assert desk.lines[-1] == said
    moved_on = ladder("spoiled", "rejected", first_applied_at=told(1, 9), rejected_at=told(21, 9))
    assert said not in moved_on.text


def test_the_merchant_reads_a_ladder_of_their_own() -> None:
    desk = ladder("merchant", "waiting_merchant", side="merchant", first_applied_at=told(20, 9))
    assert line(desk, "和买家谈") == "随时可以"
    assert line(desk, "平台介入") == "从 12月5日 周六 09:00 起可以（一般情况，以 App 显示为准）"
    assert "和商家谈" not in desk.text


@pytest.mark.parametrize("stage", get_args(Stage))
def test_every_ladder_of_every_problem_can_be_shown(stage: Stage) -> None:
    for problem in knowledge().catalog.problems.values():
        for facts in ({}, {"applied_at": told(20), "rejected_at": told(21), "signed_at": told(18)}):
            desk = Desk()
            desk.open(problem.id, stage, **({"side": "merchant"} if problem.side == "merchant" else {}), **facts)
            for place in ("ladder:1", *(f"rung:1:{rung}" for rung in problem.ladder)):
                text = desk.go(place)
                assert (len(desk.lines) <= 12, len(desk.labels) <= 6, "{" in text) == (True, True, False)
                assert max(map(len, desk.labels)) <= 8
