"""处理经过, 改回上一步 repeatedly, and 设置这一单: every fact can be corrected and the dates move."""

import pytest

from bot.catalog.problems import FACTS
from bot.conversation.places.case_settings import DATED
from bot.conversation.places.history import HIDDEN, describe
from bot.domain.facts import EVENT_DATE
from bot.domain.history import KINDS
from bot.domain.model import Entry, Json
from tests.conversation.desk import Desk, at, knowledge, told


def waiting() -> Desk:
    desk = Desk()
    desk.open("spoiled", "preparing", order="signed", goods="fresh", goods_name="草莓")
    desk.record("event", {"event": "applied", "when": told(20, 19, 40)})
    return desk


def ends(desk: Desk) -> list[str]:
    schedule = desk.turn().schedule(desk.case())
    return [f"{deadline.rule} {deadline.at.astimezone(desk.turn().zone):%d %H:%M}" for deadline in schedule.deadlines]


def reminders(desk: Desk) -> list[tuple[str, str, int, str]]:
    rows = [row for row in desk.dossier.reminders if row.state == "planned"]
    return sorted((row.kind, row.deadline, row.occurrence, f"{row.due:%d %H:%M}") for row in rows)


# --- history ----------------------------------------------------------------------------------------------------------


def test_what_happened_is_dated_when_it_happened_newest_last() -> None:
    desk = waiting()
    desk.record("countdown", {"until": at(23, 9).isoformat(), "read": desk.now.isoformat()})
    desk.record("facts", {"amount": 3990, "order_no": "261118-123456789012345"})
    desk.go("history:1")
    assert desk.lines == [
        "🍓 问题单1 · 草莓坏果",
        "处理经过（新的在下面）：",
        "11月22日 周日 10:00 开了问题单：坏果烂果",
        "11月20日 周五 19:40 已提交申请",
        "11月22日 周日 10:00 倒计时到 11月23日 周一 09:00",
        "11月22日 周日 10:00 记下实付 ¥39.90、订单号 261118-…2345",
    ]


def test_long_histories_open_at_their_end() -> None:
    desk = waiting()
    for number in range(1, 7):
        desk.record("proof", {"number": number, "item": "box"})
    desk.go("history:1")
    assert desk.lines[1] == "处理经过（第2页/共2页，新的在下面）："
    assert desk.lines[-1].endswith("证据6：整箱和面单")
    assert desk.labels == ["更早的", "改回上一步", "整份带走", "返回"]
    desk.press("更早的")
    assert desk.lines[2].endswith("开了问题单：坏果烂果")
    desk.press("更晚的")
    assert desk.lines[-1].endswith("证据6：整箱和面单")


@pytest.mark.parametrize("kind", sorted(KINDS - HIDDEN))
def test_every_kind_of_entry_has_words(kind: str) -> None:
    data: dict[str, dict[str, Json]] = {
        "event": {"event": "rejected"},
        "proof": {"number": 1},
        "unproof": {"number": 1},
        "undo": {"target": 1},
        "answer": {"who": "service", "text": "不退", "kind": "refuses"},
        "sorted": {"answer": 1, "kind": "stalls"},
        "promised": {"promise": 1},
        "word": {"promise": 1, "how": "kept"},
        "asked": {"who": "merchant", "until": told(23)},
    }
    fallback: dict[str, dict[str, Json]] = {"facts": {"detail": "坏了"}, "opened": {"problem": "spoiled"}}
    desk = waiting()
    entry = Entry(9, desk.now, kind, {**data, **fallback}.get(kind, {}))
    words = describe(desk.turn(), desk.case(), entry)
    assert (words != "", words == "有一处改动", "{" in words) == (True, False, False)


def test_every_fact_has_a_name() -> None:
    texts = knowledge().catalog.texts
    named = (FACTS - {"evidence", "now"}) | set(EVENT_DATE.values()) | set(DATED)
    assert sorted(fact for fact in named if not texts.has(f"history.fact.{fact}")) == []


# --- undo -------------------------------------------------------------------------------------------------------------


def test_changes_of_any_kind_are_taken_back_one_after_the_other_and_both_stay_visible() -> None:
    desk = waiting()
    desk.record("event", {"event": "rejected", "when": told(21, 15, 2)})
    desk.record("facts", {"reject_reason": "属于正常损耗"})
    desk.record("proof", {"number": 1, "item": "box"})
    desk.record("muted")
    desk.go("more:1:1")
    toasts = []
    for _ in range(5):
        desk._decided("press", press=desk.go("history:1") and desk.choices[-3].press)
        toasts.append(desk.toast)
    assert toasts == [
        "改回了：停了这一单的提醒",
        "改回了：证据1：整箱和面单",
        "改回了：记下拒绝理由 属于正常损耗",
        "改回了：商家拒绝了",
        "改回了：已提交申请",
    ]
    assert (desk.state().stage, desk.state().proofs, desk.state().muted) == ("preparing", (), False)
    text = desk.go("history:1:0") + desk.go("history:1:1") + desk.go("history:1:2")
    assert "11月21日 周六 15:02 商家拒绝了（已改回）" in text
    assert "改回上一步：商家拒绝了" in text
    assert "改回上一步" not in desk.labels


