"""What is kept and where, 导出, and 全部删除: asked once, naming what goes, then gone."""

from collections.abc import Callable

from bot.conversation.places.home import kept_cases
from bot.conversation.turn import Turn
from bot.conversation.understand.words import meaning
from bot.conversation.view import Option, View, lines, pairs

_AHEAD = ("planned", "sending", "unreachable", "missed")
"""Reminders that would still have come."""


def privacy(turn: Turn) -> View:
    """Four lines; the channel that the words pass through is named."""
    t, channel = turn.t, turn.person.id.partition(":")[0]
    through = f"privacy.through.{channel}"
    text = lines(t("privacy.kept"), t(through) if t.has(through) else "", t("privacy.never"), t("privacy.yours"))
    options = [
        Option(t.plain("privacy.export"), "export"),
        Option(t.plain("privacy.forget"), "forget"),
        Option(t.plain("nav.home"), "home", words=("@back", "@stop")),
    ]
    return View(text, pairs(options))


def forget(turn: Turn) -> View:
    """要全部删除吗？ with what would go. 不删了 comes first, so that a stray 1 deletes nothing."""
    t = turn.t
    numbers = kept_cases(turn)
    reminders = [row for row in turn.reminders if row.state in _AHEAD]
    parts = [t.plain("forget.cases", count=len(numbers))] if numbers else []
    parts += [t.plain("forget.reminders", count=len(reminders))] if reminders else []
    # Words that were handed out are stored but not loaded, so they are named without a number.
    parts += [t.plain("forget.words")] if turn.cases else []
    parts.append(t.plain("forget.rest"))
    through = f"forget.through.{turn.person.id.partition(':')[0]}"
    text = lines(
        t("forget.ask"),
        t("forget.goes", what=t.plain("format.list").join(parts)),
        t("forget.final"),
        t(through) if t.has(through) else "",
    )
    options = [
        Option(t.plain("forget.no"), "keep_all", words=("@no", "@back", "@stop")),
        Option(t.plain("forget.yes"), "forget_all"),
        Option(t.plain("forget.export_first"), "export"),
    ]
    return View(text, pairs(options))


def forgotten(turn: Turn) -> View | None:
    """The last message; nothing of the person is known any more when it arrives."""
    if not turn.forgotten:
        return None
    t = turn.t
    return View(t("forget.done"), [[Option(t.plain("home.new"), "what")]], kept=True)


def _forget_all(turn: Turn) -> None:
    turn.forgotten = True
    turn.fresh = True
    turn.go("forgotten")


def _keep_all(turn: Turn) -> None:
    turn.note = turn.t("forget.kept")
    turn.go("home")


def _type_forget(turn: Turn, text: str) -> bool:
    """全部删除, word for word, while it is being asked."""
    if text.strip() == turn.t.plain("forget.word"):
        _forget_all(turn)
        return True
    if meaning(text, turn.knowledge.lexicon) in ("forget", "yes"):
        turn.note = turn.t("forget.again")
        return True
    return False


PLACES: dict[str, Callable[..., View | None]] = {
    "privacy": privacy,
    "forget": forget,
    "forgotten": forgotten,
}
ACTS: dict[str, Callable[..., None]] = {"forget_all": _forget_all, "keep_all": _keep_all}
TYPED: dict[str, Callable[..., bool]] = {"forget": _type_forget}
