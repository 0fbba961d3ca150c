"""Whatever is written, by the person or into a screen, stays text."""

import pytest
from markupsafe import escape
from playwright.async_api import expect

from bot.messages import Choice
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.steps import say

CORPUS = {
    "script": "<script>window.broken = 1</script>",
    "image": '<img src=x onerror="window.broken = 1">',
    "attribute": '" onmouseover="window.broken = 1" x="',
    "svg": "<svg><g onload=window.broken=1></svg>",
    "frame": '<iframe srcdoc="<script>parent.broken = 1</script>"></iframe>',
    "style": "<style>* { display: none }</style>",
    "address": "javascript:window.broken=1 data:text/html,<b>x</b> https://a.example/?x=<y>&amp;z",
    "entities": "&lt;b&gt; &amp;lt; &#60;script&#62;",
    "right to left": "订单 \u202eabc\u2066def\u2069 \u05d0\u05d1",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🍓\u200d\u200b",
    "combining": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "template": "${window.broken = 1} {{7*7}} {text} %s",
}
HARMLESS = """() => [
    window.broken === undefined,
    document.querySelectorAll('#log :is(script, img, iframe, style, a, object, form, input)').length,
    [...document.querySelectorAll('#log *')].flatMap((each) => [...each.attributes])
        .filter(({ name }) => name.startsWith('on') || name === 'style' || name === 'href').length,
    document.documentElement.scrollWidth <= innerWidth,
]"""
SAFE = [True, 0, 0, True]


@pytest.fixture(scope="module", params=[CORPUS], ids=["corpus"])
def corpus(request: pytest.FixtureRequest) -> dict[str, str]:
    return dict(request.param)


async def test_what_a_person_types_is_shown_as_typed(open_page: OpenPage, corpus: dict[str, str]) -> None:
    page = await open_page()
    for text in corpus.values():
        await say(page, text)
        await expect(page.locator(".mine .bubble").last).to_have_text(f"我{text}", use_inner_text=False)
    await say(page, "NUL\0!")
    assert await page.evaluate(HARMLESS) == SAFE
    await page.reload()
    await page.locator(".current .bubble").wait_for()
    shown = await page.locator(".mine .bubble").all_text_contents()
    assert shown == [f"我{text}" for text in [*corpus.values(), "NUL\N{REPLACEMENT CHARACTER}!"]]
    assert await page.evaluate(HARMLESS) == SAFE


async def test_what_stands_in_a_screen_never_becomes_more_than_the_allowed_markup(
    site: Site, open_page: OpenPage, corpus: dict[str, str]
) -> None:
    page = await open_page()
    for text in corpus.values():
        await site.remind(page.context, text, (Choice(text, "x"), Choice(text, copy=text)))
        await site.remind(page.context, f"<b>{escape(text)}</b>")
        await expect(page.locator(".reminder b").last).to_have_text(text, use_inner_text=False)
    assert await page.evaluate(HARMLESS) == SAFE
    buttons = await page.locator(".reminder .choice:not(.copy, .qr-button)").all_text_contents()
    assert buttons == list(corpus.values())
    assert await page.evaluate(HARMLESS) == SAFE
