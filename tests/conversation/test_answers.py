"""Answers of the merchant and of agents: sorted with the reason, answered to the very ground, promises kept in mind."""

import pytest

from bot.conversation.understand.speaker import speaker
from tests.conversation.desk import Desk, told
from tests.conversation.test_words import copies, strawberries

WITHDRAW = "先别撤。撤了这次申请就关了，再申请要在售后时间里，过了只能找官方客服。"


def waiting(**more: object) -> Desk:
    """Strawberries whose refund waits for the merchant."""
    desk = strawberries("waiting_merchant", rejected_at=None, reject_reason=None, **more)
    desk.go("card:1")
    return desk


# --- whose words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "who", "plain"),
    [
        ("商家：影响二次销售，不退", "merchant", True),
        ("客服回复：24小时内答复您", "service", True),
        ("2026-11-20 10:22:31 客服：请耐心等待", "service", True),
        ("【平台通知】：已驳回", "platform", True),
        ("亲，我们这边不支持退的呢", None, True),
        ("“影响二次销售，不能退”", None, True),
        ("影响二次销售，不能退", None, False),
        ("商家说影响二次销售", "merchant", False),
        ("草莓烂了一半商家不给退", None, False),
        ("您好，订单261118-123456789012345，请退款", None, False),
        ("我想退货", None, False),
    ],
)
def test_who_speaks(text: str, who: str | None, plain: bool) -> None:
    found = speaker(text)
    assert (found.who, found.plain) == (who, plain)


@pytest.mark.parametrize("place", ["card:1", "unknown:1", "more:1", "history:1", "sent_how:1:service", "results:1:all"])
def test_an_answer_is_known_on_every_screen_of_the_case(place: str) -> None:
    desk = waiting()
    desk.go(place)
    desk.say("商家：亲，影响二次销售，不能退的哦")
    assert desk.place.startswith("reply:1:")
    assert desk.lines[1:3] == [
        "商家：“亲，影响二次销售，不能退的哦”",
        "我这样看：拒绝，说影响二次销售，因为里面写着“影响二次销售”。",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "草莓烂了一半商家不给退",
        "我想退货",
        "商家拒绝了",
        "怎么还没退",
        "退款到账了",
        "你好",
        "呵呵呵呵呵呵",
        "锅用了一次涂层就掉了",
        "寄回去他仓库都收到4天了，还不把钱给我，我给他打电话不接",
    ],
)
def test_what_the_person_tells_is_no_answer(text: str) -> None:
    desk = waiting()
    desk.say(text)
    assert not desk.place.startswith(("reply", "whose")), desk.text


def test_when_it_could_be_anybodys_it_is_asked() -> None:
    desk = waiting()
    desk.say("请耐心等待，正在核实")
    assert desk.text == "“请耐心等待，正在核实”\n这是商家说的，还是客服说的？"
    assert desk.labels == ["商家说的", "客服说的", "都不是"]
    desk.press("客服说的")
    assert desk.lines[1] == "客服：“请耐心等待，正在核实”"
    assert desk.state().text("service_words") == "请耐心等待，正在核实"


def test_neither_leaves_the_case_as_it_was() -> None:
    desk = waiting()
    desk.say("请耐心等待，正在核实")
    desk.press("都不是")
    assert desk.place == "unknown:1"
    assert desk.state().ledger.answers == ()


def test_what_is_pasted_after_the_button_is_that_sides() -> None:
    desk = waiting()
    desk.go("merchant_answer:1")
    desk.say("没有开箱视频，不能退")
    assert desk.lines[1:3] == [
        "商家：“没有开箱视频，不能退”",
        "我这样看：拒绝，说证据不够，因为里面写着“没有开箱视频”。",
    ]
    desk.go("service_answer:1")
    desk.say("超过售后时效，无法处理")
    assert desk.lines[1] == "客服：“超过售后时效，无法处理”"


def test_an_answer_is_in_the_history_and_can_be_taken_back() -> None:
    desk = waiting()
    desk.say("商家：影响二次销售，不退")
    assert "11月22日 周日 10:00 商家答复：“影响二次销售，不退”（拒绝，说影响二次销售）" in desk.go("history:1")
    desk.press("改回上一步")
    assert desk.state().ledger.answers == ()
    assert desk.state().text("merchant_words") == ""


# --- every sort -----------------------------------------------------------------------------------------------------

SORTS = [
    ("影响二次销售，不退", "拒绝，说影响二次销售", ["拿回的话", "商家拒绝了", "去拍证据", "不是这个意思", "回问题单"]),
    ("正在核实，请耐心等待", "叫你等，没说到什么时候", ["拿回的话", "不是这个意思", "回问题单"]),
    ("这是快递造成的，您找快递理赔吧", "推给快递", ["拿回的话", "去拍证据", "不是这个意思", "回问题单"]),
    ("给您补偿12元可以吗", "只给一部分钱", ["我收下", "我不收", "还个价", "不是这个意思", "回问题单"]),
    ("给您一张10元优惠券", "给券，不退钱", ["拿回的话", "不是这个意思", "回问题单"]),
    ("请您先撤销申请", "叫你撤申请", ["拿回的话", "不是这个意思", "回问题单"]),
    ("同意退款", "答应了", ["是退款", "是退货", "是换货", "拿回的话", "不是这个意思", "回问题单"]),
    ("明天下午三点给您答复", "说了会办", ["对，没错", "时间不对", "说好的事", "不是这个意思", "回问题单"]),
    ("您先点一下确认收货", "叫你点确认收货", ["拿回的话", "不是这个意思", "回问题单"]),
]


