"""What is reported later: a part of the money, a parcel after all, nothing yet, an application that is gone."""

import pytest

from tests.harness import World
from tests.journeys.steps import check_screen, journey

pytestmark = pytest.mark.parametrize("world", [World], ids=["engine"], indirect=True)

ORDERED = """
        商家拒绝了，草莓烂了一半
        [对，没错] [刚刚]
        订单261118-123456789012345 实付39.90元
        [对，没错]
        商家同意退款了
        [刚刚]
        : 退款中（等到账）
        [更多] [有新进展] [只到账一部分]
        : 到现在一共到账了多少？
"""


async def test_a_part_is_not_the_end(world: World) -> None:
    """The amount is read, the rest is still asked for, the case stays open through a restart, then all is here."""
    await journey(
        world,
        ORDERED
        + """
        一点点
        : 只写到账的数，比如：12.50元
        39.90元
        : 实付是 ¥39.90。只写到账的那一部分
        12元
        : 到账 ¥12.00，还差 ¥27.90。剩下的还追吗？
        = [还要追] [到此为止]
        ~
        [还要追]
        : 好，接着追剩下的。
        : 退款中（等到账）
        : 已到账 ¥12.00，还差 ¥27.90。
        [更多] [下一页] [处理经过]
        : 到账一部分，到账 ¥12.00
        [返回] [退款到账了]
        : ✅ 已退款：¥39.90
    """,
    )


async def test_enough_ends_it_with_what_arrived(world: World) -> None:
    """到此为止 closes with the part."""
    await journey(
        world,
        ORDERED
        + """
        12元
        [到此为止]
        : ✅ 退了一部分：¥12.00，11月22日 周日 10:00。
    """,
    )
    assert await world.later(days=20) == []


async def test_only_a_part_came_of_a_case_that_was_closed(world: World) -> None:
    """Found out after the closing: the case goes on where it was; the amount may be left out."""
    await journey(
        world,
        """
        商家拒绝了，草莓烂了一半
        [对，没错] [刚刚]
        商家同意退款了
        [刚刚] [退款到账了]
        : ✅ 已退款
        [只到账一部分] [跳过这个]
        : 记下了，到账了一部分。剩下的还追吗？
        [还要追]
        : 退款中（等到账）
        [更多] [下一页] [改回上一步]
        : ✅ 已退款
    """,
    )


async def test_after_nothing_yet_it_is_looked_at_again_with_a_cap(world: World) -> None:
    """还没处理 again and again: three more looks, then the card says why there will be none."""
    await journey(
        world,
        """
        水壶一直不发货
        [对，没错] [不知道] [待商家处理] [刚刚]
        + 2d 1m
        : 商家的时间到了
        [还没处理]
        ! 后面没有定好的提醒
        + 1d
        [还没处理]
        : 我再提醒你看。
    """,
    )
    for look in range(3):
        (came,) = await world.later(days=1)
        check_screen(came)
        assert "看过，还没办好，该再看一次了" in came.text
        await world.press("还没处理", came)
        assert ("我再提醒你看。" in world.text) == (look < 2)
    assert "提醒过几次了，不再自动提醒。" in world.text
    assert await world.later(days=30) == []


async def test_what_was_not_kept_is_looked_at_again(world: World) -> None:
    """没做到 of a promise: who promised, what is overdue, and a look that is still to come."""
    await journey(
        world,
        """
        商家拒绝了，草莓烂了一半
        [对，没错] [刚刚]
        和商家谈妥了
        [刚刚]
        退20元，今天到账
        : 待商家兑现（等商家）
        + 2d 1h
        = [停止提醒]
        [没做到]
        : 商家该做到的时间到了：
        : 你先做：没做到就找官方客服，话已写好
        : 我再提醒你看。
        = [发给客服的话] [商家做到了] [没做到] [更多]
        我撤回了申请
        : 待商家兑现（等商家）
        : 商家没做到的话要重新申请
        : 你先做：没做到就找官方客服
    """,
    )


