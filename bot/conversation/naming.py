"""What a case is called and how it is said in one line."""

from bot.conversation import formats
from bot.conversation.turn import Turn
from bot.domain.facts import State
from bot.domain.machine import TURN
from bot.domain.model import Case
from bot.domain.schedule import Deadline


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


def event_words(turn: Turn, state: State, event: str) -> str:
    """What is reported, from the side of whose case it is."""
    own = f"event_merchant.{event}"
    merchant = state.text("side") == "merchant" and turn.t.has(own)
    return turn.t.plain(own if merchant else f"event.{event}")


def effect(turn: Turn, state: State, deadline: Deadline) -> str:
    """What silence leads to; a merchant is spoken to, not about."""
    own = f"card.effect_merchant.{deadline.rule.replace('.', '_')}"
    if state.text("side") == "merchant" and turn.t.has(own):
        return turn.t.plain(own)
    return deadline.effect or turn.t.plain(f"card.effect.{'own' if deadline.own else 'theirs'}")


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
            if state.stage == "platform" and main.source != "app" and main.over(turn.now):
                left = turn.t.plain("name.ask_progress")
            status = turn.t.plain("home.status_left", status=status, left=left)
    return turn.t.plain(
        "home.line", icon=turn.problem(case).icon, number=case.number, name=name(turn, case), status=status
    )
