"""发给客服的话, 给商家的话: final and copyable at first sight, whole and in pieces."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.conversation.evidence import numbers
from bot.conversation.letters import Matter, Words, asks, authority, compose, lint
from bot.conversation.letters.answers import missing
from bot.conversation.letters.cases import hand_out, matter_for, needs_asking, own_context, wanted_request
from bot.conversation.letters.facts import new_proof
from bot.conversation.places import drafts, words_answer, words_facts, words_form, words_sent
from bot.conversation.places.beyond import handing_in
from bot.conversation.places.service import heading
from bot.conversation.places.walk import route_in_use
from bot.conversation.places.words_answer import back_to_case
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Case
from bot.messages import COPY_LIMIT

MARKS = "①②③④⑤⑥⑦⑧⑨⑩"
FORMS = frozenset({"punish", "12315", "public", "evidence"})
ORDER_PAGE = "service_order"


def words(turn: Turn, number: str, kind: str = "service") -> View | None:
    """The words, or the question for a key fact that is still missing."""
    case = turn.case(number)
    matter = matter_for(turn, case, kind) if case else None
    if case is None or matter is None:
        return None
    if missing(matter) and kind != "public":
        turn.go(f"need:{number}:{kind}")
        return words_facts.need(turn, number, kind)
    if needs_asking(turn, case, matter):
        turn.go(f"still:{number}:{kind}")
        return words_facts.still(turn, number, kind)
    letter = compose(matter, wanted_request(turn, case))
    hand_out(turn, case, kind, letter)
    turn.fresh = True
    t = turn.t
    parts: list[Markup | str] = [t("words.head", title=heading(turn, case), what=what(turn, matter))]
    if kind in authority.KINDS:
        parts += words_form.text(turn, case, kind, letter)
    else:
        parts += _service_text(turn, case, letter) if kind == "service" else _plain_text(turn, matter, letter)
    parts += [*_findings(turn, matter, letter), *again(turn, matter)]
    copies = words_form.copies(turn, letter) if kind in authority.KINDS else _copies(turn, case, kind, letter)
    return View(lines(*parts), [*pairs(copies), *pairs(_buttons(turn, case, matter, letter))], kept=True)


def again(turn: Turn, matter: Matter) -> list[Markup]:
    """After a lost or refused intervention: what is new since, and what is left if that does not help either."""
    stage = matter.state.stage
    if matter.kind != "service" or matter.seller or stage not in ("decided_against", "not_accepted"):
        return []
    found = new_proof(matter)
    if not found:
        return [turn.t(f"words.again.{stage}")]
    return [turn.t("words.again.new", numbers=numbers(turn.t, found))]


def what(turn: Turn, matter: Matter) -> str:
    """Whom the words are for."""
    kind = "buyer" if matter.seller and matter.kind == "merchant" else matter.kind
    return turn.t.plain(f"words.for_{kind}")


def _block(turn: Turn, text: str) -> Markup:
    return turn.t("words.pre", text=text)


def _service_text(turn: Turn, case: Case, letter: Words) -> list[Markup | str]:
    t = turn.t
    agent, first = _agent(turn, case)
    then = t.plain("words.then") if len(letter.chunks) == 1 else t.plain("words.then_many", parts=len(letter.chunks))
    return [
        t("words.piece", mark=MARKS[0], name=first, count=len(agent)) if agent else t("words.say", what=first),
        _block(turn, agent) if agent else "",
        t("words.robot_here" if route_in_use(turn, case) == ORDER_PAGE else "words.robot") if agent else "",
        t("words.piece", mark=MARKS[1], name=then, count=_counts(letter.chunks)),
        _block(turn, letter.whole),
        t("words.piece", mark=MARKS[2], name=t.plain("words.refused"), count=len(letter.refused)),
        _block(turn, letter.refused),
    ]


def _plain_text(turn: Turn, matter: Matter, letter: Words) -> list[Markup | str]:
    t = turn.t
    head = t.plain("words.post_form" if matter.kind in FORMS else "words.post_buyer" if matter.seller else "words.post")
    return [
        t("words.whole", name=head, count=_counts(letter.chunks)),
        _block(turn, letter.whole),
        t("words.punish_alone") if matter.kind == "punish" else "",
    ]


def _counts(chunks: Sequence[str]) -> str:
    return "+".join(str(len(chunk)) for chunk in chunks)


def _agent(turn: Turn, case: Case) -> tuple[str, str]:
    """The words for a person, and how often they are sent on the route that was walked, else on this phone's."""
    route = turn.catalog.routes.get(route_in_use(turn, case))
    t = turn.t
    if route is None or not route.agent_repeat:
        return "", t.plain("words.first_none")
    times = route.agent_repeat
    how = t.plain("words.first_many", times=times) if times > 1 else t.plain("words.first_once")
    return route.agent_words, how


def _findings(turn: Turn, matter: Matter, letter: Words) -> list[Markup | str]:
    """What the person's own facts contradict, said before they send it."""
    matter = authority.masked(matter) if matter.kind in authority.KINDS else matter
    # Banned words come from our own sentences, never: here one can only be a fact (商家保证当天发).
    found = [each for each in lint(letter.whole, own_context(matter, letter)) if each.code != "banned"]
    return [turn.t("words.findings", why=each.why, fix=each.fix) for each in found[:2]]


