"""What the bot does, how to type, which commands there are."""

from collections.abc import Callable

from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, pairs

PAGES = ("what", "typing", "commands")


def help_page(turn: Turn, page: str = "what") -> View:
    """One of three short pages; the first says what the bot does."""
    t = turn.t
    shown = page if page in PAGES else "what"
    pages = {
        "what": Option(t.plain("more.help"), "help"),
        "typing": Option(t.plain("help.how_to_type"), "help:typing"),
        "commands": Option(t.plain("help.all_commands"), "help:commands"),
    }
    options = [Option(t.plain("home.new"), "what"), *(option for name, option in pages.items() if name != shown)]
    return View(t(f"help.{shown}"), pairs([*options, Option(t.plain("nav.home"), "home", words=("@back", "@stop"))]))


PLACES: dict[str, Callable[..., View | None]] = {"help": help_page}
