"""Walks through the app: each step, what it fills in, a button that is not there, and what the last step hands over."""

from typing import get_args

import pytest

from bot.conversation.places import ACTS, PLACES
from bot.conversation.sayings import say_rule
from bot.domain.machine import Stage
from tests.conversation.desk import Desk, knowledge, told

STARTS = (
    "check:1",
    "proof:1",
    "history:1",
    "family:1",
    "case_settings:1",
    "change:1",
    "change_date:1",
    "ladder:1",
    "service",
)
STRAWBERRIES = {"order": "signed", "goods": "fresh", "goods_name": "草莓"}


def rejected() -> Desk:
    desk = Desk()
    desk.open("spoiled", "rejected", rejected_at=told(21, 15, 2), applied_at=told(20, 19, 40), **STRAWBERRIES)
    return desk


# --- how sure a rule is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("law.ecl.59", "法律规定：平台要有方便的投诉办法，及时处理投诉（《电子商务法》第五十九条）。"),
        ("pdd.refund.amount_cap", "一般是：退款不会超过你实付的钱，以 App 显示为准。"),
        ("12345", "一般是：12345是城市热线，什么事都收，处理快慢各地不同。"),
        (
            "pdd.cs.button.meaning",
            "被拒绝或没人理选售后纠纷；申请处罚商家只是反映，不会因此退款（有教程这样写，可能已变，请在 App 里核对）。",
        ),
        ("court.fee", "起诉1万元以内，受理费50元（只有一处这样说，没核实）。"),
        ("pdd.intervene.duration", "平台多久有结果，没有官方说法（说法不一，以 App 倒计时为准）。"),
    ],
)
def test_a_rule_is_said_with_the_phrase_of_its_tag(rule: str, expected: str) -> None:
    turn = Desk().turn()
    found = turn.rules().rule(rule)
    assert found is not None
    assert str(say_rule(turn, found)) == expected


def test_our_own_estimate_says_that_it_is_none_of_the_platforms() -> None:
    turn = Desk().turn()
    found = turn.rules().rule("timer.after_reject")
    assert found is not None
    assert str(say_rule(turn, found)).endswith("（估计，不是平台规定）。")


# --- steps ------------------------------------------------------------------------------------------------------------


def test_the_first_step_says_what_it_was_written_for_and_the_second_does_not() -> None:
    desk = rejected()
    desk.go("walk:service_iphone:0:1")
    assert desk.lines == [
        "第1步/共6步 · 找人工客服（苹果手机）",
        "照 iPhone 13，iOS 15.6 写的，可能已变。",
        "打开拼多多 App，点「个人中心」。",
        "一般是这样，以 App 显示为准。",
    ]
    assert desk.labels == ["找到了，下一步", "我没看到这个按钮", "返回"]
    desk.press("找到了，下一步")
    assert desk.edited
    assert desk.lines[0] == "第2步/共6步 · 找人工客服（苹果手机）"
    desk.press("找到了，下一步")
    assert "点「售后纠纷」" in desk.text
    desk.press("返回")
    assert desk.lines[0] == "第2步/共6步 · 找人工客服（苹果手机）"


def test_typed_words_walk_on_too() -> None:
    desk = rejected()
    desk.go("walk:service_android:0:1")
    desk.say("下一步")
    assert desk.place == "walk:service_android:1:1"
    desk.say("我没看到")
    assert desk.place == "missed:service_android:1:1"


def test_an_android_sends_the_words_for_a_person_twice_in_a_row() -> None:
    desk = rejected()
    desk.go("walk:service_android:3:1")
    assert "“人工客服”，连着发2次" in desk.text


@pytest.mark.parametrize(
    ("problem", "facts", "expected"),
    [
        ("not_shipped", {"order": "unshipped", "goods": "normal"}, "类型选：仅退款。"),
        ("spoiled", STRAWBERRIES, "类型选：仅退款。"),
        ("virtual", {"order": "signed", "goods": "virtual"}, "类型选：仅退款。"),
        ("no_reason", {"order": "signed", "goods": "normal"}, "类型选：退货退款，或仅退款。"),
        ("no_reason", {"order": "unshipped", "goods": "normal"}, "类型选：仅退款。"),
        ("not_as_described", {"order": "signed", "goods": "fresh"}, "类型选：仅退款。"),
    ],
)
def test_a_type_that_order_and_goods_exclude_is_not_offered(problem: str, facts: dict[str, str], expected: str) -> None:
    desk = Desk()
    desk.open(problem, "preparing", **facts)
    desk.go("walk:apply_refund:2:1")
    assert desk.lines[1] == expected


def test_reasons_that_harm_are_named_with_why() -> None:
    desk = rejected()
    desk.go("walk:apply_refund:3:1")
    assert desk.lines[1:4] == [
        "原因选意思最近的：商品变质、坏果、质量问题。别选：不想要了、与商家协商一致。",
        "选「不想要了」会被当成你自己的原因，商家可以拒。",
        "选「与商家协商一致」没谈妥就别选，容易被当成已经谈好。",
    ]


# --- a button that is not there ---------------------------------------------------------------------------------------


