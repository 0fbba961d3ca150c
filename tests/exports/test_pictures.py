"""Pictures in a document are small, upright, and tell nothing that one does not see."""

import base64
import io
from pathlib import Path

from PIL import Image

from bot.exports.pictures import Picture, small

from .drawing import photo, screenshot


def opened(picture: Picture | None) -> Image.Image:
    assert picture is not None
    decoded = Image.open(io.BytesIO(picture.content))
    assert (decoded.format, decoded.size) == ("JPEG", (picture.width, picture.height))
    return decoded


def red(picture: Image.Image, at: tuple[int, int]) -> int:
    pixel = picture.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return int(pixel[0])


def test_a_photo_becomes_small_and_forgets_where_it_was_taken(tmp_path: Path) -> None:
    path = photo(tmp_path / "photo", (4200, 2800))
    with Image.open(path) as taken:
        assert dict(taken.getexif()) != {}
    made = opened(small(path))
    assert max(made.size) == 2000
    assert dict(made.getexif()) == {}


def test_a_photo_that_was_held_upright_stands_upright(tmp_path: Path) -> None:
    made = opened(small(photo(tmp_path / "photo", turned=True)))
    assert made.size == (1200, 1600)
    assert (red(made, (600, 100)) < 60, red(made, (600, 1500)) > 150) == (True, True)


def test_what_was_clear_becomes_paper(tmp_path: Path) -> None:
    made = opened(small(screenshot(tmp_path / "screenshot")))
    assert (red(made, (100, 100)) > 250, red(made, (100, 1400)) < 60) == (True, True)


def test_a_long_screenshot_stays_readable_and_a_small_picture_as_it_is(tmp_path: Path) -> None:
    assert opened(small(screenshot(tmp_path / "long", (800, 6600)))).size == (727, 6000)
    assert opened(small(screenshot(tmp_path / "tiny", (40, 30)))).size == (40, 30)


def test_moving_pictures_and_palettes_give_one_still(tmp_path: Path) -> None:
    path = tmp_path / "moving"
    frames = [Image.new("P", (50, 60), shade) for shade in (3, 200)]
    frames[0].save(path, "GIF", save_all=True, append_images=frames[1:], transparency=3)
    assert opened(small(path)).size == (50, 60)


def test_what_cannot_be_shown_is_none(tmp_path: Path) -> None:
    whole = photo(tmp_path / "photo").read_bytes()
    for name, content in {"empty": b"", "words": b"<svg onload=x>", "cut": whole[: len(whole) // 2]}.items():
        (tmp_path / name).write_bytes(content)
    assert [small(tmp_path / name) for name in ("empty", "words", "cut", "nowhere")] == [None] * 4


def test_a_page_can_carry_it(tmp_path: Path) -> None:
    made = small(screenshot(tmp_path / "screenshot"))
    assert made is not None
    head, _, coded = made.data_uri().partition(",")
    assert head == "data:image/jpeg;base64"
    assert base64.b64decode(coded, validate=True) == made.content
