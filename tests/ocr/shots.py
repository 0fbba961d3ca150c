"""Pictures of made-up order and refund pages: the layouts in ``pages/``, filled, rendered by chromium and spoilt.

The data are ours, the layouts modelled on what such pages show; none is a copy of a real page.
"""

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template
from typing import Literal

from PIL import Image, ImageFilter
from playwright.async_api import Browser

Spoiling = Literal["none", "jpeg", "small", "tiny", "tilted", "long"]
FOLDER = Path(__file__).parent / "pages"
STAMP = "%Y-%m-%d %H:%M:%S"
PLAIN = {"order": "order", "order_colon": "order", "refund": "refund", "refund_big": "refund"}
GOODS = (
    "丹东99草莓新鲜水果奶油大果 3斤装",
    "加厚法兰绒四件套冬季珊瑚绒双面绒床上用品被套1.8m",
    "儿童运动鞋男童2026秋冬新款加绒防滑",
    "304不锈钢保温杯大容量便携水杯",
    "红富士苹果10斤脆甜冰糖心整箱",
)
SPECS = ("净重3斤装", "卡其色 1.8m床", "白色 32码", "银色 500ml", "10斤 大果")
SHOPS = ("鲜果园旗舰店", "暖居家纺专营店", "童乐鞋服", "好物生活馆")
WHYS = ("商品变质、腐烂", "与描述不符", "质量问题", "缺货")
REFUSALS = ("属于正常损耗", "超过48小时不支持售后", "商品不影响使用", "凭证不清晰，请重新上传")
HEADLINES: Mapping[str, tuple[str, ...]] = {
    "waiting_merchant": ("请等待商家处理", "待商家处理", "等待商家处理"),
    "rejected": ("商家已拒绝", "商家拒绝了你的申请", "商家已拒绝退款"),
    "platform": ("平台处理中", "平台介入处理中", "平台介入中"),
    "unshipped": ("待发货", "商家备货中"),
    "in_transit": ("待收货", "运输中", "商家已发货"),
    "signed": ("已签收", "交易成功"),
}
UNDER = {
    "unshipped": "商家承诺48小时内发货",
    "in_transit": "还剩 9天3小时 自动确认收货",
    "signed": "感谢你在拼多多购物",
}
ADVICE = {
    "waiting_merchant": "如商家同意，退款将原路返回；如商家拒绝，你可以修改申请或申请平台介入。",
    "rejected": "你可以修改申请后再次发起，或申请平台介入；逾期未处理，本次申请将自动关闭。",
    "platform": "平台正在核实，请留意消息；如需补充凭证，请在规定时间内上传。退款成功后原路返回。",
}


