"""Rows arrive once, in order, whatever happens to the connection; stopping and leaving cost nothing."""

import asyncio
from datetime import timedelta

import pytest

from bot.channels.web import CannotListenError, Limits, PortTakenError, Rate
from bot.channels.web.hub import Hub
from bot.channels.web.limits import Buckets, Guesses
from bot.messages import Answer
from tests.channels.web.conftest import Visits
from tests.channels.web.world import QUICK, WebWorld, channel, texts
from tests.journeys.test_stale_buttons import rejected


async def test_opening_the_page_says_hello_once_in_all_tabs(world: WebWorld) -> None:
    posts = [world.browser.post("/start", {"id": f"tab-{number:06}"}) for number in range(3)]
    assert [response.status for response in await asyncio.gather(*posts)] == [200, 200, 200]
    rows = await world.browser.rows()
    assert [each["row"]["op"] for each in rows] == ["new"]
    assert (await (await world.browser.post("/start", {"id": "tab-000009"})).json())["last"] == 1


async def test_a_deed_is_said_then_answered(world: WebWorld) -> None:
    await world.browser.say("草莓烂了一半商家不给退", "deed-0001")
    said, answer = (await world.browser.rows())[:2]
    assert said["row"] == {"op": "said", "text": "草莓烂了一半商家不给退", "id": "deed-0001"}
    assert (said["seq"], answer["seq"], answer["row"]["op"]) == (1, 2, "new")
    assert said["at"] == world.now.isoformat()


async def test_a_press_edits_its_bubble(world: WebWorld) -> None:
    await world.say("草莓烂了一半商家不给退")
    asked = world.last
    await world.press("对，没错")
    rows = await world.browser.rows()
    edits = [each["row"] for each in rows if each["row"]["op"] == "edit"]
    assert edits[0]["target"] == 2
    assert asked.edits == 1
    assert [each["row"]["text"] for each in rows if each["row"]["op"] == "said"][-1] == "对，没错"


@pytest.mark.parametrize("message", ["", "0", "1", "999", "x", "-1", "٣", "9" * 30])
async def test_a_press_on_no_bubble_is_answered_below(world: WebWorld, message: str) -> None:
    await world.say("草莓烂了一半商家不给退")
    last = world.seen
    await world.browser.press(message, world.button("对，没错").press, "对，没错")
    assert {each["row"]["op"] for each in await world.browser.rows(last)} == {"said", "new"}


async def test_the_same_deed_twice_is_one(world: WebWorld) -> None:
    first = await world.browser.say("草莓烂了一半商家不给退", "deed-0001")
    again = await asyncio.gather(*(world.browser.say("草莓烂了一半商家不给退", "deed-0001") for _ in range(3)))
    assert [each["last"] for each in again] == [first["last"]] * 3
    assert len(await world.browser.rows()) == first["last"]


async def test_what_was_not_committed_is_not_confirmed(world: WebWorld, visits: Visits) -> None:
    async def fails(_: object) -> Answer:
        return Answer(toast="没弄好")

    web = channel(world, world.store, fails)
    await web.start()
    browser = await visits(web.url)
    response = await browser.post("/say", {"id": "deed-0001", "text": "草莓烂了"})
    assert (response.status, response.headers["Retry-After"]) == (503, "1")
    await web.stop()


async def test_two_tabs_see_the_same(world: WebWorld) -> None:
    async with world.browser.stream() as one, world.browser.stream() as other:
        last = (await world.browser.say("草莓烂了一半商家不给退"))["last"]
        assert await one.rows(last) == await other.rows(last) == await world.browser.rows()


async def test_a_reconnect_misses_nothing_and_doubles_nothing(world: WebWorld) -> None:
    await world.say("草莓烂了一半商家不给退")
    async with world.browser.stream() as stream:
        event = await stream.next()
        assert event is not None
        assert event.id == "1"
    await world.press("对，没错")
    everything = await world.browser.rows()
    async with world.browser.stream(after=0, last_id="1") as stream:
        assert await stream.rows(len(everything)) == everything[1:]


