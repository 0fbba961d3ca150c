"""The words that people paste: what they say for every problem and stage, and what they never say."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import pytest

from bot.catalog.problems import Problem
from bot.conversation.letters import Matter, Words, asks, compose, lint
from bot.conversation.letters.cases import own_context
from bot.conversation.letters.matter import Kind
from bot.domain.facts import Proof, State
from bot.domain.machine import Stage
from bot.domain.model import Json
from bot.domain.schedule import Deadline, Told
from bot.messages import COPY_LIMIT
from tests.conversation.desk import SHANGHAI, at, knowledge, told

NOW = at(30, 10, 40)
CATALOG = knowledge().catalog
PROBLEMS = tuple(CATALOG.problems.values())
STAGES: tuple[Stage, ...] = tuple(stage for stage in get_args(Stage) if stage != "closed")
CALLED_IN = {"rejected", "decided_against", "not_accepted"}

TEXTS = {
    "order_no": "261118-123456789012345",
    "goods_name": "青花瓷茶壶",
    "detail": "壶嘴缺了一角",
    "tracking_no": "YT7700000000001",
    "return_tracking": "SF8800000000002",
    "reject_reason": "不影响使用",
    "merchant_words": "再等两天",
    "service_words": "已经登记",
    "ticket_no": "GD20261129",
    "refund_type": "return_refund",
    "pay_method": "wechat",
    "promise": "三天内退二十元",
}
MONEY = {"amount": 3990, "freight": 812, "difference": 1005}
DATES = {
    "ordered_at": told(1, 9, 1),
    "shipped_at": told(2, 9, 2),
    "promised_until": told(3, 9, 3),
    "track_stopped_at": told(4, 9, 4),
    "signed_at": told(5, 9, 5),
    "confirmed_at": told(6, 9, 6),
    "urged_at": told(7, 9, 7),
    "contacted_at": told(8, 9, 8),
    "first_applied_at": told(9, 9, 9),
    "applied_at": told(10, 9, 10),
    "charged_at": told(11, 9, 11),
    "rejected_at": told(12, 9, 12),
    "remedy_promised_at": told(13, 9, 13),
    "promise_until": told(14, 9, 14),
    "return_agreed_at": told(15, 9, 15),
    "return_shipped_at": told(16, 9, 16),
    "return_signed_at": told(17, 9, 17),
    "refund_agreed_at": told(18, 9, 18),
    "intervened_at": told(19, 9, 19),
    "proof_wanted_at": told(20, 9, 20),
    "proof_sent_at": told(21, 9, 21),
    "decided_at": told(22, 9, 22),
    "service_at": told(23, 9, 23),
}
FACTS: dict[str, Json] = {**TEXTS, **MONEY, **DATES}
MARKS = {**{fact: text for fact, text in TEXTS.items() if fact not in ("refund_type", "pay_method")},
         **{fact: f"{fen / 100:.2f}元" for fact, fen in MONEY.items()},
         **{fact: f"11月{index}日" for index, fact in enumerate(DATES, 1)},
         "refund_type": "退货退款。", "pay_method": "微信"}  # fmt: skip
"""How each fact would stand in a letter: if it is not known, this must not be there."""
CLAIMS = {
    "超过承诺时间": ({"promised_until"}, ()),
    "商家拒绝": ({"rejected_at", "reject_reason"}, ("rejected",)),
    "理由是": ({"reject_reason"}, ()),
    "我催过": ({"urged_at"}, ()),
    "我联系过商家": ({"contacted_at"}, ()),
    "商家答": ({"merchant_words"}, ()),
    "工单号GD": ({"ticket_no"}, ()),
    "谈好": ({"promise"}, ("remedy_promised",)),
    "联系过官方客服": ({"service_at"}, ()),
    "证据1": (set(), ()),
}
"""A claim -> the facts that back it, or the stages that do; the evidence is left out here."""
DOUBLED = re.compile(r"[，。；：、？！][，。；：、？！]|“”|\s{2,}|\n|^[，。；：、]|[{}<>]|None")
ARTICLE = re.compile(r"第[一二三四五六七八九十百零]+条")


def matter(
    problem: Problem | str,
    stage: Stage,
    facts: dict[str, Json],
    kind: Kind = "service",
    now: datetime = NOW,
    proofs: tuple[str, ...] = (),
    over: bool = False,
) -> Matter:
    found = CATALOG.problems[problem] if isinstance(problem, str) else problem
    given = tuple(Proof(number, item) for number, item in enumerate(proofs, 1))
    state = State(problem=found.id, facts=facts, stage=stage, proofs=given, ready=True)
    main = None
    if stage in ("waiting_merchant", "return_shipped"):
        end = now - timedelta(hours=1) if over else now + timedelta(hours=1)
        main = Deadline("id", "rule", end, now, "app", own=False, main=True)
    rules = Told(CATALOG.rules, {}, now.date())
    return Matter(CATALOG.texts, found, state, rules, SHANGHAI, now, kind, main)


def fact_sets() -> Iterator[tuple[str, dict[str, Json]]]:
    """All facts, none, and halves: of any two facts there is a half that holds the one and not the other."""
    yield "all", FACTS
    yield "none", {}
    for bit in range(len(FACTS).bit_length()):
        for side in (0, 1):
            half = {name: value for at, (name, value) in enumerate(FACTS.items()) if (at >> bit) % 2 == side}
            yield f"bit {bit} is {side}", half


SETS = tuple(fact_sets())


def faults(about: Matter, letter: Words) -> list[str]:
    """What is wrong with a letter."""
    facts = about.state.facts
    found = [f"piece of {len(piece)}" for piece in pieces(letter) if len(piece) > COPY_LIMIT]
    text = letter.whole
    found += [f"gap {hit[0]!r}" for hit in DOUBLED.finditer(text + letter.refused)]
    found += [f"says {fact}" for fact, mark in MARKS.items() if fact not in facts and mark in text]
    for claim, (needs, stages) in CLAIMS.items():
        backed = (needs & facts.keys()) or about.state.stage in stages
        if claim in text + letter.refused and not backed:
            found.append(f"claims {claim}")
    if ARTICLE.search(text) or len(ARTICLE.findall(letter.refused)) > 1:
        found.append("articles")
    return found


def pieces(letter: Words) -> list[str]:
    return [letter.headline, *letter.facts, letter.request, letter.refused, *letter.chunks]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.id)
def test_no_gap_and_no_claim_without_its_fact(problem: Problem) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for stage in STAGES:
        for index, (name, facts) in enumerate(SETS):
            about = matter(problem, stage, facts, over=index % 3 == 0)
            wrong = faults(about, compose(about))
            if wrong:
                found[stage, name] = wrong
        for name, facts in SETS[:2]:
            for kind in get_args(Kind)[1:]:
                about = matter(problem, stage, facts, kind, over=True)
                wrong = faults(about, compose(about))
                if wrong:
                    found[stage, f"{name} {kind}"] = wrong
    assert found == {}


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.id)
def test_the_linter_has_nothing_to_say_about_any_request_we_write(problem: Problem) -> None:
    proofs = tuple(item.id for item in problem.evidence)
    for index, stage in enumerate(STAGES):
        facts = {**FACTS, "order": problem.orders[index % len(problem.orders)]}
        for kind in get_args(Kind)[:2]:
            about = matter(problem, stage, facts, kind, proofs=proofs)
            for ask in asks(about):
                letter = compose(about, ask.id)
                assert (letter.asked, faults_of_ours(about, letter)) == (ask.id, [])
            bare = matter(problem, stage, {}, kind)
            assert faults_of_ours(bare, compose(bare)) == []


def faults_of_ours(about: Matter, letter: Words) -> list[str]:
    found = lint(letter.whole, own_context(about, letter))
    found += lint(letter.refused, replace(own_context(about, letter), required=frozenset()))
    # An order number may hold any figures, and the citation is put in by the code.
    said = letter.whole.replace(TEXTS["order_no"], "")
    never = [word for word in CATALOG.wording.letters if word in said]
    long = [str(len(piece)) for piece in pieces(letter) if len(piece) > COPY_LIMIT]
    doubled = [hit[0] for hit in DOUBLED.finditer(letter.whole + letter.refused)]
    return [each.code for each in found] + never + long + doubled


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.id)
def test_the_platform_is_called_in_where_the_stage_allows_it(problem: Problem) -> None:
    called = {
        (stage, over): "申请平台介入" in compose(matter(problem, stage, {}, over=over)).headline
        for stage in STAGES
        for over in (False, True)
    }
    if problem.side == "merchant":
        assert called["waiting_merchant", False]
        return
    late = (("waiting_merchant", True), ("return_shipped", True))
    assert called == {key: key[0] in CALLED_IN or key in late for key in called}


def test_the_same_facts_at_the_same_time_give_the_same_letter() -> None:
    for problem in PROBLEMS:
        assert compose(matter(problem, "rejected", FACTS)) == compose(matter(problem, "rejected", dict(FACTS)))
