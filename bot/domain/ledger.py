"""What others answered and what they gave their word for: told by the history, followed up like any other end.

Kinds of entries: ``answer`` (what somebody said, and how it was read; a promise in it bears the entry's number),
``sorted`` (an answer put into another sort by hand), ``promised`` (until when), ``word`` (what became of a promise) and
``asked`` (until when the person asked for an answer). The domain of a merchant's own case knows only what was agreed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from typing import Literal, cast

from bot.domain.deadline import Deadline, Source
from bot.domain.model import Entry, Json
from bot.domain.moment import Moment
from bot.domain.rules import Remind

Who = Literal["merchant", "service", "platform"]
"""The merchant, a person of the official service, or a notice of the platform."""
Status = Literal["open", "kept", "broken"]

WORD = "word"
"""The rule of a promise's deadline."""
ASKED = "asked_until"
"""The rule of the end until which the person asked for an answer."""
REPLY = "reply"
"""What a promise is about if it is only an answer: the next answer of the same side keeps it."""
_REMEDIES: Mapping[str, str] = {
    "agreed_exchange": "exchange",
    "agreed_resend": "resend",
    "agreed_partial": "part",
    "settled": "other",
}
_DONE = frozenset({"refunded", "solved"})
_AT_END = (Remind("end", timedelta()),)
KINDS = frozenset({"answer", "sorted", "promised", "word", "asked"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered, as it was sorted; an empty ``kind`` is not sorted yet."""

    seq: int
    at: datetime
    """When it was told."""
    who: Who
    text: str
    kind: str
    read: Mapping[str, Json] = field(default_factory=dict)
    """also, ground, grounds, why, amount, percent, flags, what, until_text, confirm: what the reader found."""
    by_hand: bool = False

    def get(self, name: str) -> Json:
        return self.read.get(name)

    @property
    def kinds(self) -> tuple[str, ...]:
        """All of its sorts, the one that stands for the whole first."""
        also = () if self.by_hand else tuple(self.read.get("also") or ())
        return tuple(each for each in (self.kind, *also) if each)

    @property
    def ground(self) -> str:
        return str(self.read.get("ground") or "")


@dataclass(frozen=True, slots=True)
class Promise:
    """Somebody gave their word. ``until`` None: no time was named."""

    seq: int
    """The entry that it came with."""
    at: datetime
    who: Who
    what: str
    """In their words, or as the person told it."""
    until: Moment | None = None
    about: str = REPLY
    status: Status = "open"
    remedy: bool = False
    """True: it was agreed upon instead of what had been asked for, and is the stage's own end while that lasts."""
    moved: int = 0
    """How often a new time was named."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every answer and every promise of a case, oldest first; ``asked``: who is to answer until when (entry, who)."""

    answers: tuple[Answer, ...] = ()
    promises: tuple[Promise, ...] = ()
    asked: tuple[tuple[int, Who, Moment], ...] = ()

    def answer(self, seq: int) -> Answer | None:
        return next((each for each in self.answers if each.seq == seq), None)

    def promise(self, seq: int) -> Promise | None:
        return next((each for each in self.promises if each.seq == seq), None)

    @property
    def open(self) -> tuple[Promise, ...]:
        return tuple(each for each in self.promises if each.status == "open")


def told(ledger: Ledger, entry: Entry) -> Ledger:
    """The ledger after an entry of any kind."""
    data = entry.data
    if entry.kind == "answer":
        return _answered(ledger, entry)
    if entry.kind == "answered":
        ledger = _heard(ledger, "service", again="service_until" in data)
        return _old(ledger, entry) if data.get("service_until") else ledger
    if entry.kind == "sorted":
        return _sorted(ledger, entry)
    if entry.kind == "promised":
        return _promised(ledger, entry)
    if entry.kind == "word":
        return _word(ledger, entry)
    if entry.kind == "asked":
        who = cast(Who, data["who"])
        others = tuple(each for each in ledger.asked if each[1] != who)
        return replace(ledger, asked=(*others, (entry.seq, who, Moment.from_json(data["until"]))))
    if entry.kind == "event":
        return _event(ledger, entry)
    return _corrected(ledger, data) if entry.kind == "facts" else ledger


def _answered(ledger: Ledger, entry: Entry) -> Ledger:
    data = entry.data
    who = cast(Who, data["who"])
    answer = Answer(entry.seq, entry.at, who, str(data.get("text", "")), str(data.get("kind", "")), data)
    ledger = _heard(ledger, who, again="promise" in answer.kinds)
    return _with_promise(replace(ledger, answers=(*ledger.answers, answer)), answer)


def _heard(ledger: Ledger, who: Who, *, again: bool) -> Ledger:
    """An answer keeps the promise to answer; one that only names another time puts that in its place."""
    found = []
    for each in ledger.promises:
        waits = each.status == "open" and each.who == who and each.about == REPLY
        if not waits:
            found.append(each)
        elif not again:
            found.append(replace(each, status="kept"))
    asked = tuple(each for each in ledger.asked if each[1] != who)
    return replace(ledger, promises=tuple(found), asked=asked)


def _with_promise(ledger: Ledger, answer: Answer) -> Ledger:
    """The promise of an answer stands as long as the answer is sorted as one."""
    known = ledger.promise(answer.seq)
    if "promise" not in answer.kinds:
        return replace(ledger, promises=tuple(each for each in ledger.promises if each.seq != answer.seq))
    if known is not None:
        return ledger
    until = answer.get("until")
    made = Promise(
        answer.seq,
        answer.at,
        answer.who,
        str(answer.get("word") or answer.text),
        Moment.from_json(until) if until else None,
        str(answer.get("what") or REPLY),
    )
    return replace(ledger, promises=(*ledger.promises, made))


def _old(ledger: Ledger, entry: Entry) -> Ledger:
    """The agent's word as earlier versions kept it."""
    until = Moment.from_json(entry.data["service_until"])
    made = Promise(entry.seq, entry.at, "service", str(entry.data.get("service_words") or ""), until)
    return replace(ledger, promises=(*ledger.promises, made))


def _sorted(ledger: Ledger, entry: Entry) -> Ledger:
    answer = ledger.answer(int(entry.data["answer"]))
    if answer is None:
        return ledger
    changed = {key: value for key, value in entry.data.items() if key not in ("answer", "kind")}
    kind = str(entry.data.get("kind", answer.kind))
    by_hand = answer.by_hand or "kind" in entry.data
    answer = replace(answer, kind=kind, read={**answer.read, **changed}, by_hand=by_hand)
    answers = tuple(answer if each.seq == answer.seq else each for each in ledger.answers)
    return _with_promise(replace(ledger, answers=answers), answer)


def _promised(ledger: Ledger, entry: Entry) -> Ledger:
    until = entry.data.get("until")
    told_until = Moment.from_json(until) if until else None
    return _change(ledger, int(entry.data["promise"]), until=told_until, status="open")


def _word(ledger: Ledger, entry: Entry) -> Ledger:
    seq, how = int(entry.data["promise"]), str(entry.data["how"])
    known = ledger.promise(seq)
    if known is None:
        return ledger
    if how == "moved":
        return _change(ledger, seq, until=Moment.from_json(entry.data["until"]), status="open", moved=known.moved + 1)
    return _change(ledger, seq, status=how)


def _change(ledger: Ledger, seq: int, **changes: object) -> Ledger:
    promises = tuple(
        replace(each, **changes) if each.seq == seq else each  # type: ignore[arg-type]
        for each in ledger.promises
    )
    return replace(ledger, promises=promises)


def _event(ledger: Ledger, entry: Entry) -> Ledger:
    data, event = entry.data, str(entry.data["event"])
    ledger = replace(ledger, asked=()) if ledger.asked else ledger
    if event in _REMEDIES and data.get("promise"):
        until = data.get("promise_until")
        when = data.get("when")
        made = Promise(
            entry.seq,
            Moment.from_json(when).at if when else entry.at,
            "merchant",
            str(data["promise"]),
            Moment.from_json(until) if until else None,
            _REMEDIES[event],
            remedy=True,
        )
        return replace(ledger, promises=(*ledger.promises, made))
    if event == "broken":
        last = last_remedy(ledger.open)
        return _change(ledger, last.seq, status="broken") if last else ledger
    if event in _DONE and ledger.open:
        kept = tuple(replace(each, status="kept") if each.status == "open" else each for each in ledger.promises)
        return replace(ledger, promises=kept)
    return ledger


def _corrected(ledger: Ledger, data: Mapping[str, Json]) -> Ledger:
    """An edited message moves the time that it had given."""
    if not ledger.promises:
        return ledger
    mine_of = {"promise_until": last_remedy(ledger.open), "service_until": _last_of(ledger.open, "service")}
    for fact, mine in mine_of.items():
        if mine is not None and data.get(fact):
            ledger = _change(ledger, mine.seq, until=Moment.from_json(data[fact]))
    return ledger


def last_remedy(promises: Iterable[Promise]) -> Promise | None:
    """What was agreed upon last: its end is the stage's own."""
    return next((each for each in reversed(tuple(promises)) if each.remedy), None)


def _last_of(promises: Sequence[Promise], who: Who) -> Promise | None:
    return next((each for each in reversed(promises) if each.who == who), None)


def deadlines(ledger: Ledger, zone: tzinfo, *, remedy_stage: bool) -> tuple[Deadline, ...]:
    """When somebody's word falls due, and when the answer that was asked for. What the stage itself counts is left
    out."""
    main = last_remedy(ledger.open) if remedy_stage else None
    found = [
        _deadline(WORD, each.seq, each.until.latest(zone), each.at, "promise")
        for each in ledger.open
        if each.until is not None and each is not main
    ]
    # Whoever promised a time of their own is waited for until then.
    waiting = {each.who for each in ledger.open if each.until is not None}
    found += [
        _deadline(ASKED, seq, until.latest(zone), until.at, "estimate")
        for seq, who, until in ledger.asked
        if who not in waiting
    ]
    return tuple(found)


def _deadline(rule: str, seq: int, at: datetime, start: datetime, source: Source) -> Deadline:
    return Deadline(f"{rule}#{seq}", rule, at, start, source, own=False, main=False, remind=_AT_END)


def promise_of(ledger: Ledger, deadline: str) -> Promise | None:
    """The promise that a deadline is about."""
    rule, _, seq = deadline.partition("#")
    return ledger.promise(int(seq)) if rule == WORD and seq.isdecimal() else None
