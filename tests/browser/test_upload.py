"""Pictures and files go out by the button, the clipboard and the mouse, and come back as what they are."""

from pathlib import Path

from playwright.async_api import Page, Route, expect

from bot.messages import FILE_LIMIT, Answer, Attachment, file_row
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.steps import say
from tests.browser.test_reach import CONTRAST, too_small
from tests.channels.web.pictures import PDF, mp4, png

TRANSFER = """([event, names, contents]) => {
    const data = new DataTransfer();
    names.forEach((name, at) => {
        const type = name.endsWith('.png') ? 'image/png' : 'application/pdf';
        data.items.add(new File([new Uint8Array(contents[at])], name, { type }));
    });
    const target = event === 'paste' ? document.getElementById('draft') : document.getElementById('log');
    const made = event === 'paste'
        ? new ClipboardEvent(event, { clipboardData: data, bubbles: true, cancelable: true })
        : new DragEvent(event, { dataTransfer: data, bubbles: true, cancelable: true });
    target.dispatchEvent(made);
}"""
LOADED = """() => [...document.querySelectorAll('.mine .picture img')].map((each) => each.naturalWidth)"""


async def transfer(page: Page, event: str, files: dict[str, bytes]) -> None:
    """Let the page meet files as the clipboard or the mouse would bring them."""
    await page.evaluate(TRANSFER, [event, list(files), [list(content) for content in files.values()]])


async def begun(open_page: OpenPage) -> Page:
    """A page on which a 问题单 is being opened, so that what is sent has a place."""
    page = await open_page(viewport={"width": 360, "height": 740})
    await say(page, "草莓烂了一半商家不给退")
    return page


async def sent(page: Page, count: int) -> None:
    await expect(page.locator(".mine .bubble.carries")).to_have_count(count)
    await expect(page.locator(".upload")).to_have_count(0)


async def test_files_go_out_by_button_clipboard_and_mouse_and_stay_after_a_reload(
    site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    page = await begun(open_page)
    files = {"坏果 近照.png": png(1, 320, 240), "面单.pdf": PDF, "开箱.mp4": mp4(3_000_000)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="发图片或文件").click()
    assert (await chooser.value).is_multiple()
    await (await chooser.value).set_files([tmp_path / name for name in files])
    await sent(page, 3)

    await page.locator("#draft").fill("草莓写到一半")
    await transfer(page, "paste", {"image.png": png(2, 90, 200)})
    await sent(page, 4)
    await expect(page.locator("#draft")).to_have_value("草莓写到一半")

    await transfer(page, "dragover", {"a.png": png(3)})
    await expect(page.locator("#zone")).to_contain_text("松手就发")
    await transfer(page, "drop", {"a.png": png(3, 64, 64), "b.png": png(4, 64, 64)})
    await expect(page.locator("#zone")).to_be_hidden()
    await sent(page, 6)

    names = ["面单.pdf", "开箱.mp4"]
    assert await page.locator(".mine a.file .file-name").all_text_contents() == names
    assert await page.evaluate(LOADED) == [320, 90, 64, 64]
    assert await too_small(page) == []
    assert await page.evaluate(CONTRAST) == {}
    widths = "[document.documentElement, document.getElementById('scroller')].map((each) => each.scrollWidth)"
    assert await page.evaluate(widths) == [360, 360]

    await page.reload()
    await sent(page, 6)
    await page.locator(".mine .picture").first.scroll_into_view_if_needed()
    await page.wait_for_function(
        "() => [...document.querySelectorAll('.picture img')].every((each) => each.naturalWidth)"
    )
    assert await page.evaluate("[...document.images].every(({ src }) => !src.startsWith('blob:'))")
    async with page.expect_download() as download:
        await page.locator(".mine a.file").first.click()
    assert (await download.value).suggested_filename == "面单.pdf"
    async with page.expect_popup() as popup:
        await page.locator(".mine .picture").first.click()
    shown = await popup.value
    await shown.wait_for_load_state()
    assert await shown.evaluate("document.images[0].naturalWidth") == 320


async def test_one_that_fails_is_kept_for_another_try_and_one_may_change_ones_mind(open_page: OpenPage) -> None:
    page = await begun(open_page)
    tries: list[str] = []

    async def refuse_the_first(route: Route) -> None:
        tries.append((await route.request.all_headers())["x-id"])
        if len(tries) == 1:
            await route.fulfill(status=400, json={"error": "这条没读懂，刷新页面再试一次。"})
        elif len(tries) == 2:
            await route.continue_()

    await page.route("**/upload", refuse_the_first)
    await transfer(page, "drop", {"a.png": png(1, 200, 150)})
    await expect(page.get_by_role("alert")).to_have_text("没发出去，文件还在这里。这条没读懂，刷新页面再试一次。")
    assert await too_small(page) == []
    await page.get_by_role("button", name="再发一次：a.png").click()
    await sent(page, 1)
    assert tries == [tries[0]] * 2
    # The third hangs; it and the one behind it are called off.
    await transfer(page, "drop", {"b.png": png(2), "c.png": png(3)})
    await expect(page.get_by_role("progressbar", name="正在发：b.png")).to_be_visible()
    await expect(page.locator(".upload-status").last).to_have_text("排队等着发")
    for name in ("c.png", "b.png"):
        await page.get_by_role("button", name=f"不发了：{name}").click()
    await sent(page, 1)
    await page.unroute("**/upload")
    await transfer(page, "drop", {"d.png": png(4)})
    await sent(page, 2)


async def test_one_that_is_too_large_is_told_without_sending_it(open_page: OpenPage) -> None:
    page = await begun(open_page)
    bodies: list[str] = []
    page.on("request", lambda request: bodies.append(str(request.post_data)) if "/upload" in request.url else None)
    await page.evaluate(
        """(size) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(size)], '长.mp4', { type: 'video/mp4' }));
        document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
    }""",
        FILE_LIMIT + 1,
    )
    await expect(page.locator(".current .words")).to_contain_text("超过20MB")
    await sent(page, 1)
    assert bodies == ["None"]
    assert await page.locator(".mine a.file").count() == 0


async def test_what_is_handed_out_stands_below_its_words(site: Site, open_page: OpenPage) -> None:
    page = await open_page(viewport={"width": 360, "height": 740})
    person = await site.person_of(page.context)
    calendar = Attachment("草莓坏果.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    for words, file in (("存到日历：", calendar), ("证据1", Attachment("证据1.png", "image/png", png(5, 300, 600)))):
        row = {"op": "new", "screen": {"html": words, "rows": []}, "reminder": False, "due": None}
        async with site.store.transaction() as transaction:
            await transaction.append(f"web:{person}", [row | {"file": file_row(file)}], site.now)
    await site.web.answer(person, Answer())
    picture = page.locator(".bot .picture img")
    await expect(picture).to_have_js_property("naturalWidth", 300)
    link = page.get_by_role("link", name="存下来：草莓坏果.ics")
    async with page.expect_download() as download:
        await link.click()
    assert (await download.value).suggested_filename == "草莓坏果.ics"
    assert await too_small(page) == []
    assert await page.evaluate(CONTRAST) == {}
    # Deleted meanwhile: the page says so instead of a broken picture.
    await page.route("**/file/*", lambda route: route.fulfill(status=404))
    await page.reload()
    await expect(page.locator(".bot .picture")).to_have_text("这张图打不开，可能已经删了。")
