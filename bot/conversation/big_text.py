"""大字模式, in one place for every screen: three choices at most, numbered and paged; one idea a line, with air
between; no emoji; what is long comes in several messages. A text to copy stays whole, with its buttons beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from bot.catalog.texts import Texts
from bot.conversation.numbering import MARKS, own_list, plain, pressable, takes_number
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View

MOST = 3
"""Buttons of one message."""
PER_PAGE = MOST - 1
"""Choices of a page, beside the one that leads to the next."""
LABEL = 8
"""Characters of a button's label."""
WIDTH = 16
"""Characters that a phone set to large letters shows in one line (an estimate)."""
ROWS, ROWS_LAST = 10, 16
"""Lines of such a phone that one message takes; the one with the choices may take more."""
PAGER = "choices"
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff\ufe0f\u200d\u20e3]+ ?")
_TAG = re.compile(r"(<[^>]+>)")
_OPENING, _CLOSING = "“「『（(《", "”」』）)》"
_MARK = re.compile(f"([{MARKS}]) ?")


@dataclass(frozen=True, slots=True)
class Arranged:
    """A place in 大字模式: messages without choices, then the one with them."""

    before: Sequence[View]
    last: View
    options: Sequence[Option]
    """Every choice of the place on whatever page, as it is called now; the pages among them."""
    numbers: Sequence[str]
    """The actions of ①, ②, ③."""


def arrange(turn: Turn, view: View, note: Markup | None) -> Arranged:
    """The place as it is shown on ``turn.session.page``."""
    t, place = turn.t, turn.session.place.partition(":")[0]
    options, copies = pressable(view), [option for row in view.rows for option in row if option.copy]
    listed = own_list(place, view.text, options)
    moved = bool(listed) and listed is not None and len(listed) == len(_marks(view.text))
    told = _told(view.text, listed) if moved and listed else {}
    blocks = [*_blocks(t, note or Markup()), *_blocks(t, view.text, without_lists=moved)]
    messages, tail = _messages(t, blocks, copies)
    shown, pager, hidden = _page(turn, options)
    named = [_renamed(option, mark) for mark, option in zip(MARKS, shown, strict=False)]
    said = [told.get(options.index(each), "") for each in shown]
    lines = [_line(t, mark, each, known) for mark, each, known in zip(MARKS, named, said, strict=False)]
    lines += [t("big_text.line", mark=MARKS[len(named)], label=each.label) for each in pager]
    choices = [*named, *pager]
    if not choices:
        *before, last = [*messages, *_bare(tail)]
        return Arranged(before, replace(last, kept=view.kept, file=view.file), (), ())
    asked = takes_number(turn.session.place, (option.action for option in options))
    head = t("big_text.choose_free" if asked else "big_text.choose")
    apart = bool(copies) or (view.kept and bool(pager)) or _rows([*tail, head, *lines]) > ROWS_LAST
    if apart:
        messages, tail = [*messages, *_bare(tail)], []
    last = View(_aired([*tail, head, *lines]), [[each] for each in choices], view.kept and not apart, view.file)
    rest = [option for option in options if option not in shown]
    actions = [each.action for each in choices]
    return Arranged([] if turn.paging else messages, last, [*choices, *rest, *hidden], actions)


def beside(t: Texts, view: View) -> list[View]:
    """A message that is sent before the place."""
    copies = [option for row in view.rows for option in row if option.copy]
    messages, tail = _messages(t, _blocks(t, view.text), copies)
    messages += _bare(tail)
    messages[-1] = replace(messages[-1], file=view.file)
    return messages


def reminder(t: Texts, view: View, more: Option) -> View:
    """One message with at most three buttons: the step, the words, and the way to the others."""
    options = pressable(view)
    shown = options if len(options) <= MOST else [*options[:PER_PAGE], more]
    lines = [t("big_text.line", mark=mark, label=each.label) for mark, each in zip(MARKS, shown, strict=False)]
    text = _aired([*(block.text for block in _blocks(t, view.text)), t("big_text.choose"), *lines])
    return View(text, [[each] for each in shown], view.kept, view.file)


# --- choices ---------------------------------------------------------------------------------------------------------


