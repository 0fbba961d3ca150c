"""Whose page it is, and who is kept out."""

import pytest

from bot.channels.web import Limits, PasswordNeededError, Rate
from bot.channels.web.sessions import COOKIE
from tests.channels.web.browser import Browser
from tests.channels.web.conftest import Visits
from tests.channels.web.world import WebWorld, channel


async def test_several_people_do_not_see_each_other(world: WebWorld, visits: Visits) -> None:
    other = await visits(world.web.url)
    assert await world.person_of(other) != world.person
    await world.say("草莓烂了一半商家不给退")
    assert await other.rows() == []
    assert other.session["of"] != world.browser.session["of"]
    assert (await other.json("/session"))["first_time"] is True
    assert (await world.browser.json("/session"))["first_time"] is False
    seq = next(each["seq"] for each in await world.browser.rows() if each["row"]["op"] == "new")
    before = len(await world.browser.rows())
    await other.press(str(seq), world.labels[0], "借别人的按钮")
    assert len(await world.browser.rows()) == before


async def test_the_cookie_is_long_lived_and_out_of_reach_of_scripts_and_other_sites(world: WebWorld) -> None:
    browser = Browser.at(world.web.url)
    response = await browser.get("/")
    cookie = response.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Strict", "/", "")
    assert int(cookie["max-age"]) == 400 * 24 * 3600
    assert len(cookie.value) >= 43
    await browser.close()


async def test_a_page_behind_https_keeps_its_cookie_to_https(world: WebWorld) -> None:
    web = channel(world, world.store, world.handle, public_url="https://jieru.example")
    await web.start()
    browser = Browser.at(web.url.replace("https://jieru.example", f"http://127.0.0.1:{web.port}"))
    response = await browser.get("/", headers={"Host": "jieru.example"})
    assert (response.status, response.cookies[COOKIE]["secure"]) == (200, True)
    await browser.close()
    await web.stop()


async def test_a_visit_from_another_site_does_not_overwrite_who_one_is(world: WebWorld, visits: Visits) -> None:
    """The Strict cookie stays at home then; a new one would take its place."""
    browser = Browser.at(world.web.url)
    response = await browser.get("/", headers={"Sec-Fetch-Site": "cross-site"})
    assert (response.status, COOKIE in response.cookies) == (200, False)
    assert (await browser.get("/session", headers={"Sec-Fetch-Site": "cross-site"})).status == 403
    response = await browser.get("/session", headers={"Sec-Fetch-Site": "same-origin"})
    assert (response.status, COOKIE in response.cookies) == (200, True)
    await browser.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "", "Sec_Fetch_Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example", "Sec_Fetch_Site": "same-origin"}, 403),
        ({"X_Token": ""}, 403),
        ({"X_Token": "A" * 43}, 403),
        ({"Cookie": f"{COOKIE}=made-up"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example:8080", "Origin": "http://evil.example:8080"}, 421),
        ({"Origin": "", "Sec_Fetch_Site": "same-origin"}, 200),
        ({}, 200),
    ],
)
async def test_only_our_own_page_changes_anything(
    world: WebWorld, visits: Visits, headers: dict[str, str], status: int
) -> None:
    browser = await visits(world.web.url)
    if "Cookie" in headers:
        browser.http.cookie_jar.clear()
    response = await browser.post("/say", {"id": "deed-0001", "text": "草莓烂了"}, **headers)
    assert response.status == status
    assert ("error" in await response.json()) is (status != 200)
    person = await world.person_of(await visits(world.web.url)) if status != 200 else ""
    assert await world.store.last_seq(person) == 0


@pytest.mark.parametrize("path", ["/", "/session", "/history", "/events", "/cases", "/healthz", "/static/app.js"])
async def test_a_foreign_name_for_this_machine_is_refused_everywhere(world: WebWorld, path: str) -> None:
    for host in ("evil.example", f"evil.example:{world.web.port}", "127.0.0.1:1", "127.0.0.1"):
        assert (await world.browser.get(path, headers={"Host": host})).status == 421
    assert (await world.browser.get("/", headers={"Host": f"LOCALHOST:{world.web.port}"})).status == 200


@pytest.mark.parametrize("path", ["/", "/session", "/history", "/cases", "/healthz", "/static/app.js", "/no", "/qr"])
async def test_every_answer_says_what_a_browser_may_do_with_it(world: WebWorld, path: str) -> None:
    headers = (await world.browser.get(path)).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
    assert "Access-Control-Allow-Origin" not in headers


async def test_a_person_may_not_hurry_endlessly_and_others_are_not_held_up(world: WebWorld, visits: Visits) -> None:
    now = [0.0]
    limits = Limits(deeds=Rate(3, 0.5))
    web = channel(world, world.store, world.engine.handle, limits=limits, ticks=lambda: now[0])
    await web.start()
    fast, other = await visits(web.url), await visits(web.url)
    for number in range(3):
        await fast.say(f"第{number}句")
    response = await fast.post("/say", {"id": "deed-9999", "text": "第四句"})
    assert (response.status, response.headers["Retry-After"]) == (429, "2")
    assert await response.json() == {"error": "发得太快了，2秒后再发。"}
    await other.say("我不急")
    now[0] += 2
    assert (await fast.say("第四句", "deed-9999"))["last"] > 0
    await web.stop()


