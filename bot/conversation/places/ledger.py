"""说好的事: who gave their word, what, until when, and what became of it."""

from datetime import timedelta

from markupsafe import Markup

from bot.conversation import answers, formats
from bot.conversation.ledger_words import asked_of, end_of, line, said_when, short, who
from bot.conversation.letters.cases import matter_for
from bot.conversation.letters.counter import broken as broken_letter
from bot.conversation.naming import title
from bot.conversation.places.answer_words import copies
from bot.conversation.places.outcomes import report
from bot.conversation.turn import Turn
from bot.conversation.understand.countdown import Left
from bot.conversation.understand.times import read_time
from bot.conversation.understand.words import outcome
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import can_happen
from bot.domain.ledger import REPLY, Promise, promise_of
from bot.domain.model import Case, Json
from bot.domain.moment import Moment, midnight

PER_PAGE = 3
_DAYS = {"today": 1, "tomorrow": 2, "three": 4}
VERBS = frozenset({"word_kept", "word_broken", "answer_came"})
"""Buttons of reminders that are acted upon here."""


def ledger(turn: Turn, number: str, page: str = "0") -> View | None:
    """All of them, those that wait first, then the newest."""
    case = turn.case(number)
    if case is None:
        return None
    t = turn.t
    every = sorted(turn.state(case).ledger.promises, key=lambda each: (each.status != "open", -each.seq))
    add = Option(t.plain("words.sent.merchant_answered"), f"merchant_answer:{number}")
    back = Option(t.plain("nav.back"), f"card:{number}", words=("@back",))
    if not every:
        options = [add, back] if turn.state(case).open else [back]
        return View(lines(title(turn, case), t("ledger.empty")), pairs(options))
    start = int(page) * PER_PAGE if page.isdecimal() and int(page) * PER_PAGE < len(every) else 0
    shown = every[start : start + PER_PAGE]
    listed = [t("ledger.line", mark=f"{index}.", text=line(turn, case, each)) for index, each in enumerate(shown, 1)]
    options = [
        Option(t.plain("ledger.number", number=index), f"word:{number}:{each.seq}")
        for index, each in enumerate(shown, 1)
    ]
    if len(every) > PER_PAGE:
        following = start // PER_PAGE + 1 if start + PER_PAGE < len(every) else 0
        options.append(Option(t.plain("nav.next_page"), f"ledger:{number}:{following}"))
    return View(lines(title(turn, case), t("ledger.head"), *listed), pairs([*options, back]))


def _found(turn: Turn, number: str, seq: str) -> tuple[Case, Promise] | None:
    case = turn.case(number)
    promise = turn.state(case).ledger.promise(int(seq)) if case and seq.isdecimal() else None
    return (case, promise) if case and promise else None


def word(turn: Turn, number: str, seq: str) -> View | None:
    """One promise, and what became of it."""
    found = _found(turn, number, seq)
    if found is None:
        return None
    case, promise = found
    t = turn.t
    until = t("ledger.one_no_time") if promise.until is None else t("ledger.one_until", end=end_of(turn, promise.until))
    told: list[Markup | str] = [
        title(turn, case),
        t(
            "ledger.one",
            who=who(turn, case, promise.who),
            when=said_when(turn, promise),
            word=short(turn, promise.what, 60),
        ),
        until,
    ]
    options: list[Option] = []
    is_open = turn.state(case).open
    if promise.status != "open":
        told.append(t(f"ledger.one_{promise.status}"))
    elif is_open:
        told.append(t("ledger.how"))
        options = [
            Option(t.plain("ledger.button.kept"), f"word_kept:{number}:{seq}", words=("@yes",)),
            Option(t.plain("ledger.button.broken"), f"word_broken:{number}:{seq}", words=("@no",)),
        ]
    if promise.status == "broken" and is_open:
        options = [Option(t.plain("ledger.button.letter"), f"overdue:{number}:{seq}")]
    options.append(Option(t.plain("nav.back"), f"ledger:{number}", words=("@back",)))
    return View(lines(*told), pairs(options))


def _kept(turn: Turn, number: str, seq: str) -> None:
    found = _found(turn, number, seq)
    if found is None or found[1].status == "kept":
        turn.go(f"ledger:{number}" if found else "home")
        return
    case, promise = found
    turn.fresh = True
    if promise.remedy:
        # How much of it is here decides whether the case is over.
        turn.go(f"kept:{number}")
        return
    case = turn.record(case, "word", {"promise": promise.seq, "how": "kept"})
    turn.note = turn.t("ledger.kept_note")
    if promise.about in ("refund", "part") and can_happen(turn.state(case), "refunded"):
        turn.go(f"kept:{number}")
    elif promise.about == REPLY:
        turn.go(f"{'merchant' if promise.who == 'merchant' else 'service'}_answer:{number}")
    else:
        turn.go(f"card:{number}")


def _broken(turn: Turn, number: str, seq: str) -> None:
    found = _found(turn, number, seq)
    if found is None:
        turn.go("home")
        return
    case, promise = found
    if promise.status != "broken":
        if promise.remedy and can_happen(turn.state(case), "broken"):
            report(turn, case, "broken")
        else:
            turn.record(case, "word", {"promise": promise.seq, "how": "broken"})
    turn.fresh = True
    turn.note = turn.t("ledger.broken_note")
    turn.go(f"overdue:{number}:{seq}")


