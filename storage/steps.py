"""What one decision writes, as statements."""

from bot.ports import ConflictError, Step
from storage import dossiers, transcript
from storage.connection import Queued
from storage.instants import to_micros

NOTE = "INSERT INTO seen (person, id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"

COUNT_MISS = "INSERT INTO misses (step, count) VALUES (?, 1) ON CONFLICT (step) DO UPDATE SET count = count + 1"

# Never below nothing: cases that ended before there were counts may open again.
COUNT_ENDING = """
INSERT INTO outcomes (problem, outcome, count) VALUES (?1, ?2, max(0, ?3))
ON CONFLICT (problem, outcome) DO UPDATE SET count = max(0, count + ?3)
"""


def statements(step: Step) -> list[Queued]:
    """In the order in which they have to run. Raises ValueError as ``dossiers.changes`` does."""
    if step.after is None:
        found = dossiers.forgetting(step.person)
    else:
        found = _noting(step) + dossiers.changes(step.before, step.after, strict=True)
        if step.said:
            found.append(transcript.adding(step.person, step.said, step.now))
    found += [Queued(COUNT_MISS, (miss,)) for miss in step.misses]
    found += [Queued(COUNT_ENDING, (*ending, by)) for ending, by in step.endings.items()]
    return found


def _noting(step: Step) -> list[Queued]:
    if not step.update:
        return []
    return [Queued(NOTE, (step.person, step.update, to_micros(step.now)), 1, ConflictError(step.person))]
