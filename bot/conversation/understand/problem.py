"""From what an upset buyer types to a ranked guess of what went wrong, with the facts that the same sentence gives.

The words stand in the lexicon; here is only how clues add up. Nothing is ever guessed silently: without a clue the
list of problems is empty, and `confident` says whether the first guess stands clearly before the second.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.conversation.understand.lexicon import Clue, Lexicon, ProblemClues, Ranked

PROPOSE_FROM = 2.5
"""Points from which a best guess is worth showing."""
RUNNER_UP_FROM = 1.5
CONFIDENT_FROM = 6.0
CONFIDENT_LEAD = 3.0
DOORS_STAND_BACK_FROM = 5.0
"""Points of a problem from which a bare refusal or silence is no longer proposed beside it."""
FURTHER_CLUE = 0.25
"""Share of its points that each clue after the strongest adds: two ways of saying one thing are little new."""
MOST_GUESSES = 5


@dataclass(frozen=True, slots=True)
class Guess:
    """A problem (id as in `data/problems`) and its points; only comparable within one Recognition."""

    problem: str
    score: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """What one sentence says. Fields that it does not say are None; `evidence` is what was matched, as normalised.

    `order`, `stage` and `goods` may also be implied by a confident problem (rotten fruit has arrived).
    """

    problems: tuple[Guess, ...]
    confident: bool
    stage: str | None
    order: str | None
    goods: str | None
    goods_name: str | None
    reason: str | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Goods:
    kind: str | None
    name: str | None
    group: str


_NO_GOODS = _Goods(None, None, "none")
_KIND = {"fresh": "fresh", "virtual": "virtual"}


def recognise(text: str, lexicon: Lexicon) -> Recognition:
    """Rank the problems that the text describes, best first, and read stage, order state, goods and reason from it."""
    plain = lexicon.normalise(text)
    found_goods = _all_goods(plain, lexicon)
    goods = found_goods[0] if found_goods else _NO_GOODS
    groups = frozenset(each.group for each in found_goods) or frozenset({"none"})

    # The merchant's standing phrases (证据不足) say why he refuses, not what happened.
    said = lexicon.ground.sub(",", plain)
    spoken = _spoken(said, lexicon)
    scores: list[tuple[float, ProblemClues, tuple[str, ...]]] = []
    for problem in lexicon.problems:
        score, words = _score(problem, said, spoken, groups, lexicon)
        if score >= RUNNER_UP_FROM:
            scores.append((score, problem, words))
    if any(not problem.door and score >= DOORS_STAND_BACK_FROM for score, problem, _ in scores):
        scores = [scored for scored in scores if not scored[1].door]
    scores.sort(key=lambda scored: -scored[0])
    if not scores or scores[0][0] < PROPOSE_FROM:
        scores = []
    scores = scores[:MOST_GUESSES]
    confident = bool(scores) and scores[0][0] >= CONFIDENT_FROM and _lead(scores) >= CONFIDENT_LEAD

    stage, stage_words = _first(lexicon.stages, plain)
    order, order_words = _first(lexicon.orders, plain)
    kind = goods.kind
    if confident:
        implied = scores[0][1]
        stage = stage or implied.stage
        order = order or implied.order
        if implied.goods is not None:
            kind = implied.goods
            goods = next((each for each in found_goods if each.kind == kind), goods)
    evidence = dict.fromkeys(word for _, _, words in scores[:1] for word in words)
    evidence.update(dict.fromkeys(stage_words + order_words))
    if goods.name:
        evidence[goods.name] = None
    return Recognition(
        problems=tuple(Guess(problem.problem, round(score, 2)) for score, problem, _ in scores),
        confident=confident,
        stage=stage,
        order=order,
        goods=kind,
        goods_name=goods.name,
        reason=_reason(plain, lexicon),
        evidence=tuple(evidence),
    )


def _lead(scores: list[tuple[float, ProblemClues, tuple[str, ...]]]) -> float:
    return scores[0][0] - scores[1][0] if len(scores) > 1 else scores[0][0]


def _spoken(plain: str, lexicon: Lexicon) -> dict[str, list[int]]:
    """Every word of the clues that the text holds, and where; words may lie over each other."""
    spoken: dict[str, list[int]] = {}
    for start in range(len(plain)):
        for length in lexicon.clue_lengths:
            word = plain[start : start + length]
            if word in lexicon.clue_words and len(word) == length:
                spoken.setdefault(word, []).append(start)
    return spoken


def _score(
    problem: ProblemClues, plain: str, spoken: Mapping[str, list[int]], groups: frozenset[str], lexicon: Lexicon
) -> tuple[float, tuple[str, ...]]:
    gains: list[float] = []
    loss = 0.0
    words: list[str] = []
    for clue in problem.clues:
        if clue.goods is not None and not clue.goods & groups:
            continue
        found = _affirmed(clue, plain, spoken, lexicon)
        if found is None:
            continue
        if clue.points < 0:
            loss += clue.points
        else:
            gains.append(clue.points)
            words.append(found)
    if not gains:
        return 0.0, ()
    best = max(gains)
    return best + FURTHER_CLUE * (sum(gains) - best) + loss, tuple(words)


def _affirmed(clue: Clue, plain: str, spoken: Mapping[str, list[int]], lexicon: Lexicon) -> str | None:
    """The first way of saying the clue that the words right before it do not deny."""
    if clue.words:
        for word, starts in spoken.items():
            if word in clue.words and any(not _denied(start, start + len(word), plain, lexicon) for start in starts):
                return word
    found = clue.pattern.search(plain) if clue.pattern else None
    while found is not None and clue.pattern:
        if not _denied(found.start(), found.end(), plain, lexicon):
            return found.group()
        found = clue.pattern.search(plain, found.start() + 1)
    return None


def _denied(start: int, end: int, plain: str, lexicon: Lexicon) -> bool:
    # A rhetorical question denies nothing.
    return lexicon.denial.search(plain, 0, start) is not None and not lexicon.rhetorical.match(plain, end)


def _all_goods(plain: str, lexicon: Lexicon) -> tuple[_Goods, ...]:
    goods: dict[str, _Goods] = {}
    position = 0
    while position < len(plain):
        names = (plain[position : position + length] for length in lexicon.goods_lengths)
        name = next((name for name in names if name in lexicon.goods_groups), "")
        position += len(name) or 1
        group = lexicon.goods_groups.get(name)
        if group is None:
            continue
        if group == "fresh" and (suffix := lexicon.processed.match(plain, position)):
            name, group, position = name + suffix.group(), "food", suffix.end()
        goods.setdefault(name, _Goods(_KIND.get(group, "normal"), name, group))
    return tuple(goods.values())


def _first(meanings: Iterable[Ranked], plain: str) -> tuple[str | None, tuple[str, ...]]:
    for ranked in meanings:
        for pattern in ranked.patterns:
            if found := pattern.search(plain):
                return ranked.meaning, (found.group(),)
    return None, ()


def _reason(plain: str, lexicon: Lexicon) -> str | None:
    for pattern in lexicon.reasons:
        if found := pattern.search(plain):
            reason = lexicon.reason_end.sub("", found.group("reason")).strip(",")
            if len(reason) >= 2:
                return reason
    return None
