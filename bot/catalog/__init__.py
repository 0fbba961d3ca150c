"""All content of the bot, read once from ``bot/data``, checked as a whole, never changed."""

from bot.catalog.content import Catalog, Group, load_catalog

__all__ = ["Catalog", "Group", "load_catalog"]
