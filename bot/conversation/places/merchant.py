"""我是商家: the 15 days after the buyer's first application, proof for the platform, words to the buyer, advice."""

from collections.abc import Callable, Mapping
from itertools import pairwise

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.naming import summary, title
from bot.conversation.places import moments
from bot.conversation.sayings import say_rule
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import State
from bot.domain.machine import Stage
from bot.domain.model import Case, Json
from bot.domain.schedule import Deadline

PROBLEM = "merchant"
STARTS: Mapping[str, Stage] = {"late": "waiting_merchant", "owed": "proof_wanted", "talk": "waiting_merchant"}
"""What a merchant comes for, and the stage that a new 问题单 then begins in."""
FIFTEEN_DAYS, PROOF = "pdd.intervene.merchant.15d", "pdd.intervene.evidence.merchant"
FIRST, NOTICE = "first_applied_at", "proof_wanted_at"
SHOWN = 4


def merchant(turn: Turn) -> View:
    """What a merchant can do here: the four things of the source article."""
    t = turn.t
    options = [Option(t.plain(f"merchant.start.{start}"), f"shop:{start}") for start in STARTS]
    options.append(Option(t.plain("merchant.fewer"), "fewer"))
    options.append(Option(t.plain("nav.back"), "more_home", words=("@back", "@stop")))
    return View(t("merchant.text"), pairs(options))


def merchant_cases(turn: Turn) -> list[Case]:
    """The merchant's open cases, newest first."""
    cases = [case for case in turn.open_cases() if turn.state(case).text("side") == "merchant"]
    return sorted(cases, key=lambda case: -case.number)


def which_order(turn: Turn, start: str) -> View | None:
    """An order that was told before, or another one."""
    running = merchant_cases(turn)[:SHOWN]
    if not running or start not in STARTS:
        return None
    t = turn.t
    options = [Option(t.plain("which.case", number=case.number), f"shop:{start}:{case.number}") for case in running]
    options.append(Option(t.plain("merchant.other"), f"shop:{start}:new"))
    options.append(Option(t.plain("nav.back"), "merchant", words=("@back", "@stop")))
    return View(lines(t("merchant.which"), *(summary(turn, case) for case in running)), pairs(options))


def _shop(turn: Turn, start: str, which: str = "") -> None:
    if start not in STARTS:
        return
    if not which and merchant_cases(turn):
        turn.go(f"which_order:{start}")
        return
    case = turn.case(which)
    if case is None or not turn.state(case).open:
        case = turn.open_case({"problem": PROBLEM, "side": "merchant", "stage": STARTS[start]})
        case = turn.record(case, "ready")
    elif start == "owed" and turn.state(case).stage != "proof_wanted":
        # The clock is that of this notice; what was known of an earlier one is let go.
        kept = _without(turn.state(case), "countdown", NOTICE)
        case = turn.event(case, "proof_wanted", proof_wanted_at=None, skipped=kept)
    turn.fresh = True
    turn.go(f"words:{case.number}:merchant" if start == "talk" else f"{start}:{case.number}")


def _without(state: State, *names: str) -> list[Json]:
    return [each for each in state.facts.get("skipped", ()) if each not in names]


# --- 申请超过15天 -----------------------------------------------------------------------------------------------------


