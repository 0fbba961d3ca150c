"""What messages held when they were last handled, so that an edit in which nobody sees a change is not answered."""

from collections import OrderedDict

from telegram import Update

from bot.channels.telegram.parsing import Mark, read


class LastHeld:
    """Remembers ``limit`` messages; of others, and after a restart, an edit counts as a change of its words."""

    def __init__(self, limit: int = 2000) -> None:
        self._limit = limit
        self._held: OrderedDict[tuple[int, int], Mark] = OrderedDict()

    def before(self, update: Update) -> Mark | None:
        """What the edited message held before; None if it is no edit, or not known."""
        edited = update.edited_message
        return None if edited is None else self._held.get((edited.chat.id, edited.message_id))

    def note(self, update: Update) -> None:
        """The message of the update was handled. Not earlier: what failed is handled once more."""
        message = update.message or update.edited_message
        if message is None:
            return
        key = message.chat.id, message.message_id
        self._held[key] = read(message).mark
        self._held.move_to_end(key)
        if len(self._held) > self._limit:
            self._held.popitem(last=False)
