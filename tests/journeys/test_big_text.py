"""大字模式 lived through with digits alone, on every channel."""

from tests.harness import World
from tests.journeys.steps import journey


async def test_from_home_to_the_copied_words_with_digits_alone(world: World) -> None:
    await journey(
        world,
        """
        /start
        大字
        : 好，改成大字模式了。
        = [说说新问题] [我的问题单] [更多选择]
        1
        3
        : ① 坏了有毛病
        1
        : ① 坏果烂果
        1
        : 先别扔。
        : 退款页最上面写的是什么？
        3
        : ① 商家拒绝了
        1
        : 哪天几点拒的？
        1
        : 商家已拒绝（轮到你）
        : ② 发给客服的话
        2
        : 订单号是多少？
        1
        : 实付多少钱？
        : 这里打数字算回答
        39.90
        : 坏了多少
        1
        : 您好，
        : 退款39.90元
        = [改一处] [我已经发了] [更多选择]
        2
        : 发给客服。
        """,
    )
    letters = [choice for message in world.chat.messages for choice in message.buttons if choice.copy]
    assert any("申请平台介入" in choice.copy for choice in letters)
    assert max(len(message.labels) for message in world.chat.messages[1:]) == 3


async def test_a_reminder_is_answered_with_digits(world: World) -> None:
    await journey(
        world,
        """
        草莓烂了一半商家不给退
        [对，没错] [刚刚]
        字太小了
        + 1d 6h
        : 第一，打开退款页，点平台介入
        : ① 我做完了
        = [我做完了] [拿要发的话] [更多选择]
        1
        : 现在怎么样了？
        1
        : 哪天几点的事？
        1
        : 平台处理中（等平台）
        关掉大字
        : 🍓 问题单1 · 草莓坏果
        """,
    )
    labels = [len(message.labels) for message in world.chat.messages if message.reminder]
    assert max(labels) == 3
