"""What does this picture show? Asked after every file; pictures that were sent together are asked one by one."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.conversation import formats
from bot.conversation.evidence import came, filling, kind, numbers, together, unnamed
from bot.conversation.naming import title
from bot.conversation.places.proof import MOST, Item, item_name, items
from bot.conversation.places.proof_names import bare, named, words
from bot.conversation.turn import Turn
from bot.conversation.understand.problem import recognise
from bot.conversation.understand.times import find_times
from bot.conversation.understand.words import meaning, outcome
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import Proof, State
from bot.domain.model import Case

PUZZLING = 16
"""Characters up to which a text that names no item is said to name none; a longer one may mean something else."""


def given_proof(turn: Turn, case: Case | None, number: str) -> Proof | None:
    """The piece of evidence of that number."""
    if case is None:
        return None
    return next((each for each in turn.state(case).proofs if str(each.number) == number), None)


def which_proof(turn: Turn, number: str, proof_number: str, page: str = "0") -> View | None:
    """The items that are missing come first. Of a picture that has its item, the item can be changed."""
    case = turn.case(number)
    given = given_proof(turn, case, proof_number)
    if case is None or given is None or not came(given):
        return None
    t, state = turn.t, turn.state(case)
    here = f"{number}:{proof_number}"
    every = [item for item in _by_need(turn, case) if item.id != given.item]
    same = None if given.item else _same_as(state, given)
    further: list[Option] = []
    if same is not None:
        label = t.plain(f"proof.button.{'all_same' if len(_left(state, given)) > 1 else 'same'}")
        said = tuple(t.plain("proof.typed.same_again").split())
        further.append(Option(label, f"assign_all:{here}:{same.item}", words=said))
    if given.item:
        further.append(Option(t.plain("proof.button.no_item"), f"unassign:{here}", words=("@no",)))
        last = Option(t.plain("nav.back"), f"exhibit:{here}", words=("@back", "@skip", "@unknown"))
    else:
        last = Option(t.plain("proof.button.none"), f"proof:{number}", words=("@no", "@back", "@skip"))
    room = MOST - 1 - len(further)
    room -= 1 if len(every) > room else 0
    start = int(page) * room if page.isdecimal() and int(page) * room < len(every) else 0
    options = [Option(item.name[:8], f"assign:{here}:{item.id}") for item in every[start : start + room]]
    options += further
    if len(every) > room:
        following = start // room + 1 if start + room < len(every) else 0
        key = "nav.next_page" if following else "nav.first_page"
        options.append(Option(t.plain(key), f"which_proof:{here}:{following}"))
    text = lines(title(turn, case), *_question(turn, case, given, same))
    return View(text, pairs([*options, last]))


def _question(turn: Turn, case: Case, given: Proof, same: Proof | None) -> list[Markup | str]:
    t, state = turn.t, turn.state(case)
    received = formats.clock(t, given.at, turn.zone, turn.now) if given.at else ""
    head = t("proof.which.head", number=given.number, at=received)
    album = together(state, given) if given.album else ()
    if len(album) > 1 and not given.item:
        index = [each.number for each in album].index(given.number) + 1
        unit = "picture" if all(kind(each) == "picture" for each in album) else "other"
        head = t(f"proof.which.counter.{unit}", index=index, total=len(album)) + head
    if given.item:
        return [head, t("proof.which.change", name=item_name(turn, case, given.item))]
    waiting = [each for each in together(state, given) if not each.item and each != given] if not album else []
    asked = t(f"proof.which.{kind(given)}")
    told: list[Markup | str] = [head, asked + t("proof.which.how")]
    if same is not None:
        key = "same_all" if len(_left(state, given)) > 1 else "same"
        name = item_name(turn, case, same.item)
        told.append(t(f"proof.which.{key}", number=same.number, name=name))
    elif waiting:
        told.append(t("proof.which.more", numbers=numbers(t, (each.number for each in waiting))))
    return told


def _by_need(turn: Turn, case: Case) -> Sequence[Item]:
    state, every = turn.state(case), items(turn, case)
    return sorted(every, key=lambda item: any(came(each) for each in filling(state, item.id)))


def _same_as(state: State, given: Proof) -> Proof | None:
    """The picture before this one of those that came with it, if it was said what that shows."""
    before = [each for each in together(state, given) if each.item and each.number < given.number]
    return before[-1] if before else None


def _left(state: State, given: Proof) -> list[Proof]:
    """This one and the later ones of those that came together, as far as nobody said what they show."""
    return [each for each in together(state, given) if not each.item and each.number >= given.number]


def ask_next(turn: Turn, number: str | int, after: int = 0) -> None:
    """Ask about the next file of those that came together; without any the checklist follows.

    ``after`` is the number that was asked about last.
    """
    case = turn.case(number)
    last = given_proof(turn, case, str(after))
    if case is None:
        turn.go("home")
        return
    state = turn.state(case)
    mine = [each for each in together(state, last) if not each.item and each != last] if last else [*unnamed(state)]
    later = [each for each in mine if each.number > after]
    # An album is asked from its first to its last; of pictures that came one by one the newest is asked first.
    rest = later if last and last.album else [*later, *mine]
    turn.go(f"which_proof:{number}:{rest[0].number}" if rest else f"proof:{number}")


def assign(turn: Turn, case: Case, given: Sequence[Proof], item_id: str) -> None:
    """Say what these pictures show, and ask about the next one."""
    changed = bool(given[0].item)
    for each in given:
        turn.record(case, "proof", {"number": each.number, "item": item_id})
    told = numbers(turn.t, (each.number for each in given))
    turn.toast = turn.t.plain("proof.named_toast", numbers=told, name=item_name(turn, case, item_id))
    if changed:
        turn.go(f"exhibit:{case.number}:{given[0].number}")
    else:
        ask_next(turn, case.number, given[-1].number)


def _assign(turn: Turn, number: str, proof_number: str, item_id: str) -> None:
    case = turn.case(number)
    given = given_proof(turn, case, proof_number)
    if case is None or given is None or not item_name(turn, case, item_id):
        turn.go("home")
        return
    assign(turn, case, [given], item_id)


def _assign_all(turn: Turn, number: str, proof_number: str, item_id: str) -> None:
    case = turn.case(number)
    given = given_proof(turn, case, proof_number)
    if case is None or given is None or not item_name(turn, case, item_id):
        turn.go("home")
        return
    assign(turn, case, _left(turn.state(case), given) or [given], item_id)


def _unassign(turn: Turn, number: str, proof_number: str) -> None:
    case = turn.case(number)
    given = given_proof(turn, case, proof_number)
    if case is None or given is None:
        turn.go("home")
        return
    turn.record(case, "proof", {"number": given.number, "item": ""})
    turn.toast = turn.t.plain("proof.no_item_toast", number=given.number)
    turn.go(f"exhibit:{number}:{proof_number}")


def _type_which(turn: Turn, text: str, number: str, proof_number: str, page: str = "0") -> bool:
    """An item or a part of its name, for this picture or for all; 不知道 goes on to the next."""
    case = turn.case(number)
    given = given_proof(turn, case, proof_number)
    if case is None or given is None:
        return False
    t = turn.t
    if not given.item and meaning(text, turn.knowledge.lexicon) == "unknown":
        turn.note = t("proof.which.unknown")
        after = [each for each in _left(turn.state(case), given) if each != given]
        turn.go(f"which_proof:{number}:{after[0].number}" if after else f"proof:{number}")
        return True
    if bare(text) in words(t, "wrong"):
        turn.go(f"drop_proof:{number}:{proof_number}")
        return True
    # A result (商家又拒绝了) or another problem is no name of a picture.
    if outcome(text, turn.knowledge.lexicon) is not None:
        return False
    found = named(t, items(turn, case), text)
    if len(found) == 1:
        everything = not given.item and bare(text).startswith(words(t, "all"))
        assign(turn, case, _left(turn.state(case), given) if everything else [given], found[0].id)
        return True
    if found:
        names = t.plain("proof.which.or").join(t.plain("proof.quoted", name=item.name) for item in found[:3])
        turn.note = t("proof.which.several", names=names)
        return True
    # Words below the picture itself need not be about the checklist; then something was recorded in this very turn.
    if turn.acted or not _puzzling(turn, text):
        return False
    turn.note = t("proof.which.none", text=text)
    return True


def _puzzling(turn: Turn, text: str) -> bool:
    """Whether nothing else would make sense of it either."""
    found = recognise(text, turn.knowledge.lexicon)
    times = any(True for _ in find_times(text, said=turn.said, zone=turn.zone))
    return len(text) <= PUZZLING and not (found.problems or found.stage or times)


PLACES = {"which_proof": which_proof}
ACTS = {"assign": _assign, "assign_all": _assign_all, "unassign": _unassign}
TYPED = {"which_proof": _type_which}
