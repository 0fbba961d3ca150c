"""The operator's settings: read once at start from the environment and ``.env``, with all mistakes at once.

Nothing is read on import. Sentences about mistakes are for the operator and never repeat what was given: it may
be a secret, also one that was put into the wrong place.
"""

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.config import checks


@dataclass(frozen=True, slots=True)
class Mistake:
    """One setting that cannot be used, in words for the operator."""

    setting: str
    why: str
    example: str

    def __str__(self) -> str:
        return f"{self.setting}：{self.why}。例：{self.example}"


Rate = Annotated[float, BeforeValidator(checks.rate)]
Count = Annotated[int, BeforeValidator(checks.count)]


class Settings(BaseModel):
    """What the operator decided. Each field is a variable of the same name in capitals; see ``.env.example``.

    Build it with ``load_settings``. An empty value means the default.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, extra="ignore", validate_default=True)

    telegram_bot_token: Annotated[SecretStr, checks.secret(checks.token)] = Field(
        default=SecretStr(""), examples=["123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"]
    )
    """Empty: no Telegram."""
    telegram_api_url: Annotated[str, AfterValidator(checks.api_url)] = Field(
        default=checks.TELEGRAM, examples=[checks.TELEGRAM]
    )
    """No slash at its end. Methods are at ``<url>/bot<token>/<method>``, files at ``<url>/file/bot<token>/<path>``."""
    telegram_proxy: Annotated[SecretStr, checks.secret(checks.proxy)] = Field(
        default=SecretStr(""), examples=["http://127.0.0.1:7890"]
    )
    """Empty: no proxy. Secret, because it may carry a password."""
    telegram_http: Annotated[Literal["aiohttp", "httpx"], BeforeValidator(checks.http)] = Field(
        default="aiohttp", examples=["aiohttp"]
    )
    """Which library talks to Telegram; a socks5 proxy is always reached with httpx."""
    send_rate: Rate = Field(default=30.0, examples=["30"])
    """Messages per second of the whole bot."""
    send_rate_chat: Rate = Field(default=1.0, examples=["1"])
    """Messages per second into one chat."""
    rate_limit_person: Count = Field(default=60, examples=["60"])
    """Messages per minute that are taken from one person; 0: no limit."""
    database_url: Annotated[str, AfterValidator(checks.database)] = Field(
        default="sqlite:///data/jieru.db", examples=["sqlite:///data/jieru.db"]
    )
    evidence_dir: Annotated[str, AfterValidator(checks.folder)] = Field(
        default="data/evidence", examples=["data/evidence"]
    )
    """Where sent pictures and files are kept; starts at the same folder as a relative database path."""
    evidence_max_mb: Count = Field(default=500, examples=["500"])
    """Megabytes that are kept for one person; 0: no limit."""
    retention_days: Annotated[int, BeforeValidator(checks.retention)] = Field(default=0, examples=["180"])
    """Days after which closed cases and idle persons are deleted; 0: never."""
    web_host: Annotated[str, AfterValidator(checks.host)] = Field(default="127.0.0.1", examples=["127.0.0.1"])
    """Name or address that the web chat listens on; other than loopback only with ``web_password``."""
    web_port: Annotated[int, BeforeValidator(checks.port)] = Field(default=8080, examples=["8080"])
    """0: no web chat, no health page."""
    web_password: Annotated[SecretStr, checks.secret(checks.password)] = Field(
        default=SecretStr(""), examples=["四个不相干的词连起来"]
    )
    """Empty: nobody is asked; then the web chat can be reached from this machine only."""
    web_public_url: Annotated[str, AfterValidator(checks.public_url)] = Field(
        default="", examples=["https://jieru.example.com"]
    )
    """Behind a proxy: the address that people see. Without a path, no slash at its end."""
    web_metrics: Annotated[Literal["loopback", "all", "off"], BeforeValidator(checks.metrics)] = Field(
        default="loopback", examples=["loopback"]
    )
    """Who may read /healthz and /metrics."""
    timezone: Annotated[str, AfterValidator(checks.zone)] = Field(default="Asia/Shanghai", examples=["Asia/Shanghai"])
    """IANA name; the zone of a person who has not chosen another."""
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(checks.log_level)] = Field(
        default="INFO", examples=["INFO"]
    )
    log_format: Annotated[Literal["console", "json"], BeforeValidator(checks.log_format)] = Field(
        default="console", examples=["console"]
    )

    folder: Path = Field(default=Path(), exclude=True)
    """Where ``.env`` was looked for; relative paths start here. Not a variable."""

    @property
    def database(self) -> Path:
        """The absolute path of the SQLite file."""
        return (self.folder / self.database_url.removeprefix(checks.SQLITE)).resolve()

    @property
    def evidence(self) -> Path:
        """The absolute path of the folder of kept files."""
        return (self.folder / self.evidence_dir).resolve()

    @property
    def open_to_others(self) -> bool:
        """Whether other machines can reach the web chat."""
        return bool(self.web_port) and self.web_host not in checks.LOOPBACK


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
    given = {name.upper(): value.strip(checks.WRAPPING) for name, value in (*written.items(), *environ.items())}
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
    official = values.get("telegram_api_url", checks.TELEGRAM).rstrip("/") == checks.TELEGRAM
    if official and checks.ANY_TOKEN.fullmatch(token) and not checks.TOKEN.fullmatch(token):
        mistakes.append(_mistake("telegram_bot_token", checks.UNLIKE_BOTFATHER))
    if settings is not None and settings.open_to_others and not settings.web_password.get_secret_value():
        mistakes.append(_mistake("web_password", "网页要让别的机器打开（WEB_HOST），就要先设密码"))
    if settings is not None and settings.database.is_dir():
        mistakes.append(_mistake("database_url", "这个路径是一个文件夹，要写到文件名"))
    if settings is not None and settings.evidence.exists() and not settings.evidence.is_dir():
        mistakes.append(_mistake("evidence_dir", "这个路径是一个文件，要写一个文件夹"))
    if settings is not None and settings.database.is_relative_to(settings.evidence):
        mistakes.append(_mistake("evidence_dir", "数据库在这个文件夹里面，要另写一个只放图片和文件的"))
    mistakes += _misspelt(given)
    if settings is None or mistakes:
        return sorted(mistakes, key=lambda mistake: (*SETTINGS, mistake.setting).index(mistake.setting))
    return settings


def _env_file(path: Path) -> Mapping[str, str]:
    """What stands in the file; nothing if there is none. Raises UnicodeDecodeError."""
    if not path.is_file():
        return {}
    # utf-8-sig: the editors of Windows put a mark in front, which would become part of the first name.
    return {name: value or "" for name, value in dotenv_values(path, encoding="utf-8-sig").items()}


def _mistake(field: str, why: object) -> Mistake:
    name = field.upper()
    examples = Settings.model_fields[field].examples or [""]
    return Mistake(name, str(why), f"{name}={examples[0]}")


def _misspelt(given: Mapping[str, str]) -> Iterable[Mistake]:
    for name in sorted(given.keys() - set(SETTINGS)):
        alike = get_close_matches(name, SETTINGS, 1, checks.ALIKE)
        meant = alike[0] if alike else "TELEGRAM_BOT_TOKEN" if name.endswith("BOT_TOKEN") else ""
        if meant and meant not in given:
            example = f"{meant}={(Settings.model_fields[meant.lower()].examples or [''])[0]}"
            why = f"没有这个设置，你要写的大概是 {meant}；如果它是给别的程序用的，就把 {meant} 也写上，可以留空"
            yield Mistake(name, why, example)
