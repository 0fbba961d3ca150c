"""Part offers: the sum, its share of the price, what is given up, and the three answers. No advice."""

from markupsafe import Markup

from bot.conversation import answers, formats
from bot.conversation.ledger_words import who
from bot.conversation.turn import Turn
from bot.conversation.understand.order_text import read_amount
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.ledger import Answer
from bot.domain.model import Case, Json

_PARTS = (("quarter", 250), ("third", 333), ("two_thirds", 667), ("three_quarters", 750))
"""Shares that have a name, in thousandths."""
_NEAR, _EXACT = 8, 5


def share(turn: Turn, offered: int, paid: int) -> str:
    """三成, 大约三分之一, 一半 ..."""
    t, part = turn.t, round(1000 * offered / paid) if paid else 0
    tenth = round(part / 100)
    if part < 50:
        return t.plain("answers.share.tenth_0")
    if abs(part - 100 * tenth) <= _EXACT:
        return t.plain(f"answers.share.tenth_{tenth}")
    for name, wanted in _PARTS:
        if abs(part - wanted) <= _NEAR:
            return t.plain(f"answers.share.{name}")
    if tenth == 10:
        return t.plain("answers.share.nearly")
    return t.plain("answers.share.about", share=t.plain(f"answers.share.tenth_{tenth}"))


def whole_or_unknown(turn: Turn, case: Case, given: Answer) -> bool:
    """Whether the sum that is offered may be, or is, all that was paid: then nobody says that it is only a part."""
    fen, paid = answers.offered(turn, case, given), answers.price(turn, case)
    return fen is not None and fen > 0 and (paid is None or fen >= paid)


def told(turn: Turn, case: Case, given: Answer) -> list[Markup | str]:
    """What is offered, and what is odd about it."""
    t, odd = turn.t, answers.oddities(turn, case, given)
    fen, paid, percent = answers.offered(turn, case, given), answers.price(turn, case), given.get("percent")
    values = {
        "who": who(turn, case, given.who),
        "offer": formats.money(fen) if fen is not None else "",
        "paid": formats.money(paid) if paid is not None else "",
    }
    if "zero" in odd:
        return [t("answers.offer_view.zero", **values)]
    if "missing" in odd:
        return [t("answers.offer_view.missing", **values)]
    if "above_price" in odd:
        return [t("answers.offer_view.above", **values)]
    if fen is None and isinstance(percent, int):
        named = share(turn, percent, 100)
        return [t("answers.offer_view.percent_no_price", share=named, **values), t("answers.offer_view.given_up_plain")]
    found: list[Markup | str] = [
        t(f"answers.offer_view.{each}", **values) for each in ("several", "range", "deducted") if each in odd
    ]
    if paid is None or fen is None:
        return [*found, t("answers.offer_view.no_price", **values), t("answers.offer_view.given_up_plain")]
    if fen == paid:
        return [*found, t("answers.offer_view.whole", **values)]
    key = "percent" if given.get("amount") is None else "money"
    rest = t("answers.offer_view.given_up", rest=formats.money(paid - fen))
    return [*found, t(f"answers.offer_view.{key}", share=share(turn, fen, paid), **values), rest]


def options(turn: Turn, case: Case, given: Answer) -> list[Option]:
    """我收下, 我不收, 还个价; where there is nothing to take, only what fits."""
    t, at, odd = turn.t, f"{case.number}:{given.seq}", answers.oddities(turn, case, given)
    refuse = Option(t.plain("answers.button.refuse"), f"offer:{at}:refuse")
    more = Option(t.plain("answers.button.more"), f"want:{at}")
    if "missing" in odd:
        return [Option(t.plain("answers.button.ask_amount"), f"counter:{at}:part_offer"), refuse, more]
    if "above_price" in odd:
        return [Option(t.plain("answers.button.ask_amount"), f"counter:{at}:part_offer")]
    if "zero" in odd:
        return [refuse, more]
    if answers.offered(turn, case, given) is None:
        # A share of a price that is not known: nothing can be agreed to in figures.
        return [refuse]
    return [Option(t.plain("answers.button.take"), f"offer:{at}:take"), refuse, more]


def amount(turn: Turn, case: Case, given: Answer, fen: int, *, price: bool = False) -> None:
    """A sum typed below the offer: the missing price (``price``: it calls itself so), or what is really offered."""
    if answers.price(turn, case) is None and (price or "missing" not in answers.oddities(turn, case, given)):
        turn.record(case, "facts", {"amount": fen})
        turn.note = turn.t("answers.offer_view.price_set", paid=formats.money(fen))
    else:
        data: dict[str, Json] = {"answer": given.seq, "amount": fen, "percent": None, "flags": []}
        turn.record(case, "sorted", data)
        turn.note = turn.t("answers.offer_view.amount_set", offer=formats.money(fen))
    turn.fresh = True


def want(turn: Turn, number: str, seq: str) -> View | None:
    """想要退多少？"""
    case = turn.case(number)
    given = answers.answer(turn, case, seq) if case else None
    if case is None or given is None or not turn.state(case).open:
        return None
    t, fen, paid = turn.t, answers.offered(turn, case, given), answers.price(turn, case)
    if paid is None:
        text = t("answers.offer_view.want_no_price")
    else:
        text = t("answers.offer_view.want", offer=formats.money(fen or 0), paid=formats.money(paid))
    return View(
        lines(*told(turn, case, given)[:1], text),
        pairs([Option(t.plain("nav.back"), f"reply:{number}:{seq}", words=("@back",))]),
    )


def _type_want(turn: Turn, text: str, number: str, seq: str) -> bool:
    case = turn.case(number)
    given = answers.answer(turn, case, seq) if case else None
    if case is None or given is None:
        return False
    wanted, fen, paid = read_amount(text), answers.offered(turn, case, given), answers.price(turn, case)
    if wanted is None:
        from bot.conversation.understand.words import outcome

        if outcome(text, turn.knowledge.lexicon) is not None:
            return False
        turn.note = turn.t("ask.again", text=text[:30], example=turn.t("results.part_example"))
    elif fen is not None and wanted <= fen:
        turn.note = turn.t("answers.offer_view.too_low", who=who(turn, case, given.who), offer=formats.money(fen))
    elif paid is not None and wanted > paid:
        turn.note = turn.t("answers.offer_view.too_high", paid=formats.money(paid))
    else:
        turn.go(f"offer:{number}:{seq}:more:{wanted}")
    return True


PLACES = {"want": want}
TYPED = {"want": _type_want}
