"""Words some time later: what is claimed for now, what was promised, and buttons of letters further up."""

import pytest

from bot.conversation.letters.linter import asks_withdrawal, promises
from tests.conversation.desk import Desk, at, told
from tests.conversation.test_words import ORDER, copies, strawberries


def kettle(stage: str = "waiting_merchant") -> Desk:
    desk = Desk()
    desk.open(
        "not_shipped", stage, order_no=ORDER, amount=5900, goods_name="水壶", detail="商家说明天发", order="unshipped",
        applied_at=told(22, 9), refund_type="refund_only",
    )  # fmt: skip
    return desk


def stale(desk: Desk, label: str, place: str) -> str:
    """Press a button of the present message after another screen was shown."""
    data = next(choice.press for choice in desk.choices if choice.label == label)
    desk.go(place)
    desk._decided("press", press=data)
    return desk.text


# --- what is claimed for now ------------------------------------------------------------------------------------------


def test_fresh_words_are_shown_at_once_with_the_time_that_was_told() -> None:
    desk = kettle()
    desk.later(hours=5)
    desk.go("words:1:service")
    assert "到11月22日10:00，订单仍未发货。" in copies(desk)[1]


def test_a_day_later_it_is_asked_once_and_the_letter_says_the_present_time() -> None:
    desk = kettle()
    desk.later(days=1)
    turn = desk.turn()
    turn.go("words:1:service")
    desk.keep(turn)
    desk._decided("other", repeated=True)
    assert desk.place == "still:1:service"
    assert desk.lines[1:] == [
        "11月22日 周日 10:00 记的是：水壶还没发货（待商家处理）。",
        "现在还是这样吗？话里写到哪天，按你说的来。",
    ]
    assert desk.labels == ["还是这样", "有变化了", "说不准", "返回"]
    desk.press("还是这样")
    assert "到11月23日10:00，订单仍未发货。" in copies(desk)[1]
    desk.go("words:1:service")


def test_somebody_who_cannot_say_gets_the_date_that_they_told_and_nothing_of_a_time_that_is_over() -> None:
    desk = kettle()
    desk.later(days=3)
    turn = desk.turn()
    turn.go("words:1:service")
    desk.keep(turn)
    desk._decided("other", repeated=True)
    desk.press("说不准")
    assert "到11月22日10:00，订单仍未发货。" in copies(desk)[1]
    assert "商家一直没处理" not in copies(desk)[1]
    desk.go("words:1:service")


def test_when_the_merchants_time_ended_since_the_person_is_asked_even_within_hours() -> None:
    desk = strawberries("waiting_merchant", rejected_at=None, reject_reason=None, applied_at=told(20, 19, 40))
    desk.record("countdown", {"until": at(22, 11).isoformat(), "read": at(22, 10).isoformat()})
    desk.later(hours=2)
    turn = desk.turn()
    turn.go("words:1:service")
    desk.keep(turn)
    desk._decided("other", repeated=True)
    assert desk.place == "still:1:service"
    desk.say("还是这样")
    assert "退款申请商家一直没处理，申请平台介入" in copies(desk)[1]


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("请您先撤销申请，我们给您退款", True),
        ("亲，麻烦撤回一下退款申请", True),
        ("先取消，我再给你补发", True),
        ("您把申请撤了马上退", True),
        ("不用撤销申请，会处理的", False),
        ("已经反馈，24小时内回复", False),
        ("请先取消订单的自动续费提醒以外的都不用管", False),
    ],
)
def test_who_asks_to_withdraw(text: str, asks: bool) -> None:
    assert bool(asks_withdrawal(text)) is asks


@pytest.mark.parametrize(
    ("after", "word"),
    [("内回复您", True), ("内会有专员联系", True), ("前给你答复", True), ("前补交证据", False)],
)
def test_whose_word_a_time_is(after: str, word: bool) -> None:
    assert promises(after) is word


@pytest.mark.parametrize("place", ["service_answer:1", "merchant_answer:1", "fix:1:merchant_words:service"])
def test_what_withdrawing_closes_is_said_before_anything_else(place: str) -> None:
    desk = strawberries(contacted_at=told(20, 19), merchant_words="稍等")
    desk.go(place)
    desk.say("请您先撤销申请，我们再给您退款")
    assert len(desk.screens) == 2
    first = str(desk.screens[0].text).splitlines()
    assert first == [
        "“先撤销申请”：这是叫你撤申请。先别急。",
        "撤了，这次申请就关了。钱到账以前，别撤。",
        "一般是：申请撤回或过期后，在售后期内可以再申请；过了售后期要找客服，以 App 显示为准。",
    ]


