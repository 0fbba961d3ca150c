"""From the first word to the first card: PRODUCT A."""

from tests.harness import World


async def test_one_sentence_leaves_one_question(world: World) -> None:
    await world.say("/start")
    assert "我不是拼多多，不替你操作" in world.text
    await world.say("草莓烂了一半商家不给退")
    assert world.text.startswith("先别扔。现在拍3张：整箱和面单、坏果近照、称重。")
    assert "草莓 · 坏果烂果 · 商家已拒绝" in world.text
    await world.press("对，没错")
    assert "第1问/共1问" in world.text
    assert "哪天几点拒的？" in world.text
    await world.say("昨天下午三点")
    assert world.text == "我读到：11月21日 周六 15:00。"
    await world.press("对，没错")
    assert "商家已拒绝（轮到你）" in world.text
    assert "还剩 1天5小时，到明天 11月23日 周一 15:00（估计，不是平台规定）" in world.text
    assert len(world.labels) <= 6


async def test_buttons_alone_lead_to_a_card(world: World) -> None:
    await world.say("/start")
    await world.press("说说新问题")
    assert len(world.labels) <= 9
    await world.press("没发货")
    await world.press("一直不发货")
    assert "第1问/共3问" in world.text
    await world.press("不知道")
    await world.press("还没申请")
    assert "哪天几点下的单？" in world.text
    await world.press("昨天")
    assert "准备中（轮到你）" in world.text
    assert "估计，不是平台规定" in world.text


async def test_the_total_of_questions_never_grows(world: World) -> None:
    await world.say("/start new_quality")
    totals = []
    while "问/共" in world.text:
        head = world.text.split(" ")[0]
        totals.append((int(head[1]), int(head[5])))
        await world.press(world.labels[0])
        if "我读到" in world.text:
            await world.press("对，没错")
    assert totals
    assert [number for number, _ in totals] == list(range(1, len(totals) + 1))
    assert {total for _, total in totals} == {totals[0][1]}
    assert totals[0][1] <= 3


async def test_numbers_labels_and_synonyms_are_answers_too(world: World) -> None:
    await world.say("水壶一直不发货")
    await world.say("1")
    await world.say("４８小时内")
    assert "退款页最上面写的是什么" in world.text
    await world.say("③")
    assert "哪天几点拒的？" in world.text


async def test_one_answer_may_answer_two_questions(world: World) -> None:
    await world.say("/start new_spoiled")
    await world.say("商家昨晚8点拒绝了")
    assert world.text == "我读到：11月21日 周六 20:00。"


async def test_back_and_stop_keep_everything(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.press("先停下")
    assert "都存好了" in world.text
    await world.restart()
    await world.say("我的问题单")
    await world.press("看问题单1")
    assert "哪天几点拒的？" in world.text


async def test_unknown_words_are_asked_about(world: World) -> None:
    await world.say("嘎嘎嘎")
    assert "我没看懂" in world.text
    assert world.labels
    assert (await world.dossier()).cases == ()


async def test_a_bad_date_gets_an_example_and_loses_nothing(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.say("下周前后")
    assert "“下周前后”" in world.text
    assert "11月20日 15:04" in world.text
    assert "哪天几点拒的？" in world.text


async def test_a_date_in_the_future_is_refused_kindly(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.say("明天下午三点")
    assert "这个时间还没到" in world.text
    assert "哪天几点拒的？" in world.text


async def test_an_ambiguous_hour_is_asked_about(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.say("昨天三点")
    assert "是哪一个" in world.text
    await world.press("15:00")
    assert "明天 11月23日 周一 15:00" in world.text


async def test_a_countdown_instead_of_a_date_counts(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.say("还剩1天3小时")
    assert world.text == "我读到：还剩 1天3小时，到明天 11月23日 周一 13:00。"
    await world.press("对，没错")
    assert "按 App 倒计时" in world.text


async def test_the_problem_behind_a_refusal_is_asked(world: World) -> None:
    await world.say("商家拒绝了我的退款")
    await world.press("对，没错")
    assert "本来是哪里不对" in world.text
    await world.press("坏了有毛病")
    await world.press("质量有问题")
    assert "问/共" in world.text


async def test_pasted_order_text_is_shown_back(world: World) -> None:
    await world.say("订单编号：261118-123456789012345\n商品：草莓3斤\n实付款：¥39.90\n下单时间：2026-11-18 20:04:32")
    assert "261118-123456789012345" in world.text
    assert "¥39.90" in world.text
    assert "11月18日 周三 20:04" in world.text
    await world.press("对，没错")
    await world.press("坏了有毛病")
    await world.press("坏果烂果")
    await world.press("还没申请")
    while "问/共" in world.text:
        await world.press("昨天")
    assert "订单 261118-…2345" in world.text
    assert "¥39.90" in world.text


async def test_links_open_only_ones_own_case(world: World) -> None:
    await world.say("草莓烂了一半商家不给退")
    await world.press("对，没错")
    await world.press("昨天")
    case = await world.case()
    await world.say("/new")
    await world.say(f"/start c_{case.id}")
    assert "问题单1" in world.text
    world.person = "telegram:43"
    await world.say(f"/start c_{case.id}")
    assert "问题单1" not in world.text
    assert "草莓坏果" not in world.text


async def test_a_sentence_about_the_shown_case_opens_no_second_one(world: World) -> None:
    await world.say("水壶一直不发货")
    for answer in ("对，没错", "48小时内", "待商家处理", "刚刚"):
        await world.press(answer)
    await world.press("没有倒计时") if "没有倒计时" in world.labels else None
    await world.say("水壶还是一直不发货啊")
    assert "是指？" in world.text
    await world.press("是新问题")
    assert "一直不发货" in world.text
    await world.say("我的问题单")
    await world.press("看问题单1")
    await world.say("商家昨晚8点说不给退")
    assert "我读到：11月21日 周六 20:00" in world.text or "商家拒绝了" in world.text
    assert len((await world.dossier()).cases) == 1
