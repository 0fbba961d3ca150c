"""A phone's calendar gets every end once, at the right instant, and forgets what does not hold any more."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from bot.documents import Agenda
from bot.exports.ics import calendar

from .cases import AGENDA, DEADLINE, END, HOSTILE, MADE, spoilt_by


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def unfolded(content: bytes) -> list[str]:
    return content.replace(b"\r\n ", b"").decode().split("\r\n")


def rings(event: Any) -> list[datetime]:
    return [event.decoded("dtstart") + alarm.decoded("trigger") for alarm in event.walk("VALARM")]


def test_the_appointment_ends_when_the_time_is_over_and_rings_before() -> None:
    (event,) = events(calendar(AGENDA))
    assert event.decoded("dtend") == END
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=15)
    assert rings(event) == [END - timedelta(days=1), END - timedelta(hours=1)]
    assert str(event["summary"]) == DEADLINE.title
    assert str(event["description"]) == DEADLINE.text


def test_an_end_at_midnight_stands_on_the_day_that_it_ends() -> None:
    midnight = datetime(2026, 11, 25, tzinfo=END.tzinfo)
    (event,) = events(calendar(replace(AGENDA, appointments=(replace(DEADLINE, at=midnight),))))
    assert event.decoded("dtstart").astimezone(END.tzinfo).day == 24


def test_what_is_to_be_done_from_then_on_begins_then() -> None:
    (event,) = events(calendar(replace(AGENDA, appointments=(replace(DEADLINE, opens=True, alarm_minutes=(0, 60)),))))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (END, END + timedelta(minutes=15))
    assert rings(event) == [END - timedelta(hours=1), END]


def test_times_are_utc_and_need_no_zone() -> None:
    lines = unfolded(calendar(AGENDA))
    assert "DTEND:20261123T070200Z" in lines
    assert [line for line in lines if "TZID" in line or "VTIMEZONE" in line] == []


def test_a_later_file_replaces_the_earlier_one() -> None:
    (earlier,) = events(calendar(AGENDA))
    later_agenda = replace(
        AGENDA,
        sequence=5,
        made=MADE + timedelta(hours=1),
        appointments=(replace(DEADLINE, at=END + timedelta(days=1)),),
    )
    (later,) = events(calendar(later_agenda))
    assert str(later["uid"]) == str(earlier["uid"]) == "k3x9-own-reject-4@jieru"
    assert (earlier["sequence"], later["sequence"]) == (4, 5)
    assert later.decoded("dtstamp") - earlier.decoded("dtstamp") == timedelta(hours=1)
    assert later.decoded("dtstamp") == later.decoded("last-modified")


def test_what_does_not_hold_any_more_is_cancelled_and_silent() -> None:
    gone = replace(DEADLINE, id="k3x9-own-reject-2", cancelled=True)
    kept, cancelled = events(calendar(replace(AGENDA, appointments=(DEADLINE, gone))))
    assert (str(kept["status"]), str(cancelled["status"])) == ("CONFIRMED", "CANCELLED")
    assert (len(rings(kept)), len(rings(cancelled))) == (2, 0)


def test_the_file_says_what_it_is_and_keeps_nobody_busy() -> None:
    lines = unfolded(calendar(AGENDA))
    assert {
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "NAME:介入助手 · 草莓坏果",
        "X-WR-CALNAME:介入助手 · 草莓坏果",
        "TRANSP:TRANSPARENT",
        "ACTION:DISPLAY",
    } - set(lines) == set()


def test_the_same_agenda_gives_the_same_bytes() -> None:
    assert calendar(AGENDA) == calendar(AGENDA)


@pytest.mark.parametrize("text", [*HOSTILE, "草莓烂了，" * 100, "👨‍👩‍👧‍👦" * 40], ids=range(len(HOSTILE) + 2))
def test_no_text_breaks_a_line_or_begins_one(text: str) -> None:
    content = calendar(spoilt_by(AGENDA, text))
    lines = content.split(b"\r\n")
    assert [line for line in lines if len(line) > 75] == []
    assert [line for line in lines if b"\n" in line or b"\r" in line] == []
    assert [line.decode() for line in lines] != []
    assert [line for line in unfolded(content) if line.startswith(("BEGIN:VEVENT", "DTSTART"))] == [
        "BEGIN:VEVENT",
        "DTSTART:20261123T064700Z",
    ]
    assert not any(ord(letter) < 32 for line in lines for letter in line.decode())


def test_punctuation_and_lines_come_back_as_they_were() -> None:
    text = "一、二;三,四\\五\n第二行：“好”，6:00;"
    (event,) = events(calendar(replace(AGENDA, appointments=(replace(DEADLINE, title="a;b,c\\d", text=text),))))
    assert str(event["description"]) == text
    assert str(event["summary"]) == "a;b,c\\d"


def test_an_empty_text_and_no_alarm_are_fine() -> None:
    quiet = replace(DEADLINE, text="", alarm_minutes=())
    (event,) = events(calendar(Agenda("x", 0, datetime(2026, 1, 1, tzinfo=UTC), (quiet,))))
    assert rings(event) == []


@pytest.mark.parametrize("module", ["ics", "html", "pdf", "archive", "pictures"])
def test_nobody_pays_at_the_start_for_what_is_needed_later(module: str) -> None:
    heavy = "{'icalendar', 'typst', 'PIL'} & set(sys.modules)"
    code = f"import sys, bot.exports.{module}; print(sorted({heavy}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
