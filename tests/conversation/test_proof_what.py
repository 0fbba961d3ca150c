"""What does this picture show: one, an album, nine at once, a film, the same twice, and words instead of a button."""

import pytest

from bot.conversation.places.proof import items
from bot.conversation.places.proof_names import named
from bot.conversation.places.proof_what import ask_next
from tests.conversation.proof_desk import Camera


def strawberries(stage: str = "rejected") -> Camera:
    desk = Camera()
    desk.open("spoiled", stage, order="signed", goods="fresh", goods_name="草莓")
    return desk


def given(desk: Camera) -> list[tuple[int, str]]:
    return [(proof.number, proof.item) for proof in desk.state().proofs]


def album(desk: Camera, count: int) -> None:
    for index in range(count):
        desk.send(f"AgAC{index}", album="13850")
    desk.album_over()


def test_a_picture_is_asked_about_with_what_is_missing_first() -> None:
    desk = strawberries()
    desk.record("proof", {"number": 1, "item": "box", "file": "AgACAgUAA"})
    desk.later(hours=1)
    desk.send("AgACAgUAB")
    assert desk.told == "收到了，是证据2，正在存。"
    assert desk.lines[-2:] == ["证据2（11月22日 周日 11:00 收到）", "这张拍的是什么？点一个，或打几个字。"]
    assert desk.labels == ["坏的近照", "坏的称重", "申请页截图", "拒绝页和理由", "下一页", "先不说"]
    desk.press("坏的称重")
    assert desk.toast == "记下了，证据2：坏的称重"
    assert (desk.place, given(desk)) == ("proof:1", [(1, "box"), (2, "weight")])
    assert desk.state().proofs[1].file == "AgACAgUAB"


def test_what_is_ticked_only_is_still_asked_for_first_and_two_pictures_may_show_one_thing() -> None:
    desk = strawberries()
    desk.record("proof", {"number": 1, "item": "box"})
    for file in ("AgACAgUAB", "AgACAgUAC"):
        desk.send(file)
        assert "整箱和面单" in desk.say("整箱和面单")
        desk.later(hours=1)
    desk.go("proof:1:0")
    assert desk.lines[2] == "① ✅ 证据2、证据3：整箱和面单"


def test_an_album_is_asked_about_one_by_one() -> None:
    desk = strawberries()
    album(desk, 3)
    assert desk.told == "收到3个，是证据1到证据3，正在存。"
    assert desk.lines[-2].startswith("第1张/共3张 · 证据1")
    assert "都是这样" not in desk.labels
    desk.press("整箱和面单")
    assert desk.lines[1].startswith("第2张/共3张 · 证据2")
    assert desk.lines[-1] == "证据1是整箱和面单。剩下的都是，就点“都是这样”。"
    desk.press("坏的近照")
    assert desk.lines[1].startswith("第3张/共3张 · 证据3")
    assert "也是这样" in desk.labels
    desk.press("坏的称重")
    assert (desk.place, given(desk)) == ("proof:1", [(1, "box"), (2, "bad"), (3, "weight")])


def test_nine_pictures_of_one_thing_take_two_taps() -> None:
    desk = strawberries()
    album(desk, 9)
    desk.press("坏的近照")
    desk.press("都是这样")
    assert desk.toast == "记下了，证据2到证据9：坏的近照"
    assert given(desk) == [(number, "bad") for number in range(1, 10)]
    desk.go("proof:1:0")
    assert desk.lines[3] == "② ✅ 证据1到证据9：坏的近照"


def test_nine_pictures_of_one_thing_take_one_sentence() -> None:
    desk = strawberries()
    album(desk, 9)
    desk.say("都是烂果近照")
    assert given(desk) == [(number, "bad") for number in range(1, 10)]


def test_one_that_nobody_knows_is_passed_over_and_the_rest_is_asked() -> None:
    desk = strawberries()
    album(desk, 2)
    desk.say("不知道")
    assert desk.told == "不知道也行，已经收着了。"
    assert desk.place == "which_proof:1:2"
    desk.say("不清楚")
    assert (desk.place, given(desk)) == ("proof:1", [(1, ""), (2, "")])


def test_pictures_that_come_one_by_one_are_all_asked_about() -> None:
    desk = strawberries()
    desk.send("AgAC1")
    desk.later(seconds=20)
    desk.send("AgAC2")
    assert desk.lines[-1] == "说完再问证据1。"
    desk.press("坏的近照")
    assert desk.place == "which_proof:1:1"
    desk.press("先不说")
    assert (desk.place, given(desk)) == ("proof:1", [(1, ""), (2, "bad")])


def test_what_came_long_ago_is_not_asked_about_again() -> None:
    desk = strawberries()
    desk.send("AgAC1")
    desk.press("先不说")
    desk.later(hours=2)
    desk.send("AgAC2")
    desk.press("坏的近照")
    assert desk.place == "proof:1"


