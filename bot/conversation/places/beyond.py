"""Outside the platform: 已经交了 with its date, 有回复了 with what was answered, and what follows from it.

All of these are places that change nothing by being drawn, so that a button of an old message still leads there; the
date that is told makes the entry.
"""

from collections.abc import Mapping

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.beyond import body_name, result_words
from bot.conversation.naming import title
from bot.conversation.places import moments
from bot.conversation.places.outcomes import happened
from bot.conversation.sayings import say_rule
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain import authorities
from bot.domain.authorities import ACCEPTED, ASSOCIATION_PLACE, BODIES, HANDED_IN, PROOF_UNTIL, REFUSED, SETTLED, Body
from bot.domain.facts import can_happen
from bot.domain.machine import POSSIBLE, Stage
from bot.domain.model import Case, Json
from bot.domain.moment import Moment

DECIDED: frozenset[Stage] = frozenset({"decided_partly", "decided_against", "not_accepted"})
"""Nobody inside goes on with it: whatever is handed in outside now is what is waited for."""
SAYS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("12315", REFUSED): ("12315.refuse", "12315.refuse.proof"),
    ("12315", "failed"): ("court.venue",),
    ("12315", "ended"): ("court.venue",),
    ("association", "failed"): ("court.venue",),
    ("association", "ended"): ("court.venue",),
    ("12305", REFUSED): ("post.12305.seller",),
    ("12305", "failed"): ("post.12305.seller",),
    ("court", ACCEPTED): ("court.small",),
}
"""What the rules say after a result."""
WITH_MERCHANT = frozenset({"odr", "12315", "association", "court"})
"""What is settled there is the merchant's promise."""
PLACES_OF_ASSOCIATION = ("shanghai", "elsewhere")


def _open(turn: Turn, number: str, body_id: str) -> tuple[Case, Body] | None:
    case = turn.case(number)
    if case is None or body_id not in BODIES or not turn.state(case).open:
        return None
    return case, BODIES[body_id]


def clash(turn: Turn, case: Case, body_id: str) -> Markup | str:
    """The warning before a second body, if one that has it already makes this one refuse."""
    other = authorities.shut_out_by(turn.state(case), body_id)
    if not other:
        return ""
    return turn.t("ladder.clash", other=body_name(turn, BODIES[other]), excludes=_excludes(turn, body_id, other))


def remember(turn: Turn, case: Case, body_id: str) -> None:
    """The words of 12315 also go to its green channel and to an association: where they were asked for last."""
    if body_id in ("12315", "odr", "association"):
        turn.session.draft["handing"] = [case.number, body_id]


def handing_in(turn: Turn, case: Case) -> str:
    """The body that the words of the form are for."""
    kept = turn.session.draft.get("handing")
    return str(kept[1]) if isinstance(kept, list) and kept[0] == case.number and kept[1] in BODIES else "12315"


def _excludes(turn: Turn, body_id: str, other: str) -> str:
    own = turn.catalog.rungs[body_id].excludes
    return own or turn.catalog.rungs[other].excludes


def outside(turn: Turn, number: str, body_id: str) -> View | None:
    """已经交了: when was that? Warned of what it excludes."""
    found = _open(turn, number, body_id)
    if found is None:
        return None
    case, body = found
    turn.fresh = True
    t, excludes = turn.t, turn.catalog.rungs[body_id].excludes
    warning = clash(turn, case, body_id) or (t("ladder.keep_in_mind", excludes=excludes) if excludes else "")
    told = turn.state(case).moment(body.handed)
    known = t("beyond.known", when=formats.moment(t, told, turn.zone, turn.now)) if told else ""
    asked = t(f"beyond.when_of.{body_id}" if t.has(f"beyond.when_of.{body_id}") else "beyond.when")
    text = lines(warning, title(turn, case), known, t("beyond.asked", name=body_name(turn, body), asked=asked))
    back = Option(t.plain("nav.back"), f"rung:{number}:{body_id}", words=("@back",))
    return View(text, pairs([*moments.quick_options(turn, case.number, f"beyond:{body_id}.{HANDED_IN}"), back]))


