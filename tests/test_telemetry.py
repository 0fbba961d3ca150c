"""What reaches the operator's terminal: our events in full, nothing of a person, no key to anything."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Literal

import pytest

from bot.telemetry import QUIET, configure_logging, get_logger, hide, person_tag, redact

TOKEN = "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"
SECRETS = (TOKEN, TOKEN.partition(":")[2], "261118-123456789012345", "13800138000", "138 0013 8000", "hunter2")
FORMATS: tuple[Literal["console", "json"], ...] = ("console", "json")

pytestmark = pytest.mark.usefixtures("restored_logging")


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """The process's logging as it was: levels and handlers are global."""
    names = ("", "jieru", *QUIET)
    levels = {name: logging.getLogger(name or None).level for name in names}
    handlers = list(logging.getLogger().handlers)
    yield
    logging.getLogger().handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name or None).setLevel(level)


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_day_of_logs_gives_away_nothing(fmt: Literal["console", "json"]) -> None:
    out = io.StringIO()
    configure_logging("DEBUG", fmt, out)
    log = get_logger("bot.channels.telegram.polling")
    log.info("started", url=f"https://api.telegram.org/bot{TOKEN}/getMe", proxy="http://me:hunter2@proxy:1")
    log.debug("update", person="telegram:4242424", facts={"order": SECRETS[2], "phones": [SECRETS[3], SECRETS[4]]})
    log.warning(f"odd: {TOKEN}", amount=39.9, order=SECRETS[2], chat_id=4242424, phone=13800138000)
    try:
        try:
            raise ValueError(f"https://api.telegram.org/file/bot{TOKEN}/photo.jpg")
        except ValueError as error:
            raise RuntimeError(f"no answer for telegram:4242424, order {SECRETS[2]}") from error
    except RuntimeError:
        log.exception("send_failed", attempt=2)
        logging.getLogger("telegram.ext").exception("boom with %s", TOKEN)
    logging.getLogger("httpx").warning('HTTP Request: POST "https://api.telegram.org/bot%s/getMe"', TOKEN)
    logging.getLogger("somebody.else").error("call %s", SECRETS[3])

    text = out.getvalue()
    for secret in (*SECRETS, "4242424"):
        assert secret not in text
    for kept in ("started", "odd: ", "send_failed", "RuntimeError", "ValueError", "39.9", "boom with", "getMe"):
        assert kept in text
    assert person_tag("telegram:4242424") in text


def test_json_is_one_object_per_line_with_the_standard_fields() -> None:
    out = io.StringIO()
    configure_logging("INFO", "json", out)
    try:
        raise ValueError(f"token {TOKEN}")
    except ValueError:
        get_logger("bot.reminders").exception("中文也行", n=3, big=123456789, none=None, ok=True)
    (line,) = out.getvalue().splitlines()
    event = json.loads(line)
    trace = event.pop("exception")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", event.pop("timestamp"))
    assert event == {
        "event": "中文也行",
        "level": "error",
        "logger": "jieru.reminders",
        "n": 3,
        "big": "[number]",
        "none": None,
        "ok": True,
    }
    assert trace.endswith("ValueError: token [token]")


def test_our_level_is_ours_and_libraries_stay_at_warning() -> None:
    out = io.StringIO()
    configure_logging("DEBUG", "console", out)
    for name in (*QUIET, "telegram.Bot", "httpcore.connection", "anything"):
        logging.getLogger(name).info("library talks")
        logging.getLogger(name).warning("library warns")
    get_logger("app").debug("we talk")
    text = out.getvalue()
    assert text.count("library warns") == len(QUIET) + 3
    assert text.count("library talks") == 0
    assert text.count("we talk") == 1


def test_a_level_above_silences_what_is_below_and_a_second_call_replaces_the_first() -> None:
    first, second = io.StringIO(), io.StringIO()
    log = get_logger("app")
    configure_logging("DEBUG", "console", first)
    configure_logging("ERROR", "json", second)
    log.warning("not this")
    log.error("but this")
    assert first.getvalue() == ""
    assert [json.loads(line)["event"] for line in second.getvalue().splitlines()] == ["but this"]


def test_without_a_stream_logs_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    get_logger("app").info("hello")
    out, err = capsys.readouterr()
    assert (out, json.loads(err)["event"]) == ("", "hello")


def test_a_record_that_cannot_be_written_is_told_without_its_arguments() -> None:
    out = io.StringIO()
    configure_logging("INFO", "console", out)
    (ours,) = [handler for handler in logging.getLogger().handlers if handler.get_name() == "jieru"]
    ours.handle(logging.LogRecord("telegram", logging.ERROR, "polling.py", 7, "%d", (TOKEN,), None))
    assert out.getvalue() == "log record lost: telegram line 7: TypeError\n"


def test_a_person_has_the_same_short_tag_everywhere_and_nobody_shares_it() -> None:
    tags = {person_tag(f"telegram:{number}") for number in range(200)}
    assert len(tags) == 200
    assert all(re.fullmatch(r"p[0-9a-f]{6}", tag) for tag in tags)
    assert redact("to telegram:7 now") == f"to {person_tag('telegram:7')} now"
    assert redact(person_tag("telegram:7")) == person_tag("telegram:7")


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (f"/bot{TOKEN}/getMe", "/bot[token]/getMe"),
        (f"/bot{TOKEN.replace(':', '%3A')}/getMe", "/bot[token]/getMe"),
        ("/bot1:A/getMe", "/bot[token]/getMe"),
        (f"token={TOKEN}.", "token=[token]."),
        ("http://me:pw@host:8080/x", "http://[login]@host:8080/x"),
        ("订单261118-123456789012345，退款", "订单[order]，退款"),
        ("打13800138000", "打[phone]"),
        ("+86 138-0013-8000", "+86 [phone]"),
        ("１３８００１３８０００", "[number]"),
        ("单号 773012345678901", "单号 [number]"),
        ("id 1234567 of 12345678", "id 1234567 of [number]"),
        ("2026-11-22T20:18:00.123456Z", "2026-11-22T20:18:00.123456Z"),
        ("¥39.90 at 15:02, attempt 3", "¥39.90 at 15:02, attempt 3"),
    ],
)
def test_redact(given: str, written: str) -> None:
    assert redact(given) == written


def test_a_secret_of_any_shape_is_hidden() -> None:
    hide("42:TEST")
    assert redact("GET /bot-42:TEST/getMe") == "GET /bot-[secret]/getMe"
