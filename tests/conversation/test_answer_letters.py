"""What is said to answers, for every problem: nothing that the linter would find, and no claim without its fact."""

import re
from dataclasses import replace

import pytest

from bot.catalog.problems import Problem
from bot.conversation.letters import compose, lint
from bot.conversation.letters.cases import context_of
from bot.conversation.letters.counter import Said, answering, broken, counter, offer
from bot.conversation.letters.matter import Claim, Kind, Matter
from bot.conversation.understand.reply_words import GROUNDS
from bot.domain.ledger import Answer, Promise, Who
from bot.domain.machine import Stage
from bot.domain.model import Json
from bot.domain.moment import Moment
from bot.messages import COPY_LIMIT
from tests.conversation.desk import at, told
from tests.conversation.test_letters import ARTICLE, CATALOG, DOUBLED, FACTS, NOW, PROBLEMS, TEXTS, matter
from tests.conversation.test_words import copies, strawberries

BUYERS = tuple(problem for problem in PROBLEMS if problem.side == "buyer")
KINDS = (
    "stalls",
    "blames_courier",
    "coupon",
    "asks_withdraw",
    "leave_app",
    "agrees",
    "promise",
    "confirm",
    "part_offer",
)
STAGES: tuple[Stage, ...] = ("waiting_merchant", "rejected", "platform")
SIDES: tuple[tuple[Who, Kind], ...] = (("merchant", "merchant"), ("service", "service"))
ABOUT = ("reply", "refund", "return", "exchange", "resend", "ship", "part", "other")


def faults(about: Matter, said: Said) -> list[str]:
    """What is wrong with a text."""
    context = replace(context_of(about, frozenset({"request", "date"})), limit=0)
    found = [each.code for each in lint(said.whole, context)]
    found += [f"piece of {len(piece)}" for piece in said.pieces if len(piece) > COPY_LIMIT]
    found += [f"gap {hit[0]!r}" for hit in DOUBLED.finditer(said.whole)]
    bare = said.whole.replace(TEXTS["order_no"], "")
    found += [word for word in CATALOG.wording.letters if word in bare and word not in ("《", "》")]
    if len(ARTICLE.findall(said.whole)) > 1:
        found.append("articles")
    if "{" in said.whole or "None" in said.whole:
        found.append("placeholder")
    return found


def answer(who: Who, kind: str, ground: str = "") -> Answer:
    return Answer(3, NOW, who, "亲这个不能退的", kind, {"ground": ground, "why": "不能退"})


@pytest.mark.parametrize("problem", BUYERS, ids=lambda problem: problem.id)
def test_every_ground_and_sort_of_every_problem(problem: Problem) -> None:
    found: dict[tuple[str, ...], list[str]] = {}
    proofs = tuple(item.id for item in problem.evidence)
    for stage in STAGES:
        for name, facts, given in (("all", FACTS, proofs), ("none", {}, ())):
            for who, kind in SIDES:
                about = matter(problem, stage, {**facts, "order": problem.orders[0]}, kind, proofs=given)
                for sort, ground in [*(("refuses", each) for each in GROUNDS), *((each, "") for each in KINDS)]:
                    wrong = faults(about, counter(about, answer(who, sort, ground)))
                    if wrong:
                        found[stage, name, who, sort, ground] = wrong
    assert found == {}


@pytest.mark.parametrize("problem", BUYERS, ids=lambda problem: problem.id)
def test_every_answer_to_an_offer_and_every_broken_promise(problem: Problem) -> None:
    found: dict[tuple[str, ...], list[str]] = {}
    for name, facts in (("all", FACTS), ("none", {})):
        for who, kind in SIDES:
            about = matter(problem, "platform", dict(facts), kind)
            for how in ("take", "refuse", "more"):
                for fen in (1200, 0) if how != "take" else (1200,):
                    wrong = faults(about, offer(about, answer(who, "part_offer"), how, fen, 3000))
                    if wrong:
                        found[name, who, how, str(fen)] = wrong
            for each in ABOUT:
                for until in (Moment(at(29, 10)), None):
                    promise = Promise(4, at(28, 10), who, "明天给您办好", until, each, "broken", remedy=each == "part")
                    wrong = faults(about, broken(about, promise))
                    if wrong:
                        found[name, who, each, str(until)] = wrong
    assert found == {}


