"""What of a person has lain idle too long, how it is announced, and 多留90天."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.conversation import formats
from bot.conversation.naming import name
from bot.conversation.places.home import kept_cases
from bot.conversation.render import screen
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Case
from bot.domain.plan import awake
from bot.domain.retention import LONGER, WARNED_BEFORE, Warned, judge
from bot.messages import Screen

TOGETHER = WARNED_BEFORE
"""A case that ended so shortly before the person wrote last goes with the person: one announcement, not two."""
LISTED = 5
"""Cases that one warning names."""
PREFIX = "e."
"""Before the actions of a warning; see ``pressed``."""
FORGED = timedelta(days=400)
"""A day that is further away was never announced."""
EVERYTHING = ""
"""Stands for the person where a case's id could stand."""


@dataclass(slots=True)
class Idle:
    """What is to be done with one person's things now. ``look``: when to come back."""

    look: datetime
    warn: dict[str, Warned] = field(default_factory=dict)
    """Case id, or EVERYTHING -> what is announced now."""
    cases: list[Case] = field(default_factory=list)
    """Gone now."""
    everything: bool = False


def examine(turn: Turn, active: datetime, warned: Mapping[str, Warned], days: int) -> Idle:
    """Nothing is done in the night; an open 问题单 never goes, and keeps its person."""
    soonest = turn.now + timedelta(days=days) - WARNED_BEFORE
    found, morning = Idle(soonest), awake(turn.person.preferences, turn.zone, turn.now)
    if morning > turn.now:
        return Idle(morning)
    keep = datetime.fromisoformat(turn.session.keep_until) if turn.session.keep_until else None
    opened = [case for case in turn.open_cases() if not turn.state(case).facts.get("loose")]
    if not opened:
        lapse = judge(active, days, keep, warned.get(EVERYTHING), turn.now)
        found.everything = lapse.verdict == "delete"
        if lapse.verdict == "warn":
            found.warn[EVERYTHING] = Warned(active, lapse.at)
        found.look = min(found.look, lapse.at)
        if lapse.verdict != "rest":
            return found
    for case in turn.cases.values():
        since = case.entries[-1].at if case.entries else case.opened
        if turn.state(case).open or (not opened and active <= since + TOGETHER):
            continue
        lapse = judge(since, days, keep, warned.get(case.id), turn.now)
        if lapse.verdict == "delete":
            found.cases.append(case)
        elif lapse.verdict == "rest":
            found.look = min(found.look, lapse.at)
        elif len(found.warn) < LISTED:
            found.warn[case.id] = Warned(since, lapse.at)
            found.look = min(found.look, lapse.at)
        else:
            found.look = turn.now
    return found


def warning(turn: Turn, idle: Idle) -> Screen:
    """What will be deleted, from which day on, and the two ways to keep it."""
    t, ends = turn.t, max(warned.ends for warned in idle.warn.values())
    day = formats.followed(t, formats.day(t, ends, turn.zone, turn.now))
    if EVERYTHING in idle.warn:
        numbers = kept_cases(turn)
        parts = [t.plain("forget.cases", count=len(numbers)), t.plain("forget.words")] if numbers else []
        what = t.plain("format.list").join([*parts, t.plain("forget.rest")])
        text = lines(t("retention.warn.head"), t("retention.warn.everything", day=day, what=what), t("retention.stay"))
    else:
        cases = [case for case in turn.cases.values() if case.id in idle.warn]
        names = t.plain("format.list").join(
            t.plain("retention.case", number=case.number, name=name(turn, case)) for case in cases
        )
        text = lines(t("retention.warn.head"), t("retention.warn.cases", names=names, day=day), t("retention.keep"))
    options = [
        Option(t.plain("forget.export_first"), "export"),
        Option(t.plain("retention.longer"), f"longer:{ends.astimezone(turn.zone):%Y-%m-%d}"),
    ]
    return screen(View(text, pairs(options), kept=True), PREFIX)


def gone(turn: Turn, idle: Idle) -> Screen:
    """The last word about what was deleted; nothing of it stands in there."""
    key = "everything" if idle.everything else "case" if len(idle.cases) == 1 else "cases"
    text = turn.t(f"retention.gone.{key}", count=len(idle.cases))
    return screen(View(text, [[Option(turn.t.plain("home.new"), "what")]], kept=True), "k0.")


def pressed(turn: Turn, action: str) -> None:
    """A button of a warning, at any time: 先导出一份, 多留90天."""
    verb, _, day = action.partition(":")
    turn.fresh = True
    if verb == "export":
        turn.go("export")
        return
    ends = _day(day, turn) if verb == "longer" else None
    if ends is None or not turn.person.version:
        turn.toast = turn.t.plain("stale.toast")
        return
    keep_longer(turn, ends)


def keep_longer(turn: Turn, ends: datetime) -> None:
    """Nothing of the person goes before LONGER after that day; pressed twice it is the same day."""
    until = ends + LONGER
    known = turn.session.keep_until
    if not known or datetime.fromisoformat(known) < until:
        turn.session.keep_until = until.isoformat()
    turn.acted = True
    day = formats.day(turn.t, datetime.fromisoformat(turn.session.keep_until), turn.zone, turn.now)
    turn.note = turn.t("retention.kept", day=formats.followed(turn.t, day))
    turn.go("home")


def _day(text: str, turn: Turn) -> datetime | None:
    """The announced day; None for one that nobody was told."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=turn.zone)
    except ValueError:
        return None
    return day if abs(day - turn.now) <= FORGED else None
