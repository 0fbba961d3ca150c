"""拿话、改话、发话: from the button to the copied words, and what came of them."""

from bot.conversation.places.words import pieces, words
from bot.domain.model import Json
from tests.conversation.desk import Desk, at, told
from tests.conversation.test_letters import FACTS, PROBLEMS

ORDER = "261118-123456789012345"


def strawberries(stage: str = "rejected", **more: Json) -> Desk:
    desk = Desk()
    facts: dict[str, Json] = {
        "order_no": ORDER, "amount": 3990, "order": "signed", "goods": "fresh", "goods_name": "草莓",
        "detail": "约2斤半发霉出水", "signed_at": told(20, 18, 20), "applied_at": told(20, 19, 40),
        "refund_type": "refund_only", "rejected_at": told(21, 15, 2), "reject_reason": "属于正常损耗",
    }  # fmt: skip
    desk.open("spoiled", stage, **{**facts, **more})
    return desk


def copies(desk: Desk) -> list[str]:
    return [choice.copy for choice in desk.choices if choice.copy]


def test_the_first_view_is_final_and_copyable() -> None:
    desk = strawberries()
    text = desk.go("words:1:service")
    agent, whole, refused = copies(desk)
    assert agent == "人工客服"
    assert whole.startswith(f"您好，订单{ORDER}，草莓收到时已经坏了，商家拒绝退款，申请平台介入。实付39.90元。")
    assert whole in text
    assert refused in text
    assert f"人工来了，贴这段（{len(whole)}字）" in text
    assert desk.labels == [
        "复制人工客服", "复制这段", "复制被拒的话", "改一处", "我已经发了", "分开复制", "换个请求", "我自己写",
        "回问题单",
    ]  # fmt: skip
    assert not desk.edited


def test_how_often_the_agent_words_are_sent_is_the_routes() -> None:
    desk = strawberries()
    desk.go("service:1")
    desk.press("安卓")
    assert "连发2次" in desk.go("words:1:service")
    assert "还是机器人在回" in desk.text


def test_pieces_have_their_own_counts_and_buttons() -> None:
    desk = strawberries()
    desk.go("words:1:service")
    text = desk.press("分开复制")
    assert [len(piece) for piece in copies(desk)] == [
        int(line.split("（")[-1].removesuffix("字）")) for line in text.splitlines() if line.endswith("字）")
    ]
    assert desk.labels == ["复制①", "复制②", "复制③", "复制④", "复制⑤", "我已经发了", "合起来复制"]
    assert copies(desk)[3].startswith("我的请求：请平台核实，退款39.90元。")


def test_more_than_256_characters_become_parts() -> None:
    desk = strawberries(detail="长" * 100, merchant_words="短" * 60, contacted_at=told(20, 19), goods_name="草莓" * 9)
    text = desk.go("words:1:service")
    parts = copies(desk)[1:-1]
    assert desk.labels[1:3] == ["复制第1段", "复制第2段"]
    assert [len(part) <= 256 for part in parts] == [True, True]
    assert "".join(parts) in text
    assert f"人工来了，分2段贴（{len(parts[0])}+{len(parts[1])}字）" in text


def test_missing_facts_are_asked_for_one_by_one_and_nothing_is_lost() -> None:
    desk = Desk()
    desk.open("spoiled", "preparing", order="signed", goods="fresh")
    assert "订单号是多少" in desk.go("need:1:service")
    assert desk.place == "need:1:service"
    desk.say("我不记得那个号码了呀")
    assert desk.lines[0].startswith("“我不记得那个号码了呀”里没读到订单号。")
    desk.say(f"订单号 {ORDER}")
    assert "实付多少钱" in desk.text
    desk.say("三十九块九")
    assert "坏了多少、坏成什么样" in desk.text
    desk.say("骗子，全烂了")
    assert desk.lines[0] == "“骗子”像骂人，反而难办。删掉，只写看到的。"
    desk.say("3斤里约2斤半发霉")
    assert desk.place == "words:1:service"
    assert "3斤里约2斤半发霉。" in copies(desk)[1]
    assert desk.state().facts["amount"] == 3990


