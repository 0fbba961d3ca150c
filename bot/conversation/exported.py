"""A document that was asked for is ready, or could not be made."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from bot.conversation.media import ASKING
from bot.conversation.places.take import handed
from bot.conversation.turn import Turn
from bot.domain.model import Json, KeptFile
from bot.messages import Attachment

KEPT_FOR = timedelta(days=1)
"""How long a made file can be fetched again; after that a fresh one is a press away."""


def received(turn: Turn, result: Mapping[str, Json]) -> None:
    """Hand it out; a question that is being asked is asked again below it."""
    what, case = str(result["what"]), turn.case_by_id(str(result["case"]))
    if case is None and what != "zip":
        turn.silent = True
        return
    number = str(case.number) if case else "0"
    if "fault" in result:
        fault = "full" if result["fault"] == "full" else "failed"
        turn.note = turn.t(f"take.fault.{fault}")
        return
    turn.handing = Attachment(
        _file_name(turn, what, number),
        str(result["type"]),
        content=cast(bytes, result.get("content", b"")),
        kept=str(result.get("kept", "")),
        size=int(result.get("size", 0)),
    )
    if turn.handing.kept:
        file = KeptFile(turn.handing.kept, turn.handing.size, turn.handing.type, until=turn.now + KEPT_FOR)
        turn.files.append(file)
    if what == "ics" and case is not None:
        turn.record(case, "calendar", {"ends": dict(result["ends"])})
    if turn.session.place.partition(":")[0] in ASKING:
        shown = handed(turn, what, number)
        turn.before += [shown] if shown else []
        turn.handing = None
    else:
        turn.go(f"handed:{what}:{number}")


def _file_name(turn: Turn, what: str, number: str) -> str:
    day = datetime.strftime(turn.now.astimezone(turn.zone), "%Y%m%d")
    return turn.t.plain(f"document.file.{what}", number=number, day=day)
