"""客服答复了, 商家回我了: what was answered, how it is sorted and why, what it means, and what can be done about it."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.conversation import answers
from bot.conversation.current import current_case, shown_case
from bot.conversation.ledger_words import end_of, other_kinds, short, sort_words, who
from bot.conversation.letters.cases import matter_for
from bot.conversation.letters.counter import answering, named
from bot.conversation.letters.linter import asks_withdrawal
from bot.conversation.places import answer_case, answer_offer, order_text
from bot.conversation.places.service import heading
from bot.conversation.sayings import say_rule
from bot.conversation.turn import Turn
from bot.conversation.understand.order_text import read_amount, read_order
from bot.conversation.understand.problem import recognise
from bot.conversation.understand.speaker import speaker
from bot.conversation.understand.words import outcome
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import can_happen
from bot.domain.ledger import Answer, Who
from bot.domain.machine import Event
from bot.domain.model import Case

SHOWN = 40
"""Characters of the answer that are said back."""
SHORTEST = 5
"""A text of fewer characters is nobody's answer by itself."""
_TOLD_HERE = frozenset({"reason", "promise", "fix", "need", "draft", "fraud"})
"""Places where somebody's words are typed as the answer to a question of ours."""
_ASKED_HERE = frozenset({"service_answer", "merchant_answer", "sent_how"})
_CERTAIN = frozenset({"promise", "part_offer", "coupon", "asks_withdraw", "leave_app"})
"""Sorts that nobody tells of an order that is new: retold on the screen of a case, they are about that one."""
_SEE = ("asks_withdraw", "part_offer", "refuses", "promise", "agrees")
_AGREED: Sequence[tuple[str, Event]] = (
    ("refund", "agreed_refund"),
    ("return", "agreed_return"),
    ("exchange", "agreed_exchange"),
    ("resend", "agreed_resend"),
    ("part", "agreed_partial"),
)
_WITH_PROOF = frozenset({"refuses", "blames_courier"})


def back(turn: Turn, case: Case) -> Option:
    """Back to the card; a hidden case has none."""
    place = "service" if turn.state(case).facts.get("loose") else "card"
    key = "nav.back" if place == "service" else "answers.button.case"
    return Option(turn.t.plain(key), f"{place}:{case.number}", words=("@back",))


def received(turn: Turn, case: Case, name: Who, text: str) -> None:
    """Keep an answer and show what it is; what costs most is said before anything else."""
    seq = answers.take(turn, case, name, text)
    given = answers.answer(turn, turn.cases[case.number], str(seq))
    if given is None:
        raise LookupError("an answer that was kept is not there")
    if "asks_withdraw" in given.kinds:
        why = str(given.get("why") or "") if given.kind == "asks_withdraw" else ""
        turn.before.append(withdrawal(turn, case, asks_withdrawal(text) or why or given.text))
    elif given.get("confirm"):
        head = turn.t("answers.withdraw.confirm_head", quote=short(turn, given.text, SHOWN))
        turn.before.append(View(lines(head, turn.t("answers.means.confirm")), kept=True))
    turn.fresh = True
    turn.go(f"reply:{case.number}:{seq}")


def withdrawal(turn: Turn, case: Case, quote: str) -> View:
    """What withdrawing the application closes."""
    rule = turn.rules(case).rule("pdd.intervene.closed")
    said = say_rule(turn, rule) if rule else ""
    head = turn.t("words.withdraw.head", quote=short(turn, quote, SHOWN))
    return View(lines(head, turn.t("words.withdraw.closes"), said), kept=True)


def pasted(turn: Turn, text: str) -> bool:
    """Somebody else's answer, pasted on any screen of a case: taken as one, or asked whose it is."""
    place, *args = turn.session.place.split(":")
    if place in _TOLD_HERE or len(text) < SHORTEST:
        return False
    case, said = current_case(turn), speaker(text)
    if case is None and said.named and place in answer_case.OUTSIDE:
        return answer_case.asked(turn, said.who or "merchant", said.said)
    if case is None or not turn.state(case).ready or turn.state(case).text("side") == "merchant":
        return False
    reply = answers.read(turn, case, said.said)
    if reply.kind is None and (said.who is None or said.retold):
        return False
    if (said.own and not said.plain and not said.retold) or (
        said.retold and outcome(text, turn.knowledge.lexicon) is not None
    ):
        return False
    name = said.who or _asked_here(place, args)
    here = (
        said.retold and shown_case(turn) == str(case.number) and bool(_CERTAIN.intersection((reply.kind, *reply.also)))
    )
    if not here and not said.plain and _tells_of(turn, case, text, retold=said.retold, asked=name is not None):
        return False
    if name is not None:
        received(turn, case, name, said.said)
        return True
    turn.session.draft["answer"] = {"case": case.number, "text": text[: answers.KEPT]}
    turn.go(f"whose:{case.number}")
    return True


