"""What a person typed, sent or corrected. Choices of the present screen first, free text always accepted."""

import unicodedata
from typing import cast

from markupsafe import Markup

from bot.conversation import commands, corrections, media
from bot.conversation.current import current_case, shown_case
from bot.conversation.naming import event_words
from bot.conversation.numbering import read_number, takes_number
from bot.conversation.places import (
    TYPED,
    answer,
    answer_case,
    beyond_typed,
    card_typed,
    drafts,
    order_text,
    proof_index,
    reminded,
    safety,
)
from bot.conversation.places.card import more
from bot.conversation.places.card_buttons import buttons
from bot.conversation.places.intake import STAGE_EVENT
from bot.conversation.places.outcomes import report
from bot.conversation.places.problem import propose
from bot.conversation.pressed import run
from bot.conversation.turn import Turn
from bot.conversation.understand.problem import recognise
from bot.conversation.understand.times import find_times
from bot.conversation.understand.words import meaning, outcome
from bot.domain.facts import can_happen
from bot.domain.machine import POSSIBLE, Event
from bot.domain.model import Case
from bot.domain.moment import Moment
from bot.messages import Incoming

LONGEST = 3000
"""Characters that are read; more than this is said to be too much."""
LONGEST_NAME = 12
"""Characters of a caption that may name what a picture shows."""
RENAMED = {"closed_by_app": "app_closed"}
"""Names of the lexicon that differ from the machine's."""
STAYS = frozenset({"guess", "what", "group", "behind", "behind_group", "whose", "answer_case"})
"""Places that are not left because of words that mean nothing: what was guessed or pasted would be lost."""
AWAITED = media.ASKING - {"fraud", "forget", "draft", "draft_one", "draft_is"}
"""Places where a long text is the answer to a question, never a draft."""
SMALL_TALK = frozenset({"thanks", "greeting", "yes"})


def handle(turn: Turn, incoming: Incoming) -> None:
    """Understand one message."""
    if incoming.edited:
        if not safety.suspicious(turn, incoming.text):
            corrections.corrected(turn, incoming)
    elif incoming.kind == "command":
        if not commands.run(turn, incoming.text):
            turn.note = turn.t("unknown.command")
    elif incoming.kind == "text":
        _text(turn, incoming.text.strip())
    else:
        number = media.received(turn, incoming)
        if incoming.attached is not None and incoming.text.strip():
            _caption(turn, incoming.text.strip(), number)


def _caption(turn: Turn, text: str, number: int) -> None:
    """Words below a picture name what it shows, or count like any others; if they mean nothing, the picture was all
    that there was to say."""
    if safety.suspicious(turn, text):
        # The picture is kept; that is told by what comes after the red card.
        turn.note = None
        return
    said, place, silent = turn.note, turn.session.place, turn.silent
    turn.note, turn.silent = None, False
    case = current_case(turn)
    if (
        number
        and case is not None
        and len(text) <= LONGEST_NAME
        and TYPED["which_proof"](turn, text, str(case.number), str(number))
    ):
        if silent:
            # One of an album: they are answered together, with what is not named yet.
            turn.go(place)
            turn.note, turn.silent = None, True
    else:
        _text(turn, text)
        if turn.session.place.partition(":")[0] == "unknown":
            turn.go(place)
            turn.note, turn.silent = None, silent
        elif said in (turn.t("media.no_case"), turn.t("media.no_case_reading")):
            said = turn.t("media.no_case_understood")
    notes = [note for note in (said, turn.note) if note]
    turn.note = Markup("\n").join(notes) if notes else None


def reread(turn: Turn, text: str) -> None:
    """Understand a text that was kept back for a question as if it were typed now, at the present place."""
    # The options shown were those of the question.
    turn.session.choices, turn.session.numbers = [], []
    _text(turn, text)


def _text(turn: Turn, text: str) -> None:
    if safety.suspicious(turn, text):
        return
    if len(text) > LONGEST:
        turn.note = turn.t("unknown.too_long")
        text = text[:LONGEST]
    if not text:
        turn.go("unknown")
        return
    name, *args = turn.session.place.split(":")
    for understood in FIRST:
        if understood(turn, text):
            return
    if name not in AWAITED and drafts.pasted(turn, current_case(turn), text):
        return
    typed = TYPED.get(name)
    if typed is not None and typed(turn, text, *args):
        return
    for understood in (_reported, answer.pasted, order_text.pasted, _about_this_case, propose, answer_case.nobodys):
        if understood(turn, text):
            return
    if name in STAYS:
        turn.note = turn.t("unknown.here", text=text[:30])
        return
    case = current_case(turn)
    if case is not None and card_typed.read_countdown(turn, text, case):
        return
    turn.session.draft["unread"] = text[:300]
    turn.go(f"unknown:{case.number}" if case and turn.state(case).ready else "unknown")


