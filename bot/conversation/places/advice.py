"""买前提醒: the list, and one item at a time."""

from collections.abc import Callable
from itertools import pairwise

from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs

PER_PAGE = 4


def advice(turn: Turn, page: str = "p0") -> View | None:
    """The names, four a page; pages are p0, p1 ..."""
    items = list(turn.catalog.advice.values())
    if not items:
        return None
    t, pages = turn.t, (len(items) - 1) // PER_PAGE + 1
    number = page.removeprefix("p")
    index = int(number) if number.isdecimal() and int(number) < pages else 0
    shown = items[index * PER_PAGE : (index + 1) * PER_PAGE]
    options = [Option(item.name, f"tip:{item.id}") for item in shown]
    if pages > 1:
        last = index + 1 == pages
        label = t.plain("nav.first_page" if last else "nav.next_page")
        options.append(Option(label, "advice" if last else f"advice:p{index + 1}"))
    options.append(Option(t.plain("nav.back"), "more_home", words=("@back", "@stop")))
    return View(t("advice.text", page=index + 1, pages=pages), pairs(options))


def tip(turn: Turn, item_id: str) -> View | None:
    """One item, and the way to the next."""
    item = turn.catalog.advice.get(item_id)
    if item is None:
        return None
    t, ids = turn.t, list(turn.catalog.advice)
    following = dict(pairwise(ids)).get(item_id)
    options = [Option(t.plain("advice.next"), f"tip:{following}", words=("@next",))] if following else []
    options.append(Option(t.plain("advice.all"), f"advice:p{ids.index(item_id) // PER_PAGE}", words=("@back",)))
    options.append(Option(t.plain("nav.home"), "home", words=("@stop",)))
    return View(lines(t("advice.head", name=item.name), item.text), pairs(options))


PLACES: dict[str, Callable[..., View | None]] = {"advice": advice, "tip": tip}
