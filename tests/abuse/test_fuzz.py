"""3,000 random and mutated inputs with a fixed seed; ``tests/bench/fuzz.py`` throws many more."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import Markup

from bot.messages import Answer, Choice, Reply, Screen
from tests.abuse.crowd import Crowd
from tests.abuse.driving import run

SEED = 20261122

pytestmark = pytest.mark.usefixtures("restored_level")


@pytest.fixture
def restored_level() -> Iterator[None]:
    ours = logging.getLogger("jieru")
    level = ours.level
    yield
    ours.setLevel(level)


async def test_updates_of_any_shape_break_nothing_and_show_nothing_of_others(tmp_path: Path) -> None:
    crowd, drive = await run(tmp_path, SEED, updates=1500, requests=0)
    assert crowd.findings == []
    assert drive.counts["tasks left"] == 0
    assert sum(drive.counts[f"update handled: {kind}"] for kind in ("text", "press", "command", "photo")) > 400


async def test_requests_of_any_shape_break_nothing_and_show_nothing_of_others(tmp_path: Path) -> None:
    crowd, drive = await run(tmp_path, SEED, updates=0, requests=1500)
    assert crowd.findings == []
    assert drive.counts["tasks left"] == 0
    # Far fewer would mean that they do not get through; a busy machine answers some after nobody listens any more.
    assert drive.counts["answer 200"] > 250


async def test_the_looking_finds_what_it_looks_for(tmp_path: Path) -> None:
    """A search that finds nothing must be able to find something."""
    async with Crowd(tmp_path) as crowd:
        me, you = crowd.beings[0], crowd.beings[1]
        for toast, text, choice in (
            ("", f"订单{you.secrets[0]}", Choice("好", press="s1.home")),
            ("", "好", Choice("复制", copy=you.secrets[2])),
            (you.secrets[1], "好", Choice("好", press="s1.home")),
            ("长" * 201, "好", Choice("好", press="s1.home")),
            ("", "长" * 4097, Choice("好", press="s1.home")),
            ("", "<b>没关", Choice("好", press="s1.home")),
            ("", "好", Choice("好", press="s1." + "字" * 21)),
            ("", "好", Choice("复制", copy="长" * 257)),
            ("", " ", Choice("好", press="s1.home")),
        ):
            before = len(crowd.findings)
            crowd.look(me.person, Answer(toast, (Reply(Screen(Markup(text), ((choice,),))),)))  # noqa: S704 - as it is
            assert len(crowd.findings) == before + 1
        logging.getLogger("jieru.engine").error("decision_failed")
        assert crowd.findings[-1].what == "logged decision_failed"
        await crowd.check_watching()
        assert crowd.findings[-1].what == "logged decision_failed"
        async with crowd.world.store.transaction() as transaction:
            await transaction.forget(crowd.watching[0].person)
        await crowd.check_watching()
        assert crowd.findings[-1].what == "somebody else's case was changed"
