"""Which reminders a case should have, derived from its deadlines, and how the stored rows follow them.

Kinds of reminders:
``own``     before an end of the person's own, repeated as the rule says;
``passed``  once after such an end, to ask what became of it;
``opens``   when the other side's time is over and the next rung opens (and once more at the recheck);
``promise`` when somebody's word falls due;
``nudge``   a 问题单 left unfinished, or one that stands still, once;
``rules``   a rule that the person was told reads differently now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise

from bot.domain.calendar import local
from bot.domain.clocks import RECHECK
from bot.domain.facts import State
from bot.domain.model import Preferences, Reminder
from bot.domain.schedule import SECOND_LOOK, Deadline

NUDGE_AFTER = timedelta(hours=24)
"""An unfinished or idle 问题单 is nudged once, this long after the last change (our choice)."""
PASSED_AFTER = timedelta(minutes=30)
"""How long after an own end we ask what became of it (our choice)."""
BEFORE_NIGHT = timedelta(minutes=30)
"""A deadline that falls in the night is told this long before quiet hours begin (HABITS U22)."""
MORNING_MARGIN = timedelta(hours=1)
"""A reminder waits for the morning only if this much is then left."""
APART = timedelta(hours=4)
"""Closer together than this, of two reminders of one end that the night pushed together only the later is sent: it is
nearer to the end (our choice)."""
TOO_LATE = timedelta(days=3)
"""A reminder that could not be sent for this long after its moment is not sent any more, only shown."""
FRESH = timedelta(minutes=10)
"""A moment that has only just passed when it becomes known is still told; an older one the card shows anyway."""
LIVE_STATES = ("planned", "sending", "sent", "unreachable", "missed")


@dataclass(frozen=True, slots=True)
class Planned:
    """One reminder that should exist."""

    kind: str
    deadline: str
    occurrence: int
    due: datetime
    keep: bool = False
    """True: a row that exists stays, none is added (its moment had passed before it became known)."""

    @property
    def key(self) -> tuple[str, str, int]:
        return self.kind, self.deadline, self.occurrence


def plan(
    state: State,
    deadlines: Iterable[Deadline],
    preferences: Preferences,
    zone: tzinfo,
    now: datetime,
    rules_changed: str = "",
) -> tuple[Planned, ...]:
    """All reminders that the case should have from now on. ``rules_changed`` names the changed versions, if any."""
    if not state.open or state.muted:
        return ()
    quiet = _Quiet(preferences, zone)
    found: list[Planned] = []
    if rules_changed:
        found.append(Planned("rules", rules_changed, 1, quiet.morning(now)))
    if not state.ready:
        return (*found, *_nudge(state, quiet, "unfinished"))
    for deadline in deadlines:
        found += _own(deadline, quiet, now) if deadline.own else _theirs(deadline, quiet)
    if all(planned.kind == "rules" or planned.keep for planned in found):
        found += _nudge(state, quiet, f"idle#{state.stage_seq}")
    return tuple(found)


def _nudge(state: State, quiet: "_Quiet", name: str) -> list[Planned]:
    if state.last_change is None:
        return []
    return [Planned("nudge", name, 1, quiet.morning(state.last_change + NUDGE_AFTER))]


def _own(deadline: Deadline, quiet: "_Quiet", now: datetime) -> list[Planned]:
    found: dict[datetime, Planned] = {}
    moved: set[datetime] = set()
    near: Planned | None = None
    for occurrence, remind in enumerate(deadline.remind, 1):
        raw = remind.at(deadline.start, deadline.at)
        if raw >= deadline.at:
            continue
        if deadline.over(now):
            found[raw] = Planned("own", deadline.id, occurrence, raw, keep=True)
            continue
        if raw <= now:
            if remind.anchor == "end" and (deadline.known is None or raw <= deadline.known):
                # Nearer than this lead time already: told at once, but only the last of those that were skipped.
                near = Planned("own", deadline.id, occurrence, now)
            else:
                found[raw] = Planned("own", deadline.id, occurrence, raw, keep=True)
            continue
        planned = Planned("own", deadline.id, occurrence, quiet.before(raw, deadline.at, now))
        found[planned.due] = planned
        moved |= {planned.due} if planned.due != raw else set()
    found = _apart(found, moved)
    result = [planned for planned in found.values() if near is None or planned.due > now or planned.keep]
    if near:
        result.append(near)
    over_when_told = deadline.known is not None and deadline.at <= deadline.known
    if deadline.main and not over_when_told:
        result.append(Planned("passed", deadline.id, 1, quiet.morning(deadline.at + PASSED_AFTER)))
    return result


def _apart(found: dict[datetime, Planned], moved: set[datetime]) -> dict[datetime, Planned]:
    """Without those that quiet hours moved close before the next one, or behind which the next one was moved close."""
    dues = sorted(due for due, planned in found.items() if not planned.keep)
    crowded = {due for due, after in pairwise(dues) if after - due < APART and (due in moved or after in moved)}
    return {due: planned for due, planned in found.items() if due not in crowded}


def _theirs(deadline: Deadline, quiet: "_Quiet") -> list[Planned]:
    kind = "promise" if deadline.source == "promise" else "opens"
    if deadline.rule == RECHECK:
        looks = (remind.at(deadline.start, deadline.at) for remind in deadline.remind)
        return [Planned(kind, deadline.id, index, quiet.morning(look)) for index, look in enumerate(looks, 1)]
    found = [Planned(kind, deadline.id, 1, quiet.morning(deadline.at))]
    second = deadline.recheck or deadline.at + SECOND_LOOK
    if second > deadline.at:
        found.append(Planned(kind, deadline.id, 2, quiet.morning(second)))
    return found


@lru_cache(4096)
def _nights(day: date, begins: time, ends: time, zone: tzinfo) -> tuple[tuple[datetime, datetime], ...]:
    """The quiet hours that begin the day before and on the day."""
    over = timedelta(days=0 if ends > begins else 1)
    return tuple((local(each, begins, zone), local(each + over, ends, zone)) for each in (day - timedelta(days=1), day))


def awake(preferences: Preferences, zone: tzinfo, instant: datetime) -> datetime:
    """The instant itself, or the end of the quiet hours that it lies in."""
    return _Quiet(preferences, zone).morning(instant)


@dataclass(frozen=True, slots=True)
class _Quiet:
    preferences: Preferences
    zone: tzinfo

    def night(self, instant: datetime) -> tuple[datetime, datetime] | None:
        """Begin and end of the quiet hours that the instant lies in, or None."""
        if not self.preferences.quiet or self.preferences.quiet_from == self.preferences.quiet_to:
            return None
        day = instant.astimezone(self.zone).date()
        for night in _nights(day, self.preferences.quiet_from, self.preferences.quiet_to, self.zone):
            if night[0] <= instant < night[1]:
                return night
        return None

    def morning(self, due: datetime) -> datetime:
        """The moment itself, or the end of the night that it lies in."""
        night = self.night(due)
        return night[1] if night else due

    def before(self, due: datetime, deadline: datetime, now: datetime) -> datetime:
        """For an own deadline: the moment itself; in the night the next morning if enough is left then, else before
        the night, else at once."""
        night = self.night(due)
        if night is None:
            return due
        begin, end = night
        if deadline - end >= MORNING_MARGIN:
            return end
        return max(begin - BEFORE_NIGHT, now)


def merge(
    case: str,
    rows: Sequence[Reminder],
    planned: Sequence[Planned],
    now: datetime,
    snoozed_until: datetime | None = None,
) -> tuple[Reminder, ...]:
    """The rows as they should be now: moved, added, dropped. Rows that were sent stay as they are, unless their
    deadline moved so that the same reminder lies ahead again."""
    by_key = {(row.kind, row.deadline, row.occurrence): row for row in rows}
    result: list[Reminder] = []
    wanted = {each.key: each for each in planned}
    for key, row in by_key.items():
        each = wanted.get(key)
        if each is None:
            result.append(_unwanted(row))
        elif row.state in ("planned", "unreachable", "missed"):
            due = row.due if row.snoozed else _moved(row, each, now)
            result.append(row if due == row.due else replace(row, due=due))
        elif row.state in ("sent", "done", "dropped") and each.due > now and each.due != row.due and not row.snoozed:
            result.append(replace(row, state="planned", due=each.due, attempts=0))
        else:
            result.append(row)
    for key, each in wanted.items():
        if key not in by_key and not each.keep and each.due >= now - FRESH:
            result.append(Reminder(case, each.kind, each.deadline, each.occurrence, each.due))
    return tuple(result)


def _moved(row: Reminder, each: Planned, now: datetime) -> datetime:
    # "At once" is due now at every derivation; a row that is already due keeps its first moment.
    return row.due if each.keep or (each.due == now and row.due <= now) else each.due


def _unwanted(row: Reminder) -> Reminder:
    if row.state in ("planned", "unreachable", "missed"):
        return replace(row, state="dropped")
    return row
