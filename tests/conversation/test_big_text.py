"""大字模式: three choices at most on every screen, numbered; short messages; no emoji; nothing is lost by switching."""

import re
from html import unescape

import pytest

from bot.conversation.places.case_settings import DATED
from bot.domain.machine import POSSIBLE
from bot.messages import COPY_LIMIT, PRESS_LIMIT, TEXT_LIMIT, Screen
from tests.conversation.desk import Desk, knowledge, told

PROBLEMS = sorted(knowledge().catalog.problems.values(), key=lambda problem: problem.id)
STAGES = [stage for stage in POSSIBLE if stage != "closed"]
ANYWHERE = (
    "home", "cases", "what", "group:sending", "more_home", "settings", "zone", "zone:more", "quiet", "phone", "privacy",
    "forget", "help", "help:commands", "advice", "advice:p1", "advice:p2", "tip:shop", "merchant", "service",
)  # fmt: skip
OF_A_CASE = (
    "card:1", "more:1", "more:1:1", "more:1:2", "results:1:all", "results:1:all:1", "results:1:all:2",
    "results:1:agreed", "results:1:decided", "for_how:1", "when:1:rejected", "kept:1", "reason:1", "part:1",
    "countdown:1", "proof:1", "ladder:1", "ladder:1:1", "rung:1:12315", "check:1", "history:1", "family:1",
    "case_settings:1", "change:1", "change_date:1", "change_fact:1:order", "change_problem:1", "fact:1:applied_at",
    "words:1:service", "pieces:1:service", "words:1:merchant", "words:1:12315", "others:1:service", "service:1",
    "walk:apply_refund:0:1", "walk:service_iphone:0:1", "walk:service_android:1:1", "walk:return_ship:0:1", "take:1",
    "unknown:1", "ended:1",
)  # fmt: skip
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u23ea-\u23ff]")
MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
FACTS = {"order": "signed", "goods": "fresh", "goods_name": "草莓", "amount": 3990, "detail": "3斤里2斤半发霉",
         "order_no": "261118-123456789012345", "signed_at": told(20, 18), "applied_at": told(20, 19),
         "rejected_at": told(21, 15), "reject_reason": "属于正常损耗", "left_out": list(DATED)}  # fmt: skip


def big(desk: Desk) -> Desk:
    desk.say("大字")
    return desk


def plain(screen: Screen) -> str:
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<pre>.*?</pre>", "", str(screen.text), flags=re.DOTALL)))


def check(desk: Desk) -> None:
    """What holds for everything that is shown in this mode."""
    for screen in desk.screens:
        buttons = [choice for row in screen.rows for choice in row]
        text = plain(screen)
        assert 0 < len(str(screen.text)) <= TEXT_LIMIT
        assert len(buttons) <= 3, [choice.label for choice in buttons]
        assert [choice.label for choice in buttons if not 0 < len(choice.label) <= 8] == []
        assert len({choice.label for choice in buttons}) == len(buttons)
        assert EMOJI.findall(text) == []
        assert [line for line in text.splitlines() if sum(mark in line for mark in MARKS) > 1] == []
        assert all(len(choice.press.encode()) <= PRESS_LIMIT and len(choice.copy) <= COPY_LIMIT for choice in buttons)
    shown = [line[0] for line in plain(desk.screens[-1]).splitlines() if line[:1] and line[0] in MARKS]
    assert shown == list(MARKS[: len([choice for choice in desk.choices if choice.press])])


@pytest.mark.parametrize("place", ANYWHERE)
def test_places_without_a_case_hold_to_it_on_every_page(place: str) -> None:
    desk = big(Desk())
    desk.go(place)
    pages(desk)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.id)
def test_every_place_of_every_problem_holds_to_it_on_every_page(problem: object) -> None:
    at = PROBLEMS.index(problem)  # type: ignore[arg-type]
    for turn, stage in enumerate(STAGES[at % 4 :: 4]):
        desk = Desk()
        desk.open(PROBLEMS[at].id, stage, **FACTS, side=PROBLEMS[at].side if PROBLEMS[at].side != "buyer" else None)
        big(desk)
        for place in OF_A_CASE[turn % 2 :: 2]:
            stand(desk, place)
            pages(desk)


def stand(desk: Desk, place: str) -> None:
    """Be led there; a place that this case does not have shows something else instead."""
    turn = desk.turn()
    turn.go(place)
    desk.keep(turn)
    desk._decided("other", repeated=True)


def pages(desk: Desk) -> None:
    """Every page, by 更多选择; the last one leads back to the first."""
    check(desk)
    place, first = desk.place, list(desk.labels)
    for _ in range(6):
        if "更多选择" not in desk.labels:
            break
        desk.press("更多选择")
        assert desk.place == place
        check(desk)
    else:
        raise AssertionError("the pages do not end")
    if desk.labels != first:
        desk.press("上一页" if "上一页" in desk.labels else "回到开头")
        assert desk.labels == first


