"""A case keeps the rules that it was told, and is told of a change."""

from dataclasses import replace
from datetime import date

from bot.conversation.turn import Knowledge
from bot.domain.rules import Rule, RuleBook, Span
from tests.harness import World, knowledge
from tests.journeys.test_stale_buttons import rejected

RULE = "timer.after_reject"


def with_shorter_estimate() -> Knowledge:
    """The shipped content, but from 23 November on a rejection is estimated to leave 24 hours instead of 48."""
    book = knowledge().catalog.rules
    rules: list[Rule] = []
    for rule_id in book.ids():
        for rule in book.versions(rule_id):
            if rule.id == RULE:
                rules.append(replace(rule, effective_until=date(2026, 11, 22)))
                rules.append(replace(rule, effective_from=date(2026, 11, 23), span=Span(24, "hours")))
            else:
                rules.append(rule)
    return replace(knowledge(), catalog=replace(knowledge().catalog, rules=RuleBook(rules)))


async def test_the_old_figure_stays_until_the_person_takes_the_new_one(world: World) -> None:
    await world.restart(with_shorter_estimate())
    await rejected(world)
    assert "11月23日 周一 15:00" in world.text
    await world.later(hours=15)
    await world.say("/next")
    assert "有一条规则变了" in world.text
    assert "11月23日 周一 15:00" in world.text
    await world.press("按新规则算")
    assert "有一条规则变了" not in world.text
    assert "11月22日 周日 15:00" in world.text


async def test_whoever_does_not_look_is_told(world: World) -> None:
    await world.restart(with_shorter_estimate())
    await rejected(world)
    await world.later(hours=15)
    rules = world.knowledge.catalog.rules
    versions = {rule_id: found.version for rule_id in rules.ids() if (found := rules.find(rule_id, date(2026, 11, 23)))}
    assert await world.store.persons_told_otherwise(versions) == [world.person]
    await world.engine.refresh(world.person)
    came = await world.later(hours=7, minutes=1)
    assert any("有一条规则变了" in each.text for each in came)
    await world.engine.refresh(world.person)
    assert not any("有一条规则变了" in each.text for each in await world.later(hours=2))
