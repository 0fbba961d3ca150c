"""What slow work brought (a download, a picture that was read, an export), as the person gets to know it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.conversation import exported, media, screenshots
from bot.conversation.turn import Turn
from bot.domain.model import Json
from bot.messages import Incoming

_RECEIVED: Mapping[str, Callable[[Turn, Mapping[str, Json]], None]] = MappingProxyType(
    {
        "fetch": media.fetched,
        "album": media.album_over,
        "read": screenshots.received,
        "export": exported.received,
    }
)


def handle(turn: Turn, incoming: Incoming) -> None:
    """Decide upon an outcome. It is shown in a new message; most are silent."""
    result = incoming.result
    turn.drop_job(int(result["id"]))
    turn.fresh = True
    _RECEIVED[str(result["job"])](turn, result)
