"""我自己写: a draft that a person pastes is looked over, mended at one tap or one by one, and handed back."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.conversation.letters import own as drafting
from bot.conversation.letters.draft import MAX_DRAFT, Finding, apply
from bot.conversation.letters.own import OwnDraft, findings, load, mark, save
from bot.conversation.letters.pieces import chunks
from bot.conversation.places import draft_facts
from bot.conversation.places.service import heading
from bot.conversation.places.words_answer import back_to_case
from bot.conversation.turn import Turn
from bot.conversation.understand.own_words import reads_like_draft
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Case, Letter

SHOWN = 4
"""Findings of one screen."""
QUOTED = 30
"""Characters that a finding quotes."""
FIXED = 60
"""Characters of a change that are shown."""
SHORTEST = 8
"""Fewer characters are no draft."""
MARKS = "①②③④"
KINDS = ("service", "merchant")


def draft_in(turn: Turn, number: str, kind: str = "service") -> View | None:
    """把你写的整段贴过来。"""
    if kind not in KINDS or not _about(turn, number):
        return None
    case, t = turn.case(number), turn.t
    return View(lines(heading(turn, case) if case else "", t("drafts.ask")), [[_back(turn, case)]])


def _about(turn: Turn, number: str) -> bool:
    """Whether there is something to write about: an open case, or none at all."""
    case = turn.case(number)
    return number == "0" if case is None else turn.state(case).open


def _back(turn: Turn, case: Case | None) -> Option:
    return back_to_case(turn, case) if case else Option(turn.t.plain("nav.home"), "home", words=("@back", "@stop"))


def take(turn: Turn, text: str, number: str, kind: str = "service") -> bool:
    """Begin to look a text over; one that is too long or too short is said to be so."""
    text = text.strip()
    if len(text) > MAX_DRAFT:
        turn.note = turn.t("drafts.too_long", count=len(text), most=MAX_DRAFT)
        return True
    if len(text) < SHORTEST:
        turn.note = turn.t("drafts.too_short")
        return True
    draft = OwnDraft(int(number), kind, text)
    save(turn, draft)
    turn.fresh = True
    turn.go(f"draft:{number}" if findings(turn, draft) else f"draft_done:{number}")
    return True


def draft(turn: Turn, number: str) -> View | None:
    """这段有2处建议改"""
    own = load(turn, number)
    if own is None or not _about(turn, number):
        return None
    found, t = findings(turn, own), turn.t
    if not found:
        turn.go(f"draft_done:{number}")
        return draft_done(turn, number)
    listed = [
        t("drafts.item", mark=sign, why=_why(turn, each), fix=_fix(turn, each))
        for sign, each in zip(MARKS, found, strict=False)
    ]
    rest = t("drafts.rest", count=len(found) - SHOWN) if len(found) > SHOWN else ""
    options = [
        Option(t.plain("drafts.button.all"), f"draft_all:{number}", words=("@yes",)),
        Option(t.plain("drafts.button.each"), f"draft_one:{number}", words=("@next",)),
        Option(t.plain("drafts.button.none"), f"draft_none:{number}", words=("@no",)),
        _back(turn, turn.case(number)),
    ]
    return View(lines(t("drafts.found", count=len(found)), *listed, rest), pairs(options))


def _why(turn: Turn, finding: Finding) -> str:
    return turn.t.plain(finding.why, quote=_cut(finding.quote, QUOTED))


def _fix(turn: Turn, finding: Finding) -> str:
    """What it would become; empty if only the person knows."""
    fix, t = finding.fix, turn.t
    if fix is None:
        return t.plain("drafts.fix.asked")
    if fix.replace is None:
        return t.plain("drafts.fix.add", text=_cut(fix.text, FIXED))
    return t.plain("drafts.fix.replace", text=_cut(fix.text, FIXED)) if fix.text else t.plain("drafts.fix.cut")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def draft_one(turn: Turn, number: str) -> View | None:
    """The next finding by itself: its reason, what it would become, or what has to be asked for it."""
    own = load(turn, number)
    if own is None or not _about(turn, number):
        return None
    found, t = findings(turn, own), turn.t
    if not found:
        turn.go(f"draft_done:{number}")
        return draft_done(turn, number)
    finding = found[0]
    left = t("drafts.left", count=len(found))
    stop = Option(t.plain("drafts.button.stop"), f"draft_done:{number}", words=("@stop", "@back"))
    if finding.fix is None:
        leave = Option(t.plain("drafts.button.leave"), f"draft_keep:{number}", words=("@skip", "@unknown", "@no"))
        return View(lines(left, _why(turn, finding), t(f"drafts.need.{finding.need}")), pairs([leave, stop]))
    options = [
        Option(t.plain("drafts.button.take"), f"draft_take:{number}", words=("@yes",)),
        Option(t.plain("drafts.button.keep"), f"draft_keep:{number}", words=("@no", "@skip")),
        Option(t.plain("drafts.button.all"), f"draft_all:{number}"),
        stop,
    ]
    return View(lines(left, _why(turn, finding), _fix(turn, finding)), pairs(options))


def draft_done(turn: Turn, number: str) -> View | None:
    """The text as it is now, with what copies it; kept like every text that was handed out."""
    own = load(turn, number)
    if own is None or not _about(turn, number):
        return None
    t, case, pieces = turn.t, turn.case(number), chunks(drafting.sentences(own.text))
    left, changed = len(findings(turn, own)) + len(own.refused), own.handed or own.told
    key = "drafts.done.kept" if left else "drafts.done.mended" if changed else "drafts.done.fine"
    if own.all and not left:
        key = "drafts.done.mended"
    count = "+".join(str(len(piece)) for piece in pieces)
    if case is not None and own.handed != own.text:
        turn.letters.append(Letter(case.id, turn.now, "draft", own.text))
        own.handed = own.text
        save(turn, own)
    turn.fresh = True
    text = lines(t(key, left=left), t("drafts.done.count", count=count), t("words.pre", text=own.text))
    return View(text, [*pairs(_copies(turn, pieces)), *pairs(_after(turn, own, case, left))], kept=True)


def _copies(turn: Turn, pieces: Sequence[str]) -> list[Option]:
    t = turn.t
    if len(pieces) == 1:
        return [Option(t.plain("words.button.copy"), copy=pieces[0])]
    return [Option(t.plain("words.button.copy_part", index=index), copy=piece) for index, piece in enumerate(pieces, 1)]


def _after(turn: Turn, own: OwnDraft, case: Case | None, left: int) -> list[Option]:
    t, options = turn.t, []
    if case is not None:
        options.append(Option(t.plain("words.button.sent"), f"posted:{own.case}:{own.kind}"))
    if left:
        options.append(Option(t.plain("drafts.button.again"), f"draft_again:{own.case}"))
    options.append(Option(t.plain("drafts.button.another"), f"draft_in:{own.case}:{own.kind}"))
    return [*options, _back(turn, case)]


def _all(turn: Turn, number: str) -> None:
    own = load(turn, number)
    if own is None:
        turn.go("home")
        return
    own.all = True
    drafting.mend_all(turn, own)
    save(turn, own)
    turn.go(f"draft_one:{number}" if findings(turn, own) else f"draft_done:{number}")


def _take(turn: Turn, number: str) -> None:
    own = load(turn, number)
    found = findings(turn, own) if own else []
    if own is None or not found or found[0].fix is None:
        turn.go(f"draft:{number}")
        return
    own.text = apply(own.text, [found[0].fix])
    own.told.setdefault("changed", True)
    save(turn, own)
    turn.go(f"draft_one:{number}")


def _keep(turn: Turn, number: str) -> None:
    """不改这处, 不写这个"""
    own = load(turn, number)
    found = findings(turn, own) if own else []
    if own is not None and found:
        own.refused.append(mark(found[0]))
        save(turn, own)
    turn.go(f"draft_one:{number}")


def _none(turn: Turn, number: str) -> None:
    """不改了: the text stays as it was written, and is kept while nothing else is pasted."""
    case = turn.case(number)
    turn.note = turn.t("drafts.left_alone")
    turn.go(_back(turn, case).action)


def _again(turn: Turn, number: str) -> None:
    own = load(turn, number)
    if own is not None:
        own.refused.clear()
        save(turn, own)
    turn.go(f"draft:{number}")


# --- pasted without being asked for ----------------------------------------------------------------------------------


def pasted(turn: Turn, case: Case | None, text: str) -> bool:
    """Whether a text that was pasted into a case is a draft of the person's: looked over at once, or asked about."""
    if case is None or not turn.state(case).ready or not turn.state(case).open:
        return False
    if turn.session.draft.get("no_draft") == text[:200]:
        return False
    reading = reads_like_draft(text, turn.knowledge.drafts)
    if reading == "no":
        return False
    if reading == "yes" or len(text) > MAX_DRAFT:
        return take(turn, text, str(case.number))
    turn.session.draft["maybe_draft"] = {"text": text, "back": turn.session.place}
    turn.fresh = True
    turn.go(f"draft_is:{case.number}")
    return True