def test_not_seen_gives_the_other_way_then_asks_what_is_there_and_may_wait() -> None:
    desk = rejected()
    desk.go("walk:intervene_refund_page:1:1")
    desk.press("我没看到这个按钮")
    assert desk.misses == ["intervene_refund_page/button"]
    assert desk.text.startswith("没关系，换一条路：")
    assert desk.lines[-1] == "只记下这一步不好找，不记你是谁。"
    assert desk.labels == ["这样找到了", "换这条路", "还是没有", "返回"]
    assert desk.goal("换这条路") == "walk:service_order:0:1"
    desk.press("还是没有")
    assert desk.labels == ["以后再说", "返回"]
    assert desk.goal("以后再说") == "card:1"
    desk.say("只有联系商家和查看物流")
    assert desk.state().text("seen") == "只有联系商家和查看物流"
    assert desk.text.startswith("记下了，放在处理经过里。")
    assert desk.misses == ["intervene_refund_page/button"]


def test_without_a_case_what_was_seen_is_not_kept() -> None:
    desk = Desk()
    desk.go("walk:upload_evidence:1:0")
    desk.press("我没看到这个按钮")
    desk.press("还是没有")
    desk.say("我叫张三，看到退款两个字")
    assert desk.misses == ["upload_evidence/pick"]
    assert "张三" not in str(desk.dossier)
    assert "你写的字没存" in desk.text


def test_a_repeated_press_counts_a_miss_once() -> None:
    desk = rejected()
    desk.go("walk:intervene_refund_page:1:1")
    data = next(choice.press for choice in desk.choices if choice.label == "我没看到这个按钮")
    desk.press("我没看到这个按钮")
    desk._decided("press", press=data)
    assert desk.misses == ["intervene_refund_page/button"]
    assert desk.place == "missed:intervene_refund_page:1:1"


# --- the last step ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("route", "stage", "expected"),
    [
        (
            "service_iphone",
            "rejected",
            ["拿要发的话", "已发给客服", "没转到人工", "客服答复了", "我没看到这个按钮", "返回"],
        ),
        ("apply_refund", "preparing", ["已提交申请", "我没看到这个按钮", "返回"]),
        ("intervene_refund_page", "rejected", ["拿要发的话", "已申请介入", "我没看到这个按钮", "返回"]),
        ("return_ship", "return_agreed", ["已寄回", "我没看到这个按钮", "返回"]),
        ("return_ship", "closed", ["回问题单", "我没看到这个按钮", "返回"]),
        ("upload_evidence", "proof_wanted", ["证据已补交", "我没看到这个按钮", "返回"]),
        ("complain_12315", "decided_against", ["拿要发的话", "已经交了", "我没看到这个按钮", "返回"]),
        ("bank_trace", "refund_agreed", ["退款到账了", "我没看到这个按钮", "返回"]),
    ],
)
def test_the_last_step_hands_over_the_words_and_takes_the_result(route: str, stage: str, expected: list[str]) -> None:
    desk = Desk()
    desk.open("quality", stage)
    desk.go(f"walk:{route}:{len(knowledge().catalog.routes[route].steps) - 1}:1")
    assert desk.labels == expected


def test_the_punishment_walk_hands_over_its_own_words_and_says_it_brings_no_money() -> None:
    desk = rejected()
    assert "不会因此退款" in desk.go("walk:punish:0:1")
    last = len(knowledge().catalog.routes["punish"].steps) - 1
    desk.go(f"walk:punish:{last}:1")
    assert desk.goal("拿要发的话") == "words:1:punish"
    assert "已发给客服" not in desk.labels


# --- everything -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", sorted(knowledge().catalog.problems))
def test_every_step_of_every_walk_fits_a_phone(problem: str) -> None:
    routes = knowledge().catalog.routes.values()
    for number in (0, 1):
        desk = Desk()
        desk.open(problem, "rejected", **({"side": "merchant"} if problem == "merchant" else {}))
        for route in routes:
            for index in range(len(route.steps)):
                for place in ("walk", "missed"):
                    text = desk.go(f"{place}:{route.id}:{index}:{number}")
                    assert (len(desk.lines) <= 6, "{" in text, "。。" in text, "！" in text) == (
                        True,
                        False,
                        False,
                        False,
                    )
                    assert (len(desk.labels) <= 6, max(map(len, desk.labels)) <= 8) == (True, True)


@pytest.mark.parametrize("stage", get_args(Stage))
def test_every_button_leads_somewhere(stage: Stage) -> None:
    """A browsing button's place can be drawn for this case; an act exists."""
    for problem in ("spoiled", "lost", "merchant"):
        desk = Desk()
        desk.open(problem, stage, applied_at=told(20, 9), **({"side": "merchant"} if problem == "merchant" else {}))
        last = [f"walk:{route.id}:{len(route.steps) - 1}:1" for route in knowledge().catalog.routes.values()]
        rungs = [f"rung:1:{rung}" for rung in knowledge().catalog.problems[problem].ladder]
        for start in (*last, *rungs, *STARTS):
            desk.go(start)
            for choice in desk.choices:
                name, *args = choice.press.partition(".")[2].split(":")
                if choice.copy:
                    continue
                assert name in PLACES or name in ACTS, f"{start} [{choice.label}]"
                drawn = PLACES[name](desk.turn(), *args) if name in PLACES else "an act"
                assert drawn is not None, f"{start} [{choice.label}]"
