"""What a start makes up for, beside everything else and never in its way.

Both are done again at the next start if the process ends in between, and both are safe to do twice.
"""

from collections.abc import Awaitable, Callable
from datetime import date

from bot.domain.rules import RuleBook
from bot.ports import Files, Store

RULES = "rules"
"""The matter of ``Store.in_step``: rule id -> version of which everybody was told, or is to be reminded."""


async def tell_of_changed_rules(
    store: Store, rules: RuleBook, today: date, refresh: Callable[[str], Awaitable[None]]
) -> None:
    """``refresh`` everybody who was told a rule that reads differently now, so that they are reminded of it. Whoever
    opens or changes a case afterwards is in step by that."""
    versions = {rule_id: found.version for rule_id in rules.ids() if (found := rules.find(rule_id, today))}
    known = await store.in_step(RULES) or {}
    changed = {rule_id: version for rule_id, version in versions.items() if known.get(rule_id) != version}
    if not changed:
        return
    after = ""
    while people := await store.persons_told_otherwise(changed, after):
        for person in people:
            await refresh(person)
        after = people[-1]
    await store.note_in_step(RULES, versions)


async def remove_unnamed(store: Store, files: Files) -> None:
    """Contents that nobody names leave the disk: what a crash between keeping a file and the commit left there. What
    is being kept meanwhile is left alone (see ``Files.remove``)."""
    for shard in await files.shards():
        unnamed = await files.unnamed(await store.named_files(shard), shard)
        if unnamed:
            await files.remove(unnamed)