@pytest.mark.parametrize("problem", BUYERS, ids=lambda problem: problem.id)
def test_added_evidence_answers_every_claim_and_cites_one_article_at_most(problem: Problem) -> None:
    proofs = tuple(item.id for item in problem.evidence)
    for first in range(0, len(GROUNDS), 3):
        claims = tuple(Claim(each, "不能退", "merchant") for each in GROUNDS[first : first + 3])
        for facts, given in ((FACTS, proofs), ({}, ())):
            about = replace(matter(problem, "proof_wanted", dict(facts), "evidence", proofs=given), claims=claims)
            letter = compose(about)
            said = Said(letter.chunks)
            assert [each for each in faults(about, said) if each != "no_date"] == []
            assert said.whole.count("“不能退”") == len(claims)


def test_the_evidence_of_this_problem_answers_this_ground() -> None:
    about = matter("spoiled", "rejected", {}, proofs=("page", "bad", "chat"))
    have, lacking = answering(about, "fresh")
    assert (have, [each.id for each in lacking]) == ({"坏的近照": [2], "商品页承诺": [1]}, ["box", "weight"])


def test_a_fact_that_is_not_known_is_not_told() -> None:
    facts: dict[str, Json] = {"signed_at": told(20, 18, 20)}
    about = matter("quality", "rejected", facts, "merchant")
    said = counter(about, answer("merchant", "refuses", "too_late")).whole
    assert "签收时间是11月20日18:20。" in said
    assert "申请时间" not in said


def test_what_goes_with_the_evidence_from_the_card() -> None:
    desk = strawberries("proof_wanted", proof_wanted_at=told(22, 9), reject_reason="没有开箱视频")
    desk.record("proof", {"number": 1, "item": "bad", "file": "f1"})
    desk.go("card:1")
    desk.say("商家：生鲜不退不换的")
    desk.go("card:1")
    assert desk.labels == ["去拍证据", "教我上传", "证据已补交", "补证据的话", "发给客服的话", "更多"]
    desk.press("补证据的话")
    (piece,) = copies(desk)
    assert piece == (
        "订单261118-123456789012345，草莓收到时已经坏了。补充说明如下。"
        "拒绝的理由是“没有开箱视频”：还缺哪一样证据，请写明，我来补。请看证据1。"
        "对方说“生鲜不退不换的”：这不是无理由退货，商品有质量问题仍可以要求处理（《消费者权益保护法》第二十四条）。"
        "请看证据1。证据1：坏的近照。请结合这些证据核实处理，谢谢。"
    )


def test_a_decision_that_is_not_carried_out_has_its_own_words() -> None:
    desk = strawberries("decided_for", decided_at=told(20, 9))
    desk.record("event", {"event": "broken"})
    desk.go("words:1:service")
    assert "平台已经支持我，到时间没有照办，请督促照办。" in copies(desk)[1]
    assert "平台已经支持我的申请，请按平台的结果办。" in copies(desk)[2]


def test_after_a_lost_intervention_the_words_say_what_is_new() -> None:
    desk = strawberries("decided_against", decided_at=told(22, 9))
    assert "结果之后还没有新证据" in desk.go("words:1:service")
    desk.record("proof", {"number": 1, "item": "weight", "file": "f1", "kept": "a" * 64})
    text = desk.go("words:1:service")
    assert "结果之后新补的：证据1，话里写了。" in text
    assert "证据1是结果之后补充的。" in "".join(copies(desk))
    assert re.search("重新申请平台介入", text)
