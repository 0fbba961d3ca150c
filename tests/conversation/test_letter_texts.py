"""Letters word by word: VOICE's exemplars, and the cases in which a sentence could easily go wrong."""

from datetime import datetime

from bot.conversation.letters import compose, lint
from bot.conversation.letters.cases import own_context
from bot.domain.model import Json
from bot.domain.moment import Moment
from bot.messages import COPY_LIMIT
from tests.conversation.desk import SHANGHAI, at, told
from tests.conversation.test_letters import FACTS, matter, pieces


def test_spoiled_strawberries_refused() -> None:
    facts: dict[str, Json] = {
        "order_no": "261118-123456789012345", "amount": 3990, "goods": "fresh", "goods_name": "草莓",
        "detail": "当场开箱，约2斤半发霉出水", "ordered_at": Moment(at(18), "day").to_json(),
        "signed_at": told(20, 18, 20), "applied_at": told(20, 19, 40), "refund_type": "refund_only",
        "rejected_at": told(21, 15, 2), "reject_reason": "属于正常损耗",
    }  # fmt: skip
    letter = compose(matter("spoiled", "rejected", facts, now=at(22, 10, 40), proofs=("box", "bad", "weight")))
    assert letter.headline == "您好，订单261118-123456789012345，草莓收到时已经坏了，商家拒绝退款，申请平台介入。"
    assert "".join(letter.facts) == (
        "11月18日下单，草莓，实付39.90元。11月20日18:20签收。当场开箱，约2斤半发霉出水。当天19:40申请仅退款。"
        "11月21日15:02商家拒绝，理由是“属于正常损耗”。证据1：整箱和面单；证据2：坏的近照；证据3：坏的称重。"
    )
    assert letter.request == (
        "我的请求：请平台核实，退款39.90元。麻烦在11月23日18:00前告诉我结果或预计时间，并给我工单号。谢谢。"
    )
    assert letter.refused == (
        "谢谢回复。生鲜不支持7天无理由退货，但质量问题仍可以要求处理（《消费者权益保护法》第二十四条）。"
        "整箱和面单、坏的近照、坏的称重都已附上。请转专员复核，并告诉我工单号和回复时间。"
    )
    assert letter.chunks == (letter.headline + letter.facts[0] + letter.request,)
    assert list(letter.rules) == ["law.cpl.24"]


def test_a_kettle_that_was_never_sent() -> None:
    facts: dict[str, Json] = {
        "order_no": "261117-987654321098765", "amount": 5900, "order": "unshipped", "goods_name": "电热水壶1个",
        "ordered_at": told(17, 10, 12), "dispatch_promise": "h48", "promised_until": told(19, 10, 12),
        "urged_at": told(19, 15, 30), "merchant_words": "明天一定发", "applied_at": told(20, 20, 5),
        "refund_type": "refund_only",
    }  # fmt: skip
    about = matter("not_shipped", "waiting_merchant", facts, now=at(22, 20, 10), proofs=("order", "chat"), over=True)
    letter = compose(about)
    assert letter.headline == (
        "您好，订单261117-987654321098765，超过承诺时间未发货，退款申请商家一直没处理，申请平台介入。"
    )
    assert "".join(letter.facts) == (
        "11月17日10:12下单，电热水壶1个，实付59.00元。订单页承诺48小时内发货，即11月19日10:12前。"
        "11月19日15:30我催过发货。商家答“明天一定发”。11月20日20:05申请仅退款。"
        "到11月22日20:10，订单仍未发货，退款页仍是待商家处理。证据1：订单页；证据2：催发货的聊天。"
    )
    assert letter.request == (
        "我的请求：退款59.00元，我不再等发货。麻烦在11月23日18:00前告诉我结果或预计时间，并给我工单号。谢谢。"
    )
    assert "现在已超过3天" in letter.refused
    assert lint(letter.whole, own_context(about, letter)) == []


def test_before_the_promised_time_nothing_is_called_late() -> None:
    facts: dict[str, Json] = {"order": "unshipped", "promised_until": told(23, 10, 12), "goods_name": "水壶"}
    letter = compose(matter("not_shipped", "preparing", facts, now=at(22, 20, 10)))
    assert letter.headline == "您好，水壶还没发货，请帮我处理。"
    assert "超过" not in letter.whole + letter.refused
    assert "订单页承诺11月23日10:12前发货。" in letter.facts[0]


