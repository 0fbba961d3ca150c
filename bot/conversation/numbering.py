"""Which option a typed number names: the one whose ①②③ is shown, else the one in that place on the screen."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from html import unescape

from markupsafe import Markup

from bot.catalog.texts import Texts
from bot.conversation.letters.answers import kind_of
from bot.conversation.view import Option, View

MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
STEPS = frozenset({"help", "check", "draft", "fraud", "words", "pieces", "best"})
"""Places whose own ①②③ are things to do, to know or to send: no options."""
COUNTED = ("money", "number")
"""Kinds of facts to which a bare number is an answer."""
_ITEM = re.compile(f"([{MARKS}])\\s*([^{MARKS}\\n]*)")
_MARK = re.compile(f"[{MARKS}]")
_TAG = re.compile(r"<[^>]+>")


def plain(text: str) -> str:
    """Markup as it reads, line by line."""
    return unescape(_TAG.sub("", str(text)))


def pressable(view: View) -> list[Option]:
    """The options that lead or act, in order; what copies is not counted."""
    return [option for row in view.rows for option in row if option.action]


def takes_number(place: str, actions: Iterable[str]) -> bool:
    """Whether a bare number is the answer to what is asked (5元), not the number of an option."""
    name, *args = place.split(":")
    asked = [action.rpartition(":")[2] for action in actions if name == "need" and action.startswith("word_leave:")]
    asked += args[1:2] if name == "fix" else []
    return name == "part" or any(kind_of(fact) in COUNTED for fact in asked)


def own_list(place: str, text: Markup, options: Sequence[Option]) -> dict[int, int] | None:
    """The number of every ①②③ in the text -> the index of the option that it stands for.

    None: the text has no such list. Empty: it has one, of things that are no options.
    """
    if not _MARK.search(text):
        return None
    items = [(MARKS.index(mark) + 1, said.strip()) for mark, said in _ITEM.findall(plain(text))]
    if not items:
        return None
    found: dict[int, int] = {}
    for number, said in items:
        index = next((at for at, option in enumerate(options) if _names(option, MARKS[number - 1], said)), None)
        if index is not None:
            found.setdefault(number, index)
    in_place = all(index == number - 1 for number, index in found.items())
    if (found or place not in STEPS) and in_place and len(items) <= len(options):
        return {number: number - 1 for number, _ in items}
    return found


def numbered(place: str, view: View) -> list[str]:
    """The action for 1, 2, 3 ...; empty texts for marks that name no option; nothing at all if no mark does."""
    options = pressable(view)
    listed = own_list(place, view.text, options)
    actions = [option.action for option in options]
    if listed is None:
        return actions
    if not listed:
        return []
    if all(index == number - 1 for number, index in listed.items()):
        return actions
    return [actions[listed[number]] if number in listed else "" for number in range(1, max(listed) + 1)]


def read_number(t: Texts, text: str) -> tuple[int, bool] | None:
    """1, １, ①, 一, 选1, 第一个: which number it is, and whether it can mean nothing but a choice."""
    bare = unicodedata.normalize("NFKC", text).strip().strip("。.,、)】[] ")
    marked = bool(_MARK.fullmatch(text.strip()))
    digits = dict(zip(t.plain("number.digits").split(), range(1, 10), strict=True))
    said = bare
    for before in t.plain("number.before").split() * 2:
        said = said.removeprefix(before).strip()
    for after in t.plain("number.after").split():
        said = said.removesuffix(after).strip()
    if len(said) != 1:
        return None
    number = int(said) if said.isdecimal() else digits.get(said, 0)
    return (number, marked or said != bare) if number else None


def _names(option: Option, mark: str, said: str) -> bool:
    if mark in option.label:
        return True
    label = _MARK.sub("", option.label).strip()
    return bool(label) and not _MARK.search(option.label) and label in said
