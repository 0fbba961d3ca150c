"""Whoever sends as fast as possible slows nobody but themselves, and /start always leads back."""

from dataclasses import dataclass, field

from bot.conversation.throttle import Throttle
from bot.messages import Answer, Attached, Incoming, Kind
from tests.harness import START, knowledge

SLOWER = "慢一点，我看不过来。后面这几条没看，歇一会儿再发。"


@dataclass
class Door:
    """A throttle of six messages a minute in front of somebody who answers everything with 好."""

    now: float = 0.0
    heard: list[Incoming] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.throttle = Throttle(self._handle, knowledge().catalog.texts, 6, lambda: self.now, remembered=3)

    async def _handle(self, incoming: Incoming) -> Answer:
        self.heard.append(incoming)
        return Answer("好")

    async def sends(self, kind: Kind = "text", person: str = "telegram:1", times: int = 1) -> list[str]:
        """What came back: a toast, the text of a message, or nothing."""
        attached = Attached("ref") if kind in ("photo", "document") else None
        came = []
        for _ in range(times):
            answer = await self.throttle(Incoming("telegram:9", person, START, kind, attached=attached))
            came.append(answer.toast or "".join(str(reply.screen.text) for reply in answer.replies))
        return came


async def test_one_sentence_then_silence_until_it_calms_down() -> None:
    door = Door()
    assert await door.sends(times=9) == ["好"] * 6 + [SLOWER, "", ""]
    door.now += 10  # one more is free, the flood goes on
    assert await door.sends(times=3) == ["好", "", ""]
    door.now += 40  # calm for a while
    assert await door.sends(times=6) == ["好"] * 4 + [SLOWER, ""]
    assert len(door.heard) == 11


async def test_others_notice_nothing() -> None:
    door = Door()
    await door.sends(times=50)
    assert await door.sends(person="telegram:2", times=6) == ["好"] * 6


async def test_commands_lead_back_in_the_middle_of_a_flood() -> None:
    door = Door()
    await door.sends(times=50)
    assert await door.sends("command") == ["好"]
    assert await door.sends("command", times=50) == ["好"] * 5 + [SLOWER] + [""] * 44


async def test_a_press_is_told_in_its_notice() -> None:
    door = Door()
    assert (await door.sends("press", times=8))[5:] == ["好", SLOWER, ""]


async def test_pictures_cost_little_for_none_should_be_lost() -> None:
    door = Door()
    assert await door.sends("photo", times=25) == ["好"] * 24 + [SLOWER]


async def test_memory_is_bounded() -> None:
    door = Door()
    for number in range(100):
        await door.sends(person=f"telegram:{number}")
    assert len(door.throttle) == 3
