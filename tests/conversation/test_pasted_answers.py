"""Answers as people really paste them: small coins, spans of days, retold, at home, and what is told beside them."""

from datetime import datetime

import pytest

from bot.conversation.understand.order_text import read_amount
from bot.conversation.understand.spans import span_end
from bot.domain.moment import Moment
from tests.conversation.desk import SHANGHAI, Desk, at, knowledge
from tests.conversation.test_answers import waiting
from tests.conversation.test_reply import read
from tests.conversation.test_words import copies


@pytest.mark.parametrize(
    ("text", "fen"), [("五毛", 50), ("8毛", 80), ("5角钱", 50), ("五毛钱", 50), ("2块8毛", 280), ("一百二", 12000)]
)
def test_small_coins_are_read(text: str, fen: int | None) -> None:
    assert read_amount(text) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("给您退五毛钱怎么样", 50),
        ("亲，最多退8毛", 80),
        ("要不给您补12块5", 1250),
        ("我们给您补一百二", 12000),
        ("仅退款可以，金额改成20，您改下金额", 2000),
    ],
)
def test_an_offer_is_never_taken_for_a_consent_or_for_another_sum(text: str, fen: int) -> None:
    found = read(text)
    assert (found.kind, found.amount) == ("part_offer", fen)


def test_in_two_days_is_no_refusal_for_being_late() -> None:
    assert read("过两天给您处理").kind == "stalls"
    assert read("过7天了不退").ground == "too_late"


NOON = at(22, 10)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("3-5个工作日", at(28)),
        ("1到3个工作日内", at(26)),
        ("24-48小时内", at(24, 10)),
        ("2到3天", at(26)),
        ("三天前", None),
        ("11月25日", None),
        ("24小时处理，48小时到账", None),
    ],
)
def test_the_later_end_of_a_span_counts(text: str, end: datetime | None) -> None:
    found = span_end(text, NOON, SHANGHAI, knowledge().catalog.holidays)
    assert found == (Moment(end) if end else None)


def test_working_days_become_a_date_and_can_be_typed() -> None:
    desk = waiting()
    desk.say("客服：我们会在3-5个工作日内给您答复")
    assert desk.lines[3] == "客服说的时间，我读成：11月27日 周五 24:00（当天夜里12点） 前。到时我提醒你看。"
    desk.press("时间不对")
    desk.say("2个工作日内")
    assert desk.lines[0] == "好，11月24日 周二 24:00（当天夜里12点） 前。到时我提醒你。"


def test_a_wait_with_a_time_is_a_promise_of_it() -> None:
    desk = waiting()
    desk.say("客服：工单已提交，请等24小时")
    assert desk.lines[3] == "客服说的时间，我读成：明天 11月23日 周一 10:00 前。到时我提醒你看。"


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("商家说明天退我钱", "说了会办"),
        ("商家承诺周五前退款给我", "说了会办"),
        ("商家说最多给12块5", "只给一部分钱"),
    ],
)
def test_what_is_retold_on_the_card_is_the_answer(text: str, sort: str) -> None:
    desk = waiting()
    desk.say(text)
    assert desk.lines[2].startswith(f"我这样看：{sort}，")


def test_several_answers_at_once_are_shown_and_each_can_be_seen() -> None:
    desk = waiting()
    desk.say("商家：影响二次销售不退\n商家：要不给您补12块5\n商家：您先撤销一下，周五前给您打款")
    desk.press("看给多少")
    assert "商家给 ¥12.50，是实付 ¥39.90 的大约三成。" in desk.lines
    desk.press("看撤申请")
    assert "先别撤。" in desk.text


def test_the_whole_price_is_not_called_a_part() -> None:
    desk = waiting(amount=None)
    desk.say("商家：明天下午3点前给您退39.9")
    assert desk.lines[2].startswith("我这样看：给一笔钱，")
    desk.say("实付39.9")
    assert "商家给 ¥39.90，就是实付的全部。钱到账以前，先不要撤申请。" in desk.lines


# --- at home ----------------------------------------------------------------------------------------------------------


def test_at_home_with_several_cases_it_is_asked_which() -> None:
    desk = waiting()
    desk.open("wrong_item", "waiting_merchant", applied_at=None)
    desk.go("home")
    desk.say("商家：非质量问题不退")
    assert desk.place == "answer_case"
    desk.say("没有")
    assert desk.place == "answer_case"
    desk.say("问题单1")
    assert desk.lines[1] == "商家：“非质量问题不退”"
    assert desk.place.startswith("reply:1:")


def test_without_any_case_it_is_said_what_is_missing() -> None:
    desk = Desk()
    desk.say("商家：亲给您退五毛行吗")
    assert desk.lines[0] == "这像是别人回你的话，还没有能对上的问题单。先说哪里不对，建好了再贴给我。"
    assert desk.place == "what"


def test_whose_words_is_still_asked_after_something_unclear() -> None:
    desk = waiting()
    desk.say("请耐心等待，正在核实")
    desk.say("没有")
    assert desk.labels == ["商家说的", "客服说的", "都不是"]


# --- what is said in anger --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["我已经转钱了", "钱转过去了", "钱被骗走了"])
def test_money_that_is_gone_is_heard_on_every_screen(text: str) -> None:
    desk = waiting()
    desk.say(text)
    assert desk.lines[1] == "马上打110，再打银行卡背面的电话。聊天记录别删。"
    desk.press("回问题单")
    assert desk.place == "card:1"


def test_a_threat_is_no_report_of_a_refusal_and_anger_no_rotten_fruit() -> None:
    desk = waiting()
    desk.say("你们再不退我就曝光你们")
    assert not desk.place.startswith("when")
    desk.say("烦死了")
    assert desk.place == "unknown:1"


def test_a_refused_share_of_coins_is_written_out() -> None:
    desk = waiting()
    desk.say("商家：给您退五毛行吗")
    desk.press("我不收")
    assert "退0.50元不接受。" in copies(desk)[0]
