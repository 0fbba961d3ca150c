"""What is typed after a reminder is meant for it, unless something else was shown since."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.harness import World
from tests.journeys.test_stale_buttons import rejected


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path)
    yield world
    await world.close()


async def reminded(world: World) -> None:
    await rejected(world)
    await world.later(hours=24)
    assert world.labels == ["我做完了", "拿要发的话", "1小时后", "停止提醒"]


@pytest.mark.parametrize("typed", ["1", "①", "我做完了", "我做完了。"])
async def test_its_first_button_by_number_or_by_name(world: World, typed: str) -> None:
    await reminded(world)
    await world.say(typed)
    assert "现在怎么样了？" in world.text


async def test_a_number_that_would_change_something_is_asked_about_first(world: World) -> None:
    """Its text counts two steps, so a 4 may be meant otherwise."""
    await reminded(world)
    before = (await world.dossier()).cases
    await world.say("4")
    assert world.text == "问题单1 草莓坏果，刚才提醒的事，怎么样了？"
    assert world.labels == ["我做完了", "拿要发的话", "1小时后", "停止提醒", "回问题单"]
    assert (await world.dossier()).cases == before
    await world.say("4")
    assert "这一单的提醒停了" in world.text


async def test_its_other_buttons_by_name(world: World) -> None:
    await reminded(world)
    await world.say("停止提醒")
    assert "这一单的提醒停了" in world.text


async def test_once_something_else_was_shown_a_number_belongs_to_that(world: World) -> None:
    await reminded(world)
    await world.say("/start")
    await world.say("2")
    assert "哪里不对？写一句就行" in world.text


async def test_a_sentence_after_a_reminder_is_read_as_always(world: World) -> None:
    await reminded(world)
    await world.say("商家又拒绝了")
    assert "哪天几点的事" in world.text


async def test_two_reminders_are_told_apart_before_anything_is_done(world: World) -> None:
    await rejected(world)
    await world.say("/new")
    await rejected(world)
    came = await world.later(hours=24)
    assert len({each.text.splitlines()[0] for each in came if each.reminder}) == 2
    await world.say("我做完了")
    assert sorted(world.labels) == ["回首页", "问题单1", "问题单2"]
    await world.press("问题单1")
    await world.say("1")
    assert "问题单1 · " in world.text
    assert "现在怎么样了？" in world.text


async def test_in_big_text_it_has_three_buttons_and_their_numbers(world: World) -> None:
    await rejected(world)
    await world.say("大字")
    (came, *_) = await world.later(hours=24)
    assert came.labels == ["我做完了", "拿要发的话", "更多选择"]
    lines = [line for line in came.text.splitlines() if line]
    assert lines[0] == "介入助手 · 问题单1 草莓坏果"
    assert [line for line in lines if line.startswith("第")] == [
        "第一，打开退款页，点平台介入",
        "第二，贴上写好的话，附上证据",
    ]
    assert lines[-3:] == ["① 我做完了", "② 拿要发的话", "③ 更多选择"]
    await world.say("3")
    assert world.labels == ["1小时后", "停止提醒", "回问题单"]
    await world.say("1")
    assert "再叫你" in world.text


async def test_an_amount_that_is_being_asked_for_is_no_answer_to_a_reminder(world: World) -> None:
    await rejected(world)
    await world.press("更多")
    await world.say("只到账一部分")
    assert "到账了多少" in world.text
    await world.later(hours=24)
    await world.say("2")
    assert "到账 ¥2.00" in world.text
