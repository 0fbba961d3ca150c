"""The operator writes settings by hand: forgiving about looks, exact about mistakes, silent about secrets."""

from pathlib import Path

import pytest

from bot.config import SETTINGS, Mistake, Settings, load_settings
from bot.telemetry import redact

TOKEN = "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"


def loaded(environ: dict[str, str], folder: Path) -> Settings:
    settings = load_settings(environ, folder)
    assert isinstance(settings, Settings), settings
    return settings


def mistakes(environ: dict[str, str], folder: Path) -> list[Mistake]:
    found = load_settings(environ, folder, installed=lambda module: False)
    assert isinstance(found, list), found
    return found


def test_nothing_set_means_the_defaults_and_no_telegram(tmp_path: Path) -> None:
    settings = loaded({}, tmp_path)
    assert settings.telegram_bot_token.get_secret_value() == ""
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert (settings.send_rate, settings.send_rate_chat) == (30.0, 1.0)
    assert settings.database == tmp_path.resolve() / "data" / "jieru.db"
    assert settings.evidence == tmp_path.resolve() / "data" / "evidence"
    assert (settings.timezone, settings.log_level, settings.log_format) == ("Asia/Shanghai", "INFO", "console")


def test_the_example_file_says_the_defaults(tmp_path: Path) -> None:
    example = Path(__file__).parents[1] / ".env.example"
    (tmp_path / ".env").write_text(example.read_text(encoding="utf-8"), encoding="utf-8")
    assert loaded({}, tmp_path) == Settings(folder=tmp_path.resolve())


def test_env_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nSEND_RATE=20\nLOG_LEVEL=DEBUG\n", encoding="utf-8")
    settings = loaded({"SEND_RATE": "5", "PATH": "/usr/bin"}, tmp_path)
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert (settings.send_rate, settings.log_level) == (5.0, "DEBUG")


