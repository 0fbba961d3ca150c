"""A picture of a page is sent, and what stands on it is read: rendered by a browser, read by the real OCR."""

from pathlib import Path

import pytest
from PIL import Image

from bot.conversation.understand.screenshot import read_screenshot
from bot.reading import Page, Reader
from tests.ocr.conftest import Take
from tests.ocr.shots import Shot, page
from tests.ocr.verdict import verdicts


@pytest.mark.parametrize(
    "shot",
    [
        Shot("order", "in_transit", 1, spoiling="jpeg"),
        Shot("refund_big", "rejected", 3, dark=True, width=360, spoiling="small"),
        Shot("refund", "waiting_merchant", 2, width=430, spoiling="tilted"),
    ],
    ids=["an order page", "a refusal, dark, small and pressed", "a countdown, tilted and blurred"],
)
async def test_a_page_is_read_field_by_field(shot: Shot, take: Take, reader: Reader) -> None:
    truth = page(shot)[1]
    read = await reader.read(await take(shot))
    assert isinstance(read, Page)
    assert [each for each in verdicts(truth, read_screenshot(read)) if each[1] != "right"] == []


@pytest.mark.parametrize(
    ("size", "fault"), [((10_001, 5_000), "too_many_pixels"), ((200, 200), "no_text")], ids=["huge", "blank"]
)
async def test_a_picture_without_a_page_is_a_value(
    size: tuple[int, int], fault: str, reader: Reader, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.png"
    Image.new("1", size, 1).save(picture)
    assert await reader.read(picture) == fault


async def test_what_is_no_picture_is_a_value(reader: Reader, tmp_path: Path) -> None:
    cut_off = tmp_path / "cut_off.png"
    Image.effect_noise((400, 400), 50).save(cut_off)
    cut_off.write_bytes(cut_off.read_bytes()[:2000])
    assert [await reader.read(path) for path in (cut_off, tmp_path / "gone.png")] == ["broken", "broken"]
