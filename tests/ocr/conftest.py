"""Pages rendered by Debian's chromium and read by the real OCR. Without these the tests that need them are skipped with
one line, unless all tests are wanted."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from bot.reading import Reader, is_available
from tests.ocr.shots import Shot, render

CHROMIUM = shutil.which("chromium")
NEEDED = "the OCR tests need apt-get install chromium fonts-noto-cjk and pip install .[ocr]"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

Take = Callable[[Shot], Awaitable[Path]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents or not {"reader", "take"} & set(getattr(item, "fixturenames", ())):
            continue
        # One loop, because one browser and one reader serve all.
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        if not (CHROMIUM and is_available()) and os.environ.get("JIERU_TEST_ALL") != "1":
            item.add_marker(pytest.mark.skip(reason=NEEDED))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """All skips come from here, so the summary tells them in one line."""
    report = yield
    if report.skipped:
        report.longrepr = (__file__, 0, f"Skipped: {NEEDED}")
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def reader() -> AsyncIterator[Reader]:
    """The real one. It has patience, because the machine may be busy."""
    assert is_available(), NEEDED
    reader = Reader(time_limit=120)
    yield reader
    await reader.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def take(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Take]:
    """Takes a picture of a page and says where it is."""
    assert CHROMIUM is not None, NEEDED
    folder = tmp_path_factory.mktemp("pictures")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        async def take(shot: Shot) -> Path:
            path = folder / shot.name
            path.write_bytes(await render(browser, shot))
            return path

        yield take
        await browser.close()
