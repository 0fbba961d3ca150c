"""What an error says in the log, and what it does not."""

import pytest
from telegram.error import BadRequest, InvalidToken, NetworkError

from bot.channels.telegram.errors import describe, reason


def test_a_token_is_taken_out_wherever_it_stands() -> None:
    assert describe(InvalidToken("The token `1:A-b` was rejected"), "1:A-b") == (
        "InvalidToken: The token `[token]` was rejected"
    )
    url = NetworkError("POST https://api.telegram.org/bot123456:AAH-x_y/getMe")
    assert describe(url, "other") == "NetworkError: POST https://api.telegram.org/bot[token]/getMe"


def test_a_page_of_a_gateway_is_cut() -> None:
    assert len(describe(NetworkError("<html>" * 1000), "1:A")) == 200


@pytest.mark.parametrize(
    ("said", "passed_on"),
    [
        ('Bad Request: can\'t parse entities: Unsupported start tag "小李"', "can't parse entities"),
        ("Bad Request: BUTTON_DATA_INVALID", "button_data_invalid"),
        ("Bad Request: 小李的手机号", "bad request"),
    ],
)
def test_a_reason_holds_nothing_of_the_message(said: str, passed_on: str) -> None:
    assert reason(BadRequest(said)) == passed_on