def late(turn: Turn, number: str) -> View | None:
    """When the buyer applied first; then the day from which the merchant may call the platform in."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    t, state = turn.t, turn.state(case)
    first = state.moment(FIRST)
    if first is None and FIRST not in state.facts.get("skipped", ()):
        options = moments.quick_options(turn, case.number, f"fact:{FIRST}")[1:]
        text = lines(title(turn, case), _said(turn, case, FIFTEEN_DAYS), t("merchant.first.ask"))
        return View(text, [*pairs(options), [_back(turn)]])
    options = [
        Option(t.plain("card.button.how_merchant"), f"walk:merchant_intervene:0:{number}", words=("@next",)),
        Option(t.plain("card.button.words"), f"words:{number}:service"),
    ]
    talk = Option(t.plain("merchant.start.talk"), f"words:{number}:merchant")
    opens = _opens(turn, case)
    # Before the day only the buyer can be talked to; from it on the platform comes first.
    options = [*options, talk] if opens and opens.at < turn.now else [talk, *options]
    options.append(Option(t.plain("merchant.first.change"), f"first_again:{number}"))
    options.append(Option(t.plain("merchant.see_case"), f"card:{number}"))
    options.append(Option(t.plain("nav.home"), "home", words=("@back", "@stop")))
    return View(lines(title(turn, case), *_fifteen(turn, case)), pairs(options))


def _opens(turn: Turn, case: Case) -> Deadline | None:
    return next((each for each in turn.schedule(case).deadlines if each.rule == FIFTEEN_DAYS), None)


def _fifteen(turn: Turn, case: Case) -> list[Markup]:
    t, first, opens = turn.t, turn.state(case).moment(FIRST), _opens(turn, case)
    if first is None or opens is None:
        return [t("merchant.first.unknown"), t("merchant.first.meanwhile")]
    told = t("merchant.first.told", first=formats.moment(t, first, turn.zone, turn.now))
    end = formats.relative(t, opens.at, turn.zone, turn.now)
    if opens.at < turn.now:
        return [told, t("merchant.first.over", end=end), t("merchant.first.now"), t("merchant.first.check")]
    left = formats.left(t, opens.at, turn.now)
    parts = [told, t("merchant.first.ahead", end=end, left=left), t("merchant.first.then")]
    if turn.future_reminders(case):
        parts.append(t("merchant.first.reminded"))
    return [*parts, t("merchant.first.meanwhile")]


def _first_again(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is not None:
        turn.record(case, "facts", {FIRST: None, "skipped": _without(turn.state(case), FIRST)})
        turn.go(f"late:{number}")


def _type_late(turn: Turn, text: str, number: str) -> bool:
    case = turn.case(number)
    if case is None:
        return False
    if not moments.understand(turn, text, case, f"fact:{FIRST}", f"late:{number}"):
        if turn.state(case).moment(FIRST) is not None:
            return False
        turn.note = turn.t("ask.again", text=text[:30], example=turn.t("merchant.first.example"))
    return True


# --- 平台已介入 -------------------------------------------------------------------------------------------------------


def owed(turn: Turn, number: str) -> View | None:
    """How long is left for the proof: the countdown, else the day of the notice; then what to do."""
    case = turn.case(number)
    if case is None or turn.state(case).stage != "proof_wanted":
        return None
    t, state = turn.t, turn.state(case)
    skipped = state.facts.get("skipped", ())
    head = lines(title(turn, case), _said(turn, case, PROOF))
    main = turn.schedule(case).main
    if main is None and "countdown" not in skipped:
        none = Option(t.plain("ask.countdown.none"), f"no_count:{number}", words=("@unknown", "@skip", "@no"))
        return View(lines(head, t("merchant.owed.countdown")), [[none], [_back(turn)]])
    if main is None and NOTICE not in skipped:
        options = moments.quick_options(turn, case.number, f"fact:{NOTICE}")
        return View(lines(head, t("merchant.owed.notice")), [*pairs(options), [_back(turn)]])
    clock = t("merchant.owed.unclear")
    if main is not None:
        until = formats.until(t, main.at, turn.zone, turn.now, "until")
        left = formats.left(t, main.at, turn.now)
        clock = t("card.left", left=left, until=until, source=formats.source(t, main))
    ahead = main is not None and main.at > turn.now and bool(turn.future_reminders(case))
    options = [
        Option(t.plain("card.button.how_proof"), f"walk:merchant_proof:0:{number}", words=("@next",)),
        Option(t.plain("more_case.proof"), f"proof:{number}"),
        Option(t.plain("event.proof_sent"), f"did:{number}:proof_sent"),
        Option(t.plain("merchant.see_case"), f"card:{number}"),
        Option(t.plain("nav.home"), "home", words=("@back", "@stop")),
    ]
    reminded = t("merchant.owed.reminded") if ahead else ""
    return View(lines(head, clock, _silence(turn), reminded), pairs(options))


def _silence(turn: Turn) -> Markup:
    return turn.t("merchant.owed.silence", effect=turn.t.plain(f"card.effect_merchant.{PROOF.replace('.', '_')}"))


def _no_count(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is not None:
        turn.record(case, "facts", {"skipped": [*turn.state(case).facts.get("skipped", ()), "countdown"]})
        turn.go(f"owed:{number}")


def _type_owed(turn: Turn, text: str, number: str) -> bool:
    case = turn.case(number)
    if case is None:
        return False
    asks_day = "countdown" in turn.state(case).facts.get("skipped", ())
    target = f"fact:{NOTICE}" if asks_day else "countdown"
    if not moments.understand(turn, text, case, target, f"owed:{number}"):
        example = turn.t("ask.when.example" if asks_day else "ask.countdown.example")
        turn.note = turn.t("ask.again", text=text[:30], example=example)
    return True


# --- 少被介入 ---------------------------------------------------------------------------------------------------------


def fewer(turn: Turn) -> View:
    """What keeps the platform out of it."""
    t = turn.t
    options = [Option(item.name, f"shop_tip:{item.id}") for item in turn.catalog.merchant_advice.values()][:5]
    back = Option(t.plain("nav.back"), "merchant", words=("@back", "@stop"))
    return View(t("merchant.fewer_text"), pairs([*options, back]))


def shop_tip(turn: Turn, item_id: str) -> View | None:
    """One item of it."""
    item = turn.catalog.merchant_advice.get(item_id)
    if item is None:
        return None
    t = turn.t
    following = dict(pairwise(turn.catalog.merchant_advice)).get(item_id)
    options = [Option(t.plain("advice.next"), f"shop_tip:{following}", words=("@next",))] if following else []
    options.append(Option(t.plain("advice.all"), "fewer", words=("@back",)))
    options.append(Option(t.plain("nav.home"), "home", words=("@stop",)))
    return View(lines(t("advice.head", name=item.name), item.text), pairs(options))


def _said(turn: Turn, case: Case, rule_id: str) -> Markup | str:
    rule = turn.rules(case).rule(rule_id)
    return say_rule(turn, rule) if rule else ""


def _back(turn: Turn) -> Option:
    return Option(turn.t.plain("nav.back"), "merchant", words=("@back", "@stop"))


PLACES: dict[str, Callable[..., View | None]] = {
    "merchant": merchant,
    "which_order": which_order,
    "late": late,
    "owed": owed,
    "fewer": fewer,
    "shop_tip": shop_tip,
}
ACTS: dict[str, Callable[..., None]] = {"shop": _shop, "first_again": _first_again, "no_count": _no_count}
TYPED: dict[str, Callable[..., bool]] = {"late": _type_late, "owed": _type_owed}
