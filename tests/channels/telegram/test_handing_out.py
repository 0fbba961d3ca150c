"""Files that the bot hands out."""

import logging

import pytest
from markupsafe import Markup

from bot.messages import Answer, Attachment, Reply, Screen
from tests.channels.telegram.conftest import TEXTS, Bench, screen
from tests.fakes.telegram_api import FakeTelegram
from tests.fakes.telegram_files import Upload
from tests.fakes.telegram_person import Message


def png(width: int = 3, height: int = 4, size: int = 100) -> bytes:
    """As much of a picture as Telegram looks at."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4) + height.to_bytes(4) + bytes(size)


ICS = Attachment("截止.ics", "text/calendar", b"BEGIN:VCALENDAR")


def picture(bench: Bench, content: bytes, media_type: str = "image/png") -> Attachment:
    return Attachment("证据1.png", media_type, kept=bench.files.put(content), size=len(content))


async def handed_out(bench: Bench, server: FakeTelegram, *replies: Reply) -> list[Message]:
    """What stands in the chat after somebody asked for it."""
    bench.talk.answers["给我"] = Answer(replies=(*replies, Reply(screen("就这些"))))
    await bench.started()
    li = server.person(42)
    await li.says("给我")
    await li.sees("就这些")
    return li.chat[:-1]


def sent_by(server: FakeTelegram) -> list[tuple[str, int]]:
    return [(call.method, call.status) for call in server.calls if call.method.startswith("send")][:-1]


async def test_a_small_file_is_the_message_of_its_screen(bench: Bench, server: FakeTelegram) -> None:
    text = Markup("<b>存到日历</b>\n{}").format("11月23日 & 之前")
    shown = screen("", "返回")
    (message,) = await handed_out(bench, server, Reply(Screen(text, shown.rows), edit=True, file=ICS))
    assert message.file is not None
    assert (message.file.kind, message.file.name, message.file.type, message.file.content) == (
        "document",
        "截止.ics",
        "text/calendar",
        b"BEGIN:VCALENDAR",
    )
    assert (message.text, message.buttons) == ("存到日历\n11月23日 & 之前", ["返回"])
    assert [entity["type"] for entity in message.entities] == ["bold"]
    assert sent_by(server) == [("sendDocument", 200)]
    assert server.calls_of("sendDocument")[0].params["disable_content_type_detection"] == "true"


async def test_a_kept_picture_is_shown_as_one(bench: Bench, server: FakeTelegram) -> None:
    content = png(size=300_000)
    (message,) = await handed_out(bench, server, Reply(screen("证据1", "返回"), file=picture(bench, content)))
    assert message.file is not None
    assert (message.file.kind, message.text, message.buttons) == ("photo", "证据1", ["返回"])
    assert message.file.content == content


@pytest.mark.parametrize(
    ("content", "media_type", "sent"),
    [
        (png(size=10_000_001), "image/png", [("sendDocument", 200)]),
        (png(), "image/gif", [("sendDocument", 200)]),
        (png(1080, 9000), "image/png", [("sendPhoto", 400), ("sendDocument", 200)]),
        (b"no picture at all", "image/webp", [("sendPhoto", 400), ("sendDocument", 200)]),
    ],
)
async def test_what_telegram_does_not_take_as_a_photo_is_sent_as_a_file(
    bench: Bench, server: FakeTelegram, content: bytes, media_type: str, sent: list[tuple[str, int]]
) -> None:
    (message,) = await handed_out(bench, server, Reply(screen("证据1"), file=picture(bench, content, media_type)))
    assert message.file is not None
    assert (message.file.content == content, sent_by(server)) == (True, sent)


async def test_a_screen_that_just_fits_is_the_caption(bench: Bench, server: FakeTelegram) -> None:
    text = Markup("<b>") + Markup.escape("&<" * 510 + "😡😡") + Markup("</b>")
    (message,) = await handed_out(bench, server, Reply(Screen(text), file=ICS))
    assert message.text == "&<" * 510 + "😡😡"


async def test_a_screen_that_does_not_fit_comes_first(bench: Bench, server: FakeTelegram) -> None:
    words, file = await handed_out(bench, server, Reply(screen("长" * 1023 + "😡", "返回"), file=ICS))
    assert (words.file, len(words.text), words.buttons) == (None, 1024, ["返回"])
    assert (file.file is not None, file.text, file.buttons) == (True, "", [])


async def test_a_lost_upload_does_not_bring_its_text_twice(bench: Bench, server: FakeTelegram) -> None:
    server.faults.html("sendDocument")
    server.faults.next("sendDocument", 429, retry_after=0.01)
    words, file = await handed_out(bench, server, Reply(screen("长" * 1025), file=ICS))
    assert (words.text, file.file and file.file.content) == ("长" * 1025, b"BEGIN:VCALENDAR")
    assert [status for _, status in sent_by(server)] == [200, 502, 429, 200]


async def test_a_kept_file_is_whole_again_at_the_second_attempt(bench: Bench, server: FakeTelegram) -> None:
    content = png(size=400_000)
    server.faults.next("sendPhoto", 429, retry_after=0.01)
    (message,) = await handed_out(bench, server, Reply(screen("证据1"), file=picture(bench, content)))
    assert message.file is not None
    assert message.file.content == content
    uploads = [call.params["photo"] for call in server.calls_of("sendPhoto")]
    assert [isinstance(one, Upload) and one.content == content for one in uploads] == [True, True]


@pytest.mark.parametrize(
    "file",
    [
        Attachment("证据1.png", "image/png", kept="0" * 64, size=9),
        Attachment("证据1.png", "image/png", kept="../../etc/passwd"),
        Attachment("空.ics", "text/calendar"),
    ],
)
async def test_a_file_that_is_gone(bench: Bench, server: FakeTelegram, file: Attachment) -> None:
    (message,) = await handed_out(bench, server, Reply(screen("证据1", "返回"), file=file))
    assert (message.text, message.buttons) == ("证据1\n\n这个文件找不到了。", ["返回"])


async def test_a_file_over_50_megabytes_never_leaves(bench: Bench, server: FakeTelegram) -> None:
    kept = bench.files.put(b"zip")
    with bench.files.path(kept).open("r+b") as file:
        file.truncate(50_000_001)
    replies = [Reply(screen("打包好了", "返回"), file=Attachment("全部.zip", "application/zip", kept=kept))]
    replies.append(Reply(screen("长" * 1025), file=replies[0].file))
    messages = await handed_out(bench, server, *replies)
    assert [(one.text, one.buttons) for one in messages] == [
        ("打包好了\n\n这个文件太大，发不了。", ["返回"]),
        ("长" * 1025, []),
        ("这个文件太大，发不了。", []),
    ]
    assert server.calls_of("sendDocument") == []


@pytest.mark.parametrize(
    ("status", "description", "sentence"),
    [
        (413, "Request Entity Too Large", TEXTS.file_too_large),
        (400, "Bad Request: 小李的订单", TEXTS.file_gone),
    ],
)
async def test_a_file_that_telegram_refuses(
    bench: Bench,
    server: FakeTelegram,
    caplog: pytest.LogCaptureFixture,
    status: int,
    description: str,
    sentence: str,
) -> None:
    server.faults.next("sendDocument", status, description=description)
    (message,) = await handed_out(bench, server, Reply(screen("存到日历"), file=ICS))
    assert message.text == f"存到日历\n\n{sentence}"
    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert (len(said), "小李" in said[0]) == (1, False)


@pytest.mark.parametrize(
    ("name", "saved_as"),
    [
        ('问题单3 "草莓"/坏果\n.pdf', "问题单3 _草莓__坏果.pdf"),
        ("长" * 300 + ".html", "长" * 95 + ".html"),
        ("长" * 300, "长" * 100),
        ("字." + "长" * 300, "字." + "长" * 98),
    ],
)
async def test_names_that_every_phone_can_save(bench: Bench, server: FakeTelegram, name: str, saved_as: str) -> None:
    (message,) = await handed_out(bench, server, Reply(screen("好了"), file=Attachment(name, "text/html", b"<p>")))
    assert message.file is not None
    assert message.file.name == saved_as


@pytest.mark.parametrize(
    ("status", "description"),
    [(403, "Forbidden: bot was blocked by the user"), (400, "Bad Request: chat not found")],
)
async def test_to_somebody_who_is_gone_nothing_is_said_of_files(
    bench: Bench, server: FakeTelegram, status: int, description: str
) -> None:
    bench.talk.answers["给我"] = Answer(replies=(Reply(screen("存到日历"), file=ICS), Reply(screen("就这些"))))
    server.faults.next("sendDocument", status, description=description)
    await bench.started()
    await server.person(42).says("给我")
    await bench.told()
    assert bench.unreachable == ["telegram:42"]
    assert [call.method for call in server.calls if call.chat == 42] == ["sendDocument"]


async def test_a_button_under_a_file_answers_below_it(bench: Bench, server: FakeTelegram) -> None:
    bench.talk.answers["给我"] = Answer(replies=(Reply(screen("存到日历", "返回"), file=ICS),))
    await bench.started()
    li = server.person(42)
    await li.says("给我")
    file = await li.sees("存到日历")
    press = await li.answered(await li.presses("返回"))
    shown = await li.sees("收到：返回")
    assert (press.toast, shown.id > file.id, file.text, file.edited) == ("好，返回", True, "存到日历", 0)


async def test_a_file_counts_as_one_message(bench: Bench, server: FakeTelegram) -> None:
    channel = bench.channel(rate=2, rate_chat=1000)
    for number in (41, 42, 43):
        server.person(number)
        await channel.answer(str(number), Answer(replies=(Reply(screen("存到日历"), file=ICS),)))
    first, second, third = await server.called("sendDocument", 3)
    assert third.at - second.at > max(0.5, second.at - first.at)
