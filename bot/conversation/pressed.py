"""A pressed button: does it belong to the present screen, and what does it do.

Data of a button: ``s<revision>.<action>`` on a screen that may be edited, ``k<revision>.<action>`` on one that is kept
(words, results), ``r<row>.<verb>`` on a reminder, ``j<job>.stop`` on work that goes on, ``e.<verb>`` on a
warning of what will be deleted. An action is acted upon only
if the present screen offers it; an old one that merely leads to a place is followed; any other changes nothing and the
present screen is drawn.
"""

from inspect import signature

from bot.conversation import notices, retention
from bot.conversation.places import ACTS, PLACES
from bot.conversation.session import Session
from bot.conversation.turn import Turn
from bot.messages import Incoming


def prefix(session: Session) -> str:
    """What stands before every action of the present screen."""
    return f"{'k' if session.kept else 's'}{session.revision:x}."


def editable(data: str) -> bool:
    """Whether the message of that button may be edited."""
    return data.startswith(("s", "j"))


def handle(turn: Turn, incoming: Incoming) -> None:
    """Act upon a press, or say that it is an old one."""
    head, _, action = incoming.press.partition(".")
    if head.startswith("r") and _is_row(head[1:]):
        notices.pressed(turn, int(head[1:]), action)
        return
    if head == "e":
        retention.pressed(turn, action)
        return
    if head.startswith("j") and _is_row(head[1:]):
        called_off = turn.drop_job(int(head[1:]))
        turn.toast = turn.t.plain("work.called_off" if called_off else "work.over")
        return
    offered = any(choice[1] == action for choice in turn.session.choices)
    if incoming.press == prefix(turn.session) + action and offered:
        run(turn, action)
        return
    if head[:1] in ("s", "k") and _is_place(action):
        turn.go(action)
        return
    turn.toast = turn.t.plain("stale.toast")


def _is_row(number: str) -> bool:
    """Whether it can be the number of a row; ² counts as a digit too, and is none that can be read."""
    return number.isascii() and number.isdecimal()


def _is_place(action: str) -> bool:
    """Whether it names a place, with as many arguments as that takes: an old or forged button may say anything."""
    name, *args = action.split(":")
    place = PLACES.get(name)
    if place is None:
        return False
    try:
        signature(place).bind(None, *args)
    except TypeError:
        return False
    return True


def run(turn: Turn, action: str) -> None:
    """Do what an option says: lead to a place, or act."""
    name, *args = action.split(":")
    if name in PLACES:
        turn.go(action)
    else:
        ACTS[name](turn, *args)
