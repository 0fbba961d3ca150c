"""Whether the dates of a draft can be true: nothing is received before it was ordered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.conversation.letters.draft_text import Span
from bot.conversation.letters.draft_words import HAPPENINGS, DraftWords
from bot.conversation.understand.times import Moment, find_times


@dataclass(frozen=True, slots=True)
class Dated:
    """One event with the stretch of its date; ``end`` is where the event's words end."""

    event: str
    text: str
    span: Span
    end: int
    moment: Moment


def out_of_order(text: str, now: datetime, zone: tzinfo, words: DraftWords) -> Iterator[tuple[Dated, Dated]]:
    """Pairs of which the second, by its nature, cannot have come before the first but does."""
    seen: list[Dated] = []
    for each in _events(text, now, zone, words):
        for other in seen:
            early, late = sorted((other, each), key=lambda dated: HAPPENINGS.index(dated.event))
            if (
                early.event != late.event
                and early.moment.earliest() >= late.moment.latest(zone) > late.moment.earliest()
            ):
                yield early, late
                break
            if early.event != late.event and early.moment.earliest() > late.moment.latest(zone):
                yield early, late
                break
        seen.append(each)


def _events(text: str, now: datetime, zone: tzinfo, words: DraftWords) -> Iterator[Dated]:
    for (start, end), reading in find_times(text, said=now, zone=zone, expect="past"):
        if not isinstance(reading, Moment) or words.not_fact.match(text, end):
            continue
        for event, pattern in words.happens.items():
            if found := pattern.match(text, end):
                yield Dated(event, text[start:end], (start, end), found.end(), reading)
                break
