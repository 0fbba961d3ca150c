"""When the platform says no: 12315, its green channel, the association, 12305 and the court, each from its own date."""

from tests.harness import World
from tests.journeys.steps import journey

REFUSED = """
草莓烂了一半商家不给退
[对，没错]
昨天下午三点
[对，没错]
[已经介入了] [刚刚]
[平台有结果了] [平台没支持] [刚刚]
: 平台没支持（轮到你）
"""


async def test_12315_from_the_first_field_to_the_court(world: World) -> None:
    """Walked field by field, handed in, accepted, not settled; each clock from its own date, each one reminded of."""
    await journey(world, REFUSED)
    await journey(
        world,
        """
        [后续流程] [看其他几步] [12315投诉] [教我怎么走]
        : 第1步/共6步 · 12315投诉
        [找到了，下一步]
        : 姓名、证件、电话、地址照实填，公开和委托调解自己选。都填在表里，我不问也不存。
        [找到了，下一步]
        : 对方填店铺执照上的名称，一字不差。
        [找到了，下一步]…
        : 提交后记下编号，截图。
        [已经交了]
        : 记住：法院、仲裁、消协或别的部门已经受理同一件事的，12315不受理。
        : 从12315收到那天算
        11月20日
        : 我读到：11月20日 周五。
        [对，没错]
        : 站外处理（等回复）
        : 12315投诉：还剩 9天14小时，到 12月1日 周二 24:00（当天夜里12点）（法律规定，《消费者权益保护法》第四十六条）
        = [有回复了] [后续流程]
        + 10d
        : 12315该告诉你受不受理了：12月1日 周二 24:00（当天夜里12点）（法律规定
        : 不去看：可能漏了回复，后面的时间也可能错过。
        ! 退款页
        [有回复了] [已受理]
        : 12315投诉，已受理：哪天的事？
        [昨天]
        : 记下了，12315受理了，接下来是调解。
        : 12315投诉：还剩 61天14小时，到 2027年2月1日 周一 24:00（当天夜里12点）（法律规定
        ! 12月1日 周二 24:00
        [有回复了]
        = [调解成功] [调解不成] [终止调解] [返回]
        [调解不成] [刚刚]
        : 调解要双方同意，谈不成不等于你没理。
        : 法律规定：网购纠纷可以在收货地起诉
        [小额诉讼]
        : 小额诉讼：现在
        [教我怎么走]
        : 先打收货地法院的电话
        [找到了，下一步]…
        : 受理费，有一处说1万元以内50元。
        : 只有一处这样说，没核实。
        [已经交了] [刚刚]
        : 小额诉讼：还剩
        [有回复了] [立案了] [刚刚]
        : 记下了，立案了。
        : 2027年2月2日 周二 24:00（当天夜里12点）（法律规定，《民事诉讼法》第一百六十八条）
        后续流程
        : 12315投诉：已交，11月20日 周五，调解不成
        : 小额诉讼：已交，12月2日 周三 10:00，立案了
        """,
    )


async def test_the_association_first_and_what_12315_then_refuses(world: World) -> None:
    """A warning before the second body, and none once the first one has refused."""
    await journey(
        world,
        """
        杯子和图片不一样商家不给退
        [对，没错]
        昨天下午三点
        [对，没错]
        后续流程
        [看其他几步] [消协调解] [教我怎么走]
        : 先选一个：消协受理了，12315就不再受理同一件事。
        [找到了，下一步]…
        [已经交了] [今天早些时候]
        : 消协调解：已交，没有定好的时间，多久有结果要问它。
        后续流程
        : 12315投诉：先别交，消协调解已经在办
        [看其他几步] [12315投诉] [教我怎么走]
        : 先看清楚：消协调解那边已经交了。
        [返回] [有回复了] [已受理] [刚刚]
        : 调解多久各地不一样，是哪里的消协？
        [上海的消协]
        : 法律规定：上海消协受理后60天内调解；双方同意可再延30天（《上海市消费者权益保护条例》第五十六条）。
        : 消协调解：还剩 60天14小时
        改回上一步
        改回上一步
        ! 还剩
        [有回复了] [不予受理] [刚刚]
        = [补了再交] [12315投诉] [小额诉讼]
        [12315投诉]
        : 12315投诉：现在
        """,
    )