@pytest.mark.parametrize(
    ("media_type", "asked"), [("video/mp4", "这个视频拍的是什么？"), ("application/pdf", "这个文件是什么？")]
)
def test_a_film_and_a_document_are_no_picture(media_type: str, asked: str) -> None:
    desk = strawberries()
    desk.send("BAAC1", media_type)
    assert desk.lines[-1] == f"{asked}点一个，或打几个字。"


def test_an_album_with_a_film_counts_pieces() -> None:
    desk = strawberries()
    desk.send("AgAC1", album="7")
    desk.send("BAAC1", "video/mp4", album="7")
    desk.album_over()
    assert desk.lines[-2].startswith("第1个/共2个 · ")


@pytest.mark.parametrize(
    ("said", "item"),
    [
        ("坏的称重", "weight"),
        ("称重那张", "weight"),
        ("这是过秤的", "weight"),
        ("面单", "box"),
        ("外箱", "box"),
        ("烂果近照", "bad"),
        ("近照", "bad"),
        ("聊天记录，和商家的", "chat"),
        ("拒绝页", "r_reject"),
        ("申请页", "r_apply"),
        ("这是今天刚收到时拍的整箱和面单，两张一样", "box"),
        ("3", "weight"),
        ("③", "weight"),
    ],
)
def test_words_name_an_item(said: str, item: str) -> None:
    desk = strawberries()
    desk.send("AgACAgUAA")
    desk.say(said)
    assert given(desk) == [(1, item)]


@pytest.mark.parametrize("said", ["称重怎么拍", "照片", "这张", "老板的脸", "嗯？"])
def test_words_that_name_nothing_change_nothing(said: str) -> None:
    desk = strawberries()
    desk.send("AgACAgUAA")
    desk.say(said)
    assert given(desk) == [(1, "")]


def test_words_that_name_nothing_are_answered_kindly() -> None:
    desk = strawberries()
    desk.send("AgACAgUAA")
    desk.say("老板的脸")
    assert desk.told == "“老板的脸”对不上清单里的哪一样。点一个就行，或点“先不说”。"
    assert desk.place == "which_proof:1:1"


def test_a_caption_names_the_picture_and_one_that_names_nothing_is_let_be() -> None:
    desk = strawberries()
    desk.send("AgAC1", caption="这是整箱和面单")
    assert given(desk) == [(1, "box")]
    desk.later(hours=1)
    desk.send("AgAC2", caption="给奶奶看看")
    assert (desk.told, given(desk)) == ("收到了，是证据2，正在存。", [(1, "box"), (2, "")])


def test_words_that_could_be_two_items_are_asked_about() -> None:
    desk = strawberries()
    desk.send("AgACAgUAA")
    desk.say("烂的")
    assert desk.told == "是“坏的近照”，还是“坏的称重”？点一个。"


def test_a_result_is_no_name_of_a_picture() -> None:
    desk = strawberries("waiting_merchant")
    desk.send("AgACAgUAA")
    desk.say("商家拒绝了")
    assert desk.place.startswith("when:")
    assert given(desk) == [(1, "")]


def test_the_wrong_picture_can_be_thrown_away_at_once() -> None:
    desk = strawberries()
    desk.send("AgACAgUAA")
    desk.say("发错了")
    assert desk.lines[1] == "删掉证据1（还没说是什么）吗？"
    desk.press("删掉")
    assert given(desk) == []


def test_what_it_is_can_be_changed_and_taken_off_again() -> None:
    desk = strawberries()
    desk.kept(1)
    desk.press("坏的称重")
    desk.go("exhibit:1:1")
    desk.press("改它是什么")
    assert desk.lines[-1] == "现在写的是“坏的称重”。改成哪一样？"
    assert "坏的称重" not in desk.labels
    desk.press("坏的近照")
    assert (desk.place, given(desk)) == ("exhibit:1:1", [(1, "bad")])
    desk.press("改它是什么")
    desk.press("都不是")
    assert (desk.place, given(desk)) == ("exhibit:1:1", [(1, "")])
    assert desk.state().proofs[0].kept != ""


def test_the_next_file_is_asked_about_from_outside() -> None:
    desk = strawberries()
    album(desk, 2)
    turn = desk.turn()
    ask_next(turn, 1)
    assert turn.session.place == "which_proof:1:1"


def test_no_item_of_any_list_is_taken_for_another() -> None:
    for problem in Camera().turn().catalog.problems.values():
        desk = Camera()
        desk.open(problem.id, "rejected", **({"side": "merchant"} if problem.side == "merchant" else {}))
        turn = desk.turn()
        every = items(turn, turn.cases[1])
        assert [[each.id for each in named(turn.t, every, item.name)] for item in every] == [
            [each.id] for each in every
        ]
        assert len({item.name[:8] for item in every}) == len(every)
