"""Pictures as people send them."""

from pathlib import Path

from PIL import Image

ORIENTATION, PLACE = 0x0112, 0x8825
QUARTER_TURN = 6


def photo(path: Path, size: tuple[int, int] = (1600, 1200), turned: bool = False) -> Path:
    """A phone's photo, dark on its left; with the place where it was taken, and held upright if ``turned``."""
    picture = Image.new("RGB", size, (200, 40, 60))
    picture.paste((10, 10, 10), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ORIENTATION] = QUARTER_TURN if turned else 1
    exif[PLACE] = {1: "N", 2: (31.0, 14.0, 0.0)}
    picture.save(path, "JPEG", exif=exif)
    return path


def screenshot(path: Path, size: tuple[int, int] = (720, 1600)) -> Path:
    """A screenshot whose upper half is clear."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    picture.paste((20, 90, 200, 255), (0, size[1] // 2, size[0], size[1]))
    picture.save(path, "PNG")
    return path