def test_undo_moves_deadlines_and_reminders_back() -> None:
    desk = waiting()
    before, planned = ends(desk), reminders(desk)
    desk.record("event", {"event": "rejected", "when": told(21, 15, 2)})
    assert ends(desk) == ["timer.after_reject 23 15:02"]
    assert reminders(desk) != planned
    desk.go("more:1:1")
    desk.press("改回上一步")
    assert (ends(desk), reminders(desk)) == (before, planned)


def test_with_nothing_left_it_says_so() -> None:
    desk = Desk()
    desk.open("spoiled", "preparing")
    desk.go("more:1:1")
    desk.press("改回上一步")
    assert desk.toast == "没有可以改回的了。"
    assert desk.place == "card:1"


def test_an_answer_taken_back_is_asked_again() -> None:
    desk = Desk()
    turn = desk.turn()
    turn.open_case({"problem": "quality", "stage": "preparing", "questions": ["order", "goods"], "total": 2})
    desk.keep(turn)
    desk.go("ask:1")
    desk.press("已经签收")
    assert desk.place == "ask:1"
    desk.press("返回")
    assert desk.place == "ask:1"
    assert "order" not in desk.state().facts
    assert "货现在到哪了" in desk.text


def test_a_closed_case_comes_back() -> None:
    desk = waiting()
    desk.go("case_settings:1")
    desk.press("不追了")
    assert desk.state().stage == "closed"
    desk.press("改回上一步")
    assert (desk.state().stage, desk.place) == ("waiting_merchant", "card:1")


# --- settings and corrections -----------------------------------------------------------------------------------------


def test_reminders_of_one_case_are_stopped_and_started() -> None:
    desk = waiting()
    desk.go("case_settings:1")
    desk.press("停止提醒")
    assert desk.toast == "这一单不再提醒了。"
    assert [row for row in desk.dossier.reminders if row.state == "planned"] == []
    desk.go("case_settings:1")
    assert desk.labels == ["重新提醒", "改情况", "不追了", "删掉这一单", "返回"]
    desk.press("重新提醒")
    assert [row for row in desk.dossier.reminders if row.state == "planned"] != []


def test_a_corrected_date_is_read_back_and_moves_the_deadline() -> None:
    desk = waiting()
    desk.go("change_date:1")
    assert desk.labels == ["首次申请时间", "申请时间", "返回"]
    desk.press("申请时间")
    assert "现在记的是：11月20日 周五 19:40" in desk.text
    desk.say("11月21日 15:15")
    assert desk.text == "我读到：11月21日 周六 15:15。"
    before = ends(desk)
    desk.press("对，没错")
    assert desk.place == "card:1"
    assert (before[0].split()[1:], ends(desk)[0].split()[1:]) == (["22", "19:40"], ["23", "15:15"])
    desk.go("history:1")
    assert desk.lines[-1] == "11月22日 周日 10:00 记下申请时间 11月21日 周六 15:15"


def test_a_date_can_be_corrected_with_a_button_or_forgotten() -> None:
    desk = waiting()
    desk.go("fact:1:signed_at")
    desk.press("昨天")
    assert desk.place == "card:1"
    assert desk.state().facts["signed_at"] == {"at": at(21).isoformat(), "precision": "day"}
    desk.go("fact:1:signed_at")
    desk.press("记不清了")
    assert "signed_at" not in desk.state().facts


def test_an_unreadable_date_is_asked_again_with_an_example() -> None:
    desk = waiting()
    desk.go("fact:1:signed_at")
    assert "写成这样" in desk.say("下周前后")
    assert desk.place == "fact:1:signed_at"


def test_order_state_goods_and_problem_can_be_corrected() -> None:
    desk = waiting()
    desk.go("change_fact:1:order")
    assert "现在是：已经签收" in desk.text
    desk.press("在路上")
    assert (desk.state().order, desk.place) == ("in_transit", "card:1")
    desk.go("change_problem:1")
    desk.press("坏了有毛病")
    desk.press("质量有问题")
    assert desk.state().problem == "quality"
    assert desk.text.startswith("改好了：哪里不对 质量有问题")


def test_what_belongs_to_nobody_here_leads_home() -> None:
    desk = Desk()
    for place in ("history:7", "case_settings:7", "fact:7:signed_at", "proof:7", "ladder:7", "family:7", "check:7"):
        turn = desk.turn()
        turn.go(place)
        desk.keep(turn)
        desk._decided("other", repeated=True)
        assert desk.place == "home"
