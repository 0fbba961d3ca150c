"""What the channel is given besides its token: its few sentences, and how patient it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """Plain text. An empty one is not said."""

    group_notice: str
    """Said once in every group: the bot works in private chats only."""
    failed: str = ""
    """Said when an update could not be handled at all: please send it again."""
    file_too_large: str = ""
    """Said in place of a file that is larger than what a bot may send (50 MB)."""
    file_gone: str = ""
    """Said in place of a file that is not there any more, or that Telegram refuses."""
    description: str = ""
    """Shown in an empty chat, at most 512 characters."""
    short_description: str = ""
    """Shown on the bot's profile, at most 120 characters."""


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds. Tests make them small."""

    poll: int = 25
    """How long Telegram may hold getUpdates open."""
    poll_slack: float = 5
    """How much later than ``poll`` its answer may come before the connection counts as dead."""
    request: float = 10
    """How long any other request may take."""
    upload: float = 60
    """How long Telegram may take over a file that it has received whole."""
    progress: float = 2
    """Pause between two drawings of progress in one chat."""
    toast: float = 0.3
    """How long the answer to a press waits for its toast; Telegram's clients show a spinner until it comes."""
    batch: float = 0.5
    """How long fetching waits for a slow update before it goes on with the others, whose presses want an answer
    within a second."""
    behind: float = 0.3
    """How often new updates are looked for while a slow one is not done."""
    backoff: tuple[float, ...] = (0.5, 1, 2, 4, 8, 15, 30)
    """Pauses while Telegram is out of reach; the last one repeats."""
    conflict: float = 30
    """Pause after a 409: another program polls with the same token."""
    reply_pauses: tuple[float, ...] = (0.5, 1, 2, 4, 8, 15)
    """Pauses between the attempts to show an answer; then the drawing is given up."""
    handle_pauses: tuple[float, ...] = (0.2, 1)
    """Pauses between the attempts to handle an update; then it is confirmed nevertheless."""
    refused_retry: float = 600
    """When a reminder comes up again while the token is refused."""
    stop_handling: float = 1.5
    stop_confirming: float = 0.5
    stop_sending: float = 0.7
    """The three steps of stopping; together they stay below the 4 s of ``Channel.stop``."""
