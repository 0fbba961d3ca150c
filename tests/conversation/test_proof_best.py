"""The best five, and how letters and 介入前三查 count what is there."""

from bot.conversation.letters import compose
from bot.conversation.letters.cases import matter_for
from bot.conversation.places.proof_best import choose, ranked
from bot.domain.model import Json
from tests.conversation.desk import knowledge, told
from tests.conversation.proof_desk import Camera, sha

FACTS: dict[str, Json] = {
    "order": "signed", "goods": "fresh", "goods_name": "草莓", "order_no": "261118-123456789012345", "amount": 3990,
    "rejected_at": told(21, 15, 2), "reject_reason": "属于正常损耗",
}  # fmt: skip


def strawberries(*sent: str, stage: str = "rejected") -> Camera:
    """Pictures of these items, kept, numbered from 1."""
    desk = Camera()
    desk.open("spoiled", stage, **FACTS)
    for number, item in enumerate(sent, 1):
        desk.kept(number)
        desk.record("proof", {"number": number, "item": item})
    return desk


def chosen(desk: Camera) -> list[int]:
    turn = desk.turn()
    return [proof.number for proof in choose(turn, turn.cases[1]).chosen]


def letter(desk: Camera, kind: str = "service") -> str:
    turn = desk.turn()
    matter = matter_for(turn, turn.cases[1], kind)
    assert matter is not None
    words = compose(matter)
    return words.whole + words.refused


# --- the best five ----------------------------------------------------------------------------------------------------


def test_the_best_five_go_by_the_list_one_picture_each() -> None:
    desk = strawberries("chat", "weight", "bad", "bad", "page", "r_reject", "box", "r_apply")
    desk.go("best:1")
    assert desk.lines[1:] == [
        "App 里放不下时，先放这5张：",
        "① 证据7：整箱和面单（最要紧）",
        "② 证据4：坏的近照（最要紧）",
        "③ 证据2：坏的称重（最要紧）",
        "④ 证据8：申请页截图（申请的原因）",
        "⑤ 证据6：拒绝页和理由（对方的理由）",
        "App 能放的图不多，挑最清楚的原图，别修图；放不下就拼在一起。说法不一，以 App 显示为准。",
    ]


def test_no_figure_of_the_app_is_named_where_the_sources_disagree() -> None:
    desk = strawberries("box", "bad")
    text = desk.go("best:1")
    assert not [figure for figure in ("9张", "3张", "九张") if figure in text]


def test_what_is_missing_and_better_than_the_last_is_said() -> None:
    desk = strawberries("box", "bad", "page", "chat", "r_apply", "r_reject")
    desk.go("best:1")
    assert desk.lines[-1] == "还缺坏的称重，补上排在前面。App 能放几张：说法不一，以 App 显示为准。"
    assert desk.labels[0] == "证据清单"
    desk.record("proof", {"number": 7, "item": "weight"})
    desk.go("best:1")
    assert desk.lines[-1].startswith("坏的称重在你手机里，也该放。")


def test_only_pictures_that_are_kept_are_chosen_and_films_are_mentioned() -> None:
    desk = strawberries("box")
    desk.send("AgAC2")
    desk.press("坏的近照")
    desk.kept(3, "video/mp4")
    desk.record("proof", {"number": 3, "item": "weight"})
    desk.kept(4, "application/pdf")
    assert chosen(desk) == [1]
    assert "证据3是视频，能放就另外放。" in desk.go("best:1")


def test_further_pictures_fill_up_the_named_before_the_unnamed() -> None:
    desk = strawberries("", "bad", "bad", "box")
    assert chosen(desk) == [4, 3, 2, 1]
    desk.go("best:1")
    assert desk.lines[4:6] == ["③ 证据2：坏的近照（再补一张）", "④ 证据1：还没说是什么（有空位再放）"]


