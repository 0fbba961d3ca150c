"""The data as shipped: it holds together, and nothing that the source article or the product promises is missing."""

from datetime import date

import pytest

from bot.catalog import Catalog, load_catalog
from bot.catalog.checks import cross_check
from bot.catalog.wording import pieces

TODAY = date(2026, 11, 22)
SIX_BUTTONS = {"申请退款", "催发货", "查物流", "申请运费", "售后纠纷", "申请处罚商家"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(today=TODAY)


def test_the_whole_of_it_loads_without_a_mistake(catalog: Catalog) -> None:
    assert cross_check(catalog) == []


def test_all_problems_of_the_knowledge_are_there(catalog: Catalog) -> None:
    knowledge = """
        not_shipped out_of_stock fake_tracking lost signed_not_received quality not_as_described wrong_item missing
        counterfeit spoiled food_safety rejected silent returned_no_refund return_disputed freight price_drop virtual
        phone gift no_reason refused_delivery window_closed pay_later_charge refund_not_arrived
    """
    assert set(catalog.problems) == {*knowledge.split(), "merchant"}
    doors = {problem.id for problem in catalog.problems.values() if problem.door}
    assert doors == {"rejected", "silent"}


def test_a_first_screen_holds_eight_choices_and_each_further_one_six(catalog: Catalog) -> None:
    assert len(catalog.groups) <= 8
    assert all(len(group.problems) <= 6 for group in catalog.groups)


def test_every_walk_of_the_article_and_of_the_product_is_there(catalog: Catalog) -> None:
    assert set(catalog.routes) == {
        "service_iphone", "service_android", "service_direct", "service_order", "hotline", "apply_refund",
        "intervene_refund_page", "return_ship", "upload_evidence", "extend_receipt", "punish", "complain_12315",
        "association", "post_12305", "court", "merchant_intervene", "merchant_proof", "bank_trace", "green_12315",
        "complain_courier",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("route", "written_for", "repeat", "path"),
    [
        ("service_iphone", "iPhone 13，iOS 15.6", 1, ["个人中心", "官方客服", "{button}", "订单", "{agent_words}"]),
        (
            "service_android",
            "小米12，MIUI 12，App 9.08.1",
            2,
            ["个人中心", "官方客服", "联系官方客服", "{agent_words}"],
        ),
        ("service_direct", "不清楚", 1, ["个人中心", "官方客服", "联系官方客服", "{agent_words}", "请平台介入"]),
    ],
)
def test_a_walk_to_a_person_goes_as_the_article_says(
    catalog: Catalog, route: str, written_for: str, repeat: int, path: list[str]
) -> None:
    walk = catalog.routes[route]
    assert (walk.written_for, walk.agent_words, walk.agent_repeat) == (written_for, "人工客服", repeat)
    assert [name for name, step in zip(path, walk.steps, strict=False) if name not in step.text] == []
    assert walk.hands == "service"


def test_from_every_walk_to_a_person_there_is_another_way(catalog: Catalog) -> None:
    ways = {walk.id: walk.fallback for walk in catalog.routes.values() if walk.kind == "service"}
    assert ways == {
        "service_iphone": "service_direct",
        "service_android": "service_order",
        "service_direct": "service_order",
        "service_order": "hotline",
        "hotline": "",
    }


def test_the_hotline_is_shown_on_one_step_with_the_request_to_check_it(catalog: Catalog) -> None:
    wording = catalog.wording
    shown = [
        (walk.id, key, text)
        for walk in catalog.routes.values()
        for key, text in pieces(walk)
        if wording.hotline in text
    ]
    assert [(walk, key) for walk, key, _ in shown] == [("hotline", "steps.0.text")]
    assert wording.hotline_check in shown[0][2]


def test_the_side_action_says_first_that_it_brings_no_money(catalog: Catalog) -> None:
    punish = catalog.routes["punish"]
    assert "不会因此退款" in punish.steps[0].text
    assert punish.hands == "punish"


def test_every_problem_has_one_of_the_six_buttons_and_none_the_side_action(catalog: Catalog) -> None:
    assert {problem.service.button for problem in catalog.problems.values()} <= SIX_BUTTONS - {"申请处罚商家"}


def test_the_ladder_has_its_rungs_in_order(catalog: Catalog) -> None:
    assert list(catalog.rungs) == [
        "merchant", "apply", "return", "intervene", "service", "courier", "odr", "12315", "association", "12305",
        "12300", "bank", "court", "heimao",
    ]  # fmt: skip


def test_12315_and_the_association_say_that_they_exclude_each_other(catalog: Catalog) -> None:
    assert "消协" in catalog.rungs["12315"].excludes
    assert "12315" in catalog.rungs["association"].excludes


def test_rungs_with_a_limit_name_the_law_of_it(catalog: Catalog) -> None:
    limits = {rung.id: rung.limit for rung in catalog.rungs.values() if rung.limit}
    assert limits == {
        "merchant": "law.civil.621", "12315": "12315.refuse",
        "association": "law.limitation", "court": "law.limitation",
    }  # fmt: skip


def test_the_advice_before_buying_is_complete(catalog: Catalog) -> None:
    ours = {item.id for item in catalog.advice.values() if item.source == "ours"}
    seed = {item.id for item in catalog.advice.values() if item.source == "seed"}
    assert ours == {"screenshot", "unpacking"}
    assert seed == {
        "account", "group_buying", "page_reviews", "low_price", "shop", "compare", "model", "privacy",
        "contact_at_once",
    }  # fmt: skip
    assert list(catalog.merchant_advice) == ["service", "settle", "dispatch", "fifteen_days", "proof_in_time"]