def test_a_time_that_the_agent_names_is_read_back_and_no_earlier_answer_is_asked_for() -> None:
    desk = strawberries()
    desk.go("service_answer:1")
    desk.say("已反馈，3天内给您答复")
    assert "客服说的时间，我读成：11月25日 周三 10:00 前。到时我提醒你看。" in desk.lines
    desk.go("words:1:service")
    assert "客服说11月25日10:00前答复。" in "".join(copies(desk))
    assert "麻烦在11月25日10:00前告诉我结果" in "".join(copies(desk))
    desk.go("service_answer:1")
    desk.say("让我再等等")
    desk.go("words:1:service")
    assert "麻烦在11月23日18:00前告诉我结果" in "".join(copies(desk))


def test_while_an_agreed_promise_runs_nobody_is_asked_to_answer_before_its_end() -> None:
    desk = strawberries("remedy_promised", promise="补发一箱", promise_until=told(28), remedy_promised_at=told(22, 9))
    for kind in ("service", "merchant"):
        desk.go(f"words:1:{kind}")
        assert "麻烦在11月27日24:00前" in "".join(copies(desk))


# --- letters further up -----------------------------------------------------------------------------------------------


def test_sent_can_be_pressed_after_the_card_was_looked_at_and_its_date_is_asked() -> None:
    desk = strawberries()
    desk.go("words:1:service")
    assert "这段话是什么时候发的？" in stale(desk, "我已经发了", "card:1")
    assert desk.state().asked_service_seq == 0
    assert "11月21日 周六 发给客服" in desk.press("昨天")
    assert desk.state().asked_service_seq > 0


def test_sent_pressed_twice_counts_once() -> None:
    desk = strawberries()
    desk.go("words:1:service")
    data = next(choice.press for choice in desk.choices if choice.label == "我已经发了")
    desk.press("我已经发了")
    desk._decided("press", press=data)
    assert desk.place == "sent_how:1:service"
    assert [entry.kind for entry in desk.case().entries].count("sent") == 1
    assert [row.due for row in desk.dossier.reminders if row.state == "planned"] != []


def loose() -> Desk:
    desk = Desk()
    desk.go("service_what")
    desk.say("水壶一直不发货")
    desk.press("安卓")
    return desk


def test_words_that_were_not_kept_can_be_kept_later_and_what_the_clock_needs_is_asked() -> None:
    desk = loose()
    assert "问题单" not in desk.text
    for _ in desk.go("need:1:service"):
        if desk.place.startswith("words"):
            break
        desk.press("没有，先这样")
    assert desk.labels[-6:] == ["改一处", "我已经发了", "分开复制", "存成问题单", "我自己写", "返回"]
    assert "这一单还没存" in stale(desk, "存成问题单", "home")
    desk.go("service")
    assert desk.labels == ["没存的那一单", "别的订单", "返回"]
    desk.press("没存的那一单")
    desk.press("存成问题单")
    assert desk.place == "ask:1"
    desk.press("48小时内")
    desk.press("待商家处理")
    desk.press("刚刚")
    assert desk.place == "card:1"
    assert desk.state().ready
    assert [row.due for row in desk.dossier.reminders if row.state == "planned"] != []


def test_an_order_that_was_not_kept_is_offered_for_a_week() -> None:
    desk = loose()
    desk.later(days=8)
    desk.go("service")
    assert "没存的那一单" not in desk.labels


# --- ways to a person -------------------------------------------------------------------------------------------------


def test_a_way_that_was_walked_is_not_proposed_again() -> None:
    desk = strawberries()
    desk.go("service:1")
    desk.press("安卓")
    desk.press("从订单页进")
    assert "或换一条路进" in desk.go("words:1:service")
    desk.press("我已经发了")
    desk.press("没转到人工")
    assert desk.goal("换这条路") == "walk:service_android:0:1"
    desk.press("换这条路")
    assert "连发2次" in desk.go("words:1:service")
    desk.go("sent_how:1:service")
    desk.press("没转到人工")
    assert desk.goal("换这条路") == "walk:hotline:0:1"
    desk.press("换这条路")
    assert "接通以后照着念" in desk.go("words:1:service")
    desk.go("sent_how:1:service")
    assert "这几条路都走过了" in desk.press("没转到人工")
    desk.later(days=2)
    desk.go("sent_how:1:service")
    desk.press("没转到人工")
    assert desk.goal("换这条路") == "walk:service_order:0:1"


@pytest.mark.parametrize(
    ("wanted", "first"), [("urge_shipping", "一直不发货"), ("track", "快递丢了停了"), ("freight", "运费谁出")]
)
def test_a_button_of_the_service_page_names_its_problems(wanted: str, first: str) -> None:
    desk = Desk()
    desk.go(f"service_for:{wanted}")
    assert desk.labels[0] == first
    desk.press(first)
    assert desk.place == "service:1"