def _page(turn: Turn, options: Sequence[Option]) -> tuple[list[Option], list[Option], list[Option]]:
    """The options of the present page, the button to another page, and pages that only typed words reach."""
    if len(options) <= MOST:
        return list(options), [], []
    t, session = turn.t, turn.session
    pages = -(-len(options) // PER_PAGE)
    session.page = page = max(0, min(session.page, pages - 1))
    shown = list(options[page * PER_PAGE : (page + 1) * PER_PAGE])
    if page + 1 < pages:
        back = [Option(t.plain("big_text.previous"), f"{PAGER}:{page - 1}")] if page else []
        return shown, [Option(t.plain("big_text.more"), f"{PAGER}:{page + 1}")], back
    label = t.plain("big_text.previous" if pages == 2 else "big_text.first")
    return shown, [Option(label, f"{PAGER}:0")], []


def _renamed(option: Option, mark: str) -> Option:
    """①有了 on the second page is the choice that is marked there."""
    label = _MARK.sub(mark, option.label)
    return replace(option, label=label if len(label) <= LABEL else label[: LABEL - 1] + "…")


def _line(t: Texts, mark: str, option: Option, told: str) -> Markup:
    label = _MARK.sub("", option.label)
    if not told or told == label:
        return t("big_text.line", mark=mark, label=label)
    if not label or label in told:
        return t("big_text.line", mark=mark, label=told)
    return t("big_text.line_told", mark=mark, label=label, told=told)


def _told(text: Markup, listed: dict[int, int]) -> dict[int, str]:
    """Index of an option -> what the text's own list says of it."""
    found: dict[int, str] = {}
    for line in _lines(text):
        for piece in _pieces(line):
            said = _EMOJI.sub("", plain(piece)).strip()
            if said[:1] in MARKS and said and MARKS.index(said[0]) + 1 in listed:
                found[listed[MARKS.index(said[0]) + 1]] = said[1:].strip()
    return found


def _marks(text: Markup) -> set[str]:
    return set(_MARK.findall(str(text)))


# --- text ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    text: Markup
    whole: bool = False
    """To be copied: nothing in it is changed."""


def _blocks(t: Texts, text: Markup, *, without_lists: bool = False) -> list[_Block]:
    found: list[_Block] = []
    for line in _lines(text):
        if "<pre" in line:
            found.append(_Block(Markup(line), True))  # noqa: S704 - a part of what was markup
            continue
        for piece in _pieces(line):
            bare = _EMOJI.sub("", piece).strip()
            if not bare or (without_lists and bare[0] in MARKS):
                continue
            found.append(_Block(Markup(_ordinal(t, bare))))  # noqa: S704 - a part of what was markup
    return found


def _ordinal(t: Texts, text: str) -> str:
    """The marks ①②③ belong to the choices here: what is no choice is counted in words."""
    words = t.plain("big_text.ordinals").split()
    if text[0] in MARKS:
        return t.plain("big_text.ordinal", ordinal=words[MARKS.index(text[0])], text=text[1:].strip())
    return _MARK.sub(lambda found: words[MARKS.index(found[1])], text)


def _lines(text: str) -> list[str]:
    """Lines, but never cut inside of a tag."""
    lines, depth = [""], 0
    for part in _TAG.split(str(text)):
        if part.startswith("<"):
            depth += -1 if part.startswith("</") else 1
            lines[-1] += part
            continue
        first, *others = part.split("\n") if depth == 0 else [part]
        lines[-1] += first
        lines += others
    return [line for line in lines if line.strip()]


def _pieces(line: str) -> list[str]:
    """A line cut after every sentence and before every ①, outside of tags, quotes and brackets."""
    pieces, tags, quotes = [""], 0, 0
    for part in _TAG.split(line):
        if part.startswith("<"):
            tags += -1 if part.startswith("</") else 1
            pieces[-1] += part
            continue
        for sign in part:
            if sign in MARKS and tags == quotes == 0:
                pieces.append("")
            pieces[-1] += sign
            quotes = max(0, quotes + (sign in _OPENING) - (sign in _CLOSING))
            if sign == "。" and tags == quotes == 0:
                pieces.append("")
    return [piece for piece in pieces if piece.strip()]


def _messages(t: Texts, blocks: Sequence[_Block], copies: Sequence[Option]) -> tuple[list[View], list[Markup]]:
    """Messages of a few lines each, every text to copy with its own buttons; and what is left for the last one."""
    messages: list[View] = []
    now: list[Markup] = []
    waiting = list(copies)
    texts = [block for block in blocks if block.whole]
    for block in blocks:
        if now and _rows([*now, block.text]) > ROWS:
            kept = now[-1:] if block.whole else []
            messages += _bare(now[: len(now) - len(kept)])
            now = kept
        now.append(block.text)
        if block.whole:
            said = plain(block.text)
            # The last text takes what belongs to none.
            own = waiting if block is texts[-1] else [each for each in waiting if _in(each.copy, said)]
            waiting = [each for each in waiting if each not in own]
            messages += _with_copies(t, now, own)
            now = []
    if waiting:
        messages += _with_copies(t, now, waiting)
        now = []
    return messages, now


def _with_copies(t: Texts, texts: Sequence[Markup], copies: Sequence[Option]) -> list[View]:
    words = t.plain("big_text.ordinals").split()
    named = [
        replace(each, label=_MARK.sub(lambda found: t.plain("big_text.copy_part", ordinal=words[MARKS.index(found[1])]),
                                      each.label))
        for each in copies
    ]  # fmt: skip
    views = []
    for start in range(0, max(1, len(named)), MOST):
        text = _aired(texts) if start == 0 and texts else t("big_text.copies")
        views.append(View(text, [[each] for each in named[start : start + MOST]], kept=True))
    return views


def _in(part: str, whole: str) -> bool:
    return "".join(part.split()) in "".join(whole.split())


def _bare(texts: Sequence[Markup]) -> list[View]:
    return [View(_aired(texts), kept=True)] if texts else []


def _aired(texts: Sequence[Markup]) -> Markup:
    return Markup("\n\n").join(escape(text) for text in texts)


def _rows(texts: Sequence[Markup]) -> int:
    lines = [line for text in texts for line in plain(text).splitlines() or [""]]
    return sum(max(1, -(-len(line) // WIDTH)) for line in lines)
