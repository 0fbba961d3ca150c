"""How far slow work is, and the button that calls it off."""

from bot.conversation.turn import Knowledge
from bot.domain.model import Job
from bot.messages import Choice, Screen


def progress_screen(knowledge: Knowledge, job: Job, done: int, total: int) -> Screen:
    """One message per job, replaced as it goes on. ``done`` of ``total`` pieces."""
    t = knowledge.catalog.texts
    text = t("work.progress", what=t.plain(f"work.what.{job.kind}"), done=done, total=total)
    return Screen(text, ((Choice(t.plain("work.stop"), press=f"j{job.id}.stop"),),))
