"""A view becomes a screen: its options become buttons that know which drawing they belong to."""

from bot.conversation.view import View
from bot.messages import Choice, Screen


def screen(view: View, prefix: str) -> Screen:
    """``prefix`` is put before every action (revision and whether the message may be edited)."""
    rows = tuple(
        tuple(
            Choice(option.label, copy=option.copy)
            if option.copy
            else Choice(option.label, press=prefix + option.action)
            for option in row
        )
        for row in view.rows
        if row
    )
    return Screen(view.text, rows)
