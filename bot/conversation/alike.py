"""本机同类: how cases of the same problem ended in this database. Counts only, and none below ten."""

from collections import Counter
from collections.abc import Mapping

from markupsafe import Markup

from bot.conversation.turn import Turn
from bot.domain.facts import State
from bot.domain.history import fold

FEWEST = 10
"""Below this many ended cases nothing is said: a single one could be recognised, and it would prove nothing."""
ORDER = ("refunded", "refunded_partly", "settled", "gave_up", "unknown")


def closings(turn: Turn) -> Mapping[tuple[str, str], int]:
    """(problem, outcome) -> how many cases more (or fewer) have ended so by this turn."""
    changes: Counter[tuple[str, str]] = Counter()
    for case in turn.cases.values():
        found = turn.found.get(case.id)
        if found is not case:
            changes[_ending(turn.state(case))] += 1
            if found is not None and not found.open:
                changes[_ending(fold(found))] -= 1
    return {ending: by for ending, by in changes.items() if by and ending[1]}


def _ending(state: State) -> tuple[str, str]:
    if state.open or state.facts.get("loose"):
        return "", ""
    return state.problem, state.outcome or "unknown"


def alike(turn: Turn, problem: str) -> Markup | str:
    """本机同类：12单里9单全额退款. What this very turn closed is counted."""
    now = closings(turn)
    counts = {outcome: turn.knowledge.outcomes.get((problem, outcome), 0) + now.get((problem, outcome), 0)
              for outcome in ORDER}  # fmt: skip
    total = sum(counts.values())
    if total < FEWEST:
        return ""
    told = [turn.t.plain(f"alike.{outcome}", count=count) for outcome, count in counts.items() if count > 0]
    return turn.t("alike.text", total=total, told=turn.t.plain("alike.between").join(told))