def test_a_pasted_order_page_answers_several_questions() -> None:
    desk = Desk()
    desk.open("spoiled", "preparing", order="signed", goods="fresh")
    desk.go("need:1:service")
    desk.say(f"商品：草莓3斤装\n订单编号：{ORDER}\n实付：¥39.90\n下单时间：2026-11-18 09:12:00")
    assert desk.lines[0] == "记下了：订单号、实付、商品、下单时间。"
    assert "坏了多少、坏成什么样" in desk.text


def test_what_can_be_left_out_is_not_asked_again() -> None:
    desk = Desk()
    desk.open("spoiled", "preparing", order="signed", goods="fresh")
    desk.go("need:1:service")
    for _ in range(3):
        desk.press("没有，先这样")
    assert desk.place == "words:1:service"
    assert copies(desk)[1].startswith("您好，生鲜收到时已经坏了，请帮我处理。我的请求：请平台核实，退这一单的全款。")
    desk.press("改一处")
    desk.press("订单号")
    desk.say(ORDER)
    assert copies(desk)[1].startswith(f"您好，订单{ORDER}，")
    assert desk.state().facts["left_out"] == ["amount", "detail"]


def test_a_key_date_is_read_back_before_it_counts() -> None:
    desk = Desk()
    desk.open("returned_no_refund", "return_shipped", order_no=ORDER, amount=3990, return_tracking="SF1234567890")
    assert "物流显示退货哪天几点签收" in desk.go("need:1:service")
    desk.say("昨天下午三点")
    assert desk.lines[0] == "我读到：11月21日 周六 15:00。"
    desk.press("对，没错")
    assert "物流显示退货11月21日15:00已签收。" in copies(desk)[1]


def test_one_fact_is_changed_and_the_words_come_back() -> None:
    desk = strawberries()
    desk.go("words:1:service")
    desk.press("改一处")
    assert "商品：草莓" in desk.lines
    desk.press("订单号")
    assert f"现在是：{ORDER}" in desk.lines
    desk.say("261119-999999999999999")
    assert desk.place == "words:1:service"
    assert desk.lines[0] == "改好了：订单号。"
    assert "261119-999999999999999" in copies(desk)[1]


def test_every_fact_of_the_letter_can_be_reached_and_asked() -> None:
    desk = strawberries()
    seen = []
    for page in range(5):
        desk.go(f"edit:1:service:{page}")
        seen += [choice.press.split(".")[1] for choice in desk.choices if ".fix:" in choice.press]
    assert {"fix:1:signed_at:service", "fix:1:detail:service", "fix:1:reject_reason:service"} <= set(seen)
    for place in set(seen):
        assert desk.go(place)
        assert len(desk.labels) <= 6


def test_a_difference_above_what_was_paid_is_not_taken() -> None:
    desk = Desk()
    desk.open("price_drop", "preparing", order_no=ORDER, amount=3990, detail="今天卖29.90元", order="signed")
    assert "差价是多少钱" in desk.go("need:1:service")
    desk.say("50")
    assert desk.lines[0] == "¥50.00比实付的¥39.90还多，退款不会超过实付。再看一眼，比如：9.90"
    desk.say("10元")
    assert "退差价10.00元" in copies(desk)[1]


def test_another_request_is_one_tap_away() -> None:
    desk = strawberries()
    desk.go("words:1:service")
    desk.press("换个请求")
    desk.press("按坏的部分退")
    assert desk.lines[0] == "换好了：按坏的部分退。"
    assert "我的请求：请平台核实，按坏的部分退款。" in copies(desk)[1]


def test_sent_starts_the_follow_up_and_takes_the_answer() -> None:
    desk = strawberries()
    desk.go("words:1:service")
    text = desk.press("我已经发了")
    assert "记下了，11月22日 周日 10:00 发给客服。" in text
    assert "我提醒你问结果。" in text
    assert desk.state().asked_service_seq > 0
    desk.press("客服答复了")
    desk.say("工单号GD20261122001，24小时内会有专员联系")
    state = desk.state()
    assert (state.text("service_words"), state.text("ticket_no"), state.asked_service_seq) == (
        "工单号GD20261122001，24小时内会有专员联系", "GD20261122001", 0,
    )  # fmt: skip
    assert desk.place.startswith("reply:1:")
    desk.go("words:1:service")
    assert "工单号GD20261122001。" in "".join(copies(desk))


