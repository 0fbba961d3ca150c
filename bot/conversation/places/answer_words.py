"""What to say back: to a ground, to a delay, to an offer; copyable at once, and followed up once it was sent."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from bot.conversation import answers, formats
from bot.conversation.ledger_words import end_of, who
from bot.conversation.letters.cases import matter_for
from bot.conversation.letters.counter import Said, answering, counter, offer
from bot.conversation.letters.matter import Matter
from bot.conversation.places.answer import back
from bot.conversation.places.service import heading
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import can_happen
from bot.domain.ledger import Answer
from bot.domain.machine import Event
from bot.domain.model import Case, Json, Letter
from bot.domain.moment import Moment

MARKS = "①②③④⑤"
TWICE = timedelta(minutes=10)
"""我已经发了, pressed again so soon, is the same sending."""
_NOTES = frozenset({"agrees", "promise", "asks_withdraw", "confirm"})


def side(given: Answer) -> str:
    """Whom the words go to: whoever answered."""
    return "merchant" if given.who == "merchant" else "service"


def _of(turn: Turn, number: str, seq: str) -> tuple[Case, Answer, Matter] | None:
    case = turn.case(number)
    given = answers.answer(turn, case, seq) if case else None
    matter = matter_for(turn, case, side(given)) if case and given else None
    return (case, given, matter) if case and given and matter else None


def counter_view(turn: Turn, number: str, seq: str, kind: str = "") -> View | None:
    """The words back to that answer."""
    found = _of(turn, number, seq)
    if found is None:
        return None
    case, given, matter = found
    said = counter(matter, given, kind)
    kind = kind or given.kind
    ground = given.ground if kind == "refuses" else kind
    lacks = answering(matter, ground)[1] if ground else []
    note = turn.t("answers.counter_view.agreed_note") if kind in _NOTES else ""
    extra = []
    if lacks and not turn.state(case).facts.get("loose"):
        note = turn.t("answers.means.lacks", name=lacks[0].name, how=lacks[0].how)
        extra = [Option(turn.t.plain("answers.button.proof"), f"proof:{number}")]
    return copies(turn, case, given.who, said, note, [_sent_option(turn, number, seq), *extra])


def _sent_option(turn: Turn, number: str, seq: str) -> Option:
    return Option(turn.t.plain("answers.button.sent"), f"said_back:{number}:{seq}")


def offer_view(turn: Turn, number: str, seq: str, how: str, wanted: str = "0") -> View | None:
    """我收下, 我不收, 还个价: the words for it."""
    found = _of(turn, number, seq)
    if found is None or how not in ("take", "refuse", "more") or not wanted.isdecimal():
        return None
    case, given, matter = found
    fen = answers.offered(turn, case, given) or 0
    said = offer(matter, given, how, fen, int(wanted))
    if how == "take":
        note = turn.t("answers.offer_view.take_note")
        sent = Option(turn.t.plain("answers.button.sent"), f"took:{number}:{seq}")
        return copies(turn, case, given.who, said, note, [sent])
    return copies(turn, case, given.who, said, "", [_sent_option(turn, number, seq)])


def copies(
    turn: Turn, case: Case, name: str, said: Said, note: Markup | str, more: Sequence[Option], head: str = ""
) -> View:
    """Every piece with its count and its own copy button; kept with its date and the rules that it cites."""
    t = turn.t
    _hand_out(turn, case, said)
    turn.fresh = True
    to = t.plain(f"answers.counter_view.how_{'merchant' if name == 'merchant' else 'service'}")
    head = head or t.plain("answers.counter_view.head", who=who(turn, case, name))
    shown: list[Markup | str] = [t("words.head", title=heading(turn, case), what=head)]
    for mark, piece in zip(MARKS, said.pieces, strict=False):
        shown += [t("answers.counter_view.piece", mark=mark, name=to, count=len(piece)), t("words.pre", text=piece)]
    label = "words.button.copy" if len(said.pieces) == 1 else "words.button.copy_mark"
    buttons = [
        Option(t.plain(label, mark=mark) if len(said.pieces) > 1 else t.plain(label), copy=piece)
        for mark, piece in zip(MARKS, said.pieces, strict=False)
    ]
    return View(lines(*shown, note), [*pairs(buttons), *pairs([*more, back(turn, case)])], kept=True)


def _hand_out(turn: Turn, case: Case, said: Said) -> None:
    """Keep the words as they were shown; the same text is kept once."""
    digest = hashlib.blake2s(said.whole.encode(), digest_size=6).hexdigest()
    handed = turn.session.draft.get("handed")
    handed = dict(handed) if isinstance(handed, dict) else {}
    key = f"{case.number}:counter"
    if handed.get(key) != digest:
        turn.session.draft["handed"] = handed | {key: digest}
        turn.letters.append(Letter(case.id, turn.now, "counter", said.whole, dict(said.rules)))


def said_back(turn: Turn, number: str, seq: str) -> View | None:
    """我已经发了 on the words back. While they are the present screen it is recorded at once; pressed later, on words
    further up, it counts as sent now unless it was told a moment ago."""
    found = _of(turn, number, seq)
    if found is None:
        return None
    case, given, matter = found
    asked = [each for each in turn.state(case).ledger.asked if each[1] == given.who]
    entry = next((each for each in case.entries if asked and each.seq == asked[0][0]), None)
    if entry is None or turn.now - entry.at > TWICE:
        until = Moment(matter.reply_until)
        told: dict[str, Json] = {
            "contacted_at" if given.who == "merchant" else "service_at": Moment(turn.said).to_json()
        }
        case = turn.record(
            case, "asked", {"who": given.who, "until": until.to_json(), "answer": given.seq, "facts": told}
        )
        turn.settle()
        asked = [each for each in turn.state(case).ledger.asked if each[1] == given.who]
    turn.fresh = True
    turn.go(f"sent_back:{number}:{seq}")
    return sent_back(turn, number, seq)


def sent_back(turn: Turn, number: str, seq: str) -> View | None:
    """Until when an answer is waited for, and what can have come of it."""
    found = _of(turn, number, seq)
    if found is None:
        return None
    case, given, _ = found
    t, until = turn.t, next((each[2] for each in turn.state(case).ledger.asked if each[1] == given.who), None)
    waits = until is not None and until.latest(turn.zone) > turn.now
    end = formats.followed(t, end_of(turn, until)) if until is not None and waits else ""
    done = t("answers.sent.done", until=end) if waits else ""
    label, goal = ("words.sent.answered", f"answered:{number}")
    if side(given) == "merchant":
        label, goal = "words.sent.merchant_answered", f"merchant_answer:{number}"
    options = [Option(t.plain(label), goal)]
    if not turn.state(case).facts.get("loose"):
        options.append(Option(t.plain("answers.button.ledger"), f"ledger:{number}"))
    return View(lines(heading(turn, case), done), pairs([*options, back(turn, case)]))


def _took(turn: Turn, number: str, seq: str) -> None:
    """我收下, and the words were sent: it is agreed now, and owed until the time in them."""
    found = _of(turn, number, seq)
    fen = answers.offered(turn, found[0], found[1]) if found else None
    if found is None or not fen:
        turn.go(f"card:{number}")
        return
    case, _, matter = found
    event: Event = "agreed_partial" if can_happen(turn.state(case), "agreed_partial") else "settled"
    word = turn.t.plain("answers.offer_view.take_promise", offer=f"{fen // 100}.{fen % 100:02d}")
    turn.event(
        case,
        event,
        Moment(turn.said),
        promise=word,
        promised_amount=fen,
        promise_until=Moment(matter.reply_until).to_json(),
    )
    turn.note = turn.t("promise.kept_open")
    turn.fresh = True
    turn.go(f"card:{number}")


PLACES = {"counter": counter_view, "offer": offer_view, "said_back": said_back, "sent_back": sent_back}
ACTS = {"took": _took}