def _tells_of(turn: Turn, case: Case, text: str, *, retold: bool, asked: bool) -> bool:
    """Whether an unmarked text rather tells what is wrong with an order: nobody is asked whose words those are."""
    named = [guess.problem for guess in recognise(text, turn.knowledge.lexicon).problems]
    if retold:
        return bool(named) and named[0] != turn.state(case).problem
    return not asked and (bool(named) or order_text.names_order(text))


def plainly_theirs(turn: Turn, text: str) -> bool:
    """The same for a text that names its speaker or is quoted: known before the screen's own question is."""
    said = speaker(text)
    mine = turn.session.place.split(":")[0] in _ASKED_HERE
    return said.named and not mine and pasted(turn, text)


def _asked_here(place: str, args: Sequence[str]) -> Who | None:
    if place in ("service_answer", "way") or (place == "sent_how" and args[1:2] != ["merchant"]):
        return "service"
    return "merchant" if place in ("merchant_answer", "sent_how") else None


def answer(turn: Turn, number: str, seq: str = "", kind: str = "") -> View | None:
    """The sort in plain words, why, what it means, and what can be done."""
    case = turn.case(number)
    given = answers.answer(turn, case, seq) if case else None
    if case is None or given is None or not turn.state(case).open:
        return None
    kind = kind or given.kind
    t, name = turn.t, who(turn, case, given.who)
    head = t("answers.view.head", who=name, text=short(turn, given.text, SHOWN))
    if not kind:
        from bot.conversation.places.answer_pick import options_of

        ask = t("answers.view.unknown", who=name)
        return View(lines(heading(turn, case), head, ask), pairs(options_of(turn, case, given, "0")))
    text = lines(
        heading(turn, case),
        head,
        _why(turn, case, given, kind),
        *_means(turn, case, given, kind),
        _also(turn, given, kind),
    )
    return View(text, pairs(_options(turn, case, given, kind)))


def _why(turn: Turn, case: Case, given: Answer, kind: str) -> Markup:
    t, sort = turn.t, sort_words(turn, kind, given.ground)
    if kind == "part_offer" and answer_offer.whole_or_unknown(turn, case, given):
        sort = t.plain("answers.sort.sum_offer")
    if given.by_hand:
        return t("answers.view.by_hand", sort=sort)
    why = str(given.get("why") or "")
    if kind == given.kind and why:
        return t("answers.view.why", sort=sort, why=why)
    return t("answers.view.sort", sort=sort)


def _also(turn: Turn, given: Answer, kind: str) -> Markup | str:
    others = other_kinds(given, kind)
    also = turn.t.plain("format.list").join(sort_words(turn, each, given.ground) for each in others[:2])
    return turn.t("answers.view.also", also=also) if others else ""


def _means(turn: Turn, case: Case, given: Answer, kind: str) -> list[Markup | str]:
    t = turn.t
    ticket = (given.get("facts") or {}).get("ticket_no")
    found: list[Markup | str] = [t("answers.view.ticket", ticket=ticket)] if ticket else []
    if given.get("confirm") and kind != "confirm":
        found.append(t("answers.means.confirm"))
    if kind == "part_offer":
        return [*found, *answer_offer.told(turn, case, given)]
    if kind == "promise":
        return [*found, _promised(turn, case, given)]
    if kind == "asks_withdraw":
        return [*found, t("talk.withdraw"), t("answers.means.asks_withdraw")]
    key = f"answers.means.{kind}"
    if kind == "refuses":
        done = given.who == "merchant" and not can_happen(turn.state(case), "rejected")
        key = f"{key}_{'merchant' if given.who == 'merchant' else 'service'}{'_done' if done else ''}"
    side = f"{key}_{'merchant' if given.who == 'merchant' else 'service'}"
    found.append(t(side if t.has(side) else key))
    return [*found, *_proof(turn, case, given, kind)]


def _proof(turn: Turn, case: Case, given: Answer, kind: str) -> list[Markup]:
    """The evidence that answers it: what is there, and the next to make."""
    matter = matter_for(turn, case, "service")
    if kind not in _WITH_PROOF or matter is None:
        return []
    have, lacking = answering(matter, given.ground if kind == "refuses" else kind)
    found = [turn.t("answers.means.has", named=named(matter, have))] if have else []
    if lacking and len(have) < 3:
        found.append(turn.t("answers.means.lacks", name=lacking[0].name, how=lacking[0].how))
    return found


