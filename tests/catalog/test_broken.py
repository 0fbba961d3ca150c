"""The shipped data broken on purpose: every slip is told with its file and key, and nothing else is."""

from pathlib import Path

import pytest

from bot.catalog import load_catalog
from bot.catalog.errors import CatalogError
from tests.catalog.slips import ADVICE, EDITED, IPHONE, LOCALE, SPOILED


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    return caught.value.problems


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def add(folder: Path, file: str, text: str) -> None:
    with (folder / file).open("a", encoding="utf-8") as handle:
        handle.write(text)


@pytest.mark.parametrize(("file", "old", "new", "told"), EDITED.values(), ids=EDITED)
def test_one_slip_is_told_with_its_file_and_key(data: Path, file: str, old: str, new: str, told: list[str]) -> None:
    edit(data, file, old, new)
    assert mistakes(data) == told


@pytest.mark.parametrize(
    "file", ["groups.toml", "ladder.toml", ADVICE, "wording.toml"], ids=["groups", "ladder", "advice", "wording"]
)
def test_a_missing_file_is_named(data: Path, file: str) -> None:
    (data / file).unlink()
    assert mistakes(data) == [f"{file}: the file is missing"]


def test_a_file_that_is_no_toml_is_named(data: Path) -> None:
    add(data, IPHONE, "steps =")
    assert [line.partition(" (at")[0] for line in mistakes(data)] == [f"{IPHONE}: not readable as TOML: Invalid value"]


def test_a_missing_problem_leaves_its_group_and_the_count_wrong(data: Path) -> None:
    (data / SPOILED).unlink()
    assert mistakes(data) == [
        "groups.toml: broken.problems: there is no problem spoiled",
        "problems: 25 problems of buyers, there are 26",
    ]


def test_without_the_merchant_a_side_is_missing(data: Path) -> None:
    (data / "problems/merchant.toml").unlink()
    assert mistakes(data) == ["problems: the merchant's side is missing"]


def test_no_request_holds_always(data: Path) -> None:
    text = (data / SPOILED).read_text(encoding="utf-8")
    only_fresh = text.replace("[[requests]]\n", '[[requests]]\ngoods = ["fresh"]\n')
    (data / SPOILED).write_text(only_fresh, encoding="utf-8")
    assert mistakes(data) == [f"{SPOILED}: requests: one must hold always, without orders, stages, goods and needs"]


def test_several_slips_in_several_files_are_told_at_once(data: Path) -> None:
    edit(data, SPOILED, 'closing = "unpacking"', 'closing = "packing"')
    edit(data, SPOILED, 'rule = "timer.fruit_claim"', 'rule = "timer.fruit"')
    edit(data, IPHONE, 'fallback = "service_direct"', 'fallback = "service_web"')
    edit(data, "ladder.toml", 'route = "court"', 'route = "courtroom"')
    edit(data, LOCALE, 'closed = "已结束"\n', "")
    assert mistakes(data) == [
        f"{SPOILED}: clocks.0.rule: there is no rule timer.fruit",
        f"{SPOILED}: closing: there is no advice packing",
        f"{IPHONE}: fallback: there is no walk service_web",
        "ladder.toml: court.route: there is no walk courtroom",
        "locales/zh-CN: stage.closed: is missing",
    ]


def test_files_that_are_unsound_by_themselves_are_all_told_before_what_they_say_of_each_other(data: Path) -> None:
    edit(data, SPOILED, 'button = "售后纠纷"\n', "")
    edit(data, "ladder.toml", 'id = "courier"', 'id = "service"')
    edit(data, "groups.toml", '"spoiled"', '"rotten"')
    add(data, "rules/days.toml", '\n[[law]]\nid = "days.odd"\n')
    assert mistakes(data) == [
        "days.toml: law: unknown key",
        f"{SPOILED}: service.button: Field required",
        "ladder.toml: service: is there twice",
    ]
