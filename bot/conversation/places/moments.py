"""Dates and countdowns: asked for, read, shown back with their weekday, and only then believed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.conversation import formats
from bot.conversation.turn import Turn
from bot.conversation.understand.countdown import Left
from bot.conversation.understand.order_text import read_order
from bot.conversation.understand.problem import recognise
from bot.conversation.understand.times import Ambiguous, Expect, read_time
from bot.conversation.understand.words import outcome
from bot.conversation.view import Option, View, lines, pairs
from bot.domain.model import Case, Json
from bot.domain.moment import Moment, midnight

FUTURE_SLACK = timedelta(minutes=2)
LONGEST_COUNTDOWN = timedelta(days=60)
"""No countdown of the app is longer; what reads longer was meant otherwise."""
QUICK = ("now", "today", "yesterday")

Target = str
"""What the date is for: ``fact:<name>``, ``event:<event>``, ``until:<name>`` (a future date), ``countdown``, or
``beyond:<body>.<result>``."""


_EXPECT: Mapping[str, Expect] = {"countdown": "left", "until": "future"}


def quick_options(turn: Turn, number: int, target: Target, unsure: bool = True) -> list[Option]:
    """刚刚, 今天早些时候, 昨天 and 记不清了."""
    t = turn.t
    options = [Option(t.plain(f"ask.when.{name}"), f"at:{number}:{target}:{name}") for name in QUICK]
    if unsure:
        options.append(Option(t.plain("ask.when.unsure"), f"at:{number}:{target}:unsure", words=("@unknown", "@skip")))
    return options


def understand(turn: Turn, text: str, case: Case, target: Target, back: str) -> bool:
    """Read a typed date or countdown and ask whether it was read right. False: nothing was read."""
    kind = target.split(":")[0]
    expect = _EXPECT.get(kind, "past")
    reading = read_time(text, said=turn.said, zone=turn.zone, expect=expect)
    if reading is None:
        return False
    draft: dict[str, Json] = {
        "case": case.number,
        "target": target,
        "back": back,
        "said": turn.said.isoformat(),
        "message": turn.message,
    }
    if isinstance(reading, Left):
        if reading.length > LONGEST_COUNTDOWN:
            return False
        if kind == "until":
            draft["options"] = [Moment(turn.said + reading.length).to_json()]
        else:
            draft["target"], draft["left"] = "countdown", reading.length.total_seconds()
    else:
        options = reading.options if isinstance(reading, Ambiguous) else (reading,)
        past = kind != "until" and target != "countdown"
        fitting = [each for each in options if not past or each.at <= turn.said + FUTURE_SLACK]
        if not fitting:
            shown = formats.moment(turn.t, options[0], turn.zone, turn.now)
            turn.note = turn.t("ask.when.future", reading=shown)
            return True
        if target == "countdown":
            # A date instead of a countdown: the end itself was read off.
            if fitting[0].at <= turn.said:
                return False
            draft["left"] = (fitting[0].at - turn.said).total_seconds()
        else:
            draft["options"] = [each.to_json() for each in fitting[:4]]
    turn.session.draft["confirm"] = draft
    turn.go("confirm")
    return True


def confirm(turn: Turn) -> View | None:
    """我读到：… [对，没错] [改一下]"""
    draft = turn.session.draft.get("confirm")
    if not isinstance(draft, dict) or turn.case(draft.get("case", "")) is None:
        return None
    t = turn.t
    change = Option(t.plain("confirm.change"), "unread", words=("@no", "@back"))
    if "left" in draft:
        until = datetime.fromisoformat(draft["said"]) + timedelta(seconds=draft["left"])
        left = t.plain("format.left.left", length=formats.length(t, timedelta(seconds=draft["left"])))
        if draft["left"] < 60:
            left = t.plain("format.left.moment")
        text = t("confirm.left", left=left, until=formats.until(t, until, turn.zone, turn.now, "until"))
        return View(text, [[Option(t.plain("confirm.yes"), "read:0", words=("@yes",)), change]])
    options = [Moment.from_json(each) for each in draft["options"]]
    shown = [formats.moment(t, each, turn.zone, turn.now) for each in options]
    if len(options) == 1:
        text = t("confirm.read", reading=shown[0])
        return View(text, [[Option(t.plain("confirm.yes"), "read:0", words=("@yes",)), change]])
    days = {each.at.astimezone(turn.zone).date() for each in options}
    labels = [
        f"{each.at.astimezone(turn.zone):%H:%M}" if len(days) == 1 else text.split(" ")[0]
        for each, text in zip(options, shown, strict=True)
    ]
    text = lines(t("confirm.which"), *shown)
    rows = pairs([Option(label, f"read:{index}") for index, label in enumerate(labels)])
    return View(text, [*rows, [change]])


def _read(turn: Turn, index: str) -> None:
    draft = turn.session.draft.pop("confirm")
    case = turn.case(draft["case"])
    if case is None:
        turn.go("home")
        return
    # The fact came from the typed message, not from the one whose button agreed to it.
    turn.message = draft.get("message", turn.message)
    if "left" in draft:
        said = datetime.fromisoformat(draft["said"])
        until = said + timedelta(seconds=draft["left"])
        turn.record(case, "countdown", {"until": until.isoformat(), "read": said.isoformat()})
        _after(turn, case.number, draft["back"])
        return
    settle(turn, case, draft["target"], Moment.from_json(draft["options"][int(index)]), draft["back"])


def _unread(turn: Turn) -> None:
    draft = turn.session.draft.pop("confirm")
    turn.go(draft["back"])


def _at(turn: Turn, number: str, kind: str, name: str, choice: str) -> None:
    case = turn.case(number)
    if case is None:
        return
    target = f"{kind}:{name}"
    settle(turn, case, target, quick(turn, choice), turn.session.place)


def quick(turn: Turn, choice: str) -> Moment | None:
    """The moment of a quick option, or None for 记不清了."""
    if choice == "now":
        return Moment(turn.said)
    days = {"today": 0, "yesterday": 1}.get(choice)
    if days is None:
        return None
    return Moment(midnight(turn.said.astimezone(turn.zone) - timedelta(days=days), turn.zone), "day")


def settle(turn: Turn, case: Case, target: Target, told: Moment | None, back: str) -> None:
    """Record a date that the person agreed to (None: they do not remember) and go on."""
    kind, _, name = target.partition(":")
    if kind == "event":
        from bot.conversation.places.outcomes import happened

        happened(turn, case, name, told)
        return
    if kind == "beyond":
        from bot.conversation.places.beyond import told_of

        told_of(turn, case, name, told)
        return
    if told is None:
        skipped = [*turn.state(case).facts.get("skipped", ()), name]
        turn.record(case, "facts", {"skipped": skipped})
    else:
        turn.record(case, "facts", {name: told.to_json()})
    _after(turn, case.number, back)


def _after(turn: Turn, number: int, back: str) -> None:
    from bot.conversation.places.intake import proceed

    case = turn.cases[number]
    if not turn.state(case).ready:
        proceed(turn, case)
    elif back.split(":")[0] in ("when", "countdown", "ask", "card", "confirm", "fact"):
        turn.fresh = True
        turn.go(f"card:{number}")
    else:
        turn.go(back)


def countdown(turn: Turn, number: str) -> View | None:
    """改倒计时"""
    case = turn.case(number)
    if case is None:
        return None
    t = turn.t
    options = [Option(t.plain("nav.back"), f"card:{number}", words=("@back",))]
    if turn.state(case).countdown:
        options.insert(0, Option(t.plain("ask.countdown.none"), f"uncount:{number}"))
    return View(t("ask.countdown.text"), [options])


def _uncount(turn: Turn, number: str) -> None:
    case = turn.case(number)
    if case is not None:
        turn.record(case, "countdown", {"until": None})
        turn.fresh = True
        turn.go(f"card:{number}")


def _type_countdown(turn: Turn, text: str, number: str) -> bool:
    case = turn.case(number)
    if case is None:
        return False
    if not understand(turn, text, case, "countdown", f"countdown:{number}"):
        turn.note = turn.t("ask.again", text=text[:30], example=turn.t("ask.countdown.example"))
    return True


def _type_confirm(turn: Turn, text: str) -> bool:
    draft = turn.session.draft.get("confirm")
    if not isinstance(draft, dict):
        return False
    case = turn.case(draft["case"])
    if case is None:
        return False
    if understand(turn, text, case, draft["target"], draft["back"]):
        return True
    lexicon = turn.knowledge.lexicon
    if outcome(text, lexicon) is not None or recognise(text, lexicon).problems or read_order(text).order_no:
        return False
    # The reading still waits for its yes; leaving it for 我没看懂 would lose it.
    turn.note = turn.t("ask.again", text=text[:30], example=turn.t("ask.when.example"))
    return True


PLACES = {"confirm": confirm, "countdown": countdown}
ACTS = {"read": _read, "unread": _unread, "at": _at, "uncount": _uncount}
TYPED = {"countdown": _type_countdown, "confirm": _type_confirm}
