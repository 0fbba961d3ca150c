"""后续流程: every rung from the start, one line each with its date; a rung's details; handing in outside."""

from datetime import datetime, timedelta

from markupsafe import Markup

from bot.catalog.routes import Rung
from bot.conversation import formats
from bot.conversation.ladder_dates import EXCLUDES, HANDED, RungDate, merchant_may_ask, rung_date, rung_dates
from bot.conversation.naming import title
from bot.conversation.sayings import say_rule
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.machine import POSSIBLE
from bot.domain.model import Case
from bot.domain.schedule import Deadline

PER_PAGE = 4
STAYS_INSIDE = frozenset({"courier", "12300"})
"""Complaints beside the case: the merchant and the platform go on with it."""

AFTER_PLATFORM = frozenset({"decided_partly", "decided_against", "outside"})


def ladder(turn: Turn, number: str, page: str = "") -> View | None:
    """The whole ladder; the buttons of one page lead to the rungs' details."""
    case = turn.case(number)
    if case is None:
        return None
    t, found = turn.t, rung_dates(turn, case)
    marks = t.plain("ladder.marks")
    listed = [
        t("ladder.line", mark=marks[index], name=_entry(turn, case, each.rung).name, state=_state(turn, case, each))
        for index, each in enumerate(found)
    ]
    pages = max(1, -(-len(found) // PER_PAGE))
    at = min(int(page), pages - 1) if page.isdecimal() else _page_of_present(found)
    options = [
        Option(_entry(turn, case, each.rung).name[:8], f"rung:{number}:{each.rung}")
        for each in found[at * PER_PAGE : (at + 1) * PER_PAGE]
    ]
    if pages > 1:
        following = (at + 1) % pages
        options.append(Option(t.plain("ladder.button.others"), f"ladder:{number}:{following}"))
    options.append(Option(t.plain("nav.back"), f"card:{number}", words=("@back",)))
    merchant = t("ladder.merchant_may") if merchant_may_ask(turn, case) else ""
    return View(lines(title(turn, case), t("ladder.head"), *listed, merchant), pairs(options))


def _page_of_present(found: tuple[RungDate, ...]) -> int:
    present = next((index for index, each in enumerate(found) if each.status == "now"), None)
    if present is None:
        present = next((index for index, each in enumerate(found) if each.status == "opens"), 0)
    return present // PER_PAGE


def _state(turn: Turn, case: Case, found: RungDate) -> str:
    """已做 with its date · 现在 · 从 … 起可以 · 随时可以 · after what · not beside what; and 在 … 前."""
    t = turn.t
    if found.status == "done":
        taken = "handed" if found.rung in HANDED else "done"
        when = formats.moment(t, found.when, turn.zone, turn.now) if found.when else ""
        return t.plain(f"ladder.state.{taken}", when=when) if when else t.plain(f"ladder.state.{taken}_undated")
    if found.status == "excluded":
        return t.plain("ladder.state.excluded", other=turn.catalog.rungs[found.other].name)
    if found.status == "opens" and found.at is not None:
        at = formats.clock(turn.t, found.at, turn.zone, turn.now)
        return t.plain("ladder.state.opens", at=at, source=_source(turn, found, found.at))
    if found.status == "now":
        if found.before is None:
            return t.plain("ladder.state.now")
        at = formats.clock(t, found.before, turn.zone, turn.now)
        return t.plain("ladder.state.now_before", at=at, source=_source(turn, found, found.before))
    words = _undated(turn, case, found)
    if found.limit is None:
        return words
    return t.plain("ladder.state.limit", state=words, at=_last_day(turn, found.limit))


def _undated(turn: Turn, case: Case, found: RungDate) -> str:
    """Open at any time, or after something that may yet happen."""
    t = turn.t
    shop = f"ladder.shop.waits.{found.rung}"
    if turn.state(case).text("side") == "merchant" and found.status == "waits" and t.has(shop):
        return t.plain(shop)
    key = f"ladder.{'waits' if found.status == 'waits' else 'any'}.{found.rung}"
    if found.status != "waits" and turn.state(case).stage in AFTER_PLATFORM:
        # 平台之后更合适 has come true.
        key = "ladder.state.any"
    return t.plain(key if t.has(key) else "ladder.state.any")


def _entry(turn: Turn, case: Case, rung_id: str) -> Rung:
    """The rung as this side of the case reads it."""
    entry, t = turn.catalog.rungs[rung_id], turn.t
    if turn.state(case).text("side") != "merchant":
        return entry
    fields = ("name", "what", "before", "takes_plain", "either")
    own = {field: t.plain(key) for field in fields if t.has(key := f"ladder.shop.{rung_id}.{field}")}
    return entry.model_copy(update=own)


def _last_day(turn: Turn, end: datetime) -> str:
    """The last day of a span of years, by its short end: nobody needs to be told what midnight is three years ahead."""
    return turn.t.plain("ladder.until_day", day=formats.day(turn.t, end - timedelta(seconds=1), turn.zone, turn.now))


def rung(turn: Turn, number: str, rung_id: str) -> View | None:
    """What it is, why it comes before the next, how long, either way, what excludes what, until when."""
    case = turn.case(number)
    if case is None or rung_id not in turn.catalog.rungs:
        return None
    t, found, entry = turn.t, rung_date(turn, case, rung_id), _entry(turn, case, rung_id)
    text = lines(
        t("ladder.rung.head", name=entry.name, state=_state(turn, case, found)),
        t("ladder.rung.what", what=entry.what),
        t("ladder.rung.before", before=entry.before),
        _takes(turn, case, entry),
        t("ladder.rung.either", either=entry.either) if entry.either else "",
        t("ladder.rung.excludes", excludes=entry.excludes) if entry.excludes else "",
        _dates(turn, found),
        _limit(turn, case, entry, found),
    )
    return View(text, pairs(_options(turn, case, entry, found)))


def _takes(turn: Turn, case: Case, entry: Rung) -> Markup | str:
    rule = turn.rules(case).rule(entry.takes) if entry.takes else None
    if rule is not None:
        return turn.t("ladder.rung.takes", takes=say_rule(turn, rule))
    return turn.t("ladder.rung.takes_plain", takes=entry.takes_plain) if entry.takes_plain else ""


def _dates(turn: Turn, found: RungDate) -> Markup | str:
    """Until when a body that has the case should have answered."""
    if found.status != "done" or found.before is None:
        return ""
    end = formats.clock(turn.t, found.before, turn.zone, turn.now)
    key = "ladder.rung.answer" if found.before > turn.now else "ladder.rung.answer_over"
    return turn.t(key, at=end, source=_source(turn, found, found.before))


def _source(turn: Turn, found: RungDate, at: datetime) -> str:
    # A count of working days in a year without a list is a guess, whatever the statute says about their number.
    source = "estimate" if found.estimated_years else found.source
    shown = Deadline("", "", at, at, source, False, True, law=found.law, estimated_years=found.estimated_years)
    return formats.source(turn.t, shown)


def _limit(turn: Turn, case: Case, entry: Rung, found: RungDate) -> Markup | str:
    rule = turn.rules(case).rule(entry.limit) if entry.limit else None
    if rule is None or found.status == "done":
        return ""
    if found.limit is None:
        return turn.t("ladder.rung.limit_unknown", years=rule.amounts.get("years", 0), law=rule.law or "")
    day = _last_day(turn, found.limit)
    return turn.t("ladder.rung.limit", at=day, law=rule.law or "")


def _options(turn: Turn, case: Case, entry: Rung, found: RungDate) -> list[Option]:
    t, number = turn.t, case.number
    back = Option(t.plain("nav.back"), f"ladder:{number}", words=("@back",))
    if not turn.state(case).open:
        return [back]
    options = []
    own = {"intervene": f"check:{number}", "service": f"service:{number}", "merchant": f"words:{number}:merchant"}
    place = own.get(entry.id) or (f"walk:{entry.route}:0:{number}" if entry.route else "")
    if place:
        label = "ladder.button.words" if entry.id == "merchant" else "ladder.button.teach"
        options.append(Option(t.plain(label), place, words=("@next", "@yes")))
    if entry.id == "12315":
        options.append(Option(t.plain("ladder.button.words"), f"words:{number}:12315"))
    if entry.id in HANDED:
        if found.status != "done":
            options.append(Option(t.plain("ladder.button.handed_in"), f"outside:{number}:{entry.id}"))
        elif entry.id == "12315":
            options.append(Option(t.plain("ladder.button.accepted"), f"fact:{number}:complaint_accepted_at"))
    return [*options, back]


def _outside(turn: Turn, number: str, rung_id: str) -> None:
    """Handed in outside the platform: recorded, warned of what it excludes, its date asked."""
    case = turn.case(number)
    if case is None or rung_id not in HANDED:
        turn.go("home")
        return
    state = turn.state(case)
    taken = next((other for other in EXCLUDES.get(rung_id, ()) if state.moment(HANDED[other])), "")
    if rung_id not in STAYS_INSIDE and "went_outside" in POSSIBLE[state.stage]:
        turn.event(case, "went_outside", outside=rung_id)
    elif rung_id not in STAYS_INSIDE and state.open:
        turn.record(case, "facts", {"outside": rung_id})
    entry = turn.catalog.rungs.get(rung_id)
    if entry is not None and taken:
        turn.note = turn.t("ladder.clash", other=turn.catalog.rungs[taken].name, excludes=entry.excludes)
    elif entry is not None and entry.excludes:
        turn.note = turn.t("ladder.keep_in_mind", excludes=entry.excludes)
    turn.fresh = True
    turn.go(f"fact:{number}:{HANDED[rung_id]}")


PLACES = {"ladder": ladder, "rung": rung}
ACTS = {"outside": _outside}
