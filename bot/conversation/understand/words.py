"""Which screen or result a short message names: words understood everywhere, and reports of what happened.

Only a whole message counts, after politeness at both ends is taken off: a long sentence that merely contains
平台介入 describes a problem and must not be swallowed here.
"""

import unicodedata

from bot.catalog import compiled
from bot.conversation.understand.lexicon import Lexicon, typo_forms

LONGEST_WORD = 24
LONGEST_OUTCOME = 60

_SEPARATOR = compiled.pattern(r"[\s,_]+|[^\w/👌👍]+")


def meaning(text: str, lexicon: Lexicon) -> str | None:
    """The key in `lexicon/words.toml` that the whole message names, or None."""
    if len(text) > LONGEST_WORD * 2:
        return None
    bare = _SEPARATOR.sub("", unicodedata.normalize("NFKC", text).lower().translate(lexicon.simplified))
    bare = lexicon.typo_pattern.sub(lambda found: lexicon.typos[found.group()], bare)
    if not 0 < len(bare) <= LONGEST_WORD:
        return None
    forms = _bare_forms(bare, lexicon)
    for form in forms:
        if key := lexicon.words.get(form):
            return key
    for form in forms:
        if len(form) >= 4:
            for typo in typo_forms(form):
                if key := lexicon.typo_words.get(typo):
                    return key
    return None


def outcome(text: str, lexicon: Lexicon) -> str | None:
    """The key in `lexicon/outcomes.toml` (a result of the last step) that the message reports, or None."""
    if len(text) > LONGEST_OUTCOME:
        return None
    bare = lexicon.outcome_fillers.sub("", lexicon.normalise(text))
    if not bare:
        return None
    for result in lexicon.outcomes:
        if any(pattern.fullmatch(bare) for pattern in result.patterns):
            return result.meaning
    return None


def _bare_forms(text: str, lexicon: Lexicon) -> list[str]:
    """The message and what is left of it when prefixes and suffixes come off, least stripped first."""
    forms = [text]
    for form in forms:
        for stripped in (_without_prefix(form, lexicon), _without_suffix(form, lexicon)):
            if stripped and stripped not in forms:
                forms.append(stripped)
    return forms


def _without_prefix(text: str, lexicon: Lexicon) -> str:
    found = lexicon.word_prefix.match(text)
    return text[found.end() :] if found else ""


def _without_suffix(text: str, lexicon: Lexicon) -> str:
    found = lexicon.word_suffix.search(text)
    return text[: found.start()] if found else ""
