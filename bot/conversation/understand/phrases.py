"""Patterns with names for their parts: how the lexicons of answers and of fraud are written and compiled.

`<name>` is a phrase of the same file, `~` a short gap inside one clause, `≈` a longer one inside one sentence. The text
is one that `spelling.spell` has brought into shape. Gaps are bounded, so that time stays linear in the text.
"""

import re
from collections.abc import Iterable, Mapping

from bot.catalog import compiled

SHORT_GAP = "[^,.?“”]{0,8}?"
LONG_GAP = "[^.?“”]{0,16}?"
_PHRASE = compiled.pattern(r"(?<!\?P)<([^<>=!]+)>")
_NEVER = r"(?!)"


class Phrases:
    """Turns the patterns of one file into regular expressions; a mistake is noted with file and key, not raised."""

    def __init__(self, file: str, phrases: Mapping[str, str], mistakes: list[str]) -> None:
        self._file, self._phrases, self._mistakes = file, phrases, mistakes

    def compile(self, key: str, patterns: str | Iterable[str], *, gaps: bool = True) -> re.Pattern[str]:
        """One expression of one pattern or of several alternatives; no pattern at all matches nothing. ``gaps``: the
        two signs for gaps mean one."""
        each = [patterns] if isinstance(patterns, str) else list(patterns)
        try:
            return compiled.pattern("|".join(f"(?:{self._expand(one) if gaps else one})" for one in each) or _NEVER)
        except (KeyError, re.error, RecursionError) as error:
            self._mistakes.append(f"{self._file}: {key}: {error!r}")
            return compiled.pattern(_NEVER)

    def _expand(self, pattern: str) -> str:
        def phrase(found: re.Match[str]) -> str:
            return f"(?:{self._expand(self._phrases[found.group(1)])})"

        return _PHRASE.sub(phrase, pattern).replace("~", SHORT_GAP).replace("≈", LONG_GAP)
