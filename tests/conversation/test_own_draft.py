"""我自己写: a draft that a person pastes is looked over, mended as they want it, and handed back to copy."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation.turn import Knowledge
from bot.conversation.understand.own_words import reads_like_draft
from bot.messages import COPY_LIMIT
from tests.bench.reply_bench import rows
from tests.conversation.desk import knowledge, told
from tests.conversation.test_words import ORDER, strawberries
from tests.harness import World

DATA = Path(__file__).parents[1] / "data"
ROUGH = "您好，我的草莓11月20日签收就烂了，实付39.90元，请退款39.90元，不退就曝光你们。"
MENDED = f"您好，我的草莓11月20日签收就烂了，实付39.90元，请退款39.90元，请在11月23日18:00前回复。订单{ORDER}。"
FINE = f"您好，订单{ORDER}，草莓11月20日签收后发现烂了一半，实付39.90元，请退款39.90元。"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path)
    yield world
    await world.close()


def test_the_draft_of_the_specification_is_mended_at_one_tap() -> None:
    desk = strawberries()
    desk.go("words:1:service")
    desk.press("我自己写")
    assert desk.text.endswith("把你写的整段贴过来，我帮你看有没有要改的。还没写？写几句也行。")
    desk.say(ROUGH)
    assert desk.lines == [
        "这段有2处建议改：",
        f"① 没写订单号，客服查不到。加上：订单{ORDER}。",
        "② “不退就曝光”像威胁，反而难办。改成：请在11月23日18:00前回复。",
    ]
    assert desk.labels == ["都帮我改好", "一处处看", "不改了", "回问题单"]
    desk.press("都帮我改好")
    assert desk.lines == ["改好了，这段可以发。", f"你写的话（{len(MENDED)}字）", MENDED]
    assert [choice.copy for choice in desk.choices if choice.copy] == [MENDED]
    assert desk.labels == ["复制这段", "我已经发了", "换一段", "回问题单"]
    assert not desk.edited


def test_one_by_one_each_with_its_reason_and_what_is_refused_stays() -> None:
    desk = strawberries()
    desk.go("draft_in:1")
    desk.say(ROUGH)
    desk.press("一处处看")
    assert desk.lines == ["还有2处", "没写订单号，客服查不到。", f"加上：订单{ORDER}。"]
    desk.press("改成这样")
    assert desk.lines == ["还有1处", "“不退就曝光”像威胁，反而难办。", "改成：请在11月23日18:00前回复。"]
    desk.press("不改这处")
    assert desk.lines[0] == "照你的意思，留了1处没改。"
    assert desk.lines[2] == f"{ROUGH}订单{ORDER}。"
    desk.press("再看一遍")
    assert desk.lines[1] == "① “不退就曝光”像威胁，反而难办。改成：请在11月23日18:00前回复。"


def test_what_only_the_person_knows_is_asked_for_and_put_in() -> None:
    desk = strawberries()
    desk.record("facts", {"order_no": None, "amount": None})
    desk.go("draft_in:1")
    desk.say("你好，我11月20日下单的草莓，11月18日签收就烂了，请你们退款。")
    desk.press("都帮我改好")
    assert desk.lines[-1] == "订单号是多少？在订单页复制过来。"
    desk.say("忘在家里的电脑上了")
    assert desk.lines[0] == "“忘在家里的电脑上了”没看懂。订单号是多少？在订单页复制过来。"
    desk.say(ORDER)
    assert desk.lines[-1] == "实付多少？比如：39.90元。"
    desk.say("39.9元")
    assert desk.lines[-1] == "哪天签收的？"
    desk.say("昨天")
    assert desk.lines[0] == "改好了，这段可以发。"
    text = "你好，我11月20日下单的草莓，11月21日签收就烂了，请你们退款。"
    assert desk.lines[-1] == f"{text}订单{ORDER}。实付39.90元。"
    assert desk.state().text("order_no") == ORDER
    assert desk.state().facts["amount"] == 3990


def test_a_date_that_cannot_be_is_asked_for() -> None:
    desk = strawberries()
    desk.record("facts", {"signed_at": None, "ordered_at": None})
    desk.go("draft_in:1")
    desk.say(f"您好，订单{ORDER}，11月20日下单，11月18日签收，草莓烂了，实付39.90元，请退款。")
    assert desk.lines[1] == "① “11月20日下单，11月18日签收”的先后对不上。这个要问你。"
    desk.press("一处处看")
    assert desk.lines[-1] == "哪天签收的？"
    desk.say("昨天")
    assert desk.lines[0] == "改好了，这段可以发。"
    assert "11月20日下单，11月21日签收" in desk.lines[-1]


def test_a_missing_request_and_date_are_asked_for_without_a_case() -> None:
    desk = strawberries()
    desk.go("draft_in:0")
    desk.say(f"订单{ORDER}的草莓烂了一半，付了39.90元")
    desk.press("一处处看")
    assert desk.lines[-1] == "哪天的事？比如：11月20日签收。"
    desk.say("11月20日")
    assert desk.lines[0].startswith("“11月20日”没看懂。")
    desk.say("11月20日签收")
    assert desk.lines[-1] == "最想要什么？比如：退款。"
    desk.say("退款20元")
    assert desk.lines[-1] == f"订单{ORDER}的草莓烂了一半，付了39.90元。11月20日签收。我的请求：退款20元。"
    assert desk.labels == ["复制这段", "换一段", "回首页"]


def test_a_clean_draft_is_said_to_be_fine() -> None:
    desk = strawberries()
    desk.go("card:1")
    desk.say(FINE)
    assert desk.lines == ["这段可以发，没有要改的。", f"你写的话（{len(FINE)}字）", FINE]


def test_private_data_is_masked() -> None:
    desk = strawberries()
    desk.go("card:1")
    desk.say(FINE.removesuffix("。") + "，我电话13812345678。")
    assert desk.lines[1] == "① “13812345678”是私人信息，别发出去。改成：138****5678"
    desk.press("都帮我改好")
    assert "13812345678" not in desk.text


def test_it_comes_in_pieces_that_fit_and_joined_they_are_the_text() -> None:
    desk = strawberries()
    desk.go("draft_in:1")
    long = FINE + "".join(f"第{number}箱也是一样，打开就发现坏了很多。" for number in range(1, 30))
    desk.say(long)
    pieces = [choice.copy for choice in desk.choices if choice.copy]
    assert "".join(pieces) == long
    assert max(map(len, pieces)) <= COPY_LIMIT
    assert desk.labels[:2] == ["复制第1段", "复制第2段"]


@pytest.mark.parametrize(("text", "told"), [("字" * 2001, "这段有2001字，太长了"), ("全都烂", "太短了")])
def test_what_cannot_be_looked_over_is_said(text: str, told: str) -> None:
    desk = strawberries()
    desk.go("draft_in:1")
    desk.say(text)
    assert desk.text.startswith(told)
    assert desk.place == "draft_in:1"


def test_many_findings_are_shown_a_few_at_a_time() -> None:
    desk = strawberries()
    desk.go("draft_in:1")
    desk.say("骗子，黑心商家，不退就曝光你们，我电话13812345678，卖假货，要求退款，还要商家道歉")
    assert len(desk.lines) <= 6
    assert desk.lines[-1].startswith("还有")


def test_an_unsure_text_is_asked_about_and_otherwise_understood() -> None:
    desk = strawberries("waiting_merchant")
    desk.go("card:1")
    said = f"订单{ORDER}，11月20日收到的草莓烂了，39.9元，请退款，谢谢"
    desk.say(said)
    assert desk.lines[-1] == "这是你要发的话吗？"
    assert desk.labels == ["帮我看看", "不是"]
    desk.press("不是")
    assert "这是你要发的话吗？" not in desk.text
    desk.go("card:1")
    desk.say("订单" + said.removeprefix("订单") + "。")
    desk.press("帮我看看")
    assert desk.place.startswith("draft")


def test_the_merchants_words_and_what_is_told_to_us_are_no_drafts() -> None:
    words = Knowledge(knowledge().catalog, knowledge().lexicon).drafts
    replies = [row["text"] for row in rows(DATA / "replies_dev.toml")["reply"]]
    told = [row["text"] for file in ("sentences", "sentences_blind") for row in rows(DATA / f"{file}.toml")["sentence"]]
    assert [text for text in (*replies, *told) if reads_like_draft(text, words) != "no"] == []


def test_an_answer_to_a_question_is_no_draft() -> None:
    desk = strawberries("waiting_merchant", signed_at=told(20, 18, 20))
    desk.go("merchant_answer:1")
    desk.say(FINE)
    assert not desk.place.startswith("draft")


@pytest.mark.parametrize("typed", ["帮我看看我写的", "我自己写", "检查一下", "看看我写的"])
def test_it_is_found_by_its_words(typed: str) -> None:
    desk = strawberries()
    desk.go("card:1")
    desk.say(typed)
    assert desk.place == "draft_in:1"


def test_not_changing_anything_leaves_the_case_as_it_was() -> None:
    desk = strawberries()
    desk.go("draft_in:1")
    desk.say(ROUGH)
    desk.press("不改了")
    assert desk.place == "card:1"
    assert desk.lines[0] == "好，没改。你写的我没动，再贴一次随时能看。"


async def test_nothing_is_lost_by_a_restart_and_the_words_are_kept(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.say("昨天下午三点")
    await world.press("对，没错")
    await world.say("我自己写")
    await world.say(FINE + "不退就曝光你们。")
    await world.restart()
    await world.press("一处处看")
    await world.restart()
    await world.press("改成这样")
    assert world.text.splitlines()[0] == "改好了，这段可以发。"
    (letter,) = await world.store.letters(world.person)
    assert (letter.kind, letter.at, letter.text) == ("draft", world.now, FINE + "请在11月23日18:00前回复。")