@pytest.mark.parametrize("typed", ["2", "２", "②", "二", "第二个", "选2", "我选2", "2。", " 2 "])
def test_a_choice_is_typed_in_many_ways(typed: str) -> None:
    desk = big(Desk())
    desk.go("home")
    desk.say(typed)
    assert desk.place == "cases"


def test_a_number_means_what_is_marked_on_this_very_page() -> None:
    desk = big(Desk())
    desk.go("home")
    assert desk.labels == ["说说新问题", "我的问题单", "更多选择"]
    desk.say("3")
    assert desk.labels == ["找人工客服", "更多", "上一页"]
    desk.say("1")
    assert desk.place == "service"


def test_a_label_is_understood_on_whatever_page_it_stands() -> None:
    desk = big(Desk())
    desk.go("home")
    desk.say("更多")
    assert desk.place == "more_home"
    desk.say("返回")
    assert desk.place == "home"


def test_a_page_is_turned_in_the_message_itself_and_an_old_button_does_nothing() -> None:
    desk = Desk()
    desk.open("spoiled", "rejected", **FACTS)
    big(desk)
    desk.go("card:1")
    old = next(choice.press for choice in desk.choices if choice.label == "更多选择")
    desk.press("更多选择")
    assert desk.edited
    assert desk.labels == ["已经介入了", "改倒计时", "更多选择"]
    desk.press("已经介入了")
    before = desk.dossier.cases
    desk._decided("press", press=old)
    assert (desk.toast != "", desk.dossier.cases == before) == (True, True)
    check(desk)


def test_words_to_copy_stay_whole_each_in_a_message_of_its_own() -> None:
    desk = Desk()
    desk.open("spoiled", "rejected", **FACTS)
    desk.go("words:1:service")
    letters = re.findall(r"<pre>(.*?)</pre>", str(desk.screens[-1].text), flags=re.DOTALL)
    copies = [choice.copy for choice in desk.choices if choice.copy]
    big(desk)
    check(desk)
    shown = [re.findall(r"<pre>(.*?)</pre>", str(screen.text), flags=re.DOTALL) for screen in desk.screens]
    assert [each for one in shown for each in one] == letters
    assert max(map(len, shown)) == 1
    assert [choice.copy for screen in desk.screens for row in screen.rows for choice in row if choice.copy] == copies
    assert desk.labels == ["改一处", "我已经发了", "更多选择"]
    desk.press("更多选择")
    assert (len(desk.screens), desk.edited) == (1, True)


def test_switching_in_the_middle_of_a_question_loses_nothing() -> None:
    desk = Desk()
    desk.say("草莓烂了一半商家不给退")
    desk.say("1")
    question, place = desk.lines[1], desk.place
    for word, words in (("字太小了", "好，改成大字模式了。"), ("关掉大字", "好，关掉大字模式了。")):
        desk.say(word)
        assert desk.place == place
        assert (words in desk.text, question in desk.text) == (True, True)
    desk.say("大字模式")
    assert desk.labels == ["刚刚", "今天早些时候", "更多选择"]
    desk.say("1")
    assert "商家已拒绝（轮到你）" in desk.text
    assert "🍓" not in desk.text


def test_it_is_a_setting_that_is_switched_there_too() -> None:
    desk = Desk()
    desk.go("settings")
    assert "大字模式：关着" in desk.lines
    desk.press("大字模式")
    assert desk.dossier.person.preferences.big_text
    assert "大字模式：开着，一次最多3个选择" in desk.text
    desk.press("更多选择")
    desk.press("关掉大字")
    assert not desk.dossier.person.preferences.big_text
    assert "大字模式：关着" in desk.lines


def test_an_amount_is_typed_as_a_number_and_the_choices_are_still_within_reach() -> None:
    desk = Desk()
    desk.open("spoiled", "refund_agreed", **FACTS)
    big(desk)
    desk.go("part:1")
    assert "这里打数字算回答" in desk.text
    desk.say("2")
    assert desk.state().facts["refunded_amount"] == 200
    desk.record("undo", {"target": desk.case().entries[-1].seq})
    desk.go("part:1")
    desk.say("选2")
    assert desk.state().outcome == "refunded"


@pytest.mark.parametrize("place", ["help", "check:1", "words:1:service"])
def test_marks_that_are_no_choices_are_asked_about_in_the_usual_mode(place: str) -> None:
    desk = Desk()
    desk.open("spoiled", "rejected", **FACTS)
    desk.go(place)
    before = desk.case().entries
    desk.say("2")
    assert desk.place == place
    assert "上面的①②③是在说事，不是按钮" in desk.text
    assert desk.case().entries == before


def test_the_number_of_a_rung_leads_to_that_rung() -> None:
    desk = Desk()
    desk.open("spoiled", "decided_against", **FACTS)
    desk.go("ladder:1:1")
    line = next(line for line in desk.lines if line.startswith("⑤"))
    desk.say("5")
    assert desk.lines[0].split("：")[0] == line[1:].strip().split("：")[0]
