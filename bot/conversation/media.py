"""Pictures, films and files become numbered proof; voice and stickers get a kind answer."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.conversation.current import current_case
from bot.conversation.turn import Turn
from bot.domain.facts import Proof, next_proof_number
from bot.domain.model import Case, Json, KeptFile
from bot.messages import FILE_LIMIT, Attached, Incoming

MOST_WAITING = 20
"""Files that are remembered for somebody who has no 问题单 yet."""
MOST = 200
"""Pieces of evidence of one 问题单."""
ALBUM = timedelta(seconds=2)
"""The files of an album come one by one; this long after the last they are answered together."""
READABLE = frozenset({"image/jpeg", "image/png", "image/webp", "image/bmp"})
"""Media types in which words are looked for."""
ASKING = frozenset({
    "ask", "behind", "behind_group", "confirm", "countdown", "draft", "draft_in", "draft_is", "draft_one", "fact",
    "fix", "forget", "fraud", "group", "guess", "late", "merchant_answer", "need", "order_read", "owed", "part",
    "promise", "quiet", "reason", "seen", "service_answer", "snooze", "ticket", "until", "what", "when", "zone",
})  # fmt: skip
"""Places that wait for an answer, which a picture does not replace."""


def received(turn: Turn, incoming: Incoming) -> int:
    """Answer what is not text. Returns the number that a file was given as evidence, 0 if it was given none."""
    file = incoming.attached
    if incoming.kind not in ("photo", "document", "video") or file is None:
        turn.note = turn.t(f"media.{incoming.kind if incoming.kind in ('voice', 'sticker') else 'other'}")
        return 0
    fault = "too_large" if file.size > FILE_LIMIT else file.refused
    if fault is not None:
        turn.note = turn.t(f"media.fault.{fault}")
        return 0
    case = current_case(turn)
    if case is None:
        _wait(turn, file)
        return 0
    same = next((proof for proof in turn.state(case).proofs if file.kept and proof.kept == file.kept), None)
    if same is not None:
        turn.note = turn.t("media.same", number=same.number)
        return 0
    if len(turn.state(case).proofs) >= MOST:
        turn.note = turn.t("media.enough", most=MOST)
        return 0
    number = next_proof_number(case)
    told: dict[str, Json] = {"number": number, "file": file.ref, "kept": file.kept, "type": file.type}
    told |= {"size": file.size, "name": file.name[:80], "album": incoming.album}
    turn.record(case, "proof", {key: value for key, value in told.items() if value})
    if file.kept:
        turn.files.append(KeptFile(file.kept, file.size, file.type, case.id))
        _have_read(turn, file.kept, file.type, case.number, number)
    else:
        turn.begin_job("fetch", {"ref": file.ref, "case": case.id, "number": number})
    if incoming.album:
        _gather(turn, case, incoming.album, number)
    else:
        _shown(turn, case, [number])
    return number


def _gather(turn: Turn, case: Case, album: str, number: int) -> None:
    """Files sent together are answered once, when no more of them has come for a moment."""
    turn.silent = True
    known = turn.session.draft.get("album")
    if not isinstance(known, dict) or known["id"] != album:
        turn.session.draft["album"] = {"id": album, "from": number}
    data = {"case": case.id, "album": album}
    turn.jobs = [job for job in turn.jobs if job.kind != "album" or dict(job.data) != data]
    turn.begin_job("album", data, ALBUM)


def album_over(turn: Turn, result: Mapping[str, Json]) -> None:
    """All of an album is there; what comes of it later is answered once more, by itself."""
    case, known = turn.case_by_id(str(result["case"])), turn.session.draft.get("album")
    first = known["from"] if isinstance(known, dict) and known["id"] == result["album"] else 0
    proofs = turn.state(case).proofs if case else ()
    numbers = [proof.number for proof in proofs if proof.album == result["album"] and proof.number >= first]
    if case is None or not numbers:
        turn.silent = True
        return
    turn.session.draft["album"] = {"id": result["album"], "from": numbers[-1] + 1}
    _shown(turn, case, numbers)


def _shown(turn: Turn, case: Case, numbers: Sequence[int]) -> None:
    proofs = [proof for proof in turn.state(turn.cases[case.number]).proofs if proof.number in numbers]
    kept = "kept" if all(proof.kept for proof in proofs) else "coming"
    first, last, count = numbers[0], numbers[-1], len(numbers)
    key = f"media.one.{kept}" if count == 1 else f"media.several.{kept}"
    turn.note = turn.t(key, number=first, first=first, last=last, count=count)
    if turn.session.place.partition(":")[0] in ASKING:
        reads = "reading" if "ocr" in turn.knowledge.abilities else "text_needed"
        turn.note = turn.note + "\n" + turn.t(f"media.{reads}")
        return
    unnamed = next((proof.number for proof in proofs if not proof.item), None)
    turn.go(f"which_proof:{case.number}:{unnamed}" if unnamed else f"proof:{case.number}")


def fetched(turn: Turn, result: Mapping[str, Json]) -> None:
    """A file came from the channel, or could not be had. Only a fault is told: the person was answered already."""
    case = turn.case_by_id(str(result["case"]))
    if case is None:
        _waiting_fetched(turn, result)
        return
    number = int(result["number"])
    proof = next((each for each in turn.state(case).proofs if each.number == number), None)
    if proof is None:
        turn.silent = True
        return
    fault = result.get("fault")
    if fault is not None:
        turn.record(case, "kept", {"number": number, "fault": str(fault)})
        turn.note = turn.t(f"media.not_kept.{fault}", number=number)
        return
    turn.silent = True
    kept, media_type, size = str(result["kept"]), str(result["type"]), int(result["size"])
    same = next((each for each in turn.state(case).proofs if each.kept == kept), None)
    turn.record(case, "kept", {"number": number, "kept": kept, "type": media_type, "size": size})
    if same is not None:
        # The number was given already and stays, so that nothing that quotes it is wrong.
        turn.silent = False
        turn.note = turn.t("media.twice", number=number, same=same.number)
        return
    turn.files.append(KeptFile(kept, size, media_type, case.id))
    _have_read(turn, kept, media_type, case.number, number)


def _have_read(turn: Turn, kept: str, media_type: str, case: int, number: int) -> None:
    """Have a picture read, if there is somebody to read it. A countdown in it counts from now."""
    if "ocr" in turn.knowledge.abilities and media_type in READABLE:
        turn.begin_job("read", {"kept": kept, "case": case, "number": number, "said": turn.said.isoformat()})


# --- before there is a 问题单 --------------------------------------------------------------------------------------


def _wait(turn: Turn, file: Attached) -> None:
    waiting = _waiting(turn)
    if len(waiting) >= MOST_WAITING:
        turn.note = turn.t("media.many_waiting", most=MOST_WAITING)
        return
    told = {"ref": file.ref, "kept": file.kept, "type": file.type, "size": file.size, "name": file.name[:80]}
    turn.session.draft["files"] = [*waiting, told]
    turn.acted = True
    reads = "no_case_reading" if "ocr" in turn.knowledge.abilities else "no_case"
    turn.note = turn.t(f"media.{reads}")
    if file.kept:
        turn.files.append(KeptFile(file.kept, file.size, file.type))
        _have_read(turn, file.kept, file.type, 0, 0)
    else:
        turn.begin_job("fetch", {"ref": file.ref, "case": "", "number": 0})


def _waiting_fetched(turn: Turn, result: Mapping[str, Json]) -> None:
    """What was sent before there was a 问题单: still waiting, or put into one meanwhile."""
    ref, fault = result["ref"], result.get("fault")
    for case in turn.cases.values():
        proof = next((each for each in turn.state(case).proofs if each.file == ref), None)
        if proof is not None:
            fetched(turn, {**result, "case": case.id, "number": proof.number})
            return
    turn.silent = True
    waiting = _waiting(turn)
    mine = [each for each in waiting if each["ref"] == ref]
    if not mine:
        return
    if fault is not None:
        turn.session.draft["files"] = [each for each in waiting if each["ref"] != ref]
        turn.silent = False
        turn.note = turn.t(f"media.fault.{fault}")
        return
    for each in mine:
        each |= {"kept": result["kept"], "type": result["type"], "size": result["size"]}
    turn.session.draft["files"] = waiting
    turn.files.append(KeptFile(str(result["kept"]), int(result["size"]), str(result["type"])))
    _have_read(turn, str(result["kept"]), str(result["type"]), 0, 0)


def _waiting(turn: Turn) -> list[dict[str, Json]]:
    """What came before there was a 问题单. An earlier version kept the reference only."""
    empty = {"ref": "", "kept": "", "type": "", "size": 0, "name": ""}
    files = turn.session.draft.get("files", ())
    return [empty | ({"ref": each} if isinstance(each, str) else dict(each)) for each in files]


def take_waiting(turn: Turn, number: int) -> None:
    """Put the files that came before the 问题单 into it."""
    waiting = _waiting(turn)
    turn.session.draft.pop("files", None)
    for file in waiting:
        case = turn.cases[number]
        told: dict[str, Json] = {"number": next_proof_number(case), "file": file["ref"], **file}
        del told["ref"]
        turn.record(case, "proof", {key: value for key, value in told.items() if value})
        if file["kept"]:
            turn.files.append(KeptFile(file["kept"], file["size"], file["type"], case.id))
            turn.dropped.append(("", file["kept"]))


def remove(turn: Turn, case: Case, proof: Proof) -> None:
    """Delete one piece of evidence for good; its number is not given again."""
    turn.record(case, "unproof", {"number": proof.number, "gone": True})
    if proof.kept and not any(
        each.kept == proof.kept for each in turn.state(turn.cases[case.number]).proofs if each.number != proof.number
    ):
        turn.dropped.append((case.id, proof.kept))
