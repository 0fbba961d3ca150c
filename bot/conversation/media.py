"""Pictures, files, voice and stickers: kept where they can be, and always answered."""

from bot.conversation.current import current_case
from bot.conversation.turn import Turn
from bot.domain.facts import next_proof_number
from bot.messages import Incoming

MOST_WAITING = 20
"""Files that are remembered for somebody who has no 问题单 yet."""


def received(turn: Turn, incoming: Incoming) -> None:
    """Answer what is not text. The channel's reference of a picture or file is kept, with a number of its own."""
    if incoming.kind not in ("photo", "document"):
        turn.note = turn.t(f"media.{incoming.kind if incoming.kind in ('voice', 'sticker') else 'other'}")
        return
    case = current_case(turn)
    if case is None:
        waiting = [*turn.session.draft.get("files", ()), incoming.file]
        turn.session.draft["files"] = waiting[-MOST_WAITING:]
        turn.note = turn.t("media.no_case")
        turn.acted = True
        return
    number = next_proof_number(case)
    place = turn.session.place
    turn.record(case, "proof", {"number": number, "file": incoming.file, "album": incoming.album})
    same_album = incoming.album and turn.session.draft.get("album") == incoming.album
    turn.session.draft["album"] = incoming.album
    turn.note = turn.t("media.album" if same_album else "media.photo", number=number)
    if place.startswith(("ask:", "confirm", "countdown:")):
        turn.note = turn.note + "\n" + turn.t("media.text_needed")
        return
    turn.go(f"which_proof:{case.number}:{number}")


def take_waiting(turn: Turn, number: int) -> None:
    """Put the files that came before the 问题单 into it."""
    for file in turn.session.draft.pop("files", ()):
        case = turn.cases[number]
        turn.record(case, "proof", {"number": next_proof_number(case), "file": file})