def test_nobody_answered_leads_to_the_next_way() -> None:
    desk = strawberries()
    desk.go("words:1:service")
    desk.press("我已经发了")
    desk.press("没转到人工")
    assert desk.goal("换这条路") == "walk:service_order:0:1"
    desk.go("sent_how:1:service")
    desk.press("没转到人工")
    assert desk.goal("换这条路") == "walk:hotline:0:1"
    desk.go("sent_how:1:service")
    assert "这几条路都走过了" in desk.press("没转到人工")
    assert [entry.kind for entry in desk.case().entries].count("missed_human") == 3


def test_words_to_the_merchant_are_recorded_as_contact() -> None:
    desk = strawberries("waiting_merchant", rejected_at=None, reject_reason=None)
    text = desk.go("words:1:merchant")
    assert copies(desk)[0].startswith(f"您好，订单{ORDER}的草莓，11月20日18:20签收。")
    assert "给商家的话" in text
    desk.press("我已经发了")
    assert desk.state().moment("contacted_at") is not None
    assert desk.state().asked_service_seq == 0


def test_a_ticket_number_is_taken_down() -> None:
    desk = strawberries("platform")
    desk.go("ticket:1")
    assert "里没读到编号" in desk.say("忘了看")
    desk.go("ticket:1")
    desk.say("8812345678")
    assert desk.state().text("ticket_no") == "8812345678"


def test_what_was_handed_out_is_kept_once() -> None:
    desk = strawberries()
    turn = desk.turn()
    for _ in range(2):
        assert words(turn, "1", "service") is not None
    [letter] = turn.letters
    assert (letter.kind, letter.at, list(letter.rules)) == ("service", at(22, 10), ["law.cpl.24"])
    assert letter.text.startswith("您好，订单")
    desk.keep(turn)
    again = desk.turn()
    words(again, "1", "service")
    pieces(again, "1", "service")
    assert again.letters == []


def test_dates_that_contradict_each_other_are_said_before_sending() -> None:
    desk = strawberries(signed_at=told(21, 9))
    assert desk.go("words:1:service").splitlines()[-1] == (
        "有一处要核对：“11月20日19:40申请仅退款…11月21日09:00签收”的先后对不上。核对这两个日期。"
    )


def test_an_answer_on_the_edge_of_a_key_fact_is_neither_lost_nor_believed() -> None:
    desk = Desk()
    desk.open("quality", "preparing", order_no=ORDER, amount=3990, order="signed")
    desk.go("need:1:service")
    desk.say("长" * 101)
    assert desk.lines[0].startswith("有101字，太长了，留最要紧的100字以内")
    desk.say("坏")
    assert desk.lines[0].startswith("“坏”太短了")
    desk.say("按住开关才亮，联系我13800138000")
    assert desk.lines[0] == "“13800138000”像电话号码，别发出去。删掉，或只留后四位。"
    assert "detail" not in desk.state().facts
    desk.say("按住开关才亮")
    assert "按住开关才亮。" in copies(desk)[1]


def test_no_words_for_a_closed_or_foreign_case_or_an_unknown_kind() -> None:
    desk = strawberries()
    turn = desk.turn()
    assert words(turn, "2", "service") is None
    assert words(turn, "1", "nobody") is None
    desk.record("event", {"event": "refunded"})
    assert words(desk.turn(), "1", "service") is None


def test_every_message_keeps_telegrams_limits() -> None:
    for problem in PROBLEMS:
        desk = Desk(now=at(30, 10, 40))
        desk.open(problem.id, "decided_against", **FACTS)
        for item in problem.evidence:
            desk.record("proof", {"number": len(desk.state().proofs) + 1, "item": item.id})
        for kind in ("service", "merchant", "punish", "12315"):
            view = words(desk.turn(), "1", kind)
            assert view is not None
            assert len(str(view.text)) <= 4096
            options = [option for row in view.rows for option in row]
            assert [option for option in options if len(option.copy) > 256 or len(option.action) > 50] == []
            assert len([option for option in options if option.action]) <= 6