async def test_one_address_does_not_open_pages_without_end(world: WebWorld) -> None:
    now = [0.0]
    web = channel(world, world.store, world.engine.handle, limits=Limits(people=Rate(2, 0.1)), ticks=lambda: now[0])
    await web.start()
    crowd = [Browser.at(web.url) for _ in range(4)]
    assert [(await browser.get("/session")).status for browser in crowd] == [200, 200, 429, 429]
    assert (await crowd[0].get("/session")).status == 200
    now[0] += 10
    assert [(await browser.get("/session")).status for browser in crowd[2:]] == [200, 429]
    for browser in crowd:
        await browser.close()
    await web.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "jieru.example"])  # noqa: S104 - refused
async def test_others_are_not_let_in_without_a_password(world: WebWorld, host: str) -> None:
    with pytest.raises(PasswordNeededError) as raised:
        channel(world, world.store, world.handle, host=host)
    assert raised.value.host == host


async def test_bound_to_all_addresses_each_of_them_is_a_name(world: WebWorld) -> None:
    web = channel(world, world.store, world.handle, host="0.0.0.0", password="开门")  # noqa: S104 - refused otherwise
    await web.start()
    browser = Browser.at(f"http://127.0.0.1:{web.port}")
    for host, status in ((f"192.168.1.5:{web.port}", 200), ("evil.example", 421), (f"evil.example:{web.port}", 421)):
        assert (await browser.get("/login", headers={"Host": host})).status == status
    await browser.close()
    await web.stop()


async def test_the_password_opens_the_door_and_guessing_takes_ever_longer(world: WebWorld) -> None:
    now = [0.0]
    web = channel(world, world.store, world.handle, password="开门 吧", ticks=lambda: now[0], limits=Limits())
    await web.start()
    browser = Browser.at(web.url)
    assert (await browser.get("/")).headers["Location"] == "/login?next=/"
    assert (await browser.get("/cases/3")).headers["Location"] == "/login?next=/cases/3"
    for path in ("/session", "/history", "/events"):
        assert (await browser.get(path)).status == 401
    assert (await browser.post("/say", {})).status == 401
    assert (await browser.get("/static/app.js")).status == 200
    assert (await browser.form("/login", {"password": "开门 吧"}, Origin="https://evil.example")).status == 403

    async def guess(word: str) -> int:
        return (await browser.form("/login", {"password": word, "next": "https://evil.example"})).status

    assert [await guess("芝麻") for _ in range(4)] == [403, 403, 403, 429]
    assert await guess("开门 吧") == 429
    waits = []
    for _ in range(4):
        response = await browser.form("/login", {"password": "芝麻"})
        waits.append(int(response.headers["Retry-After"]))
        now[0] += waits[-1]
        assert await guess("芝麻") == 403
    assert waits == [1, 2, 4, 8]
    now[0] += 300
    response = await browser.form("/login", {"password": "开门 吧", "next": "//evil.example"})
    assert (response.status, response.headers["Location"]) == (303, "/")
    await browser.open()
    await browser.say("草莓烂了")
    await browser.close()
    await web.stop()


async def test_another_password_locks_again(world: WebWorld) -> None:
    first = channel(world, world.store, world.handle, password="一")
    await first.start()
    browser = Browser.at(first.url)
    assert (await browser.form("/login", {"password": "一", "next": "/cases"})).headers["Location"] == "/cases"
    await browser.open()
    await first.stop()
    second = channel(world, world.store, world.handle, password="二", port=first.port)
    await second.start()
    assert (await browser.get("/session")).status == 401
    await browser.close()
    await second.stop()


async def test_a_link_takes_ones_page_along_once(world: WebWorld, visits: Visits) -> None:
    await world.say("草莓烂了一半商家不给退")
    made = await (await world.browser.post("/link", {})).json()
    assert made["qr"].startswith("<svg")
    path = made["url"].removeprefix(world.web.url)
    phone = Browser.at(world.web.url)
    for _ in range(2):  # the preview of a messenger looks as well
        page = await phone.get(path)
        assert (page.status, page.headers["Referrer-Policy"]) == (200, "same-origin")
    token = path.removeprefix("/join/")
    assert (await phone.form("/join", {"token": token}, Origin="https://evil.example")).status == 403
    joined = await phone.form("/join", {"token": token})
    assert (joined.status, joined.headers["Location"]) == (303, "/")
    await phone.open()
    assert await phone.rows() == await world.browser.rows()
    assert phone.token != world.browser.token
    other = await visits(world.web.url)
    assert (await other.form("/join", {"token": token})).status == 410
    assert (await other.get(path)).status == 410
    await phone.close()


async def test_a_link_is_good_for_ten_minutes(world: WebWorld, visits: Visits) -> None:
    made = await (await world.browser.post("/link", {})).json()
    await world.later(minutes=10)
    other = await visits(world.web.url)
    assert (await other.form("/join", {"token": made["url"].rpartition("/")[2]})).status == 410


async def test_forgetting_is_complete_and_every_page_is_told(world: WebWorld, visits: Visits) -> None:
    await world.say("草莓烂了一半商家不给退")
    first, person = world.browser.session["of"], world.person
    async with world.browser.stream(await world.store.last_seq(person)) as tab:
        await world.say("全部删除")
        await world.press("全部删除吧")
        events = []
        while (event := await tab.next()) is not None:
            events.append((event.name, event.id))
        assert events[-1] == ("reset", "0")
    assert await world.store.last_seq(person) == 0
    assert await world.store.transcript(person, 0) == []
    assert (await world.browser.post("/say", {"id": "deed-9999", "text": "还在吗"})).status == 403
    again = await world.browser.open()
    assert (again.session["first_time"], again.session["of"] != first) == (True, True)
    async with again.stream(57, of=first) as stream:
        event = await stream.next()
        assert event is not None
        assert (event.name, event.id) == ("reset", "0")
