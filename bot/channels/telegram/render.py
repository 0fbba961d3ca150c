"""A screen as Telegram takes it."""

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.messages import Choice, Screen

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    """The buttons under a message; None for a screen without choices (which takes away those of an edited one)."""
    rows = [[_button(choice) for choice in row] for row in screen.rows if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(choice: Choice) -> InlineKeyboardButton:
    if choice.copy:
        return InlineKeyboardButton(choice.label, copy_text=CopyTextButton(choice.copy))
    return InlineKeyboardButton(choice.label, callback_data=choice.press)
