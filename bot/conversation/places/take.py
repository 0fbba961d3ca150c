"""整份带走, 导出 and 存到日历: what can be had as a file, asked for here and made aside."""

from collections.abc import Callable

from bot.conversation import formats
from bot.conversation.agenda import ends, offer
from bot.conversation.current import current_case, kept_open
from bot.conversation.naming import title
from bot.conversation.turn import Turn
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Case, Job

KINDS = ("zip", "html", "pdf", "ics")


def export(turn: Turn) -> View:
    """导出: everything in one ZIP, or one 问题单 as a page."""
    t, case = turn.t, current_case(turn)
    options = [Option(t.plain("take.button.zip"), "make:zip:0", words=("zip",))]
    if case is not None:
        options.append(Option(t.plain("take.button.one"), f"take:{case.number}"))
    options += _stop(turn)
    options.append(Option(t.plain("nav.home"), "home", words=("@back", "@stop")))
    going = t("take.going") if _going(turn) else ""
    return View(lines(t("take.export"), t("take.never_to_others"), going), pairs(options))


def take(turn: Turn, number: str) -> View | None:
    """One 问题单 as a page that prints, as PDF, as dates for the calendar."""
    case = turn.case(number)
    if case is None:
        return None
    t = turn.t
    options = [Option(t.plain("take.button.html"), f"make:html:{number}")]
    if "pdf" in turn.knowledge.abilities:
        options.append(Option(t.plain("take.button.pdf"), f"make:pdf:{number}", words=("pdf",)))
    if ends(turn, case):
        options.append(Option(t.plain("take.button.ics"), f"calendar:{number}"))
    options.append(Option(t.plain("take.button.zip"), "make:zip:0", words=("zip",)))
    options += _stop(turn)
    options.append(Option(t.plain("nav.back"), f"card:{number}", words=("@back",)))
    going = t("take.going") if _going(turn) else ""
    return View(lines(title(turn, case), t("take.text"), t("take.never_to_others"), going), pairs(options[:6]))


def calendar(turn: Turn, number: str) -> View | None:
    """What would stand in the phone's calendar."""
    case = turn.case(number)
    if case is None:
        return None
    t = turn.t
    ahead = [each for each in turn.schedule(case).deadlines if each.at > turn.now]
    options = [Option(t.plain("nav.back"), f"card:{number}", words=("@back",))]
    if not ahead and offer(turn, case):
        options.insert(0, Option(t.plain("card.button.calendar_again"), f"make:ics:{number}", words=("@yes",)))
        return View(lines(title(turn, case), t("take.gone")), [options])
    if not ahead:
        return View(lines(title(turn, case), t("take.no_dates")), [options])
    options.insert(0, Option(t.plain("card.button.calendar"), f"make:ics:{number}", words=("@yes",)))
    listed = [
        t(
            f"take.date.{'own' if each.own else 'theirs'}",
            end=formats.clock(t, each.at, turn.zone, turn.now),
            source=formats.source(t, each),
        )
        for each in ahead
    ]
    return View(lines(title(turn, case), t("take.dates"), *listed, t("take.replace")), [options])


def handed(turn: Turn, what: str, number: str) -> View | None:
    """The file that was asked for; drawn again later, it says where to get another."""
    t, case = turn.t, turn.case(number)
    if what not in KINDS or (case is None and what != "zip"):
        return None
    again = Option(t.plain("take.button.again"), f"make:{what}:{number}")
    way_back = Option(t.plain("nav.card"), f"card:{number}", words=("@back",))
    home = Option(t.plain("nav.home"), "home", words=("@stop",))
    options = [again, home] if case is None else [again, way_back]
    if turn.handing is None:
        return View(t(f"take.handed.again.{what}"), [options])
    return View(t(f"take.handed.{what}", number=number), [options[1:]], kept=True, file=turn.handing)


def _make(turn: Turn, what: str, number: str) -> None:
    """Have it made. Asked for twice, it is made once."""
    case = turn.case(number)
    if what not in KINDS or (case is None and what != "zip"):
        turn.go("home")
        return
    data = {"what": what, "case": case.id if case else ""}
    if any(dict(job.data) == data for job in _going(turn)):
        turn.note = turn.t("take.going")
    else:
        turn.begin_job("export", data)
        turn.toast = turn.t.plain("take.begun.ics" if what == "ics" else "take.begun.other")
    if case is None:
        turn.go("export")
    elif what != "ics":
        turn.go(f"take:{number}")


def _going(turn: Turn) -> list[Job]:
    return [job for job in turn.jobs if job.kind == "export"]


def _stop(turn: Turn) -> list[Option]:
    return [Option(turn.t.plain("work.stop"), "stop_export")] if _going(turn) else []


def _stop_export(turn: Turn) -> None:
    turn.jobs = [job for job in turn.jobs if job.kind != "export"]
    turn.acted = True
    turn.toast = turn.t.plain("work.called_off")


def asked_for_calendar(turn: Turn) -> Case | None:
    """The case that 存到日历, typed anywhere, is about."""
    found = current_case(turn)
    running = kept_open(turn)
    return found or (running[0] if running else None)


PLACES: dict[str, Callable[..., View | None]] = {
    "export": export,
    "take": take,
    "calendar": calendar,
    "handed": handed,
}
ACTS: dict[str, Callable[..., None]] = {"make": _make, "stop_export": _stop_export}
