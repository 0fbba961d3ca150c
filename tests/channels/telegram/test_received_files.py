"""Pictures, films and files that people send: how they arrive, and what an edit of one means."""

import pytest

from bot.messages import FILE_LIMIT, Answer, Attached
from tests.channels.telegram.conftest import Bench
from tests.fakes.telegram_api import FakeTelegram


async def test_pictures_films_files_and_the_rest(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    await li.sends_photo("烂的在这里", content=b"jpeg")
    await li.sends_document("聊天记录.pdf", "和商家的对话", content=b"%PDF")
    await li.sends_video("开箱", content=b"film")
    for kind in ("animation", "video_note", "sticker", "voice", "audio"):
        await li.sends(kind)
    await li.sends("location", latitude=31.2, longitude=121.4)
    await li.sends("a_kind_of_tomorrow", x=1)
    await server.all_confirmed()
    assert [(one.kind, one.text, one.attached) for one in bench.talk.seen] == [
        ("photo", "烂的在这里", Attached("photo-42-1", size=4, type="image/jpeg")),
        ("document", "和商家的对话", Attached("document-42-2", "聊天记录.pdf", 4, "application/pdf")),
        ("video", "开箱", Attached("video-42-3", "IMG_0001.MOV", 4, "video/quicktime")),
        ("video", "", Attached("animation-42-4", size=17)),
        ("video", "", Attached("video_note-42-5", size=18, type="video/mp4")),
        ("sticker", "", None),
        ("voice", "", None),
        ("voice", "", None),
        ("other", "", None),
        ("other", "", None),
    ]


async def test_an_album_of_five_of_which_one_part_is_answered(bench: Bench, server: FakeTelegram) -> None:
    bench.talk.answers["photo"] = Answer()
    await bench.started()
    li = server.person(42)
    sent = await li.album([b"1", b"2", b"3", b"4", b"5"], "坏果")
    await li.sees("收到：坏果")
    await server.all_confirmed()
    seen = bench.talk.seen
    assert [(one.kind, one.text, one.message) for one in seen] == [
        ("photo", words, str(message.id)) for words, message in zip(["坏果", "", "", "", ""], sent, strict=True)
    ]
    assert len({one.album for one in seen}) == 1
    assert seen[0].album != ""
    assert len({one.attached.ref for one in seen if one.attached}) == 5
    assert [one.text for one in li.chat] == ["收到：坏果"]


@pytest.mark.parametrize(
    ("name", "known_as"),
    [
        ("草莓 <b>坏</b> & 面单.pdf", "草莓 <b>坏</b> & 面单.pdf"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("发票\u202efdp.exe", "发票fdp.exe"),
        ("两\n行\x00.pdf", "两行.pdf"),
        ("", ""),
        ("😡" * 100 + ".pdf", "😡" * 100 + ".pdf"),
    ],
)
async def test_documents_with_odd_names(bench: Bench, server: FakeTelegram, name: str, known_as: str) -> None:
    await bench.started()
    await server.person(42).sends_document(name)
    await server.all_confirmed()
    assert [one.attached.name for one in bench.talk.seen if one.attached] == [known_as]


async def test_what_is_over_the_limit_says_so_itself(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    await li.sends_document("大.zip", size=21 << 20)
    await li.sends_video(size=FILE_LIMIT + 1)
    await li.sends_document("刚好.pdf", size=FILE_LIMIT)
    await server.all_confirmed()
    assert [(one.attached.size, one.attached.refused) for one in bench.talk.seen if one.attached] == [
        (21 << 20, "too_large"),
        (FILE_LIMIT + 1, "too_large"),
        (FILE_LIMIT, None),
    ]


async def test_other_words_under_a_picture_are_an_edited_text(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    photo = await li.sends_photo("三天前到的", album="7")
    await li.sees("三天前")
    await li.edits(photo, "四天前到的")
    await li.sees("四天前")
    edited = bench.talk.seen[1]
    assert (edited.kind, edited.text, edited.message, edited.edited) == ("text", "四天前到的", str(photo.id), True)
    assert (edited.attached, edited.album) == (None, "")


async def test_another_picture_in_its_place_is_a_picture(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    photo = await li.sends_photo(content=b"1")
    await li.sees("photo")
    await li.edits(photo, content=b"2")
    await server.all_confirmed()
    assert [(one.kind, one.attached and one.attached.ref, one.edited) for one in bench.talk.seen] == [
        ("photo", "photo-42-1", False),
        ("photo", "photo-42-2", True),
    ]


async def test_an_edit_in_which_nobody_sees_a_change_is_not_answered(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    for message in [await li.says("草莓"), await li.sends_photo("坏果"), await li.sends_photo()]:
        await li.edits(message)
    await server.all_confirmed()
    assert [(one.text, one.edited) for one in bench.talk.seen] == [("草莓", False), ("坏果", False), ("", False)]


async def test_after_a_restart_an_edit_counts_by_its_words(bench: Bench, server: FakeTelegram) -> None:
    channel = await bench.started()
    li = server.person(42)
    sent = [await li.says("草莓"), await li.sends_photo("坏果"), await li.sends_photo()]
    await server.all_confirmed()
    await channel.stop()
    await bench.started()
    for message in sent:
        await li.edits(message)
    await server.all_confirmed()
    assert [(one.kind, one.text) for one in bench.talk.seen if one.edited] == [("text", "草莓"), ("text", "坏果")]


async def test_an_edit_that_could_not_be_handled_is_handled_again(bench: Bench, server: FakeTelegram) -> None:
    await bench.started()
    li = server.person(42)
    message = await li.says("三天前")
    await li.sees("三天前")
    failures = [OSError("the disk is full")]

    async def fail_once(_: object) -> None:
        if failures:
            raise failures.pop()

    bench.talk.before = fail_once
    await li.edits(message, "四天前")
    await li.sees("四天前")
    assert [one.text for one in bench.talk.seen] == ["三天前", "四天前"]
