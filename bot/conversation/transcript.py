"""What one decision adds to the transcript of a channel that keeps one: what was said, then what was answered."""

from bot.domain.model import Json
from bot.messages import Answer, Attached, Incoming, Reply, file_row, screen_row


def transcript_rows(incoming: Incoming, answer: Answer) -> list[Json]:
    """In order. Something that stands in no bubble of the person's (a page that was opened) has no ``said`` row: it is
    a message without a name, or a press without a label. A toast is not kept, it belongs to the moment."""
    said: list[Json] = []
    if (incoming.text and (incoming.message or incoming.kind == "press")) or incoming.attached is not None:
        row = {"op": "said", "text": incoming.text, "id": incoming.id.rpartition(":")[2]}
        said.append(row | ({"file": _sent(incoming.attached)} if incoming.attached else {}))
    return said + [_shown(incoming, reply) for reply in answer.replies]


def _sent(file: Attached) -> Json:
    named = {"name": file.name, "type": file.type, "size": file.size}
    return named | ({"kept": file.kept} if file.kept else {})


def _shown(incoming: Incoming, reply: Reply) -> Json:
    screen = screen_row(reply.screen)
    if reply.edit and incoming.message.isdecimal():
        return {"op": "edit", "target": int(incoming.message), "screen": screen}
    row = {"op": "new", "screen": screen, "reminder": False, "due": None}
    return row | ({"file": file_row(reply.file)} if reply.file else {})
