"""A letter in pieces that fit a copy button."""

from collections.abc import Iterable

from bot.messages import COPY_LIMIT


def chunks(sentences: Iterable[str], limit: int = COPY_LIMIT) -> tuple[str, ...]:
    """Sentences joined greedily into pieces of at most ``limit`` characters. A longer sentence is cut."""
    found: list[str] = []
    for sentence in sentences:
        for start in range(0, len(sentence), limit):
            part = sentence[start : start + limit]
            if found and len(found[-1]) + len(part) <= limit:
                found[-1] += part
            else:
                found.append(part)
    return tuple(found)