async def test_a_parcel_after_all(world: World) -> None:
    """The time to send is over: 发货了 on the reminder, with its date; then the goods are here."""
    await journey(
        world,
        """
        水壶一直不发货
        [对，没错] [24小时内] [还没申请] [刚刚]
        + 1d 1m
        : 发货的时间到了
        = [发货了] [拿要发的话] [明早9点] [停止提醒]
        [发货了] [刚刚]
        : 记下了，发货了。
        ! 到时间没处理
        [更多] [有新进展]
        ! [发货了]
        [收到货了] [刚刚]
        : 记下了，收到货了。
        [更多] [有新进展]
        ! [收到货了]
    """,
    )
    assert {"order": "signed"}.items() <= _facts(await world.case()).items()


async def test_the_day_alone_leaves_both_open(world: World) -> None:
    """昨天, and 24 hours: over by the first minute of that day, not by its last. The clock time decides."""
    await journey(
        world,
        """
        草莓烂了一半
        [对，没错] [还没申请] [昨天]
        : 可能已经过了，也可能还剩 14小时，最晚到今天 11月22日 周日 24:00（当天夜里12点）（估计，不是平台规定）
        : 写几点，我再算，比如：11月21日 周六 19:40
        : 你先做：现在就申请
        = [教我申请] [已提交申请]
        19:40
        : 我读到：11月21日 周六 19:40。
        [对，没错]
        : 还剩 9小时40分，到今天 11月22日 周日 19:40（估计，不是平台规定）
    """,
    )


async def test_an_end_that_was_over_when_it_was_told_is_no_news(world: World) -> None:
    """No reminder asks what became of an end that nobody could have met."""
    await journey(
        world,
        """
        草莓烂了一半
        [对，没错] [还没申请] [昨天]
    """,
    )
    came = await world.later(hours=23)
    assert came == []


async def test_before_an_application_there_is_nothing_to_press(world: World) -> None:
    """The end passes without an application: it can be reported, or the entry is closed and service is next."""
    await journey(
        world,
        """
        草莓烂了一半
        [对，没错] [还没申请] [今天早些时候]
        + 22h
        : 先看订单页：还能申请就马上申请
        = [已提交申请] [已经关闭] [停止提醒]
        [已经关闭]
        : 入口关了，就找官方客服说明情况
    """,
    )


async def test_the_follow_up_takes_the_answer(world: World) -> None:
    """A day after the words went to service: 客服答复了 leads to asking what they said."""
    await journey(
        world,
        """
        商家拒绝了，草莓烂了一半
        [对，没错] [刚刚] [已经介入了] [刚刚] [发给客服的话] [没有，先这样]… [我已经发了]
        + 1d 1m
        : 还没记到答复
        = [客服答复了] [拿要发的话] [明早9点] [停止提醒]
        [客服答复了]
        : 客服怎么说的？
    """,
    )


async def test_the_home_line_of_a_platform_that_takes_its_time(world: World) -> None:
    """No 已过 for an end that is only ours to ask at."""
    await journey(
        world,
        """
        商家拒绝了，草莓烂了一半
        [对，没错] [刚刚] [已经介入了] [刚刚]
        + 4d
        /start
        : 等平台，可以问进度了
        ! 已过
    """,
    )


async def test_a_merchant_is_spoken_to(world: World) -> None:
    """A merchant's own case: no money is awaited, and silence is theirs."""
    await journey(
        world,
        """
        我是商家
        [平台已介入]
        还剩1天3小时
        [对，没错] [看问题单]
        : 不处理：你不举证，平台一般退款给买家
        [更多] [有新进展]
        ! 退款到账了
        [下一页]…
        ! 退款到账了
        ! 收到货了
    """,
    )


def _facts(case: object) -> dict[str, object]:
    from bot.domain.history import fold
    from bot.domain.model import Case

    assert isinstance(case, Case)
    return dict(fold(case).facts)


async def test_after_a_part_the_letter_asks_for_the_rest(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.press("刚刚")
    await world.say("订单编号：261118-123456789012345 实付：39.90元")
    await world.press("对，没错")
    await world.press("更多")
    await world.press("有新进展")
    while "退款到账了" not in world.labels:
        await world.press("下一页")
    await world.press("退款到账了")
    await world.press("只到账一部分")
    await world.say("12元")
    await world.press("还要追")
    await world.press("发给客服的话")
    while "没有，先这样" in world.labels:
        await world.press("没有，先这样")
    assert "已到账12.00元，请核实并退剩下的27.90元" in world.text