def _copies(turn: Turn, case: Case, kind: str, letter: Words) -> list[Option]:
    t = turn.t
    agent = _agent(turn, case)[0] if kind == "service" else ""
    copies = [Option(t.plain("words.button.agent"), copy=agent)] if agent else []
    if len(letter.chunks) == 1:
        copies.append(Option(t.plain("words.button.copy"), copy=letter.chunks[0]))
    else:
        copies += [
            Option(t.plain("words.button.copy_part", index=index), copy=chunk)
            for index, chunk in enumerate(letter.chunks, 1)
        ]
    if letter.refused:
        copies.append(Option(t.plain("words.button.copy_refused"), copy=letter.refused[:COPY_LIMIT]))
    return copies


def _buttons(turn: Turn, case: Case, matter: Matter, letter: Words) -> list[Option]:
    t, number, kind = turn.t, case.number, matter.kind
    options = [Option(t.plain("words.button.edit"), f"edit:{number}:{kind}")]
    if kind == "12315":
        # Handing in a complaint is a step of the ladder, with a date of its own.
        options.append(Option(t.plain("ladder.button.handed_in"), f"outside:{number}:{handing_in(turn, case)}"))
    elif kind == "public":
        options.append(Option(t.plain("more_case.ladder"), f"ladder:{number}"))
    else:
        options.append(Option(t.plain("words.button.sent"), f"posted:{number}:{kind}"))
    if kind == "service":
        options.append(Option(t.plain("words.button.pieces"), f"pieces:{number}:{kind}"))
    if turn.state(case).facts.get("loose"):
        # The room of 换个请求, which then stands beside the pieces.
        options.append(Option(t.plain("words.button.keep"), f"unsaved:{number}"))
    else:
        options += _others(turn, matter, number)
    if kind in drafts.KINDS:
        options.append(Option(t.plain("drafts.button.open"), f"draft_in:{number}:{kind}"))
    return [*options, back_to_case(turn, case)]


def _others(turn: Turn, matter: Matter, number: int) -> list[Option]:
    if len(asks(matter)) < 2 or matter.kind == "punish":
        return []
    return [Option(turn.t.plain("words.button.others"), f"others:{number}:{matter.kind}")]


def pieces(turn: Turn, number: str, kind: str = "service") -> View | None:
    """Every piece by itself, each with its count and its own copy button."""
    case = turn.case(number)
    matter = matter_for(turn, case, kind) if case else None
    if case is None or matter is None:
        return None
    if missing(matter) or needs_asking(turn, case, matter):
        return words(turn, number, kind)
    letter = compose(matter, wanted_request(turn, case))
    hand_out(turn, case, kind, letter)
    turn.fresh = True
    t = turn.t
    parts: list[tuple[str, str]] = []
    agent, first = _agent(turn, case) if kind == "service" else ("", "")
    if agent:
        parts.append((first, agent))
    parts.append((t.plain("words.one"), letter.headline))
    parts += [(t.plain("words.facts"), chunk) for chunk in letter.facts]
    parts.append((t.plain("words.request"), letter.request))
    if letter.refused:
        parts.append((t.plain("words.refused"), letter.refused))
    shown: list[Markup | str] = [t("words.pieces_head", title=heading(turn, case), what=what(turn, matter))]
    copies = []
    for mark, (label, text) in zip(MARKS, parts, strict=False):
        shown += [t("words.piece", mark=mark, name=label, count=len(text)), _block(turn, text)]
        copies.append(Option(t.plain("words.button.copy_mark", mark=mark), copy=text[:COPY_LIMIT]))
    options = [Option(t.plain("words.button.sent"), f"posted:{number}:{kind}")]
    if turn.state(case).facts.get("loose"):
        options += _others(turn, matter, case.number)
    options.append(Option(t.plain("words.button.together"), f"words:{number}:{kind}", words=("@back",)))
    return View(lines(*shown), [*pairs(copies, 3), *pairs(options)], kept=True)


def others(turn: Turn, number: str, kind: str = "service") -> View | None:
    """The requests that could be made instead, one at a time."""
    case = turn.case(number)
    matter = matter_for(turn, case, kind) if case else None
    if case is None or matter is None:
        return None
    t = turn.t
    present = compose(matter, wanted_request(turn, case)).asked
    others = [ask for ask in asks(matter) if ask.id != present][: len(MARKS)]
    listed = [f"{mark} {ask.name}" for mark, ask in zip(MARKS, others, strict=False)]
    options = [
        Option(ask.name if len(ask.name) <= 8 else mark, f"ask_for:{number}:{kind}:{ask.id}")
        for mark, ask in zip(MARKS, others[:5], strict=False)
    ]
    back = Option(t.plain("nav.back"), f"words:{number}:{kind}", words=("@back",))
    return View(lines(t("words.others_text"), *listed[:5]), pairs([*options, back]))


def _ask_for(turn: Turn, number: str, kind: str, request: str) -> None:
    case = turn.case(number)
    matter = matter_for(turn, case, kind) if case else None
    if case is None or matter is None:
        return
    chosen = next((ask for ask in asks(matter) if ask.id == request), None)
    if chosen is not None:
        kept = turn.session.draft.get("request")
        turn.session.draft["request"] = (kept if isinstance(kept, dict) else {}) | {str(case.number): chosen.id}
        turn.note = turn.t("words.others_set", name=chosen.name)
    turn.go(f"words:{number}:{kind}")


PLACES = {
    "words": words,
    "pieces": pieces,
    "others": others,
    **words_facts.PLACES,
    **words_answer.PLACES,
    **words_sent.PLACES,
}
ACTS = {"ask_for": _ask_for, **words_facts.ACTS, **words_answer.ACTS, **words_sent.ACTS}
TYPED = {**words_facts.TYPED, **words_answer.TYPED, **words_sent.TYPED}
