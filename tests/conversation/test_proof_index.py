"""证据目录: what is there and what became of it, the original, deleting the wrong one, words that lead there."""

import pytest

from bot.conversation.places.proof_index import understood
from bot.messages import Attachment
from tests.conversation.proof_desk import Camera, sha


def strawberries() -> Camera:
    desk = Camera()
    desk.open("spoiled", "rejected", order="signed", goods="fresh", goods_name="草莓")
    return desk


def types(desk: Camera, text: str) -> str:
    """What was typed leads to that place; empty if it means nothing here."""
    turn = desk.turn()
    if not understood(turn, text):
        return ""
    place = turn.session.place
    desk.keep(turn)
    return place


def test_an_empty_index_says_what_to_do() -> None:
    desk = strawberries()
    desk.go("exhibits:1:0")
    assert desk.lines[1:] == ["还没有证据。照证据清单拍，拍好发来就行。"]
    assert desk.labels == ["证据清单", "返回"]


def test_each_piece_says_what_it_is_and_what_became_of_it() -> None:
    desk = strawberries()
    desk.record("proof", {"number": 1, "item": "box"})
    desk.send("AgAC1")
    desk.send("BAAC2", "video/mp4")
    desk.send("AgAC3")
    desk.fetch()
    desk.go("exhibits:1:0")
    assert desk.lines[1:] == [
        "证据目录，共4个：",
        "证据1 整箱和面单：11月22日 周日 10:00 打的勾，没发给我",
        "证据2 还没说是什么：11月22日 周日 10:00 收到，图片 1.2 MB，存好了",
        "证据3 还没说是什么：11月22日 周日 10:00 收到，视频，正在存",
        "写话时按这些号写，号不会变。",
    ]
    assert desk.labels == ["看证据1", "看证据2", "看证据3", "下一页", "先放哪几张", "返回"]
    desk.fetch(fault="too_large")
    desk.go("exhibits:1:0")
    assert desk.lines[4] == "证据3 还没说是什么：11月22日 周日 10:00 收到，视频，没存成"
    desk.press("看证据3")
    assert desk.lines[-1] == "证据3超过20MB，我存不了。原件在手机里别删。视频剪一段短的，或截几张图发来。"
    assert desk.labels == ["删掉这个", "返回"]


def test_what_only_the_channel_had_long_ago_is_not_said_to_be_on_its_way() -> None:
    desk = strawberries()
    desk.record("proof", {"number": 1, "file": "AgACAgUAA"})
    desk.go("exhibit:1:1")
    assert desk.lines[-1] == "证据1没存成。原件别删，再发一次。"


def test_one_piece_shows_its_fingerprint_and_hands_the_original_out() -> None:
    desk = strawberries()
    desk.kept(1)
    desk.press("坏的称重")
    desk.go("exhibit:1:1")
    assert desk.lines[1:] == [
        "证据1：坏的称重",
        "11月22日 周日 10:00 收到，图片 1.2 MB，存好了",
        "文件指纹前8位：abcdef12。以后对一下，就知道文件没改过。",
    ]
    assert desk.labels == ["看原图", "改它是什么", "删掉这个", "返回"]
    file = desk.ask_for("看原图")
    assert file == Attachment("证据1-坏的称重.jpg", "image/jpeg", kept=sha(1), size=1_258_291)
    assert (desk.edited, len(desk.screens), desk.place) == (False, 2, "exhibit:1:1")


def test_drawing_it_again_hands_nothing_out() -> None:
    desk = strawberries()
    desk.kept(1)
    desk.go("exhibit:1:1")
    desk.ask_for("看原图")
    decision = desk._decided("other", repeated=True)
    assert [reply.file for reply in decision.answer.replies] == [None]


