"""Rows arrive once each, whatever happens to the server, the page and the number of tabs."""

import json
import re
from datetime import timedelta

from playwright.async_api import Route, expect

from bot.messages import Choice
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.steps import bubbles, press, say, to_card

REMINDER = "⏰ 介入助手 · 问题单1 草莓坏果\n还剩 5小时，到今天 15:02"
STOP = (Choice("我做完了", "x"), Choice("停止提醒", "y"))


async def test_a_restarted_server_is_found_again_with_nothing_missed_and_nothing_doubled(
    site: Site, open_page: OpenPage
) -> None:
    page = await open_page()
    await to_card(page)
    shown = await bubbles(page)
    await site.stop()
    await expect(page.locator("#banner")).to_be_visible()
    await site.begin()
    await site.remind(page.context, REMINDER, STOP)
    await expect(page.locator(".current .words")).to_have_text(REMINDER)
    await expect(page.locator("#banner")).to_be_hidden()
    assert (await bubbles(page))[:-1] == shown
    everything = await bubbles(page)
    await page.reload()
    await expect(page.locator(".current .words")).to_have_text(REMINDER)
    assert await bubbles(page) == everything


async def test_what_was_said_while_the_server_was_away_arrives_once(site: Site, open_page: OpenPage) -> None:
    page = await open_page()
    await site.stop()
    await page.locator("#draft").fill("草莓烂了一半商家不给退")
    await page.locator("#draft").press("Enter")
    await expect(page.locator(".mine.sending")).to_have_count(1)
    await site.begin()
    await expect(page.locator(".current .words")).to_contain_text("先别扔")
    assert await page.locator(".mine").count() == 1
    assert await page.locator(".sending").count() == 0


async def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_id(site: Site, open_page: OpenPage) -> None:
    page = await open_page()
    ids: list[str] = []

    async def lose_the_first_answer(route: Route) -> None:
        ids.append(json.loads(route.request.post_data or "")["id"])
        if len(ids) == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/say", lose_the_first_answer)
    async with page.expect_response("**/say"):
        await say(page, "草莓烂了一半商家不给退")
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert await page.locator(".mine").count() == 1
    assert await page.locator(".bot").count() == 2


async def test_ten_tabs_show_the_same_conversation_and_use_one_stream(site: Site, open_page: OpenPage) -> None:
    first = await open_page()
    tabs = [first] + [await open_page(tab_of=first.context) for _ in range(9)]
    await say(tabs[4], "草莓烂了一半商家不给退")
    await press(tabs[9], "对，没错")
    wanted = await bubbles(tabs[9])
    for tab in tabs:
        await expect(tab.locator(".current .words")).to_contain_text("第1问")
        assert await bubbles(tab) == wanted
    assert len(site.web._hub) == 1
    # The tab that holds the stream goes; another takes over.
    await tabs.pop().close()
    await site.remind(first.context, REMINDER, STOP)
    for tab in tabs:
        await expect(tab.locator(".current .words")).to_have_text(REMINDER)
    assert len(site.web._hub) == 1


async def test_two_people_on_one_server_do_not_see_each_other(open_page: OpenPage) -> None:
    mine, yours = await open_page(), await open_page()
    await say(mine, "草莓烂了一半商家不给退")
    assert await mine.locator(".mine").count() == 1
    assert await yours.locator(".mine").count() == 0


async def test_a_reminder_appears_in_the_open_page_and_calls_from_a_hidden_tab(site: Site, open_page: OpenPage) -> None:
    page = await open_page(permissions=["notifications"])
    await page.locator("#menu-button").click()
    await page.locator("#notify").click()
    await expect(page.locator("#notify")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Escape")
    await page.evaluate("""() => {
        window.called = [];
        window.Notification = class extends EventTarget {
            static permission = 'granted';
            constructor(title, options) { super(); window.called.push(options.body); }
        };
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.away });
        window.away = true;
        document.dispatchEvent(new Event('visibilitychange'));
    }""")
    await site.remind(page.context, REMINDER, STOP, due=site.now)
    await expect(page.locator(".reminder .words")).to_have_text(REMINDER, timeout=5_000)
    await expect(page.locator(".reminder .due")).to_have_text(re.compile("^提醒 11月"))
    await expect(page.locator("#live")).to_contain_text("还剩 5小时")
    assert await page.title() == "⏰ 介入助手"
    assert await page.evaluate("window.called") == [REMINDER]
    await page.evaluate("() => { window.away = false; document.dispatchEvent(new Event('visibilitychange')); }")
    await expect(page).to_have_title("介入助手")


async def test_a_reminder_waits_for_a_closed_page_with_when_it_was_due(site: Site, open_page: OpenPage) -> None:
    page = await open_page()
    await to_card(page)
    await expect(page.locator("#closed")).to_have_text("这个网页关着时收不到提醒。把截止存进手机日历更稳。")
    context = page.context
    await page.close()
    await site.later(hours=28)
    due = site.now
    site.now += timedelta(hours=3)
    await site.remind(context, REMINDER, STOP, due=due)
    again = await open_page(tab_of=context)
    await expect(again.locator(".reminder .due").last).to_have_text("你不在时到的提醒：11月23日 周一 14:00")
    assert await again.locator(".reminder").count() >= 2
