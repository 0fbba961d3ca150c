"""What a value of each setting may look like; a ValueError's text is for the operator and repeats no value."""

import math
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, SecretStr

TOKEN = re.compile(r"[0-9]{6,12}:[A-Za-z0-9_-]{30,64}", re.ASCII)
"""What @BotFather hands out."""
ANY_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+", re.ASCII)
"""What a Bot API server of one's own may use."""
TELEGRAM = "https://api.telegram.org"
UNLIKE_BOTFATHER = "不像 @BotFather 给的 token：应该是一串数字、英文冒号、再加 35 个左右的字母数字"
SQLITE = "sqlite:///"
WRAPPING = " \t\r\n\u3000\"'`“”‘’"
ALIKE = 0.8
SHORTEST_PASSWORD = 8
SHORTEST_RETENTION, LONGEST_RETENTION = 14, 3650
"""Days. A shorter time would have the warning come while the money is still on its way."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def token(value: str) -> str:
    if value.startswith("bot") and ANY_TOKEN.fullmatch(value[3:]):
        raise ValueError("前面不要加 bot，从数字开始写")
    if value and not ANY_TOKEN.fullmatch(value):
        raise ValueError(UNLIKE_BOTFATHER)
    return value


def api_url(value: str) -> str:
    parts = parts_of(value)
    if parts is None or parts.scheme not in ("http", "https"):
        raise ValueError("要写成 http:// 或 https:// 开头的网址")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("网址里不要带用户名、密码、? 或 #")
    if re.search(r"/(bot|file)(/|$)|/bot[0-9]", parts.path):
        raise ValueError("只写到服务器为止，后面的 /bot 和 token 由程序自己加")
    return value.rstrip("/")


def proxy(value: str) -> str:
    parts = parts_of(value)
    if value and (parts is None or parts.scheme not in ("http", "socks5", "socks5h")):
        raise ValueError("要写成 http:// 或 socks5:// 开头，后面是主机和端口")
    if parts is not None and parts.port is None:
        raise ValueError("少了端口")
    return value


def http(value: object) -> str:
    choice = str(value).lower()
    if choice not in ("aiohttp", "httpx"):
        raise ValueError("只能是 aiohttp（快）或 httpx 之一")
    return choice


def parts_of(value: str) -> Any:
    """The parts of a usable URL, or None."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname and not re.search(r"\s", value) else None


def rate(value: object) -> float:
    try:
        rate = float(str(value))
    except ValueError:
        raise ValueError("要写成一个数字") from None
    if not (math.isfinite(rate) and rate > 0):
        raise ValueError("要大于 0")
    return rate


def count(value: object) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", str(value), re.ASCII):
        raise ValueError("要写成不小于 0 的整数，0 是不限")
    return int(str(value))


def database(value: str) -> str:
    if not value.startswith(SQLITE):
        raise ValueError("现在只支持 SQLite，要以 sqlite:/// 开头")
    path = value.removeprefix(SQLITE)
    if not path or path.endswith(("/", "\\")):
        raise ValueError("少了文件名")
    if ":memory:" in path or "?" in path:
        raise ValueError("要是一个真的文件，不能放在内存里，也不能带 ? 参数")
    if path.startswith("~"):
        raise ValueError("这里不认 ~，请写完整的路径")
    return value


def folder(value: str) -> str:
    if value.startswith("~"):
        raise ValueError("这里不认 ~，请写完整的路径")
    if "://" in value:
        raise ValueError("直接写文件夹的路径，前面不带 sqlite:// 之类")
    if "\0" in value:
        raise ValueError("路径里有不能用的字符")
    return value


def zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):
        raise ValueError("没有这个时区，要写成“洲/城市”；北京时间是 Asia/Shanghai") from None


def log_level(value: object) -> str:
    level = str(value).upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("只能是 DEBUG、INFO、WARNING、ERROR 之一")
    return level


def log_format(value: object) -> str:
    fmt = str(value).lower()
    if fmt not in ("console", "json"):
        raise ValueError("只能是 console（给人看）或 json（给机器收）")
    return fmt


def host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]{1,253}|\[[0-9A-Fa-f:]+\]", value):
        raise ValueError("要写成主机名或 IP 地址，不带 http:// 和端口")
    return value.strip("[]")


def retention(value: object) -> int:
    given = str(value)
    days = int(given) if re.fullmatch(r"[0-9]{1,5}", given, re.ASCII) else -1
    if days != 0 and not SHORTEST_RETENTION <= days <= LONGEST_RETENTION:
        raise ValueError(f"要写成 0（不删）或 {SHORTEST_RETENTION} 到 {LONGEST_RETENTION} 的整数")
    return days


def port(value: object) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", str(value), re.ASCII) or int(str(value)) > 65535:
        raise ValueError("要写成 0 到 65535 之间的整数，0 是不开网页")
    return int(str(value))


def password(value: str) -> str:
    if value and len(value) < SHORTEST_PASSWORD:
        raise ValueError(f"太短，至少 {SHORTEST_PASSWORD} 个字")
    return value


def public_url(value: str) -> str:
    parts = parts_of(value) if value else None
    if value and (parts is None or parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query):
        raise ValueError("要写成 http:// 或 https:// 开头的网址，后面不带路径")
    return value.rstrip("/")


def metrics(value: object) -> str:
    choice = str(value).lower()
    if choice not in ("loopback", "all", "off"):
        raise ValueError("只能是 loopback（只有本机）、all（谁都能看）、off（不开）之一")
    return choice


def secret(check: Callable[[str], str]) -> BeforeValidator:
    def validate(value: object) -> SecretStr:
        return SecretStr(check(value.get_secret_value() if isinstance(value, SecretStr) else str(value)))

    return BeforeValidator(validate)
