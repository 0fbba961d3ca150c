"""The words of swindlers are found and quoted; their harmless neighbours and warnings against them pass."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.understand.fraud import FraudWords, read_fraud
from tests.bench.reply_bench import rows, score_fraud
from tests.conversation.desk import knowledge

DATA_DEV = Path(__file__).parents[1] / "data"
BUYERS = ("sentences.toml", "sentences_blind.toml")


def words() -> FraudWords:
    return knowledge().fraud


def test_the_development_sentences_are_told_apart() -> None:
    data = rows(DATA_DEV / "fraud_dev.toml")
    score = score_fraud(data)
    assert (len(data["fraud"]) >= 130, len(data["harmless"]) >= 230) == (True, True)
    assert score.share("fraud") >= 0.97, "\n".join(score.misses)
    assert score.share("harmless") >= 0.99, "\n".join(score.misses)


@pytest.mark.parametrize("file", BUYERS)
def test_buyers_who_describe_a_problem_are_not_warned(file: str) -> None:
    warned = [row["text"] for row in rows(DATA_DEV / file)["sentence"] if read_fraud(row["text"], words())]
    assert warned == []


@pytest.mark.parametrize(
    ("text", "kind", "quoted"),
    [
        ("加我微信，给您办理退款", "contact", "加我微信"),
        ("亲，加我 薇 信 退款", "contact", "加我 薇 信"),
        ("➕V：tk889900", "contact", "➕V"),
        ("打开屏幕共享，我教您操作", "screen", "打开屏幕共享"),
        ("把收到的验证码告诉我", "code", "把收到的验证码告诉"),
        ("请把钱转到安全账户", "transfer", "安全账户"),
        ("先去支付宝开通备用金", "loan", "备用金"),
        ("扫这个二维码领取退款", "link", "扫这个二维码领取退款"),
        ("您误开通了会员，不取消每月扣费", "membership", "误开通了会员，不取消每月扣费"),
        ("刷单返佣，日结", "rebate", "刷单"),
        ("把银行卡号发给我", "card", "银行卡号发给我"),
        ("他让我加微信，是不是骗子", "contact", "加微信"),
    ],
)
def test_each_kind_with_its_words(text: str, kind: str, quoted: str) -> None:
    fraud = read_fraud(text, words())
    assert fraud is not None
    assert (fraud.kind, fraud.words[0]) == (kind, quoted)


@pytest.mark.parametrize(
    "text",
    [
        "官方客服不会让你转钱、共享屏幕、报验证码。",
        "不要加微信，不要点链接退款",
        "凡是要求屏幕共享的都是诈骗",
        "微信支付原路退回",
        "快递员让我报取件码",
        "扫码取件扫不出来",
        "分享给微信好友拼单",
        "手机屏幕碎了",
        "快递公司给我转账赔了50元",
        "向日葵种子没发芽",
        "",
    ],
)
def test_neighbours_and_warnings_pass(text: str) -> None:
    assert read_fraud(text, words()) is None


@pytest.mark.parametrize(
    ("act", "pretext"),
    [
        ("微粒贷打开点提现", "，我们的赔款就在里面"),
        ("先交保证金299", "，理赔专员马上一起返还"),
        ("用手机自带浏览器打开", "，这是财务发的退款入口"),
        ("主卡号码发一下", "，退款失败要重新录入，专员等着"),
    ],
)
def test_an_act_weighs_only_with_its_pretext(act: str, pretext: str) -> None:
    assert (read_fraud(act, words()), read_fraud(act + pretext, words()) is not None) == (None, True)


def test_a_buyers_own_question_weighs_less() -> None:
    assert read_fraud("微粒贷打开了怎么关，退款会退到里面吗", words()) is None


def test_no_more_than_three_stretches_are_quoted() -> None:
    fraud = read_fraud("加我微信。打开屏幕共享。把验证码发给我。转到安全账户。开通备用金。", words())
    assert fraud is not None
    assert len(fraud.words) == 3
    assert fraud.kinds == ("code", "screen", "transfer", "loan", "contact")


def test_a_calming_word_does_not_hide_what_is_asked() -> None:
    assert read_fraud("别着急，加我微信给您退款", words()) is not None


PIECES = st.sampled_from(
    ["加", "我", "微信", "退款", "验证码", "告诉", "屏幕", "共享", "不要", "转", "安全账户", "，", "。", "？", "➕",
     "V", " ", "\n", "扫", "码", "123456", "会员", "不取消", "😀", "是诈骗"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=24).map("".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_quoted_as_it_stands(text: str) -> None:
    fraud = read_fraud(text, words())
    if fraud is not None:
        assert 1 <= len(fraud.words) <= 3
        assert all(word and word in text for word in fraud.words)
        assert fraud.kind == fraud.kinds[0]


@pytest.mark.parametrize("piece", ["加我微信", "转账给", "不", "1", "验证码", "请您转", "误开通会员", "点链接", "，"])
def test_a_very_long_text_is_read_to_an_end(piece: str) -> None:
    """An expression that tries every division of it would not come back."""
    found = read_fraud(piece * (20_000 // len(piece)), words())
    assert found is None or len(found.words) <= 3
