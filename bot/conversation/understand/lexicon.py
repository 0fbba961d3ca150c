"""Which words mean what: the lexicon of everything that is recognised in free text, read once and compiled.

The words themselves stand in `bot/data/lexicon/*.toml`; this module only gives them their shape. Patterns are regular
expressions over *normalised* text (see `Lexicon.normalise`), with three shorthands: `<name>` is a named phrase of the
same file's `[phrases]`, `~` is a short gap inside one clause, `≈` a longer gap that may cross commas.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.catalog import compiled
from bot.catalog.errors import CatalogError
from bot.conversation.understand.lexicon_tables import (
    FactsTable,
    GoodsTable,
    NormaliseTable,
    OrderState,
    OutcomesTable,
    ProblemsTable,
    ProblemTable,
    Stage,
    WordsTable,
    read_table,
)  # fmt: skip
from bot.conversation.understand.lexicon_tables import (
    OrderWords as OrderWords,
)

MAX_TEXT = 600
"""Characters of one message that are read; the rest of a longer one adds cost, not meaning."""

STRENGTHS: Mapping[str, float] = {
    "decisive": 16.0, "strong": 9.0, "plain": 6.0, "hint": 3.0, "weak": 1.5, "against": -6.0,
}  # fmt: skip
"""Points that one matched pattern gives to its problem. The gaps matter, not the figures."""

SHORT_GAP = r"[^,]{0,8}?"
LONG_GAP = r".{0,16}?"


@dataclass(frozen=True, slots=True)
class Clue:
    """Ways of saying one thing that speaks for (or against) a problem, and how loudly.

    The plain words among them are looked up, not searched for: a long list of words then costs nothing.
    """

    pattern: re.Pattern[str] | None
    words: frozenset[str]
    points: float
    goods: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class ProblemClues:
    """All that is known of how people describe one problem; order, stage and goods are what the problem implies."""

    problem: str
    door: bool
    order: str | None
    stage: str | None
    goods: str | None
    clues: tuple[Clue, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A meaning and the patterns that say it; the first meaning that matches wins."""

    meaning: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that is recognised in free text. Immutable; one per process."""

    simplified: Mapping[int, str]
    typos: Mapping[str, str]
    typo_pattern: re.Pattern[str]
    noise: re.Pattern[str]
    problems: tuple[ProblemClues, ...]
    clue_words: frozenset[str]
    clue_lengths: tuple[int, ...]
    ground: re.Pattern[str]
    denial: re.Pattern[str]
    rhetorical: re.Pattern[str]
    stages: tuple[Ranked, ...]
    orders: tuple[Ranked, ...]
    reasons: tuple[re.Pattern[str], ...]
    reason_end: re.Pattern[str]
    goods_lengths: tuple[int, ...]
    processed: re.Pattern[str]
    goods_groups: Mapping[str, str | None]
    words: Mapping[str, str]
    typo_words: Mapping[str, str]
    word_prefix: re.Pattern[str]
    word_suffix: re.Pattern[str]
    outcomes: tuple[Ranked, ...]
    outcome_fillers: re.Pattern[str]
    order_words: OrderWords

    def normalise(self, text: str) -> str:
        """Text as the patterns expect it: half-width, lower case, simplified, usual typos mended, swearing dropped.

        Every run of punctuation, spaces and emoji is one comma, so that a gap can stay inside one clause.
        """
        plain = unicodedata.normalize("NFKC", text[:MAX_TEXT]).lower().translate(self.simplified)
        plain = self.typo_pattern.sub(lambda found: self.typos[found.group()], plain)
        plain = self.noise.sub("", plain)
        return _BREAK.sub(",", plain).strip(",")


# A point or a slash between digits belongs to a number (39.9, 1/2) and does not end a clause.
_BREAK = compiled.pattern(r"(?:(?!(?<=\d)[./:%-](?=\d))[^\w%]|_)+")
_SYNTAX = compiled.pattern(r"[\\()\[\]{}.?*+^$|<>~≈]")
_PART = compiled.pattern(r"\\.|\[(?:\\.|[^\]])*\]|[()|]")
_PHRASE = compiled.pattern(r"(?<!\?P)<([^<>=!]+)>")


def typo_forms(word: str) -> Iterator[str]:
    """The word with one character open (`*`) or left out: what a single slip of the finger can look like."""
    for index in range(len(word)):
        yield f"{word[:index]}*{word[index + 1 :]}"


def load_lexicon(folder: Path) -> Lexicon:
    """Read and compile `bot/data/lexicon`. Raises CatalogError with every mistake, each with file and key."""
    mistakes: list[str] = []
    normalise = read_table(folder / "normalise.toml", NormaliseTable, mistakes)
    problems = read_table(folder / "problems.toml", ProblemsTable, mistakes)
    facts = read_table(folder / "facts.toml", FactsTable, mistakes)
    goods = read_table(folder / "goods.toml", GoodsTable, mistakes)
    words = read_table(folder / "words.toml", WordsTable, mistakes)
    outcomes = read_table(folder / "outcomes.toml", OutcomesTable, mistakes)
    order_text = read_table(folder / "order_text.toml", OrderWords, mistakes)
    if not (normalise and problems and facts and goods and words and outcomes and order_text):
        raise CatalogError(mistakes)

    compile_problem = _Compiler("problems.toml", problems.phrases, mistakes)
    compile_fact = _Compiler("facts.toml", problems.phrases | facts.phrases, mistakes)
    compile_outcome = _Compiler("outcomes.toml", outcomes.phrases, mistakes)
    compile_plain = _Compiler("words.toml", {}, mistakes)
    clues = tuple(_problem(name, table, compile_problem) for name, table in problems.problem.items())
    goods_groups: dict[str, str | None] = dict.fromkeys(goods.not_goods)
    goods_groups.update((name, group) for group, names in goods.groups.items() for name in names)
    clue_words = frozenset(word for each in clues for clue in each.clues for word in clue.words)
    lexicon = Lexicon(
        simplified={ord(old): new for old, new in normalise.traditional.items() if len(old) == 1},
        typos=normalise.typos,
        typo_pattern=compile_plain("typos", _any_of(normalise.typos)),
        noise=_Compiler("normalise.toml", {}, mistakes)("noise", "|".join(normalise.noise)),
        problems=clues,
        clue_words=clue_words,
        clue_lengths=tuple(sorted({len(word) for word in clue_words}, reverse=True)),
        ground=compile_problem("ground", problems.ground),
        denial=compile_problem("denial", f"(?:{problems.denial})$"),
        rhetorical=compile_problem("rhetorical", problems.rhetorical),
        stages=_ranked(facts.stage, "stage", compile_fact),
        orders=_ranked(facts.order, "order", compile_fact),
        reasons=tuple(compile_fact("reason", pattern) for pattern in facts.reason),
        reason_end=compile_fact("reason_end", facts.reason_end),
        goods_lengths=tuple(sorted({len(name) for name in goods_groups}, reverse=True)),
        processed=compile_plain("processed", _any_of(goods.processed)),
        goods_groups=goods_groups,
        words=_words(words, mistakes),
        typo_words=_typo_words(words),
        word_prefix=compile_plain("prefixes", _any_of(words.prefixes)),
        word_suffix=compile_plain("suffixes", f"(?:{_any_of(words.suffixes)})$"),
        outcomes=_ranked(outcomes.outcome, "outcome", compile_outcome),
        outcome_fillers=compile_outcome("fillers", "|".join(outcomes.fillers)),
        order_words=order_text,
    )
    mistakes.extend(
        f"normalise.toml: traditional.{character}: one character expected"
        for character in normalise.traditional
        if len(character) != 1
    )
    if mistakes:
        raise CatalogError(mistakes)
    return lexicon


def load_order_words(folder: Path) -> OrderWords:
    """Only the words of an order page, for reading pasted order text without the rest. Raises CatalogError."""
    mistakes: list[str] = []
    table = read_table(folder / "order_text.toml", OrderWords, mistakes)
    if table is None:
        raise CatalogError(mistakes)
    return table


class _Compiler:
    """Turns a pattern of one file into a regular expression; a mistake is noted, not raised."""

    def __init__(self, file: str, phrases: Mapping[str, str], mistakes: list[str]) -> None:
        self._file, self._phrases, self._mistakes = file, phrases, mistakes

    def __call__(self, key: str, pattern: str) -> re.Pattern[str]:
        try:
            return compiled.pattern(self._expand(pattern))
        except (KeyError, re.error, RecursionError) as error:
            self._mistakes.append(f"{self._file}: {key}: {pattern!r}: {error}")
            return compiled.pattern(r"(?!)")

    def _expand(self, pattern: str) -> str:
        def phrase(found: re.Match[str]) -> str:
            return f"(?:{self._expand(self._phrases[found.group(1)])})"

        return _PHRASE.sub(phrase, pattern).replace("~", SHORT_GAP).replace("≈", LONG_GAP)


def _any_of(names: Iterable[str]) -> str:
    # Longest first: the alternation then finds the longest name that starts at a place. No set: its order is another
    # one at each start, and then so is the pattern.
    return "|".join(re.escape(name) for name in sorted(dict.fromkeys(names), key=len, reverse=True))


def _problem(name: str, table: ProblemTable, compile_: _Compiler) -> ProblemClues:
    clues: list[Clue] = []
    for strength, points in STRENGTHS.items():
        key = f"problem.{name}.{strength}"
        clues += [_clue(text, key, points, None, compile_) for text in getattr(table, strength)]
        for when in table.when:
            key = f"problem.{name}.when.{strength}"
            goods = frozenset[str](when.goods)
            clues += [_clue(text, key, points, goods, compile_) for text in getattr(when, strength)]
    return ProblemClues(name, table.door, table.order, table.stage, table.goods, tuple(clues))


def _clue(text: str, key: str, points: float, goods: frozenset[str] | None, compile_: _Compiler) -> Clue:
    words: list[str] = []
    patterns: list[str] = []
    for alternative in _alternatives(text):
        (patterns if _SYNTAX.search(alternative) else words).append(alternative)
    pattern = compile_(key, "|".join(patterns)) if patterns or not words else None
    return Clue(pattern, frozenset(words), points, goods)


def _alternatives(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern that stand outside every group, those of a group that is a whole one included."""
    depth = start = groups = 0
    for part in _PART.finditer(pattern + "|"):
        match part.group():
            case "(":
                groups += depth == 0
                depth += 1
            case ")":
                depth -= 1
            case "|" if depth == 0:
                alternative = pattern[start : part.start()]
                if groups == 1 and alternative.startswith("(?:") and alternative.endswith(")"):
                    yield from _alternatives(alternative[3:-1])
                else:
                    yield alternative
                start, groups = part.end(), 0


def _ranked(table: Mapping[str, list[str]] | Mapping[Stage, list[str]] | Mapping[OrderState, list[str]],
            name: str, compile_: _Compiler) -> tuple[Ranked, ...]:  # fmt: skip
    return tuple(
        Ranked(str(meaning), tuple(compile_(f"{name}.{meaning}", pattern) for pattern in patterns))
        for meaning, patterns in table.items()
    )


def _words(table: WordsTable, mistakes: list[str]) -> dict[str, str]:
    pairs = [(name, meaning) for meaning, names in table.meaning.items() for name in names]
    words = dict(reversed(pairs))
    mistakes.extend(
        f"words.toml: meaning.{meaning}: {name!r} already means {words[name]}"
        for name, meaning in pairs
        if words[name] != meaning
    )
    return words


def _typo_words(table: WordsTable) -> dict[str, str]:
    forms: dict[str, str] = {}
    for meaning, names in table.meaning.items():
        for name in names:
            if len(name) >= 4 and name not in table.no_typo:
                forms.update(dict.fromkeys(typo_forms(name), meaning))
    return forms
