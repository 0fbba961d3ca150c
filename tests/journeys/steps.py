"""A journey written down as its transcript: what a person types and presses, and what must be read in the answer.

    草莓烂了一半商家不给退      typed
    [对，没错] [昨天]           pressed, one after the other
    [找到了，下一步]…           pressed until it is gone; everything on the way counts as read
    : 商家已拒绝（轮到你）       stands in the answer to the line before (in each of its screens together)
    ! 催发货                   does not stand there
    = [教我怎么点] [更多]       these buttons are on the newest screen
    + 2d 3h                   time passes; the reminders that came are the answer
    ~                         the process dies and is started again

Every screen on the way is checked against what holds for all of them.
"""

import re

from bot.messages import COPY_LIMIT, TEXT_LIMIT, TOAST_LIMIT
from tests.harness import Message, World

LABEL = re.compile(r"\[([^\]]+)\](…?)")
SPAN = re.compile(r"(\d+)([dhms])")
UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
BANNED = ("一定", "保证", "百分百", "必赢", "秒退", "内部", "维权到底", "！", "您的", "亲，", "卖家", "店家", "小二")
PLACEHOLDER = re.compile(r"\{[a-z_]*\}")
GAP = re.compile(r"。。|，，|，。|。，|：。|（）|“”|「」|；。|\bNone\b")
MOST, MOST_REMINDER, LONGEST_LABEL = 6, 4, 8
MORE = (("哪里不对？写一句就行，也可以点", 9), ("这笔订单本来是哪里不对", 10), ("问/共", 7))
"""Screens that hold more: the groups, and questions with five answers beside 返回 and 先停下."""
ENDLESS = 20


async def journey(world: World, script: str) -> None:
    """Live through a transcript."""
    teller = Teller(world)
    for line in script.strip().splitlines():
        if line.strip():
            await teller.line(line.strip())


class Teller:
    """One journey, line by line."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.read = ""
        self.seen: dict[int, str] = {}
        """What each bubble showed when it was last looked at."""

    async def line(self, line: str) -> None:
        """Do or check what one line says."""
        mark, rest = line[0], line[1:].strip()
        if mark == ":":
            assert rest in self.read, f"{rest!r} is not in\n{self.read}"
        elif mark == "!":
            assert rest not in self.read, f"{rest!r} is in\n{self.read}"
        elif mark == "=":
            wanted = [label for label, _ in LABEL.findall(rest)]
            assert [each for each in wanted if each in self.world.labels] == wanted, self.world.labels
        else:
            self.read = ""
            await self._act(mark, line, rest)

    async def _act(self, mark: str, line: str, rest: str) -> None:
        if mark == "~":
            await self.world.restart()
        elif mark == "+":
            await self.world.later(**{UNITS[unit]: float(number) for number, unit in SPAN.findall(rest)})
            self._look()
        elif mark == "[":
            for label, again in LABEL.findall(line):
                await self._press(label, ENDLESS if again else 1)
        else:
            await self.world.say(line)
            self._look()

    async def _press(self, label: str, times: int) -> None:
        message = await self.world.press(label)
        self._look()
        while times > 1 and label in message.labels:
            message = await self.world.press(label, message)
            times -= 1
            self._look()

    def _look(self) -> None:
        """Read what is new, and check it."""
        for index, message in enumerate(self.world.chat.messages):
            shown = f"{message.text}\n{' '.join(f'[{label}]' for label in message.labels)}\n"
            if self.seen.get(index) != shown:
                self.seen[index] = shown
                self.read += shown
                check_screen(message)
        toasts = self.world.chat.toasts
        assert max((len(toast) for toast in toasts), default=0) <= TOAST_LIMIT
        self.read += "\n".join(toasts)
        toasts.clear()


def check_screen(message: Message) -> None:
    """What holds for every screen of every journey."""
    text, labels = message.text, message.labels
    assert 0 < len(str(message.screen.text)) <= TEXT_LIMIT
    assert [each for each in BANNED if any(each in shown for shown in (text, *labels))] == [], text
    assert PLACEHOLDER.search(text) is None, text
    assert GAP.search(text) is None, text
    presses = [choice.label for choice in message.buttons if choice.press]
    most = MOST_REMINDER if message.reminder else next((many for mark, many in MORE if mark in text), MOST)
    assert len(presses) <= most, presses
    assert [label for label in labels if len(label) > LONGEST_LABEL] == []
    assert len(set(labels)) == len(labels), labels
    assert [choice.copy for choice in message.buttons if len(choice.copy) > COPY_LIMIT] == []