def test_a_letter_to_the_merchant_speaks_to_them_and_not_about_them() -> None:
    facts: dict[str, Json] = {
        "order_no": "261118-123456789012345", "amount": 3990, "goods_name": "草莓", "goods": "fresh",
        "detail": "当场开箱，约2斤半发霉出水", "signed_at": told(20, 18, 20), "contacted_at": told(20, 19),
        "merchant_words": "不管", "rejected_at": told(21, 15, 2), "reject_reason": "属于正常损耗",
    }  # fmt: skip
    letter = compose(matter("spoiled", "rejected", facts, "merchant", now=at(21, 20), proofs=("box",)))
    assert letter.whole == (
        "您好，订单261118-123456789012345的草莓，11月20日18:20签收。当场开箱，约2斤半发霉出水。"
        "11月21日15:02申请被拒绝，理由是“属于正常损耗”。图片已附。请退款39.90元，麻烦在11月22日18:00前回复我，谢谢。"
    )
    assert letter.refused == ""


def test_days_without_a_clock_keep_the_order_of_what_can_follow_what() -> None:
    day = Moment(at(20), "day").to_json()
    facts: dict[str, Json] = {"signed_at": told(20, 18, 20), "applied_at": day, "rejected_at": told(20, 9)}
    letter = compose(matter("quality", "rejected", facts))
    assert letter.facts == ("11月20日18:20签收。当天申请售后。当天09:00商家拒绝。",)


def test_a_date_of_last_year_says_its_year_and_a_day_ends_at_24() -> None:
    last = Moment(datetime(2025, 12, 30, 9, 0, tzinfo=SHANGHAI)).to_json()
    until = Moment(at(29), "day").to_json()
    letter = compose(matter("not_shipped", "preparing", {"ordered_at": last, "promised_until": until}))
    assert letter.facts == ("2025年12月30日09:00下单。订单页承诺11月29日24:00前发货。到11月30日10:40，订单仍未发货。",)


def test_what_a_person_wrote_carelessly_is_made_fit_for_a_sentence() -> None:
    written = " 壶漏水！！\n\n一直漏。。。打13800138000没人接{x} "
    facts: dict[str, Json] = {"detail": written, "signed_at": told(20, 18, 20)}
    letter = compose(matter("quality", "preparing", facts))
    assert letter.facts == ("11月20日18:20签收。壶漏水。一直漏。打138****8000没人接（x）。",)


def test_a_known_ticket_is_quoted_and_not_asked_for_again() -> None:
    letter = compose(matter("quality", "platform", {"ticket_no": "GD123456"}))
    assert letter.facts == ("工单号GD123456。",)
    assert letter.request.endswith("前告诉我结果或预计时间。谢谢。")
    assert letter.refused.endswith("请转专员复核，并告诉我回复时间。")


def test_what_was_granted_is_not_asked_for_again() -> None:
    facts: dict[str, Json] = {"amount": 3990, "promised_amount": 1200, "promise": "退12元", "promise_until": told(29)}
    wanted = {stage: compose(matter("quality", stage, facts)).request.split("。")[0] for stage in (
        "return_agreed", "remedy_promised", "refund_agreed", "decided_for", "decided_partly")}  # fmt: skip
    assert wanted == {
        "return_agreed": "我的请求：请帮我核对退货地址，货寄到后退39.90元",
        "remedy_promised": "我的请求：请督促商家按谈好的退12.00元",
        "refund_agreed": "我的请求：请查明应退的12.00元退到了哪里",
        "decided_for": "我的请求：请让商家照平台的结果退39.90元",
        "decided_partly": "我的请求：请复核没有支持的部分",
    }


def test_a_merchant_writes_as_one() -> None:
    facts: dict[str, Json] = {"order_no": "261118-123456789012345", "side": "merchant", "applied_at": told(1, 9)}
    letter = compose(matter("merchant", "waiting_merchant", facts))
    assert letter.whole == (
        "您好，订单261118-123456789012345，我是商家，买家的售后申请没有谈妥，申请平台介入。"
        "11月1日09:00买家申请售后。到11月30日10:40，申请仍是待商家处理。"
        "我的请求：请平台介入，帮我和买家协商这次售后。"
        "麻烦在12月1日18:00前告诉我结果或预计时间，并给我工单号。谢谢。"
    )


def test_many_proofs_and_long_answers_still_fit_the_copy_buttons() -> None:
    names = ("detail", "goods_name", "reject_reason", "merchant_words", "service_words", "promise")
    long = dict.fromkeys(names, "长" * 300)
    about = matter("quality", "rejected", {**FACTS, **long}, proofs=("fault",) * 40)
    letter = compose(about)
    assert max(len(piece) for piece in pieces(letter)) <= COPY_LIMIT
    assert "".join(letter.chunks) == letter.headline + "".join(letter.facts) + letter.request
