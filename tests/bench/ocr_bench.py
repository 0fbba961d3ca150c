"""How well order and refund pages are read from pictures: field by field over layouts, themes, widths and spoiling.

Run ``python -m tests.bench.ocr_bench`` (some minutes; needs the extra ``ocr``, chromium and a Chinese font). With a
folder as argument the pictures that were not read right are kept there. The pages are clean renderings with made-up
data: expect less of pictures from the field.
"""

import asyncio
import io
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import get_args

from PIL import Image, ImageDraw
from playwright.async_api import async_playwright

from bot.conversation.understand.screenshot import Screenshot, read_screenshot
from bot.reading import Reader
from tests.browser.conftest import ARGUMENTS, CHROMIUM, NEEDED
from tests.ocr.shots import PLAIN, Shot, Spoiling, Truth, page, render
from tests.ocr.verdict import verdicts

STATES = {"order": ("unshipped", "in_transit", "signed"), "refund": ("waiting_merchant", "rejected", "platform")}
OTHERS = ("list", "chat", "other_shop")


def shots() -> Iterator[Shot]:
    """Every layout and state with every kind of spoiling; theme and width go round."""
    looks = cycle([(dark, width) for width in (390, 360, 430) for dark in (False, True)])
    seed = 1000
    for spoiling in get_args(Spoiling):
        for layout, kind in PLAIN.items():
            for state in STATES[kind]:
                dark, width = next(looks)
                seed += 1
                yield Shot(layout, state, seed, dark, width, spoiling)
        for layout in OTHERS:
            dark, width = next(looks)
            seed += 1
            yield Shot(layout, "", seed, dark, width, spoiling)


def no_pages() -> Iterator[tuple[str, bytes]]:
    """Pictures without any page: blank, and something like fruit."""
    fruit = Image.new("RGB", (1080, 810), "#567d46")
    draw = ImageDraw.Draw(fruit)
    for number in range(60):
        x, y = number * 131 % 1000, number * 197 % 730
        draw.ellipse((x, y, x + 90, y + 110), fill=(190, 20 + number % 40, 40))
    for name, image in (("blank", Image.new("RGB", (1080, 2400), "white")), ("fruit", fruit)):
        out = io.BytesIO()
        image.save(out, "JPEG")
        yield name, out.getvalue()


def written(folder: str, name: str, content: bytes) -> Path:
    path = Path(folder, name)
    path.write_bytes(content)
    return path


def empty() -> Screenshot:
    return Screenshot("other", "")


async def main(keep: Path | None) -> None:
    """Read everything and print the tables."""
    if CHROMIUM is None:
        raise SystemExit(NEEDED)
    counts: Counter[tuple[str, str]] = Counter()
    by_spoiling: Counter[tuple[str, str]] = Counter()
    seconds: list[float] = []
    peak = 0
    reader = Reader()
    with tempfile.TemporaryDirectory() as folder:
        pictures: list[tuple[str, str, Truth, Path]] = []
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for shot in shots():
                path = written(folder, shot.name, await render(browser, shot))
                pictures.append((shot.name, shot.spoiling, page(shot)[1], path))
            await browser.close()
        for name, content in no_pages():
            pictures.append((name, "no page", Truth("other"), written(folder, name, content)))
        for name, spoiling, truth, path in pictures:
            began = time.perf_counter()
            read = await reader.read(path)
            seconds.append(time.perf_counter() - began)
            peak = max(peak, peak_rss(reader.pid))
            found = empty() if isinstance(read, str) else read_screenshot(read)
            for field, verdict, there, got in verdicts(truth, found):
                counts[field, verdict] += 1
                by_spoiling[spoiling, verdict] += 1
                if verdict != "right":
                    sys.stdout.write(f"{verdict:8} {field:16} {name}: {there!r} read as {got!r}\n")
                    if keep:
                        shutil.copy(path, keep / name)
            if isinstance(read, str) and spoiling != "no page":
                sys.stdout.write(f"fault    {read:16} {name}\n")
    await reader.close()
    table("field", counts)
    table("picture", by_spoiling)
    sys.stdout.write(
        f"\n{len(seconds)} pictures, {median(seconds):.1f} s each (median), {max(seconds):.1f} s the slowest, "
        f"first with start {seconds[0]:.1f} s; peak RSS of the process {peak // 1024} MB\n"
    )


def peak_rss(pid: int | None) -> int:
    """Kilobytes; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if pid is None or not status.exists():
        return 0
    return next((int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")), 0)


def table(first: str, counts: Counter[tuple[str, str]]) -> None:
    sys.stdout.write(f"\n{first:16} right  wrong  missing\n")
    for name in dict.fromkeys(name for name, _ in counts):
        sys.stdout.write(
            f"{name:16} {counts[name, 'right']:5}  {counts[name, 'wrong']:5}  {counts[name, 'missing']:7}\n"
        )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
