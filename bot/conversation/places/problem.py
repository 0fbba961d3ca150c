"""What went wrong: groups of problems, the guess at a sentence, and the problem behind a door."""

from bot.conversation.turn import Turn
from bot.conversation.understand.problem import Recognition, recognise
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.machine import Stage
from bot.domain.model import Json

RUNNERS_UP = 3


def what(turn: Turn) -> View:
    """The groups; writing a sentence is the other way."""
    t = turn.t
    options = [Option(group.name, f"group:{group.id}") for group in turn.catalog.groups]
    return View(t("what.text"), [*pairs(options), [Option(t.plain("nav.back"), "home")]])


def group(turn: Turn, group_id: str) -> View | None:
    """The problems of one group, each with when it applies."""
    t = turn.t
    found = next((each for each in turn.catalog.groups if each.id == group_id), None)
    if found is None:
        return None
    problems = [turn.catalog.problems[name] for name in found.problems]
    text = lines(t("what.group", name=found.name), *(f"{each.icon} {each.name}：{each.when}" for each in problems))
    options = [Option(each.name, f"pick:{each.id}") for each in problems]
    return View(text, [*pairs(options), [Option(t.plain("nav.back"), "what")]])


def guess(turn: Turn) -> View | None:
    """The guess at what was written, with the runners-up; nothing is opened before the person agrees."""
    draft = turn.session.draft.get("guess")
    if not isinstance(draft, dict):
        return None
    t = turn.t
    names = [name for name in draft["problems"] if name in turn.catalog.problems]
    if not names:
        return None
    top = turn.catalog.problems[names[0]]
    # A door's name is its stage already: 商家拒绝退款 · 商家已拒绝 would say it twice.
    stage = "" if top.door else _stage_words(turn, draft, top.stage)
    parts = [str(part) for part in (draft.get("goods_name"), top.name, stage) if part]
    key = "guess.sure" if draft.get("confident") else "guess.unsure"
    urgent = top.first if draft.get("stage") in (None, "preparing", "waiting_merchant", "rejected") else ""
    text = lines(urgent, t(key, parts=" · ".join(parts)))
    options = [Option(t.plain("guess.yes", name=top.name), f"pick:{top.id}", words=("@yes",))]
    options += [Option(turn.catalog.problems[name].name, f"pick:{name}") for name in names[1 : 1 + RUNNERS_UP]]
    options.append(Option(t.plain("guess.none"), "what", words=("@no",)))
    return View(text, pairs(options))


def _stage_words(turn: Turn, draft: dict[str, Json], implied: Stage | None) -> str:
    stage = implied or draft.get("stage")
    return turn.t.plain(f"stage.{stage}") if stage and stage != "preparing" else ""


def behind(turn: Turn) -> View | None:
    """A merchant who refuses or is silent: what is it about?"""
    draft = turn.session.draft.get("guess")
    if not isinstance(draft, dict) or "door" not in draft:
        return None
    t = turn.t
    options = [Option(each.name, f"behind_group:{each.id}") for each in turn.catalog.groups]
    options.append(Option(t.plain("behind.unsure"), f"open:{draft['door']}", words=("@unknown", "@skip")))
    return View(t("behind.text"), [*pairs(options), [Option(t.plain("nav.back"), "what")]])


def behind_group(turn: Turn, group_id: str) -> View | None:
    found = next((each for each in turn.catalog.groups if each.id == group_id), None)
    draft = turn.session.draft.get("guess")
    if found is None or not isinstance(draft, dict):
        return None
    problems = [turn.catalog.problems[name] for name in found.problems if not turn.catalog.problems[name].door]
    options = [Option(each.name, f"open:{each.id}") for each in problems]
    text = lines(turn.t("behind.text"), *(f"{each.icon} {each.name}：{each.when}" for each in problems))
    return View(text, [*pairs(options), [Option(turn.t.plain("nav.back"), "behind")]])


def propose(turn: Turn, text: str) -> bool:
    """Understand a sentence about an order; False if it names no problem."""
    found = recognise(text, turn.knowledge.lexicon)
    if not found.problems:
        return False
    draft, before = _draft(found, text), turn.session.draft.get("guess")
    only_doors = all(turn.catalog.problems[each.problem].door for each in found.problems)
    if turn.session.place == "guess" and only_doors and isinstance(before, dict) and before.get("problems"):
        # How far it has come was added to what is wrong; 商家拒绝了 does not unsay 电饭煲坏了.
        further = {key: value for key, value in draft.items() if key in ("stage", "reason")}
        stage = turn.catalog.problems[found.problems[0].problem].stage
        draft = {**before, **({"stage": stage} if stage else {}), **further}
        draft["text"] = f"{before.get('text', '')}\n{text}"[:500]
    turn.session.draft["guess"] = draft | {"said": turn.said.isoformat()}
    turn.go("guess")
    return True


def _draft(found: Recognition, text: str) -> dict[str, Json]:
    draft: dict[str, Json] = {"problems": [each.problem for each in found.problems], "confident": found.confident}
    for key in ("stage", "order", "goods", "goods_name", "reason"):
        value = getattr(found, key)
        if value:
            draft[key] = value
    draft["text"] = text[:500]
    return draft


def _as_new(turn: Turn) -> None:
    """What was not understood for this case is about another order."""
    if not propose(turn, str(turn.session.draft.pop("unread", ""))):
        turn.go("what")


def _pick(turn: Turn, problem_id: str) -> None:
    problem = turn.catalog.problems.get(problem_id)
    if problem is None:
        return
    if problem.side == "merchant":
        turn.go("merchant")
        return
    if problem.door:
        draft = turn.session.draft.setdefault("guess", {})
        draft["door"] = problem.id
        draft["stage"] = problem.stage
        turn.go("behind")
        return
    _open(turn, problem_id)


def _open(turn: Turn, problem_id: str) -> None:
    # Imported late: the intake shows this module's places when the problem is to be changed.
    from bot.conversation.places.intake import begin

    draft = turn.session.draft.pop("guess", None)
    begin(turn, turn.catalog.problems[problem_id], draft if isinstance(draft, dict) else {})


PLACES = {"what": what, "group": group, "guess": guess, "behind": behind, "behind_group": behind_group}
ACTS = {"as_new": _as_new, "pick": _pick, "open": _open}
