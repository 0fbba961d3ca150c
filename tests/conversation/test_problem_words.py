"""What angry buyers type, and what is understood of it: problems, facts, words that name a screen, results."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.errors import CatalogError
from bot.conversation.understand.lexicon import Lexicon, load_lexicon
from bot.conversation.understand.problem import recognise
from bot.conversation.understand.words import meaning, outcome
from tests.harness import knowledge

FOLDER = Path(__file__).parents[2] / "bot" / "data" / "lexicon"
LEXICON = knowledge().lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return LEXICON


SENTENCES = {
    "not_shipped": [
        "都一个星期了还不发货", "下单5天了一点动静都没有", "催了三次都说明天发，到现在也没发",
        "说好48小时发货的呢？骗人",
        "到现在都没發貨", "啥时候才给发啊急用", "买了个水壶十天了还在待发货", "发霍了没有？一直不法货",
        "商家一直拖着不给我寄",
        "预售时间都过了还没寄出来",
    ],
    "out_of_stock": [
        "商家说没货了让我自己退款", "发不出来货叫我取消订单", "他要我加10块钱才肯发", "缺货也不早说",
        "付完款跟我说卖完了",
    ],
    "fake_tracking": [
        "显示已发货三天了可是查不到物流", "给了个空单号，一直没揽收", "虚假发货", "点了发货实际根本没发",
        "快递单号是别人家的地址",
        "发货了没物流信息",
    ],
    "lost": [
        "快递在中转站卡了八天不动", "包裹丢了找谁赔", "物流五天没更新了，是不是丢件",
        "一直显示派送中十几天了还没送到",
    ],
    "signed_not_received": [
        "物流显示签收了我根本没收到", "被别人签收了", "驿站说没有我的件但是显示已取件", "没收到货怎么就签收了",
        "快递放门口被偷了",
    ],
    "quality": [
        "电热水壶用了两天就坏了", "衣服洗一次就掉色", "质量太差了，全是线头", "充电宝充不进电", "鞋子穿了一周就开胶",
        "买的灯不亮",
        "拉链是坏的商家不给换", "杯子到了是碎的", "商家说不是质量问题，可插上电没反应",
    ],
    "not_as_described": [
        "实物和图片完全不一样", "说是纯棉的收到是化纤", "货不对板", "跟直播间说的根本不是一回事",
        "页面写304不锈钢，实际是铁的", "色差太大了",
    ],
    "wrong_item": [
        "我买的是黑色发来的是白色", "发错货了", "尺码给我发错了，要42来了40", "这根本不是我买的东西", "型号不对",
    ],
    "missing": [
        "买了三件只收到两件", "少发了一包纸巾", "螺丝配件都没有装不起来", "五斤的橘子称了只有三斤半", "打开是个空盒子",
        "缺斤短两",
    ],
    "counterfeit": [
        "鞋子是假货，得物鉴定不过", "专柜验了说不是正品", "防伪码查不到", "卖的是山寨货", "茅台是假的",
    ],
    "spoiled": [
        "草莓烂了一半商家不给退", "螃蟹到了全死了", "一箱芒果烂了十几个", "花收到都蔫了", "榴莲打开是臭的",
        "鸡蛋碎了八个",
        "車釐子發霉了", "坏果包赔不认账",
    ],
    "food_safety": [
        "面包里吃出头发", "牛奶过期了", "饼干没有生产日期", "吃完拉肚子进了医院", "坚果里面有虫",
    ],
    "returned_no_refund": [
        "货退回去商家签收了就是不退款", "退货五天了还没退钱", "我把东西寄回去了，他收到不给钱",
    ],
    "return_disputed": [
        "商家说我退回去的是空包", "说我退的衣服影响二次销售", "商家拒收我的退货", "诬陷我调包",
    ],
    "freight": [
        "质量问题退货运费还要我出", "运费险没赔", "来回邮费谁承担", "商家不肯报销运费",
    ],
    "price_drop": ["刚买完第二天就降价了", "买贵了能退差价吗", "才两天便宜了20块", "保价怎么申请不了"],
    "virtual": ["话费充了三天没到账", "会员买了没给开通", "兑换码无效", "卡密显示已使用"],
    "phone": ["手机是翻新机", "新手机查出来激活过了", "iPhone13 有id锁", "说全新结果是二手的手机"],
    "gift": ["赠品没给我", "说好送杯子的没送", "好评返现不给", "优惠券答应了没发"],
    "no_reason": ["不想要了能退吗", "买错了", "衣服小了穿不上", "拍多了一单", "七天无理由"],
    "refused_delivery": ["快递我拒收了怎么退款", "我直接拒签了", "拦截了快递"],
    "window_closed": ["售后入口没了", "过了售后期还能退吗", "点了确认收货没法申请售后", "找不到申请退款的按钮"],
    "pay_later_charge": ["先用后付还没处理完就扣款", "售后中就自动扣了我的钱", "0元下单的被扣钱了"],
    "refund_not_arrived": ["退款成功了但是钱没到账", "显示已退款银行卡没收到", "同意退款三天了没见到钱",
    "退款什么时候到账"],
    "merchant": ["我是商家，买家恶意仅退款", "我开店的，顾客申请退款怎么办", "我店里的订单被介入了"],
    "rejected": ["商家不给退", "被商家驳回了", "申请了两次都拒绝"],
    "silent": ["商家不理人", "联系不上卖家", "已读不回"],
}  # fmt: skip
# Said aside, in dialect or in a roundabout way.
ODDLY_SAID = {
    "not_shipped": ["团都拼成了快十天他家也不给发", "麻烦看看,买给老人过生日的,生日都过了货还没出"],
    "out_of_stock": ["卖家说系统库存没同步没货给我", "说快递涨价让我再补12块邮费才寄"],
    "fake_tracking": ["点了已发货,物流空空如也", "快递单号输进去是两个月以前的记录"],
    "lost": ["包裹到了我们县里就再没动静,五天了", "发了圆通说是路上丢了,谁赔我"],
    "signed_not_received": ["驿站老板说我的件被扫成已取了,可我没取", "已妥投?我一直在家没人敲门"],
    "quality": ["买的榨汁机第三次用就转不动了", "项链戴两天就黑了"],
    "not_as_described": ["说免安装的,来了一堆零件", "标着A级其实质检报告是C级"],
    "wrong_item": ["我定的单人床垫,送来个双人的", "他把别家的单子寄给我了"],
    "missing": ["两大袋狗粮只收到一大袋", "椅子缺一条腿的螺丝"],
    "counterfeit": ["口红膏体有股怪味,柜姐说是假的", "怀疑卖的是假的蒙牛"],
    "spoiled": ["寄来的蓝莓都长白毛了", "韭菜捂得稀烂"],
    "food_safety": ["香肠里吃到一根猪毛一样的塑料丝", "红枣里面有虫眼还有活虫"],
    "rejected": ["商家又把我退款给关了说不符合", "卖家说啥都不退"],
    "silent": ["卖家把我拉黑了", "售后三天了没人审核"],
    "returned_no_refund": ["退货物流显示签收五天,卖家迟迟不点退款", "我的鞋已经退到他手上了 钱还没影"],
    "return_disputed": ["商家咬定我退回去的是旧的", "退货他不签收又给退回来了"],
    "freight": ["换货还要我出来回运费", "上门取件收了我18谁来出"],
    "price_drop": ["昨天99今天79,客服不给退差", "刚买三天就打五折了,要求退差价商家不理"],
    "virtual": ["充的100元话费只到了50", "激活码输进去提示已被别人用了"],
    "phone": ["买的华为手机查保修发现去年就激活了", "买的平板激活锁解不开"],
    "gift": ["说好的买二送一,就给发了两个", "拍下送袜子结果没有"],
    "no_reason": ["衣服颜色不喜欢想退货", "老人不会用,想退掉"],
    "refused_delivery": ["箱子都湿了我就没签收让快递拉回去了", "快递破损我拒收退回去了,一直没退款"],
    "window_closed": ["买了两个月坏了,点不了售后", "退款按钮不见了怎么办"],
    "pay_later_charge": ["货都没收到先用后付就扣了", "先用后付提前扣钱,我还没收到货"],
    "refund_not_arrived": ["退款三天了微信还没到账", "平台显示已经退款银行说没收到"],
    "merchant": ["我家小店,有买家收到货说少了要仅退款", "我开水果店的,顾客恶意退款怎么申诉"],
}  # fmt: skip
LABELLED = [(text, name) for said in (SENTENCES, ODDLY_SAID) for name, texts in said.items() for text in texts]


@pytest.mark.parametrize(("text", "problem"), LABELLED)
def test_an_upset_buyer_is_understood(text: str, problem: str, lexicon: Lexicon) -> None:
    found = recognise(text, lexicon)
    assert [guess.problem for guess in found.problems][:1] == [problem]
    assert found.evidence


@pytest.mark.parametrize(
    "text",
    ["", "，，，", "今天天气不错", "asdfgh", "👍", "12345", "我想问一个事情", "我要退款", "怎么退钱",
     "帮帮我", "我老伴住院了", "你们是真人还是机器人", "晚饭吃什么"],
)  # fmt: skip
def test_what_is_not_understood_is_not_guessed(text: str, lexicon: Lexicon) -> None:
    found = recognise(text, lexicon)
    assert found.problems == ()
    assert found.confident is False


def test_one_sentence_answers_several_questions(lexicon: Lexicon) -> None:
    found = recognise("草莓烂了一半商家不给退", lexicon)
    assert (found.problems[0].problem, found.confident) == ("spoiled", True)
    assert (found.goods, found.goods_name) == ("fresh", "草莓")
    assert (found.stage, found.order) == ("rejected", "signed")


@pytest.mark.parametrize(
    ("text", "goods", "name"),
    [
        ("电热水壶漏水", "normal", "电热水壶"), ("草莓干发霉了", "normal", "草莓干"),
        ("苹果手机激活过", "normal", "苹果手机"),
        ("苹果烂了好几个", "fresh", "苹果"), ("游戏机开不了机", "normal", "游戏机"),
        ("话费没到账", "virtual", "话费"),
        ("花了39块买的东西坏了", None, None), ("东西坏了", None, None), ("垃圾袋是破的", "normal", "垃圾袋"),
    ],
)  # fmt: skip
def test_goods_are_named_from_the_lexicon(text: str, goods: str | None, name: str | None, lexicon: Lexicon) -> None:
    found = recognise(text, lexicon)
    assert (found.goods, found.goods_name) == (goods, name)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("烂苹果商家拒绝退款", "rejected"), ("申请退款三天了商家没处理", "waiting_merchant"),
        ("商家同意退货了让我寄回去", "return_agreed"),
        ("鞋子开胶，已经寄回去了", "return_shipped"), ("显示已退款钱没到账", "refund_agreed"),
        ("质量差，平台介入中", "platform"),
        ("平台让我补充证据", "proof_wanted"), ("平台支持商家，驳回了我", "decided_against"),
        ("平台判我赢商家不退", "decided_for"),
        ("平台不受理我的申请", "not_accepted"), ("已经打12315投诉了", "outside"),
        ("水壶坏了还没申请退款", "preparing"),
        ("水壶漏水", None),
    ],
)  # fmt: skip
def test_how_far_the_refund_is(text: str, stage: str | None, lexicon: Lexicon) -> None:
    assert recognise(text, lexicon).stage == stage


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("还没发货就不想要了", "unshipped"), ("快递还在路上我不想要了", "in_transit"), ("收到的裙子开线", "signed"),
        ("没收到货", None),
    ],
)  # fmt: skip
def test_where_the_goods_are(text: str, order: str | None, lexicon: Lexicon) -> None:
    assert recognise(text, lexicon).order == order


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("草莓烂了，商家说是正常损耗不给退", "正常损耗"), ("拒绝了，理由是“影响二次销售”", "影响二次销售"),
        ("商家以超过48小时为由拒绝", "超过48小时"), ("商家不给退", None),
    ],
)  # fmt: skip
def test_the_ground_of_the_merchant_is_quoted(text: str, reason: str | None, lexicon: Lexicon) -> None:
    assert recognise(text, lexicon).reason == reason


def test_a_denied_problem_is_not_proposed(lexicon: Lexicon) -> None:
    found = recognise("不是质量问题，就是不想要了", lexicon)
    assert [guess.problem for guess in found.problems] == ["no_reason"]


@pytest.mark.parametrize(
    ("text", "door"),
    [
        ("黑心商家死活不给退钱", "rejected"), ("被驳回了，理由写的与协商不一致", "rejected"),
        ("商家点了拒绝，说什么证据不足", "rejected"), ("申请退款两天了商家没动静", "silent"),
    ],
)  # fmt: skip
def test_a_bare_refusal_or_silence_is_no_other_problem(text: str, door: str, lexicon: Lexicon) -> None:
    assert [guess.problem for guess in recognise(text, lexicon).problems][:1] == [door]


def test_the_doors_stand_back_when_the_problem_is_said(lexicon: Lexicon) -> None:
    found = recognise("鞋子开胶了商家不理人还拒绝退款", lexicon)
    assert not {"rejected", "silent"} & {guess.problem for guess in found.problems}


@given(st.text(max_size=300))
def test_nothing_that_is_typed_breaks_recognition(text: str) -> None:
    found = recognise(text, LEXICON)
    assert [guess.score for guess in found.problems] == sorted((g.score for g in found.problems), reverse=True)
    assert meaning(text, LEXICON) in {None, *LEXICON.words.values()}
    outcome(text, LEXICON)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("平台介入", "intervene"), ("我要申请平台介入！", "intervene"), ("平台借入", "intervene"),
        ("请帮我转人工", "service"),
        ("人工客服", "service"), ("催一下发货", "urge_shipping"), ("查物流", "track"), ("我想申请运费", "freight"),
        ("处罚商家", "punish"),
        ("我是商家", "merchant"), ("我是买家", None), ("隐私", "privacy"), ("导出", "export"), ("全部删除", "forget"),
        ("回首页", "home"), ("我的问题单", "cases"), ("帮助一下吧", "help"), ("設置", "settings"), ("返回", "back"),
        ("先停下", "stop"),
        ("下一步呢？", "next"), ("改回上一步", "undo"), ("说说新问题", "new"), ("买前提醒", "advice"), ("嗯嗯", "yes"),
        ("对，没错", "yes"),
        ("不对", "no"), ("看不明白", "unknown"), ("跳过", "skip"), ("谢谢啦", "thanks"), ("你好", "greeting"),
        ("/cases", "cases"),
        ("草莓烂了商家不给退我要平台介入", None), ("商家说让我联系平台客服介入处理", None), ("", None), ("？", None),
    ],
)  # fmt: skip
def test_words_that_are_understood_everywhere(text: str, key: str | None, lexicon: Lexicon) -> None:
    assert meaning(text, lexicon) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("商家又拒绝了", "rejected"), ("商家不同意", "rejected"), ("商家拒绝了，理由是正常损耗", "rejected"),
        ("又被驳回了", "rejected"),
        ("钱到了", "refunded"), ("退款到账了", "refunded"), ("收到退款了", "refunded"), ("钱还没到", None),
        ("退款没到账", None),
        ("平台支持我", "platform_for"), ("平台不支持", "platform_against"), ("平台判商家赢了", "platform_against"),
        ("平台支持一部分", "platform_partly"), ("平台不受理", "platform_refused"), ("我寄回去了", "return_shipped"),
        ("商家同意了", "agreed_refund"), ("商家同意退款", "agreed_refund"), ("商家同意退货", "agreed_return"),
        ("商家同意换货", "agreed_exchange"), ("商家答应补发", "agreed_resend"), ("商家只肯退一半", "agreed_partial"),
        ("商家还没处理", "no_answer"), ("一直没人理我", "no_answer"), ("已经申请介入了", "intervened"),
        ("平台要补证据", "proof_wanted"),
        ("证据都传上去了", "proof_sent"), ("商家签收了", "return_signed"), ("和商家谈妥了", "settled"),
        ("申请被系统关闭了", "closed_by_app"),
        ("我把申请撤销了", "withdrawn"), ("已提交申请", "applied"), ("昨天晚上申请了退款", "applied"),
        ("草莓烂了商家不给退", None),
    ],
)  # fmt: skip
def test_results_are_understood_as_typed(text: str, key: str | None, lexicon: Lexicon) -> None:
    assert outcome(text, lexicon) == key


def test_a_mistake_in_the_lexicon_is_named_with_file_and_key(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    facts = tmp_path / "facts.toml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("outside = [", 'outside = ["(",', 1), encoding="utf-8")
    words = tmp_path / "words.toml"
    words.write_text(words.read_text(encoding="utf-8") + "\nskip_too = 1\n", encoding="utf-8")
    with pytest.raises(CatalogError) as raised:
        load_lexicon(tmp_path)
    assert any("words.toml" in problem and "skip_too" in problem for problem in raised.value.problems)

    words.write_bytes((FOLDER / "words.toml").read_bytes())
    with pytest.raises(CatalogError) as raised:
        load_lexicon(tmp_path)
    assert [problem.split(": ")[:2] for problem in raised.value.problems] == [["facts.toml", "stage.outside"]]
