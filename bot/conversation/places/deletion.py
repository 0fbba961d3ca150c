"""删掉这一单: asked once, naming what goes; then gone for good, files and reminders too."""

from bot.conversation.naming import title
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs


def delete_case(turn: Turn, number: str) -> View | None:
    """要删掉这一单吗？ 不删了 comes first, so that a stray 1 deletes nothing."""
    case = turn.case(number)
    if case is None:
        return None
    t, files = turn.t, sum(1 for proof in turn.state(case).proofs if proof.kept or proof.file)
    reminders = turn.future_reminders(case)
    parts = [t.plain("deletion.history"), t.plain("deletion.words")]
    parts += [t.plain("deletion.files", count=files)] if files else []
    parts += [t.plain("forget.reminders", count=len(reminders))] if reminders else []
    through = f"deletion.through.{turn.person.id.partition(':')[0]}"
    text = lines(
        title(turn, case),
        t("deletion.ask"),
        t("forget.goes", what=t.plain("format.list").join(parts)),
        t("deletion.final"),
        t(through) if t.has(through) else "",
    )
    options = [
        Option(t.plain("forget.no"), f"card:{number}", words=("@no", "@back", "@stop")),
        Option(t.plain("deletion.open"), f"remove_case:{number}"),
        Option(t.plain("forget.export_first"), f"take:{number}"),
    ]
    return View(text, pairs(options))


def _remove(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is None:
        turn.go("home")
        return
    if any(job.kind == "export" for job in turn.jobs):
        # What was asked for before must not come without what it was asked for.
        turn.note = turn.t("deletion.exporting")
        turn.go(f"delete_case:{number}")
        return
    turn.delete_case(case)
    turn.fresh = True
    turn.note = turn.t("deletion.done", number=case.number)
    turn.go("home")


PLACES = {"delete_case": delete_case}
ACTS = {"remove_case": _remove}
