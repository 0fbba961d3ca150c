"""The merchant's side: fifteen days, one chance of proof, and a talk with the buyer."""

import pytest

from tests.harness import World
from tests.journeys.steps import journey

pytestmark = pytest.mark.parametrize("world", [World], ids=["engine"], indirect=True)


async def test_merchant(world: World) -> None:
    """Ahead of the fifteenth day: words to the buyer, the reminder on the day, the platform."""
    await journey(
        world,
        """
        /start
        [更多] [我是商家]
        : 商家这边，我能帮四件事：
        : （可能已变）
        [申请超过15天]
        : 一般是：首次申请退款超过15天，还是待商家处理的，商家也可以申请平台介入，以 App 显示为准。
        11月10日
        : 我读到：11月10日 周二。
        [对，没错]
        : 买家首次申请：11月10日 周二。
        : 满15天是 11月25日 周三 24:00（当天夜里12点）
        : 这之前先和买家谈，能退能补的早点办。
        = [先和买家谈] [教我怎么点] [发给客服的话]
        [先和买家谈]
        [没有，先这样]
        申请说少一件，出库称重和视频都有
        : 发给买家
        : 首次售后申请是11月10日。申请说少一件，出库称重和视频都有。
        : 这次售后想商量一个双方都能接受的办法
        [我已经发了]
        : 发给买家。有回复就写一句。
        [回问题单]
        : 🏬 问题单1 · 商品售后申请
        : 待你处理（轮到你）
        : 别在 App 外面谈，别催买家先撤申请
        [更多]
        = [给买家的话]
        ! 给商家的话
        [证据清单]
        : 打包视频和称重
        [返回] [更多] [下一页] [后续流程]
        : ① 和买家谈：已做，11月22日 周日 10:00
        : ③ 平台介入：从 11月25日 周三 24:00（当天夜里12点）
        ! 12315
        + 4d
        : 买家首次申请满15天了
        ~
        /next
        [教我怎么点] [找到了，下一步]…
        : 第5步/共5步 · 商家请平台介入
        [拿要发的话]
        : 您好，我是商家，买家的售后申请没有谈妥，申请平台介入。
        : 首次申请的时间和现在的状态，订单里可以核对。
        ! 请退款
        [我已经发了] [回问题单] [更多] [有新进展] [下一页]
        = [返回]
    """,
    )


async def test_merchant_owes_proof(world: World) -> None:
    """The platform is in already: the countdown, three pictures, one chance, and what silence means."""
    await journey(
        world,
        """
        我是商家
        [平台已介入]
        : 一般是：平台通知后，商家有48小时举证，只有一次机会，最多放3张图，以 App 显示为准。
        还剩1天3小时
        : 我读到：还剩 1天3小时，到明天 11月23日 周一 13:00。
        [对，没错]
        : 不交：你不举证，平台一般退款给买家，以 App 显示为准。
        = [教我上传] [证据清单] [证据已补交] [看问题单]
        [证据清单]
        : 拼好的3张图
        [返回]
        + 20h
        : 挑要紧的拼成3张图
        /next
        [教我举证] [找到了，下一步]… [证据已补交] [刚刚]
        : 平台处理中（等平台）
        [平台有结果了] [平台没支持] [刚刚]
        : 平台没支持
        [后续流程]
        : 小额诉讼
    """,
    )


async def test_merchant_is_told_how_to_need_it_less(world: World) -> None:
    """少被介入: service, settling, dispatch."""
    await journey(
        world,
        """
        /start
        [更多] [我是商家] [少被介入]
        : 想少被介入，平时做好这几样：
        : 按时发货
    """,
    )
