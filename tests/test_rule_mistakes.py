"""What the loader of rules and holidays says when the data is broken on purpose."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import bot
from bot.catalog.errors import CatalogError
from bot.catalog.holidays import load_holidays
from bot.catalog.rules import load_rules
from bot.catalog.wording import Words, figure_in

DATA = Path(bot.__file__).parent / "data"
TODAY = date(2026, 11, 22)

GOOD = """
[[rule]]
id = "pdd.test"
what = "商家要在48小时内处理"
starts = "applied"
turn = "merchant"
length = 48
unit = "hours"
effect = "可能自动退款"
tag = "CORR"
confidence = "M"
sources = ["P1"]
last_checked = 2026-11-22
remind = ["0"]
"""


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str], list[str]]:
    """Loads a folder that holds the shipped sources, words and timers and this one file; returns the problems."""

    def load(text: str) -> list[str]:
        for name in ("sources.toml", "words.toml", "timers.toml"):
            shutil.copy(DATA / "rules" / name, tmp_path / name)
        (tmp_path / "x.toml").write_text(text, encoding="utf-8")
        try:
            load_rules(tmp_path, TODAY)
        except CatalogError as error:
            return error.problems
        return []

    return load


def test_the_unbroken_rule_is_fine(broken: Callable[[str], list[str]]) -> None:
    assert broken(GOOD) == []


SPANLESS = GOOD.replace('length = 48\nunit = "hours"\n', "").replace('remind = ["0"]\n', "").replace("48小时", "倒计时")
AGAIN = GOOD + GOOD.replace("48", "24") + "effective_from = 2026-01-01\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GOOD + 'colour = "red"\n', "x.toml: pdd.test.colour: Extra inputs are not permitted"),
        (GOOD.replace('sources = ["P1"]\n', ""), "x.toml: pdd.test.sources: Field required"),
        (GOOD.replace("last_checked = 2026-11-22\n", ""), "x.toml: pdd.test.last_checked: Field required"),
        (GOOD.replace('"P1"', '"P999"'), "x.toml: pdd.test.sources: P999 is not in sources.toml"),
        (GOOD.replace('"CORR"', '"SINGLE"'), "x.toml: pdd.test.length: SINGLE must not carry a span"),
        (GOOD.replace('"CORR"', '"LAW"'), "x.toml: pdd.test.law: LAW needs the article that is cited"),
        (GOOD + 'law = "《民法典》"\n', "x.toml: pdd.test.law: only LAW cites an article, not CORR"),
        (SPANLESS + 'timer = "timer.no_such"\n', "x.toml: pdd.test.timer: there is no timer timer.no_such"),
        (GOOD + 'timer = "timer.after_reject"\n', "x.toml: pdd.test.timer: a rule with a span of its own needs none"),
        (GOOD.replace("11-22", "11-23"), "x.toml: pdd.test.last_checked: 2026-11-23 lies in the future"),
        (GOOD.replace("商家要", "商家一定要"), "x.toml: pdd.test.what: holds 一定, which must not be said"),
        (GOOD.replace("自动退款", "自动退款！"), "x.toml: pdd.test.effect: holds ！, which must not be said"),
        (GOOD.replace("内处理", "内处理。"), "x.toml: pdd.test.what: ends with a full stop"),
        (GOOD.replace("内处理", "内" + "处理" * 30), "x.toml: pdd.test.what: String should have at most 60 characters"),
        (GOOD.replace('unit = "hours"\n', ""), "x.toml: pdd.test.length: length and unit belong together"),
        (GOOD.replace("= 48", "= 0"), "x.toml: pdd.test.length: 0 hours is no span"),
        (GOOD.replace('remind = ["0"]\n', ""), "x.toml: pdd.test.remind: a clock of somebody's needs a reminder"),
        (
            GOOD.replace('"applied"', '"none"'),
            "x.toml: pdd.test.starts: a span needs its start and whose move it is",
        ),
        (
            SPANLESS.replace('"CORR"', '"UNC"') + "amounts = { yuan = 5 }\n",
            "x.toml: pdd.test.amounts: UNC must not carry a figure",
        ),
        (
            SPANLESS.replace('"CORR"', '"UNC"').replace("倒计时", "三个工作日"),
            "x.toml: pdd.test.what: UNC must not state a figure, but says 三个工作日",
        ),
        (AGAIN, "x.toml: pdd.test.effective_from: in force at the same time as"),
        (
            GOOD + "effective_from = 2026-02-01\neffective_until = 2026-01-01\n",
            "x.toml: pdd.test.effective_until: before effective_from",
        ),
        ("[[rule]\n", "x.toml: not readable as TOML"),
        ("[rules]\n", "x.toml: rules: unknown key"),
        ("rule = 1\n", "x.toml: rule: must be a list"),
        (GOOD.replace('id = "pdd.test"\n', ""), "x.toml: rule 1.id: Field required"),
    ],
)
def test_a_mistake_is_named_with_file_and_key(broken: Callable[[str], list[str]], text: str, problem: str) -> None:
    assert [found[: len(problem)] for found in broken(text)] == [problem]


def test_all_mistakes_are_named_at_once(broken: Callable[[str], list[str]]) -> None:
    found = broken(GOOD.replace('"CORR"', '"UNC"').replace('"P1"', '"P999"') + GOOD.replace('turn = "merchant"\n', ""))
    assert found == [
        "x.toml: pdd.test.turn: Field required",
        "x.toml: pdd.test.length: UNC must not carry a span",
        "x.toml: pdd.test.what: UNC must not state a figure, but says 48小时",
        "x.toml: pdd.test.sources: P999 is not in sources.toml",
    ]


def test_five_reminders_are_too_many(broken: Callable[[str], list[str]]) -> None:
    found = broken(GOOD.replace('["0"]', '["-1h", "-2h", "-3h", "-4h", "soon"]'))
    assert len(found) == 1
    assert found[0].startswith("x.toml: pdd.test.remind")


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        load_rules(tmp_path, TODAY)
    assert caught.value.problems == ["sources.toml: the file is missing", "words.toml: the file is missing"]


WORDS = Words(numerals="几半", measure="个", units=("小时", "天", "工作日", "元"))


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("要等 48 小时", "48小时"),
        ("四十八小时内", "四十八小时"),
        ("先点1，再等2天", "2天"),
        ("３天", "3天"),
        ("几个工作日", "几个工作日"),
        ("打12315问", None),
        ("这一步先点申请", None),
        ("当天处理", None),
    ],
)
def test_a_figure_is_a_number_with_a_unit(text: str, figure: str | None) -> None:
    assert figure_in(text, WORDS) == figure


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("2027", "off = [2026-01-01]\nwork = []", "2027.toml: off: 2026-01-01 is not in 2027"),
        ("2028", "off = []\nwork = []", "2028.toml: year: 2027 in a file for 2028"),
        ("2027", "off = []\nwork = [2027-01-04]", "2027.toml: work: 2027-01-04 is no weekend day"),
        ("2027", "off = [2027-01-02]\nwork = [2027-01-02]", "2027.toml: work: 2027-01-02 is listed as off too"),
        ("2027", "off = [2027-01-02, 2027-01-02]\nwork = []", "2027.toml: off: a day is listed twice"),
        ("2027", "off = []", "2027.toml: work: Field required"),
    ],
)
def test_a_mistake_in_the_holidays_is_named(tmp_path: Path, name: str, text: str, problem: str) -> None:
    head = 'year = 2027\nsource = "L12"\nlast_checked = 2026-11-22\n'
    (tmp_path / f"{name}.toml").write_text(head + text, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load_holidays(tmp_path)
    assert caught.value.problems == [problem]
