"""Debian's chromium, driven headless. Without it these tests are skipped with one line, unless all tests are wanted."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.site import Site

CHROMIUM = shutil.which("chromium")
NEEDED = "the browser tests need chromium and a Chinese font: apt-get install chromium fonts-noto-cjk"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 30_000
"""Milliseconds that a busy machine has for what should be there at once."""
PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., Awaitable[Page]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            # One loop, because one browser serves all; each story has contexts and a server of its own.
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            if CHROMIUM is None and os.environ.get("JIERU_TEST_ALL") != "1":
                item.add_marker(pytest.mark.skip(reason=NEEDED))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """All skips come from here, so the summary tells them in one line."""
    report = yield
    if report.skipped:
        report.longrepr = (__file__, 0, f"Skipped: {NEEDED}")
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM is not None, NEEDED
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        expect.set_options(timeout=PATIENCE)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser, tmp_path: Path) -> AsyncIterator[Site]:
    site = await Site.open(tmp_path, "")
    yield site
    await site.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, site: Site) -> AsyncIterator[OpenPage]:
    """Opens the page, in a browser of its own or as one more tab (``tab_of``); options are those of a context.

    In the end nothing may have gone wrong in any of them: no exception, no breach of the content policy.
    """
    wrong: list[str] = []
    contexts: list[BrowserContext] = []

    async def open_page(tab_of: BrowserContext | None = None, **options: Any) -> Page:
        settings = {"viewport": PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"} | options
        context = tab_of or await browser.new_context(**settings)
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
        await page.goto(site.url)
        await page.locator(".current .bubble").wait_for()
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert wrong == []
