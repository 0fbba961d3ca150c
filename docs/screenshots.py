"""Makes the pictures of the web chat that the README shows: ``python -m docs.screenshots`` in the project's root.

Needs the test dependencies and, on Debian, ``apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji``.
``python -m docs.screenshots --all FOLDER`` makes every scene on phone and desktop, light and dark, to look at.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from tests.browser import steps
from tests.browser.conftest import ARGUMENTS, NEEDED
from tests.browser.site import Site

DOCS = Path(__file__).parent
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
README = {
    ("card", "phone", "light"),
    ("words", "phone", "light"),
    ("reminder", "phone", "dark"),
    ("card", "desktop", "light"),
}


async def scenes(page: Page, site: Site) -> list[tuple[str, bytes]]:
    """One story: from the first screen to the reminder before the deadline."""
    made = []

    async def picture(name: str) -> None:
        await page.evaluate("document.activeElement.blur()")
        await page.mouse.move(0, 0)
        await page.wait_for_timeout(400)
        made.append((name, await page.screenshot()))

    await picture("home")
    await steps.say(page, "草莓烂了一半商家不给退")
    await steps.press(page, "对，没错")
    await picture("question")
    await steps.say(page, "昨天下午三点")
    await steps.press(page, "对，没错")
    await picture("card")
    await steps.press(page, "发给客服的话")
    for answer in ("261118-123456789012345", "39.90", "整箱36个，18个发霉出水"):
        if not await page.locator(".current .copy").count():
            await steps.say(page, answer)
    while not await page.locator(".current .copy").count():
        await steps.press(page, (await steps.labels(page))[0])
    await picture("words")
    await page.locator(".current .qr-button").first.click()
    await picture("qr")
    await page.locator("[aria-expanded=true]").click()
    before = await steps.touched(page)
    await site.later(hours=28)
    await page.clock.set_system_time(site.now)
    await steps.changed(page, before)
    await page.locator("#scroller").evaluate("(scroller) => { scroller.scrollTop = scroller.scrollHeight; }")
    await picture("reminder")
    await page.locator("#menu-button").click()
    await picture("menu")
    await page.locator("#take").click()
    await page.locator("#taken-qr svg").wait_for()
    await picture("link")
    return made


async def shoot(browser: Browser, size: str, scheme: str) -> list[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        site = await Site.open(Path(folder), "")
        context = await browser.new_context(
            viewport=SIZES[size],  # type: ignore[arg-type]
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            device_scale_factor=2 if size == "phone" else 1,
        )
        page = await context.new_page()
        await page.clock.install(time=site.now)
        await page.goto(site.url)
        await page.locator(".current .bubble").wait_for()
        made = await scenes(page, site)
        await context.close()
        await site.close()
    return made


async def main(everything: Path | None) -> int:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.stderr.write(f"{NEEDED}\n")
        return 1
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for size in SIZES:
            for scheme in ("light", "dark"):
                if everything is None and not any(wanted[1:] == (size, scheme) for wanted in README):
                    continue
                for name, png in await shoot(browser, size, scheme):
                    if everything is not None or (name, size, scheme) in README:
                        path = (everything or DOCS) / f"web-{name}-{size}-{scheme}.png"
                        path.write_bytes(png)
                        sys.stdout.write(f"{path.name}\n")
        await browser.close()
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="FOLDER", dest="everything")
    sys.exit(asyncio.run(main(parser.parse_args().everything)))
