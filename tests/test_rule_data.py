"""The rule book as shipped, and what the loader says when it is broken on purpose."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.catalog.holidays import load_holidays
from bot.catalog.rules import load_rules, load_sources
from bot.domain.rules import Rule, RuleBook, Span

DATA = Path(bot.__file__).parent / "data"
TODAY = date(2026, 11, 22)
SHANGHAI = ZoneInfo("Asia/Shanghai")
BOOK = load_rules(DATA / "rules", TODAY)
HOLIDAYS = load_holidays(DATA / "holidays")
RULES = [rule for key in sorted(BOOK.ids()) for rule in BOOK.versions(key)]
CLOCKS = [rule for rule in RULES if rule.span]

KNOWLEDGE_IDS = """
pdd.ship.promise.general pdd.ship.promise.bonded pdd.ship.promise.overseas pdd.ship.promise.presale
pdd.ship.late.definition pdd.ship.late.compensation pdd.ship.fake.definition pdd.ship.fake.compensation pdd.ship.fraud
pdd.ship.out_of_stock.definition pdd.ship.out_of_stock.compensation pdd.ship.legal_basis pdd.receipt.auto_confirm
pdd.receipt.extend pdd.refund.types pdd.refund.unshipped.inside_promise pdd.refund.unshipped.past_promise
pdd.fast_refund pdd.merchant_reply.refund_only_unshipped pdd.merchant_reply.refund_only_shipped
pdd.merchant_reply.return_refund pdd.merchant_reply.address_after_intervention pdd.merchant_reply.exchange
pdd.buyer.after_reject pdd.reapply.count pdd.buyer.return_ship pdd.merchant_receive.return pdd.refund.amount_cap
pdd.reject_delivery pdd.window.no_reason pdd.window.after_sale pdd.window.reopen pdd.refund_only.end_2025
law.platform_rules_2026 law.platform_rule_change_notice pdd.intervene.buyer.when pdd.intervene.merchant.15d
pdd.intervene.flow pdd.intervene.duration pdd.intervene.evidence.merchant pdd.intervene.evidence.buyer
pdd.intervene.evidence.format pdd.intervene.repeat pdd.intervene.closed pdd.arrival.route pdd.arrival.wechat
pdd.arrival.alipay pdd.arrival.duoduo_wallet pdd.arrival.debit pdd.arrival.credit pdd.arrival.coupon
pdd.svc.freight_cover pdd.freight.who_pays pdd.svc.bad_goods pdd.svc.fresh pdd.svc.fake_ten pdd.svc.price_drop
pdd.svc.price_match pdd.svc.pay_later pdd.virtual pdd.phone_activation pdd.holiday_shift pdd.cs.path pdd.cs.buttons
pdd.cs.button.meaning pdd.cs.hotline pdd.cs.hotline.hours pdd.cs.hotline.menu pdd.cs.hotline.others pdd.cs.fraud
std.gbt47746 law.ecl.59 12315.accept 12315.mediation 12315.refuse 12315.identity 12315.fields 12315.text_limit
12315.place 12315.pdd_name 12315.odr 12315.report 12315.channels 12315.abuse 12345 consumer_assoc heimao post.12305
miit.12300 pboc.12363 law.ecl.20 law.ecl.49 law.ecl.51 law.ecl.52 law.ecl.58 law.ecl.61 law.ecl.62 law.ecl.63
law.ecl.38 law.cpl.23 law.cpl.24 law.cpl.25 law.cpl.44 law.cpl.45 law.cpl.46 law.cpl.52 law.cpl.55 law.cpl.39
law.cpireg.2024 law.noreason.2017 law.infringe.15d law.spc.2022 law.food.148 law.spc.food2024 law.nettrade.2021
law.civil.563_577_582 law.civil.621 law.limitation law.counting court.venue court.filing court.simple court.small
court.fee court.internet days.kinds days.law days.2026.off days.2026.work days.rule
""".split()  # noqa: SIM905 - over a hundred ids are easier to read as text

TIMERS = {
    "timer.unshipped_refund_answer": Span(48, "hours"),
    "timer.shipped_refund_only_answer": Span(48, "hours"),
    "timer.return_refund_answer": Span(48, "hours"),
    "timer.exchange_answer": Span(48, "hours"),
    "timer.after_reject": Span(48, "hours"),
    "timer.return_ship": Span(7, "days"),
    "timer.merchant_receive": Span(7, "days"),
    "timer.merchant_receive_signed": Span(48, "hours"),
    "timer.extra_evidence": Span(24, "hours"),
    "timer.platform_decision_ask": Span(3, "working_days"),
    "timer.platform_decision_late": Span(7, "working_days"),
    "timer.fake_check": Span(24, "hours"),
    "timer.fake_check_cross_border": Span(72, "hours"),
    "timer.fruit_claim": Span(24, "hours"),
    "timer.no_reason": Span(7, "days_from_next_midnight"),
    "timer.auto_confirm": Span(15, "days"),
    "timer.after_sale_entry": Span(15, "days"),
    "timer.price_match": Span(48, "hours"),
    "timer.ship_promise": Span(48, "hours"),
    "timer.remedy": Span(3, "days"),
    "timer.refund_wallet": Span(24, "hours"),
    "timer.refund_debit": Span(3, "working_days"),
    "timer.refund_credit": Span(7, "days"),
    "timer.follow_up": Span(24, "hours"),
    "timer.decision_carried_out": Span(3, "days"),
}


def names(rule: Rule) -> str:
    return rule.version


def test_every_id_of_the_knowledge_file_is_in_the_book() -> None:
    assert sorted(set(KNOWLEDGE_IDS) - BOOK.ids()) == []


def test_every_id_has_a_version_in_force_today() -> None:
    assert sorted(key for key in BOOK.ids() if BOOK.find(key, TODAY) is None) == []


def test_the_timers_are_those_of_section_g_and_one_to_look_again() -> None:
    again = {"timer.recheck": Span(24, "hours")}
    assert {rule.id: rule.span for rule in RULES if rule.tag == "OURS"} == TIMERS | again


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.tag == "UNC"], ids=names)
def test_a_disputed_rule_holds_no_figure(rule: Rule) -> None:
    assert (rule.span, rule.recheck, dict(rule.amounts), rule.hard) == (None, None, {}, False)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.tag == "SINGLE"], ids=names)
def test_a_single_report_is_no_deadline(rule: Rule) -> None:
    assert (rule.span, rule.recheck, rule.hard) == (None, None, False)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.tag == "LAW"], ids=names)
def test_a_statute_is_cited(rule: Rule) -> None:
    assert rule.law is not None
    assert rule.law.startswith(("《", "法释〔"))


@pytest.mark.parametrize("rule", [rule for rule in CLOCKS if rule.span and rule.span.length], ids=names)
def test_what_is_said_and_what_is_counted_are_the_same_figure(rule: Rule) -> None:
    assert rule.span is not None
    assert str(rule.span.length) in rule.what


@pytest.mark.parametrize("rule", CLOCKS, ids=names)
def test_a_clock_names_its_start_its_owner_and_the_effect_of_silence(rule: Rule) -> None:
    assert rule.starts != "none"
    assert rule.turn != "none"
    assert rule.effect
    assert rule.remind


@given(
    st.sampled_from(CLOCKS),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds only
)
def test_every_reminder_lies_inside_its_clock(rule: Rule, start: datetime) -> None:
    assert rule.span is not None
    end = rule.span.end(start, SHANGHAI, HOLIDAYS).at
    lead = timedelta(hours=5) if rule.span.length == 0 else timedelta()  # a day may begin late in the evening
    assert all(start - lead <= reminder.at(start, end) <= end for reminder in rule.remind)


@pytest.mark.parametrize("rule", [rule for rule in CLOCKS if rule.turn not in ("buyer", "system")], ids=names)
def test_the_clocks_of_others_are_looked_at_when_they_end(rule: Rule) -> None:
    assert [(reminder.anchor, reminder.offset) for reminder in rule.remind] == [("end", timedelta())]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.recheck], ids=names)
def test_a_second_look_comes_after_the_first(rule: Rule) -> None:
    assert rule.span is not None
    assert rule.recheck is not None
    start = datetime(2026, 11, 22, tzinfo=UTC)
    assert rule.recheck.end(start, SHANGHAI, HOLIDAYS).at > rule.span.end(start, SHANGHAI, HOLIDAYS).at


@pytest.mark.parametrize(
    ("rule_id", "before", "after"),
    [
        ("12315.mediation", date(2026, 4, 14), date(2026, 4, 15)),
        ("pdd.ship.late.definition", date(2025, 5, 14), date(2025, 5, 15)),
        ("pdd.ship.fake.compensation", date(2025, 5, 14), date(2025, 5, 15)),
        ("pdd.ship.fraud", date(2025, 5, 14), date(2025, 5, 15)),
        ("pdd.svc.price_match", date(2024, 10, 15), date(2024, 10, 16)),
        ("court.internet", date(2025, 10, 31), date(2025, 11, 1)),
    ],
)
def test_a_rule_with_a_change_date_has_both_versions(rule_id: str, before: date, after: date) -> None:
    old, new = BOOK.at(rule_id, before), BOOK.at(rule_id, after)
    assert BOOK.changed_since({rule_id: old.version}, after) == [(old, new)]


def test_mediation_accepted_before_and_after_the_change() -> None:
    old, new = BOOK.versions("12315.mediation")
    assert (old.span, new.span) == (Span(45, "authority_working_days"), Span(60, "authority_days"))
    assert new.span is not None
    accepted = datetime(2026, 10, 12, 9, tzinfo=SHANGHAI)
    # 24:00 of 11 December
    assert new.span.end(accepted, SHANGHAI, HOLIDAYS).at == datetime(2026, 12, 12, tzinfo=SHANGHAI)


def test_fake_shipping_pays_five_percent_since_may_2025() -> None:
    assert dict(BOOK.at("pdd.ship.fake.compensation", TODAY).amounts) == {"percent": 5, "min_yuan": 5, "max_yuan": 100}


def test_buyer_after_reject_is_counted_by_the_estimate() -> None:
    clock = BOOK.clock("pdd.buyer.after_reject", TODAY)
    assert clock is BOOK.at("timer.after_reject", TODAY)


def test_no_number_but_the_official_one_is_shown() -> None:
    text = "".join(rule.what + (rule.effect or "") for rule in RULES)
    others = ["8822", "61897088", "61775888", "882-0707", "95007", "688-8888", "678-9090", "884-9494", "10086"]
    assert [number for number in others if number in text] == []
    assert "别用搜出来的" in BOOK.at("pdd.cs.hotline", TODAY).what


def test_every_source_has_a_title_and_is_known() -> None:
    sources = load_sources(DATA / "rules")
    assert {code for rule in RULES for code in rule.sources} <= set(sources)


def test_every_tag_is_in_use() -> None:
    assert set(Counter(rule.tag for rule in RULES)) == {"LAW", "CORR", "SEED+", "SEED", "SINGLE", "UNC", "OURS"}


# broken on purpose


def test_2026_has_33_days_off_and_6_days_worked() -> None:
    assert (len(HOLIDAYS.off), len(HOLIDAYS.work), HOLIDAYS.years) == (33, 6, frozenset({2026}))


def test_the_book_is_one_object_with_every_version() -> None:
    assert isinstance(BOOK, RuleBook)
    assert len(BOOK) == len(RULES)
