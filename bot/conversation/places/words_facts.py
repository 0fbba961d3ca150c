"""The facts of a letter: asked for one by one while a key one is missing, and changed one by one later."""

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.letters import Matter
from bot.conversation.letters.answers import CHOICES, Read, changeable, kind_of, missing, read_fact
from bot.conversation.letters.cases import STILL, context_of, matter_for, stated
from bot.conversation.letters.linter import asks_withdrawal
from bot.conversation.letters.matter import CONTACT, names_in
from bot.conversation.naming import stage_words
from bot.conversation.places import moments
from bot.conversation.places.order_text import read_facts
from bot.conversation.places.service import heading
from bot.conversation.sayings import say_rule
from bot.conversation.turn import Turn
from bot.conversation.understand.order_text import read_order
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Case, Json
from bot.domain.moment import Moment

PER_PAGE = 4
MOST = 6
"""Buttons on a screen."""
QUOTED = 30
"""Characters of an unreadable answer that are said back."""
AHEAD = frozenset({"promised_until"})
"""Dates that may lie in the future."""


def need(turn: Turn, number: str, kind: str = "service") -> View | None:
    """The next key fact that is missing, or the words."""
    case = turn.case(number)
    matter = matter_for(turn, case, kind) if case else None
    if case is None or matter is None:
        return None
    waiting = missing(matter)
    if not waiting:
        from bot.conversation.places.words import words

        turn.go(f"words:{number}:{kind}")
        return words(turn, number, kind)
    t, fact = turn.t, waiting[0]
    leave = Option(t.plain("words.need.leave"), f"word_leave:{number}:{kind}:{fact}", words=("@skip", "@unknown"))
    options = [*_answers(turn, case, kind, fact), leave, _back(turn, case)]
    page = t("words.need.from_page") if fact in ("order_no", "amount") else ""
    return View(lines(t("words.need.text"), *_question(turn, matter, fact), page), pairs(options))


def _back(turn: Turn, case: Case) -> Option:
    place = "service" if turn.state(case).facts.get("loose") else "card"
    return Option(turn.t.plain("nav.back"), f"{place}:{case.number}", words=("@back", "@stop"))


def _question(turn: Turn, matter: Matter, fact: str) -> list[Markup | str]:
    t, kind = turn.t, kind_of(fact)
    if fact == "detail":
        return [matter.problem.detail.ask, t("words.example.text", example=matter.problem.detail.example)]
    asked = t(f"words.ask.{fact}" if t.has(f"words.ask.{fact}") else "words.ask.other")
    return [asked, t(f"words.example.{kind}") if t.has(f"words.example.{kind}") and kind != "text" else ""]


def _answers(turn: Turn, case: Case, kind: str, fact: str) -> list[Option]:
    t, number = turn.t, case.number
    if kind_of(fact) == "choice":
        group = "words.type" if fact == "refund_type" else f"ask.{fact}"
        return [
            Option(t.plain(f"{group}.{choice}"), f"word_set:{number}:{kind}:{fact}:{choice}")
            for choice in CHOICES[fact]
        ]
    if kind_of(fact) == "date" and fact not in AHEAD:
        return [
            Option(t.plain(f"ask.when.{choice}"), f"word_at:{number}:{kind}:{fact}:{choice}")
            for choice in moments.QUICK
        ]
    return []


