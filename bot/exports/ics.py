"""The ends of a case for the calendar of a phone (iCalendar, RFC 5545)."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.documents import Agenda, Appointment
from bot.exports.text import clean, one_line

if TYPE_CHECKING:
    from icalendar import Alarm, Event

LENGTH = timedelta(minutes=15)
"""An appointment is the last quarter of an hour before its end, or the first one from which something is to be done.

Not of no length: without DTEND several phones show nothing or refuse the file, and DTEND must be later than DTSTART.
Not from an end onwards: 15:00-15:15 reads as if there were time until 15:15, and an end at midnight (24:00) would
stand on the page of the next day.
"""


def calendar(agenda: Agenda) -> bytes:
    """The file for 存到日历. An appointment keeps its UID and SEQUENCE rises, so that a later file replaces an earlier
    one where the phone allows it. Times are UTC: exact, without a definition of zones that not every phone reads."""
    from icalendar import Calendar  # Costs 0.2 s; only who asks for a calendar waits for it.

    name = one_line(agenda.name)
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", "-//Jieru//Deadlines//ZH")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    for one in agenda.appointments:
        made.add_component(_event(one, agenda))
    content: bytes = made.to_ical()
    return content


def _event(one: Appointment, agenda: Agenda) -> "Event":
    from icalendar import Event

    title = one_line(one.title)
    stamp = _utc(agenda.made)
    event = Event()
    event.add("uid", f"{one_line(one.id)}@jieru")
    event.add("sequence", agenda.sequence)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    start = _utc(one.at) if one.opens else _utc(one.at) - LENGTH
    event.add("dtstart", start)
    event.add("dtend", start + LENGTH)
    event.add("summary", title)
    event.add("description", clean(one.text).strip())
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if not one.cancelled:
        for minutes in sorted(set(one.alarm_minutes), reverse=True):
            event.add_component(_alarm(_utc(one.at) - timedelta(minutes=minutes) - start, title))
    return event


def _alarm(from_start: timedelta, title: str) -> "Alarm":
    """Counted from the start also for an end, as RELATED=END is widely ignored."""
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", from_start)
    return alarm


def _utc(when: datetime) -> datetime:
    return when.astimezone(UTC).replace(microsecond=0)
