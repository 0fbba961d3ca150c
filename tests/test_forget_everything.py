"""全部删除 over the whole stack: no planted byte is left in the database, its log or the folder of files."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bot.inspection import inspect
from storage.files import open_files
from storage.store import open_store
from tests.channels.web.world import WebWorld
from tests.command import command_meanwhile
from tests.harness import World
from tests.test_process import program

ORDER = "261118-987654321098765"
PLANTED = ("绝无仅有的水壶", "孤品快递员说不给退", ORDER, "独此一份的草稿")


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (9, 9), (7, 77, 177)).save(made, "JPEG", comment=b"PLANTED-IN-A-PICTURE")
    return made.getvalue()


async def lives(world: World) -> None:
    """Something of everything: a case, words, a draft, evidence, an export, a question, work that waits."""
    await world.say("水壶一直不发货")
    for answer in ("对，没错", "48小时内", "待商家处理", "刚刚"):
        await world.press(answer)
    await world.say("发给客服的话")
    await world.say(f"订单号 {ORDER}")
    await world.say("59元")
    while "没有，先这样" in world.labels:
        await world.say(PLANTED[0])
        await world.press("没有，先这样")
    world.chat.uploads["one"] = picture()
    await world.photo("one")
    await world.work()
    await world.say("/export")
    await world.press("全部打包")
    await world.work()
    await world.say("我自己写")
    await world.say(f"您好，订单{ORDER}，{PLANTED[3]}，11月20日签收，请退款59元，不退就曝光你们。")
    await world.press("都帮我改好")
    await world.say(f"{PLANTED[1]}，加我微信退款")
    world.chat.uploads["two"] = picture() + b"another"
    await world.photo("two")


def left(folder: Path) -> dict[str, list[str]]:
    """Which planted words stand in which file, read by a process of its own: here that would drop SQLite's locks."""
    program = "import pathlib, sys; sys.stdout.buffer.write(pathlib.Path(sys.argv[1]).read_bytes())"
    spellings: dict[str, tuple[bytes, ...]] = {
        word: (word.encode(), word.encode("unicode_escape"), word.encode("utf-16-le")) for word in PLANTED
    }
    spellings["picture"] = (b"PLANTED-IN-A-PICTURE",)
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            run = subprocess.run([sys.executable, "-c", program, str(path)], check=True, capture_output=True)
            words = [word for word, forms in spellings.items() if any(form in run.stdout for form in forms)]
            if words:
                found[path.name] = words
    return found


@pytest.mark.parametrize("kind", [World, WebWorld], ids=["telegram", "web"])
async def test_nothing_is_left_after_forgetting(tmp_path: Path, kind: type[World]) -> None:
    world = await kind.open(tmp_path)
    await lives(world)
    person = world.person
    before = left(tmp_path)
    assert {word for words in before.values() for word in words} == {*PLANTED, "picture"}
    held = await world.store.held(person)
    kinds = {name for name, count in held.items() if count}
    assert kinds >= {"person", "cases", "reminders", "letters", "files", "seen"}
    assert ("transcript" in kinds) == (kind is WebWorld)
    await world.say("全部删除")
    await world.press("全部删除吧")
    world.ticks += 3600
    await world.work()
    assert left(tmp_path) == {}
    assert set((await world.store.held(person)).values()) == {0}
    await world.close()
    assert left(tmp_path) == {}


async def test_whoever_runs_it_can_do_the_same(tmp_path: Path) -> None:
    world = await World.open(tmp_path)
    await lives(world)
    held = await world.store.held("telegram:42")
    world.person = "telegram:43"
    await world.say("草莓烂了一半")
    await world.close()
    settings = {"DATABASE_URL": "sqlite:///jieru.db", "EVIDENCE_DIR": "evidence"}
    async with program(tmp_path, "forget", "telegram:42", **settings) as run:
        assert await run.ends() == 0
    told = f"问题单 1、提醒 {held['reminders']}、写好的话 2、图片和文件 2。"
    assert f"删掉了 telegram:42 的全部内容：{told}" in run.output
    assert "备份里还有" in run.output
    assert left(tmp_path) == {}
    store = await open_store(tmp_path / "jieru.db")
    assert set((await store.held("telegram:42")).values()) == {0}
    assert (await store.held("telegram:43"))["person"] == 1
    files = await open_files(tmp_path / "evidence", inspect, await store.identity())
    assert await files.unnamed(frozenset()) == []
    refused = await command_meanwhile(tmp_path, "forget", "telegram:43", **settings)
    assert refused.code == 1
    assert "已经有一个在用这个数据库了" in refused.output
    assert "停掉以后（在它的窗口按 Ctrl+C）再删一次。不停也行：本人在聊天里发“全部删除”。" in refused.output
    assert (await store.held("telegram:43"))["person"] == 1
    await store.close()


async def test_somebody_unknown_is_said_to_be_unknown(tmp_path: Path) -> None:
    run = await command_meanwhile(tmp_path, "forget", "telegram:1")
    assert run.code == 1
    assert "还没有数据库" in run.output
    world = await World.open(tmp_path)
    await world.say("你好")
    await world.close()
    for person in ("telegram:1", "42", ""):
        run = await command_meanwhile(tmp_path, "forget", person, DATABASE_URL="sqlite:///jieru.db")
        assert run.code == 1
        assert f"没有这个人：{person}。写法是“渠道:号码”，例：telegram:42" in run.output
    assert (await command_meanwhile(tmp_path, "forget")).code == 2
