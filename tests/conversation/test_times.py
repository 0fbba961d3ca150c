"""Dates and countdowns as people type them: a table, and what each reading must keep."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.understand.times import Ambiguous, Left, Moment, Reading, find_times, read_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
TABLE: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "dates_own.toml").read_text(encoding="utf-8")
)
PHRASES = [
    (group["now"], group["expect"], phrase, result)
    for group in TABLE["group"]
    for phrase, result in group["phrases"].items()
]
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def written(reading: Reading | None) -> str:
    """A reading in the notation of the table."""
    if reading is None:
        return "none"
    if isinstance(reading, Left):
        seconds = int(reading.length.total_seconds())
        return f"left {seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(reading, Ambiguous):
        return " | ".join(written(option) for option in reading.options)
    at = reading.at.astimezone(SHANGHAI)
    if reading.precision == "day":
        return f"{at:%Y-%m-%d}" if (at.hour, at.minute) == (0, 0) else f"{at} is no day"
    return f"{at:%Y-%m-%d %H:%M}" + (f":{at:%S}" if at.second else "") + ("~" if reading.precision == "hour" else "")


@pytest.mark.parametrize(("now", "expect", "phrase", "result"), PHRASES)
def test_a_phrase_is_read_as_people_mean_it(now: str, expect: Any, phrase: str, result: str) -> None:
    assert written(read_time(phrase, said=local(now), zone=SHANGHAI, expect=expect)) == result


@pytest.mark.parametrize(("text", "times"), [(each["text"], each["times"]) for each in TABLE["sentence"]])
def test_times_are_found_inside_sentences_and_nothing_else_is(text: str, times: list[str]) -> None:
    assert [written(reading) for _, reading in find_times(text, NOW, SHANGHAI)] == times


def test_the_table_is_large_enough() -> None:
    assert len(PHRASES) >= 120


def test_a_found_time_names_its_place_in_the_text_as_typed() -> None:
    text = "下单时间：２０２６-１１-１８　２０:０４:３２，谢谢"
    [((start, end), reading)] = find_times(text, NOW, SHANGHAI)
    assert (text[start:end], written(reading)) == ("２０２６-１１-１８　２０:０４:３２", "2026-11-18 20:04:32")


def test_what_the_person_calls_today_depends_on_their_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    said = datetime(2026, 11, 22, 1, 0, tzinfo=SHANGHAI)  # still the 21st in Berlin
    assert read_time("昨天", said=said, zone=berlin, expect="past") == Moment(
        datetime(2026, 11, 20, tzinfo=berlin), "day"
    )


def test_a_day_on_which_clocks_change_still_ends_at_midnight() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    said = datetime(2026, 10, 26, 12, 0, tzinfo=berlin)
    day = read_time("昨天", said=said, zone=berlin, expect="past")
    assert isinstance(day, Moment)
    assert day.latest(berlin) - day.earliest() == timedelta(hours=25)


def test_an_hour_is_an_hour_long_and_a_minute_is_itself() -> None:
    assert Moment(NOW, "hour").latest(SHANGHAI) - NOW == timedelta(hours=1)
    assert Moment(NOW).latest(SHANGHAI) == Moment(NOW).earliest() == NOW


def test_a_moment_needs_a_zone_and_a_known_precision() -> None:
    with pytest.raises(ValueError, match="aware"):
        Moment(datetime(2026, 11, 22))  # noqa: DTZ001
    with pytest.raises(ValueError, match="precision"):
        Moment.from_json({"at": "2026-11-22T02:00:00+00:00", "precision": "week"})
    with pytest.raises(ValueError, match="aware"):
        read_time("昨天", said=datetime(2026, 11, 22), zone=SHANGHAI, expect="past")  # noqa: DTZ001
