"""The operator's settings: read once at start from the environment and ``.env``, with all mistakes at once.

Nothing is read on import. Sentences about mistakes are for the operator and never repeat what was given: it may
be a secret, also one that was put into the wrong place.
"""

import importlib.util
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

_TOKEN = re.compile(r"[0-9]{6,12}:[A-Za-z0-9_-]{30,64}", re.ASCII)
"""What @BotFather hands out."""
_ANY_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+", re.ASCII)
"""What a Bot API server of one's own may use."""
_TELEGRAM = "https://api.telegram.org"
_NO_TOKEN = "不像 @BotFather 给的 token：应该是一串数字、英文冒号、再加 35 个左右的字母数字"
_SQLITE = "sqlite:///"
_WRAPPING = " \t\r\n\u3000\"'`“”‘’"
_ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class Mistake:
    """One setting that cannot be used, in words for the operator."""

    setting: str
    why: str
    example: str

    def __str__(self) -> str:
        return f"{self.setting}：{self.why}。例：{self.example}"


def _token(value: str) -> str:
    if value.startswith("bot") and _ANY_TOKEN.fullmatch(value[3:]):
        raise ValueError("前面不要加 bot，从数字开始写")
    if value and not _ANY_TOKEN.fullmatch(value):
        raise ValueError(_NO_TOKEN)
    return value


def _api_url(value: str) -> str:
    parts = _url(value)
    if parts is None or parts.scheme not in ("http", "https"):
        raise ValueError("要写成 http:// 或 https:// 开头的网址")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("网址里不要带用户名、密码、? 或 #")
    if re.search(r"/(bot|file)(/|$)|/bot[0-9]", parts.path):
        raise ValueError("只写到服务器为止，后面的 /bot 和 token 由程序自己加")
    return value.rstrip("/")


def _proxy(value: str) -> str:
    parts = _url(value)
    if value and (parts is None or parts.scheme not in ("http", "socks5", "socks5h")):
        raise ValueError("要写成 http:// 或 socks5:// 开头，后面是主机和端口")
    if parts is not None and parts.port is None:
        raise ValueError("少了端口")
    return value


def _url(value: str) -> Any:
    """The parts of a usable URL, or None."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname and not re.search(r"\s", value) else None


def _rate(value: object) -> float:
    try:
        rate = float(str(value))
    except ValueError:
        raise ValueError("要写成一个数字") from None
    if not (math.isfinite(rate) and rate > 0):
        raise ValueError("要大于 0")
    return rate


def _database(value: str) -> str:
    if not value.startswith(_SQLITE):
        raise ValueError("现在只支持 SQLite，要以 sqlite:/// 开头")
    path = value.removeprefix(_SQLITE)
    if not path or path.endswith(("/", "\\")):
        raise ValueError("少了文件名")
    if ":memory:" in path or "?" in path:
        raise ValueError("要是一个真的文件，不能放在内存里，也不能带 ? 参数")
    if path.startswith("~"):
        raise ValueError("这里不认 ~，请写完整的路径")
    return value


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):
        raise ValueError("没有这个时区，要写成“洲/城市”；北京时间是 Asia/Shanghai") from None


def _level(value: object) -> str:
    level = str(value).upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("只能是 DEBUG、INFO、WARNING、ERROR 之一")
    return level


def _format(value: object) -> str:
    fmt = str(value).lower()
    if fmt not in ("console", "json"):
        raise ValueError("只能是 console（给人看）或 json（给机器收）")
    return fmt


def _secret(check: Callable[[str], str]) -> BeforeValidator:
    def validate(value: object) -> SecretStr:
        return SecretStr(check(value.get_secret_value() if isinstance(value, SecretStr) else str(value)))

    return BeforeValidator(validate)


Rate = Annotated[float, BeforeValidator(_rate)]


class Settings(BaseSettings):
    """What the operator decided. Each field is a variable of the same name in capitals; see ``.env.example``.

    Build it with ``load_settings``. An empty value means the default.
    """

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True, extra="ignore")

    telegram_bot_token: Annotated[SecretStr, _secret(_token)] = Field(
        default=SecretStr(""), examples=["123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"]
    )
    """Empty: no Telegram."""
    telegram_api_url: Annotated[str, AfterValidator(_api_url)] = Field(
        default=_TELEGRAM, examples=[_TELEGRAM]
    )
    """No slash at its end. Methods are at ``<url>/bot<token>/<method>``, files at ``<url>/file/bot<token>/<path>``."""
    telegram_proxy: Annotated[SecretStr, _secret(_proxy)] = Field(
        default=SecretStr(""), examples=["http://127.0.0.1:7890"]
    )
    """Empty: no proxy. Secret, because it may carry a password."""
    send_rate: Rate = Field(default=30.0, examples=["30"])
    """Messages per second of the whole bot."""
    send_rate_chat: Rate = Field(default=1.0, examples=["1"])
    """Messages per second into one chat."""
    database_url: Annotated[str, AfterValidator(_database)] = Field(
        default="sqlite:///data/jieru.db", examples=["sqlite:///data/jieru.db"]
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(default="Asia/Shanghai", examples=["Asia/Shanghai"])
    """IANA name; the zone of a person who has not chosen another."""
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_level)] = Field(
        default="INFO", examples=["INFO"]
    )
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_format)] = Field(
        default="console", examples=["console"]
    )

    folder: Path = Field(default=Path(), exclude=True)
    """Where ``.env`` was looked for; a relative database path starts here. Not a variable."""

    @property
    def database(self) -> Path:
        """The absolute path of the SQLite file."""
        return (self.folder / self.database_url.removeprefix(_SQLITE)).resolve()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what ``load_settings`` hands in; the process's environment is never read behind its back."""
        return (init_settings,)