def test_an_empty_variable_switches_off_what_the_file_has(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\n", encoding="utf-8")
    assert loaded({"TELEGRAM_BOT_TOKEN": ""}, tmp_path).telegram_bot_token.get_secret_value() == ""


def test_spaces_quotes_case_and_a_windows_mark_are_forgiven(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"telegram_bot_token =  “{TOKEN}” \nTIMEZONE=' Asia/Tokyo '\n", encoding="utf-8-sig")
    settings = loaded({"log_level": " warning\u3000", "LOG_FORMAT": '"JSON"'}, tmp_path)
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert (settings.timezone, settings.log_level, settings.log_format) == ("Asia/Tokyo", "WARNING", "json")


@pytest.mark.parametrize(
    ("url", "file"),
    [("sqlite:///x/y.db", "x/y.db"), ("sqlite:///../y.db", "../y.db"), ("sqlite:////srv/a 库.db", "/srv/a 库.db")],
)
def test_database_path_is_absolute(tmp_path: Path, url: str, file: str) -> None:
    database = loaded({"DATABASE_URL": url}, tmp_path).database
    assert database.is_absolute()
    assert database == (tmp_path / file).resolve()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "hello"),
        ("TELEGRAM_BOT_TOKEN", f"bot{TOKEN}"),
        ("TELEGRAM_BOT_TOKEN", TOKEN.replace(":", "：")),
        ("TELEGRAM_BOT_TOKEN", TOKEN[:20]),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "ftp://api.telegram.org"),
        ("TELEGRAM_API_URL", "https://"),
        ("TELEGRAM_API_URL", f"https://api.telegram.org/bot{TOKEN}"),
        ("TELEGRAM_API_URL", "http://me:secret@localhost:8081"),
        ("TELEGRAM_PROXY", "127.0.0.1:7890"),
        ("TELEGRAM_PROXY", "https://127.0.0.1:7890"),
        ("TELEGRAM_PROXY", "http://127.0.0.1"),
        ("TELEGRAM_PROXY", "http://127.0.0.1:port"),
        ("SEND_RATE", "0"),
        ("SEND_RATE", "-1"),
        ("SEND_RATE", "nan"),
        ("SEND_RATE", "inf"),
        ("SEND_RATE", "很快"),
        ("SEND_RATE_CHAT", "1/s"),
        ("RATE_LIMIT_PERSON", "-1"),
        ("RATE_LIMIT_PERSON", "0.5"),
        ("RATE_LIMIT_PERSON", "不限"),
        ("EVIDENCE_MAX_MB", "500MB"),
        ("EVIDENCE_MAX_MB", "１００"),
        ("DATABASE_URL", "postgresql://me:secret@db/jieru"),
        ("DATABASE_URL", "data/jieru.db"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///data/"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///~/jieru.db"),
        ("DATABASE_URL", "sqlite:///."),
        ("EVIDENCE_DIR", "~/evidence"),
        ("EVIDENCE_DIR", "file:///srv/evidence"),
        ("EVIDENCE_DIR", "data"),
        ("EVIDENCE_DIR", "."),
        ("RETENTION_DAYS", "7"),
        ("RETENTION_DAYS", "-1"),
        ("RETENTION_DAYS", "4000"),
        ("RETENTION_DAYS", "一年"),
        ("TIMEZONE", "北京"),
        ("TIMEZONE", "Asia/Beijing"),
        ("TIMEZONE", "Asia"),
        ("TIMEZONE", "../etc/passwd"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_named_with_a_valid_example(tmp_path: Path, setting: str, value: str) -> None:
    found = mistakes({setting: value}, tmp_path)
    assert [mistake.setting for mistake in found] == [setting]
    name, _, example = found[0].example.partition("=")
    assert name == setting
    assert isinstance(load_settings({setting: example}, tmp_path), Settings)
    assert found[0].why


def test_all_mistakes_are_told_at_once_in_the_order_of_the_example_file(tmp_path: Path) -> None:
    wrong = dict.fromkeys(SETTINGS, "错") | {"EVIDENCE_DIR": "~/错"}
    assert [mistake.setting for mistake in mistakes(wrong, tmp_path)] == list(SETTINGS)


def test_no_secret_is_in_a_mistake_nor_in_the_settings_as_text(tmp_path: Path) -> None:
    environ = {
        "TELEGRAM_BOT_TOKEN": TOKEN + "!",
        "TELEGRAM_PROXY": "ftp://me:hunter2@proxy:1",
        "TIMEZONE": TOKEN,
        "TELEGRAM_TOKEN": TOKEN,
    }
    told = "\n".join(str(mistake) + repr(mistake) for mistake in mistakes(environ, tmp_path))
    right = loaded({"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_PROXY": "http://me:hunter2@proxy:1"}, tmp_path)
    for text in (told, repr(right), str(right), right.model_dump_json()):
        assert TOKEN not in text
        assert "hunter2" not in text
    assert right.telegram_proxy.get_secret_value() == "http://me:hunter2@proxy:1"


def test_every_token_that_is_accepted_is_redacted_in_logs(tmp_path: Path) -> None:
    for token in (TOKEN, "123456:" + "a" * 30, "123456789012:" + "-" * 64):
        assert loaded({"TELEGRAM_BOT_TOKEN": token}, tmp_path).telegram_bot_token.get_secret_value() == token
        assert token not in redact(f"token {token} refused")


def test_socks_says_what_to_install(tmp_path: Path) -> None:
    environ = {"TELEGRAM_PROXY": "socks5://127.0.0.1:1080"}
    (mistake,) = mistakes(environ, tmp_path)
    assert ".[socks]" in mistake.example
    assert isinstance(load_settings(environ, tmp_path, installed=lambda module: True), Settings)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAM_BOT_TOKE", "TELEGRAM_BOT_TOKEN"),
        ("BOT_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("TG_BOT_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAM_API_URI", "TELEGRAM_API_URL"),
        ("TIME_ZONE", "TIMEZONE"),
        ("LOGLEVEL", "LOG_LEVEL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("EVIDENCE_DIRECTORY", "EVIDENCE_DIR"),
    ],
)
def test_a_misspelt_name_is_hinted_at_unless_the_right_one_is_there(tmp_path: Path, written: str, meant: str) -> None:
    (mistake,) = mistakes({written: "x"}, tmp_path)
    assert mistake.setting == written
    assert meant in mistake.why
    assert mistake.example.startswith(f"{meant}=")
    assert isinstance(load_settings({written: "x", meant: ""}, tmp_path), Settings)


def test_variables_of_others_are_no_mistakes(tmp_path: Path) -> None:
    environ = dict.fromkeys(("PATH", "HOME", "LANG", "TZ", "TERM", "SHELL", "LOGNAME", "HTTP_PROXY", "PGPORT"), "x")
    assert loaded(environ, tmp_path) == loaded({}, tmp_path)


def test_a_file_that_is_not_utf8_is_said_so(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("# 设置\nLOG_LEVEL=INFO\n".encode("gbk"))
    assert [mistake.setting for mistake in mistakes({}, tmp_path)] == [".env"]


def test_a_server_of_ones_own_may_use_other_tokens(tmp_path: Path) -> None:
    own = {"TELEGRAM_BOT_TOKEN": "42:TEST", "TELEGRAM_API_URL": "http://127.0.0.1:8081"}
    assert loaded(own, tmp_path).telegram_bot_token.get_secret_value() == "42:TEST"
    assert [mistake.setting for mistake in mistakes({"TELEGRAM_BOT_TOKEN": "42:TEST"}, tmp_path)] == [
        "TELEGRAM_BOT_TOKEN"
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "99999"),
        ("WEB_PORT", "acht"),
        ("WEB_HOST", "http://localhost"),
        ("WEB_PASSWORD", "kurz"),
        ("WEB_PUBLIC_URL", "jieru.example.com"),
        ("WEB_PUBLIC_URL", "https://jieru.example.com/chat"),
        ("WEB_METRICS", "everybody"),
    ],
)
def test_a_wrong_setting_of_the_web_chat_is_told(tmp_path: Path, name: str, value: str) -> None:
    (mistake,) = mistakes({name: value}, tmp_path)
    assert mistake.setting == name
    assert value not in mistake.why


def test_only_with_a_password_may_others_open_the_web_chat(tmp_path: Path) -> None:
    assert [mistake.setting for mistake in mistakes({"WEB_HOST": "192.168.1.5"}, tmp_path)] == ["WEB_PASSWORD"]
    assert loaded({"WEB_HOST": "192.168.1.5", "WEB_PASSWORD": "drei kleine Worte"}, tmp_path).open_to_others
    assert not loaded({"WEB_HOST": "192.168.1.5", "WEB_PORT": "0"}, tmp_path).open_to_others
    assert not loaded({"WEB_HOST": "[::1]"}, tmp_path).open_to_others


@pytest.mark.parametrize("value", ["kept", "/srv/jieru/kept", "a 库/kept/"])
def test_the_folder_of_kept_files_is_absolute(tmp_path: Path, value: str) -> None:
    assert loaded({"EVIDENCE_DIR": value}, tmp_path).evidence == (tmp_path / value).resolve()


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("no folder")
    assert [mistake.setting for mistake in mistakes({"EVIDENCE_DIR": "kept"}, tmp_path)] == ["EVIDENCE_DIR"]


@pytest.mark.parametrize(("given", "days"), [("", 0), ("0", 0), ("14", 14), ("3650", 3650)])
def test_nothing_is_deleted_by_itself_unless_days_are_set(tmp_path: Path, given: str, days: int) -> None:
    assert loaded({"RETENTION_DAYS": given}, tmp_path).retention_days == days
