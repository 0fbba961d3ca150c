"""What a person simply writes of bodies outside the platform, and other words that were not understood."""

import pytest

from bot.conversation.understand.outside import Report, reported
from tests.harness import World, knowledge
from tests.journeys.steps import journey
from tests.journeys.test_delete_case import picture

LEXICON, WORDS = knowledge().lexicon, knowledge().outside
REFUSED = """
电饭煲坏了
[对，没错]
[商家拒绝了] [刚刚]
"""
AGAINST = f"{REFUSED}\n[已经介入了] [刚刚]\n平台不支持\n[刚刚]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12315受理了", Report("12315", "accepted")),
        ("昨天12315已经受理了", Report("12315", "accepted")),
        ("12315说不受理", Report("12315", "refused")),
        ("市场监管局打电话来了", Report("12315", "heard")),
        ("12315让我补材料", Report("12315", "proof")),
        ("消协给我打电话了", Report("association", "heard")),
        ("12315调解不成", Report("12315", "failed")),
        ("法院立案了", Report("court", "accepted")),
        ("我去法院起诉了", Report("court", "handed")),
        ("交给12315了", Report("12315", "handed")),
        ("已经投诉快递了", Report("courier", "handed")),
        ("快递公司没理我", Report("courier", "silent")),
        ("受理了", Report("", "accepted")),
        ("12315还没受理", None),
        ("12315没用", None),
        ("12315怎么投诉", None),
        ("要不要打12315", None),
        ("我要投诉快递", None),
        ("商家说让我去投诉12315", None),
        ("商家打电话了", None),
        ("快递丢了", None),
        ("解决了", None),
        ("没回复", None),
        ("平台不受理", None),
    ],
)
def test_a_report_of_a_body_outside_is_told_from_other_talk(text: str, expected: Report | None) -> None:
    assert reported(text, WORDS, LEXICON) == expected


async def test_every_step_outside_can_simply_be_written(world: World) -> None:
    """Handed in, accepted, failed, then the court, each with its own day."""
    await journey(world, AGAINST)
    await journey(
        world,
        """
        交给12315了
        : 12315投诉：哪天交的？
        [昨天]
        : 站外处理（等回复）
        受理了
        : 12315投诉，已受理：哪天的事？
        [刚刚]
        : 记下了，12315受理了，接下来是调解。
        + 1h
        调解不成
        : 12315投诉，调解不成：哪天的事？
        [刚刚]
        + 1h
        我去法院起诉了
        : 小额诉讼：哪天交的起诉状？
        [刚刚]
        + 1h
        法院立案了
        : 小额诉讼，立案了：哪天的事？
        [刚刚]
        : 记下了，立案了。开庭和交费，以法院通知为准。
        """,
    )


async def test_the_day_in_the_same_sentence_is_read(world: World) -> None:
    await journey(world, AGAINST)
    await journey(
        world,
        """
        我昨天向12315投诉了
        : 我读到：11月21日 周六。
        [对，没错]
        : 12315投诉：还剩 9天14小时
        """,
    )


async def test_a_body_first_heard_of_by_its_answer_takes_the_case_outside(world: World) -> None:
    await journey(world, AGAINST)
    await journey(
        world,
        """
        12315受理了
        [刚刚]
        : 站外处理（等回复）
        : 12315投诉：还剩 60天
        = [有回复了]
        """,
    )


async def test_a_courier_that_was_never_complained_about_only_calls_about_the_parcel(world: World) -> None:
    await journey(world, REFUSED)
    await journey(
        world,
        """
        快递给我打电话了
        ! 投诉快递公司怎么说
        """,
    )


async def test_the_clock_of_a_courier_says_whose_it_is_and_stands_once(world: World) -> None:
    await journey(
        world,
        """
        快递丢了
        [对，没错] [还没申请] [记不清了]
        投诉快递公司
        : 丢件、乱签收时向快递公司投诉，记下工单号。
        已经投诉快递了
        : 投诉快递公司：哪天几点投诉的？
        [刚刚]
        : 记下了，向快递公司投诉过了。有答复就写一句“有回复了”。
        : 投诉快递公司：还剩 8天14小时，到 11月30日
        """,
    )
    assert world.text.count("还剩") == 1
    await journey(
        world,
        """
        有回复了
        = [解决了] [没解决] [返回]
        [没解决] [刚刚] [12305申诉] [已经交了] [刚刚]
        : 12305申诉：还剩 30天
        : （一般情况，以它的答复为准）
        ! 以 App 显示为准
        """,
    )


async def test_how_far_it_is_does_not_unsay_what_is_wrong(world: World) -> None:
    await journey(
        world,
        """
        电饭煲坏了
        商家拒绝了
        : 听起来是：电饭煲 · 质量有问题 · 商家已拒绝。对吗？
        """,
    )


async def test_intervened_is_a_report_and_no_wish(world: World) -> None:
    await journey(world, REFUSED)
    await journey(
        world,
        """
        平台介入了
        : 已申请介入：哪天几点的事？
        """,
    )


async def test_the_card_by_its_words_from_any_screen(world: World) -> None:
    await journey(world, REFUSED)
    await journey(
        world,
        """
        天气不错
        发给客服的话
        : 写这段话还差一样。
        回问题单
        : 商家已拒绝（轮到你）
        发给我儿子
        : 转给家人的话
        导出成PDF
        : 这一单可以整份带走
        打包给我
        : 导出会打成一个 ZIP
        删掉这一单
        : 要删掉这一单吗？
        """,
    )


async def test_a_shown_proof_is_deleted_by_words(world: World) -> None:
    await journey(world, REFUSED)
    world.chat.uploads["a"] = picture(1)
    await world.photo("a")
    await journey(
        world,
        """
        看证据1
        删掉这张
        : 删掉证据1
        """,
    )


async def test_undo_while_a_day_is_asked_takes_nothing_else_back(world: World) -> None:
    """The result is not noted yet: what was noted before it stays."""
    await journey(world, REFUSED)
    await journey(
        world,
        """
        商家又拒绝了
        : 哪天几点的事？
        改回上一步
        : 刚才那件还没记下，不用改回。
        ! 改回了：
        : 商家已拒绝（轮到你）
        """,
    )


async def test_giving_up_in_plain_words(world: World) -> None:
    await journey(world, REFUSED)
    await journey(
        world,
        """
        我不想追了
        ! 是指？
        """,
    )