async def test_a_page_that_knows_too_much_starts_again(world: WebWorld) -> None:
    last = (await world.browser.say("草莓烂了一半商家不给退"))["last"]
    async with world.browser.stream(last_id="500") as stream:
        event = await stream.next()
        assert event is not None
        assert (event.name, event.id) == ("reset", "0")
        assert len(await stream.rows(last)) == last


async def test_a_restart_is_a_pause(world: WebWorld) -> None:
    await world.say("草莓烂了一半商家不给退")
    async with world.browser.stream(world.seen) as stream:
        await world.web.stop()
        event = await stream.next()
        assert event is not None
        assert (event.name, event.id, await stream.next()) == ("bye", None, None)
    await world.restart()
    await world.press("对，没错")
    assert [each["seq"] for each in await world.browser.rows()] == list(range(1, world.seen + 1))


async def test_a_reminder_reaches_the_open_page_which_is_not_told_that_nobody_was_there(world: WebWorld) -> None:
    await rejected(world)
    async with world.browser.stream(await world.store.last_seq(world.person)) as stream:
        due = await world.store.next_due()
        assert due is not None
        world.now = due
        await world.reminders.tick(world.now)
        event = await stream.next()
    assert event is not None
    assert (event.data["row"]["op"], event.data["row"]["reminder"], event.data["row"]["due"]) == ("new", True, None)
    assert event.data["at"] == due.isoformat()
    assert (await world.browser.rows())[-1] == event.data


async def test_a_reminder_waits_for_a_closed_page_with_when_it_was_due(world: WebWorld) -> None:
    await rejected(world)
    due = await world.store.next_due()
    assert due is not None
    await world.web.stop()  # with which every page is gone
    world.now = due + timedelta(minutes=2)
    await world.reminders.tick(world.now)
    await world.restart()
    last = (await world.browser.rows())[-1]
    assert (last["row"]["reminder"], last["row"]["due"]) == (True, due.isoformat())
    assert last["at"] == world.now.isoformat()


async def test_a_reminder_for_somebody_forgotten_leaves_nothing(world: WebWorld) -> None:
    await world.say("草莓烂了")
    async with world.store.transaction() as transaction:
        await transaction.forget(world.person)
    await world.web.send(world.person.partition(":")[2], world.last.screen)
    assert await world.store.last_seq(world.person) == 0


async def test_history_is_read_in_pages_both_ways(world: WebWorld) -> None:
    for number in range(6):
        await world.browser.say(f"第{number}句")
    everything = [each["seq"] for each in await world.browser.rows()]

    async def page(query: str) -> tuple[list[int], bool]:
        found = await world.browser.json(f"/history?{query}")
        return [each["seq"] for each in found["rows"]], found["more"]

    assert await page("after=2&limit=3") == ([3, 4, 5], True)
    assert await page(f"after={everything[-2]}") == (everything[-1:], False)
    assert await page("before=6&limit=3") == ([3, 4, 5], True)
    assert await page("before=4&limit=3") == ([1, 2, 3], False)
    assert await page("before=1") == ([], False)
    assert await page("before=99999&limit=2") == (everything[-2:], True)
    assert (await world.browser.get("/history?after=x")).status == 400


async def test_a_silent_stream_is_kept_alive(world: WebWorld, visits: Visits) -> None:
    quick = type(QUICK)(beat=0.01, health=1, stop_streams=0.5, stop_requests=0.5)
    web = channel(world, world.store, world.handle, timing=quick)
    await web.start()
    browser = await visits(web.url)
    async with browser.stream() as stream:
        for _ in range(3):
            await stream.beat()
    await web.stop()