@pytest.mark.parametrize(("text", "sort", "labels"), SORTS, ids=lambda each: str(each)[:8])
def test_each_sort_says_why_and_what_can_be_done(text: str, sort: str, labels: list[str]) -> None:
    desk = waiting()
    desk.say(f"商家：{text}")
    assert desk.lines[2].startswith(f"我这样看：{sort}，因为里面写着“")
    assert desk.labels == labels


@pytest.mark.parametrize(("text", "sort", "labels"), SORTS, ids=lambda each: str(each)[:8])
def test_each_sort_of_the_agent_too(text: str, sort: str, labels: list[str]) -> None:
    desk = strawberries("platform", intervened_at=told(22, 9))
    desk.go("card:1")
    desk.say(f"客服：{text}")
    assert desk.lines[1] == f"客服：“{text}”"
    assert desk.lines[2].startswith(f"我这样看：{sort}，因为")
    assert len(desk.labels) <= 6
    if "拿回的话" in desk.labels:
        desk.press("拿回的话")
        assert "发给官方客服（" in desk.text
        assert max(len(each) for each in copies(desk)) <= 256


def test_a_refusal_is_answered_to_its_ground_with_the_evidence_that_exists() -> None:
    desk = waiting()
    for number, item in enumerate(("box", "bad"), 1):
        desk.record("proof", {"number": number, "item": item, "file": f"f{number}"})
    desk.say("商家：没有开箱视频，不能退")
    assert "能回应它的：证据1：整箱和面单；证据2：坏的近照。" in desk.text
    assert "还可以补：坏的称重，" in desk.text
    desk.press("拿回的话")
    (piece,) = copies(desk)
    assert piece == (
        "您好，订单261118-123456789012345。答复里写“没有开箱视频”。情况是：约2斤半发霉出水。"
        "还缺哪一样证据，请写明，我来补。证据如下，证据1：整箱和面单；证据2：坏的近照。"
        "请退款39.90元，麻烦在11月23日18:00前回复我，谢谢。"
    )


def test_the_stage_changes_only_if_the_person_says_that_the_page_does() -> None:
    desk = waiting()
    desk.say("商家：影响二次销售，不退")
    assert desk.state().stage == "waiting_merchant"
    desk.press("商家拒绝了")
    desk.press("刚刚")
    assert desk.state().stage == "rejected"


def test_before_anything_else_it_is_said_what_withdrawing_closes() -> None:
    desk = waiting()
    desk.say("商家：亲，您先把申请撤了，我们马上退")
    assert str(desk.screens[0].text).splitlines()[0].endswith("：这是叫你撤申请。先别急。")
    assert WITHDRAW in desk.text
    desk.press("拿回的话")
    assert "申请先不撤回，钱到账后申请会自己结束。" in copies(desk)[0]


def test_confirming_the_receipt_is_warned_of_first() -> None:
    desk = waiting()
    desk.say("商家：您先点一下确认收货，我再给您退款")
    assert str(desk.screens[0].text).endswith("问题解决了再点。")
    assert "先别点「确认收货」" in str(desk.screens[0].text)


def test_what_was_agreed_is_asked_and_dated() -> None:
    desk = waiting()
    desk.say("商家：好的，同意给您退款")
    desk.press("是退款")
    desk.press("刚刚")
    assert desk.state().stage == "refund_agreed"


def test_an_agreed_resend_becomes_a_promise_with_their_words() -> None:
    desk = waiting()
    desk.say("商家：可以的，给您补发一箱")
    assert desk.labels[0] == "是补发"
    desk.press("是补发")
    assert desk.place == "until:1"
    desk.press("三天内")
    assert desk.state().stage == "remedy_promised"
    assert [(each.what, each.about, each.remedy) for each in desk.state().ledger.open] == [
        ("可以的，给您补发一箱", "resend", True)
    ]
    assert "1. 商家说“可以的，给您补发一箱”，到 11月25日 周三 24:00（当天夜里12点）前" in desk.go("ledger:1")


# --- by hand --------------------------------------------------------------------------------------------------------


def test_it_can_be_sorted_otherwise_and_that_is_kept_as_told() -> None:
    desk = waiting()
    desk.say("商家：正在核实，请耐心等待")
    desk.press("不是这个意思")
    assert desk.labels == ["拒绝了", "叫我等", "给一部分", "答应了", "推给快递", "其他意思"]
    desk.press("其他意思")
    assert desk.labels == ["给了时间", "给券", "叫我撤申请", "叫我加微信", "都不是", "返回"]
    desk.press("返回")
    desk.press("不是这个意思")
    desk.press("拒绝了")
    assert desk.labels == ["说人为损坏", "影响二次卖", "说超时了", "说证据不够", "说生鲜不退", "其他意思"]
    desk.press("说超时了")
    assert desk.lines[2] == "按你说的：拒绝，说超过时间了。"
    (answer,) = desk.state().ledger.answers
    assert (answer.kind, answer.ground, answer.by_hand) == ("refuses", "too_late", True)
    desk.press("拿回的话")
    assert "签收时间是11月20日18:20。申请时间是11月20日19:40。" in copies(desk)[0]
    desk.go("history:1")
    desk.press("改回上一步")
    assert desk.state().ledger.answers[0].kind == "stalls"


def test_what_nobody_can_sort_is_asked() -> None:
    desk = waiting()
    desk.go("merchant_answer:1")
    desk.say("今天天气不错")
    assert desk.lines[-1] == "这句我分不准。商家是什么意思？点一个："
    desk.press("其他意思")
    desk.press("都不是")
    assert desk.lines[-1] == "记下了，在处理经过里。"
    assert desk.labels == ["不是这个意思", "回问题单"]
