"""What the server takes, what it gives, and what it makes of nonsense."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from markupsafe import Markup, escape

from bot.channels.web import CaseText
from bot.channels.web.qr import draw
from bot.channels.web.richtext import markup, nodes
from bot.messages import Answer, Choice, Incoming, Reply, Screen
from tests.channels.web.conftest import Visits
from tests.channels.web.world import WebWorld, channel

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '"><svg onload=alert(1)>',
    "</pre><b>粗</b>",
    "javascript:alert(1)",
    "http://evil.example/<i>",
    "&lt;script&gt;&amp;#60;",
    "\u202e倒过来\u2066",
    "🍓👨‍👩‍👧",
    "a\nid: 99\nevent: reset\ndata: {}\n\n",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_was_typed_comes_back_as_text_and_nothing_else(world: WebWorld, text: str) -> None:
    last = (await world.browser.say(text))["last"]
    async with world.browser.stream() as stream:
        rows = await stream.rows(last)
    assert rows[0]["row"]["text"] == text
    tags = [node["tag"] for each in rows[1:] for node in each["row"]["screen"]["text"] if isinstance(node, dict)]
    assert set(tags) <= {"b", "i", "u", "s", "code", "pre", "blockquote"}


async def test_what_cannot_be_stored_is_replaced(world: WebWorld) -> None:
    await world.browser.say("a\0b\ud800c")
    assert (await world.browser.rows())[0]["row"]["text"] == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("一 &lt;b&gt; &amp;", ["一 <b> &"]),
        ("<b>粗<i>斜</i></b>后", [{"tag": "b", "nodes": ["粗", {"tag": "i", "nodes": ["斜"]}]}, "后"]),
        ("<strong>粗</strong>", [{"tag": "b", "nodes": ["粗"]}]),
        ('<a href="javascript:x">字</a>', ["字"]),
        ('<b onclick="x">字</b>', [{"tag": "b", "nodes": ["字"]}]),
        ("<script>alert(1)</script>", ["alert(1)"]),
        ("<!-- x -->字<br/>", ["字"]),
        ("<b>没关", [{"tag": "b", "nodes": ["没关"]}]),
        ("</b>字", ["字"]),
        ("<b><i>字</b>后", [{"tag": "b", "nodes": [{"tag": "i", "nodes": ["字"]}]}, "后"]),
        ("1 < 2 & 3", ["1 < 2 & 3"]),
        ("", []),
    ],
)
def test_rich_text_is_rebuilt_from_allowed_tags_alone(html: str, expected: list[Any]) -> None:
    assert nodes(html) == expected


def test_depth_is_bounded_and_text_survives() -> None:
    tree = nodes("<b>" * 5000 + "字" + "</b>" * 5000)
    assert markup(tree) == Markup("<b><b><b><b><b><b><b><b>字</b></b></b></b></b></b></b></b>")


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_survives_the_way_there_and_back(text: str) -> None:
    assert nodes(str(escape(text))) == [text]
    assert markup(nodes(str(escape(text)))) == escape(text)


@pytest.mark.parametrize(
    "body",
    [
        [],
        "x",
        {},
        {"id": "deed-0001"},
        {"id": "deed-0001", "text": ""},
        {"id": "deed-0001", "text": " \n"},
        {"id": "deed-0001", "text": 7},
        {"id": "short", "text": "字"},
        {"id": "deed:0001", "text": "字"},
        {"id": "d" * 65, "text": "字"},
        {"text": "字"},
    ],
)
async def test_nonsense_is_refused_with_a_sentence(world: WebWorld, body: Any) -> None:
    response = await world.browser.post("/say", body)
    assert (response.status, await response.json()) == (400, {"error": "这条没读懂，刷新页面再试一次。"})
    assert await world.browser.rows() == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 16000, b'{"id": NaN'])
async def test_a_body_that_is_no_json_is_refused(world: WebWorld, body: bytes) -> None:
    headers = {"Origin": world.web.url, "X-Token": world.browser.token}
    async with world.browser.http.post(f"{world.web.url}/say", data=body, headers=headers) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    "change", [{"press": ""}, {"press": "字" * 22}, {"label": ""}, {"message": 3}, {"press": None}]
)
async def test_a_press_that_no_page_sends_is_refused(world: WebWorld, change: dict[str, Any]) -> None:
    body = {"id": "deed-0001", "message": "1", "press": "s1.what", "label": "说说新问题"}
    assert (await world.browser.post("/press", body | change)).status == 400


async def test_too_much_at_once_is_refused_with_a_sentence(world: WebWorld) -> None:
    fits = "字" * 2600
    assert (await world.browser.say(fits))["last"] > 0
    response = await world.browser.post("/say", {"id": "deed-0002", "text": "字" * 20_000})
    assert (response.status, await response.json()) == (413, {"error": "这段太长了，分几次发。"})


async def test_what_is_not_there_is_said(world: WebWorld) -> None:
    for path, status in (("/nowhere", 404), ("/static/../server.py", 404), ("/static/%2e%2e%2fserver.py", 404)):
        assert (await world.browser.get(path)).status == status
    response = await world.browser.get("/say")
    assert (response.status, response.headers["Allow"]) == (405, "POST")
    assert await response.json() == {"error": "这里不能这样用。"}


async def test_the_page_and_its_files_are_kept_until_they_change(world: WebWorld) -> None:
    for path in ("/", "/static/app.js"):
        first = await world.browser.get(path)
        again = await world.browser.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status, again.status, await again.read()) == (200, 304, b"")
    assert (await world.browser.get("/static/app.js")).headers["Content-Type"] == "text/javascript; charset=utf-8"


async def test_the_session_brings_the_sentences_of_the_page_and_no_others(world: WebWorld) -> None:
    found = world.browser.session["texts"]
    assert found["send"] == "发送"
    assert [key for key in found if key.startswith(("error", "plain", "page"))] == []


async def test_words_to_copy_are_drawn_for_a_phone(world: WebWorld, visits: Visits) -> None:
    words = "您好，订单261118-123456789012345，草莓大部分发霉，请求平台介入。" * 6
    long = "长" * 600
    rows = ((Choice("复制这段", copy=words), Choice("返回", press="home")), (Choice("复制全部", copy=long),))

    async def answers(incoming: Incoming) -> Answer:
        answer = Answer(replies=(Reply(Screen(Markup("字"), rows)),))
        return await keep(world, incoming, answer)

    web = channel(world, world.store, answers)
    await web.start()
    browser = await visits(web.url)
    await browser.say("要发的话")
    drawn = await browser.get("/qr?seq=2&row=0&col=0")
    svg = await drawn.text()
    assert (drawn.status, drawn.content_type, svg) == (200, "image/svg+xml", await draw(words))
    assert svg.startswith("<svg")
    assert [mark for mark in ("style", "script", "href") if mark in svg] == []
    statuses = [
        (await browser.get(f"/qr?{query}")).status
        for query in ("seq=2&row=1&col=0", "seq=2&row=0&col=1", "seq=2&row=9&col=9", "seq=1", "seq=99", "seq=-1")
    ]
    assert statuses == [413, 404, 404, 404, 404, 400]
    other = await visits(web.url)
    assert (await other.get("/qr?seq=2&row=0&col=0")).status == 404
    await web.stop()


async def keep(world: WebWorld, incoming: Incoming, answer: Answer) -> Answer:
    """What the engine does with an answer."""
    from bot.conversation.decide import stranger
    from bot.conversation.transcript import transcript_rows
    from bot.domain.model import Preferences

    async with world.store.transaction() as transaction:
        await transaction.save(None, stranger(incoming.person, world.now, Preferences()))
        await transaction.append(incoming.person, transcript_rows(incoming, answer), world.now)
    return answer


async def test_ones_cases_are_read_without_scripts(world: WebWorld, visits: Visits) -> None:
    async def cases(person: str) -> list[CaseText]:
        if person != world.person:
            return []
        rich, bare = Markup("<b>轮到你</b>\n还剩 1天"), "<script>x</script>"
        return [CaseText(3, "草莓 <坏果>", rich), CaseText(5, "水壶", bare)]

    web = channel(world, world.store, world.handle, read_cases=cases)
    await web.start()
    world.browser.url = web.url
    page = await (await world.browser.get("/cases")).text()
    assert '<a href="/cases/3">草莓 &lt;坏果&gt;</a>' in page
    assert "<b>轮到你</b>\n还剩 1天" in await (await world.browser.get("/cases/3")).text()
    assert "&lt;script&gt;x&lt;/script&gt;" in await (await world.browser.get("/cases/5")).text()
    assert "<script" not in page
    missing = await world.browser.get("/cases/4")
    assert (missing.status, missing.content_type) == (404, "text/html")
    other = await visits(web.url)
    assert "还没有问题单" in await (await other.get("/cases")).text()
    assert (await other.get("/cases/3")).status == 404
    other.http.cookie_jar.clear()
    assert "这个浏览器里还没有问题单" in await (await other.get("/cases")).text()
    await web.stop()


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ({"database": True, "reminders": True, "channels": {"web": True, "telegram": True}}, 200),
        ({"database": True, "reminders": True, "channels": {"web": True, "telegram": False}}, 503),
        ({"database": False, "reminders": True}, 503),
        ({"database": True, "version": "0.2", "reminders": 3}, 200),
    ],
)
async def test_health_is_the_worst_of_its_findings(
    world: WebWorld, visits: Visits, found: dict[str, object], status: int
) -> None:
    async def health() -> Mapping[str, object]:
        return found

    web = channel(world, world.store, world.handle, health=health)
    await web.start()
    response = await (await visits(web.url)).get("/healthz")
    assert (response.status, await response.json()) == (status, {"ok": status == 200, **found})
    await web.stop()


async def test_health_that_does_not_answer_is_none(world: WebWorld, visits: Visits) -> None:
    async def health() -> Mapping[str, object]:
        await asyncio.Event().wait()
        return {}

    web = channel(world, world.store, world.handle, health=health)
    await web.start()
    assert (await (await visits(web.url)).get("/healthz")).status == 503
    await web.stop()


@pytest.mark.parametrize(
    ("shown", "local", "forwarded", "called"),
    [
        ("loopback", (200, 200), (404, 404), (404, 404)),
        ("all", (200, 200), (200, 200), (200, 200)),
        ("off", (200, 404), (404, 404), (404, 404)),
    ],
)
async def test_who_may_read_health_and_counters(
    world: WebWorld,
    visits: Visits,
    shown: str,
    local: tuple[int, int],
    forwarded: tuple[int, int],
    called: tuple[int, int],
) -> None:
    web = channel(world, world.store, world.handle, metrics=shown, public_url="http://jieru.example")
    await web.start()
    browser = await visits(f"http://127.0.0.1:{web.port}")

    async def statuses(headers: dict[str, str]) -> tuple[int, int]:
        return (
            (await browser.get("/healthz", headers=headers)).status,
            (await browser.get("/metrics", headers=headers)).status,
        )

    assert await statuses({}) == local
    assert await statuses({"X-Forwarded-For": "127.0.0.1"}) == forwarded
    assert await statuses({"Host": "jieru.example"}) == called
    await web.stop()


async def test_counters_hold_nothing_of_a_person(world: WebWorld) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.browser.get("/cases/987654")
    response = await world.browser.get("/metrics")
    text = await response.text()
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    assert 'jieru_web_requests_total{route="/say",status="200"} 1.0' in text
    assert 'jieru_web_handle_seconds_count{kind="text"} 1.0' in text
    assert "jieru_web_streams 1.0" in text
    assert [each for each in ("草莓", "987654", world.person.partition(":")[2], "127.0.0.1") if each in text] == []


async def test_rows_are_plain_json(world: WebWorld) -> None:
    await world.say("草莓烂了一半商家不给退")
    rows = await world.browser.rows()
    assert set(rows[1]["row"]) == {"op", "screen", "reminder", "due"}
    assert set(rows[1]["row"]["screen"]) == {"text", "rows"}
    assert json.dumps(rows).isascii()
