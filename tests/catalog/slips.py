"""Single slips: the file, what stands there, what is put in its place, and what is told of it."""

SPOILED = "problems/spoiled.toml"
REJECTED = "problems/rejected.toml"
NOT_SHIPPED = "problems/not_shipped.toml"
IPHONE = "routes/service_iphone.toml"
PUNISH = "routes/punish.toml"
HOTLINE = "routes/hotline.toml"
ADVICE = "advice/before_buying.toml"
LOCALE = "locales/zh-CN/case.toml"

EDITED = {
    "a group names what is no problem": (
        "groups.toml", '"spoiled"', '"rotten"',
        ["groups.toml: broken.problems: there is no problem rotten", "groups.toml: groups: spoiled is in no group"],
    ),
    "a problem stands in two groups": (
        "groups.toml", '"virtual"]', '"virtual", "freight"]',
        [
            "groups.toml: return.problems: freight stands in 2 places",
            "groups.toml: virtual.problems: freight stands in 2 places",
        ],
    ),
    "a group shows the merchant's side": (
        "groups.toml", '"virtual"]', '"virtual", "merchant"]',
        ["groups.toml: virtual.problems: merchant is the merchant's side"],
    ),
    "two groups have one id": (
        "groups.toml", 'id = "money"', 'id = "virtual"', ["groups.toml: virtual: there are 2 groups of this id"],
    ),
    "a group's name fits no button": (
        "groups.toml", 'name = "没发货"', 'name = "一直都还没有发货呢"',
        ["groups.toml: groups.0.name: String should have at most 8 characters"],
    ),
    "a problem tells of an unknown rule": (
        SPOILED, '"pdd.svc.fresh"', '"pdd.svc.frozen"', [f"{SPOILED}: rules: there is no rule pdd.svc.frozen"],
    ),
    "a refusal is answered with what is no law": (
        SPOILED, 'law = "law.cpl.24"', 'law = "pdd.svc.bad_goods"',
        [f"{SPOILED}: refused.law: pdd.svc.bad_goods cites no article"],
    ),
    "a refusal is answered with an unknown law": (
        SPOILED, 'law = "law.cpl.24"', 'law = "law.cpl.240"',
        [f"{SPOILED}: refused.law: there is no rule law.cpl.240"],
    ),
    "an article is cited that the text leaves out": (
        SPOILED, "（{law}）", "", [f"{SPOILED}: refused.text: {{law}} and the key law belong together"],
    ),
    "a clock names an unknown rule": (
        SPOILED, 'rule = "timer.fruit_claim"', 'rule = "timer.fruit"',
        [f"{SPOILED}: clocks.0.rule: there is no rule timer.fruit"],
    ),
    "a clock has no span that may be counted": (
        SPOILED, 'rule = "timer.fruit_claim"', 'rule = "pdd.reapply.count"',
        [f"{SPOILED}: clocks.0.rule: pdd.reapply.count has no span that may be counted"],
    ),
    "a sentence uses a fact that it does not need": (
        SPOILED, 'needs = ["signed_at"]', "needs = []",
        [f"{SPOILED}: paragraphs.0.text: {{signed_at}} is not listed under needs"],
    ),
    "a sentence needs what is no fact": (
        SPOILED, 'needs = ["signed_at"]', 'needs = ["signed_at", "mood"]',
        [f"{SPOILED}: paragraphs.0.needs: there is no fact mood"],
    ),
    "a sentence has a placeholder that is no fact": (
        SPOILED, '"{signed_at}签收。"', '"{signed_at}在{town}签收。"',
        [f"{SPOILED}: paragraphs.0.text: {{town}} may not stand here"],
    ),
    "a sentence has a brace left over": (
        SPOILED, '"{signed_at}签收。"', '"{signed_at}}签收。"',
        [f"{SPOILED}: paragraphs.0.text: has a brace that is no {{placeholder}}"],
    ),
    "a sentence has no end": (
        SPOILED, '"{signed_at}签收。"', '"{signed_at}签收"',
        [f"{SPOILED}: paragraphs.0.text: must end like a sentence"],
    ),
    "a line for a screen waits for a fact": (
        SPOILED, 'how = "整箱', 'how = "{goods}整箱', [f"{SPOILED}: evidence.0.how: {{goods}} may not stand here"],
    ),
    "a headline needs a fact that may be unknown": (
        SPOILED, 'headline = "{goods}', 'headline = "{signed_at}{goods}',
        [f"{SPOILED}: headline: {{signed_at}} is not listed under needs"],
    ),
    "the ladder has an unknown rung": (
        SPOILED, '"merchant", ', '"neighbour", ', [f"{SPOILED}: ladder: there is no rung neighbour"],
    ),
    "the ladder has the association without 12315": (
        REJECTED, '"12315", ', "", [f"{REJECTED}: ladder: association comes after 12315"],
    ),
    "court is not the last rung": (
        SPOILED, '"12315", "court"', '"court", "12315"', [f"{SPOILED}: ladder: court comes last"],
    ),
    "the closing line is no advice": (
        SPOILED, 'closing = "unpacking"', 'closing = "packing"', [f"{SPOILED}: closing: there is no advice packing"],
    ),
    "a question has no text": (
        NOT_SHIPPED, 'asks = ["promise"]', 'asks = ["difference"]',
        [f"{NOT_SHIPPED}: asks: the locale has no question ask.difference.text"],
    ),
    "a key fact is none": (
        NOT_SHIPPED, 'key_facts = ["order_no"', 'key_facts = ["order_number"',
        [f"{NOT_SHIPPED}: key_facts: there is no fact order_number"],
    ),
    "no refund type is left for the order": (
        NOT_SHIPPED, 'types = ["refund_only"]', 'types = ["return_refund"]',
        [f"{NOT_SHIPPED}: app.types: none is left for an order that is unshipped"],
    ),
    "a reason to choose is one that harms": (
        NOT_SHIPPED, '"商家一直不发货"]', '"不想要了"]',
        [f"{NOT_SHIPPED}: app.reasons: 不想要了 is one of the harmful ones"],
    ),
    "the side action is a problem's button": (
        SPOILED, 'button = "售后纠纷"', 'button = "申请处罚商家"',
        [f"{SPOILED}: service.button: 申请处罚商家 is a side action"],
    ),
    "a button is none of the six": (
        SPOILED, 'button = "售后纠纷"', 'button = "我要投诉"',
        [f"{SPOILED}: service.button: 我要投诉 is no button of the service page"],
    ),
    "a door leads nowhere": (
        REJECTED, 'stage = "rejected"\n', "", [f"{REJECTED}: stage: a door leads into a stage"],
    ),
    "a promise that nobody can keep": (
        SPOILED, 'warning = "', 'warning = "一定', [f"{SPOILED}: warning: holds 一定, which must not be said"],
    ),
    "an exclamation mark": (
        SPOILED, 'why = "商家', 'why = "商家！', [f"{SPOILED}: service.why: holds ！, which must not be said"],
    ),
    "another name for the merchant": (
        SPOILED, 'why = "商家', 'why = "卖家', [f"{SPOILED}: service.why: holds 卖家, which must not be said"],
    ),
    "a letter that threatens": (
        SPOILED, 'merchant = "请退款{amount}', 'merchant = "不然打12315，请退款{amount}',
        [f"{SPOILED}: requests.0.merchant: holds 12315, which no letter says"],
    ),
    "two pieces of evidence have one id": (
        SPOILED, 'id = "weight"', 'id = "box"', [f"{SPOILED}: evidence: box is listed twice"],
    ),
    "a file is named after another problem": (
        SPOILED, 'id = "spoiled"', 'id = "spoilt"', [f"{SPOILED}: id: is spoilt, must be spoiled"],
    ),
    "a problem has a key that nobody reads": (
        SPOILED, 'id = "spoiled"', 'id = "spoiled"\nurgent = true',
        [f"{SPOILED}: urgent: Extra inputs are not permitted"],
    ),
    "a walk falls back to nowhere": (
        IPHONE, 'fallback = "service_direct"', 'fallback = "service_web"',
        [f"{IPHONE}: fallback: there is no walk service_web"],
    ),
    "a walk falls back to itself": (
        IPHONE, 'fallback = "service_direct"', 'fallback = "service_iphone"',
        [f"{IPHONE}: fallback: leads back to service_iphone"],
    ),
    "a step is never reached": (
        IPHONE, 'id = "official"', 'id = "me"',
        [f"{IPHONE}: steps.1.id: me is used twice, the second is never reached"],
    ),
    "a step tells the certainty of no rule": (
        IPHONE, 'rule = "pdd.cs.buttons"', 'rule = "pdd.cs.knobs"',
        [f"{IPHONE}: steps.2.rule: there is no rule pdd.cs.knobs"],
    ),
    "a step says too much": (
        IPHONE, '点「{button}」。', '点「{button}」。它在中间。点了等一下。',
        [f"{IPHONE}: steps.2.text: is more than 2 sentences"],
    ),
    "no walk shows the problem's button": (
        IPHONE, "点「{button}」", "点「售后纠纷」", ["routes: service: no walk shows the problem's {button}"],
    ),
    "the agent words are sent never": (
        IPHONE, "agent_repeat = 1\n", "",
        [f"{IPHONE}: agent_repeat: the words and how often they are sent belong together"],
    ),
    "how often is written out by hand": (
        IPHONE, "{times}次", "两次", [f"{IPHONE}: agent_words: a step says them with {{agent_words}} and {{times}}"],
    ),
    "a walk to a person hands over nothing": (
        IPHONE, 'hands = "service"\n', "",
        [f"{IPHONE}: hands: a walk of kind service ends with the words for it (service)"],
    ),
    "the side action hands over the words about the refund": (
        PUNISH, 'hands = "punish"', 'hands = "service"',
        [f"{PUNISH}: hands: a walk of kind punish ends with the words for it (punish)"],
    ),
    "the other way waits for a fact": (
        IPHONE, 'otherwise = "没有这个按钮', 'otherwise = "没有「{button}」',
        [f"{IPHONE}: steps.2.otherwise: {{button}} may not stand here"],
    ),
    "a phone has no walk": (
        "routes/service_android.toml", 'phone = "android"\n', "",
        ["routes: service: there is no walk for android"],
    ),
    "an application keeps the harmful reasons to itself": (
        "routes/apply_refund.toml", "别选：{harms}。", "",
        ["routes/apply_refund.toml: steps: an application names {types}, {reasons} and {harms}"],
    ),
    "the hotline without the request to check it": (
        HOTLINE, "；先在 App 或官网核对号码，别用搜出来的", "",
        [f"{HOTLINE}: steps.0.text: shows 021-53395288 without “先在 App 或官网核对号码，别用搜出来的”"],
    ),
    "another number that goes round": (
        HOTLINE, "隔一会儿再打。", "打4008822528。",
        [f"{HOTLINE}: steps.1.otherwise: shows 4008822528, which nobody has checked"],
    ),
    "a rung takes as long as an unknown rule": (
        "ladder.toml", 'takes = "court.small"', 'takes = "court.tiny"',
        ["ladder.toml: court.takes: there is no rule court.tiny"],
    ),
    "a rung says twice how long it takes": (
        "ladder.toml", 'takes = "court.small"', 'takes = "court.small"\ntakes_plain = "几个月"',
        ["ladder.toml: court.takes: either a rule or plain words say how long it takes"],
    ),
    "a rung's limit is no law": (
        "ladder.toml", 'limit = "12315.refuse"', 'limit = "12315.odr"',
        ["ladder.toml: 12315.limit: 12315.odr is no law"],
    ),
    "a rung leads to no walk": (
        "ladder.toml", 'route = "court"', 'route = "courtroom"',
        ["ladder.toml: court.route: there is no walk courtroom"],
    ),
    "a rung that can only be won": (
        "ladder.toml", 'either = "可能赢，也可能输"\n', "",
        ["ladder.toml: court.either: it is not said that it can go either way"],
    ),
    "two rungs have one id": (
        "ladder.toml", 'id = "courier"', 'id = "service"', ["ladder.toml: service: is there twice"],
    ),
    "an advice closes with a full stop": (
        ADVICE, 'closing = "下次多看几家，连运费一起比', 'closing = "下次多看几家，连运费一起比。',
        [f"{ADVICE}: compare.closing: must not end with a stop, it is put into a line"],
    ),
    "an advice comes from nowhere": (
        ADVICE, 'source = "ours"', 'source = "somewhere"',
        [f"{ADVICE}: advice.9.source: Input should be 'seed' or 'ours'"],
    ),
    "a stage has no name": (
        LOCALE, 'closed = "已结束"\n', "", ["locales/zh-CN: stage.closed: is missing"],
    ),
    "a result fits no button": (
        LOCALE, 'applied = "已提交申请"', 'applied = "我已经把申请提交上去了"',
        ["locales/zh-CN: event.applied: is longer than 8 characters"],
    ),
    "a text of the locale promises": (
        LOCALE, 'solved = "都解决了"', 'solved = "保证解决"',
        ["locales/zh-CN: event.solved: holds 保证, which must not be said"],
    ),
}  # fmt: skip
