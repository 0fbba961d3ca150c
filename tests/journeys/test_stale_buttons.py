"""Old, doubled, forged and re-delivered presses change nothing and draw the present screen."""

import asyncio

from bot.messages import Incoming
from tests.harness import World


async def rejected(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.say("昨天下午三点")
    await world.press("对，没错")


async def entries(world: World) -> int:
    return len((await world.case()).entries)


async def test_a_double_tap_counts_once_and_the_new_screen_still_works(world: World) -> None:
    await rejected(world)
    await world.press("已经介入了")
    asked = world.last
    await world.press("刚刚")
    before = await entries(world)
    old = asked.buttons[0].press
    await world.press_data(old, asked)
    assert await entries(world) == before
    assert world.chat.toasts[-1] == "这个按钮是旧的，已换成现在的。"
    assert "平台处理中" in asked.text
    await world.press("发给客服的话")
    assert await entries(world) >= before


async def test_two_taps_at_once_do_not_interleave(world: World) -> None:
    await rejected(world)
    await world.press("已经介入了")
    data = world.button("刚刚").press
    before = await entries(world)
    first, second = (world.incoming("press", press=data) for _ in range(2))
    await asyncio.gather(world.handle(first), world.handle(second))
    assert await entries(world) == before + 1


async def test_a_redelivered_update_counts_once(world: World) -> None:
    await rejected(world)
    await world.press("已经介入了")
    incoming = world.incoming("press", press=world.button("刚刚").press)
    answer = await world.handle(incoming)
    before = await entries(world)
    again = await world.handle(incoming)
    assert await entries(world) == before
    assert again.replies[-1].screen == answer.replies[-1].screen


async def test_an_old_button_that_only_leads_somewhere_is_followed(world: World) -> None:
    await rejected(world)
    card = world.last
    more = world.button("更多", card).press
    await world.say("/new")
    await world.press_data(more, card)
    assert "这张问题单的其他事" in card.text


async def test_forged_presses_do_nothing(world: World) -> None:
    await rejected(world)
    before = await entries(world)
    revision = world.last.buttons[0].press.split(".")[0]
    for data in (
        "",
        "x",
        "s.",
        f"{revision}.did:1:refunded",
        f"{revision}.did:9:rejected",
        "r1.done",
        "r99999.stop",
        f"{revision}.forget_all",
        "s0.card:77",
        "sffff.walk:nothing:99:1",
        f"{revision}.card:1:1:1:1",
        "k1." + "长" * 20,
    ):
        await world.press_data(data, world.last)
        assert await entries(world) == before, data
        assert world.labels, data


async def test_another_persons_button_shows_nothing_of_theirs(world: World) -> None:
    await rejected(world)
    data = world.button("已经介入了").press
    answer = await world.handle(Incoming("telegram:x1", "telegram:43", world.now, "press", press=data))
    assert "草莓" not in str(answer.replies[-1].screen.text).replace("比如：草莓", "")


async def test_the_state_survives_a_death_between_any_two_updates(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.restart()
    await world.press("对，没错")
    await world.restart()
    await world.say("昨天下午三点")
    await world.restart()
    await world.press("对，没错")
    await world.restart()
    assert "商家已拒绝（轮到你）" in world.text
    await world.press("更多")
    assert "这张问题单的其他事" in world.text
