"""The programs of ``tests/bench`` that prove that nothing is lost, in small; in full they are run by hand."""

from pathlib import Path

from tests.bench.crash import Crash
from tests.bench.day import Day
from tests.bench.outage import RATE, WAYS, run


async def test_five_kills_lose_nothing(tmp_path: Path) -> None:
    result = await Crash(tmp_path, kills=5, people=12, sleepers=24, seed=6, life=1.0, pictures=1).run()
    assert result.wrong == []
    assert result.kills == 5
    assert result.counts["reminders delivered"] >= 24
    assert result.counts["pictures kept"] >= 3


def test_after_an_hour_in_which_telegram_was_away_in_every_way_all_is_made_up_for() -> None:
    result = run(WAYS, people=5, minutes=10, speed=600, drain=4)
    assert result.wrong == []
    assert result.figures["reminders"] >= 4
    assert 0 < result.figures["most in a second"] <= RATE + 3


async def test_a_day_of_a_hundred_people_leaves_nothing_behind(tmp_path: Path) -> None:
    result = await Day(tmp_path, people=100).run()
    assert result.wrong == []
    assert result.steps > 800
    assert result.sent["reminders"] > 0
