"""我是商家: a merchant's own case."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation.decide import stranger
from bot.conversation.places import ACTS
from bot.conversation.turn import Turn
from bot.domain.facts import State
from bot.domain.history import fold
from bot.domain.model import Preferences
from tests.harness import World, knowledge


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path)
    yield world
    await world.close()


async def state(world: World, number: int = 1) -> State:
    return fold(await world.case(number))


async def test_the_menu_says_four_things(world: World) -> None:
    await world.say("我是商家")
    assert world.labels == ["申请超过15天", "平台已介入", "先和买家谈", "少被介入", "返回"]


async def test_fifteen_days_are_counted_and_reminded(world: World) -> None:
    await world.say("我是商家")
    await world.press("申请超过15天")
    assert "可能已变" in world.text or "以 App 显示为准" in world.text
    assert "买家第一次申请退款是哪天？" in world.text
    await world.restart()
    await world.say("11月19日 16:04")
    await world.press("对，没错")
    assert "满15天是 12月4日 周五 16:04，还剩 12天6小时。" in world.text
    assert "你也可以请平台介入（可能已变）。" in world.text
    assert "到那天我提醒你。" in world.text
    assert world.labels[0] == "先和买家谈"
    case = await state(world)
    assert (case.text("side"), case.problem, case.stage) == ("merchant", "merchant", "waiting_merchant")
    assert await world.later(days=12) == []
    came = await world.later(hours=8)
    assert [each.text.splitlines()[1] for each in came] == [
        "买家首次申请满15天了：今天 12月4日 周五 16:04。还待你处理的，你也可以请平台介入（可能已变）。"
    ]


async def test_after_fifteen_days_the_platform_comes_first(world: World) -> None:
    await world.say("我是商家")
    await world.press("申请超过15天")
    await world.say("11月3日")
    await world.press("对，没错")
    assert "满15天是 11月18日 周三 24:00（当天夜里12点），已经过了。" in world.text
    assert world.labels[0] == "教我怎么点"
    await world.press("教我怎么点")
    assert "第1步/共5步" in world.text


async def test_the_first_date_can_be_left_out_and_changed(world: World) -> None:
    await world.say("我是商家")
    await world.press("申请超过15天")
    await world.press("记不清了")
    assert "没有日期，我算不出哪天满15天。" in world.text
    await world.press("改首次申请日")
    await world.say("随便写写")
    assert "我没看懂“随便写写”。写成这样：11月3日" in world.text
    await world.say("11月18日")
    await world.press("对，没错")
    assert "买家首次申请：11月18日 周三。" in world.text


async def test_proof_is_owed_by_the_countdown_and_reminded_early(world: World) -> None:
    await world.say("我是商家")
    await world.press("平台已介入")
    assert "一般是：平台通知后，商家有48小时举证，只有一次机会，最多放3张图，以 App 显示为准。" in world.text
    await world.say("47:59:30")
    await world.press("对，没错")
    assert "（按 App 倒计时）" in world.text
    assert "不交：你不举证，平台一般退款给买家，以 App 显示为准。" in world.text
    assert (await state(world)).stage == "proof_wanted"
    came = await world.later(hours=30)
    assert "不处理：你不举证，平台一般退款给买家。" in came[0].text
    assert "挑要紧的拼成3张图" in came[0].text


async def test_without_a_countdown_the_notice_is_asked_for(world: World) -> None:
    await world.say("我是商家")
    await world.press("平台已介入")
    await world.press("没有倒计时")
    await world.say("昨天下午三点")
    await world.press("对，没错")
    assert "还剩 1天5小时，到明天 11月23日 周一 15:00（一般情况，以 App 显示为准）" in world.text


async def test_the_same_case_moves_on_when_the_platform_comes_in(world: World) -> None:
    await world.say("我是商家")
    await world.press("申请超过15天")
    await world.say("11月18日")
    await world.press("对，没错")
    await world.say("我是商家")
    await world.press("平台已介入")
    assert world.labels == ["问题单1", "另一笔", "返回"]
    await world.press("问题单1")
    await world.say("还剩20小时")
    await world.press("对，没错")
    assert len((await world.dossier()).cases) == 1
    assert (await state(world)).stage == "proof_wanted"
    await world.press("证据已补交")
    await world.say("我是商家")
    await world.press("平台已介入")
    await world.press("另一笔")
    assert len((await world.dossier()).cases) == 2


def test_first_talk_to_the_buyer_leads_to_the_words(tmp_path: Path) -> None:
    world = World(tmp_path)
    dossier = stranger(world.person, world.now, Preferences())
    turn = Turn(knowledge(), dossier, world.incoming("press"), world.now)
    ACTS["shop"](turn, "talk")
    assert turn.session.place == "words:1:merchant"
    case = turn.cases[1]
    assert (turn.state(case).text("side"), turn.state(case).ready) == ("merchant", True)


async def test_fewer_interventions_is_advice(world: World) -> None:
    await world.say("我是商家")
    await world.press("少被介入")
    await world.press("按时发货")
    assert "按延迟发货扣款（可能已变）" in world.text