async def test_the_courier_and_12315_side_by_side(world: World) -> None:
    """Two bodies, two dates; what the courier does not settle opens 12305 before its seven days are over."""
    await journey(
        world,
        """
        快递丢了
        [对，没错]
        [还没申请]
        11月15日
        [对，没错]
        后续流程
        [看其他几步] [投诉快递公司] [教我怎么走] [找到了，下一步]… [已经交了] [昨天]
        : 投诉快递公司：还剩 8天14小时，到 11月30日 周一 24:00（当天夜里12点）（法律规定，《快递暂行条例》第二十八条）
        : 准备中（轮到你）
        后续流程
        : 12305申诉：从 11月30日 周一 24:00（当天夜里12点） 起可以
        [看其他几步] [投诉快递公司] [有回复了] [没解决] [刚刚]
        : 快递公司没解决，可以向12305申诉。
        [12305申诉]
        : 12305申诉：现在
        [已经交了] [刚刚]
        : 12305申诉：还剩 30天14小时，到 12月22日 周二 24:00（当天夜里12点）（一般情况
        后续流程
        [看其他几步] [12315投诉] [已经交了] [昨天]
        : 12305只写快递公司的事，12315只写商家的事，两边各算各的日子。
        : 12315投诉：还剩 9天14小时，到 12月1日 周二 24:00（当天夜里12点）
        : 12305申诉：还剩 30天14小时，到 12月22日 周二 24:00（当天夜里12点）
        """,
    )


async def test_the_green_channel_does_not_count_against_12315(world: World) -> None:
    """Ten working days of the firm's; failing that, the usual complaint."""
    await journey(world, REFUSED)
    await journey(
        world,
        """
        [后续流程] [看其他几步] [12315投诉] [绿色通道]
        : 一般是：绿色通道的企业直接和你谈，10个工作日；不成再走普通投诉。
        : 拼多多在不在里面没查到
        [拿要发的话] [没有，先这样] [没有，先这样] [没有，先这样]
        [已经交了]
        : 绿色通道：哪天交的？
        [刚刚]
        : 绿色通道：还剩 12天14小时，到 12月4日 周五 24:00（当天夜里12点）（一般情况
        后续流程
        : 12315投诉：从 12月4日 周五 24:00（当天夜里12点） 起可以
        [12315投诉] [返回] [返回] [有回复了] [没谈成] [刚刚]
        : 可以照常走12315投诉，刚才的时间不占受理的时间。
        [12315投诉]
        : 12315投诉：现在
        """,
    )


async def test_settled_outside_is_a_promise_and_proof_wanted_is_an_own_end(world: World) -> None:
    await journey(world, REFUSED)
    await journey(
        world,
        """
        [后续流程] [看其他几步] [12315投诉] [已经交了] [刚刚]
        [有回复了] [要我补证明]
        : 法律规定：投诉要用真实身份；让你补证明的，按通知的日期补，不补就不受理
        11月25日 18:00
        [对，没错]
        : 12315要你补证明：还剩 3天8小时，到 11月25日 周三 18:00（按对方说的）
        : 你先做：照通知把证明交上去，不补就不受理
        + 2d 10h
        : 不处理：到日子不补证明，12315就不受理。
        : 照通知把证明交上去
        [有回复了] [证明补好了]
        : 记下了，证明补好了。
        ! 要你补证明
        [有回复了] [调解成功] [刚刚]
        : 谈好了什么？
        商家三天内退39.9元
        """,
    )
    assert "还剩" in world.text or "我读到" in world.text


async def test_a_date_told_from_an_old_message_weeks_later(world: World) -> None:
    """The button of a message further up leads to the question, and what is told then counts from its own day."""
    await journey(world, REFUSED)
    await journey(world, "[后续流程] [看其他几步] [12315投诉]")
    old = world.last
    await journey(world, "+ 5d\n/start")
    await world.press("已经交了", old)
    assert "12315投诉：哪天交的？" in world.text
    await journey(
        world,
        """
        11月23日
        [对，没错]
        : 12315投诉：还剩 5天14小时，到 12月2日 周三 24:00
        """,
    )
    await world.press("已经交了", old)
    assert "现在记的是 11月23日 周一。" in world.text


async def test_into_a_year_whose_holidays_are_not_known(world: World) -> None:
    """Working days beyond the last list are said to be a guess, and why."""
    await journey(world, REFUSED)
    await journey(
        world,
        """
        + 36d
        /next
        [后续流程] [看其他几步] [12315投诉] [已经交了] [刚刚]
        : 估计，2027年的放假安排还没有，先按周一到周五算
        """,
    )
