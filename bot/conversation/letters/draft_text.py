"""Changing a draft in place: clauses, stretches that are left out of sight, and fixes put in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalog import compiled

Span = tuple[int, int]

# Punctuation that a cut leaves behind: the first of a run that ends a sentence stays, else its first sign.
_RUN = compiled.pattern(r"[，,；;、。！!？?][，,；;、。！!？?\s]*[，,；;、。！!？?]")
_ENDS = compiled.pattern(r"[。！!？?]")
_LEADING = compiled.pattern(r"^[\s，,；;、。！!？?]+")
_AFTER_BREAK = compiled.pattern(r"\n[，,；;、。！!？?]+")
_TRAILING = compiled.pattern(r"[\s，,；;、]+$")
_STOP = "。"
_LONGEST_CLAUSE = 200


@dataclass(frozen=True, slots=True)
class Fix:
    """``text`` instead of the stretch ``replace``; None: as one more sentence at the end. Empty text: a cut."""

    replace: Span | None
    text: str


def apply(text: str, fixes: Sequence[Fix]) -> str:
    """The text with all fixes put in. Of two that overlap the outer one (else the first) is taken for both; a sentence
    that is there already is not said twice."""
    changed = text
    for (start, end), new in reversed(_merged([fix for fix in fixes if fix.replace is not None])):
        changed = changed[:start] + new + changed[end:]
    if changed != text:
        changed = _tidy(changed)
    for fix in fixes:
        if fix.replace is None and fix.text not in changed:
            changed = _TRAILING.sub("", changed)
            joined = changed if not changed or _ENDS.search(changed[-1]) else changed + _STOP
            changed = joined + fix.text
    return changed


def _merged(fixes: Sequence[Fix]) -> list[tuple[Span, str]]:
    done: list[tuple[Span, str]] = []
    for fix in sorted(fixes, key=lambda each: (each.replace or (0, 0))[0] - 1e-7 * (each.replace or (0, 0))[1]):
        start, end = fix.replace or (0, 0)
        if done and start < done[-1][0][1]:
            (first, last), kept = done[-1]
            done[-1] = ((first, max(last, end)), kept)
        else:
            done.append(((start, end), fix.text))
    return done


def _tidy(text: str) -> str:
    def sign(run: re.Match[str]) -> str:
        end = _ENDS.search(run[0])
        return end[0] if end else run[0][0]

    text = _AFTER_BREAK.sub("\n", _RUN.sub(sign, text))
    return _LEADING.sub("", text)


def clause_at(text: str, breaks: re.Pattern[str], at: int) -> Span:
    """Where the clause around an index begins and ends, without the signs around it."""
    start, last = max(0, at - _LONGEST_CLAUSE), min(len(text), at + _LONGEST_CLAUSE)
    for found in breaks.finditer(text, start, last):
        if found.start() >= at:
            return start, max(start, found.start())
        start = found.end()
    return start, last


def blanked(pattern: re.Pattern[str], text: str) -> str:
    """The text in the same length with every match out of sight."""
    return pattern.sub(lambda found: " " * len(found[0]), text)