def heard(turn: Turn, number: str, body_id: str = "") -> View | None:
    """有回复了: from whom, and what."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    t, state = turn.t, turn.state(case)
    back = Option(t.plain("nav.back"), f"card:{number}", words=("@back",))
    bodies = authorities.waiting(state) or authorities.taken(state)
    if body_id not in BODIES and len(bodies) != 1:
        options = [Option(body_name(turn, body)[:8], f"heard:{number}:{body.id}") for body in bodies[:5]]
        return View(lines(title(turn, case), t("beyond.who" if bodies else "beyond.nobody")), pairs([*options, back]))
    body = BODIES[body_id] if body_id in BODIES else bodies[0]
    wanted = [each for each in body.results if can_come(authorities.result(state, body), each, body)]
    options = [Option(result_words(turn, body, each), f"result:{number}:{body.id}:{each}") for each in wanted]
    if body.id == "12315":
        done = state.moment(PROOF_UNTIL) is not None
        options.append(
            Option(t.plain("beyond.button.proof_in"), f"proof_in:{number}")
            if done
            else Option(t.plain("beyond.button.proof_due"), f"proof_due:{number}")
        )
    return View(lines(title(turn, case), t("beyond.what", name=body_name(turn, body))), pairs([*options, back]))


def can_come(now: str, result: str, body: Body) -> bool:
    """What was accepted is not accepted again; mediation ends only after it began."""
    if now == ACCEPTED:
        return result not in (ACCEPTED, REFUSED)
    return result not in ("ended", "judged") or ACCEPTED not in body.results


def result(turn: Turn, number: str, body_id: str, what: str) -> View | None:
    """哪天的事？"""
    found = _open(turn, number, body_id)
    if found is None or what not in found[1].results:
        return None
    case, body = found
    t, name = turn.t, body_name(turn, body)
    turn.fresh = True
    text = lines(title(turn, case), t("beyond.result_when", name=name, result=result_words(turn, body, what)))
    back = Option(t.plain("nav.back"), f"heard:{number}:{body_id}", words=("@back",))
    return View(text, pairs([*moments.quick_options(turn, case.number, f"beyond:{body_id}.{what}"), back]))


def told_of(turn: Turn, case: Case, name: str, told: Moment | None) -> None:
    """The date is agreed upon (None: it is not remembered): the entry is made."""
    body_id, _, what = name.partition(".")
    body, state = BODIES[body_id], turn.state(case)
    if not state.open:
        turn.go(f"card:{case.number}")
        return
    data: dict[str, Json] = {body.result: what}
    fact = {HANDED_IN: body.handed, ACCEPTED: body.accepted}.get(what, body.ended)
    if told is not None:
        data[fact] = told.to_json()
    if what == HANDED_IN:
        data |= {each: None for each in (body.accepted, body.ended) if each in state.facts}
        _hand_in(turn, case, body, data)
        return
    if what != ACCEPTED and state.moment(PROOF_UNTIL) and body_id == "12315":
        data[PROOF_UNTIL] = None
    if not body.beside and not authorities.result(state, body) and "went_outside" in POSSIBLE[state.stage]:
        # Told of for the first time by its answer: the case is there all the same.
        turn.event(case, "went_outside", outside=body.id, **data)
    else:
        turn.record(case, "facts", data)
    turn.fresh = True
    turn.go(f"followed:{case.number}:{body_id}")
    if what == SETTLED and body_id in WITH_MERCHANT and can_happen(state, "settled"):
        happened(turn, turn.cases[case.number], "settled", told)
    elif (what == ACCEPTED and body_id != "association") or what == SETTLED:
        turn.note = _then(turn, body, what)
        turn.go(f"card:{case.number}")


def _hand_in(turn: Turn, case: Case, body: Body, data: dict[str, Json]) -> None:
    state = turn.state(case)
    stays = body.beside and state.stage not in DECIDED
    if not stays and "went_outside" in POSSIBLE[state.stage]:
        turn.event(case, "went_outside", outside=body.id, **data)
    else:
        turn.record(case, "facts", data if stays else {"outside": body.id, **data})
    own = f"beyond.handed_of.{body.id}"
    turn.note = turn.t(own) if turn.t.has(own) else turn.t("beyond.handed", name=body_name(turn, body))
    if body.id in ("12315", "12305") and _both(turn, case):
        turn.note += Markup("\n") + turn.t("beyond.side_by_side")
    turn.fresh = True
    turn.go(f"card:{case.number}")


def _both(turn: Turn, case: Case) -> bool:
    state = turn.state(turn.cases[case.number])
    return all(authorities.result(state, BODIES[each]) for each in ("12315", "12305"))


def _then(turn: Turn, body: Body, what: str) -> Markup:
    own = f"beyond.then.{body.id}_{what}"
    return turn.t(own if turn.t.has(own) else f"beyond.then.{what}")


def followed(turn: Turn, number: str, body_id: str) -> View | None:
    """What that result leads to, with the rules that say so."""
    found = _open(turn, number, body_id)
    if found is None:
        return None
    case, body = found
    t, state = turn.t, turn.state(case)
    what = authorities.result(state, body)
    if what not in body.results:
        return None
    when = state.moment(body.accepted if what == ACCEPTED else body.ended)
    head = {"name": body_name(turn, body), "result": result_words(turn, body, what)}
    dated = formats.moment(t, when, turn.zone, turn.now) if when else ""
    rules = turn.rules(case)
    said = [say_rule(turn, rule) for each in SAYS.get((body_id, what), ()) if (rule := rules.rule(each))]
    text = lines(
        title(turn, case),
        t("beyond.told_when", when=dated, **head) if dated else t("beyond.told", **head),
        _then(turn, body, what),
        *said,
    )
    return View(text, pairs(_follow_options(turn, case, body, what)))


def _follow_options(turn: Turn, case: Case, body: Body, what: str) -> list[Option]:
    t, number, state = turn.t, case.number, turn.state(case)
    options = []
    if body.id == "association" and what == ACCEPTED:
        options += [
            Option(t.plain(f"beyond.button.{each}"), f"assoc_at:{number}:{each}") for each in PLACES_OF_ASSOCIATION
        ]
    if what == REFUSED:
        options.append(Option(t.plain("beyond.button.again"), f"outside:{number}:{body.id}"))
    names = [(turn.catalog.rungs[each].name[:8], each) for each in authorities.open_next(state)][:3]
    options += [Option(name, f"rung:{number}:{each}") for name, each in names]
    return [*options, Option(t.plain("nav.card"), f"card:{number}", words=("@back",))]


def _association_at(turn: Turn, number: str, where: str) -> None:
    case = turn.case(number)
    if case is not None and where in PLACES_OF_ASSOCIATION:
        turn.record(case, "facts", {ASSOCIATION_PLACE: where})
        turn.fresh = True
        rule = turn.rules(case).rule("consumer_assoc.shanghai" if where == "shanghai" else "consumer_assoc")
        turn.note = say_rule(turn, rule) if rule else None
    turn.go(f"card:{number}")


def proof_due(turn: Turn, number: str) -> View | None:
    """12315 wants proof: until when, as its notice says."""
    case = turn.case(number)
    if case is None or not turn.state(case).open:
        return None
    t, rule = turn.t, turn.rules(case).rule("12315.identity")
    said = say_rule(turn, rule) if rule else ""
    back = Option(t.plain("nav.back"), f"heard:{number}:12315", words=("@back", "@unknown", "@skip"))
    return View(lines(title(turn, case), t("beyond.proof_due"), said), [[back]])


def _proof_in(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is not None and turn.state(case).moment(PROOF_UNTIL):
        turn.record(case, "facts", {PROOF_UNTIL: None})
        turn.note = turn.t("beyond.proof_in")
        turn.fresh = True
    turn.go(f"card:{number}")


def _type_outside(turn: Turn, text: str, number: str, body_id: str) -> bool:
    return _read(turn, text, number, f"beyond:{body_id}.{HANDED_IN}", f"outside:{number}:{body_id}")


def _type_result(turn: Turn, text: str, number: str, body_id: str, what: str) -> bool:
    return _read(turn, text, number, f"beyond:{body_id}.{what}", f"result:{number}:{body_id}:{what}")


def _type_proof_due(turn: Turn, text: str, number: str) -> bool:
    return _read(turn, text, number, f"until:{PROOF_UNTIL}", f"proof_due:{number}")


def _read(turn: Turn, text: str, number: str, target: str, back: str) -> bool:
    case = turn.case(number)
    if case is None:
        return False
    after = f"card:{number}" if target.startswith("until:") else back
    if not moments.understand(turn, text, case, target, after):
        turn.note = turn.t("ask.again", text=text[:30], example=turn.t("ask.when.example"))
    return True


PLACES = {"outside": outside, "heard": heard, "result": result, "followed": followed, "proof_due": proof_due}
ACTS = {"assoc_at": _association_at, "proof_in": _proof_in}
TYPED = {"outside": _type_outside, "result": _type_result, "proof_due": _type_proof_due}