SETTINGS: tuple[str, ...] = tuple(name.upper() for name in Settings.model_fields if name != "folder")
"""The names of all variables, in the order of ``.env.example``."""


def is_installed(module: str) -> bool:
    """True if the module could be imported here."""
    return importlib.util.find_spec(module) is not None


def load_settings(
    environ: Mapping[str, str], folder: Path, installed: Callable[[str], bool] = is_installed
) -> Settings | list[Mistake]:
    """Settings from ``environ`` and, below it in rank, from ``folder/.env``; or every mistake in them.

    Spaces and quotes around a value are forgiven, names may be in lower case. A variable that looks like a misspelt
    setting is a mistake unless that setting is there too.
    """
    try:
        written = _env_file(folder / ".env")
    except UnicodeDecodeError:
        return [Mistake(".env", "文件不是 UTF-8 编码，读不了", "用记事本另存为，编码选 UTF-8")]
    given = {name.upper(): value.strip(_WRAPPING) for name, value in (*written.items(), *environ.items())}
    values = {name.lower(): given[name] for name in SETTINGS if given.get(name)}
    mistakes: list[Mistake] = []
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(values | {"folder": folder.resolve()})
    except ValidationError as error:
        mistakes += [_mistake(str(item["loc"][0]), item["ctx"]["error"]) for item in error.errors(include_input=False)]
    if values.get("telegram_proxy", "").startswith("socks5") and not installed("socksio"):
        why = "socks5 代理要多装一个组件"
        mistakes.append(Mistake("TELEGRAM_PROXY", why, ".venv/bin/pip install -c constraints.txt '.[socks]'"))
    token = values.get("telegram_bot_token", "")
    official = values.get("telegram_api_url", _TELEGRAM).rstrip("/") == _TELEGRAM
    if official and _ANY_TOKEN.fullmatch(token) and not _TOKEN.fullmatch(token):
        mistakes.append(_mistake("telegram_bot_token", _NO_TOKEN))
    if settings is not None and settings.database.is_dir():
        mistakes.append(_mistake("database_url", "这个路径是一个文件夹，要写到文件名"))
    mistakes += _misspelt(given)
    if settings is None or mistakes:
        return sorted(mistakes, key=lambda mistake: (*SETTINGS, mistake.setting).index(mistake.setting))
    return settings


def _env_file(path: Path) -> Mapping[str, str]:
    """What stands in the file; nothing if there is none. Raises UnicodeDecodeError."""
    # utf-8-sig: the editors of Windows put a mark in front, which would become part of the first name.
    source = DotEnvSettingsSource(Settings, env_file=path, env_file_encoding="utf-8-sig", case_sensitive=True)
    return {name: value or "" for name, value in source.env_vars.items()}


def _mistake(field: str, why: object) -> Mistake:
    name = field.upper()
    examples = Settings.model_fields[field].examples or [""]
    return Mistake(name, str(why), f"{name}={examples[0]}")


def _misspelt(given: Mapping[str, str]) -> Iterable[Mistake]:
    for name in sorted(given.keys() - set(SETTINGS)):
        meant = max(SETTINGS, key=lambda setting: SequenceMatcher(None, name, setting).ratio())
        if SequenceMatcher(None, name, meant).ratio() < _ALIKE:
            meant = "TELEGRAM_BOT_TOKEN" if name.endswith("BOT_TOKEN") else ""
        if meant and meant not in given:
            example = f"{meant}={(Settings.model_fields[meant.lower()].examples or [''])[0]}"
            why = f"没有这个设置，你要写的大概是 {meant}；如果它是给别的程序用的，就把 {meant} 也写上，可以留空"
            yield Mistake(name, why, example)
