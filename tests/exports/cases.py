"""Cases to make documents of: one as it really is, and one written by somebody who wants to break them."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

from bot.documents import (
    Agenda,
    Appointment,
    CaseFile,
    DeadlineLine,
    Exhibit,
    HandedOut,
    Headings,
    Line,
)

Value = TypeVar("Value")
BEIJING = timezone(timedelta(hours=8))
MADE = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
END = datetime(2026, 11, 23, 15, 2, tzinfo=BEIJING)
PHOTO = "a" * 64
SCREENSHOT = "b" * 64
RECEIPT = "c" * 64
FILM = "d" * 64

HEADINGS = Headings(
    facts="订单和问题",
    deadlines="截止",
    history="处理经过",
    evidence="证据",
    letters="发出去的话",
    none="还没有",
    sha256="SHA-256：",
    rules="依据：",
    source="来源：",
    missing="这张图片显示不了，原件在导出的文件夹里。",
    not_shown="这个文件不是图片，原件是 {name}。",
    exhibit="证据{number}",
)

SPOILED = CaseFile(
    id="k3x9",
    number=3,
    title="问题单3 · 草莓坏果",
    stage="商家已拒绝（轮到你）",
    made="11月22日 周日 10:30 由介入助手整理，内容是你发来的，没有核实。",
    disclaimer="介入助手不是拼多多，也不是律师。能不能退，由商家或平台决定，以 App 显示为准。",
    facts=(
        Line("订单号", "261118-123456789012345"),
        Line("商品", "3斤装草莓"),
        Line("实付", "¥39.90"),
        Line("问题", "3斤里约2斤半发霉出水，箱底泡烂；商家说“属于正常损耗”。"),
    ),
    deadlines=(
        DeadlineLine(
            "11月23日 周一 15:02",
            "轮到你：在退款页申请平台介入。不处理，这次申请可能被关闭。",
            "估计，不是平台规定",
        ),
        DeadlineLine(
            "11月22日 周日 15:00（已过）",
            "商家处理退款申请。",
            "法律规定：《消费者权益保护法》第二十四条（2014-03-15 版）",
            ("https://www.gov.cn/jrzg/2013-10/25/content_2515601.htm",),
            over=True,
        ),
    ),
    history=(
        Line("11月18日 周三 20:04", "下单，3斤装草莓，实付39.90元。"),
        Line("11月20日 周五 18:20", "签收，当场开箱。"),
        Line("11月20日 周五 19:40", "申请仅退款，附照片。"),
        Line("11月21日 周六 15:02", "商家拒绝，理由是“属于正常损耗”。"),
    ),
    evidence=(
        Exhibit(
            1, "整箱和面单", "11月20日 周五 18:24 收到", PHOTO, 2_481_152, "image/jpeg", "2.4 MB", "证据/证据1.jpg"
        ),
        Exhibit(
            2,
            "商家拒绝的页面",
            "11月21日 周六 15:10 收到",
            SCREENSHOT,
            412_000,
            "image/png",
            "412 KB",
            "证据/证据2.png",
        ),
        Exhibit(3, "坏果称重", "11月20日 周五 18:40 打勾"),
        Exhibit(4, "开箱视频", "11月20日 周五 18:41 收到", FILM, 12_800_000, "video/mp4", "12.8 MB", "证据/证据4.mp4"),
        Exhibit(5, "", "11月21日 周六 16:00 收到", RECEIPT, 90_000, "image/png", "90 KB"),
    ),
    letters=(
        HandedOut(
            "11月21日 周六 15:20",
            "发给客服的话",
            "您好，订单261118-123456789012345，草莓大部分发霉，商家拒绝退款，请求平台介入。\n"
            "11月18日下单，3斤装草莓，实付39.90元。11月20日18:20签收，当场开箱，约2斤半发霉出水。"
            "证据1：整箱和面单；证据2：商家拒绝的页面。",
            ("《消费者权益保护法》第二十四条（2014-03-15 版）", "《电子商务法》第二十条（2019-01-01 版）"),
        ),
    ),
    headings=HEADINGS,
)

DEADLINE = Appointment(
    "k3x9-own-reject-4",
    END,
    "截止：草莓坏果，申请平台介入",
    "商家已拒绝（轮到你）。\n不处理：这次申请可能被关闭。",
    (24 * 60, 60),
)
AGENDA = Agenda("介入助手 · 草莓坏果", 4, MADE, (DEADLINE,))

HOSTILE = (
    "</style><script>alert(1)</script><img src=x onerror=alert(2)>",
    '" onmouseover="alert(3)" x="{} {0} {title} %s',
    '#panic("out") *fett* $x$ #read("/etc/passwd") <label> @ref \\u{41} ${7*7} {{7*7}}',
    "第一行\n第二行\r\n第三行\rBEGIN:VEVENT\nDTSTART:20000101T000000Z",
    "\u202eexe.gpj\u202c \u200fשלום\u200e \u2066abc\u2069",
    "w" * 300,
    "👨‍👩‍👧‍👦🫨🍓 镕燚彧囍𠮷 e\u0301",
    "\x00\x07\x1b[31m\x7f\x85\ufffe\ud800",
    "，；：“”,;:\\",
    "&amp; &#60;b&#62; <!-- --> ]]>",
)
"""Each once was, somewhere, the end of a document."""


def spoilt_by(value: Value, text: str) -> Value:
    """The same value with every text that a person wrote replaced; what our own code sets (types, sums) stays."""
    if isinstance(value, str):
        return text  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(spoilt_by(one, text) for one in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        changed: dict[str, Any] = {
            one.name: spoilt_by(getattr(value, one.name), text)
            for one in fields(value)
            if one.name not in ("sha256", "type", "headings")
        }
        return replace(value, **changed)
    return value
