"""后续流程: every rung from the start, one line each with its date; a rung's details."""

from datetime import datetime, timedelta

from markupsafe import Markup

from bot.catalog.routes import Rung
from bot.conversation import formats
from bot.conversation.alike import alike
from bot.conversation.beyond import result_words
from bot.conversation.ladder_dates import RungDate, merchant_may_ask, rung_date, rung_dates
from bot.conversation.naming import title
from bot.conversation.places.beyond import remember
from bot.conversation.sayings import say_rule
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain import authorities
from bot.domain.authorities import ACCEPTED, BODIES, ENDINGS, HANDED_IN, REFUSED
from bot.domain.model import Case
from bot.domain.schedule import Deadline

PER_PAGE = 4
MOST = 5
"""Buttons of a rung, besides 返回."""
WORDS = {"12315": "12315", "odr": "12315", "association": "12315", "heimao": "public"}
"""Which words are handed out for a rung: a regulator, a firm of the green channel and an association read the same."""
BRANCHES = {"12315": ("odr", "heimao"), "association": ("heimao",)}
"""Rungs that are reached from another one."""
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
    others = alike(turn, turn.state(case).problem)
    return View(lines(title(turn, case), t("ladder.head"), *listed, merchant, others), pairs(options))


def _page_of_present(found: tuple[RungDate, ...]) -> int:
    present = next((index for index, each in enumerate(found) if each.status == "now"), None)
    if present is None:
        present = next((index for index, each in enumerate(found) if each.status == "opens"), 0)
    return present // PER_PAGE


def _state(turn: Turn, case: Case, found: RungDate) -> str:
    """已做 with its date · 现在 · 从 … 起可以 · 随时可以 · after what · not beside what; and 在 … 前."""
    t = turn.t
    if found.status == "done":
        return _taken(turn, case, found)
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
    if found.limit is None or found.rung == "merchant":
        # How long a defect may be told is said with the rung itself.
        return words
    return t.plain("ladder.state.limit", state=words, at=_last_day(turn, found.limit))


def _taken(turn: Turn, case: Case, found: RungDate) -> str:
    """已做 or 已交 with its date, and what came of it outside."""
    t, body = turn.t, BODIES.get(found.rung)
    taken = "handed" if body else "done"
    when = formats.moment(t, found.when, turn.zone, turn.now) if found.when else ""
    words = t.plain(f"ladder.state.{taken}", when=when) if when else t.plain(f"ladder.state.{taken}_undated")
    told = authorities.result(turn.state(case), body) if body else ""
    if body is None or told in ("", HANDED_IN):
        return words
    return t.plain("ladder.state.result", state=words, result=result_words(turn, body, told))


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
    remember(turn, case, rung_id)
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
        if rule.starts == "signed":
            return ""
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
    if entry.id in WORDS:
        options.append(Option(t.plain("ladder.button.words"), f"words:{number}:{WORDS[entry.id]}"))
    if entry.id in BODIES:
        options += _of_body(turn, case, BODIES[entry.id])
    for branch in BRANCHES.get(entry.id, ()):
        if len(options) < MOST and not (branch == "odr" and found.status == "done"):
            options.append(Option(turn.catalog.rungs[branch].name[:8], f"rung:{number}:{branch}"))
    return [*options, back]


def _of_body(turn: Turn, case: Case, body: authorities.Body) -> list[Option]:
    """已经交了, then what can be heard from there."""
    t, number = turn.t, case.number
    told = authorities.result(turn.state(case), body)
    if told in ("", REFUSED):
        label = "ladder.button.handed_in" if not told else "beyond.button.again"
        return [Option(t.plain(label), f"outside:{number}:{body.id}")]
    if told in ENDINGS:
        return []
    options = [Option(t.plain("ladder.button.heard"), f"heard:{number}:{body.id}")]
    if ACCEPTED in body.results and told == HANDED_IN:
        options.append(Option(result_words(turn, body, ACCEPTED), f"result:{number}:{body.id}:{ACCEPTED}"))
    return options


PLACES = {"ladder": ladder, "rung": rung}