def test_one_file_that_was_sent_twice_takes_one_place() -> None:
    desk = strawberries("box")
    desk.send("AgAC2")
    desk.press("坏的近照")
    desk.fetch(kept=sha(1))
    desk.kept(3)
    desk.kept(4)
    assert chosen(desk) == [1, 3, 4]
    desk.press("坏的称重")
    assert chosen(desk) == [1, 4, 3]


def test_nothing_kept_says_so_and_what_to_photograph() -> None:
    desk = strawberries(stage="preparing")
    desk.go("best:1")
    assert desk.lines[1:] == ["还没有存好的图，挑不出来。", "还缺整箱和面单、坏的近照，补上排在前面。"]
    assert desk.labels == ["证据清单", "返回"]


def test_the_record_that_the_stage_needs_is_never_crowded_out() -> None:
    for problem in knowledge().catalog.problems.values():
        if problem.side == "merchant":
            continue
        desk = Camera()
        desk.open(problem.id, "rejected")
        turn = desk.turn()
        assert "r_reject" in [item.id for item in ranked(turn, turn.cases[1])[:5]], problem.id


def test_a_merchant_has_three_and_the_rule_says_so() -> None:
    desk = Camera()
    desk.open("merchant", "proof_wanted", side="merchant")
    for number in range(1, 6):
        desk.kept(number)
    desk.go("best:1")
    assert desk.lines[1] == "App 里放不下时，先放这3张："
    assert len(chosen(desk)) == 3


# --- letters ----------------------------------------------------------------------------------------------------------


def test_a_letter_quotes_what_was_sent_by_its_numbers() -> None:
    desk = strawberries("box", "bad", "weight", "", "bad")
    text = letter(desk)
    assert "证据1：整箱和面单；证据2、证据5：坏的近照；证据3：坏的称重；证据4：补充图片。" in text
    assert "整箱和面单、坏的近照、坏的称重都已附上。" in text


def test_what_was_not_kept_has_no_number_in_a_letter_and_a_tick_has() -> None:
    desk = strawberries("box")
    desk.record("proof", {"number": 2, "item": "bad"})
    desk.send("AgAC3")
    desk.press("坏的称重")
    desk.fetch(fault="broken")
    text = letter(desk)
    assert "证据1：整箱和面单；证据2：坏的近照。" in text
    assert [word for word in ("证据3", "坏的称重") if word in text] == []


def test_what_is_deleted_is_not_in_the_next_letter() -> None:
    desk = strawberries("box", "bad")
    assert "证据2：坏的近照" in letter(desk)
    desk.go("drop_proof:1:2")
    desk.press("删掉")
    assert "坏的近照" not in letter(desk)
    assert "证据1：整箱和面单。" in letter(desk)


def test_a_film_without_a_name_is_no_picture() -> None:
    desk = strawberries()
    desk.kept(1, "video/mp4")
    assert "证据1：补充视频。" in letter(desk)


def test_two_hundred_pictures_do_not_make_a_letter_of_numbers() -> None:
    desk = Camera()
    desk.open("spoiled", "rejected", **FACTS)
    for number in range(1, 201):
        desk.record("proof", {"number": number, "item": "bad" if number % 2 else "", "kept": f"{number:064x}"})
    turn = desk.turn()
    matter = matter_for(turn, turn.cases[1], "service")
    assert matter is not None
    assert max(map(len, compose(matter).chunks)) <= 256


# --- 介入前三查 -------------------------------------------------------------------------------------------------------


def test_the_three_checks_do_not_count_what_was_not_kept() -> None:
    desk = strawberries("box")
    desk.record("proof", {"number": 2, "item": "bad"})
    desk.record("proof", {"number": 3, "item": "weight", "file": "AgAC3", "fault": "gone"})
    desk.go("check:1")
    assert desk.lines[2] == ("① 证据：要紧的6样，有了2样。下一样补：坏的称重。补上更清楚，结果还是平台定。")