def still(turn: Turn, number: str, kind: str = "service") -> View | None:
    """还是这样吗？ Asked once, before a letter claims for now what was said some time ago."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    t, told = turn.t, formats.relative(turn.t, stated(case), turn.zone, turn.now)
    stage, _ = stage_words(turn, turn.state(case))
    options = [Option(t.plain("words.still.yes"), f"still_so:{number}:{kind}", words=("@yes",))]
    if not turn.state(case).facts.get("loose"):
        options.append(Option(t.plain("words.still.no"), f"results:{number}:all", words=("@no",)))
    options.append(Option(t.plain("words.still.unsure"), f"still_unsure:{number}:{kind}", words=("@unknown", "@skip")))
    headline = turn.problem(case).headline
    goods = turn.state(case).text("goods_name") or turn.problem(case).noun
    wrong = headline.format(goods=goods) if names_in(headline) in ((), ("goods",)) else turn.problem(case).name
    text = lines(heading(turn, case), t("words.still.told", when=told, wrong=wrong, stage=stage), t("words.still.ask"))
    return View(text, pairs([*options, _back(turn, case)]))


def _still_so(turn: Turn, number: str, kind: str) -> None:
    case = turn.case(number)
    if case is not None:
        turn.record(case, "facts", {STILL: Moment(turn.said).to_json()})
    turn.go(f"words:{number}:{kind}")


def _still_unsure(turn: Turn, number: str, kind: str) -> None:
    """说不准: the letter says up to when it was so."""
    case = turn.case(number)
    if case is not None:
        turn.session.draft["still"] = [case.number, stated(case).isoformat()]
    turn.go(f"words:{number}:{kind}")


def withdrawal(turn: Turn, case: Case, text: str) -> View | None:
    """What to know before anything else if somebody asks to withdraw the application; None if nobody does."""
    quote = asks_withdrawal(text)
    if not quote:
        return None
    rule = turn.rules(case).rule("pdd.intervene.closed")
    t = turn.t
    said = say_rule(turn, rule) if rule else ""
    return View(lines(t("words.withdraw.head", quote=quote), t("words.withdraw.closes"), said), kept=True)


def edit(turn: Turn, number: str, kind: str = "service", page: str = "0") -> View | None:
    """改一处: the facts of the letter with what is known of them."""
    case = turn.case(number)
    matter = matter_for(turn, case, kind) if case else None
    if case is None or matter is None:
        return None
    t, every = turn.t, changeable(matter)
    start = int(page) * PER_PAGE if page.isdecimal() and int(page) * PER_PAGE < len(every) else 0
    shown = every[start : start + PER_PAGE]
    listed = [t("words.edit.line", name=fact_name(turn, fact), value=_value(turn, matter, fact)) for fact in shown]
    options = [Option(fact_name(turn, fact), f"fix:{number}:{fact}:{kind}") for fact in shown]
    if len(every) > PER_PAGE:
        following = start // PER_PAGE + 1 if start + PER_PAGE < len(every) else 0
        options.append(Option(t.plain("nav.next_page"), f"edit:{number}:{kind}:{following}", words=("@next",)))
    options.append(Option(t.plain("nav.back"), f"words:{number}:{kind}", words=("@back",)))
    return View(lines(t("words.edit.text"), *listed), pairs(options))


def fact_name(turn: Turn, fact: str) -> str:
    """What a fact is called on a button."""
    key = f"words.fact.{fact}"
    return turn.t.plain(key if turn.t.has(key) else "words.fact.other")


def _value(turn: Turn, matter: Matter, fact: str) -> str:
    if not matter.known(fact):
        return turn.t.plain("words.edit.none")
    if fact == "refund_type":
        key = f"words.type.{matter.state.text(fact)}"
        return turn.t.plain(key) if turn.t.has(key) else matter.value("type")
    return matter.value(fact)


def fix(turn: Turn, number: str, fact: str, kind: str = "service") -> View | None:
    """Asks for one fact anew."""
    case = turn.case(number)
    matter = matter_for(turn, case, kind) if case else None
    if case is None or matter is None or fact not in changeable(matter):
        return None
    t = turn.t
    options = _answers(turn, case, kind, fact)
    if matter.known(fact) and (kind_of(fact) != "date" or fact in CONTACT) and len(options) + 2 <= MOST:
        # A date that the case hangs on is corrected, never left out.
        options.append(Option(t.plain("words.edit.drop"), f"word_leave:{number}:{kind}:{fact}"))
    options.append(Option(t.plain("nav.back"), f"edit:{number}:{kind}", words=("@back",)))
    now = t("words.edit.now", value=_value(turn, matter, fact)) if matter.known(fact) else ""
    return View(lines(*_question(turn, matter, fact), now), pairs(options))


def _type_need(turn: Turn, text: str, number: str, kind: str = "service") -> bool:
    case = turn.case(number)
    matter = matter_for(turn, case, kind) if case else None
    waiting = missing(matter) if matter else []
    if case is None or matter is None or not waiting:
        return False
    _take(turn, case, matter, waiting[0], text)
    return True


def _type_fix(turn: Turn, text: str, number: str, fact: str, kind: str = "service") -> bool:
    case = turn.case(number)
    matter = matter_for(turn, case, kind) if case else None
    if case is None or matter is None:
        return False
    _take(turn, case, matter, fact, text)
    return True


def _take(turn: Turn, case: Case, matter: Matter, fact: str, text: str) -> None:
    """Read a typed answer; what cannot be read is said back with an example, and the question stays."""
    words = f"words:{case.number}:{matter.kind}"
    if _page(turn, case, matter, fact, text):
        turn.go(words)
        return
    if kind_of(fact) == "date":
        target = f"until:{fact}" if fact in AHEAD else f"fact:{fact}"
        if not moments.understand(turn, text, case, target, words):
            turn.note = turn.t("words.bad.date", text=text[:QUOTED])
        return
    if kind_of(fact) == "choice":
        turn.note = turn.t("words.need.text")
        return
    read = read_fact(fact, text, matter.state, context_of(matter, frozenset()))
    if read.wrong:
        turn.note = _complaint(turn, matter, fact, read, text)
        return
    _set(turn, case, dict(read.facts))
    if fact in ("merchant_words", "service_words") and (warning := withdrawal(turn, case, text)):
        turn.before.append(warning)
    if turn.session.place.startswith("fix:"):
        turn.note = turn.t("words.edit.changed", name=fact_name(turn, fact))
    turn.go(words)


def _page(turn: Turn, case: Case, matter: Matter, fact: str, text: str) -> bool:
    """A pasted order page answers several questions at once; what is known already stays as it is."""
    page = read_order(text)
    if page.order_no is None or (fact != "order_no" and "\n" not in text.strip()):
        return False
    found = read_facts(turn, page)
    new = {name: value for name, value in found.items() if name == fact or name not in matter.state.facts}
    if len(new) < 2:
        return False
    _set(turn, case, new)
    names = turn.t.plain("format.list").join(fact_name(turn, name) for name in new)
    turn.note = turn.t("words.need.got", facts=names)
    return True


def _complaint(turn: Turn, matter: Matter, fact: str, read: Read, text: str) -> Markup:
    example = matter.problem.detail.example if fact == "detail" else turn.t.plain("words.fact.other")
    values = {
        key: formats.money(value) if isinstance(value, int) and key in ("asked", "paid") else value
        for key, value in read.values.items()
    }
    key = f"words.bad.{read.wrong}"
    if fact != "detail" and turn.t.has(f"{key}_plain"):
        key = f"{key}_plain"
    return turn.t(key, **{"text": text[:QUOTED], "example": example, **values})


def _set(turn: Turn, case: Case, values: dict[str, Json]) -> None:
    left_out = turn.state(case).facts.get("left_out", ())
    still = [fact for fact in left_out if fact not in values]
    turn.record(case, "facts", values | ({"left_out": still or None} if len(still) < len(left_out) else {}))


def _leave(turn: Turn, number: str, kind: str, fact: str) -> None:
    """没有，先这样 and 不写这个: the letter goes without it, and it is not asked again."""
    case = turn.case(number)
    if case is None:
        return
    left_out: list[Json] = [*turn.state(case).facts.get("left_out", ())]
    known = fact in turn.state(case).facts
    values: dict[str, Json] = {"left_out": [*left_out, *([] if fact in left_out else [fact])]}
    if known:
        values[fact] = None
        turn.note = turn.t("words.edit.dropped", name=fact_name(turn, fact))
    turn.record(case, "facts", values)
    turn.go(f"words:{number}:{kind}")


def _choose(turn: Turn, number: str, kind: str, fact: str, choice: str) -> None:
    case = turn.case(number)
    if case is not None and choice in CHOICES.get(fact, ()):
        _set(turn, case, {fact: choice})
        turn.note = turn.t("words.edit.changed", name=fact_name(turn, fact))
    turn.go(f"words:{number}:{kind}")


def _at(turn: Turn, number: str, kind: str, fact: str, choice: str) -> None:
    case = turn.case(number)
    told = moments.quick(turn, choice)
    if case is not None and told is not None:
        moments.settle(turn, case, f"fact:{fact}", told, f"words:{number}:{kind}")


PLACES = {"need": need, "edit": edit, "fix": fix, "still": still}
ACTS = {
    "word_leave": _leave,
    "word_set": _choose,
    "word_at": _at,
    "still_so": _still_so,
    "still_unsure": _still_unsure,
}
TYPED = {"need": _type_need, "fix": _type_fix}
