"""How sure a rule is, said with the fixed phrase of its tag (VOICE, Certainty)."""

from markupsafe import Markup

from bot.conversation.turn import Turn
from bot.domain.rules import Rule

NOT_THE_APPS = (
    "12315",
    "12345",
    "consumer_assoc",
    "court.",
    "days.",
    "heimao",
    "law.",
    "miit.",
    "pboc.",
    "post.",
    "std.",
)
"""Beginnings of the ids of rules that the app does not show: 以 App 显示为准 would be wrong there."""
WEBSITES = ("heimao",)
"""Beginnings of the ids of rules about a place that nobody can call or go to."""


def say_rule(turn: Turn, rule: Rule) -> Markup:
    """The rule as a sentence, with what the bot may say about its certainty. A LAW rule cites its article."""
    return turn.t(f"certainty.{_phrase(rule)}", what=rule.what, law=rule.law or "")


def say_certainty(turn: Turn, rule: Rule | None) -> Markup:
    """How sure a step of a walk is; without a rule it may simply have changed. A LAW rule is said in full."""
    if rule is None:
        return turn.t("certainty.step.changed")
    if rule.certainty == "law":
        return say_rule(turn, rule)
    return turn.t(f"certainty.step.{_phrase(rule)}")


def _phrase(rule: Rule) -> str:
    if rule.id.startswith(WEBSITES) and rule.certainty == "conflicting":
        return "conflicting_website"
    if rule.id.startswith(NOT_THE_APPS) and rule.certainty in ("usual", "reported", "conflicting"):
        return f"{rule.certainty}_elsewhere"
    return rule.certainty