def draft_is(turn: Turn, number: str) -> View | None:
    """这是你要发的话吗？"""
    asked, case, t = turn.session.draft.get("maybe_draft"), turn.case(number), turn.t
    if not isinstance(asked, dict) or case is None:
        return None
    quote: Markup = t("drafts.is.quote", text=_cut(" ".join(str(asked["text"]).split()), QUOTED))
    options = [
        Option(t.plain("drafts.is.yes"), f"draft_yes:{number}", words=("@yes",)),
        Option(t.plain("drafts.is.no"), f"draft_no:{number}", words=("@no", "@back")),
    ]
    return View(lines(quote, t("drafts.is.ask")), pairs(options))


def _yes(turn: Turn, number: str) -> None:
    asked = turn.session.draft.pop("maybe_draft", None)
    if isinstance(asked, dict):
        take(turn, str(asked["text"]), number)
    else:
        turn.go(f"draft_in:{number}")


def _no(turn: Turn, number: str) -> None:
    """不是: what it means otherwise is understood now."""
    asked = turn.session.draft.pop("maybe_draft", None)
    turn.go(f"card:{number}")
    if isinstance(asked, dict):
        from bot.conversation.typed import reread

        turn.session.draft["no_draft"] = str(asked["text"])[:200]
        turn.fresh = True
        turn.go(str(asked["back"]))
        reread(turn, str(asked["text"]))


PLACES = {"draft_in": draft_in, "draft": draft, "draft_one": draft_one, "draft_done": draft_done, "draft_is": draft_is}
ACTS = {
    "draft_all": _all,
    "draft_take": _take,
    "draft_keep": _keep,
    "draft_none": _none,
    "draft_again": _again,
    "draft_yes": _yes,
    "draft_no": _no,
}
TYPED = {"draft_in": take, "draft_one": draft_facts.answered}
