"""Whether a pasted text is one that the person wants to send themselves."""

from typing import Literal

from bot.conversation.letters.draft_words import DraftWords

SHORTEST, SHORTEST_GREETING = 20, 40
"""Characters; a shorter text is an answer or a sentence to us."""
MOST_BREAKS = 3


def reads_like_draft(text: str, words: DraftWords) -> Literal["yes", "maybe", "no"]:
    """``yes``: a greeting, then somebody's own request. ``maybe``: long, one of both is missing; worth asking."""
    if len(text) < SHORTEST or words.theirs.search(text) or words.to_us.search(text):
        return "no"
    greets, asks = words.greeting.match(text) is not None, words.request.search(text) is not None
    if greets and asks and words.ours.search(text):
        return "yes"
    if text.strip().count("\n") > MOST_BREAKS:
        # A page that was copied, rather than a text that was written.
        return "no"
    written = asks and words.addressed.search(text)
    return "maybe" if written or (greets and len(text) >= SHORTEST_GREETING) else "no"
