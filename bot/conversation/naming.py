"""What a case is called and how it is said in one line."""

from bot.conversation import formats
from bot.conversation.turn import Turn
from bot.domain.facts import State
from bot.domain.machine import TURN
from bot.domain.model import Case


def name(turn: Turn, case: Case) -> str:
    """草莓坏果: the goods and what is wrong with them."""
    problem, state = turn.problem(case), turn.state(case)
    return turn.t.plain("name.with_goods", goods=state.text("goods_name") or problem.noun, short=problem.short)


def stage_words(turn: Turn, state: State) -> tuple[str, str]:
    """The stage and whose turn it is; a merchant's own case says both from the other side."""
    stage, whose = f"stage.{state.stage}", f"turn.{TURN[state.stage]}"
    if state.text("side") == "merchant":
        own_stage, own_turn = f"merchant.stage.{state.stage}", f"merchant.turn.{state.stage}"
        stage = own_stage if turn.t.has(own_stage) else stage
        whose = own_turn if turn.t.has(own_turn) else whose
    return turn.t.plain(stage), turn.t.plain(whose)


def title(turn: Turn, case: Case) -> str:
    """🍓 问题单3 · 草莓坏果"""
    number = turn.t.plain("name.case", number=case.number)
    return f"{turn.problem(case).icon} {number} · {name(turn, case)}"


def summary(turn: Turn, case: Case) -> str:
    """🍓 3 草莓坏果：轮到你，还剩 1天4小时"""
    state = turn.state(case)
    if not state.open:
        status = turn.t.plain(f"outcome.{state.outcome or 'unknown'}")
    elif not state.ready:
        status = turn.t.plain("home.unfinished")
    else:
        _, status = stage_words(turn, state)
        main = turn.schedule(case).main
        if main is not None:
            left = formats.left(turn.t, main.at, turn.now)
            status = turn.t.plain("home.status_left", status=status, left=left)
    return turn.t.plain(
        "home.line", icon=turn.problem(case).icon, number=case.number, name=name(turn, case), status=status
    )
