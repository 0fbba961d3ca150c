"""Everybody can use it: by keyboard, on a small phone, in the dark, with the words on the clipboard or in a QR code."""

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.steps import bubbles, labels, place, press, say, to_card, to_words

CONTRAST = """() => {
    const parts = (colour) => {
        const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => {
        const line = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        return 0.2126 * line(r) + 0.7152 * line(g) + 0.0722 * line(b);
    };
    const behind = (element) => {
        for (let each = element; each; each = each.parentElement) {
            const colour = parts(getComputedStyle(each).backgroundColor);
            if (colour[3] === 255) return colour;
        }
    };
    const found = {};
    for (const each of document.querySelectorAll('.words, .words pre, .mine .bubble, .choice, .gap, .closed, h1')) {
        if (!each.checkVisibility()) continue;
        const [one, other] = [light(parts(getComputedStyle(each).color)), light(behind(each))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < 4.5) found[each.className] = ratio;
    }
    return found;
}"""


async def too_small(page: Page) -> list[str]:
    """Things to press that a thumb would miss, and text below 16 px."""
    return list(
        await page.evaluate("""() => [
            ...[...document.querySelectorAll('button, a, textarea')].filter((each) => each.checkVisibility())
                .filter((each) => each.getBoundingClientRect().height < 44 || each.getBoundingClientRect().width < 44),
            ...[...document.querySelectorAll('.app *')].filter((each) => each.checkVisibility())
                .filter((each) => parseFloat(getComputedStyle(each).fontSize) < 16),
        ].map((each) => each.outerHTML)""")
    )


async def test_the_whole_way_to_the_words_by_keyboard_alone(open_page: OpenPage) -> None:
    page = await open_page()
    # Whoever just begins to write lands in the composer.
    await page.keyboard.type("cm")
    await expect(page.locator("#draft")).to_have_value("cm")
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.insert_text("草莓烂了一半商家不给退")
    await page.keyboard.press("Shift+Enter")
    assert await page.locator("#draft").input_value() == "草莓烂了一半商家不给退\n"
    await page.keyboard.press("Enter")
    for answer in ("对，没错", "昨天", "发给客服的话"):
        await expect(page.locator(".current .choice", has_text=answer)).to_be_visible()
        # The focus is on the new message: its buttons come next.
        await expect(page.locator(".current .bubble")).to_be_focused()
        while await page.evaluate("document.activeElement.textContent") != answer:
            await page.keyboard.press("Tab")
            assert await page.evaluate("document.activeElement.closest('.current') !== null")
        await page.keyboard.press("Enter")
    await expect(page.locator(".current .bubble")).to_be_focused()
    await expect(page.locator("#live")).to_contain_text("写这段话")


async def test_the_focus_stays_with_a_sentence_that_is_being_written(site: Site, open_page: OpenPage) -> None:
    page = await open_page()
    await page.locator("#draft").press_sequentially("草莓烂了")
    await site.remind(page.context, "⏰ 介入助手")
    await expect(page.locator(".reminder")).to_have_count(1)
    await expect(page.locator("#draft")).to_be_focused()
    await expect(page.locator("#draft")).to_have_value("草莓烂了")


async def test_enter_that_ends_a_composition_sends_nothing(open_page: OpenPage) -> None:
    page = await open_page()
    await page.locator("#draft").fill("cao")
    await page.locator("#draft").evaluate("""(area) => area.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))""")
    await expect(page.locator("#draft")).to_have_value("cao")
    assert await page.locator(".mine").count() == 0


async def test_a_small_phone_shows_everything_without_scrolling_sideways(open_page: OpenPage) -> None:
    page = await open_page(viewport={"width": 360, "height": 640})
    await to_card(page)
    await to_words(page)
    widths = await page.evaluate(
        "[document.documentElement, document.getElementById('scroller')].map((each) => each.scrollWidth)"
    )
    assert widths == [360, 360]
    assert await page.evaluate("document.documentElement.scrollHeight") == 640
    assert await too_small(page) == []


async def test_dark_is_dark_light_is_light_and_both_can_be_read(open_page: OpenPage) -> None:
    page = await open_page(color_scheme="dark", reduced_motion="reduce")
    await say(page, "草莓烂了一半商家不给退")
    ground = "getComputedStyle(document.querySelector('.app')).backgroundColor"
    assert await page.evaluate(ground) == "rgb(17, 22, 24)"
    assert await page.evaluate(CONTRAST) == {}
    await page.emulate_media(color_scheme="light")
    assert await page.evaluate(ground) == "rgb(243, 241, 234)"
    assert await page.evaluate(CONTRAST) == {}


async def test_browsing_changes_the_bubble_in_place(open_page: OpenPage) -> None:
    page = await open_page()
    await to_card(page)
    before, stood = await bubbles(page), await place(page, ".current")
    await press(page, "更多")
    assert "更多" not in await labels(page)
    after, stands = await bubbles(page), await place(page, ".current")
    assert after[:-1] == before[:-1]
    assert stands == stood
    # An old screen's button still works; what it brings back is the newest screen, wherever it stands.
    await page.locator(".bot .choice", has_text="说说新问题").click()
    await expect(page.locator(".bot").first).to_have_class(re.compile("current"))
    await expect(page.locator(".bot .bubble").first).to_be_focused()
    assert (await bubbles(page))[1:] == after[1:]


async def test_words_go_to_the_clipboard_whole_and_onto_a_phone_by_qr_code(open_page: OpenPage) -> None:
    page = await open_page(permissions=["clipboard-read", "clipboard-write"])
    await to_card(page)
    await to_words(page)
    pieces = await page.locator(".current pre").all_text_contents()
    copy = page.locator(".current .copy", has_text="复制这段")
    await copy.click()
    await expect(page.locator(".current .copy.done")).to_have_text("已复制")
    assert await page.evaluate("navigator.clipboard.readText()") == pieces[1]
    toggle = page.locator(".current .qr-button").nth(1)
    await expect(toggle).to_have_attribute("aria-label", "用手机扫码，取走这段话：复制这段")
    await toggle.click()
    await expect(page.locator(".qr-panel:visible .qr svg")).to_be_visible()
    await toggle.click()
    await expect(page.locator(".qr-panel:visible")).to_have_count(0)
    # A plain http address in the home network has no clipboard of the new kind.
    await page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    await page.locator(".current .copy").first.click()
    await expect(page.locator(".current .copy.done").first).to_have_text("已复制")
    assert await page.evaluate("navigator.clipboard.readText()") == pieces[0]


async def test_older_messages_come_by_a_button_and_the_page_does_not_jump(site: Site, open_page: OpenPage) -> None:
    page = await open_page()
    for number in range(70):
        await site.remind(page.context, f"第{number}条")
    await page.reload()
    await expect(page.locator(".current .words")).to_have_text("第69条")
    assert await page.locator(".reminder").count() == 60
    await page.locator("#scroller").evaluate("(scroller) => { scroller.scrollTop = 0; }")
    top = page.locator(".reminder").first
    before = await top.bounding_box()
    await page.locator("#older").click()
    await expect(page.locator(".reminder")).to_have_count(70)
    after = await page.locator(".reminder", has_text="第10条").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 60
    await expect(page.locator("#older")).to_be_hidden()


async def test_after_deleting_everything_the_page_begins_anew(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "草莓烂了一半商家不给退")
    await say(page, "全部删除")
    await page.locator(".current .choice", has_text="全部删").click()
    await expect(page.locator("#toast")).to_have_text("都删了，这页从头开始。")
    await expect(page.locator(".current .words")).to_contain_text("我不是拼多多")
    assert await page.locator(".mine").count() == 0