def _chosen(turn: Turn, text: str) -> bool:
    """The label or the number of an option of the present screen; 1, １ and ① name the first one."""
    choices = turn.session.choices
    wanted = unicodedata.normalize("NFKC", text).strip().strip("。.,[]【】「」").casefold()
    for choice in choices:
        if wanted in (unicodedata.normalize("NFKC", choice[0]).casefold(), *choice[2:]):
            run(turn, choice[1])
            return True
    return _numbered(turn, text)


def _numbered(turn: Turn, text: str) -> bool:
    """The option whose ①②③ is shown, or that stands in that place; asked if the screen counts other things."""
    read, numbers = read_number(turn.t, text), turn.session.numbers
    if read is None:
        return False
    number, surely = read
    if not surely and takes_number(turn.session.place, (choice[1] for choice in turn.session.choices)):
        return False
    if number <= len(numbers) and numbers[number - 1]:
        run(turn, numbers[number - 1])
        return True
    if turn.session.choices and (not numbers or number <= len(numbers)):
        turn.note = turn.t("number.unclear", label=turn.session.choices[0][0])
        return True
    return False


def _known_word(turn: Turn, text: str) -> bool:
    key = meaning(text, turn.knowledge.lexicon)
    if key is None:
        return False
    for choice in turn.session.choices:
        if f"@{key}" in choice[2:]:
            run(turn, choice[1])
            return True
    if key in SMALL_TALK:
        turn.note = turn.t(f"talk.{key}")
        return True
    return commands.by_meaning(turn, key)


def _of_this_case(turn: Turn, text: str) -> bool:
    """证据清单, 发给客服的话, 投诉快递公司: what the card, 更多 and the ladder offer is understood on every screen."""
    case = turn.case(shown_case(turn)) if shown_case(turn) else None
    if case is None or not turn.state(case).ready or not turn.state(case).open or turn.state(case).facts.get("loose"):
        return False
    pages = [view for page in ("0", "1", "2") if (view := more(turn, str(case.number), page))]
    options = [option for view in pages for row in view.rows for option in row if not option.action.startswith("more:")]
    options += buttons(turn, case, turn.state(case))
    rungs = [(turn.catalog.rungs[each].name, f"rung:{case.number}:{each}") for each in turn.problem(case).ladder]
    named = [*((option.label, option.action) for option in options), *rungs]
    wanted = next((action for label, action in named if label == text.strip("。.「」[] ")), None)
    if wanted is None:
        return False
    run(turn, wanted)
    return True


def _about_this_case(turn: Turn, text: str) -> bool:
    """A sentence that says of the shown case what is known already, or how far it has come: no new 问题单."""
    case = turn.case(shown_case(turn)) if shown_case(turn) else None
    if case is None or not turn.state(case).open or not turn.state(case).ready:
        return False
    state, found = turn.state(case), recognise(text, turn.knowledge.lexicon)
    named = [guess.problem for guess in found.problems]
    doors = [name for name in named if turn.catalog.problems[name].door]
    if named and named[0] != state.problem and not doors:
        return False
    event = STAGE_EVENT.get(found.stage or "")
    if event is not None and found.stage != state.stage and can_happen(state, event):
        report(turn, case, event)
        return True
    if not named:
        return False
    turn.session.draft["unread"] = text[:300]
    turn.go(f"unknown:{case.number}")
    return True


def _called(turn: Turn, case: Case, text: str) -> str | None:
    """A result by the very name that its button has, on whatever page it stands."""
    state, wanted = turn.state(case), text.strip("。.「」 ")
    if not state.ready:
        return None
    possible = (event for event in POSSIBLE[state.stage] if can_happen(state, event))
    return next((event for event in possible if event_words(turn, state, event) == wanted), None)


def _reported(turn: Turn, text: str) -> bool:
    """商家又拒绝了, 钱到了: a result for the case that is being talked about."""
    case = current_case(turn)
    event = (_called(turn, case, text) if case else None) or outcome(text, turn.knowledge.lexicon)
    if event is None or case is None:
        return False
    if event == "asked_to_withdraw":
        turn.note = turn.t("talk.withdraw")
        turn.go(f"card:{case.number}")
        return True
    report(turn, case, cast(Event, RENAMED.get(event, event)))
    place = turn.session.place
    told = [each for _, each in find_times(text, said=turn.said, zone=turn.zone) if isinstance(each, Moment)]
    if place.startswith("when:") and len(told) == 1:
        typed = TYPED["when"]
        typed(turn, text, *place.split(":")[1:])
    return True


FIRST = (
    reminded.understood,
    _chosen,
    beyond_typed.understood,
    _known_word,
    _of_this_case,
    proof_index.understood,
    answer.plainly_theirs,
)
"""What is tried on every screen, before what the place itself asks for."""