def test_deleting_asks_once_and_is_final() -> None:
    desk = strawberries()
    desk.kept(1)
    desk.press("坏的称重")
    desk.go("exhibit:1:1")
    desk.press("删掉这个")
    assert desk.lines[1:] == [
        "删掉证据1（坏的称重）吗？",
        "11月22日 周日 10:00 收到，图片 1.2 MB，存好了",
        "删了就真没了，证据1这个号不再用。发出去的话里写过证据1的，那里还是这个号。",
    ]
    assert desk.labels == ["留着", "删掉"]
    desk.press("留着")
    assert desk.place == "exhibit:1:1"
    desk.press("删掉这个")
    desk.press("删掉")
    assert desk.told == "证据1删掉了，号不再用。删错了就把原图再发来，会有新号。"
    assert desk.state().proofs == ()
    assert desk.dossier.dropped == ((desk.case().id, sha(1)),)
    desk.kept(1)
    assert [proof.number for proof in desk.state().proofs] == [2]
    desk.go("exhibit:1:1")
    assert desk.lines[1:] == ["证据1删掉了，这个号不再用。"]


def test_a_tick_is_taken_off_without_a_word_about_files() -> None:
    desk = strawberries()
    desk.record("proof", {"number": 1, "item": "box"})
    desk.go("exhibit:1:1")
    assert desk.lines[-1] == "只打了勾，没发给我，在你手机里。把它发来，我就存。"
    desk.press("删掉这个")
    assert desk.lines[-1] == "只是去掉这个勾，号不再用。"
    desk.press("删掉")
    assert (desk.told, desk.state().proofs) == ("证据1的勾去掉了，号不再用。", ())


def test_back_leads_to_the_page_of_the_index_that_it_stands_on() -> None:
    desk = strawberries()
    for number in range(1, 6):
        desk.kept(number)
    desk.go("exhibit:1:5")
    assert desk.goal("返回") == "exhibits:1:1"
    desk.press("返回")
    assert desk.labels == ["看证据4", "看证据5", "第一页", "先放哪几张", "返回"]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("证据", "exhibits:1:0"),
        ("证据目录", "exhibits:1:0"),
        ("我的证据", "exhibits:1:0"),
        ("证据清单", "proof:1"),
        ("看证据3", "exhibit:1:3"),
        ("证据3", "exhibit:1:3"),
        ("证据３", "exhibit:1:3"),
        ("证据三", "exhibit:1:3"),
        ("看看证据3的原图", "exhibit:1:3"),
        ("删掉证据3", "drop_proof:1:3"),
        ("把证据3删了", "drop_proof:1:3"),
        ("证据3不要了", "drop_proof:1:3"),
        ("哪几张最好？", "best:1"),
        ("最好的五张", "best:1"),
        ("上传哪几张", "best:1"),
        ("证据9", "exhibits:1:0"),
        ("证据不足怎么办", ""),
        ("平台说证据不够", ""),
        ("证据3和证据4哪个好", ""),
        ("草莓烂了", ""),
    ],
)
def test_words_lead_to_their_screen(said: str, place: str) -> None:
    desk = strawberries()
    for number in range(1, 5):
        desk.kept(number)
    desk.go("card:1")
    assert types(desk, said) == place


def test_a_number_that_was_never_given_is_said_to_be_none() -> None:
    desk = strawberries()
    turn = desk.turn()
    turn.go("card:1")
    assert (understood(turn, "看证据12"), str(turn.note)) == (True, "还没有证据12。")


def test_a_sentence_says_what_a_piece_shows() -> None:
    desk = strawberries()
    desk.kept(1)
    desk.go("card:1")
    types(desk, "证据1是称重那张")
    assert [(proof.number, proof.item) for proof in desk.state().proofs] == [(1, "weight")]


def test_nothing_of_it_is_understood_without_a_case() -> None:
    assert types(Camera(), "证据") == ""


def test_every_screen_fits_a_phone_whatever_is_there() -> None:
    desk = strawberries()
    for number in range(1, 12):
        desk.kept(number)
        desk.press("坏的近照") if number == 4 else None
    desk.record("proof", {"number": 12, "item": "page"})
    desk.record("proof", {"number": 13, "file": "AgACAgUAA", "fault": "too_many_pixels"})
    places = [f"exhibits:1:{page}" for page in range(5)] + [f"exhibit:1:{number}" for number in range(1, 14)]
    for place in (*places, "drop_proof:1:1", "drop_proof:1:12", "best:1", "proof:1:0", "which_proof:1:1"):
        desk.go(place)
        assert (place, len(desk.lines) <= 8, len(desk.labels) <= 6) == (place, True, True)
        assert max(map(len, desk.labels)) <= 8
