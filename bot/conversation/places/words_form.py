"""The words of a form outside the platform: one piece a field, in the form's order, each with its own copy button."""

from markupsafe import Markup

from bot.conversation.letters import Words
from bot.conversation.sayings import say_rule
from bot.conversation.turn import Turn
from bot.conversation.view import Option
from bot.domain.model import Case

MARKS = "①②③④⑤⑥⑦⑧⑨⑩"


def _fields(turn: Turn, letter: Words) -> list[tuple[str, str, str]]:
    """Mark, name and text of every piece, in the order in which the form asks for them."""
    t = turn.t
    named = [*((t.plain("words.form_facts"), each) for each in letter.facts)]
    named.append((t.plain("words.form_request"), letter.request))
    named += [(t.plain("words.form_proof"), each) for each in letter.proof]
    return [(mark, name, text) for mark, (name, text) in zip(MARKS, named, strict=False)]


def text(turn: Turn, case: Case, kind: str, letter: Words) -> list[Markup | str]:
    """The fields, and what is never among them."""
    t = turn.t
    shown: list[Markup | str] = []
    for mark, name, each in _fields(turn, letter):
        shown += [t("words.form_part", mark=mark, name=name, count=len(each)), t("words.pre", text=each)]
    if kind == "public":
        rule = turn.rules(case).rule("heimao")
        return [*shown, t("words.public_left_out"), t("words.public_mask"), say_rule(turn, rule) if rule else ""]
    return [*shown, "" if letter.proof else t("words.form_no_proof"), t("words.form_odr"), t("words.form_identity")]


def copies(turn: Turn, letter: Words) -> list[Option]:
    """One copy button per field."""
    t = turn.t
    return [Option(t.plain("words.button.copy_mark", mark=mark), copy=each) for mark, _, each in _fields(turn, letter)]