def _promised(turn: Turn, case: Case, given: Answer) -> Markup:
    t, promise = turn.t, turn.state(case).ledger.promise(given.seq)
    if promise is None or promise.until is None:
        several = len(answers.times(turn, given.text)) > 1
        return t("answers.means.promise_which" if several else "answers.means.promise_none")
    over = promise.until.latest(turn.zone) <= turn.now
    key = "answers.means.promise_over" if over else "answers.means.promise"
    return t(key, who=who(turn, case, given.who), end=end_of(turn, promise.until))


def _options(turn: Turn, case: Case, given: Answer, kind: str) -> list[Option]:
    t, at = turn.t, f"{case.number}:{given.seq}"
    specific = _specific(turn, case, given, kind)
    see = [each for each in other_kinds(given, kind) if each in _SEE]
    if see and len(specific) < 4:
        specific.append(Option(t.plain(f"answers.button.see_{see[0]}"), f"reply:{at}:{see[0]}"))
    return [
        *specific[:4],
        Option(t.plain("answers.button.not_so"), f"resort:{at}", words=("@no",)),
        back(turn, case),
    ]


def _specific(turn: Turn, case: Case, given: Answer, kind: str) -> list[Option]:
    t, state, number = turn.t, turn.state(case), case.number
    words = Option(t.plain("answers.button.words"), f"counter:{number}:{given.seq}:{kind}", words=("@yes", "@next"))
    if kind == "part_offer":
        return answer_offer.options(turn, case, given)
    if kind == "promise":
        return _promise_options(turn, case, given)
    if kind == "agrees":
        return [*_agreed(turn, case, given), words]
    found = [words]
    if kind == "refuses" and given.who == "merchant" and can_happen(state, "rejected") and state.stage != "rejected":
        found.append(Option(t.plain("answers.button.rejected"), f"did:{number}:rejected"))
    if kind in ("refuses", "agrees") and given.who != "merchant" and state.stage in ("platform", "proof_wanted"):
        found.append(Option(t.plain("answers.button.decided"), f"results:{number}:decided"))
    if kind in _WITH_PROOF and not state.facts.get("loose"):
        found.append(Option(t.plain("answers.button.proof"), f"proof:{number}"))
    return found if kind != "other" else []


def _promise_options(turn: Turn, case: Case, given: Answer) -> list[Option]:
    t, number, promise = turn.t, case.number, turn.state(case).ledger.promise(given.seq)
    by = f"promise_by:{number}:{given.seq}"
    if promise is None or promise.until is None:
        choices = ("today", "tomorrow", "three")
        found = [
            Option(t.plain(f"promise.until.{each}"), f"promise_at:{number}:{given.seq}:{each}") for each in choices
        ]
        unsure = Option(t.plain("promise.until.unsure"), f"promise_at:{number}:{given.seq}:unsure", words=("@unknown",))
        return [*found, unsure]
    found = [
        Option(t.plain("answers.button.right"), back(turn, case).action, words=("@yes",)),
        Option(t.plain("answers.button.other_time"), by),
    ]
    if not turn.state(case).facts.get("loose"):
        found.append(Option(t.plain("answers.button.ledger"), f"ledger:{number}"))
    return found


def _agreed(turn: Turn, case: Case, given: Answer) -> list[Option]:
    """What was agreed: the likeliest first, and only what can be reported now."""
    state, t = turn.state(case), turn.t
    if given.who != "merchant" and can_happen(state, "platform_for"):
        return [Option(t.plain("answers.button.platform_for"), f"did:{case.number}:platform_for")]
    what = str(given.get("what") or "")
    ordered = sorted(_AGREED, key=lambda each: each[0] != what)
    found = [
        Option(t.plain(f"answers.button.{event}"), f"agreed:{case.number}:{given.seq}:{event}")
        for _, event in ordered
        if can_happen(state, event)
    ]
    return found[:3] or [Option(t.plain("event.settled"), f"agreed:{case.number}:{given.seq}:settled")]


def type_answer(turn: Turn, text: str, number: str, seq: str = "", kind: str = "") -> bool:
    """A sum for an offer, the price that was missing, or the time of a promise, typed below the answer."""
    case = turn.case(number)
    given = answers.answer(turn, case, seq) if case else None
    if case is None or given is None:
        return False
    if (kind or given.kind) == "part_offer":
        paid = read_order(text).amount_fen if answers.price(turn, case) is None else None
        if fen := read_amount(text) or paid:
            answer_offer.amount(turn, case, given, fen, price=paid is not None)
            return True
    if (kind or given.kind) == "promise":
        from bot.conversation.places.ledger import type_until

        return type_until(turn, text, number, str(given.seq), again=False)
    return False


PLACES = {"reply": answer}
TYPED = {"reply": type_answer}
