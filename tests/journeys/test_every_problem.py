"""Every problem of the catalog has a journey of its own, told from its first word to its last rung."""

from inspect import getsource

import pytest

from bot.catalog.problems import Problem
from tests.harness import World, knowledge
from tests.journeys import (
    test_problems_broken,
    test_problems_delivery,
    test_problems_goods,
    test_problems_merchant,
    test_problems_money,
    test_problems_refund,
    test_problems_return,
    test_problems_sending,
)
from tests.journeys.steps import Teller

TOLD = (
    test_problems_sending,
    test_problems_delivery,
    test_problems_broken,
    test_problems_goods,
    test_problems_refund,
    test_problems_return,
    test_problems_money,
    test_problems_merchant,
)
BUYERS = [problem.id for problem in knowledge().catalog.problems.values() if problem.side == "buyer"]


def story(problem_id: str) -> str:
    """The journeys of one problem, as they are written."""
    found = [
        getsource(test)
        for module in TOLD
        for name, test in vars(module).items()
        if name == f"test_{problem_id}" or name.startswith(f"test_{problem_id}_")
    ]
    return "\n".join(found)


def test_no_problem_is_without_its_journey() -> None:
    assert [problem for problem in knowledge().catalog.problems if not story(problem)] == []


def test_every_journey_checks_what_is_special_of_its_problem() -> None:
    told = {problem.id: untold(problem, story(problem.id)) for problem in knowledge().catalog.problems.values()}
    assert {problem: gaps for problem, gaps in told.items() if gaps} == {}


def untold(problem: Problem, told: str) -> list[str]:
    """What of name, icon, warning, evidence, headline, reasons, service button, ladder, closing line is not checked."""
    catalog = knowledge().catalog
    wanted = [f": {problem.icon} 问题单1 · ", problem.warning]
    wanted += [part for part in problem.headline.split("{goods}") if part]
    if problem.side == "buyer":
        wanted += [f"点「{problem.service.button}」", f"{catalog.advice[problem.closing].closing}。"]
        own_reasons = not problem.app.reasons[0].startswith("和上次")
        wanted += [f"{'、'.join(problem.app.reasons)}"] if own_reasons and problem.id != "window_closed" else []
    gaps = [each for each in wanted if each not in told]
    if not any(each.name in told for each in problem.evidence):
        gaps.append("evidence")
    return gaps


@pytest.mark.parametrize("world", [World], ids=["engine"], indirect=True)
@pytest.mark.parametrize("problem_id", BUYERS)
async def test_every_ladder_can_be_climbed_to_its_last_rung(world: World, problem_id: str) -> None:
    """The platform said no: every rung has its screen, and the last one its walk and its date."""
    problem, teller = knowledge().catalog.problems[problem_id], Teller(world)
    await decided_against(teller, problem_id)
    for rung_id in problem.ladder:
        rung = knowledge().catalog.rungs[rung_id]
        await open_rung(teller, rung.name[:8])
        assert world.text.startswith(f"{rung.name}：")
        assert f"{rung.what}。" in world.text
        assert f"{rung.either}。" in world.text
        assert f"为什么排在这里？{rung.before}。" in world.text
        assert "0年" not in world.text
    await teller.line("[教我怎么走] [找到了，下一步]… [已经交了] [刚刚]")
    assert f"{problem.icon} 问题单1" in world.text
    assert "站外处理（等回复）" in world.text
    await teller.line("钱到了")
    assert "✅ 已退款" in world.text


async def decided_against(teller: Teller, problem_id: str) -> None:
    """As quickly as the buttons lead there."""
    world = teller.world
    await teller.line(f"/start new_{problem_id}")
    while "问/共" in world.text or "说不清" in world.labels or "我读到" in world.text:
        wanted = next((each for each in ("说不清", "平台处理中", "已经签收") if each in world.labels), world.labels[0])
        await teller.line(f"[{wanted}]")
    if "平台有结果了" not in world.labels:
        await teller.line("平台已经介入了")
        await teller.line("[刚刚]")
    await teller.line("[平台有结果了] [平台没支持] [刚刚]")
    assert "平台没支持（轮到你）" in world.text


async def open_rung(teller: Teller, label: str) -> None:
    await teller.line("[后续流程]" if "后续流程" in teller.world.labels else "[返回]")
    pages = 3
    while label not in teller.world.labels and pages:
        pages -= 1
        await teller.line("[看其他几步]")
    await teller.line(f"[{label}]")
