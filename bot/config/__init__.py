"""The operator's settings: read once at start, with all mistakes at once."""

from bot.config.settings import SETTINGS, Mistake, Settings, is_installed, load_settings

__all__ = ["SETTINGS", "Mistake", "Settings", "is_installed", "load_settings"]
