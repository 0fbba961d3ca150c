"""证据目录: every piece with its number, when it came and what became of it; seeing one, renaming it, deleting it."""

from markupsafe import Markup

from bot.conversation import case_file, formats, media
from bot.conversation.current import current_case, shown_case
from bot.conversation.evidence import came, kind, listed, only_ticked
from bot.conversation.naming import title
from bot.conversation.places.proof import PER_PAGE, item_name, items, shown_name
from bot.conversation.places.proof_names import bare, named, words
from bot.conversation.places.proof_what import assign, given_proof
from bot.conversation.turn import Turn
from bot.conversation.understand.numerals import CN, numeral
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.facts import Proof, next_proof_number
from bot.domain.model import Case
from bot.messages import Attachment

FINGERPRINT = 8
"""Characters of the SHA-256 that are shown."""
SHORT = 30
"""Characters of a typed text that may be about a piece of evidence by its number."""


def exhibits(turn: Turn, number: str, page: str = "0") -> View | None:
    """Three pieces a page, in the order of their numbers."""
    case = turn.case(number)
    if case is None:
        return None
    t, every = turn.t, listed(turn.state(case))
    back = Option(t.plain("nav.back"), f"card:{number}", words=("@back",))
    if not every:
        checklist = Option(t.plain("proof.button.list"), f"proof:{number}")
        return View(lines(title(turn, case), t("proof.index.empty")), pairs([checklist, back]))
    pages = -(-len(every) // PER_PAGE)
    at = min(int(page), pages - 1) if page.isdecimal() else 0
    shown = every[at * PER_PAGE : (at + 1) * PER_PAGE]
    options = [
        Option(t.plain("proof.button.see", number=each.number), f"exhibit:{number}:{each.number}") for each in shown
    ]
    if pages > 1:
        following = (at + 1) % pages
        key = "nav.next_page" if following else "nav.first_page"
        options.append(Option(t.plain(key), f"exhibits:{number}:{following}"))
    options.append(Option(t.plain("proof.button.best"), f"best:{number}"))
    head = t("proof.index.head", count=len(every))
    listing = [_line(turn, case, each) for each in shown]
    return View(lines(title(turn, case), head, *listing, t("proof.index.foot")), pairs([*options, back]))


def _line(turn: Turn, case: Case, proof: Proof) -> Markup:
    name = shown_name(turn, case, proof)
    return turn.t("proof.index.line", number=proof.number, name=name, about=_about(turn, case, proof))


def _about(turn: Turn, case: Case, proof: Proof) -> str:
    """11月22日 周日 10:00 收到，图片 1.2 MB，存好了"""
    t = turn.t
    at = formats.followed(t, formats.clock(t, proof.at, turn.zone, turn.now)) if proof.at else ""
    if only_ticked(proof):
        return t.plain("proof.index.ticked", at=at)
    what = t.plain(f"proof.kind.{kind(proof)}")
    size = case_file.size_text(turn, proof.size)
    what = t.plain("proof.index.sized", what=what, size=size) if size else what
    return t.plain("proof.index.sent", at=at, what=what, state=t.plain(f"proof.state.{state_of(turn, case, proof)}"))


def state_of(turn: Turn, case: Case, proof: Proof) -> str:
    """kept | coming | lost: whether the file is here. What an earlier version took was never fetched."""
    if proof.kept:
        return "kept"
    wanted = (case.id, proof.number)
    coming = any(job.kind == "fetch" and (job.data.get("case"), job.data.get("number")) == wanted for job in turn.jobs)
    # What came before there was a 问题单 is fetched under its reference alone.
    early = any(job.kind == "fetch" and job.data.get("ref") == proof.file and proof.file for job in turn.jobs)
    return "coming" if not proof.fault and (coming or early) else "lost"


def exhibit(turn: Turn, number: str, proof_number: str) -> View | None:
    """One piece, and what can be done with it."""
    case = turn.case(number)
    given = given_proof(turn, case, proof_number)
    if case is None or given is None:
        return _gone(turn, case, proof_number) if case else None
    t, state = turn.t, state_of(turn, case, given)
    told: list[Markup | str] = [
        title(turn, case),
        t("proof.one.name", number=given.number, name=shown_name(turn, case, given)),
        _about(turn, case, given),
    ]
    options: list[Option] = []
    here = f"{number}:{given.number}"
    if only_ticked(given):
        told.append(t("proof.one.ticked"))
    elif state == "kept":
        told.append(t("proof.one.fingerprint", start=given.kept[:FINGERPRINT]))
        options.append(Option(t.plain(f"proof.button.original.{kind(given)}"), f"original_proof:{here}"))
    elif state == "lost":
        told.append(t(f"media.not_kept.{given.fault or 'failed'}", number=given.number))
    if came(given):
        label = t.plain("proof.button.change" if given.item else "proof.button.say")
        options.insert(len(options) if given.item else 0, Option(label, f"which_proof:{here}"))
    options.append(Option(t.plain("proof.button.remove"), f"drop_proof:{here}", words=words(t, "remove_shown")))
    options.append(Option(t.plain("nav.back"), _page_of(turn, case, given), words=("@back",)))
    return View(lines(*told), pairs(options))


def _gone(turn: Turn, case: Case, number: str) -> View | None:
    """A number that was given once and is not there any more."""
    if not number.isdecimal() or not 0 < int(number) < next_proof_number(case):
        return None
    t = turn.t
    index = Option(t.plain("proof.button.index"), f"exhibits:{case.number}:0")
    back = Option(t.plain("nav.back"), f"card:{case.number}", words=("@back",))
    return View(lines(title(turn, case), t("proof.gone", number=int(number))), pairs([index, back]))


def _page_of(turn: Turn, case: Case, proof: Proof) -> str:
    before = [each for each in listed(turn.state(case)) if each.number < proof.number]
    return f"exhibits:{case.number}:{len(before) // PER_PAGE}"


def _original(turn: Turn, number: str, proof_number: str) -> None:
    """Hand the file itself out, once, in a message of its own."""
    case = turn.case(number)
    given = given_proof(turn, case, proof_number)
    if case is None or given is None or not given.kept:
        turn.go(f"exhibit:{number}:{proof_number}")
        return
    name = case_file.exhibit_file(turn, case, given)
    file = Attachment(name, given.type, kept=given.kept, size=given.size)
    caption = turn.t("proof.one.original", number=given.number, name=shown_name(turn, case, given))
    turn.before.append(View(caption, kept=True, file=file))
    turn.go(f"exhibit:{number}:{proof_number}")


def drop_proof(turn: Turn, number: str, proof_number: str) -> View | None:
    """Asked once before it is deleted for good."""
    case = turn.case(number)
    given = given_proof(turn, case, proof_number)
    if case is None or given is None:
        return _gone(turn, case, proof_number) if case else None
    t = turn.t
    values = {"number": given.number, "name": shown_name(turn, case, given)}
    told = [t("proof.remove.ask", **values), _about(turn, case, given)]
    told.append(t("proof.remove.tick") if only_ticked(given) else t("proof.remove.file", **values))
    options = [
        Option(t.plain("proof.button.keep"), f"exhibit:{number}:{proof_number}", words=("@no", "@back", "@unknown")),
        Option(t.plain("proof.button.delete"), f"delete_proof:{number}:{proof_number}", words=("@yes",)),
    ]
    return View(lines(title(turn, case), *told), pairs(options))


def _delete(turn: Turn, number: str, proof_number: str) -> None:
    case = turn.case(number)
    given = given_proof(turn, case, proof_number)
    if case is None or given is None:
        turn.go(f"exhibit:{number}:{proof_number}")
        return
    media.remove(turn, case, given)
    key = "tick" if only_ticked(given) else "file"
    turn.note = turn.t(f"proof.removed.{key}", number=given.number)
    turn.go(_page_of(turn, turn.cases[case.number], given))


def understood(turn: Turn, text: str) -> bool:
    """证据目录, 看证据3, 删掉证据3, 证据3是称重, 哪几张最好: typed on any screen of a case."""
    shown = shown_case(turn)
    case = turn.case(shown) if shown else current_case(turn)
    if case is None or len(text) > SHORT or turn.state(case).facts.get("loose"):
        return False
    said = bare(text)
    for key, place in (("index", "exhibits:{}:0"), ("best", "best:{}"), ("list", "proof:{}")):
        if said in words(turn.t, key):
            turn.go(place.format(case.number))
            return True
    return _by_number(turn, case, said)


def _by_number(turn: Turn, case: Case, said: str) -> bool:
    t = turn.t
    before, found, after = said.partition(t.plain("proof.typed.word"))
    if not found:
        return False
    after = after.removeprefix(t.plain("proof.typed.ordinal"))
    rest = after.lstrip("0123456789") if after[:1].isdigit() else after.lstrip(CN)
    digits = after[: len(after) - len(rest)]
    number = numeral(digits) if digits else None
    if not number:
        return False
    rest = rest.removesuffix(t.plain("proof.typed.here"))
    see, drop, is_it = words(t, "see"), words(t, "remove"), words(t, "is")
    place = ""
    if before in ("", *see) and rest in ("", *see):
        place = "exhibit"
    elif before in ("", *drop) and rest in ("", *drop):
        place = "drop_proof"
    given = given_proof(turn, case, str(number))
    if not place:
        return not before and given is not None and rest.startswith(is_it) and _named(turn, case, given, rest)
    if given is None and number >= next_proof_number(case):
        turn.note = t("proof.no_such", number=number)
        turn.go(f"exhibits:{case.number}:0")
        return True
    turn.go(f"{place}:{case.number}:{number}")
    return True


def _named(turn: Turn, case: Case, given: Proof, said: str) -> bool:
    found = named(turn.t, items(turn, case), said)
    if len(found) != 1 or not came(given):
        return False
    if given.item == found[0].id:
        turn.toast = turn.t.plain(
            "proof.named_toast",
            numbers=turn.t.plain("proof.number", number=given.number),
            name=item_name(turn, case, given.item),
        )
        turn.go(f"exhibit:{case.number}:{given.number}")
    else:
        assign(turn, case, [given], found[0].id)
    return True


PLACES = {"exhibits": exhibits, "exhibit": exhibit, "drop_proof": drop_proof}
ACTS = {"original_proof": _original, "delete_proof": _delete}