@dataclass(frozen=True, slots=True)
class Truth:
    """What stands on a page, as it was put there."""

    kind: str
    order_no: str | None = None
    paid_fen: int | None = None
    refund_fen: int | None = None
    goods: str | None = None
    tracking_no: str | None = None
    refund_no: str | None = None
    reason: str | None = None
    state: str | None = None
    """Stage or order state."""
    left: timedelta | None = None
    times: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture to make."""

    layout: str
    state: str
    seed: int
    dark: bool = False
    width: int = 390
    spoiling: Spoiling = "none"

    @property
    def name(self) -> str:
        return f"{self.layout}-{self.state}-{self.seed}-{'dark' if self.dark else 'light'}-{self.width}-{self.spoiling}"


def page(shot: Shot) -> tuple[str, Truth]:
    """The page's HTML and what stands on it."""
    rng = random.Random(shot.seed)
    ordered = datetime(2026, rng.randint(9, 11), rng.randint(1, 20), tzinfo=UTC) + timedelta(
        seconds=rng.randrange(86400)
    )
    stamps = [ordered]
    for longest in (timedelta(minutes=3), timedelta(hours=5), timedelta(days=2), timedelta(days=4)):
        stamps.append(stamps[-1] + timedelta(seconds=rng.randint(5, int(longest.total_seconds()))))
    said = [one.strftime(STAMP) for one in stamps]
    paid, saved = rng.randint(100, 29999), rng.choice((100, 300, 650))
    refund = paid if rng.random() < 0.7 else paid - rng.randint(10, 90)
    order_no = f"{ordered:%y%m%d}-{rng.randrange(10**15):015d}"
    refund_no = f"{stamps[4]:%Y%m%d}{rng.randrange(10**9):09d}"
    tracking = rng.choice(("YT", "SF", "JT", "")) + f"{rng.randrange(10**12, 10**13)}"
    choice = rng.randrange(len(GOODS))
    left, counting = countdown(rng, shot.state)
    reason = rng.choice(REFUSALS)
    labelled = "拒绝原因" if shot.layout != "refund_big" else "拒绝原因："
    opened, closed = (
        ('<div class="row"><span>', "</span>") if shot.layout != "refund_big" else ('<div class="line">', "")
    )
    refusal = f"{opened}{labelled}{closed}<span>{reason}</span></div>" if shot.state == "rejected" else ""
    values = {
        "headline": rng.choice(HEADLINES.get(shot.state, ("",))), "under": UNDER.get(shot.state, ""),
        "shop": rng.choice(SHOPS), "goods": GOODS[choice], "spec": SPECS[choice], "unit": yuan(paid + saved),
        "saved": yuan(saved), "paid": yuan(paid), "refund": yuan(refund), "order_no": order_no,
        "refund_no": refund_no, "tracking": tracking, "ordered": said[0], "paid_at": said[1], "grouped": said[2],
        "shipped": said[3], "applied": said[4], "counting": counting, "advice": ADVICE.get(shot.state, ""),
        "refusal": refusal, "why": rng.choice(WHYS), "clock": f"{rng.randint(7, 23)}:{rng.randint(10, 59)}",
        "theme": "dark" if shot.dark else "light", "filler": "1500" if shot.spoiling == "long" else "0",
    }  # fmt: skip
    body = Template((FOLDER / f"{shot.layout}.html").read_text(encoding="utf-8")).substitute(values)
    frame = (FOLDER / "frame.html").read_text(encoding="utf-8")
    html = Template(frame).substitute(values, page=body)
    kind = PLAIN.get(shot.layout)
    if kind is None:
        return html, Truth("several" if shot.layout == "list" else "other")
    if kind == "order":
        times = {"ordered_at": said[0], "grouped_at": said[2], "shipped_at": said[3]}
        if shot.layout == "order":
            times["paid_at"] = said[1]
        return html, Truth(kind, order_no, paid, None, GOODS[choice], tracking, None, None, shot.state, None, times)
    rejected = reason if shot.state == "rejected" else None
    times = {"applied_at": said[4]}
    return html, Truth(
        kind, order_no, None, refund, GOODS[choice], None, refund_no, rejected, shot.state, left, times
    )  # fmt: skip


def countdown(rng: random.Random, state: str) -> tuple[timedelta | None, str]:
    """A time left and how the app words it."""
    if state == "platform":
        return None, "预计3-5个工作日内给出结果"
    days, hours, minutes, seconds = rng.randint(0, 2), rng.randint(1, 23), rng.randint(0, 59), rng.randint(0, 59)
    how = rng.randrange(4)
    if how == 3:
        return timedelta(hours=hours, minutes=minutes, seconds=seconds), f"剩余 {hours:02d}:{minutes:02d}:{seconds:02d}"
    left = timedelta(days=days, hours=hours, minutes=minutes)
    if how == 1:
        return (
            left,
            f"还剩{days}天{hours}小时{minutes}分，逾期将自动处理"
            if days
            else f"还剩{hours}小时{minutes}分，逾期将自动处理",
        )
    if how == 2:
        return left + timedelta(seconds=seconds), f"剩余 {days}天{hours}时{minutes}分{seconds}秒"
    return left, f"剩余 {days}天{hours}小时{minutes}分"


def yuan(fen: int) -> str:
    """As such pages print it: trailing zeros are often left out."""
    return f"{fen / 100:.2f}" if fen % 10 else f"{fen / 100:g}"


async def render(browser: Browser, shot: Shot) -> bytes:
    """The page as the phone would save it (PNG), spoilt as ``shot`` says."""
    context = await browser.new_context(
        viewport={"width": shot.width, "height": 844}, device_scale_factor=1080 / shot.width if shot.width < 400 else 3
    )
    try:
        opened = await context.new_page()
        await opened.set_content(page(shot)[0])
        return spoil(await opened.screenshot(full_page=True), shot.spoiling)
    finally:
        await context.close()


def spoil(picture: bytes, how: Spoiling) -> bytes:
    """What happens to pictures on their way: messengers press them, somebody photographs a screen."""
    if how in ("none", "long"):
        return picture
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    out = io.BytesIO()
    if how == "tiny":
        image = image.resize((360, round(360 * image.height / image.width)), Image.Resampling.BILINEAR)
        image.save(out, "JPEG", quality=45)
    elif how == "small":
        image = image.resize((480, round(480 * image.height / image.width)), Image.Resampling.BILINEAR)
        image.save(out, "JPEG", quality=70)
    elif how == "tilted":
        image = image.rotate(2, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 90, 90))
        image.filter(ImageFilter.GaussianBlur(1.2)).save(out, "JPEG", quality=60)
    else:
        image.save(out, "JPEG", quality=30)
    return out.getvalue()
