# mypy: ignore-errors
"""The same three questions as a wizard in aiogram-dialog, which keeps everything in memory.

Started by ``aiogram_bench`` with the Python of an environment that has ``requirements-aiogram.txt``; it stands alone
because nothing else is installed there. ``aiogram_wizard.py URL DATABASE``; the people who are at the third question
already are told by BENCH_PEOPLE: the first number and how many. Signals as in ``bots.py``.
"""

import asyncio
import os
import signal
import sys
import time

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage, SimpleEventIsolation
from aiogram_dialog import Dialog, Window, setup_dialogs
from aiogram_dialog.api.entities import Context, Stack
from aiogram_dialog.context.storage import StorageProxy
from aiogram_dialog.widgets.kbd import Button, Column, Row, SwitchTo
from aiogram_dialog.widgets.text import Const, Format

TOKEN = "7000000001:AAFakeTokenForTestsOnly_0123456789ab"
MESSAGE = 100
CONTEXT = "bench"


class Intake(StatesGroup):
    stage = State()
    signed = State()
    goods = State()
    card = State()


async def answered(_, button, manager):
    manager.dialog_data[button.widget_id] = True
    await manager.switch_to(Intake.card)


async def card(dialog_manager, **_):
    return {"goods": ", ".join(dialog_manager.dialog_data), "left": "7天14小时", "until": "11月29日 周日 24:00"}


def question(number, text, buttons, state, then=None, on_click=None):
    rows = [
        SwitchTo(Const(label), key, then) if then else Button(Const(label), key, on_click) for key, label in buttons
    ]
    text = f"第{number}问/共3问 · 商品和描述不同\n{text}\n点一个，或打字。中途停下也不会丢。"
    return Window(Const(text), Column(*rows), Row(Button(Const("返回"), "back"), Button(Const("停"), "x")), state=state)


DIALOG = Dialog(
    question(1, "退款页最上面写的是什么？", [("a", "还没申请"), ("b", "商家拒绝了")], Intake.stage, Intake.signed),
    question(2, "哪天几点签收的？", [("a", "刚刚"), ("b", "昨天")], Intake.signed, Intake.goods),
    question(
        3,
        "是什么东西？",
        [("normal", "普通商品"), ("fresh", "水果生鲜"), ("virtual", "充值卡券")],
        Intake.goods,
        on_click=answered,
    ),
    Window(
        Format("🎨 问题单1 · 商品和描述不同 {goods}\n准备中（轮到你）\n还剩 {left}，到 {until}\n你先做：先截图商品页"),
        Row(Button(Const("教我申请"), "walk"), Button(Const("已提交申请"), "did")),
        Row(Button(Const("去拍证据"), "proof"), Button(Const("发给客服的话"), "words")),
        Row(Button(Const("存到日历"), "ics"), Button(Const("更多"), "more")),
        state=Intake.card,
        getter=card,
    ),
)


async def fill(storage, bot, first, count):
    isolation = SimpleEventIsolation()
    for number in range(first, first + count):
        proxy = StorageProxy(storage, isolation, number, number, None, None, bot, {"Intake": Intake})
        await proxy.save_context(Context(CONTEXT, "", Intake.goods, None, {"a": True}))
        await proxy.save_stack(Stack("", [CONTEXT], last_message_id=MESSAGE))


async def main(url):
    bot = Bot(TOKEN, AiohttpSession(api=TelegramAPIServer.from_base(url)))
    storage = MemoryStorage()
    await fill(storage, bot, *map(int, os.environ["BENCH_PEOPLE"].split()))
    dispatcher = Dispatcher(storage=storage)
    dispatcher.include_router(DIALOG)
    setup_dialogs(dispatcher)

    def report():
        sys.stdout.write(f"{time.process_time()}\n")
        sys.stdout.flush()

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, report)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
