"""What a person does on the page and sees there."""

from playwright.async_api import Page, expect


async def say(page: Page, text: str) -> None:
    """Type and press Enter; back when the answer is there."""
    before = await touched(page)
    await page.locator("#draft").fill(text)
    await page.locator("#draft").press("Enter")
    await changed(page, before)


async def press(page: Page, label: str) -> None:
    """Press a button of the newest screen; back when the screen has changed."""
    before = await touched(page)
    await page.locator(".current .choice", has_text=label).first.click()
    await changed(page, before)


async def touched(page: Page) -> str:
    """Changes with every answer."""
    return str(await page.evaluate("document.documentElement.dataset.seq ?? ''"))


async def changed(page: Page, before: str) -> None:
    await page.wait_for_function("before => document.documentElement.dataset.seq !== before", arg=before)


async def labels(page: Page) -> list[str]:
    """The buttons of the newest screen."""
    return await page.locator(".current .choice:not(.qr-button)").all_text_contents()


async def place(page: Page, selector: str) -> tuple[int, int]:
    """Where it stands in the conversation (left, top), wherever that is scrolled to."""
    left, top = await page.locator(selector).evaluate("one => [one.offsetLeft, one.offsetTop]")
    return int(left), int(top)


async def bubbles(page: Page) -> list[str]:
    """Everything that stands in bubbles, mine and the bot's, from top to bottom."""
    return await page.locator("#log .bubble").all_inner_texts()


async def to_card(page: Page) -> None:
    """From the first screen to the card of a rejected refund."""
    await say(page, "草莓烂了一半商家不给退")
    await press(page, "对，没错")
    await say(page, "昨天下午三点")
    await press(page, "对，没错")
    await expect(page.locator(".current .words")).to_contain_text("商家已拒绝（轮到你）")


async def to_words(page: Page) -> None:
    """From the card to the words for the service."""
    await press(page, "发给客服的话")
    while not await page.locator(".current .copy").count():
        await press(page, "没有，先这样")