def overdue(turn: Turn, number: str, seq: str, kind: str = "") -> View | None:
    """The follow-up on a promise that was not kept: to whoever gave it, or about a merchant to the service."""
    found = _found(turn, number, seq)
    if found is None or found[1].status != "broken":
        return None
    case, promise = found
    kind = kind or ("merchant" if promise.who == "merchant" and not promise.remedy else "service")
    matter = matter_for(turn, case, kind)
    if matter is None or kind not in ("merchant", "service"):
        return None
    t = turn.t
    more = [Option(t.plain("answers.button.sent"), f"posted:{number}:{kind}")]
    if promise.who == "merchant":
        other = "service" if kind == "merchant" else "merchant"
        more.append(Option(t.plain(f"ledger.button.letter_{other}"), f"overdue:{number}:{seq}:{other}"))
    head = t.plain("ledger.letter_head", who=who(turn, case, promise.who))
    to = "merchant" if kind == "merchant" else "service"
    return copies(turn, case, to, broken_letter(matter, promise), "", more, head)


def promise_by(turn: Turn, number: str, seq: str) -> View | None:
    """说到什么时候？"""
    found = _found(turn, number, seq)
    if found is None:
        return None
    t = turn.t
    options = [Option(t.plain(f"promise.until.{each}"), f"promise_at:{number}:{seq}:{each}") for each in _DAYS]
    options.append(
        Option(t.plain("promise.until.unsure"), f"promise_at:{number}:{seq}:unsure", words=("@unknown", "@skip"))
    )
    options.append(Option(t.plain("nav.back"), f"reply:{number}:{seq}", words=("@back",)))
    return View(lines(title(turn, found[0]), t("answers.means.promise_none")), pairs(options))


def _promise_at(turn: Turn, number: str, seq: str, choice: str) -> None:
    found = _found(turn, number, seq)
    if found is None:
        turn.go("home")
        return
    days = _DAYS.get(choice)
    until = None
    if days is not None:
        until = Moment(midnight(turn.said.astimezone(turn.zone) + timedelta(days=days), turn.zone))
    _set(turn, found[0], found[1], until, again=False)
    turn.go(f"card:{number}")


def type_until(turn: Turn, text: str, number: str, seq: str, *, again: bool = True) -> bool:
    """A time for a promise, or a new one; it is said back with its weekday."""
    found = _found(turn, number, seq)
    if found is None or outcome(text, turn.knowledge.lexicon) is not None:
        return False
    case, promise = found
    reading = read_time(text, said=turn.said, zone=turn.zone, expect="future")
    if isinstance(reading, Left):
        reading = Moment(turn.said + reading.length)
    if not isinstance(reading, Moment) and (end := answers.span(turn, text)):
        reading = end
    if not isinstance(reading, Moment):
        ahead = answers.times(turn, text)
        if len(ahead) != 1:
            if not again:
                return False
            turn.note = turn.t("ledger.unread", text=text[:30])
            return True
        reading = ahead[0]
    if reading.latest(turn.zone) <= turn.said:
        turn.note = turn.t("ledger.past")
        return True
    _set(turn, case, promise, reading, again=again)
    turn.go(f"card:{number}")
    return True


def _set(turn: Turn, case: Case, promise: Promise, until: Moment | None, *, again: bool) -> None:
    told = until.to_json() if until else None
    data: dict[str, Json] = {"promise": promise.seq, "until": told}
    if promise.remedy:
        data["facts"] = {"promise_until": told}
    elif promise.who != "merchant":
        data["facts"] = {"service_until": told}
    if again and until is not None:
        turn.record(case, "word", {**data, "how": "moved"})
    else:
        turn.record(case, "promised", data)
    turn.fresh = True
    key = "no_time_note" if until is None else "moved_note" if again else "until_note"
    end = formats.relative(turn.t, until.latest(turn.zone), turn.zone, turn.now) if until else ""
    turn.note = turn.t(f"ledger.{key}", end=end)


def _type_word(turn: Turn, text: str, number: str, seq: str) -> bool:
    return type_until(turn, text, number, seq)


def _type_by(turn: Turn, text: str, number: str, seq: str) -> bool:
    return type_until(turn, text, number, seq, again=False)


def pressed(turn: Turn, case: Case, deadline: str, verb: str) -> None:
    """A button of a reminder of somebody's word, or of an answer that was asked for."""
    promise = promise_of(turn.state(case).ledger, deadline)
    if promise is not None and verb == "word_kept":
        _kept(turn, str(case.number), str(promise.seq))
    elif promise is not None and verb == "word_broken":
        _broken(turn, str(case.number), str(promise.seq))
    elif verb == "answer_came":
        name = asked_of(turn, case, deadline)
        turn.go(f"{'merchant' if name == 'merchant' else 'service'}_answer:{case.number}")
    else:
        turn.go(f"ledger:{case.number}")


PLACES = {"ledger": ledger, "word": word, "overdue": overdue, "promise_by": promise_by}
ACTS = {"word_kept": _kept, "word_broken": _broken, "promise_at": _promise_at}
TYPED = {"word": _type_word, "promise_by": _type_by}
