"""What is kept, and 全部删除: asked once, naming what goes; a stray tap or word deletes nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation.decide import decide, stranger
from bot.domain.model import Dossier, Preferences
from tests.harness import World, knowledge


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path)
    yield world
    await world.close()


async def stored(world: World) -> Dossier | None:
    async with world.store.transaction() as transaction:
        return await transaction.load(world.person)


async def with_a_case(world: World) -> None:
    await world.say("我是商家")
    await world.press("申请超过15天")
    await world.say("11月18日")
    await world.press("对，没错")


async def test_four_lines_name_the_channel_and_what_can_be_had(world: World) -> None:
    await world.say("隐私")
    assert world.text.splitlines() == [
        "只存你发来的字、图和日期，存在运行我的机器上。",
        "用 Telegram 时也经过 Telegram。",
        "别发密码、验证码、身份证号。",
        "发“导出”拿一份，发“全部删除”就真删；只剩“几单退成了”的数，不知是谁。",
    ]


async def test_another_channel_is_not_called_telegram(world: World) -> None:
    world.person = "web:7"
    await world.say("隐私")
    assert "Telegram" not in world.text
    await world.say("全部删除")
    assert "聊天记录" not in world.text


async def test_what_goes_is_named_and_a_press_deletes_it(world: World) -> None:
    await with_a_case(world)
    await world.say("/forget")
    assert "会删掉：1张问题单、2条提醒、写好的话、你的设置和说过的内容。" in world.text
    assert world.labels == ["不删了", "全部删除吧", "先导出一份"]
    await world.press("全部删除吧")
    assert world.text.startswith("都删了")
    assert await stored(world) is None
    await world.say("/cases")
    assert world.text.startswith("还没有问题单")


async def test_the_exact_words_a_second_time_delete_too(world: World) -> None:
    await with_a_case(world)
    await world.say("全部删除")
    assert await stored(world) is not None
    await world.say("全部删除")
    assert world.text.startswith("都删了")
    assert await stored(world) is None


@pytest.mark.parametrize("typed", ["清空", "对", "好的", "怎么全部删除", "/forget", "1", "算了", "不删了", "草莓烂了"])
async def test_nothing_else_deletes(world: World, typed: str) -> None:
    await with_a_case(world)
    await world.say("全部删除")
    await world.say(typed)
    assert not world.text.startswith("都删了")
    kept = await stored(world)
    assert kept is not None
    assert [case.number for case in kept.cases] == [1]


async def test_an_old_button_deletes_nothing(world: World) -> None:
    await with_a_case(world)
    asked = await world.say("全部删除")
    old = world.button("全部删除吧", asked)
    await world.press("不删了")
    assert world.text.startswith("好，什么都没删。")
    await world.press_data(old.press, asked)
    assert await stored(world) is not None
    await world.say("/forget")
    await world.press_data(old.press, asked)
    assert await stored(world) is not None


async def test_a_forged_press_does_not_pretend_that_everything_is_gone(world: World) -> None:
    await with_a_case(world)
    await world.press_data("s1.forgotten")
    assert not world.text.startswith("都删了")


async def test_the_button_of_the_last_message_starts_anew(world: World) -> None:
    await world.say("全部删除")
    await world.press("全部删除吧")
    await world.press("说说新问题")
    assert world.text.startswith("哪里不对？")
    assert await stored(world) is not None


async def test_export_first_then_delete(world: World) -> None:
    await with_a_case(world)
    await world.say("全部删除")
    await world.press("先导出一份")
    assert world.text.startswith("导出会打成一个 ZIP")
    assert world.labels == ["全部打包", "只要这一单", "回首页"]


def test_the_decision_tells_the_store_to_forget() -> None:
    world = World(Path("unused"))
    dossier = stranger(world.person, world.now, Preferences())
    for text in ("全部删除", "全部删除"):
        decision = decide(knowledge(), dossier, world.incoming("text", text=text), world.now)
        dossier = decision.dossier
    assert decision.forget