async def test_stopping_with_many_open_pages_is_quick(world: WebWorld, visits: Visits) -> None:
    loop = asyncio.get_running_loop()
    web = channel(world, world.store, world.handle)
    await web.start()
    browsers = [await visits(web.url) for _ in range(5)]
    streams = [browser.stream() for browser in browsers for _ in range(4)]
    opened = [await stream.__aenter__() for stream in streams]
    assert web.connected
    began = loop.time()
    await web.stop()
    assert loop.time() - began < 2
    assert not web.connected
    assert [event.name for stream in opened if (event := await stream.next())] == ["bye"] * 20
    for stream in streams:
        await stream.__aexit__(None, None, None)


async def test_stopping_does_not_wait_for_what_hangs(world: WebWorld, visits: Visits) -> None:
    begun = asyncio.Event()

    async def hangs(_: object) -> Answer:
        begun.set()
        await asyncio.Event().wait()
        return Answer()

    web = channel(world, world.store, hangs)
    await web.start()
    browser = await visits(web.url)
    saying = asyncio.create_task(browser.post("/say", {"id": "deed-0001", "text": "草莓烂了"}))
    await begun.wait()
    loop = asyncio.get_running_loop()
    began = loop.time()
    await web.stop()
    assert loop.time() - began < 4
    await asyncio.gather(saying, return_exceptions=True)


async def test_tabs_of_one_person_are_limited(world: WebWorld, visits: Visits) -> None:
    web = channel(world, world.store, world.handle, limits=Limits(streams=2))
    await web.start()
    browser, other = await visits(web.url), await visits(web.url)
    async with browser.stream(), browser.stream():
        assert (await browser.get("/events")).status == 429
        async with other.stream():
            pass
    await web.stop()


async def test_a_hub_remembers_nobody_without_a_page() -> None:
    hub = Hub()
    for number in range(1000):
        with hub.listen(f"web:{number}"), hub.listen(f"web:{number}"):
            assert (hub.people, hub.count(f"web:{number}"), len(hub)) == (1, 2, 2)
        hub.wake(f"web:{number}")
    assert (hub.people, len(hub), hub._open) == (0, 0, {})


def test_limits_remember_only_who_asks() -> None:
    now = [0.0]
    buckets = Buckets(Rate(2, 1), lambda: now[0], remembered=100)
    for number in range(5000):
        buckets.take(str(number))
    assert len(buckets) == 100
    now[0] = 10
    for number in range(60):
        buckets.take(f"later {number}")
    assert len(buckets) == 60
    assert [buckets.take("one") for _ in range(3)] == [0, 0, 1]


def test_wrong_passwords_are_forgiven_in_time() -> None:
    now = [0.0]
    guesses = Guesses(1, 300, lambda: now[0])
    for _ in range(20):
        guesses.wrong("1.2.3.4")
    assert (guesses.wait("1.2.3.4"), guesses.wait("1.2.3.5")) == (300, 0)
    now[0] = 4000
    guesses.wrong("1.2.3.4")
    assert guesses.wait("1.2.3.4") == 1


async def test_a_taken_port_is_said_with_the_next_free_one(world: WebWorld) -> None:
    second = channel(world, world.store, world.handle, port=world.web.port)
    with pytest.raises(PortTakenError) as raised:
        await second.start()
    assert raised.value.port == world.web.port
    assert raised.value.next_free is not None
    third = channel(world, world.store, world.handle, port=raised.value.next_free)
    await third.start()
    await third.stop()
    await second.stop()


async def test_an_address_of_another_machine_is_said(world: WebWorld) -> None:
    far = channel(world, world.store, world.handle, host="192.0.2.1", password="x")
    with pytest.raises(CannotListenError) as raised:
        await far.start()
    assert raised.value.host == "192.0.2.1"


def test_every_sentence_that_the_server_says_is_there() -> None:
    keys = set(texts())
    assert {key.partition(".")[0] for key in keys} == {"page", "error", "plain"}
